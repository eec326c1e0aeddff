"""A quotation against kept texts: what is not marked as altered or left out must be there letter by letter, in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from remit.domain.quotations.source import Source, Vocabulary, bare, compared, letters, plain, vocabulary

OMITTED = re.compile(r"\[\s*(?:…|\.(?:\s?\.){2,3})\s*\]|…\s?\.?|\.(?:\s?\.){2,3}|\*\s\*\s\*(?:\s\*)?")
"""How an omission is marked: an ellipsis of three points or four, alone or in brackets, or three stars."""
ALTERED = re.compile(r"\[[^\]]*\]")
MOST_OMITTED, MOST_ALTERED = 6000, 300
"""Letters of the source that an ellipsis and a bracket may stand for."""
ENDINGS = ".,;:!?"
LEAST_WORDS = 4
"""Below that, a text that is like a quotation proves nothing."""
ALIKE = 0.6
"""The share of words that must agree before a text counts as the one that is quoted."""
LIKELY = 4
"""Places in a text that are looked at more closely."""
COMMON = 600
"""A word that stands oftener than this in a text does not help to find the place."""
MOST_TRIES = 20_000


@dataclass(frozen=True)
class Compared:
    """`same`: as kept; `differs`: the first words that the source reads otherwise; `absent`: nothing like it; `nothing`: no letter to compare."""

    verdict: Literal["same", "differs", "absent", "nothing"]
    source: Source | None = None
    offset: int = 0
    """Where in the source's text, by its own offsets."""
    written: str = ""
    reads: str = ""

    @property
    def line(self) -> int | None:
        """The line of the source."""
        return self.source.line_at(self.offset) if self.source else None

    @property
    def page(self) -> int | None:
        """The page of the source, where it has pages."""
        return self.source.page_at(self.offset) if self.source else None


@dataclass(frozen=True)
class Piece:
    """Letters that must be there after at most `gap` others."""

    text: str
    gap: int = 0


def compare(quotation: str, sources: Sequence[Source], alike: float = ALIKE) -> Compared:
    """The quotation without its outer marks, against every source: the first that holds it, else the one that comes nearest.

    Spaces, the kind of dashes and of quotation marks are the printer's and are not compared, nor is the point or comma that ends the quotation; all other
    letters, figures and points are, upper and lower case too. What is in brackets or replaced by an ellipsis may differ. `alike`: the share of words that
    must agree before a text counts as the one quoted.
    """
    text = plain(quotation)
    pieces = _pieces(text)
    if not pieces:
        return Compared("nothing")
    for source in sources:
        for reading in source.readings:
            kept = letters(reading)
            at = _find(pieces, kept.text)
            if at is not None:
                return Compared("same", source, kept.origin(at))
    near = [found for source in sources if (found := _nearest(text, source, alike)) is not None]
    if not near:
        return Compared("absent")
    return max(near, key=lambda pair: pair[0])[1]


def word_count(quotation: str) -> int:
    """Words outside brackets and omissions."""
    return len([word for stretch in _stretches(plain(quotation)) for word in ALTERED.sub(" ", stretch).split() if bare(word)])


def _stretches(text: str) -> list[str]:
    """What stands between omissions."""
    return [part for part in OMITTED.sub("\0", text).split("\0") if letters(ALTERED.sub("", part)).text.strip(ENDINGS)]


def _pieces(text: str) -> tuple[Piece, ...]:
    marked = ALTERED.sub("\1", OMITTED.sub("\2", text))
    pieces: list[Piece] = []
    gap = 0
    for part in re.split("([\1\2])", marked):
        if part in ("\1", "\2"):
            gap += MOST_ALTERED if part == "\1" else MOST_OMITTED
        elif compared := letters(part).text:
            pieces.append(Piece(compared, gap))
            gap = 0
    while pieces and not (ending := pieces[-1].text.rstrip(ENDINGS)):
        pieces.pop()
    if pieces:
        pieces[-1] = Piece(ending, pieces[-1].gap)
    # What follows an ellipsis of four points may begin with the point that ended the sentence.
    return tuple(pieces)


