"""The text kept of an authority, made comparable: its letters without what a printer may set otherwise."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

DASHES = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
MARKS = "\"'`\u00b4\u00ab\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a"
KEPT = re.compile(rf"[^\s{re.escape(DASHES + MARKS)}]+")
BROKEN = re.compile(rf"[{re.escape(DASHES)}][ \t]*\n\s*")
"""A word that goes on in the next line."""
RULE = re.compile(r"^[ \t]*[—–_-]{5,}[ \t]*\n[^\f]*(?=\f)", re.MULTILINE)
"""Footnotes at the foot of a page, from the line that parts them from the text."""
NOTE_SIGN = re.compile(r"(?<=[A-Za-z][,.;:”’])\d{1,2}(?=\s)|(?<=[a-z]{3})\d{1,2}(?=\s)")
TEXTS_KEPT = 64


@dataclass(frozen=True)
class Source:
    """The text of a kept authority by its name; lines end in a line feed, pages in a form feed. `first_page` is the number of the first page."""

    name: str
    text: str = field(repr=False)
    first_page: int = 1

    @property
    def readings(self) -> tuple[str, ...]:
        """The text, and the text without footnotes and their signs, in which a sentence runs on over the page; both of one length."""
        return _readings(self.text)

    def line_at(self, offset: int) -> int:
        """The line that an offset of the text lies in, from 1."""
        return self.text.count("\n", 0, offset) + 1

    def page_at(self, offset: int) -> int | None:
        """The page, or None where the text has no pages."""
        return self.text.count("\f", 0, offset) + self.first_page if "\f" in self.text else None


@dataclass(frozen=True)
class Letters:
    """A text without spaces, dashes and quotation marks, and where each stretch of it came from."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, offset: int) -> int:
        """The offset in the text itself."""
        at = bisect_right(self.starts, offset) - 1
        return self.origins[at] + offset - self.starts[at] if at >= 0 else 0


@dataclass(frozen=True)
class Vocabulary:
    """The words of a text in order, each bare and with its points, its offset, and the places of each word."""

    words: tuple[str, ...]
    pointed: tuple[str, ...]
    offsets: tuple[int, ...]
    places: Mapping[str, tuple[int, ...]]


def plain(text: str) -> str:
    """Letters that only look different made the same (ligatures, full-width); the lines stay."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=TEXTS_KEPT)
def _readings(text: str) -> tuple[str, ...]:
    blank = NOTE_SIGN.sub(_blank, RULE.sub(_blank, text))
    return (text, blank) if blank != text else (text,)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


@lru_cache(maxsize=TEXTS_KEPT)
def letters(text: str) -> Letters:
    """What is compared of a text."""
    parts, starts, origins, length = [], [], [], 0
    for found in KEPT.finditer(text):
        starts.append(length)
        origins.append(found.start())
        parts.append(found[0])
        length += len(found[0])
    return Letters("".join(parts), tuple(starts), tuple(origins))


@lru_cache(maxsize=TEXTS_KEPT)
def vocabulary(text: str) -> Vocabulary:
    """The words of a text; one that was broken at a line's end is whole again."""
    words: list[str] = []
    pointed: list[str] = []
    offsets: list[int] = []
    places: dict[str, list[int]] = defaultdict(list)
    whole = BROKEN.sub(lambda broken: "\0" * len(broken[0]), text)
    for found in re.finditer(r"\S+", whole):
        word = bare(found[0])
        if word:
            places[word.lower()].append(len(words))
            words.append(word)
            pointed.append(compared(found[0]))
            offsets.append(found.start())
    return Vocabulary(tuple(words), tuple(pointed), tuple(offsets), {word: tuple(at) for word, at in places.items()})


def bare(word: str) -> str:
    """A word without dashes, quotation marks and the points around it."""
    return compared(word).strip(".,;:!?()[]")


def compared(word: str) -> str:
    """A word without dashes and quotation marks."""
    return "".join(KEPT.findall(word.replace("\0", "")))
