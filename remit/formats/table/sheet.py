"""An XLSX workbook to rows of cells, opened only after its parts were weighed."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from remit.domain.line import Finding
from remit.formats.table.rules import found
from remit.formats.table.values import Cell, Limits, Row, Table

_HEAD = 65536
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
_EMPTY_ROWS = 1000


def read_sheet(data: bytes, sheet: str, limits: Limits) -> tuple[Table | None, tuple[Finding, ...]]:
    """The named sheet, or the one that the workbook opens with. Dates come as dates, numbers as decimals of 15 digits (all that Excel keeps)."""
    try:
        refusal, formulas = _weigh(data, limits)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return None, (found("table.broken_sheet"),)
    if refusal:
        return None, (refusal,)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _rows(data, sheet, formulas, limits)
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


def _rows(data: bytes, sheet: str, formulas: bool, limits: Limits) -> tuple[Table | None, tuple[Finding, ...]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    names = tuple(worksheet.title for worksheet in book.worksheets)
    if sheet and sheet not in names:
        return None, (found("table.no_such_sheet", sheet=sheet, sheets=", ".join(names)),)
    chosen = sheet or (book.active.title if book.active and book.active.title in names else names[0])
    # The stored sizes of foreign programs are often wrong, and then hide rows.
    book[chosen].reset_dimensions()
    written = _formulas(data, chosen) if formulas else {}
    rows: list[Row] = []
    findings: list[Finding] = []
    cells = empty = 0
    for line, raw in enumerate(book[chosen].iter_rows(values_only=True), start=1):
        while raw and raw[-1] is None and (line, len(raw)) not in written:
            raw = raw[:-1]
        row = tuple(_cell(value, line, column, written, findings) for column, value in enumerate(raw, start=1))
        if any(cell != "" for cell in row):
            rows.append(Row(line, row))
            cells, empty = cells + len(row), 0
        else:
            empty += 1
        if len(rows) > limits.rows or cells > limits.cells:
            code, limit = ("table.too_many_rows", limits.rows) if len(rows) > limits.rows else ("table.too_many_cells", limits.cells)
            return None, (*findings, found(code, line, limit=limit))
        if empty > _EMPTY_ROWS * 100:
            break
    if not rows:
        return None, (*findings, found("table.empty"))
    return Table(form="xlsx", rows=tuple(rows), sheet=chosen, sheets=names, lines=rows[-1].line if rows else 0), tuple(findings)


def _formulas(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True)
    book[sheet].reset_dimensions()
    rows = enumerate(book[sheet].iter_rows(values_only=True), start=1)
    return {(line, column): value for line, row in rows for column, value in enumerate(row, start=1) if isinstance(value, str) and value.startswith("=")}


def _cell(value: Any, line: int, column: int, written: dict[tuple[int, int], str], findings: list[Finding]) -> Cell:
    if value is None:
        formula = written.get((line, column))
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
