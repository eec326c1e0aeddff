"""Leave in a sheet (CSV or XLSX): person, first and last day, kind, note; and the template of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal

from remit.domain.line import Finding, Place
from remit.domain.reasons import N_
from remit.formats.leave.ics import MOST_DAYS, MOST_ROWS, Window
from remit.formats.leave.rules import found
from remit.formats.leave.values import LeaveRow, kind_of
from remit.formats.table import Cell, Limits, Row, Table, read_table, write_csv
from remit.formats.table.cells import day, order_of

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("person", N_("Name as among the people, or mail address"), "Maya Petrova"),
    ("from", N_("First day away"), "2027-02-12"),
    ("until", N_("Last day away; empty: one day"), "2027-02-14"),
    ("kind", N_("holiday, sick, family, training or other; for the person and managers only"), "holiday"),
    ("note", N_("May stay empty"), ""),
)
LIMITS = Limits(file_bytes=2_000_000, rows=2_000, cells=40_000, unpacked_bytes=40_000_000)
NEEDED = ("person", "from")


def read_sheet(data: bytes, window: Window) -> tuple[tuple[LeaveRow, ...], tuple[Finding, ...]]:
    """Rows and what was found; days outside the window are left out and counted."""
    table, findings = read_table(data, limits=LIMITS, refuse_formulas=True)
    if table is None:
        return (), findings
    header = next((row for row in table.rows[:10] if "person" in {_title(cell) for cell in row.cells}), table.rows[0])
    titles = [_title(cell) for cell in header.cells]
    missing = [title for title in NEEDED if title not in titles]
    if missing:
        return (), tuple(found("column_missing", header.line, title, title=title) for title in missing)
    places = {title: titles.index(title) for title, _says, _example in COLUMNS if title in titles}
    body = [row for row in table.rows if row.line > header.line and not _text(row.cells[0]).startswith("#")]
    taken = [_as_column(each, header) for each in findings if each.place.line is None or each.place.line in {row.line for row in body}]
    return _rows(table, body, places, taken, window)


def _rows(table: Table, body: list[Row], places: dict[str, int], findings: list[Finding], window: Window) -> tuple[tuple[LeaveRow, ...], tuple[Finding, ...]]:
    texts = [text for row in body for name in ("from", "until") if isinstance(text := _cell(row, places, name), str) and text]
    order = order_of(texts)
    if order is None:
        text = next(text for text in texts if order_of([text]) is None)
        line, name = next((row.line, name) for row in body for name in ("from", "until") if _cell(row, places, name) == text)
        findings.append(found("date_ambiguous", line, name, text=text[:40]))
    rows, outside = [], 0
    for row in body:
        made = _row(row, places, order or "day_first", findings)
        if made is None or made.ends_on is None or made.begins_on is None:
            continue
        if made.ends_on <= window[0] or made.begins_on >= window[1]:
            outside += 1
        else:
            rows.append(made)
    if len(rows) > MOST_ROWS:
        return (), (*findings, found("too_many", rows[MOST_ROWS].line, most=MOST_ROWS))
    if outside:
        findings.append(found("outside", None, count=outside, first=window[0], last=window[1]))
    return tuple(rows), tuple(findings)


def _row(row: Row, places: dict[str, int], order: str, findings: list[Finding]) -> LeaveRow | None:
    before = len(findings)
    person = _text(_cell(row, places, "person"))
    if not person:
        findings.append(found("value_missing", row.line, "person"))
    first, last = (_day(row, places, name, order, findings) for name in ("from", "until"))
    if first is None and len(findings) == before:
        findings.append(found("value_missing", row.line, "from"))
    if first is not None and last is not None and last < first:
        findings.append(found("order", row.line, "until"))
    elif first is not None and last is not None and (last - first).days > MOST_DAYS:
        findings.append(found("too_long", row.line, "until", most=MOST_DAYS))
    said = _text(_cell(row, places, "kind"))
    kind = kind_of(said) if said else "other"
    if not kind:
        findings.append(found("not_kind", row.line, "kind", text=said[:40]))
    if len(findings) > before or first is None:
        return None
    return LeaveRow(
        line=row.line,
        begins_on=first,
        ends_on=(last or first) + timedelta(1),
        person="" if "@" in person else person,
        mails=(person.casefold(),) if "@" in person else (),
        kind=kind,
        note=_text(_cell(row, places, "note"))[:300],
    )


def _day(row: Row, places: dict[str, int], name: str, order: str, findings: list[Finding]) -> date | None:
    cell = _cell(row, places, name)
    if cell == "":
        return None
    value = (cell.date() if isinstance(cell, datetime) else cell) if isinstance(cell, date) else day(_text(cell), order)  # type: ignore[arg-type]
    if value is None or not 2000 <= value.year <= 2100:
        findings.append(found("not_date", row.line, name, text=_text(cell)[:40]))
        return None
    return value


def _as_column(finding: Finding, header: Row) -> Finding:
    """The table reader names a column by its letters."""
    number = 0
    for letter in finding.place.field:
        number = number * 26 + ord(letter) - 64
    title = _text(header.cells[number - 1]) if finding.place.field.isupper() and 0 < number <= len(header.cells) else finding.place.field
    line = finding.place.line
    return Finding(finding.code, Place(path=(*((("line", line),) if line else ()), *((("column", title),) if title else ()))), finding.values)


def _cell(row: Row, places: dict[str, int], name: str) -> Cell:
    at = places.get(name)
    return row.cells[at] if at is not None and at < len(row.cells) else ""


def _title(cell: Cell) -> str:
    return " ".join(_text(cell).casefold().split())


def _text(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, date) else " ".join(str(cell).split())


def template(form: Literal["csv", "xlsx"], say: Callable[[str], str] = str) -> bytes:
    """An empty sheet; its notes and example begin with # and are not read."""
    titles, notes, examples = ([row[number] for row in COLUMNS] for number in range(3))
    notes = [say(note) for note in notes]
    notes[0], examples[0] = f"# {notes[0]}", f"# {examples[0]}"
    if form == "csv":
        return write_csv([titles, notes, examples])
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "leave"
    for row in (titles, notes, examples):
        page.append(row)
    for column in "ABCDE":
        page.column_dimensions[column].width = 26
    book.save(kept := io.BytesIO())
    return kept.getvalue()
