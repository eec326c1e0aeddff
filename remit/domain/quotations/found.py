"""The quotations of a paragraph: what stands between quotation marks, with those inside it; defined terms are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TERM = re.compile(r"\(\s*(?:(?:the|an?|collectively|together|hereinafter|hereafter|or|and)[ ,]+)*$", re.IGNORECASE)
MOST_TERM_WORDS = 6
OPENS_AFTER = " \t\n\u00a0([{—–-/\u2018'"


@dataclass(frozen=True)
class Quotation:
    """`text` without its outer marks, from `start` to `end` (half-open, marks included). `closed`: False where the paragraph ends first."""

    text: str
    start: int
    end: int
    closed: bool = True


def quotations(text: str) -> tuple[Quotation, ...]:
    """Each outermost quotation in order. Curly marks nest by their shape; straight ones pair by what stands around them."""
    return tuple(found for found in _pairs(text) if found.text.strip() and not _is_term(text, found))


def _pairs(text: str) -> Iterator[Quotation]:
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == "\u201c" or (sign == '"' and _opens(text, at)):
            end = _closing_curly(text, at) if sign == "\u201c" else _closing_straight(text, at)
            if end is None:
                yield Quotation(text[at + 1 :], at, len(text), closed=False)
                return
            yield Quotation(text[at + 1 : end], at, end + 1)
            at = end
        at += 1


def _closing_curly(text: str, at: int) -> int | None:
    depth = 0
    for index in range(at, len(text)):
        if text[index] == "\u201c":
            depth += 1
        elif text[index] == "\u201d" or (text[index] == '"' and not _opens(text, index)):
            depth -= 1
            if not depth:
                return index
    return None


def _closing_straight(text: str, at: int) -> int | None:
    for index in range(at + 1, len(text)):
        if text[index] in '"\u201d' and not _opens(text, index):
            return index
    return None


def _opens(text: str, at: int) -> bool:
    """Whether a straight mark begins a quotation: something follows it at once, and a space or a bracket stands before."""
    before, after = text[at - 1] if at else " ", text[at + 1] if at + 1 < len(text) else " "
    return before in OPENS_AFTER and not after.isspace()


def _is_term(text: str, found: Quotation) -> bool:
    """A name given to something, such as (the “University”): in brackets by itself, after an article at most."""
    closes = text[found.end : found.end + 1] == ")"
    return closes and len(found.text.split()) <= MOST_TERM_WORDS and TERM.search(text[: found.start]) is not None
