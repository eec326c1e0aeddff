"""What the client receives: the reconciliation and the trial balance as one document, and the proposed entries as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from remit.domain.document import Block, Document, Facts, Heading, Paragraph, Table
from remit.domain.line import Case, Deliverable
from remit.domain.reasons import N_, Reason
from remit.domain.reconciliation import Item, age_days
from remit.formats.ledgers import Ledger
from remit.formats.table import write_csv
from remit.lines.bookkeeping.board import bridge_table, currency_of, label, shown, why_matched, why_open
from remit.lines.bookkeeping.books import Books, bank_account, books
from remit.lines.bookkeeping.checks import open_items, prepared
from remit.lines.bookkeeping.preparation import Answer, Preparation

Say = Callable[..., str]
SIDES = {True: N_("statement"), False: N_("ledger")}


def make(case: Case, say: Say) -> Deliverable:
    """Document and files; nothing in them depends on the moment of making."""
    both, state = books(case), prepared(case)
    currency = currency_of(case)
    last = case.period[1] - timedelta(days=1)
    blocks: tuple[Block, ...] = (
        Heading(say(N_("Bank reconciliation and trial balance")), 1),
        Facts(
            (
                (say(N_("Entity")), case.entity.get("name", "")),
                (say(N_("Bank account")), case.entity.get("bank_account", "")),
                (say(N_("Ledger account")), bank_account(case)),
                (say(N_("From")), case.period[0]),
                (say(N_("To")), last),
                (say(N_("Currency")), currency),
            )
        ),
        Heading(say(N_("Reconciliation"))),
        spoken(bridge_table(both, state, currency), say),
        *_open(case, both, state, currency, say),
        *_matched(both, state, currency, say),
        *_proposed(case, both, state, currency, say),
        *_trial_balance(case, currency, say),
    )
    title = f"{case.entity.get('name', '')} {case.period[0]:%Y-%m}".strip()
    files = {f"proposed-entries-{case.period[0]:%Y-%m}.csv": (_csv(case, both, state),)} if proposals(both, state) else {}
    return Deliverable(Document(title=title, blocks=blocks, facts={"subject": "bookkeeping", "date": last.isoformat()}), files)


def proposals(both: Books, state: Preparation) -> tuple[tuple[Item, Answer], ...]:
    """The entries proposed for the ledger, oldest first."""
    items = (both.statement.by_key.get(key) for key, answer in state.answers.items() if answer.kind == "entry")
    found = sorted((item for item in items if item is not None), key=lambda item: (item.on, item.key))
    return tuple((item, state.answers[item.key]) for item in found)


def spoken(table: Table, say: Say) -> Table:
    """A page's table in the deliverable's language: its titles, and the reasons among its cells."""

    def cell(value: Any) -> Any:
        return say(value.says, **value.values) if isinstance(value, Reason) else value

    return replace(
        table,
        columns=tuple(say(column) if column else "" for column in table.columns),
        rows=tuple(tuple(cell(value) for value in row) for row in table.rows),
        caption=say(table.caption) if table.caption else "",
        totals=tuple(cell(value) for value in table.totals),
    )


def _open(case: Case, both: Books, state: Preparation, currency: str, say: Say) -> Iterator[Block]:
    items = open_items(both, state)
    yield Heading(say(N_("Open items")))
    if not items:
        yield Paragraph(say(N_("Nothing is open: every entry of the statement is in the ledger, and every entry of the ledger is on the statement.")))
        return
    rows = tuple(
        (
            number,
            item.on,
            say(SIDES[item.key in both.statement.by_key]),
            label(item),
            item.reference,
            shown(item.amount, currency),
            age_days(item, case.period[1]),
            why_open(state.answers.get(item.key)),
        )
        for number, item in enumerate(items, 1)
    )
    columns = (N_("No."), N_("Date"), N_("Only in"), N_("Text"), N_("Reference"), N_("Amount"), N_("Days open"), N_("Why it is open"))
    yield spoken(Table(columns, rows), say)


def _matched(both: Books, state: Preparation, currency: str, say: Say) -> Iterator[Block]:
    yield Heading(say(N_("Matched groups")))
    yield Paragraph(say(N_("{groups} groups hold {statement} entries of the statement and {ledger} of the ledger."), **_counts(state)), "note")
    rows = []
    for number, tie in enumerate(state.ties, 1):
        left, right = both.on_statement(tie.statement), both.in_ledger(tie.ledger)
        why = why_matched(both, tie)
        for line in range(max(len(left), len(right))):
            one, other = left[line] if line < len(left) else None, right[line] if line < len(right) else None
            rows.append((f"G-{number:03}" if not line else "", *_cells(one, currency), *_cells(other, currency), why if not line else ""))
    columns = (N_("Group"), N_("Date"), N_("Statement"), N_("Amount"), N_("Date"), N_("Ledger"), N_("Amount"), N_("Why"))
    if rows:
        yield spoken(Table(columns, tuple(rows)), say)


def _proposed(case: Case, both: Books, state: Preparation, currency: str, say: Say) -> Iterator[Block]:
    found = proposals(both, state)
    if not found:
        return
    yield Heading(say(N_("Entries proposed for the ledger")))
    columns = (N_("Date"), N_("Debit"), N_("Credit"), N_("Amount"), N_("Text"))
    rows = tuple((on, debit, credit, shown(amount, currency), text) for on, debit, credit, amount, text in _postings(case, found))
    yield spoken(Table(columns, rows), say)


def _trial_balance(case: Case, currency: str, say: Say) -> Iterator[Block]:
    ledger: Ledger | None = case.one("ledger")
    if ledger is None:
        return
    balances = trial_balance(ledger)
    rows = tuple((account, ledger.names.get(account, ""), *(shown(amount, currency) for amount in sums)) for account, sums in balances.items())
    totals = (shown(sum((sums[at] for sums in balances.values()), Decimal(0)), currency) for at in range(4))
    yield Heading(say(N_("Trial balance")))
    columns = (N_("Account"), N_("Name"), N_("Opening"), N_("Debit"), N_("Credit"), N_("Closing"))
    yield spoken(Table(columns, rows, totals=(say(N_("Total")), "", *totals)), say)


def trial_balance(ledger: Ledger) -> Mapping[str, tuple[Decimal, Decimal, Decimal, Decimal]]:
    """Opening, debits, credits and closing by account, in the order of accounts; balances are signed, debit positive."""
    sums = {account: [ledger.opening.get(account, Decimal(0)), Decimal(0), Decimal(0)] for account in ledger.accounts}
    for entry in ledger.entries:
        sums[entry.account][1] += entry.debit
        sums[entry.account][2] += entry.credit
    return {account: (opening, debit, credit, opening + debit - credit) for account, (opening, debit, credit) in sums.items()}


def _counts(state: Preparation) -> Mapping[str, int]:
    return {
        "groups": len(state.ties),
        "statement": sum(len(tie.statement) for tie in state.ties),
        "ledger": sum(len(tie.ledger) for tie in state.ties),
    }


def _cells(item: Item | None, currency: str) -> tuple[Any, ...]:
    return (item.on, label(item) or item.reference, shown(item.amount, currency)) if item else ("", "", "")


def _postings(case: Case, found: tuple[tuple[Item, Answer], ...]) -> Iterator[tuple[Any, ...]]:
    """Money out of the bank is a debit of the other account."""
    bank = bank_account(case)
    for item, answer in found:
        debit, credit = (answer.account, bank) if item.amount < 0 else (bank, answer.account)
        yield item.on, debit, credit, abs(item.amount), answer.words or item.text


def _csv(case: Case, both: Books, state: Preparation) -> bytes:
    """Titles are field names, not words: a program reads them."""
    return write_csv([("booked_on", "debit_account", "credit_account", "amount", "text"), *_postings(case, proposals(both, state))])
