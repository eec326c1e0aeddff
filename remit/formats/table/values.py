"""A table as read, before and after its cells are typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Cell = str | Decimal | date | datetime | bool
"""Text as it stands in a CSV file; a sheet knows numbers, dates and truth values of its own. An empty cell is ""."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is refused as too large: bytes of the file, rows, cells, unpacked bytes of a sheet, and how much larger than packed."""

    file_bytes: int = 50_000_000
    rows: int = 500_000
    cells: int = 5_000_000
    unpacked_bytes: int = 300_000_000
    ratio: int = 200


LIMITS = Limits()


@dataclass(frozen=True)
class Row:
    """`line`: the first line of the record in the file, or the row of the sheet, from 1."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """All rows in the file's order, none taken as header yet; empty rows are left out."""

    form: Literal["csv", "xlsx"]
    rows: tuple[Row, ...]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    lines: int = 0


@dataclass(frozen=True)
class Record:
    """One row, typed: value by the question's code (None where empty or unreadable)."""

    line: int
    values: Mapping[str, Any]
