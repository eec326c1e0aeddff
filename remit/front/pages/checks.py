"""What a check without account answers: whether the file holds, the line at fault, and what the answer does not show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from remit.formats.words import Words

Mark = Literal["", "bad", "warn", "note"]
Kind = Literal["statement", "pack", "invoice", "notice"]

LONGEST_LINE = 160
AROUND = 3


@dataclass(frozen=True)
class Check:
    """One thing that was asked of the file."""

    says: str
    mark: Mark = ""
    note: str = ""
    code: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the sum: an entry, a balance or a total; or what the file says to one question."""

    says: str
    amount: str
    line: int | None = None
    note: str = ""
    mark: Literal["", "fault", "sum", "sum apart"] = ""


@dataclass(frozen=True)
class Line:
    """One line of the file as it stands there; `marked` is what the eye should go to."""

    number: int
    text: str
    hit: bool = False
    before: str = ""
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the page shows; every text is in the visitor's language already."""

    kind: Kind
    name: str
    holds: bool
    icon: str
    title: str
    says: str = ""
    read: str = ""
    caption: str = ""
    unit: str = ""
    rows: tuple[Row, ...] = ()
    is_text: bool = False
    """Whether the rows hold words instead of amounts."""
    excerpt: tuple[Line, ...] = ()
    checks: tuple[Check, ...] = ()
    limits: tuple[str, ...] = ()
    keeps: bool = False
    """Whether it may be kept as a first item of work."""

    @property
    def has_lines(self) -> bool:
        """Whether any row says at which line it stands."""
        return any(row.line for row in self.rows)

    @property
    def first(self) -> int:
        """Number of the first line shown."""
        return self.excerpt[0].number

    @property
    def last(self) -> int:
        """Number of the last line shown."""
        return self.excerpt[-1].number

    def timed(self, taken_s: float) -> Answer:
        """With the time it took, to a tenth of a second and no less than that."""
        seconds = words().number(max(Decimal("0.1"), Decimal(taken_s)), 1)
        return replace(self, read=", ".join(filter(None, (self.read, _("%(seconds)s s") % {"seconds": seconds}))))


def words() -> Words:
    """How things are said to this visitor."""
    return Words(get_language() or "en")


def lines_around(text: str, hits: Iterable[int], marks: Iterable[str] = (), span: tuple[int, int] | None = None) -> tuple[Line, ...]:
    """The lines of `text` at and round `hits` (counted from 1), or those of `span` (both ends shown), with the first of `marks` in each hit marked."""
    lines, wanted, marks = text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), set(hits), tuple(filter(None, marks))
    if not wanted:
        return ()
    first, last = span or (min(wanted) - AROUND, max(wanted) + AROUND)
    shown = []
    for number in range(max(1, first), min(len(lines), last) + 1):
        whole = lines[number - 1]
        line = whole if len(whole) <= LONGEST_LINE else whole[:LONGEST_LINE] + "…"
        mark = next((mark for mark in marks if mark in line), "") if number in wanted else ""
        before, _mark, after = line.partition(mark) if mark else ("", "", "")
        shown.append(Line(number, line, number in wanted, before, mark, after))
    return tuple(shown)


def unreadable(kind: Kind, name: str, title: str, says: str, checks: Iterable[Check] = (), excerpt: tuple[Line, ...] = ()) -> Answer:
    """The answer about a file that is not what it was given as."""
    return Answer(kind=kind, name=name, holds=False, icon="file-x", title=title, says=says, checks=tuple(checks), excerpt=excerpt)
