"""Whether a statement agrees with itself and with the one before; what cannot be checked is said, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from remit.domain.line import Finding
from remit.formats.statements.suspects import suspects
from remit.formats.statements.values import Statement, StatementFile
from remit.formats.table.rules import found


def check(file: StatementFile, *, account: str = "") -> tuple[tuple[Finding, ...], ...]:
    """The findings of each statement, in the file's order; `account`: the one asked for, compared without spaces, bank code or case."""
    before, after = _neighbours(file.statements)
    first_lines: dict[tuple[object, ...], int] = {}
    findings = []
    for at, statement in enumerate(file.statements):
        findings.append(
            (
                *_account(statement, account),
                *_twice(statement, first_lines),
                *foots(statement, before[at], after[at]),
                *no_gap(statement, before[at]),
                *no_duplicate(statement),
                *_dates(statement),
                *_stated(statement),
                *_batches(statement),
            )
        )
    return tuple(findings)


def foots(statement: Statement, before: Statement | None = None, after: Statement | None = None) -> Iterator[Finding]:
    """Opening + entries = closing. When apart, the place is the one line most likely at fault, or else that of the closing balance."""
    if statement.opening is None or statement.closing is None:
        code = "bank.no_balances" if statement.opening is statement.closing else "bank.no_opening" if statement.opening is None else "bank.no_closing"
        yield found(code, statement.line, "closing" if code == "bank.no_closing" else "opening")
        return
    # Mixed currencies are an error of the reader's, and add up to nothing.
    if not statement.apart:
        return
    named = suspects(statement, before, after)
    fault = named[0].place if len(named) == 1 else None
    yield found(
        "bank.statement_foots",
        fault.line if fault else statement.closing_line or statement.line,
        fault.field if fault else "closing",
        opening=statement.opening,
        total=statement.total,
        reached=statement.opening + statement.total,
        closing=statement.closing,
        apart=statement.apart,
    )
    yield from named


def no_gap(statement: Statement, before: Statement | None) -> Iterator[Finding]:
    """What the statement before closed with is what this one opens with, and no number is missing between."""
    if before is None:
        return
    mixed = before.closing_currency or statement.opening_currency
    if before.closing is not None and statement.opening is not None and not mixed and before.closing != statement.opening:
        apart = statement.opening - before.closing
        yield found("bank.no_gap", statement.opening_line or statement.line, "opening", opening=statement.opening, closing=before.closing, apart=apart)
    if _skips(before, statement):
        yield found("bank.number_missing", statement.line, "number", number=statement.number, before=before.number)


def no_duplicate(statement: Statement) -> Iterator[Finding]:
    """The bank's own reference with the same date and amount stands once; where the statement foots with both, it is only said."""
    first: dict[tuple[str, date, object], int] = {}
    code = "bank.looks_alike" if statement.foots else "bank.no_duplicate"
    for entry in statement.entries:
        if not entry.bank_reference:
            continue
        key = entry.bank_reference, entry.booked_on, entry.amount
        if key in first:
            yield found(code, entry.line, "bank_reference", reference=entry.bank_reference, first=first[key])
        first.setdefault(key, entry.line)


def _neighbours(statements: Sequence[Statement]) -> tuple[list[Statement | None], list[Statement | None]]:
    """The statement before and after each, of the same account and currency; by opening date where all have one."""
    before: list[Statement | None] = [None] * len(statements)
    after: list[Statement | None] = [None] * len(statements)
    chains: dict[tuple[str, str], list[int]] = {}
    for at, statement in enumerate(statements):
        if statement.account:
            chains.setdefault((statement.account, statement.currency), []).append(at)
    for chain in chains.values():
        days = {at: statements[at].opening_on or statements[at].closing_on for at in chain}
        if all(days.values()):
            chain = sorted(chain, key=lambda at: days[at] or date.min)
        for left, right in pairwise(chain):
            if not _same(statements[left], statements[right]):
                before[right], after[left] = statements[left], statements[right]
    return before, after


def _same(left: Statement, right: Statement) -> bool:
    return _key(left) == _key(right)


def _key(statement: Statement) -> tuple[object, ...]:
    money = [(entry.booked_on, entry.amount, entry.bank_reference, entry.text) for entry in statement.entries]
    return statement.account, statement.number, statement.opening, statement.closing, statement.opening_on, statement.closing_on, tuple(money)


def _account(statement: Statement, wanted: str) -> Iterator[Finding]:
    def plain(text: str) -> str:
        return re.sub(r"\W", "", text).upper()

    if wanted and plain(statement.account) != plain(wanted) and plain(f"{statement.bank}{statement.account}") != plain(wanted):
        yield found("bank.not_account", statement.line, "account", account=statement.account, wanted=wanted)


def _twice(statement: Statement, first_lines: dict[tuple[object, ...], int]) -> Iterator[Finding]:
    key = _key(statement)
    if key in first_lines and statement.account and (statement.entries or statement.number):
        yield found("bank.statement_twice", statement.line, "", first=first_lines[key])
    first_lines.setdefault(key, statement.line)


def _skips(before: Statement, statement: Statement) -> bool:
    """Whether numbers are missing between; banks begin anew each year, and some number pages only."""
    left, right = (re.fullmatch(r"(\d{1,9})(?:/(\d{1,9}))?", one.number) for one in (before, statement))
    if not left or not right:
        return False
    numbers, pages = (int(left[1]), int(right[1])), (int(left[2] or 1), int(right[2] or 1))
    if numbers[0] == numbers[1]:
        return bool(left[2] and right[2]) and pages[1] > pages[0] + 1
    days = before.closing_on or before.opening_on, statement.closing_on or statement.opening_on
    new_year = bool(days[0] and days[1] and days[1].year > days[0].year)
    return numbers[1] > numbers[0] + 1 and not (new_year and numbers[1] == 1)


def _dates(statement: Statement) -> Iterator[Finding]:
    """Booked inside the stated period, or else between the days of the two balances. One finding for all."""
    starts, ends = statement.starts_on or statement.opening_on, statement.ends_on or statement.closing_on
    if starts is None or ends is None:
        return
    if ends < starts:
        yield found("bank.days_backwards", statement.closing_line or statement.line, "closing_on", starts_on=starts, ends_on=ends)
        return
    outside = [entry for entry in statement.entries if entry.booked_stated and not starts <= entry.booked_on <= ends]
    if outside:
        yield found("bank.dates_inside", outside[0].line, "booked_on", count=len(outside), booked_on=outside[0].booked_on, starts_on=starts, ends_on=ends)


def _stated(statement: Statement) -> Iterator[Finding]:
    """What the file itself sums up."""
    pairs: tuple[tuple[str, object, object], ...] = (
        ("count", statement.count_stated, len(statement.entries)),
        ("in", statement.in_stated, statement.total_in),
        ("out", statement.out_stated, statement.total_out),
    )
    for what, stated, reached in pairs:
        if stated is not None and stated != reached:
            yield found(f"bank.{what}_stated", statement.line, "", stated=stated, reached=reached)


def _batches(statement: Statement) -> Iterator[Finding]:
    for entry in statement.entries:
        if entry.parts and all(part.amount for part in entry.parts):
            reached = sum(part.amount for part in entry.parts)
            if reached != entry.amount:
                yield found("bank.batch_sums", entry.line, "TxDtls", reached=reached, amount=entry.amount)
