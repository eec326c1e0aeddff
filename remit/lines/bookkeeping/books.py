"""The two books of one bank account, built from the papers of a case and from what the period before left open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

from remit.domain.identity import Known
from remit.domain.line import Case
from remit.domain.reconciliation import Book, Bridge, Item, bridge, content_keys
from remit.domain.takeover.values import BANK, LEDGER, OpenItem
from remit.formats.ledgers.values import Ledger, LedgerEntry
from remit.formats.statements.values import Entry, Statement, StatementFile

_of_statements, _of_ledgers = Known(8), Known(8)
"""The items of papers that were read before: a month's stay the same from move to move."""


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What a closed period leaves to the next: both closings, what was open, and the entries proposed for the ledger.

    The proposed ones are open on the statement until the ledger has them: either in its next opening, or as entries of the next period.
    """

    statement_closing: Decimal
    ledger_closing: Decimal
    open_statement: tuple[Item, ...] = ()
    open_ledger: tuple[Item, ...] = ()
    proposed: tuple[Item, ...] = ()

    @property
    def ledger_closing_posted(self) -> Decimal:
        """The ledger's closing once the proposed entries are posted in the period itself."""
        return self.ledger_closing + sum((item.amount for item in self.proposed), Decimal(0))


@dataclass(frozen=True)
class Books:
    """Statement and ledger of the entity's bank account in one period."""

    statement: Book
    ledger: Book
    entries: tuple[Entry, ...]
    """The statement's entries of the period, in the order of its items."""
    postings: tuple[LedgerEntry, ...]

    def open_statement(self, matched: Iterable[str]) -> tuple[Item, ...]:
        """On the statement only."""
        return self.statement.open_after(matched)

    def open_ledger(self, matched: Iterable[str]) -> tuple[Item, ...]:
        """In the ledger only."""
        return self.ledger.open_after(matched)

    def on_statement(self, keys: Iterable[str]) -> list[Item]:
        """The items of these keys; those that a corrected paper no longer holds are left out, which a check says."""
        return [self.statement.by_key[key] for key in keys if key in self.statement.by_key]

    def in_ledger(self, keys: Iterable[str]) -> list[Item]:
        """As `on_statement`."""
        return [self.ledger.by_key[key] for key in keys if key in self.ledger.by_key]

    def bridge(self, matched: Iterable[str]) -> Bridge:
        """The bridge, given the keys of all matched items of either side."""
        taken = set(matched)
        return bridge(self.statement, self.ledger, self.open_statement(taken), self.open_ledger(taken))


def books(case: Case) -> Books:
    """From the newest ledger and all statements; empty books where a paper is missing."""
    return case.once(_books)


def _books(case: Case) -> Books:
    carried: Carried | None = case.carried
    given = statements(case)
    entries, items = _of_statements.get(_entries_and_items, *given)
    ledger: Ledger | None = case.one("ledger")
    account = bank_account(case)
    postings, posted = _of_ledgers.get(partial(_postings_and_items, account), ledger, facts=account) if ledger else ((), ())
    statement_book = _statement_book(given, entries, items, carried, unposted(case))
    return Books(statement_book, _ledger_book(ledger, account, postings, posted, carried, given), entries, postings)


def _entries_and_items(*given: Statement) -> tuple[tuple[Entry, ...], tuple[Item, ...]]:
    entries = tuple(entry for statement in given for entry in statement.entries)
    return entries, as_items(entries)


def _postings_and_items(account: str, ledger: Ledger) -> tuple[tuple[LedgerEntry, ...], tuple[Item, ...]]:
    postings = ledger.of(account)
    return postings, as_posted(postings)


def statements(case: Case) -> tuple[Statement, ...]:
    """All statements of the item in the order of their days, however many files brought them."""
    files: list[StatementFile] = [paper.value for paper in case.papers.get("statement", ()) if paper.value is not None]
    given = [statement for file in files for statement in file.statements]
    return tuple(sorted(given, key=lambda statement: (_first_day(statement), statement.line)))


def bank_account(case: Case) -> str:
    """The ledger's account of the bank."""
    return str(case.entity.get("bank_ledger_account", ""))


