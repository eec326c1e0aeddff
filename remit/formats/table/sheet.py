"""An XLSX workbook to rows of cells, opened only after its parts were weighed."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from remit.domain.line import Finding
from remit.formats.table.rules import found
from remit.formats.table.values import Cell, Limits, Row, Table

_HEAD = 65536
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
_LAST_ROW = 1_048_576
"""Excel's own last."""
_FILLED = 10
"""Times the limit of cells that may be empty ones."""


def read_sheet(data: bytes, sheet: str, limits: Limits, *, refuse_formulas: bool = False) -> tuple[Table | None, tuple[Finding, ...]]:
    """The named sheet, or the one that the workbook opens with. Dates come as dates, numbers as decimals of 15 digits (all that Excel keeps).

    `refuse_formulas`: a cell with a formula is a finding and comes empty, also where its result is stored.
    """
    try:
        refusal, formulas = _weigh(data, limits)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return None, (found("table.broken_sheet"),)
    if refusal:
        return None, (refusal,)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _rows(data, sheet, formulas, limits, refuse_formulas)
    except _TooMany:
        return None, (found("table.too_many_cells", limit=limits.cells),)
    except MemoryError:
        raise
    # A damaged workbook fails in openpyxl in ways beyond counting (KeyError, AttributeError, struct.error, ParseError ...).
    except Exception:
        return None, (found("table.broken_sheet"),)


def _weigh(data: bytes, limits: Limits) -> tuple[Finding | None, bool]:
    """What forbids opening it, and whether a cell holds a formula. Parts are unpacked as a stream, so that a false size in the directory deceives nobody."""
    unpacked, formulas = 0, False
    most = min(limits.unpacked_bytes, max(limits.ratio * len(data), 1_000_000))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            with archive.open(name) as part:
                head = part.read(_HEAD)
                unpacked += len(head)
                if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"\0" in head[:200]):
                    return found("table.doctype"), False
                is_sheet = name.startswith("xl/worksheets/")
                formulas = formulas or (is_sheet and _holds_formula(head))
                while chunk := part.read(_HEAD * 16):
                    unpacked += len(chunk)
                    formulas = formulas or (is_sheet and _holds_formula(chunk))
                    if unpacked > most:
                        break
            if unpacked > most:
                return found("table.unpacks_too_large", limit=limits.unpacked_bytes, ratio=limits.ratio), False
    return None, formulas


def _holds_formula(chunk: bytes) -> bool:
    return b"<f>" in chunk or b"<f " in chunk


def _rows(data: bytes, sheet: str, formulas: bool, limits: Limits, refuse: bool) -> tuple[Table | None, tuple[Finding, ...]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    names = tuple(worksheet.title for worksheet in book.worksheets)
    if sheet and sheet not in names:
        return None, (found("table.no_such_sheet", sheet=sheet, sheets=", ".join(names)),)
    chosen = sheet or (book.active.title if book.active and book.active.title in names else names[0])
    written = _formulas(data, chosen, limits) if formulas else {}
    rows: list[Row] = []
    findings: list[Finding] = []
    cells = 0
    for line, raw in _bounded(book[chosen], limits):
        formula = written.get(line, {})
        raw += (None,) * (max(formula, default=0) - len(raw))
        if refuse and formula:
            findings += [
                found("table.formula_refused", line, _letters(column), cell=f"{_letters(column)}{line}", text=text[:60]) for column, text in formula.items()
            ]
            raw, formula = tuple(None if column in formula else value for column, value in enumerate(raw, start=1)), {}
        row = tuple(_cell(value, line, column, formula, findings) for column, value in enumerate(raw, start=1))
        if any(cell != "" for cell in row):
            rows.append(Row(line, row))
            cells += len(row)
        if len(rows) > limits.rows:
            return None, (*findings, found("table.too_many_rows", line, limit=limits.rows))
        if cells > limits.cells:
            return None, (*findings, found("table.too_many_cells", line, limit=limits.cells))
    if not rows:
        return None, (*findings, found("table.empty"))
    return Table(form="xlsx", rows=tuple(rows), sheet=chosen, sheets=names, lines=rows[-1].line), tuple(findings)


def _bounded(worksheet: Any, limits: Limits) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Row number and values without the empty cells at the end.

    openpyxl fills up whatever a row or cell number leaves out, so that a file of a few bytes could ask for billions: what is filled counts too.
    """
    # The stored sizes of foreign programs are often wrong, and then hide rows.
    worksheet.reset_dimensions()
    touched = 0
    for line, raw in enumerate(worksheet.iter_rows(values_only=True, max_row=_LAST_ROW), start=1):
        touched += len(raw)
        if touched > _FILLED * limits.cells:
            raise _TooMany
        width = len(raw)
        while width and raw[width - 1] is None:
            width -= 1
        yield line, raw[:width]


class _TooMany(Exception):
    """More cells than are read, empty ones included."""


def _formulas(data: bytes, sheet: str, limits: Limits) -> dict[int, dict[int, str]]:
    """Formula by row and column."""
    from openpyxl import load_workbook

    written: dict[int, dict[int, str]] = {}
    for line, row in _bounded(load_workbook(io.BytesIO(data), read_only=True)[sheet], limits):
        formulas = {column: value for column, value in enumerate(row, start=1) if isinstance(value, str) and value.startswith("=")}
        if formulas:
            written[line] = formulas
    return written


def _cell(value: Any, line: int, column: int, formulas: Mapping[int, str], findings: list[Finding]) -> Cell:
    if value is None:
        formula = formulas.get(column)
        if formula:
            findings.append(found("table.formula_unread", line, _letters(column), text=formula[:60]))
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, date):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(f"{value:.15g}") if value - value == 0 else ""
    text = str(value).strip()
    if text in _ERRORS:
        findings.append(found("table.cell_error", line, _letters(column), text=text))
        return ""
    return text


def _letters(column: int) -> str:
    """A, B ... Z, AA ...: how the sheet names its columns."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
