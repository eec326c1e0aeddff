"""Templates of the sheets: titles, a line that says what belongs in each column, and an example; both of these begin with # and are not read."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Literal

from remit.formats.table import write_csv
from remit.formats.takeover.columns import SHEETS, Column

MARK = "#"
"""A line whose first cell begins so is not read."""


def template(sheet: str, form: Literal["csv", "xlsx"], say: Callable[[str], str] = str, more: tuple[Column, ...] = ()) -> bytes:
    """The file's bytes. `say` puts the notes into a language (titles stay as they are); `more`: further columns, whose choices are named in their notes."""
    columns = (*SHEETS[sheet], *more)
    titles = [column.title for column in columns]
    notes = [say(column.says) for column in SHEETS[sheet]] + [": ".join(filter(None, (say(column.says), ", ".join(column.choices)))) for column in more]
    examples = [column.example for column in columns]
    notes[0], examples[0] = f"{MARK} {notes[0]}", f"{MARK} {examples[0]}"
    if form == "csv":
        return write_csv([titles, notes, examples])
    return _workbook(sheet, [titles, notes, examples], required=[column.required for column in columns])


def _workbook(sheet: str, rows: list[list[str]], required: list[bool]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    for number, (title, is_required) in enumerate(zip(rows[0], required, strict=True), start=1):
        cell = page.cell(1, number)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE7F5" if is_required else "F2F2F2")
        page.column_dimensions[get_column_letter(number)].width = max(14, min(34, len(title) + 6))
        page.cell(2, number).alignment = Alignment(wrap_text=True, vertical="top")
        for line in (2, 3):
            page.cell(line, number).font = Font(italic=True, color="666666")
        # Text, so that no program turns a number of a register or a day into something else.
        for line in range(2, 4):
            page.cell(line, number).number_format = "@"
    page.freeze_panes = "B2"
    book.save(kept := io.BytesIO())
    return kept.getvalue()
