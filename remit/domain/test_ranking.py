"""The laws of the weighted sum: the price formula, linear totals, and turning points against brute force."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.ranking import Criterion, points, rank, turning_points

PRICE = Criterion("price", "price", Decimal(100), "less")
CODES = ("a", "b", "c")
amounts = st.integers(0, 200).map(Decimal)
prices = st.integers(1, 200).map(Decimal)


@st.composite
def fields(draw: st.DrawFn):
    """(criteria, values) with three criteria in whole percent and two to five alternatives."""
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    weights = (first, second, 100 - first - second)
    better = draw(st.tuples(*[st.sampled_from(("less", "more"))] * 3))
    criteria = tuple(Criterion(code, code, Decimal(weight), way) for code, weight, way in zip(CODES, weights, better, strict=True))
    keys = [f"p{number}" for number in range(draw(st.integers(2, 5)))]
    return criteria, {key: {code: draw(amounts) for code in CODES} for key in keys}


def moved(criteria: tuple[Criterion, ...], code: str, weight: Fraction) -> dict[str, Fraction]:
    """All weights with one set and the others in their proportion."""
    rest = 100 - Fraction(next(c.weight for c in criteria if c.code == code))
    return {c.code: weight if c.code == code else Fraction(c.weight) * (100 - weight) / rest for c in criteria}


def totals(criteria: tuple[Criterion, ...], values: dict, weights: dict[str, Fraction]) -> dict[str, Fraction]:
    """Totals from the definition, exactly."""
    scored: dict[str, dict[str, Fraction]] = {}
    for c in criteria:
        row = {key: Fraction(given[c.code]) for key, given in values.items()}
        best = min(row.values()) if c.better == "less" else max(row.values())
        scored[c.code] = {key: Fraction(100) if value == best else 100 * (best / value if c.better == "less" else value / best) for key, value in row.items()}
    return {key: sum(weights[code] * scored[code][key] for code in weights) / 100 for key in values}


@given(st.dictionaries(st.text(min_size=1, max_size=3), prices, min_size=1, max_size=6))
def test_price_points_are_100_times_the_lowest_over_the_price(by_provider: dict[str, Decimal]) -> None:
    given_points = points(PRICE, by_provider)
    lowest = min(by_provider.values())
    for key, price in by_provider.items():
        assert abs(given_points[key] * price - 100 * lowest) < Decimal("1e-20")
        assert 0 < given_points[key] <= 100


def test_zero_is_a_price_and_the_best_one() -> None:
    assert points(PRICE, {"free": Decimal(0), "dear": Decimal(9)}) == {"free": 100, "dear": 0}
    assert points(Criterion("hours", "hours", Decimal(100), "more"), {"a": Decimal(0), "b": Decimal(0)}) == {"a": 100, "b": 100}
    assert points(PRICE, {}) == {}


@given(fields())
def test_totals_are_the_weighted_sum_and_the_order_is_theirs(field) -> None:
    criteria, values = field
    exact = totals(criteria, values, {c.code: Fraction(c.weight) for c in criteria})
    ranked = rank(criteria, values)
    assert [each.key for each in ranked] == sorted(values, key=lambda key: (-exact[key], key))
    for each in ranked:
        assert abs(Fraction(each.total) - exact[each.key]) <= Fraction(1, 20)
        assert each.place == 1 + sum(1 for other in exact.values() if other > exact[each.key])


@given(fields(), st.sampled_from(CODES), st.integers(0, 100), st.integers(0, 100))
def test_totals_are_linear_in_a_weight(field, code: str, low: int, high: int) -> None:
    criteria, values = field
    if next(c.weight for c in criteria if c.code == code) == 100:
        return
    ends = [totals(criteria, values, moved(criteria, code, Fraction(weight))) for weight in (low, high)]
    middle = totals(criteria, values, moved(criteria, code, Fraction(low + high, 2)))
    assert all(middle[key] * 2 == ends[0][key] + ends[1][key] for key in values)


@settings(max_examples=60, deadline=None)
@given(fields())
def test_turning_points_stand_where_brute_force_finds_them(field) -> None:
    criteria, values = field
    winner = rank(criteria, values)[0].key
    found = {(turn.criterion, turn.upward): turn for turn in turning_points(criteria, values)}
    for c in criteria:
        if c.weight == 100:
            assert (c.code, True) not in found
            assert (c.code, False) not in found
            continue
        for upward in (True, False):
            turn = found.get((c.code, upward))
            # Short of the shown weight, by more than its rounding to a tenth, nobody passes the winner.
            last = turn.weight + Decimal("-0.1" if upward else "0.1") if turn else Decimal(100 if upward else 0)
            for percent in range(101):
                if (c.weight <= percent <= last) if upward else (last <= percent <= c.weight):
                    at = totals(criteria, values, moved(criteria, c.code, Fraction(percent)))
                    assert at[winner] == max(at.values()), (c.code, percent)
            if turn is None:
                continue
            # Beyond it the one named leads, where anything lies beyond.
            beyond = Fraction(turn.weight) + Fraction(1 if upward else -1, 10**9)
            if 0 <= beyond <= 100:
                at = totals(criteria, values, moved(criteria, c.code, beyond))
                assert at[turn.winner] > at[winner]


def test_a_tie_is_turned_by_the_least_move() -> None:
    criteria = (Criterion("a", "a", Decimal(50), "more"), Criterion("b", "b", Decimal(50), "more"))
    values = {"one": {"a": Decimal(10), "b": Decimal(5)}, "two": {"a": Decimal(5), "b": Decimal(10)}}
    assert [each.place for each in rank(criteria, values)] == [1, 1]
    assert [(turn.criterion, turn.weight, turn.winner, turn.upward) for turn in turning_points(criteria, values)] == [
        ("a", Decimal("50.0"), "two", False),
        ("b", Decimal("50.0"), "two", True),
    ]


def test_weights_must_be_a_whole() -> None:
    for weight in ("99", "101"):
        with pytest.raises(ValueError):
            rank((Criterion("a", "a", Decimal(weight), "less"),), {})
    with pytest.raises(ValueError):
        rank((Criterion("a", "a", Decimal(110), "less"), Criterion("b", "b", Decimal(-10), "less")), {})
