"""Ranking alternatives by a weighted sum, with its method shown and what would change the winner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True)
class Criterion:
    """One thing that is scored. `weight` in percent; `better`: whether less or more of it wins.

    Points are 0 to 100: less: 100 x lowest / value (the usual price formula of tenders); more: 100 x value / highest.
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
    """Beyond this weight of a criterion, up or down (the others keep their proportion), another alternative leads.

    The weight is rounded to a tenth away from the present one, so that what is shown is not said too early.
    """

    criterion: str
    weight: Decimal
    winner: str
    upward: bool


TENTH = Decimal("0.1")
Values = Mapping[str, Mapping[str, Decimal]]
"""Alternative to criterion to value (0 or more)."""


def points(criterion: Criterion, values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Points by alternative, unrounded. A value of zero is the best price there is, and the worst of what should be much; all equal: all 100."""
    return {key: Decimal(exact.numerator) / exact.denominator for key, exact in _exact(criterion, values).items()}


def rank(criteria: Sequence[Criterion], values: Values) -> tuple[Ranked, ...]:
    """Alternatives by total, best first; equal totals in the order of their keys. Raises ValueError for weights that do not add up to 100, or lie below 0."""
    if sum(criterion.weight for criterion in criteria) != 100 or any(criterion.weight < 0 for criterion in criteria):
        raise ValueError("weights are 0 or more and add up to 100 percent")
    scored = _scored(criteria, values)
    totals = {key: _total(criteria, scored, key) for key in values}
    return tuple(
        Ranked(
            key,
            1 + sum(1 for other in totals.values() if other > totals[key]),
            _tenths(totals[key]),
            {code: _tenths(given[key]) for code, given in scored.items()},
        )
        for key in sorted(totals, key=lambda key: (-totals[key], key))
    )


def turning_points(criteria: Sequence[Criterion], values: Values) -> tuple[Turn, ...]:
    """For each criterion the nearest weights, down and up, beyond which somebody else leads: exact, for totals are linear in a weight.

    A criterion that alone has all the weight has none: the others' proportion is not known.
    """
    ranked = rank(criteria, values)
    if len(ranked) < 2:
        return ()
    scored, winner = _scored(criteria, values), ranked[0].key
    turns = []
    for criterion in criteria:
        if criterion.weight == 100:
            continue
        for upward in (True, False):
            found = min(filter(None, (_overtakes(criterion, criteria, scored, winner, other, upward) for other in values if other != winner)), default=None)
            if found:
                turns.append(Turn(criterion.code, _away(found[2], upward), found[3], upward))
    return tuple(turns)


def _overtakes(
    criterion: Criterion, criteria: Sequence[Criterion], scored: Mapping[str, Mapping[str, Fraction]], winner: str, other: str, upward: bool
) -> tuple[Fraction, Fraction, Fraction, str] | None:
    """(distance, -steepness, weight, other): how far the weight must move until `other` passes the winner, and how fast it does then; None: never."""
    weight, rest = Fraction(criterion.weight), 100 - Fraction(criterion.weight)
    here = scored[criterion.code][winner] - scored[criterion.code][other]
    others = sum((Fraction(c.weight) * (scored[c.code][winner] - scored[c.code][other]) for c in criteria if c.code != criterion.code), Fraction(0)) / rest
    # The winner's lead at weight w is w * here + (100 - w) * others, in hundredths of a point.
    lead, slope = weight * here + rest * others, (here - others) * (1 if upward else -1)
    if slope >= 0:
        return None
    distance = lead / -slope
    at = weight + distance if upward else weight - distance
    return (distance, slope, at, other) if 0 < at < 100 or (at == 0 and upward) or (at == 100 and not upward) else None


def _scored(criteria: Sequence[Criterion], values: Values) -> dict[str, dict[str, Fraction]]:
    return {criterion.code: _exact(criterion, {key: row[criterion.code] for key, row in values.items()}) for criterion in criteria}


def _exact(criterion: Criterion, values: Mapping[str, Decimal]) -> dict[str, Fraction]:
    if not values:
        return {}
    if criterion.better == "less":
        lowest = min(values.values())
        return {key: Fraction(100) if value == lowest else 100 * Fraction(lowest) / Fraction(value) for key, value in values.items()}
    highest = max(values.values())
    return {key: Fraction(100) if value == highest else 100 * Fraction(value) / Fraction(highest) for key, value in values.items()}


def _total(criteria: Sequence[Criterion], scored: Mapping[str, Mapping[str, Fraction]], key: str) -> Fraction:
    return sum((Fraction(c.weight) * scored[c.code][key] / 100 for c in criteria), Fraction(0))


def _tenths(exact: Fraction) -> Decimal:
    return (Decimal(exact.numerator) / exact.denominator).quantize(TENTH, ROUND_HALF_UP)


def _away(exact: Fraction, upward: bool) -> Decimal:
    return (Decimal(exact.numerator) / exact.denominator).quantize(TENTH, ROUND_CEILING if upward else ROUND_FLOOR)
