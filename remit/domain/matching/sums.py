"""One to many and many to one: entries booked as one on the other side, whose sum is equal to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from math import comb

from remit.domain.matching.pairs import COMMON_KEY, WORDS_DAYS
from remit.domain.matching.traces import Sides, Trace
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.reconciliation import Match

POOL_MAX = 32
"""More entries than this are no pool to search for a sum: too many subsets would fit by chance."""
PARTS_MAX = 12
STEPS_MAX = 20_000
"""Nodes visited for one sum; a search that is cut off finds nothing rather than something."""
BATCH_DAYS = 4
CHANCE_MAX = 1000
"""A sum found among the subsets of a pool tells something only if a thousand times as many sums were possible."""

SUM_REFERENCE = Sentence("recon.sum_reference", N_("The sum of {count} entries is equal to the cent, and all share the reference {reference}."))
SUM_NAMED = Sentence("recon.sum_named", N_("The sum of {count} entries is equal to the cent, and each is named in the text of the one."))
SUM_WORDS = Sentence("recon.sum_words", N_("The sum of {count} entries is equal to the cent, all name {words}, and no other choice of them adds up."))
SUM_COUNT = Sentence("recon.sum_count", N_("The bank booked {count} payments as one; only these {count} entries of one day add up to it."))

Keys = Callable[[Trace], Iterable[Hashable]]
Why = Callable[[Trace, Sequence[Trace]], Reason | None]


def by_reference(sides: Sides) -> list[Match]:
    """One item and all those that share a reference with it: a batch, or the papers that its text names."""
    return _both_ways(sides, lambda trace: trace.references, 62, _why_reference)


def by_words(sides: Sides) -> list[Match]:
    """One item and those of the same payee or source near it, where only one choice of them adds up."""
    return _both_ways(sides, lambda trace: ((word, trace.amount > 0) for word in trace.words), WORDS_DAYS, _why_words)


def by_count(sides: Sides) -> list[Match]:
    """A collective booking whose number of payments the bank states, and the only so many entries of one day that add up to it."""
    by_day: dict[int, list[int]] = defaultdict(list)
    for at in sides.open_ledger():
        by_day[sides.ledger[at].day].append(at)
    found = []
    for one in sides.open_statement():
        trace = sides.statement[one]
        if trace.item.parts < 2:
            continue
        fits = []
        for day in range(trace.day - BATCH_DAYS, trace.day + BATCH_DAYS + 1):
            pool = [at for at in by_day.get(day, ()) if at not in sides.taken_ledger and (sides.ledger[at].amount > 0) == (trace.amount > 0)]
            chosen = only_subset([sides.ledger[at].amount for at in pool], trace.amount, trace.item.parts)
            if chosen is not None:
                fits.append([pool[index] for index in chosen])
        if len(fits) == 1:
            found.append(_taken(sides, one, fits[0], SUM_COUNT(count=len(fits[0])), turned=False))
    return found


def only_subset(amounts: Sequence[int], target: int, size: int = 0) -> tuple[int, ...] | None:
    """Positions of the only subset of two or more (or of exactly `size`) that sums to `target`; None where none does, several do or the search is cut off."""
    if len(amounts) < 2 or len(amounts) > POOL_MAX or not target or _by_chance(amounts, target, size):
        return None
    order = sorted(range(len(amounts)), key=lambda at: -abs(amounts[at]))
    gain, loss = [0], [0]
    for at in reversed(order):
        gain.append(gain[-1] + max(0, amounts[at]))
        loss.append(loss[-1] + min(0, amounts[at]))
    fits: list[tuple[int, ...]] = []
    steps = 0
    stack: list[tuple[int, int, tuple[int, ...]]] = [(0, target, ())]
    while stack:
        depth, rest, chosen = stack.pop()
        steps += 1
        if steps > STEPS_MAX:
            return None
        if rest == 0 and len(chosen) > 1 and (not size or len(chosen) == size):
            fits.append(tuple(sorted(chosen)))
            if len(fits) > 1:
                return None
        left = len(order) - depth
        if not left or not loss[left] <= rest <= gain[left] or len(chosen) >= (size or PARTS_MAX):
            continue
        stack.append((depth + 1, rest, chosen))
        stack.append((depth + 1, rest - amounts[order[depth]], (*chosen, order[depth])))
    return fits[0] if fits else None


def _by_chance(amounts: Sequence[int], target: int, size: int) -> bool:
    """Whether so many subsets lie over so few possible sums that one of them is likely to fit by accident."""
    subsets = comb(len(amounts), size) if size else 2 ** len(amounts)
    return subsets * CHANCE_MAX > 2 * max(abs(target), sum(abs(amount) for amount in amounts))


def _both_ways(sides: Sides, keys: Keys, days: int, why: Why) -> list[Match]:
    return _one_to_many(sides, keys, days, why, turned=False) + _one_to_many(sides.turned(), keys, days, why, turned=True)


def _one_to_many(sides: Sides, keys: Keys, days: int, why: Why, *, turned: bool) -> list[Match]:
    """Two ones that want the same parts both stay open."""
    index: dict[Hashable, list[int]] = defaultdict(list)
    for at in sides.open_ledger():
        for key in keys(sides.ledger[at]):
            index[key].append(at)
    wanted: list[tuple[int, list[int], Reason]] = []
    claims: dict[int, int] = defaultdict(int)
    for one in sides.open_statement():
        trace = sides.statement[one]
        pool = sorted({at for key in keys(trace) if len(index.get(key, ())) <= COMMON_KEY for at in index.get(key, ())})
        pool = [at for at in pool if abs(sides.ledger[at].day - trace.day) <= days]
        chosen = _parts([sides.ledger[at].amount for at in pool], trace.amount)
        if chosen is None:
            continue
        parts = [pool[at] for at in chosen]
        reason = why(trace, [sides.ledger[at] for at in parts])
        if reason is not None:
            wanted.append((one, parts, reason))
            for at in parts:
                claims[at] += 1
    return [_taken(sides, one, parts, reason, turned=turned) for one, parts, reason in wanted if all(claims[at] == 1 for at in parts)]


def _parts(amounts: Sequence[int], target: int) -> tuple[int, ...] | None:
    """All of them where they add up, else the only subset that does."""
    if len(amounts) > 1 and sum(amounts) == target:
        return tuple(range(len(amounts)))
    return only_subset(amounts, target)


def _taken(sides: Sides, one: int, parts: Sequence[int], why: Reason, *, turned: bool) -> Match:
    sides.take((one,), parts)
    ones = (sides.statement[one].item.key,)
    many = tuple(sides.ledger[at].item.key for at in parts)
    return Match(many, ones, why) if turned else Match(ones, many, why)


def _why_reference(one: Trace, parts: Sequence[Trace]) -> Reason:
    shared = one.references.intersection(*(part.references for part in parts))
    if shared:
        return SUM_REFERENCE(count=len(parts), reference=min(shared))
    return SUM_NAMED(count=len(parts))


def _why_words(one: Trace, parts: Sequence[Trace]) -> Reason | None:
    shared = one.words.intersection(*(part.words for part in parts))
    if not shared:
        return None
    return SUM_WORDS(count=len(parts), words=" ".join(word.capitalize() for word in sorted(shared, key=lambda word: (-len(word), word))[:3]))
