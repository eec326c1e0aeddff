"""Months of the examples' companies that no folder holds: Halden's January to September 2026, and the first quarter of its Czech company here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from remit.domain.reconciliation import Item
from remit.lines.bookkeeping.books import Books
from remit.lines.bookkeeping.examples.firms import BRNO, HALDEN, Firm
from remit.lines.bookkeeping.examples.months import FIRST_PURCHASE, FIRST_RECEIPT, Month, Plan, Scribe
from remit.lines.bookkeeping.examples.papers import Booked, camt053, ledger_csv, mt940
from remit.lines.examples import Given

OCTOBER_OPENING = Decimal("158040.77")
"""What Halden's bank account holds on 1 October 2026."""
STUCK = ("Nagel Verpackung", Decimal("1473.55"))
"""A payment of May that the bank books in August only: the supplier's account was wrong."""
STUCK_FROM, STUCK_UNTIL = 5, 8

PLANS: Mapping[int, Plan] = {
    1: Plan(receipts=18, payments=15),
    2: Plan(receipts=19, fee_posted=False),
    3: Plan(receipts=22, late=(("Brandt Logistik", Decimal("1840.26")),)),
    4: Plan(receipts=20, cards=(3, 4)),
    5: Plan(receipts=20, late=(STUCK,)),
    6: Plan(receipts=23, payments=18),
    7: Plan(receipts=21, fee_posted=False),
    8: Plan(receipts=17, payments=13, batches=(3,)),
    9: Plan(receipts=22),
}
"""By month of 2026. September leaves nothing open."""

CZECH = Plan(
    receipts=12,
    payments=11,
    batches=(3,),
    cards=(),
    vat=Decimal("0.21"),
    receipt_range=(6.2, 7.6),
    payment_range=(5.6, 7.2),
    rent=Decimal("84500.00"),
    wages=Decimal("412880.00"),
    fee=Decimal("390.00"),
    fee_posted=False,
)


def halden() -> list[tuple[Month, int]]:
    """January to September 2026, each with the number of its first bank statement."""
    months, _scribe = _nine()
    return _numbered(months)


def before_october() -> tuple[Scribe, int]:
    """Halden's books as they stand at the end of September, and the number of October's first bank statement."""
    months, scribe = _nine()
    scribe.vouchers.clear()
    return scribe, 1 + sum(statements(month) for month in months)


def brno() -> list[tuple[Month, int]]:
    """October to December 2026 of the Czech company, each with the number of its bank statement."""
    scribe = Scribe(BRNO, Decimal("2418306.40"))
    months = []
    for number in (10, 11, 12):
        scribe.begin(date(2026, number, 1))
        scribe.run(CZECH)
        months.append((scribe.end(), number))
    return months


def papers(firm: Firm, month: Month, number: int) -> tuple[Given, ...]:
    """The statement and the ledger of a month: CAMT.053 by the day for the German company, one MT940 for the others."""
    name = f"{month.first:%Y-%m}"
    if firm.country == "DE":
        statement = Given("statement", f"camt053-{name}.xml", camt053(firm.iban, month.bank_opening, month.booked, number, month.until))
    else:
        last = date.fromordinal(month.until.toordinal() - 1)
        content = mt940(firm.iban, month.bank_opening, month.booked, number, month.first, last, firm.currency)
        statement = Given("statement", f"statement-{name}.sta", content)
    return statement, Given("ledger", f"ledger-{name}.csv", ledger_csv(firm, month.opening, month.first, month.posted))


def answer(item: Item, both: Books) -> dict[str, Any] | None:
    """Charges are proposed as entries; what only the ledger has left the bank later. None: nothing is known of it, or it is matched by hand."""
    for firm in (HALDEN, BRNO):
        if firm.words["fee"] in item.text:
            return {"command": "propose", "values": {"item": item.key, "account": firm.number("fees"), "words": item.text}}
    if item.key not in both.ledger.by_key or any(late.key == item.key for _, late in _stuck(both)):
        return None
    words = "Paid on the last day; the bank books it in the next month."
    if item.carried:
        words = "The transfer came back: the supplier's account had changed. It is ordered anew as soon as the supplier confirms the new one."
    return {"command": "explain", "values": {"item": item.key, "kind": "timing", "words": words}}


def by_hand(both: Books) -> list[dict[str, Any]]:
    """The moves that match what no rule is sure of: a payment that the bank booked months later."""
    note = "Ordered anew in August after the supplier confirmed its new account; order and confirmation seen."
    return [{"command": "match", "values": {"statement": [booked.key], "ledger": [late.key], "note": note}} for booked, late in _stuck(both)]


def entity_of(firm: Firm) -> dict[str, Any]:
    """The entity's answers."""
    return {
        "name": firm.name,
        "country": firm.country,
        "currency": firm.currency,
        "bank_account": firm.iban,
        "bank_ledger_account": firm.number("bank"),
        "chart_of_accounts": firm.chart,
        "fee_account": firm.number("fees"),
        "ledger_mapping": firm.mapping,
    }


def statements(month: Month) -> int:
    """Bank statements of a month: one a day on which something was booked."""
    return len({entry.on for entry in month.booked})


def _stuck(both: Books) -> list[tuple[Item, Item]]:
    return [
        (booked, late)
        for late in both.ledger.items
        if late.carried and late.amount == -STUCK[1]
        for booked in both.statement.items
        if booked.amount == late.amount
    ]


def _nine() -> tuple[list[Month], Scribe]:
    """Run twice: what the months come to says what the year opened with, so that October opens with its own figures and numbers."""
    months, ran = _run(Scribe(HALDEN, Decimal(0)))
    moved = sum((entry.amount for month in months for entry in month.booked), Decimal(0))
    scribe = Scribe(HALDEN, OCTOBER_OPENING - moved)
    scribe.invoice, scribe.purchase = 2 * FIRST_RECEIPT - ran.invoice, 2 * FIRST_PURCHASE - ran.purchase
    return _run(scribe)


def _run(scribe: Scribe) -> tuple[list[Month], Scribe]:
    months = []
    stuck: list[Booked] = []
    for number, plan in PLANS.items():
        if number == STUCK_UNTIL:
            scribe.late += stuck
        if number % 3 == 1:
            scribe.vouchers.clear()
        scribe.begin(date(2026, number, 1))
        scribe.run(plan)
        months.append(scribe.end())
        if number == STUCK_FROM:
            stuck, scribe.late = scribe.late, []
    return months, scribe


def _numbered(months: list[Month]) -> list[tuple[Month, int]]:
    found, number = [], 1
    for month in months:
        found.append((month, number))
        number += statements(month)
    return found
