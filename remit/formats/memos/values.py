"""A memo and a kept authority as their files give them: passages with their lines; a text with its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PARTS: Mapping[str, tuple[str, ...]] = {
    "question": ("question presented", "questions presented", "question", "questions", "issue", "issues", "issue presented", "issues presented"),
    "answer": ("short answer", "short answers", "brief answer", "brief answers", "answer", "answers", "summary of conclusions"),
    "facts": ("facts", "statement of facts", "statement of the facts", "factual background", "background", "relevant facts", "facts and background"),
    "jurisdiction": ("jurisdiction", "jurisdiction and court", "governing law", "applicable law", "jurisdiction and date of the law"),
    "law_as_of": ("date of the law", "law as of", "currency of the law"),
    "discussion": ("discussion", "analysis", "legal analysis", "argument", "discussion and analysis"),
    "conclusion": ("conclusion", "conclusions", "conclusion and recommendation", "recommendation", "recommendations"),
    "authorities": ("table of authorities", "authorities", "authorities cited", "sources"),
}
"""The parts of a legal memo, and the headings under which they stand."""
PassageKind = Literal["heading", "text", "quote", "footnote", "row"]


@dataclass(frozen=True)
class Passage:
    """A paragraph. `line` is that of the file (Markdown) or the number of the paragraph (DOCX), from 1; a line feed in a text of Markdown is one of the file.

    `level`: of a heading, from 1.
    """

    kind: PassageKind
    text: str
    line: int
    level: int = 0


@dataclass(frozen=True)
class Memo:
    """A memo as its file has it. `form`: md or docx."""

    form: Literal["md", "docx"]
    passages: tuple[Passage, ...]

    def parts(self) -> Mapping[str, tuple[Passage, ...]]:
        """The passages under each heading that is known, without the heading; what stands before the first is left out. Lower headings stay in their part."""
        found: dict[str, list[Passage]] = {}
        part, level = "", 0
        for passage in self.passages:
            if passage.kind == "heading":
                named = part_of(passage.text)
                if named or passage.level <= level:
                    part, level = named, passage.level
                    found.setdefault(part, [])
                    continue
            if part:
                found.setdefault(part, []).append(passage)
        return {part: tuple(passages) for part, passages in found.items() if part}


@dataclass(frozen=True)
class AuthorityText:
    """The text read from the bytes of a kept authority. `form`: txt, md, html, pdf or docx; pages, where there are any, are separated by a form feed."""

    form: str
    text: str


def part_of(heading: str) -> str:
    """The part of a memo that a heading opens, or nothing; numbers before it and points after it do not count."""
    words = heading.lower().strip()
    head, _, rest = words.partition(" ")
    if rest and head.rstrip(".):") in NUMERALS:
        words = rest
    words = words.strip(" .:*#\u00a0-–—")
    return next((part for part, names in PARTS.items() if words in names), "")


NUMERALS = frozenset((*"abcdefghij", *"123456789", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "10", "§"))
