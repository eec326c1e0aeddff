"""Which line is most likely at fault when a statement does not foot, and why; none is named without evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from remit.domain.line import Finding
from remit.formats.statements.values import Entry, Statement
from remit.formats.table.cells import number
from remit.formats.table.rules import found

_MOST = 3
_IN_TEXT = re.compile(r"(?<![\w.,/-])\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}(?![\w.,/-])")


def suspects(statement: Statement, before: Statement | None = None, after: Statement | None = None) -> tuple[Finding, ...]:
    """Lines with the correction that would make the statement foot, the strongest evidence first: only of the strongest kind there is.

    A kind of evidence that points at more than three lines points at none.
    """
    if not statement.apart:
        return ()
    kinds = (
        list(_neighbours(statement, before, after)),
        list(_each(statement, "bank.suspect_text", _text_says)),
        list(_count(statement)),
        list(_twice(statement)),
        [*_each(statement, "bank.suspect_sign", _other_sign), *_balances(statement)],
        list(_each(statement, "bank.suspect_point", _other_point)),
        list(_each(statement, "bank.suspect_transposed", _transposed)),
        list(_each(statement, "bank.suspect_extra", lambda entry, wanted: wanted == 0)),
    )
    return next((tuple(kind) for kind in kinds if 0 < len(kind) <= _MOST), ())


def _neighbours(statement: Statement, before: Statement | None, after: Statement | None) -> Iterator[Finding]:
    """The other statement of the account has the balance with which this one foots."""
    apart = statement.apart or Decimal(0)
    if before and statement.opening is not None and before.closing == statement.opening - apart:
        yield found("bank.suspect_opening", statement.opening_line, "opening", wanted=before.closing, amount=statement.opening)
    if after and statement.closing is not None and after.opening == statement.closing + apart:
        yield found("bank.suspect_closing", statement.closing_line, "closing", wanted=after.opening, amount=statement.closing)


def _each(statement: Statement, code: str, tells: Callable[[Entry, Decimal], bool]) -> Iterator[Finding]:
    apart = statement.apart or Decimal(0)
    for entry in statement.entries:
        wanted = entry.amount - apart
        if tells(entry, wanted):
            yield found(code, entry.line, "amount", amount=entry.amount, wanted=wanted)


def _text_says(entry: Entry, wanted: Decimal) -> bool:
    """An amount written in the line's text, apart from its sign."""
    if entry.parts and wanted == sum(part.amount for part in entry.parts):
        return True
    return wanted != 0 and any(number(text) == abs(wanted) for text in _IN_TEXT.findall(entry.text))


def _count(statement: Statement) -> Iterator[Finding]:
    if statement.count_stated is not None and statement.count_stated > len(statement.entries):
        yield found("bank.suspect_stated", statement.line, "", stated=statement.count_stated, count=len(statement.entries))


def _twice(statement: Statement) -> Iterator[Finding]:
    first: dict[tuple[object, ...], int] = {}
    apart = statement.apart
    for entry in statement.entries:
        key = entry.booked_on, entry.amount, entry.text, entry.reference, entry.bank_reference
        if key in first and entry.amount == apart:
            yield found("bank.suspect_twice", entry.line, "amount", first=first[key], amount=entry.amount)
        first.setdefault(key, entry.line)


def _other_sign(entry: Entry, wanted: Decimal) -> bool:
    return wanted == -entry.amount


def _balances(statement: Statement) -> Iterator[Finding]:
    """A balance whose sign alone is wrong."""
    for name, wrong in (("opening", statement.opening), ("closing", statement.closing)):
        apart = statement.apart if name == "opening" else -(statement.apart or Decimal(0))
        if wrong and apart == 2 * wrong:
            yield found("bank.suspect_sign", getattr(statement, f"{name}_line"), name, amount=wrong, wanted=-wrong)


def _other_point(entry: Entry, wanted: Decimal) -> bool:
    return wanted != 0 and any(wanted.scaleb(places) == entry.amount for places in (-3, -2, -1, 1, 2, 3))


def _transposed(entry: Entry, wanted: Decimal) -> bool:
    """Two neighbouring digits exchanged: the difference is then divisible by nine."""
    if (wanted < 0) is not (entry.amount < 0):
        return False
    left, right = _digits(entry.amount), _digits(wanted)
    if left == right or len(left) != len(right):
        return False
    differ = [at for at in range(len(left)) if left[at] != right[at]]
    return len(differ) == 2 and differ[1] == differ[0] + 1 and left[differ[0]] == right[differ[1]] and left[differ[1]] == right[differ[0]]


def _digits(amount: Decimal) -> str:
    """All digits with four places, zeros before them."""
    return f"{abs(amount):020.4f}".replace(".", "")
