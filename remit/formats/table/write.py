"""CSV that is safe to open: no cell of it runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from remit.formats.table.cells import number

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program would run the text (a signed number is none)."""
    start = text.lstrip(" ")
    return start.startswith(_STARTS) and number(text) is None


def neutral(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet program would run it."""
    return f"'{text}" if is_formula(text) else text


def write_csv(rows: Iterable[Sequence[Any]], *, delimiter: str = ",") -> bytes:
    """UTF-8 with its mark (spreadsheet programs take it for another encoding otherwise); numbers plain with a point, dates in ISO form, None empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, bool | int | date | datetime):
        return cell.isoformat() if isinstance(cell, date) else str(cell)
    return neutral(str(cell).replace("\0", ""))
