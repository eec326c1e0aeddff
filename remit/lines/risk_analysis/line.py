"""Risk analysis as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("gather_exposures", N_("Gather exposures and reconcile them with the books"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("run_measures", N_("Run value at risk, expected loss and sensitivities"), procedure=True, one_answer=True, zone=4),
    Task("rederive", N_("Derive the figures again independently"), procedure=True, one_answer=True, zone=4),
    Task("back_test", N_("Test past forecasts against what came"), procedure=True, one_answer=True, zone=4),
    Task("build_scenarios", N_("Build scenarios and stress"), procedure=False, one_answer=False, zone=5),
    Task("validate_model", N_("Validate a model"), procedure=False, one_answer=False, zone=5, critical=3),
    Task("watch_limits", N_("Watch limits and report breaches"), procedure=True, one_answer=True, zone=3, critical=3),
    Task("accept_risk", N_("Accept a risk or a breach"), procedure=False, one_answer=False, zone=5, own_decision=True, critical=3),
)

QUESTIONS = (
    Question(
        "kind",
        N_("Kind of risk"),
        "choice",
        choices={"market": N_("Market"), "credit": N_("Credit"), "liquidity": N_("Liquidity"), "operational": N_("Operational"), "other": N_("Other")},
    ),
    Question("positions", N_("Positions"), "number"),
    Question("measure", N_("Measure, confidence and horizon")),
    Question("regime", N_("Supervisory regime"), required=False),
    Question("software", N_("Risk system"), required=False),
    Question("cut_off", N_("Hour by which the figures are needed"), required=False),
    Question("language", N_("Language of the work"), "language"),
)

LINE = ServiceLine(
    code="risk_analysis",
    field="finance",
    says=N_("Risk analysis"),
    edition=1,
    levels={
        1: N_("Risk data clerk: gathers exposures"),
        2: N_("Risk analyst: runs standard measures"),
        3: N_("Senior risk analyst: builds and validates models"),
        4: N_("Risk manager: answers for limits and scenarios"),
        5: N_("Chief risk officer: accepts risk"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("month", "hour", "fixed"),
    measures={"run": N_("run"), "report": N_("report"), "model": N_("model validated")},
)
