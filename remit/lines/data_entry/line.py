"""Data entry as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("sort_papers", N_("Sort and scan papers"), procedure=True, one_answer=True, zone=1, lay_check=True, presence=True),
    Task("key_fields", N_("Key the fields of a form"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("key_again", N_("Key a sample again, blind"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("settle_differences", N_("Settle differences between two keys"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("exceptions", N_("Judge forms that fit no rule"), procedure=False, one_answer=False, zone=3),
    Task("measure_quality", N_("Measure error rates by sample"), procedure=True, one_answer=True, zone=3),
    Task("key_coded_entries", N_("Key coded ledger entries"), procedure=True, one_answer=True, zone=2, act="key_in_coded_entries", lay_check=True),
    Task("destroy_papers", N_("Destroy the originals"), procedure=True, one_answer=True, zone=1, presence=True, own_decision=True, critical=3),
)

QUESTIONS = (
    Question("forms_a_month", N_("Forms a month"), "number"),
    Question("fields", N_("Fields a form"), "number"),
    Question("script", N_("Print or handwriting"), "choice", choices={"print": N_("Print"), "hand": N_("Handwriting"), "mixed": N_("Both")}),
    Question("error_limit", N_("Errors allowed in 10,000 fields"), "number"),
    Question("personal_data", N_("Are personal data on the forms?"), "yes"),
    Question("health_data", N_("Are health data on the forms?"), "yes", holds="health"),
    Question("turnaround_h", N_("Hours from receipt to delivery"), "number"),
    Question("language", N_("Language of the work"), "language"),
)

LINE = ServiceLine(
    code="data_entry",
    field="processing",
    says=N_("Data entry"),
    edition=1,
    levels={
        1: N_("Operator: keys clear print"),
        2: N_("Operator: keys handwriting and exceptions"),
        3: N_("Verifier: settles differences"),
        4: N_("Supervisor: answers for quality and queue"),
        5: N_("Process owner: designs forms and rules"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("unit", "month"),
    measures={"form": N_("form"), "field": N_("field"), "keystroke": N_("thousand keystrokes")},
)
