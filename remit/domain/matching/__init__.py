"""Which entries of a statement and of a ledger are the same money: rules in order, each with its reason, and no silent guess.

A match holds only where nothing else fits; what fits twice is left open, with its candidates. Equal input gives equal output, in any order of hashing.
"""

from __future__ import annotations

from collections.abc import Sequence

from remit.domain.matching import doubts, pairs, sums
from remit.domain.matching.traces import Sides, traced
from remit.domain.reconciliation import Item, Match, Matching

__all__ = ["match"]

RULES = (pairs.by_reference, sums.by_reference, pairs.by_words_and_day, pairs.by_day, sums.by_words, pairs.near, sums.by_count)
"""In order: what says more comes first and takes its items from what says less."""
SURE_RULES = (pairs.by_reference, sums.by_reference)
"""What one round takes away may leave another item with one fit only. That is trusted where a reference ties them, not where a mere amount does."""
ROUNDS_MAX = 4


def match(statement: Sequence[Item], ledger: Sequence[Item]) -> Matching:
    """Match by reference, day, words and sums; near-linear in the number of items, since candidates are found by key and searches are capped."""
    sides = Sides(traced(statement, ledger), traced(ledger, statement))
    found: list[Match] = []
    for rules in (RULES, *[SURE_RULES] * (ROUNDS_MAX - 1)):
        new = [match for rule in rules for match in rule(sides)]
        found += new
        if not new:
            break
    return Matching(_ordered(found, sides), _ordered(doubts.possible(sides), sides))


def _ordered(found: list[Match], sides: Sides) -> tuple[Match, ...]:
    """In the statement's order of dates, then by key."""
    first = {trace.item.key: (trace.day, at) for at, trace in enumerate(sides.statement)}
    return tuple(sorted(found, key=lambda match: (first[match.statement[0]], match.statement, match.ledger)))
