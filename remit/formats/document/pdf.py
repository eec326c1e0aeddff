"""A document as a tagged PDF by typst: fixed fonts, no clock, no network, and text that is never read as markup."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from remit.domain.document import Bars, Block, Document, Facts, Heading, Paragraph, Plate, Revised, Table
from remit.formats.document.cells import aligned, bar_shares, clean, said
from remit.formats.words import Words

FONTS, MONO = ("Libertinus Serif", "DejaVu Sans Mono"), "DejaVu Sans Mono"
"""The fonts that the typst wheel brings: Latin, Greek and Cyrillic; for other scripts the machine's fonts are asked."""
WIDE = 7
"""A table of more columns turns the pages."""
ROOM = 55
"""Letters that the other columns may take beside the one that fills the line."""
ACCESSIBLE: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: tagged, titled, with its language; typst checks what a program can check of it."""


def write_pdf(document: Document) -> bytes:
    """The PDF's bytes: A4, page numbers, table heads repeated on each page.

    The same document gives the same bytes. A document with a character that the fonts of the wheel lack (a name in Devanagari) is set with the
    machine's fonts instead, without the claim of PDF/UA, and its bytes then depend on them.
    """
    import typst

    source, inputs = _template(), {"paper": json.dumps(_paper(document), ensure_ascii=False)}
    try:
        return bytes(typst.compile(source, format="pdf", sys_inputs=inputs, ignore_system_fonts=True, pdf_standards=ACCESSIBLE, timestamp=0))
    except typst.TypstError:
        return bytes(typst.compile(source, format="pdf", sys_inputs=inputs, timestamp=0))


@cache
def _template() -> bytes:
    return Path(__file__).with_name("pdf.typ").read_bytes()


def _paper(document: Document) -> dict[str, Any]:
    locale = Words(document.language).locale
    try:
        on: date | None = date.fromisoformat(document.facts.get("date", "")[:10])
    except ValueError:
        on = None
    return {
        "title": clean(document.title) or "-",
        "author": clean(document.facts.get("author", "")),
        "subject": clean(document.facts.get("subject", "")),
        "date": [on.year, on.month, on.day] if on else None,
        "language": locale.language,
        "region": locale.territory,
        "fonts": FONTS,
        "mono": MONO,
        "wide": any(isinstance(block, Table) and len(block.columns) > WIDE for block in document.blocks),
        "blocks": [_block(block, document) for block in _levelled(document.blocks)],
    }


def _levelled(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Headings that begin at 1 and skip no level, as PDF/UA asks."""
    made: list[Block] = []
    last = 0
    for block in blocks:
        if isinstance(block, Heading):
            last = min(block.level, last + 1)
            made.append(Heading(block.text, last))
        else:
            made.append(block)
    return tuple(made)


def _block(block: Block, document: Document) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": clean(block.text), "level": block.level}
        case Paragraph():
            return {"kind": "paragraph", "text": clean(block.text), "style": block.style}
        case Facts():
            return {"kind": "facts", "pairs": [(clean(label), said(cell, document)) for label, cell in block.pairs]}
        case Table():
            return _table(block, document)
        case Bars():
            caption = " ".join(part for part in (block.caption, f"({block.unit})" if block.unit else "") if part)
            shares = bar_shares(block)
            bars = [(clean(label), said(cell, document), float(share)) for (label, cell), share in zip(block.bars, shares, strict=True)]
            return {"kind": "bars", "caption": clean(caption), "bars": bars}
        case Plate():
            return {"kind": "plate", "lines": [clean(line) for line in block.lines], "first": block.first}
        case Revised():
            return {"kind": "revised", "changes": [(change.kind, clean(change.text)) for change in block.changes]}


def _table(table: Table, document: Document) -> dict[str, Any]:
    columns = [clean(column) for column in table.columns]
    rows = [_row(row, document, len(columns)) for row in table.rows]
    return {
        "kind": "table",
        "caption": clean(table.caption),
        "columns": columns,
        "rows": rows,
        "totals": _row(table.totals, document, len(columns)) if table.totals else [],
        "align": aligned(table),
        "stretch": _stretch(columns, rows),
    }


def _stretch(columns: list[str], rows: list[list[str]]) -> int:
    """The column with the longest text, which fills the line; -1 where the others need the line themselves and all share it."""
    lengths = [max(len(cell) for cell in cells) for cells in zip(columns, *rows, strict=True)]
    longest = max(range(len(lengths)), key=lengths.__getitem__, default=-1)
    return longest if lengths and sum(lengths) - lengths[longest] <= ROOM else -1


def _row(row: tuple[Any, ...], document: Document, width: int) -> list[str]:
    """As many cells as there are columns."""
    return [said(cell, document) for cell in row[:width]] + [""] * (width - len(row))
