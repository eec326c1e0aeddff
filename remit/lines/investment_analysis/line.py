"""Investment analysis as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("spread_accounts", N_("Spread financial statements"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("update_model", N_("Update a model after results"), procedure=True, one_answer=True, zone=4),
    Task("build_model", N_("Build forecast and valuation"), procedure=False, one_answer=False, zone=5),
    Task("screen", N_("Screen a universe by written criteria"), procedure=True, one_answer=True, zone=4),
    Task("measure_portfolio", N_("Measure return and risk of a portfolio"), procedure=True, one_answer=True, zone=4),
    Task("draft_note", N_("Draft a research note"), procedure=False, one_answer=False, zone=5, critical=3),
    Task("recommend", N_("Recommend to an investor"), procedure=False, one_answer=False, zone=5, act="give_investment_advice", critical=3),
    Task("decide", N_("Decide on a trade"), procedure=False, one_answer=False, zone=5, own_decision=True, critical=3),
)

QUESTIONS = (
    Question("universe", N_("Universe: companies, funds or portfolio")),
    Question("instruments", N_("Instruments covered"), "number"),
    Question("data_licence", N_("Whose market data, and may they be passed on?")),
    Question("method", N_("Method of valuation or measure of risk"), required=False),
    Question("inside", N_("May inside information be touched?"), "yes", holds="secret"),
    Question("language", N_("Language of the work"), "language"),
    Question("horizon", N_("Horizon in years"), "number", required=False),
    Question("adviser", N_("Who answers to the investor"), "person", required=False),
)

LINE = ServiceLine(
    code="investment_analysis",
    field="finance",
    says=N_("Investment analysis"),
    edition=1,
    levels={
        1: N_("Data associate: spreads financial statements"),
        2: N_("Junior analyst: keeps models up to date"),
        3: N_("Analyst: builds models, drafts notes"),
        4: N_("Senior analyst: answers for forecast and valuation"),
        5: N_("Portfolio manager or licensed adviser: recommends and decides"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("hour", "fixed", "month"),
    measures={"model": N_("model"), "note": N_("research note"), "company": N_("company covered")},
)
