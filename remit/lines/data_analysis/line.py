"""Data analysis as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("describe_data", N_("Describe and check the data"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("clean_data", N_("Clean the data by written rules"), procedure=True, one_answer=True, zone=3),
    Task("frame_question", N_("Frame the question and what would answer it"), procedure=False, one_answer=False, zone=5),
    Task("build_model", N_("Build and test the model"), procedure=False, one_answer=False, zone=5),
    Task("rerun", N_("Run the program again and compare"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("draw_figures", N_("Draw figures and tables"), procedure=True, one_answer=False, zone=4),
    Task("write_findings", N_("Write findings with their uncertainty"), procedure=False, one_answer=False, zone=5),
    Task("act_on_findings", N_("Decide what follows from the findings"), procedure=False, one_answer=False, zone=5, own_decision=True, critical=3),
    Task("monthly_refresh", N_("Refresh a standing report"), procedure=True, one_answer=True, zone=3, lay_check=True),
)

QUESTIONS = (
    Question("question", N_("Question to be answered")),
    Question("sources", N_("Sources of data"), "rows", rows=(Question("source", N_("Name and form")),)),
    Question("rows", N_("Rows, about"), "number"),
    Question("personal_data", N_("Are personal data in it?"), "yes"),
    Question("may_leave", N_("May the data leave their country?"), "yes", holds="secret"),
    Question("software", N_("Language or program wanted"), required=False),
    Question("language", N_("Language of the work"), "language"),
    Question("repeat", N_("Is it repeated?"), "choice", choices={"once": N_("Once"), "month": N_("Monthly"), "quarter": N_("Quarterly")}),
)

LINE = ServiceLine(
    code="data_analysis",
    field="research",
    says=N_("Data analysis"),
    edition=1,
    levels={
        1: N_("Data aide: cleans by rules"),
        2: N_("Data analyst: joins, checks and tabulates"),
        3: N_("Senior analyst: models and explains"),
        4: N_("Analytics manager: answers for method and limits"),
        5: N_("Principal statistician: designs studies"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("hour", "fixed", "month"),
    measures={"report": N_("report"), "dataset": N_("data set"), "refresh": N_("refresh of a standing report")},
)
