"""Billing and e-billing as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("gather_time", N_("Gather time and costs"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("draw_invoice", N_("Draw the invoice from the rate card"), procedure=True, one_answer=True, zone=3),
    Task("check_guidelines", N_("Check against the payer's billing guidelines"), procedure=True, one_answer=True, zone=3),
    Task("write_e_invoice", N_("Write the e-invoice (EN 16931, LEDES)"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("mend_rejections", N_("Mend what the payer's system rejects"), procedure=True, one_answer=True, zone=3),
    Task("follow_up", N_("Follow up what is unpaid"), procedure=True, one_answer=False, zone=3),
    Task("write_down", N_("Decide on write-downs and credit notes"), procedure=False, one_answer=False, zone=4, own_decision=True, critical=3),
    Task("dispute", N_("Settle a dispute with the payer"), procedure=False, one_answer=False, zone=4, critical=3),
)

QUESTIONS = (
    Question("invoices_a_month", N_("Invoices a month"), "number"),
    Question("payers", N_("Payers"), "number"),
    Question(
        "forms",
        N_("Forms that the payers ask for"),
        "choice",
        choices={"en16931": N_("EN 16931 (UBL or CII)"), "ledes": N_("LEDES"), "paper": N_("PDF"), "portal": N_("Payer's portal")},
    ),
    Question("software", N_("Time and billing software"), required=False),
    Question("guidelines", N_("Are there billing guidelines?"), "yes"),
    Question("language", N_("Language of the work"), "language"),
    Question("currency", N_("Currencies")),
)

LINE = ServiceLine(
    code="billing",
    field="accounting",
    says=N_("Billing and e-billing"),
    edition=1,
    levels={
        1: N_("Billing clerk: keys in time and cost"),
        2: N_("Biller: draws standard invoices, mends rejections"),
        3: N_("Senior biller: reviews against agreements and guidelines"),
        4: N_("Billing manager: decides on write-downs within limits"),
        5: N_("Finance lead: answers for revenue and terms"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("unit", "month", "hour"),
    measures={"invoice": N_("invoice"), "line": N_("invoice line"), "rejection": N_("rejection mended")},
)
