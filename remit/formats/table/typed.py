"""Cells typed by questions: a header row found, its columns mapped, each cell read as what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from remit.domain.line import Finding, Question
from remit.formats.table.cells import Mark, Order, day, marks, number, order_of
from remit.formats.table.rules import found
from remit.formats.table.values import Cell, Record, Row, Table
from remit.formats.table.write import is_formula

_HEADER_WITHIN = 60
_YES, _NO = frozenset(("yes", "true", "y", "1", "x", "ja", "oui", "да")), frozenset(("no", "false", "n", "0", "", "nein", "non", "не"))


def typed(
    table: Table,
    questions: Sequence[Question],
    columns: Mapping[str, str] | None = None,
    *,
    dates: Order = "",
    decimal: Mark = "",
    strict: bool = True,
) -> tuple[tuple[Record, ...], tuple[Finding, ...]]:
    """The rows below the header, each cell read as its question asks.

    `columns`: question code to column title, compared without case or outer space; a question that is not in it is looked for by its code. A question
    that is not required may lack a column. `strict`: a row of another width is an error (a sheet drops empty cells at the end, so only more than the header's).
    """
    titles = {question.code: (columns or {}).get(question.code, question.code) for question in questions}
    header, findings = _header(table, questions, titles)
    if header is None:
        return (), findings
    place, width = _places(header, titles), len(header.cells)
    rows = [row for row in table.rows if row.line > header.line]
    found_list = list(findings)
    if strict:
        found_list += [found("table.ragged", row.line, cells=len(row.cells), header=width) for row in rows if _ragged(table, row, width)]
    asked = [(question, place[question.code]) for question in questions if question.code in place]
    hints = {question.code: _hint(question, at, rows, dates, decimal, found_list) for question, at in asked}
    records = []
    for row in rows:
        values = {question.code: _value(row, at, question, hints[question.code], found_list) for question, at in asked}
        records.append(Record(row.line, values))
    return tuple(records), tuple(found_list)


def _plain(cell: Cell) -> str:
    return " ".join(str(cell).casefold().split())


def _header(table: Table, questions: Sequence[Question], titles: Mapping[str, str]) -> tuple[Row | None, tuple[Finding, ...]]:
    """The first row that has every required column; without one, what the best row lacks."""
    required = [question for question in questions if question.required]
    wanted = {question.code: _plain(titles[question.code]) for question in required}
    best: Row | None = None
    best_count = 0
    for row in table.rows[:_HEADER_WITHIN]:
        cells = {_plain(cell) for cell in row.cells}
        count = sum(title in cells for title in wanted.values())
        if count > best_count:
            best, best_count = row, count
        if count == len(wanted):
            return row, _twice(row, titles)
    if best is None or best_count * 2 < len(wanted):
        return None, (found("table.no_header", columns=", ".join(titles[code] for code in wanted)),)
    cells = {_plain(cell) for cell in best.cells}
    return None, tuple(found("table.column_missing", best.line, code, title=titles[code], field=code) for code, title in wanted.items() if title not in cells)


def _twice(header: Row, titles: Mapping[str, str]) -> tuple[Finding, ...]:
    cells = [_plain(cell) for cell in header.cells]
    return tuple(found("table.header_twice", header.line, title, title=title) for title in dict.fromkeys(titles.values()) if cells.count(_plain(title)) > 1)


def _places(header: Row, titles: Mapping[str, str]) -> dict[str, int]:
    cells = [_plain(cell) for cell in header.cells]
    return {code: cells.index(_plain(title)) for code, title in titles.items() if _plain(title) in cells}


def _ragged(table: Table, row: Row, width: int) -> bool:
    if table.form == "xlsx":
        return len(row.cells) > width
    # A delimiter at the end of each row is common, and loses nothing.
    extra = row.cells[width:]
    return len(row.cells) < width or any(cell != "" for cell in extra)


def _hint(question: Question, at: int, rows: Sequence[Row], dates: Order, decimal: Mark, findings: list[Finding]) -> Any:
    """How dates or numbers of this column are written, told or found from the whole of it."""
    if question.kind == "date" and not dates:
        texts = [(row.line, row.cells[at]) for row in rows if at < len(row.cells) and isinstance(row.cells[at], str)]
        order = order_of(str(text) for _, text in texts)
        if order is None:
            line, text = next((line, text) for line, text in texts if order_of([str(text)]) is None or text)
            findings.append(found("table.date_ambiguous", line, question.code, text=text))
        return order or "day_first"
    if question.kind in ("number", "money") and not decimal:
        texts = [(row.line, row.cells[at]) for row in rows if at < len(row.cells) and isinstance(row.cells[at], str)]
        mark = marks(str(text) for _, text in texts)
        if mark is None:
            line, text = next((line, text) for line, text in texts if marks([str(text)]) is None)
            findings.append(found("table.number_ambiguous", line, question.code, text=text))
        return mark or ""
    return dates if question.kind == "date" else decimal


def _value(row: Row, at: int, question: Question, hint: Any, findings: list[Finding]) -> Any:
    cell: Cell = row.cells[at] if at < len(row.cells) else ""
    if cell == "":
        if question.required:
            findings.append(found("table.value_missing", row.line, question.code))
        return None if question.kind not in ("text", "choice") else ""
    value, code = _read(cell, question, hint)
    if code:
        findings.append(found(code, row.line, question.code, text=str(cell)[:60], choices=", ".join(question.choices)))
    return value


def _read(cell: Cell, question: Question, hint: Any) -> tuple[Any, str]:
    """The value, and the code of what is wrong with it."""
    if question.kind in ("number", "money"):
        amount = cell if isinstance(cell, Decimal) else number(cell, hint) if isinstance(cell, str) else None
        return amount, "" if amount is not None else "table.not_number"
    if question.kind == "date":
        return _read_date(cell, hint)
    if question.kind == "yes":
        answer = str(cell).casefold()
        return (answer in _YES, "") if answer in _YES | _NO else (None, "table.not_choice")
    text = f"{cell:f}" if isinstance(cell, Decimal) else cell.isoformat() if isinstance(cell, date) else str(cell)
    if question.choices and text not in question.choices:
        return text, "table.not_choice"
    return text, "table.formula" if isinstance(cell, str) and is_formula(text) else ""


def _read_date(cell: Cell, order: Order) -> tuple[date | None, str]:
    if isinstance(cell, datetime):
        return cell.date(), ""
    if isinstance(cell, date):
        return cell, ""
    # A sheet that keeps 20240131 as a number.
    value = day(f"{cell:f}" if isinstance(cell, Decimal) else str(cell), order)
    return value, "" if value else "table.not_date"
