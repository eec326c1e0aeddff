"""Market research as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("frame_question", N_("Frame the question and the decision behind it"), procedure=False, one_answer=False, zone=5, own_decision=True),
    Task("desk_research", N_("Gather and keep sources"), procedure=True, one_answer=False, zone=4),
    Task("design_survey", N_("Design sample and questionnaire"), procedure=False, one_answer=False, zone=5),
    Task("run_interviews", N_("Run interviews by the guide"), procedure=True, one_answer=False, zone=3),
    Task("code_answers", N_("Code open answers"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("tabulate", N_("Tabulate with weights and margins of error"), procedure=True, one_answer=True, zone=4),
    Task("write_report", N_("Write findings and what they rest on"), procedure=False, one_answer=False, zone=5),
    Task("moderate_on_site", N_("Moderate groups on site"), procedure=False, one_answer=False, zone=4, presence=True),
)

QUESTIONS = (
    Question("decision", N_("Decision that the answer serves")),
    Question("market", N_("Market: product, country, buyers")),
    Question("respondents", N_("Respondents"), "number", required=False),
    Question(
        "method", N_("Method"), "choice", choices={"desk": N_("Desk research"), "survey": N_("Survey"), "interviews": N_("Interviews"), "mixed": N_("Mixed")}
    ),
    Question("language", N_("Language of the work"), "language"),
    Question("due", N_("Date by which it is needed"), "date"),
    Question("personal_data", N_("Are respondents' personal data kept?"), "yes"),
)

LINE = ServiceLine(
    code="market_research",
    field="research",
    says=N_("Market research"),
    edition=1,
    levels={
        1: N_("Research aide: codes answers, cleans lists"),
        2: N_("Research associate: gathers and tabulates"),
        3: N_("Researcher: designs questionnaires, writes sections"),
        4: N_("Research manager: answers for method and conclusion"),
        5: N_("Principal: frames the question with the client"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("fixed", "unit", "hour"),
    measures={"report": N_("report"), "interview": N_("interview"), "profile": N_("company profile")},
)
