"""A redline: what was taken out and put in between two versions of a text, paragraph by paragraph and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "out", "in"]
WORD = re.compile(r"\s+|\w+|[^\w\s]")
ALIKE = 0.5
"""Paragraphs that share at least so much are one paragraph that was changed; others were taken out and put in whole."""
MOST_WORDS = 20_000
"""Beyond that a paragraph is compared as a whole: comparing takes time squared with its words."""


@dataclass(frozen=True)
class Change:
    """A stretch of text that stayed, went out or came in."""

    kind: Kind
    text: str


Changes = tuple[Change, ...]


def redline(before: Sequence[str], after: Sequence[str]) -> tuple[Changes, ...]:
    """Each paragraph of either version once, in order, as its changes; dropping what came in gives `before`, dropping what went out `after`."""
    return tuple(_paragraphs(list(before), list(after)))


def words(before: str, after: str) -> Changes:
    """The changes within one paragraph."""
    one, other = WORD.findall(before), WORD.findall(after)
    if before == after:
        return (Change("same", before),) if before else ()
    if len(one) + len(other) > MOST_WORDS:
        return _joined([("out", before), ("in", after)])
    stretches: list[tuple[Kind, str]] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            stretches.append(("same", "".join(one[a1:a2])))
        else:
            stretches += [("out", "".join(one[a1:a2])), ("in", "".join(other[b1:b2]))]
    return _joined(stretches)


def _paragraphs(before: list[str], after: list[str]) -> Iterator[Changes]:
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (words(text, text) for text in after[b1:b2])
        else:
            yield from _replaced(before[a1:a2], after[b1:b2])


def _replaced(gone: list[str], come: list[str]) -> Iterator[Changes]:
    """Each new paragraph beside the first old one that it is like; old ones passed over went out."""
    at = 0
    for text in come:
        like = next((index for index in range(at, len(gone)) if _alike(gone[index], text)), None)
        if like is None:
            yield _joined([("in", text)])
            continue
        yield from (_joined([("out", old)]) for old in gone[at:like])
        yield words(gone[like], text)
        at = like + 1
    yield from (_joined([("out", old)]) for old in gone[at:])


def _alike(one: str, other: str) -> bool:
    if not one or not other or len(one) + len(other) > MOST_WORDS * 5:
        return False
    matcher = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _joined(stretches: list[tuple[Kind, str]]) -> Changes:
    """Without empty stretches, like ones put together."""
    made: list[Change] = []
    for kind, text in stretches:
        if not text:
            continue
        if made and made[-1].kind == kind:
            made[-1] = Change(kind, made[-1].text + text)
        else:
            made.append(Change(kind, text))
    return tuple(made)
