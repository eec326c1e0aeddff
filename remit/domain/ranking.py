"""Ranking alternatives by a weighted sum, with its method shown and what would change the winner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class Criterion:
    """One thing that is scored. `weight` in percent; `better`: whether less or more of it wins.

    Points are 0 to 100: least: 100 x lowest / value (the usual price formula of tenders); most: 100 x value / highest.
    """

    code: str
    says: str
    weight: Decimal
    better: Literal["less", "more"]


@dataclass(frozen=True)
class Ranked:
    """One alternative: its place from 1 (equals share a place), total of 100 to one decimal, points by criterion."""

    key: str
    place: int
    total: Decimal
    points: Mapping[str, Decimal]


@dataclass(frozen=True)
class Turn:
    """From this weight of a criterion on (the others keep their proportion) another alternative leads."""

    criterion: str
    weight: Decimal
    winner: str
    upward: bool


TENTH = Decimal("0.1")


def points(criterion: Criterion, values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Points by alternative. A value of zero is the best price there is, and the worst of what should be much; all equal: all 100."""
    if not values:
        return {}
    if criterion.better == "less":
        lowest = min(values.values())
        return {key: Decimal(100) if value == lowest else Decimal(100) * lowest / value for key, value in values.items()}
    highest = max(values.values())
    return {key: Decimal(100) if value == highest else Decimal(100) * value / highest for key, value in values.items()}


def rank(criteria: Sequence[Criterion], values: Mapping[str, Mapping[str, Decimal]]) -> tuple[Ranked, ...]:
    """Alternatives by total, best first; equal totals by key, so that the order is the same every time. `values`: alternative to criterion to value (>= 0)."""
    if sum(criterion.weight for criterion in criteria) != 100:
        raise ValueError("weights add up to 100 percent")
    by_criterion = {criterion.code: points(criterion, {key: row[criterion.code] for key, row in values.items()}) for criterion in criteria}
    totals = {key: sum((c.weight * by_criterion[c.code][key] / 100 for c in criteria), Decimal(0)) for key in values}
    ordered = sorted(totals, key=lambda key: (-totals[key], key))
    return tuple(
        Ranked(
            key,
            1 + sum(1 for other in totals.values() if other > totals[key]),
            totals[key].quantize(TENTH),
            {code: given[key].quantize(TENTH) for code, given in by_criterion.items()},
        )
        for key in ordered
    )


def turning_points(criteria: Sequence[Criterion], values: Mapping[str, Mapping[str, Decimal]]) -> tuple[Turn, ...]:
    """For each criterion the nearest weights, up and down, at which somebody else takes the lead: exact, for totals are linear in a weight."""
    ranked = rank(criteria, values)
    if len(ranked) < 2:
        return ()
    winner = ranked[0].key
    by_criterion = {criterion.code: points(criterion, {key: row[criterion.code] for key, row in values.items()}) for criterion in criteria}
    turns: list[Turn] = []
    for criterion in criteria:
        rest = Decimal(100) - criterion.weight
        if rest == 0:
            continue
        for upward in (True, False):
            found: tuple[Decimal, str] | None = None
            for other in values:
                if other == winner:
                    continue
                crossing = _crossing(criterion, criteria, by_criterion, winner, other, rest)
                if crossing is None or (crossing > criterion.weight) != upward or not 0 <= crossing <= 100:
                    continue
                if found is None or abs(crossing - criterion.weight) < abs(found[0] - criterion.weight):
                    found = (crossing, other)
            if found:
                turns.append(Turn(criterion.code, found[0].quantize(TENTH), found[1], upward))
    return tuple(turns)


def _crossing(
    criterion: Criterion, criteria: Sequence[Criterion], by: Mapping[str, Mapping[str, Decimal]], first: str, second: str, rest: Decimal
) -> Decimal | None:
    """The weight at which two totals are equal; None where they never are."""
    ahead_here = by[criterion.code][first] - by[criterion.code][second]
    others = [c for c in criteria if c.code != criterion.code]
    ahead_rest = sum((c.weight * (by[c.code][first] - by[c.code][second]) for c in others), Decimal(0)) / rest
    if ahead_here == ahead_rest:
        return None
    # w * here + (100 - w) * rest = 0
    return Decimal(100) * ahead_rest / (ahead_rest - ahead_here)
