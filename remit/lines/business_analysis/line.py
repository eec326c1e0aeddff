"""Business analysis as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("map_process", N_("Map a process as it runs"), procedure=True, one_answer=False, zone=4),
    Task("gather_figures", N_("Gather volumes, times and costs"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("interview", N_("Interview those who do the work"), procedure=False, one_answer=False, zone=4),
    Task("observe_on_site", N_("Watch the work on site"), procedure=False, one_answer=False, zone=4, presence=True),
    Task("benchmark", N_("Compare with kept benchmarks"), procedure=True, one_answer=False, zone=4),
    Task("work_out_options", N_("Work out options with their cost and risk"), procedure=False, one_answer=False, zone=5),
    Task("business_case", N_("Reckon the business case"), procedure=True, one_answer=True, zone=4),
    Task("decide_option", N_("Decide on an option"), procedure=False, one_answer=False, zone=5, own_decision=True, critical=3),
)

QUESTIONS = (
    Question("question", N_("Question or trouble")),
    Question("function", N_("Function looked at")),
    Question("people", N_("People in it"), "number"),
    Question("sites", N_("Sites"), "number"),
    Question("decision_by", N_("Date of the decision"), "date", required=False),
    Question("confidential", N_("Is it confidential within the house?"), "yes", holds="secret"),
    Question("language", N_("Language of the work"), "language"),
)

LINE = ServiceLine(
    code="business_analysis",
    field="advice",
    says=N_("Business analysis"),
    edition=1,
    levels={
        1: N_("Aide: transcribes interviews, keeps lists"),
        2: N_("Associate: maps processes, gathers figures"),
        3: N_("Consultant: analyses and drafts options"),
        4: N_("Manager: answers for findings and plan"),
        5: N_("Partner: advises those who decide"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("fixed", "hour", "outcome"),
    measures={"report": N_("report"), "process": N_("process mapped"), "interview": N_("interview")},
)
