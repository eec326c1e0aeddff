"""Call centre as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("answer_calls", N_("Answer calls by script"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("answer_messages", N_("Answer mail and chat"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("call_out", N_("Call customers by list"), procedure=True, one_answer=True, zone=2),
    Task("handle_complaints", N_("Handle complaints"), procedure=False, one_answer=False, zone=3, critical=3),
    Task("listen_in", N_("Listen to a sample and score it"), procedure=True, one_answer=False, zone=3),
    Task("calibrate", N_("Score the same calls to agree on the scale"), procedure=True, one_answer=False, zone=3),
    Task("plan_heads", N_("Plan heads by forecast and shrinkage"), procedure=True, one_answer=True, zone=4),
    Task("decide_goodwill", N_("Grant goodwill beyond the limit"), procedure=False, one_answer=False, zone=3, own_decision=True, critical=3),
)

QUESTIONS = (
    Question("calls_a_day", N_("Calls a day"), "number"),
    Question("handle_s", N_("Seconds a call, with after-work"), "number"),
    Question("hours", N_("Opening hours, with zone")),
    Question("service_level", N_("Share answered within how many seconds")),
    Question("languages", N_("Languages"), "rows", rows=(Question("language", N_("Language"), "language"),)),
    Question("recorded", N_("Are calls recorded, and is consent asked?"), "yes"),
    Question("software", N_("Telephone and ticket system"), required=False),
    Question("cards", N_("Are card numbers heard?"), "yes", holds="secret"),
)

LINE = ServiceLine(
    code="call_centre",
    field="processing",
    says=N_("Call centre"),
    edition=1,
    levels={
        1: N_("Advisor: answers by script"),
        2: N_("Advisor: answers without script, second language"),
        3: N_("Team lead: coaches, takes over calls"),
        4: N_("Floor manager: plans heads and hours"),
        5: N_("Operations head: answers for service levels"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("unit", "hour", "month"),
    measures={"call": N_("call"), "message": N_("message"), "minute": N_("minute of talk")},
)