def _find(pieces: tuple[Piece, ...], text: str) -> int | None:
    """Where the pieces stand in order, each no further from the one before than its gap; None where they do not."""
    tries = 0
    at = text.find(pieces[0].text)
    while at >= 0 and tries < MOST_TRIES:
        tries += 1
        end = at + len(pieces[0].text)
        for piece in pieces[1:]:
            found = text.find(piece.text, end, end + piece.gap + len(piece.text))
            if found < 0:
                break
            end = found + len(piece.text)
        else:
            return at
        at = text.find(pieces[0].text, at + 1)
    return None


def _nearest(text: str, source: Source, alike: float) -> tuple[float, Compared] | None:
    """The place in the source most like the first stretch that is not in it, with how much of it agrees."""
    kept = letters(source.readings[-1])
    stretches = [(stretch, _find(_pieces(stretch), kept.text)) for stretch in _stretches(text)]
    missing = [stretch for stretch, at in stretches if at is None]
    for stretch in missing or [stretch for stretch, _ in stretches]:
        found = _alike(stretch, source)
        if found is not None and found[0] >= alike:
            return found
    there = next((at for stretch, at in stretches if at is not None and word_count(stretch) >= LEAST_WORDS), None)
    if there is not None and missing:
        return alike, Compared("differs", source, kept.origin(there), missing[0].strip(), "")
    return None


def _alike(stretch: str, source: Source) -> tuple[float, Compared] | None:
    written = [raw for raw in stretch.split() if bare(raw)]
    if word_count(stretch) < LEAST_WORDS:
        return None
    kept = vocabulary(source.readings[-1])
    votes: Counter[int] = Counter()
    for index, raw in enumerate(written):
        places = kept.places.get(bare(_restored(raw)).lower(), ())
        if len(places) <= COMMON:
            votes.update({(place - index) // 4 for place in places})
    likely = sorted(votes, key=lambda at: (-(votes[at] + votes[at + 1]), at))[:LIKELY]
    found = [_difference(written, kept, max(0, at * 4 - 2), source) for at in likely]
    return max((one for one in found if one is not None), key=lambda one: one[0], default=None)


def _restored(raw: str) -> str:
    """A word whose first letter was changed, as it may have been."""
    return re.sub(r"^(\W*)\[(\w)\](?=\w)", r"\1\2", raw)


def _difference(written: list[str], kept: Vocabulary, first: int, source: Source) -> tuple[float, Compared] | None:
    window = kept.words[first : first + len(written) + 12]
    raws = [_restored(raw) for raw in written]
    words = [bare(raw) for raw in raws]
    blocks = [block for block in SequenceMatcher(None, words, window, autojunk=False).get_matching_blocks() if block.size]
    if not blocks:
        return None
    # What lies before and after the stretch in the source is not part of it.
    last = blocks[-1]
    begin, end = max(0, blocks[0].b - blocks[0].a), min(len(window), last.b + last.size + len(words) - last.a - last.size)
    share = 2 * sum(block.size for block in blocks) / (len(words) + end - begin)
    for one, other in ((words, window[begin:end]), ([compared(raw) for raw in raws], kept.pointed[first + begin : first + end])):
        for kind, a1, a2, b1, b2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            is_ending = a2 == len(one) and [word.rstrip(ENDINGS) for word in one[a1:a2]] == [word.rstrip(ENDINGS) for word in other[b1:b2]]
            if kind != "equal" and not is_ending and not _is_marked(written[a1:a2], one[a1:a2], other[b1:b2]):
                at = kept.offsets[min(first + begin + b1, len(kept.offsets) - 1)]
                return share, Compared("differs", source, at, " ".join(one[a1:a2]), " ".join(other[b1:b2]))
    # All words agree: it is a bracket or another sign that does not.
    return share, Compared("differs", source, kept.offsets[first + begin])


def _is_marked(written: list[str], one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether brackets say of each word that it was altered; where they hold a first letter alone, the rest of the word must agree."""
    if not written or not all("[" in raw or "]" in raw for raw in written):
        return False
    whole = [(mine.lower(), theirs.lower()) for raw, mine, theirs in zip(written, one, other, strict=False) if _restored(raw) != raw]
    return all(mine == theirs for mine, theirs in whole)
