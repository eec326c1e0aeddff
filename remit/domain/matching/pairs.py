"""One to one: two items of the same amount that share a reference, words or a day, where nothing else does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from remit.domain.matching.traces import Sides, Trace
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.reconciliation import Match

REFERENCE_DAYS = 62
"""A payment and its entry that name the same reference may lie this far apart."""
WORDS_DAYS = 10
NEAR_DAYS = 5
CLEAR_DAYS = 3
"""Of two that fit, the nearer one is meant only if the other lies at least so much further away."""
COMMON_KEY = 40
"""More items than this under one key on either side tell nothing, and trying them all would be quadratic."""
SHAPE = re.compile(r"([A-Z]+)(\d+)")

SAME_REFERENCE = Sentence("recon.same_reference", N_("Same amount and reference {reference}, {days} days apart."))
SAME_WORDS = Sentence("recon.same_words", N_("Same amount, and both name {words}; {days} days apart."))
SAME_DAY = Sentence("recon.same_day", N_("Same amount on the same day, and nothing else of that amount on it."))
SAME_AMOUNT = Sentence("recon.same_amount", N_("Same amount, {days} days apart, and nothing else of that amount near."))

Keys = Callable[[Trace], Iterable[Hashable]]
Edges = dict[int, set[int]]


def by_reference(sides: Sides) -> list[Match]:
    """Same amount and a shared reference."""
    return _pair(sides, lambda trace: ((trace.amount, reference) for reference in trace.references), REFERENCE_DAYS, _why_reference)


def by_words_and_day(sides: Sides) -> list[Match]:
    """Same amount and a shared distinctive word: first on the same day, then near."""

    def on_day(trace: Trace) -> Iterable[Hashable]:
        return ((trace.amount, trace.day, word) for word in trace.words)

    return _pair(sides, on_day, 0, _why_words) + _pair(sides, lambda trace: ((trace.amount, word) for word in trace.words), WORDS_DAYS, _why_words)


def by_day(sides: Sides) -> list[Match]:
    """Same amount on the same day."""
    return _pair(sides, lambda trace: ((trace.amount, trace.day),), 0, lambda one, other: SAME_DAY(), tells=False)


def near(sides: Sides) -> list[Match]:
    """Same amount a few days apart, where only one fits."""
    return _pair(sides, lambda trace: ((trace.amount,),), NEAR_DAYS, lambda one, other: SAME_AMOUNT(days=abs(one.day - other.day)), tells=False)


def candidates(sides: Sides, keys: Keys, days: int) -> tuple[Edges, Edges]:
    """Who shares a key with whom among the open items, at most `days` apart; both directions."""
    right: dict[Hashable, list[int]] = defaultdict(list)
    for at in sides.open_ledger():
        for key in keys(sides.ledger[at]):
            right[key].append(at)
    left: dict[Hashable, list[int]] = defaultdict(list)
    for at in sides.open_statement():
        for key in keys(sides.statement[at]):
            if key in right:
                left[key].append(at)
    forth: Edges = defaultdict(set)
    back: Edges = defaultdict(set)
    for key, ones in left.items():
        if len(ones) > COMMON_KEY or len(right[key]) > COMMON_KEY:
            continue
        for one in ones:
            for other in right[key]:
                if abs(sides.statement[one].day - sides.ledger[other].day) <= days:
                    forth[one].add(other)
                    back[other].add(one)
    return forth, back


def contradict(one: Trace, other: Trace) -> bool:
    """Both carry references of the same form (RG + four digits), and none is shared: they mean different papers."""
    if not one.references or not other.references or one.references & other.references:
        return False
    return bool(_shapes(one) & _shapes(other))


def name_others(one: Trace, other: Trace) -> bool:
    """Both name a counterparty, and neither a word of it nor of the text is shared."""
    return bool(one.names and other.names) and not one.names & other.names and not one.words & other.words


def _pair(sides: Sides, keys: Keys, days: int, why: Callable[[Trace, Trace], Reason], *, tells: bool = True) -> list[Match]:
    """Take every pair that is each other's only fit, then interchangeable ones in order, then those that are clearly nearest.

    `tells`: the keys alone say who is meant, so that two different names are no doubt.
    """
    forth, back = candidates(sides, keys, days)
    found = []
    chosen = [(one, next(iter(others))) for one, others in forth.items() if len(others) == 1 and len(back[next(iter(others))]) == 1]
    chosen += _interchangeable(sides, forth, back)
    paired = {one for one, _ in chosen}
    chosen += [pair for pair in _clearly_nearest(sides, forth, back) if pair[0] not in paired]
    for one, other in sorted(chosen):
        left, right = sides.statement[one], sides.ledger[other]
        if one in sides.taken_statement or other in sides.taken_ledger or contradict(left, right) or (not tells and name_others(left, right)):
            continue
        sides.take((one,), (other,))
        found.append(Match((left.item.key,), (right.item.key,), why(left, right)))
    return found


def _interchangeable(sides: Sides, forth: Edges, back: Edges) -> list[tuple[int, int]]:
    """Groups of as many on either side, all fitting all, where one side's cannot be told apart: whichever goes with which is the same."""
    groups: dict[frozenset[int], list[int]] = defaultdict(list)
    for one, others in forth.items():
        if len(others) > 1:
            groups[frozenset(others)].append(one)
    pairs = []
    for fitting, ones in groups.items():
        others = set(fitting)
        if len(ones) != len(others) or any(back[other] != set(ones) for other in others):
            continue
        alike = len({sides.statement[one].look for one in ones}) == 1 or len({sides.ledger[other].look for other in others}) == 1
        if alike:
            pairs += list(zip(sorted(ones), sorted(others), strict=True))
    return pairs


def _clearly_nearest(sides: Sides, forth: Edges, back: Edges) -> list[tuple[int, int]]:
    """Pairs that are each other's nearest by date, every other fit lying clearly further away."""

    def nearest(day: int, at: set[int], traces: Sequence[Trace]) -> int | None:
        ranked = sorted((abs(traces[other].day - day), other) for other in at)
        if len(ranked) > 1 and ranked[1][0] - ranked[0][0] < CLEAR_DAYS:
            return None
        return ranked[0][1]

    pairs = []
    for one, others in forth.items():
        if len(others) == 1 and len(back[next(iter(others))]) == 1:
            continue
        other = nearest(sides.statement[one].day, others, sides.ledger)
        if other is not None and nearest(sides.ledger[other].day, back[other], sides.statement) == one:
            pairs.append((one, other))
    return pairs


def _shapes(trace: Trace) -> set[tuple[str, int]]:
    return {(shape[1], len(shape[2])) for reference in trace.references if (shape := SHAPE.fullmatch(reference))}


def _why_reference(one: Trace, other: Trace) -> Reason:
    return SAME_REFERENCE(reference=min(one.references & other.references, key=lambda reference: (-len(reference), reference)), days=abs(one.day - other.day))


def _why_words(one: Trace, other: Trace) -> Reason:
    shared = sorted(one.words & other.words, key=lambda word: (-len(word), word))[:3]
    return SAME_WORDS(words=" ".join(word.capitalize() for word in shared), days=abs(one.day - other.day))
