"""One sheet from its bytes: told by its columns, each cell read as its column says, each fault named at line and column. It never raises on what is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from remit.domain.line import Finding, Place
from remit.domain.takeover import CalendarRow, Grid, PersonRow, PriceRow, found
from remit.formats.table import Cell, Limits, Row, Table, read_table
from remit.formats.table.write import is_formula
from remit.formats.takeover.cells import Wrong, cell_value
from remit.formats.takeover.columns import CALENDAR, PEOPLE, PRICES, SHEETS, Column
from remit.formats.takeover.template import MARK

LIMITS = Limits(file_bytes=5_000_000, rows=3_000, cells=150_000, unpacked_bytes=60_000_000)
MOST_FINDINGS = 300
_ROWS: dict[str, type[Any]] = {PEOPLE: PersonRow, PRICES: PriceRow, CALENDAR: CalendarRow}
_WITHIN = 10
"""The line of titles is one of the first so many."""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What one file is: its sheet (empty where it is none), the rows that could be read, what was found, and the text of its cells."""

    name: str
    sha256: str
    sheet: str = ""
    people: tuple[PersonRow, ...] = ()
    prices: tuple[PriceRow, ...] = ()
    calendar: tuple[CalendarRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    grid: Grid = field(default_factory=Grid)
    lines_read: int = 0


def read(data: bytes, name: str, answers: Sequence[str] = ()) -> Brought:
    """The sheet in a file. `answers`: codes of what services ask of an entity, each a column that the calendar may have."""
    sha256 = hashlib.sha256(data).hexdigest()
    if (broken := _encoding(data)) is not None:
        return Brought(name=name, sha256=sha256, findings=(found("encoding", name, broken),))
    table, findings = read_table(data, limits=LIMITS, refuse_formulas=True)
    if table is None:
        return Brought(name=name, sha256=sha256, findings=tuple(_of(each, name) for each in findings))
    header, sheet = _header(table)
    if header is None:
        return Brought(name=name, sha256=sha256, findings=(found("which_sheet", "", None, "", file=name),))
    reading = _Reading(sheet, header, table, answers)
    reading.take(findings)
    reading.rows()
    rows = tuple(reading.made)
    grid = Grid(tuple(map(_text, header.cells)), tuple((row.line, tuple(map(_text, row.cells))) for row in reading.body))
    return Brought(
        name=name,
        sha256=sha256,
        sheet=sheet,
        findings=_capped(reading.findings, sheet),
        grid=grid,
        lines_read=len(reading.body),
        **{sheet: rows},
    )


class _Reading:
    """The rows below the titles, read one by one; what is wrong is gathered."""

    def __init__(self, sheet: str, header: Row, table: Table, answers: Sequence[str]) -> None:
        self.sheet, self.header, self.table = sheet, header, table
        self.findings: list[Finding] = []
        self.known: set[tuple[int, str]] = set()
        """Cells of which something was found already."""
        self.lost: set[int] = set()
        self.made: list[Any] = []
        self.body = [row for row in table.rows if row.line > header.line and not _text(row.cells[0]).startswith(MARK)]
        titles = [_title(cell) for cell in header.cells]
        own = {_title(column.title): column for column in SHEETS[sheet]}
        asked = {_title(code): code for code in answers} if sheet == CALENDAR else {}
        self.places: list[tuple[int, Column]] = []
        self.asked: list[tuple[int, str, str]] = []
        for at, title in enumerate(titles):
            shown = _text(header.cells[at])
            if not title:
                continue
            if title in titles[:at]:
                self._add(found("column_twice", sheet, header.line, shown, title=shown))
            elif title in own:
                self.places.append((at, own[title]))
            elif title in asked:
                self.asked.append((at, asked[title], shown))
            else:
                self._add(found("column_unknown", sheet, header.line, shown, title=shown))
        there = {column.name for _, column in self.places}
        self.missing = [column for column in SHEETS[sheet] if column.required and column.name not in there]
        for column in self.missing:
            self._add(found("column_missing", sheet, header.line, column.title, title=column.title))

    def take(self, findings: Sequence[Finding]) -> None:
        """What the table reader found, at this sheet's columns; what it found in lines that are not read does not matter."""
        lines = {row.line for row in self.body} | {self.header.line}
        seen = {row.line for row in self.table.rows}
        for each in findings:
            line, letters = each.place.line, each.place.field
            if line is not None and line in seen and line not in lines:
                continue
            title = self._titled(letters)
            if each.code == "table.formula_refused":
                self._add(found("formula", self.sheet, line, title, cell=each.values["cell"]))
            else:
                path = (*((("line", line),) if line is not None else ()), *((("column", title),) if title else ()))
                self._add(Finding(each.code, Place(self.sheet, path), each.values))

    def rows(self) -> None:
        """Each line: a row where every cell could be read, else its faults."""
        for row in self.body:
            values: dict[str, Any] = {"line": row.line}
            for at, column in self.places:
                cell = row.cells[at] if at < len(row.cells) else ""
                if (row.line, _title(column.title)) not in self.known:
                    self._cell(row, at, column, cell, values)
            told = [(code, _text(row.cells[at]), title) for at, code, title in self.asked if at < len(row.cells) and row.cells[at] != ""]
            for _code, text, title in told:
                if is_formula(text):
                    self._add(found("formula", self.sheet, row.line, title, cell=title))
            if self.sheet == CALENDAR:
                values["answers"] = tuple((code, text) for code, text, _ in told)
            if not self.missing and row.line not in self.lost:
                self.made.append(_ROWS[self.sheet](**values))

    def _cell(self, row: Row, at: int, column: Column, cell: Cell, values: dict[str, Any]) -> None:
        if isinstance(cell, str) and is_formula(cell):
            self._add(found("formula", self.sheet, row.line, column.title, cell=f"{_letters(at + 1)}{row.line}"))
        elif cell == "":
            if column.required:
                self._add(found("value_missing", self.sheet, row.line, column.title, title=column.title))
        else:
            try:
                values[column.name] = cell_value(cell, column, self._country(row))
            except Wrong as wrong:
                self._add(found(wrong.code, self.sheet, row.line, column.title, **wrong.values))

    def _country(self, row: Row) -> str:
        at = next((at for at, column in self.places if column.name == "country"), None)
        return _text(row.cells[at]).upper() if at is not None and at < len(row.cells) else ""

    def _titled(self, letters: str) -> str:
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        return _text(self.header.cells[number - 1]) if 0 < number <= len(self.header.cells) else letters

    def _add(self, finding: Finding) -> None:
        self.findings.append(finding)
        line = finding.place.line
        if line is not None:
            self.lost.add(line)
            self.known |= {(line, _title(str(title))) for name, title in finding.place.path if name == "column"}


def _header(table: Table) -> tuple[Row | None, str]:
    """The line of titles and whose they are: the sheet of which most required columns are there, at least half of them."""
    best: tuple[float, int, Row | None, str] = (0.0, 0, None, "")
    for row in table.rows[:_WITHIN]:
        titles = {_title(cell) for cell in row.cells}
        for sheet, columns in SHEETS.items():
            required = [column for column in columns if column.required]
            share = sum(_title(column.title) in titles for column in required) / len(required)
            total = sum(_title(column.title) in titles for column in columns)
            if (share, total) > best[:2]:
                best = (share, total, row, sheet)
    return (best[2], best[3]) if best[0] >= 0.5 else (None, "")


def _encoding(data: bytes) -> int | None:
    """The line at which a text is not UTF-8; None where it is, or is marked as UTF-16, or is no text."""
    if data.startswith((b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b"\xd0\xcf\x11\xe0")):
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        return data.count(b"\n", 0, fault.start) + 1
    return None


def _of(finding: Finding, name: str) -> Finding:
    return Finding(finding.code, Place(name, finding.place.path), finding.values)


def _capped(findings: Sequence[Finding], sheet: str) -> tuple[Finding, ...]:
    rest = len(findings) - MOST_FINDINGS
    return tuple(findings) if rest <= 0 else (*findings[:MOST_FINDINGS], found("too_many", sheet, None, "", count=rest))


def _title(cell: Cell) -> str:
    return " ".join(_text(cell).casefold().replace("_", " ").split())


def _text(cell: Cell) -> str:
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return cell if isinstance(cell, str) else str(cell)


def _letters(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
