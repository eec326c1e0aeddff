"""The two papers of a month: how each is read, and whether it belongs to this entity, account and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from remit.domain.line import Answers, Case, Finding, Found, Paper, Place, Question, Slot
from remit.domain.reasons import N_
from remit.formats import ledgers, statements
from remit.formats.ledgers import Ledger, Mapped
from remit.formats.ledgers.read import QUESTIONS as COLUMNS
from remit.formats.statements import Layout, StatementFile
from remit.lines.bookkeeping.books import Carried

MISFITS_MAX = 20
"""Entries outside the period that are named one by one; a file of another month need not name a thousand."""


def read_statement(paper: Paper, entity: Answers) -> tuple[StatementFile | None, Found]:
    """MT940, CAMT.053, OFX or a table; with what does not foot."""
    with paper.open() as file:
        value, findings = statements.read(file.read(), paper.name, layout=_layout(entity))
    return value, (*findings, *(found for each in statements.check(value) for found in each)) if value else findings


def read_ledger(paper: Paper, entity: Answers) -> tuple[Ledger | None, Found]:
    """The journal by the entity's mapping, or by the titles of its columns; with vouchers that do not balance."""
    kept = entity.get("ledger_mapping")
    with paper.open() as file:
        value, findings = ledgers.read(file.read(), Mapped.of(kept) if isinstance(kept, Mapping) and kept else None)
    return value, (*findings, *(ledgers.check(value) if value else ()))


def statement_fits(file: StatementFile, case: Case) -> Iterator[Finding]:
    """The entity's account and currency, all entries inside the period, opening = the last accepted closing."""
    expected, currency = str(case.entity.get("bank_account", "")), str(case.entity.get("bank_currency") or case.entity.get("currency", ""))
    outside: list[Finding] = []
    for statement in file.statements:
        if expected and not statement.account:
            yield Finding("bank.account_unsaid", _at(statement.line, "account"), {"expected": expected})
        elif expected and not same_account(statement.account, expected):
            yield Finding("bank.wrong_account", _at(statement.line, "account"), {"found": statement.account, "expected": expected})
        if currency and statement.currency and statement.currency != currency:
            yield Finding("bank.wrong_currency", _at(statement.line, "currency"), {"found": statement.currency, "expected": currency})
        outside += [Finding("bank.outside_period", _at(e.line, "booked_on"), {"on": e.booked_on}) for e in statement.entries if not _inside(e.booked_on, case)]
    yield from outside[:MISFITS_MAX]
    carried: Carried | None = case.carried
    first = file.statements[0] if file.statements else None
    begins = first is not None and not case.papers.get("statement")
    if carried and first and begins and first.opening is not None and first.opening != carried.statement_closing:
        place = _at(first.opening_line or first.line, "opening")
        yield Finding("bank.opening_differs", place, {"found": first.opening, "expected": carried.statement_closing})


def ledger_fits(ledger: Ledger, case: Case) -> Iterator[Finding]:
    """The bank account is in it, and all its entries lie inside the period."""
    account = str(case.entity.get("bank_ledger_account", ""))
    if account not in ledger.accounts:
        yield Finding("ledger.no_bank_account", Place(path=(("field", "account"),)), {"account": account})
    outside = [Finding("ledger.outside_period", _at(e.line, "booked_on"), {"on": e.booked_on}) for e in ledger.entries if not _inside(e.booked_on, case)]
    yield from outside[:MISFITS_MAX]


def same_account(found: str, expected: str) -> bool:
    """Equal but for spaces and case; a bank that writes bank code and number means the IBAN that ends with them."""
    one, other = (account.replace(" ", "").upper() for account in (found, expected))
    if one == other:
        return True
    digits = [part for part in one.replace("/", " ").replace("-", " ").split() if part.isdigit()]
    return bool(digits) and len(digits[-1]) >= 6 and other[4:].endswith(digits[-1].lstrip("0")) and all(part in other for part in digits[:-1])


def _layout(entity: Answers) -> Layout:
    kept = entity.get("statement_mapping")
    return Layout(columns=kept) if isinstance(kept, Mapping) and kept else Layout()


def _inside(on: date, case: Case) -> bool:
    return case.period[0] <= on < case.period[1]


def _at(line: int, field: str) -> Place:
    return Place(path=(("line", line), ("field", field)))


def columns() -> tuple[Question, ...]:
    """The ledger's fields that a mapping may name."""
    return tuple(COLUMNS.values())


SLOTS = (
    Slot("statement", N_("Bank statement"), read_statement, StatementFile, fits=statement_fits, most=31, holds="secret"),
    Slot("ledger", N_("Ledger of the month"), read_ledger, Ledger, fits=ledger_fits, holds="secret", columns=columns()),
)
