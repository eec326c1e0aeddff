"""A memo as it is written: its parts, the passages of its discussion, and by which citation each kept text is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from remit.domain.reasons import N_

PARTS: Mapping[str, str] = {
    "question": N_("Question presented"),
    "answer": N_("Short answer"),
    "facts": N_("Facts"),
    "conclusion": N_("Conclusion"),
}
"""The parts that are one text each; the discussion, which stands before the conclusion, is made of passages."""
KINDS: Mapping[str, str] = {"text": N_("Paragraph"), "quote": N_("Block quotation"), "heading": N_("Heading")}


@dataclass(frozen=True)
class Passage:
    """A paragraph of the discussion; `kind` as in `KINDS`."""

    key: str
    kind: str
    text: str


@dataclass(frozen=True)
class Tie:
    """The citation by which a kept text is meant, and the pages or paragraphs relied on."""

    citation: str
    pinpoint: str = ""


@dataclass(frozen=True)
class Draft:
    """The memo as far as it is written; `made` counts the passages that ever were, so that a key is never given twice. `ties` by the text's hash."""

    jurisdiction: str = ""
    law_as_of: date | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    discussion: tuple[Passage, ...] = ()
    ties: Mapping[str, Tie] = field(default_factory=dict)
    made: int = 0
