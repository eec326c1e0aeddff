"""Regulatory reporting as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("map_accounts", N_("Map accounts to the return's lines"), procedure=True, one_answer=False, zone=4, critical=3),
    Task("fill_return", N_("Fill the return from the ledger"), procedure=True, one_answer=True, zone=3),
    Task("validate", N_("Validate against taxonomy and rules"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("explain_movements", N_("Explain movements since the last return"), procedure=True, one_answer=False, zone=4),
    Task("interpret", N_("Interpret what a rule asks"), procedure=False, one_answer=False, zone=5, critical=3),
    Task("attest", N_("Attest the return"), procedure=False, one_answer=False, zone=5, own_decision=True, critical=3),
    Task("file_return", N_("File and keep the receipt"), procedure=True, one_answer=True, zone=3, critical=3),
    Task("answer_supervisor", N_("Answer the supervisor's questions"), procedure=False, one_answer=False, zone=5, critical=3),
)

QUESTIONS = (
    Question("authority", N_("Authority and return")),
    Question("taxonomy", N_("Form or taxonomy, with version")),
    Question("frequency", N_("How often"), "choice", choices={"month": N_("Monthly"), "quarter": N_("Quarterly"), "year": N_("Yearly")}),
    Question("entities", N_("Entities that report"), "number"),
    Question("software", N_("Reporting software"), required=False),
    Question("deadline_days", N_("Days from period end to filing"), "number"),
    Question("language", N_("Language of the work"), "language"),
)

LINE = ServiceLine(
    code="regulatory_reporting",
    field="accounting",
    says=N_("Regulatory reporting"),
    edition=1,
    levels={
        1: N_("Reporting clerk: fills templates by mapping"),
        2: N_("Reporting analyst: prepares standard returns"),
        3: N_("Senior analyst: explains movements, clears validation errors"),
        4: N_("Reporting manager: answers for interpretation"),
        5: N_("Responsible officer: attests and files"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("fixed", "month", "hour"),
    measures={"return": N_("return filed"), "template": N_("template"), "rule": N_("validation error cleared")},
)
