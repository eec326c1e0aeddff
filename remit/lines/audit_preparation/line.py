"""Audit preparation as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("track_requests", N_("Keep the auditor's request list (PBC)"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("pull_vouchers", N_("Pull the vouchers of a sample"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("lead_schedules", N_("Prepare lead schedules and tie them to the trial balance"), procedure=True, one_answer=True, zone=3, act="run_bookkeeping"),
    Task("confirmations", N_("Prepare balance confirmations and follow them up"), procedure=True, one_answer=True, zone=3),
    Task("roll_forwards", N_("Prepare roll-forwards of assets, loans and provisions"), procedure=True, one_answer=True, zone=4, act="run_bookkeeping"),
    Task("estimates", N_("Draft the reasoning behind estimates and provisions"), procedure=False, one_answer=False, zone=5, critical=3),
    Task("going_concern", N_("Assess going concern"), procedure=False, one_answer=False, zone=5, own_decision=True, critical=3),
    Task("sign_opinion", N_("Sign the audit opinion"), procedure=False, one_answer=False, zone=5, act="sign_audit_opinion", critical=3),
    Task("sign_representation", N_("Sign the letter of representation"), procedure=False, one_answer=False, zone=4, own_decision=True, critical=3),
)

QUESTIONS = (
    Question("standard", N_("Accounting standard"), "choice", choices={"local": N_("Local law"), "ifrs": N_("IFRS"), "us_gaap": N_("US GAAP")}),
    Question("requests", N_("Points on the auditor's list"), "number"),
    Question("entities", N_("Entities audited"), "number"),
    Question("auditor", N_("Audit firm")),
    Question("fieldwork", N_("Date on which fieldwork begins"), "date"),
    Question("software", N_("Accounting software"), required=False),
    Question("language", N_("Language of the work"), "language"),
)

LINE = ServiceLine(
    code="audit_preparation",
    field="accounting",
    says=N_("Audit preparation"),
    edition=1,
    levels={
        1: N_("Clerk: pulls vouchers by list"),
        2: N_("Accountant: prepares schedules and confirmations"),
        3: N_("Senior accountant: ties schedules to the ledger, answers standard points"),
        4: N_("Audit liaison manager: plans the audit, decides on answers"),
        5: N_("Chief accountant or qualified auditor: answers for the accounts"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("hour", "fixed", "month"),
    measures={"request": N_("point on the list"), "schedule": N_("schedule"), "voucher": N_("voucher pulled")},
)
