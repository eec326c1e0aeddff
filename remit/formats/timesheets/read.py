"""One export from its bytes: its tool told by the titles, each row typed, each fault named at line and column. It never raises on what is in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from remit.domain.line import Finding, Place
from remit.domain.timekeeping import DAY_MIN, floored, minutes_between
from remit.formats.durations import duration_min
from remit.formats.table import Cell, Limits, Row, Table, read_table
from remit.formats.table.cells import day, order_of
from remit.formats.timesheets.rules import RULES, found
from remit.formats.timesheets.tools import TOOLS, Tool

LIMITS = Limits(file_bytes=5_000_000, rows=2_010, cells=80_000, unpacked_bytes=60_000_000)
MOST_FINDINGS = 200
WITHIN = 10
"""The line of titles is one of the first so many."""
Dates = Literal["", "day_first", "month_first"]

_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*([ap])?\.?m?\.?", re.IGNORECASE)
_ITEM = re.compile(r"\bWI-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
_NO = frozenset(("no", "false", "0", "nein", "non", "не", "n"))
NOT_BILLABLE = "Not billable ({tool})"


@dataclass(frozen=True, kw_only=True)
class TimeRow:
    """One row: a span on the tool's own clock where it has one, else minutes of a day. `called`: client, project and task; `item`: a reference of ours."""

    line: int
    done_on: date
    minutes: int
    begins: datetime | None = None
    ends: datetime | None = None
    person: str = ""
    mail: str = ""
    called: tuple[str, str, str] = ("", "", "")
    item: str = ""
    note: str = ""
    unbilled: str = ""
    key: str = ""
    """Of the row's contents, and of which of several equal rows it is."""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What one file is: the tool (empty where none is known), the rows that could be read, and what was found."""

    name: str
    sha256: str
    tool: str = ""
    rows: tuple[TimeRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    lines_read: int = 0
    titles: tuple[tuple[str, str], ...] = ()
    """What is read, and what the export itself calls its column."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being taken in."""
        return tuple(each for each in self.findings if RULES[each.code].severity == "error")


def read(data: bytes, name: str, dates: Dates = "") -> Brought:
    """The rows of an export, CSV or XLSX. `dates`: how dates are written, where the column itself does not tell."""
    sha256 = hashlib.sha256(data).hexdigest()
    table, findings = read_table(data, limits=LIMITS, refuse_formulas=True)
    if table is None:
        return Brought(name=name, sha256=sha256, findings=findings)
    header, tool = _header(table)
    if header is None or tool is None:
        titles = ", ".join(_text(cell) for cell in table.rows[0].cells)[:300]
        known = ", ".join(each.name for each in TOOLS)
        return Brought(name=name, sha256=sha256, findings=(found("unknown_tool", table.rows[0].line, tools=known, titles=titles),))
    reading = _Reading(tool, header, table, dates)
    reading.take(findings)
    reading.rows()
    return Brought(
        name=name,
        sha256=sha256,
        tool=tool.code,
        rows=tuple(reading.made),
        findings=_capped(reading.findings),
        lines_read=len(reading.body),
        titles=tuple(reading.titles.items()),
    )


