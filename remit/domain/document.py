"""A document as a value: headings, paragraphs, tables, figures; `formats/document` writes it as HTML, PDF, XLSX and DOCX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from remit.domain.redline import Changes

Cell = Any
"""str, int, Decimal, Money, date, aware datetime or None: a value; the writer formats it in the document's language."""


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (the title) to 3."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Running text; `style` sets the words apart without saying how."""

    text: str
    style: Literal["plain", "note", "warning", "quote"] = "plain"


@dataclass(frozen=True)
class Facts:
    """Pairs of a label and a value, such as the head of a report."""

    pairs: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells under columns; `totals` is a last row set apart; `align` is 'start' or 'end' a column (empty: numbers to the end)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    totals: tuple[Cell, ...] = ()
    align: tuple[Literal["start", "end"], ...] = ()


@dataclass(frozen=True)
class Bars:
    """A bar chart: label and value a bar, in one unit; writers that cannot draw give the table."""

    bars: tuple[tuple[str, Cell], ...]
    caption: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Plate:
    """Numbered lines of fixed text, such as a page of a transcript; never translated, never re-wrapped."""

    lines: tuple[str, ...]
    first: int = 1


@dataclass(frozen=True)
class Revised:
    """A paragraph between two versions: what stayed, what was taken out, what was put in."""

    changes: Changes


Block = Heading | Paragraph | Facts | Table | Bars | Plate | Revised


@dataclass(frozen=True)
class Document:
    """Blocks in order. `language` is the BCP 47 tag in which figures and dates are formatted."""

    title: str
    blocks: tuple[Block, ...]
    language: str = "en"
    zone: str = "UTC"
    """The IANA zone on whose clocks instants are shown."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What a file format keeps beside the text: author, subject, date (ISO)."""
