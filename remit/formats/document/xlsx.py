"""A document as a workbook: figures as figures, dates as dates, and text always as text, whatever it looks like."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from remit.domain.document import Bars, Cell, Document, Facts, Heading, Paragraph, Plate, Revised, Table
from remit.domain.money import Money, minor_unit
from remit.formats.document.cells import aligned, clean, said
from remit.formats.document.zips import settled

MOST_LETTERS = 32_767
"""What one cell of the format holds."""
EXACT_DIGITS = 15
"""A figure of more digits would be rounded by the programs that read it; it is written as text."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 60
MARKED = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
"""How plain text says what went out and came in."""


def write_xlsx(document: Document) -> bytes:
    """The workbook's bytes: the text on the first sheet, each table on a sheet of its own with its head frozen.

    The same document gives the same bytes. Instants stand on the clocks of the document's zone, which the cell's format names.
    """
    from openpyxl import Workbook

    book = Workbook()
    first: Any = book.active
    first.title = "1"
    first.column_dimensions["A"].width = first.column_dimensions["B"].width = 40
    heading = ""
    for block in document.blocks:
        match block:
            case Heading():
                heading = block.text
                _append(first, [block.text], document, bold=True)
            case Paragraph():
                _append(first, [block.text], document)
            case Facts():
                for label, cell in block.pairs:
                    _append(first, [label, cell], document)
            case Bars():
                _append(first, [f"{block.caption} {f'({block.unit})' if block.unit else ''}".strip()], document, bold=True)
                for label, cell in block.bars:
                    _append(first, [label, cell], document)
            case Plate():
                for number, line in enumerate(block.lines, block.first):
                    _append(first, [line, number], document)
            case Revised():
                _append(first, ["".join(MARKED[change.kind].format(change.text) for change in block.changes)], document)
            case Table():
                sheet = book.create_sheet(_sheet_name(block.caption or heading or document.title, book.sheetnames))
                _append(first, [block.caption or heading, f"→ {sheet.title}"], document)
                _table(sheet, block, document)
    book.properties.title, book.properties.creator = clean(document.title), clean(document.facts.get("author", ""))
    book.properties.subject, book.properties.language = clean(document.facts.get("subject", "")), document.language
    book.save(kept := io.BytesIO())
    return settled(kept.getvalue(), document.facts.get("date", ""))


def _table(sheet: Any, table: Table, document: Document) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    _append(sheet, table.columns, document, bold=True, row=1)
    for index, row in enumerate(table.rows, 2):
        _append(sheet, row, document, row=index)
    if table.totals:
        _append(sheet, table.totals, document, bold=True, row=len(table.rows) + 2)
    sheet.freeze_panes = "A2"
    for index, side in enumerate(aligned(table)):
        if side == "end" and index < len(table.columns):
            sheet.cell(1, index + 1).alignment = Alignment(horizontal="right")
    for index, column in enumerate(table.columns):
        shown = [len(said(row[index], document)) for row in table.rows[:500] if index < len(row)]
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(WIDEST, max([len(column), 6, *shown]) + 2)


def _append(sheet: Any, cells: Any, document: Document, *, bold: bool = False, row: int = 0) -> None:
    from openpyxl.styles import Font

    row = row or (sheet.max_row + 1 if sheet["A1"].value is not None else 1)
    for column, cell in enumerate(cells, 1):
        if cell is None:
            continue
        value, shape = _typed(cell, document)
        kept = sheet.cell(row, column)
        if isinstance(value, str):
            kept.value, kept.data_type = value, "s"  # else what begins with = becomes a formula, and #N/A an error
            kept.quotePrefix = value.startswith(FORMULA_SIGNS)
        else:
            kept.value = value
            kept.number_format = shape
        if bold:
            kept.font = Font(bold=True)


def _typed(cell: Cell, document: Document) -> tuple[Any, str]:
    """The value that the format keeps, and how it is shown."""
    match cell:
        case bool():
            return said(cell, document), ""
        case Money() if _exact(cell.amount):
            places = max(-int(minor_unit(cell.currency).as_tuple().exponent), -int(cell.amount.as_tuple().exponent), 0)
            return cell.amount, f'{_decimals(places)} "{cell.currency}"'
        case int() | Decimal() if _exact(Decimal(cell)):
            return cell, _decimals(max(-int(Decimal(cell).as_tuple().exponent), 0))
        case datetime():
            local = cell.astimezone(ZoneInfo(document.zone))
            return local.replace(tzinfo=None), f'yyyy-mm-dd hh:mm "{local:%Z}"'
        case date():
            return cell, "yyyy-mm-dd"
    return said(cell, document)[:MOST_LETTERS], ""


def _exact(number: Decimal) -> bool:
    return number.is_finite() and len(number.as_tuple().digits) <= EXACT_DIGITS and abs(number.adjusted()) <= EXACT_DIGITS


def _decimals(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def _sheet_name(title: str, taken: list[str]) -> str:
    """At most 31 letters without those that the format forbids, and unlike the others."""
    name = re.sub(r"[\[\]:*?/\\']", " ", clean(title)).strip()[:31] or "2"
    number = 2
    while name.lower() in {other.lower() for other in taken}:
        name = f"{name[:27].rstrip()} {number}"
        number += 1
    return name
