"""What may belong together but does not hold by itself: several candidates, swapped digits, an amount that differs, a wrong sign, an unproven sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal

from remit.domain.matching.pairs import COMMON_KEY, NEAR_DAYS, REFERENCE_DAYS, candidates, contradict, name_others
from remit.domain.matching.sums import BATCH_DAYS, only_subset
from remit.domain.matching.traces import Sides, Trace
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.reconciliation import Match

ONE_OF_SEVERAL = Sentence("recon.one_of_several", N_("Same amount, but {count} entries fit: which one is meant?"))
REFERENCE_SWAPPED = Sentence("recon.reference_swapped", N_("Same amount; two digits of the reference are swapped: {one} and {other}."))
REFERENCE_DIFFERS = Sentence("recon.reference_differs", N_("Same amount, {days} days apart, but the references differ: {one} and {other}."))
AMOUNT_SWAPPED = Sentence("recon.amount_swapped", N_("Digits of the amount are swapped: {one} and {other}."))
AMOUNT_DIFFERS = Sentence("recon.amount_differs", N_("Same reference {reference}, but the amounts are {apart} apart."))
NAMES_DIFFER = Sentence("recon.names_differ", N_("Same amount, {days} days apart, but the names differ: {one} and {other}."))
SIGN_DIFFERS = Sentence("recon.sign_differs", N_("Same amount with the other sign: is one side posted the wrong way round?"))
SUM_FITS = Sentence("recon.sum_fits", N_("The sum of these {count} entries of one day is equal to the cent, but nothing else ties them."))
SHOWN_MAX = 3
"""Candidates named for one item."""


def possible(sides: Sides) -> list[Match]:
    """Suggestions among what is still open; several may name the same item. Nothing is taken."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], Match] = {}
    for match in (*_same_amount(sides), *_same_reference(sides), *_swapped_amount(sides), *_wrong_sign(sides), *_sums(sides), *_turned(_sums(sides.turned()))):
        found.setdefault((match.statement, match.ledger), match)
    return list(found.values())


def swapped(one: str, other: str) -> bool:
    """The same but for two neighbouring characters in the other order."""
    if len(one) != len(other):
        return False
    apart = [at for at in range(len(one)) if one[at] != other[at]]
    return len(apart) == 2 and apart[1] == apart[0] + 1 and one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]


def _same_amount(sides: Sides) -> Iterable[Match]:
    def keys(trace: Trace) -> Iterable[Hashable]:
        yield (trace.amount,)
        yield from ((trace.amount, reference) for reference in trace.references)

    forth, _ = candidates(sides, keys, NEAR_DAYS * 2)
    for one in sorted(forth):
        left = sides.statement[one]
        ranked = sorted(forth[one], key=lambda at: (-len(left.references & sides.ledger[at].references), abs(sides.ledger[at].day - left.day), at))
        for at in ranked[:SHOWN_MAX]:
            yield _match(left, sides.ledger[at], _why_not_sure(left, sides.ledger[at], len(ranked)))


def _why_not_sure(one: Trace, other: Trace, count: int) -> Reason:
    for mine in sorted(one.references):
        for theirs in sorted(other.references):
            if swapped(mine, theirs):
                return REFERENCE_SWAPPED(one=mine, other=theirs)
    if contradict(one, other):
        return REFERENCE_DIFFERS(days=abs(one.day - other.day), one=", ".join(sorted(one.references)), other=", ".join(sorted(other.references)))
    if name_others(one, other):
        return NAMES_DIFFER(days=abs(one.day - other.day), one=one.item.counterparty, other=other.item.counterparty)
    return ONE_OF_SEVERAL(count=count)


def _same_reference(sides: Sides) -> Iterable[Match]:
    forth, _ = candidates(sides, lambda trace: trace.references, REFERENCE_DAYS)
    for one in sorted(forth):
        left = sides.statement[one]
        for at in sorted(forth[one])[:SHOWN_MAX]:
            right = sides.ledger[at]
            if left.amount == right.amount:
                continue
            if _digits_swapped(left, right):
                yield _match(left, right, AMOUNT_SWAPPED(one=left.item.amount, other=right.item.amount))
            elif left.amount != -right.amount:
                apart: Decimal = left.item.amount - right.item.amount
                yield _match(left, right, AMOUNT_DIFFERS(reference=min(left.references & right.references), apart=apart))


def _swapped_amount(sides: Sides) -> Iterable[Match]:
    forth, _ = candidates(sides, lambda trace: trace.words, NEAR_DAYS)
    for one in sorted(forth):
        left = sides.statement[one]
        fits = [at for at in sorted(forth[one]) if _digits_swapped(left, sides.ledger[at])]
        for at in fits[:SHOWN_MAX]:
            yield _match(left, sides.ledger[at], AMOUNT_SWAPPED(one=left.item.amount, other=sides.ledger[at].item.amount))


def _wrong_sign(sides: Sides) -> Iterable[Match]:
    turned: dict[int, list[int]] = defaultdict(list)
    for at in sides.open_ledger():
        turned[-sides.ledger[at].amount].append(at)
    for one in sides.open_statement():
        left = sides.statement[one]
        near = [at for at in turned.get(left.amount, ())[:COMMON_KEY] if left.amount and abs(sides.ledger[at].day - left.day) <= NEAR_DAYS]
        for at in near[:SHOWN_MAX]:
            yield _match(left, sides.ledger[at], SIGN_DIFFERS())


def _sums(sides: Sides) -> list[Match]:
    """Entries of one day that add up to one item near it, without other tie."""
    by_day: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for at in sides.open_ledger():
        by_day[sides.ledger[at].day, sides.ledger[at].amount > 0].append(at)
    found = []
    for one in sides.open_statement():
        left = sides.statement[one]
        for day in range(left.day - BATCH_DAYS, left.day + BATCH_DAYS + 1):
            pool = by_day.get((day, left.amount > 0), [])
            chosen = only_subset([sides.ledger[at].amount for at in pool], left.amount)
            if chosen is not None:
                parts = tuple(sides.ledger[pool[at]].item.key for at in chosen)
                found.append(Match((left.item.key,), parts, SUM_FITS(count=len(parts))))
    return found


def _turned(matches: Iterable[Match]) -> Iterable[Match]:
    return (Match(match.ledger, match.statement, match.why) for match in matches)


def _match(one: Trace, other: Trace, why: Reason) -> Match:
    return Match((one.item.key,), (other.item.key,), why)


def _digits_swapped(one: Trace, other: Trace) -> bool:
    """A swap of neighbouring digits makes a difference divisible by nine, so most pairs are refused by one division."""
    return one.amount * other.amount > 0 and (one.amount - other.amount) % 9 == 0 and swapped(str(abs(one.amount)), str(abs(other.amount)))