class _Reading:
    """The rows below the titles, one by one."""

    def __init__(self, tool: Tool, header: Row, table: Table, dates: Dates) -> None:
        self.tool, self.header = tool, header
        titles = [_title(cell) for cell in header.cells]
        self.at: dict[str, int] = {}
        self.titles: dict[str, str] = {}
        for name, may_be in tool.columns.items():
            there = next((title for title in may_be if title in titles), None)
            if there is not None:
                self.at[name] = titles.index(there)
                self.titles[name] = _text(header.cells[self.at[name]])
        self.body = [row for row in table.rows if row.line > header.line and not _text(row.cells[0]).startswith("#")]
        self.findings: list[Finding] = []
        self.made: list[TimeRow] = []
        self.equal: dict[str, int] = {}
        self.order = dates or self._order()

    def take(self, findings: Sequence[Finding]) -> None:
        """What the table reader found in lines that are read, by our columns' titles."""
        lines = {row.line for row in self.body}
        for each in findings:
            line, letters = each.place.line, each.place.field
            if line is not None and line not in lines:
                continue
            title = _titled(self.header, letters)
            path = (*((("line", line),) if line is not None else ()), *((("column", title),) if title else ()))
            self.findings.append(Finding(each.code, Place(path=path), each.values))

    def rows(self) -> None:
        """Each line: a row where it could be read, else its faults."""
        for row in self.body:
            before = len(self.findings)
            made = self._row(row)
            if made is not None and len(self.findings) == before:
                self.made.append(made)

    def _order(self) -> str:
        texts = [(row.line, cell) for row in self.body if isinstance(cell := self._cell(row, "begins_on"), str) and cell]
        order = order_of(text.partition(" ")[0] for _, text in texts)
        if order is None:
            line, text = next((line, text) for line, text in texts if order_of([text.partition(" ")[0]]) is None)
            self.findings.append(found("date_ambiguous", line, self.titles["begins_on"], text=text[:40]))
        return order or "day_first"

    def _row(self, row: Row) -> TimeRow | None:
        on = self._day(row, "begins_on", needed=True)
        begins_at, ends_at = self._time(row, "begins"), self._time(row, "ends")
        duration = self._duration(row)
        if on is None:
            return None
        begins = datetime.combine(on, begins_at) if begins_at is not None else None
        ends = self._ends(row, on, begins, ends_at, duration)
        minutes = minutes_between(begins, ends) if begins and ends else duration
        if minutes is None:
            self._add("runs" if begins or "ends" in self.at else "value_missing", row, "duration" if "duration" in self.at else "begins_on")
            return None
        if minutes < 0:
            self._add("order", row, "ends")
        elif minutes > DAY_MIN:
            self._add("too_long", row, "ends" if ends else "duration")
        elif minutes == 0:
            self._add("too_short", row, "duration" if "duration" in self.at else "ends")
        first, last = self._said(row, "first"), self._said(row, "last")
        called = (self._said(row, "client"), self._said(row, "project"), self._said(row, "task"))
        said = " ".join((self._said(row, "item"), *called, self._said(row, "note"), self._said(row, "tags")))
        item = _ITEM.search(said.upper())
        spans = begins is not None and ends is not None
        made = TimeRow(
            line=row.line,
            done_on=on,
            minutes=minutes,
            begins=floored(begins) if begins and spans else None,
            ends=floored(ends) if ends and spans else None,
            person=self._said(row, "person") or f"{first} {last}".strip(),
            mail=self._said(row, "mail"),
            called=called if any(called) else ("", self._said(row, "item"), ""),
            item=item[0] if item else "",
            note=self._said(row, "note")[:500],
            unbilled=self._unbilled(row),
        )
        return self._keyed(made)

    def _ends(self, row: Row, on: date, begins: datetime | None, ends_at: time | None, duration: int | None) -> datetime | None:
        if begins is None:
            return None
        if ends_at is None:
            return begins + timedelta(minutes=duration) if duration is not None else None
        ends_on = self._day(row, "ends_on", needed=False)
        if ends_on is None:
            # Without a day of its own an end before the beginning lies past midnight.
            ends_on = on + timedelta(1) if ends_at < begins.time() else on
        return datetime.combine(ends_on, ends_at)

    def _unbilled(self, row: Row) -> str:
        if why := self._said(row, "unbilled"):
            return why[:300]
        return NOT_BILLABLE.format(tool=self.tool.name) if self._said(row, "billable").casefold() in _NO else ""

    def _keyed(self, made: TimeRow) -> TimeRow:
        parts = (self.tool.code, made.person, made.mail, *made.called, made.item, made.note, made.done_on, made.begins, made.ends, made.minutes)
        text = "\x1f".join(str(part) for part in parts)
        number = self.equal[text] = self.equal.get(text, 0) + 1
        key = hashlib.sha256(f"{text}\x1f{number}".encode()).hexdigest()
        return TimeRow(**{**{name: getattr(made, name) for name in made.__dataclass_fields__}, "key": key})

    def _cell(self, row: Row, name: str) -> Cell:
        at = self.at.get(name)
        return row.cells[at] if at is not None and at < len(row.cells) else ""

    def _said(self, row: Row, name: str) -> str:
        return " ".join(_text(self._cell(row, name)).split())

    def _day(self, row: Row, name: str, *, needed: bool) -> date | None:
        cell = self._cell(row, name)
        if cell == "":
            if needed:
                self._add("value_missing", row, name)
            return None
        if isinstance(cell, date):
            return cell.date() if isinstance(cell, datetime) else cell
        value = day(_text(cell).partition("T")[0], self.order)  # type: ignore[arg-type]
        if value is None or not 2000 <= value.year <= 2100:
            self._add("not_date", row, name, text=_text(cell)[:40])
            return None
        return value

    def _time(self, row: Row, name: str) -> time | None:
        cell = self._cell(row, name)
        text = f"{cell:%H:%M:%S}" if isinstance(cell, datetime) else _text(cell).strip().rpartition("T")[2]
        if not text:
            return None
        value = clock_time(text)
        if value is None:
            self._add("not_time", row, name, text=text[:40])
        return value

    def _duration(self, row: Row) -> int | None:
        cell = self._cell(row, "duration")
        if isinstance(cell, Decimal):
            whole = cell == cell.to_integral_value()
            text = f"{cell:f}"
            value = duration_min(text.partition(".")[0] if whole else text, bare=self.tool.bare if whole else "hours")
        else:
            text = _text(cell).strip()
            if not text:
                return None
            value = duration_min(text, bare=self.tool.bare if text.isdigit() else "hours")
        if value is None:
            self._add("not_duration", row, "duration", text=text[:40])
        return value

    def _add(self, code: str, row: Row, name: str, **values: object) -> None:
        self.findings.append(found(code, row.line, self.titles.get(name, name), **values))


def clock_time(text: str) -> time | None:
    """09:00, 9:00:30, 9:00 AM; None where it is none."""
    match = _TIME.fullmatch(" ".join(text.replace("\u202f", " ").split()))
    if match is None:
        return None
    hour, half = int(match[1]), (match[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(match[2]), int(match[3] or 0))
    except ValueError:
        return None


def _header(table: Table) -> tuple[Row | None, Tool | None]:
    """The line of titles and whose they are: of the tools whose needed titles are all there, the one with most columns."""
    for row in table.rows[:WITHIN]:
        titles = frozenset(_title(cell) for cell in row.cells)
        best = max(TOOLS, key=lambda tool: (tool.known(titles), len(tool.needs)))
        if best.known(titles):
            return row, best
    return None, None


def _titled(header: Row, letters: str) -> str:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return _text(header.cells[number - 1]) if letters.isupper() and 0 < number <= len(header.cells) else letters


def _capped(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    rest = len(findings) - MOST_FINDINGS
    return tuple(findings) if rest <= 0 else (*findings[:MOST_FINDINGS], found("too_many", None, count=rest))


def _title(cell: Cell) -> str:
    return " ".join(_text(cell).casefold().split())


def _text(cell: Cell) -> str:
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell if isinstance(cell, str) else str(cell)