def unposted(case: Case) -> tuple[Item, ...]:
    """Entries proposed in the period before that the ledger's opening does not hold yet."""
    carried: Carried | None = case.carried
    if carried is None or not carried.proposed:
        return ()
    opening = ledger_opening(case)
    return () if opening == carried.ledger_closing_posted != carried.ledger_closing else carried.proposed


def ledger_opening(case: Case) -> Decimal | None:
    """The bank account's opening as the export gives it; None where it gives none."""
    ledger: Ledger | None = case.one("ledger")
    return ledger.opening.get(bank_account(case)) if ledger else None


def as_items(entries: Iterable[Entry]) -> tuple[Item, ...]:
    """Statement entries for matching; the key is from what the bank wrote, not from the line it stands in."""
    entries = tuple(entries)
    keys = content_keys(("statement", e.booked_on, e.amount, e.text, e.reference, e.counterparty, e.bank_reference) for e in entries)
    return tuple(
        Item(
            key=key,
            on=e.booked_on,
            amount=e.amount,
            text=e.text,
            counterparty=e.counterparty,
            reference=e.reference,
            parts=len(e.parts),
            more=" ".join(f"{part.counterparty} {part.text} {part.reference}" for part in e.parts),
        )
        for key, e in zip(keys, entries, strict=True)
    )


def as_posted(postings: Iterable[LedgerEntry]) -> tuple[Item, ...]:
    """Ledger entries of the bank account for matching."""
    postings = tuple(postings)
    keys = content_keys(("ledger", p.booked_on, p.amount, p.voucher, p.text, p.reference, p.counterparty) for p in postings)
    return tuple(
        Item(key=key, on=p.booked_on, amount=p.amount, text=p.text, counterparty=p.counterparty, reference=f"{p.reference} {p.voucher}".strip())
        for key, p in zip(keys, postings, strict=True)
    )


def left_open(items: Iterable[Item]) -> tuple[Item, ...]:
    """As the next period gets them; the prefix keeps their keys apart from equal entries of that period."""
    return tuple(replace(item, carried=True, key=item.key if item.carried else f"{item.on:%y%m}-{item.key}") for item in items)


def taken_over(bank: Decimal, ledger: Decimal, items: Iterable[OpenItem]) -> Carried:
    """What the first month gets of a relation that is taken over: both closings, and what stands on one side only."""
    items = tuple(items)
    keys = content_keys((item.side, item.on, item.amount, item.text) for item in items)
    as_items = [(item.side, Item(key=key, on=item.on, amount=item.amount, text=item.text)) for key, item in zip(keys, items, strict=True)]
    return Carried(
        statement_closing=bank,
        ledger_closing=ledger,
        open_statement=left_open(item for side, item in as_items if side == BANK),
        open_ledger=left_open(item for side, item in as_items if side == LEDGER),
    )


def _statement_book(
    given: tuple[Statement, ...], entries: tuple[Entry, ...], items: tuple[Item, ...], carried: Carried | None, before: tuple[Item, ...]
) -> Book:
    total = sum((entry.amount for entry in entries), Decimal(0))
    opening = given[0].opening if given else None
    closing = given[-1].closing if given else None
    if opening is None:
        opening = carried.statement_closing if carried else Decimal(0) if closing is None else closing - total
    old = (*carried.open_statement, *before) if carried else ()
    return Book(opening=opening, closing=opening + total if closing is None else closing, items=(*old, *items))


def _ledger_book(
    ledger: Ledger | None, account: str, postings: tuple[LedgerEntry, ...], posted: tuple[Item, ...], carried: Carried | None, given: tuple[Statement, ...]
) -> Book:
    """An export without opening is taken to open where the last period closed or, in a first period, where the statement opens; a check says so."""
    opening = ledger.opening.get(account) if ledger else None
    if opening is None:
        opening = carried.ledger_closing if carried else (given[0].opening if given else None) or Decimal(0)
    total = sum((posting.amount for posting in postings), Decimal(0))
    return Book(opening=opening, closing=opening + total, items=(*(carried.open_ledger if carried else ()), *posted))


def _first_day(statement: Statement) -> date:
    days = [day for day in (statement.opening_on, statement.starts_on, *(entry.booked_on for entry in statement.entries[:1])) if day]
    return min(days, default=date.max)
