"""Standing instructions: what was answered once and holds from a day on; which of them a new question may not need to be asked for, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from remit.domain.reasons import N_, Reason, Sentence

SAME_PAPER = Sentence("instruction.same_paper", N_("It is about the same paper."))
SAME_WORDS = Sentence("instruction.same_words", N_("Both say: {words}."))
LEAST_SHARED, LEAST_WORDS = 0.5, 2
"""So much of the shorter of two questions must stand in the other, and so many words at least."""
SHORTEST = 4
"""Shorter words say nothing of the matter, in any language; figures always do."""
WORD = re.compile(r"\w[\w./-]*\w|\w")
MOST_SAID = 6


@dataclass(frozen=True)
class Known:
    """An instruction as it is compared: the question that it answered, the paper that it is about, and the days on which it holds, half-open."""

    key: str
    question: str
    text: str
    slot: str
    from_on: date
    until_on: date | None

    def holds(self, on: date) -> bool:
        """Half-open."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@dataclass(frozen=True)
class Match:
    """An instruction that may answer a question, and why; `share`: how much of the shorter question the other says too, 2 more for the same paper."""

    known: Known
    why: Reason
    share: float


def matches(question: str, slot: str, known: Iterable[Known], on: date) -> list[Match]:
    """Those in force that day, the likeliest first: about the same paper, or with words in common with the question or its answer."""
    asked = words_of(question)
    found = []
    for each in known:
        if not each.holds(on):
            continue
        said = words_of(each.question)
        shared = asked & said
        share = len(shared) / min(len(asked), len(said)) if asked and said else 0.0
        if slot and slot == each.slot:
            found.append(Match(each, SAME_PAPER(), 2.0 + share))
        elif len(shared) >= LEAST_WORDS and share >= LEAST_SHARED:
            found.append(Match(each, SAME_WORDS(words=", ".join(sorted(shared)[:MOST_SAID])), share))
    return sorted(found, key=lambda match: (-match.share, -match.known.from_on.toordinal(), match.known.key))


def words_of(text: str) -> frozenset[str]:
    """The words that say what a question is about: long ones and figures, in small letters, whatever stands between them."""
    return frozenset(word for word in (found.casefold() for found in WORD.findall(text)) if len(word) >= SHORTEST or any(sign.isdigit() for sign in word))
