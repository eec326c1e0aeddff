"""Benefits administration as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("enrol", N_("Enrol and change by life event"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("check_eligibility", N_("Check eligibility against the plan's text"), procedure=True, one_answer=True, zone=3),
    Task("answer_members", N_("Answer members' questions"), procedure=True, one_answer=True, zone=3),
    Task("reconcile_premiums", N_("Reconcile premiums with carriers and payroll"), procedure=True, one_answer=True, zone=3),
    Task("send_notices", N_("Send statutory notices on time"), procedure=True, one_answer=True, zone=3, critical=3),
    Task("judge_exceptions", N_("Judge exceptions and late enrolments"), procedure=False, one_answer=False, zone=4, critical=3),
    Task("decide_appeal", N_("Decide appeals of claims"), procedure=False, one_answer=False, zone=5, own_decision=True, critical=3),
    Task("design_plan", N_("Design the plan"), procedure=False, one_answer=False, zone=5, own_decision=True),
)

QUESTIONS = (
    Question("members", N_("Members"), "number"),
    Question("plans", N_("Plans and carriers"), "number"),
    Question("country", N_("Country whose law governs the plans")),
    Question("health_data", N_("Are health data seen?"), "yes", holds="health"),
    Question("open_enrolment", N_("Month of open enrolment"), required=False),
    Question("software", N_("Benefits and payroll software"), required=False),
    Question("language", N_("Language of the work"), "language"),
)

LINE = ServiceLine(
    code="benefits_administration",
    field="processing",
    says=N_("Benefits administration"),
    edition=1,
    levels={
        1: N_("Clerk: keys in enrolments"),
        2: N_("Administrator: handles usual events"),
        3: N_("Senior administrator: handles exceptions and carriers"),
        4: N_("Plan manager: answers for reconciliation and notices"),
        5: N_("Plan trustee or officer: decides on claims and the plan"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("unit", "month"),
    measures={"member": N_("member a month"), "event": N_("life event"), "call": N_("member's question")},
)
