"""Tax returns as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("gather_papers", N_("Gather papers and ask for what is missing"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("key_in_figures", N_("Key in figures from certificates and statements"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("prepare_return", N_("Prepare the return"), procedure=True, one_answer=False, zone=4, act="prepare_tax_return", critical=3),
    Task(
        "review_return", N_("Review the return against papers and last year"), procedure=False, one_answer=False, zone=4, act="prepare_tax_return", critical=3
    ),
    Task("take_positions", N_("Decide on positions that may be challenged"), procedure=False, one_answer=False, zone=5, act="give_tax_advice", critical=3),
    Task("sign_return", N_("Sign the return as taxpayer"), procedure=False, one_answer=False, zone=4, own_decision=True, critical=3),
    Task("file_return", N_("File the return and keep the receipt"), procedure=True, one_answer=True, zone=3, act="prepare_tax_return"),
    Task(
        "answer_authority",
        N_("Answer questions of the tax authority"),
        procedure=False,
        one_answer=False,
        zone=4,
        act="represent_before_tax_authority",
        critical=3,
    ),
)

QUESTIONS = (
    Question(
        "kind",
        N_("Kind of return"),
        "choice",
        choices={"individual": N_("Individual"), "company": N_("Company"), "partnership": N_("Partnership"), "vat": N_("VAT, yearly"), "other": N_("Other")},
    ),
    Question("returns_a_year", N_("Returns a year"), "number"),
    Question("last_year", N_("Is last year's return at hand?"), "yes"),
    Question("software", N_("Tax software"), required=False),
    Question("language", N_("Language of the work"), "language"),
    Question("deadline", N_("Date by which it must be filed"), "date"),
    Question("tax_number", N_("Tax number"), at="entity", holds="tax"),
    Question("consent", N_("Has the taxpayer consented in writing to disclosure, naming recipient, purpose and period?"), "yes", at="entity"),
)

LINE = ServiceLine(
    code="tax_return",
    field="tax",
    says=N_("Tax returns"),
    edition=1,
    levels={
        1: N_("Tax clerk: gathers papers, keys in figures"),
        2: N_("Tax preparer: prepares standard returns"),
        3: N_("Senior preparer: prepares difficult returns, reviews standard ones"),
        4: N_("Tax manager: decides on positions, plans deadlines"),
        5: N_("Licensed tax adviser, CPA or enrolled agent: signs and represents"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("unit", "hour", "fixed"),
    measures={"return": N_("return"), "schedule": N_("schedule or form"), "certificate": N_("certificate keyed in")},
)
