"""What all writers share: how a cell reads, where a column is aligned, and which characters a file may hold."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from remit.domain.document import Bars, Cell, Document, Table
from remit.domain.money import Money
from remit.formats.words import Words

Align = Literal["start", "end"]

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, which is the least of the formats written."""


def is_number(cell: Cell) -> bool:
    """A figure, to be aligned at its end."""
    return isinstance(cell, (int, Decimal, Money)) and not isinstance(cell, bool)


def said(cell: Cell, document: Document) -> str:
    """A cell in the document's language; nothing for None."""
    return "" if cell is None else clean(Words(document.language).value(cell, document.zone))


def clean(text: str) -> str:
    """Without control characters and lone surrogates."""
    return FORBIDDEN.sub("", text)


def aligned(table: Table) -> tuple[Align, ...]:
    """How each column is aligned: as the table says, else a column of figures at its end."""
    if table.align:
        return tuple(table.align)
    columns = []
    for index in range(len(table.columns)):
        cells = [row[index] for row in table.rows if index < len(row) and row[index] is not None]
        columns.append("end" if cells and all(is_number(cell) for cell in cells) else "start")
    return tuple(columns)  # type: ignore[arg-type]


def bar_shares(bars: Bars) -> tuple[Decimal, ...]:
    """How long each bar is, as a share of the longest; below zero counts as nothing."""
    amounts = [max(Decimal(0), cell.amount if isinstance(cell, Money) else Decimal(cell or 0)) for _, cell in bars.bars]
    longest = max(amounts, default=Decimal(0))
    return tuple(amount / longest if longest else Decimal(0) for amount in amounts)
