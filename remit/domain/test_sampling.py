"""Laws of sampling: sizes within bounds, draws that anybody can repeat, bounds that hold what was found."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.sampling import ASIDE, DONE, Drawn, Terms, draw, drawn, interval, most_wrong, result, sample_size, seed_of

TERMS = Terms(Decimal("0.95"), Decimal("0.05"), Decimal("0.05"), Decimal("0.02"))
SHARES = st.decimals("0.01", "0.5", places=3)
POPULATION = st.integers(1, 200_000)


def test_sizes_are_those_of_the_book() -> None:
    """Cochran (1977), 4.4: 95 %, ±5 points, half: 384.1 of an infinite population; with the correction 278 of 1,000."""
    half = Terms(Decimal("0.95"), Decimal("0.05"), Decimal("0.5"), Decimal(0))
    assert [sample_size(n, half) for n in (100, 1_000, 10_000, 10**9)] == [80, 278, 370, 385]
    assert [sample_size(n, TERMS) for n in (0, 1, 30, 171, 100_000)] == [0, 1, 22, 52, 73]


@given(POPULATION, st.decimals("0.5", "0.999", places=3), st.decimals("0.5", "0.999", places=3), SHARES, SHARES)
def test_a_sample_is_no_larger_than_the_whole_and_grows_with_the_confidence(
    population: int, one: Decimal, other: Decimal, margin: Decimal, expected: Decimal
) -> None:
    low, high = sorted((one, other))
    sizes = [sample_size(population, Terms(confidence, margin, expected, Decimal(0))) for confidence in (low, high)]
    assert 1 <= sizes[0] <= sizes[1] <= population
    assert sample_size(population + 1, Terms(low, margin, expected, Decimal(0))) <= sizes[0] + 1


KEYS = st.lists(st.text(min_size=1, max_size=8), max_size=60, unique=True)


@given(KEYS, st.integers(0, 80), st.text(max_size=10), st.randoms())
def test_a_draw_is_repeated_by_anybody(keys: list[str], size: int, seed: str, random: object) -> None:
    found = draw(keys, size, seed)
    assert len(found) == len(set(found)) == min(size, len(keys))
    assert set(found) <= set(keys)
    assert [key for key in keys if key in found] == list(found), "in their own order"
    shuffled = list(keys)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert set(draw(shuffled, size, seed)) == set(found)
    assert set(found) <= set(draw(keys, size + 1, seed)), "a larger sample holds the smaller"


def test_a_draw_is_even() -> None:
    """Over many seeds each of twenty is drawn about as often as the others."""
    keys = [str(key) for key in range(20)]
    counts = dict.fromkeys(keys, 0)
    for seed in range(1_000):
        for key in draw(keys, 5, seed_of("0" * 64, str(seed))):
            counts[key] += 1
    assert all(200 <= count <= 300 for count in counts.values()), counts


def test_what_was_set_aside_is_drawn_from_as_well() -> None:
    groups, aside = [f"g{n}" for n in range(171)], ["o1", "o2", "o3"]
    found = drawn(((DONE, groups), (ASIDE, aside)), TERMS, seed_of("a" * 64, "fixed"))
    assert [(each.stratum, each.population, each.size, each.limit) for each in found] == [(DONE, 171, 52, 1), (ASIDE, 3, 3, 0)]
    assert drawn(((DONE, groups), (ASIDE, ())), TERMS, "s")[0].stratum == DONE
    assert drawn(((DONE, ()),), TERMS, "s") == ()
    assert drawn(((DONE, groups),), TERMS, seed_of("b" * 64, "fixed"))[0].keys != found[0].keys, "other bytes, other rows"


@given(st.integers(1, 400), st.data())
@settings(max_examples=60)
def test_bounds_hold_what_was_found(population: int, data: st.DataObject) -> None:
    looked = data.draw(st.integers(0, population))
    wrong = data.draw(st.integers(0, looked))
    low, high = interval(wrong, looked, population, Decimal("0.95"))
    assert wrong * bool(looked) <= low <= high <= population - (looked - wrong)
    if looked == population:
        assert (low, high) == (wrong, wrong), "all were looked at: nothing is estimated"
    wider = interval(wrong, looked, population, Decimal("0.99"))
    assert wider[0] <= low
    assert high <= wider[1]


def test_bounds_are_exact() -> None:
    """None wrong in 52 of 171: at 95 % at most 9 of the whole, for with 10 the chance of finding none is below 2.5 %."""
    low, high = interval(0, 52, 171, Decimal("0.95"))
    assert low == 0
    chance = 1.0
    for wrong, expected in ((high, True), (high + 1, False)):
        chance = 1.0
        for each in range(52):
            chance *= (171 - wrong - each) / (171 - each)
        assert (chance > 0.025) is expected


def test_a_sample_fails_over_its_limit_and_a_thin_one_is_said() -> None:
    of = Drawn(DONE, 171, tuple(map(str, range(52))), most_wrong(52, TERMS))
    assert not result(of, 51, 1, TERMS.confidence).fails
    assert result(of, 50, 2, TERMS.confidence).fails
    assert not result(of, 10, 1, TERMS.confidence).is_complete
    thin = result(replace(of, keys=("1", "2")), 2, 0, TERMS.confidence)
    assert thin.is_thin
    assert not result(Drawn(ASIDE, 2, ("1", "2"), 0), 2, 0, TERMS.confidence).is_thin, "all of them is no sample"
