"""Quiet hours over midnight and weekends, and when they end; one channel a kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from remit.domain.notifying import KINDS, channel_of, is_quiet, quiet_ends

SOFIA = ZoneInfo("Europe/Sofia")
HOURS = st.none() | st.integers(0, 23)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026: the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SOFIA)


def test_over_midnight_half_open() -> None:
    quiet = {hour for hour in range(24) if is_quiet(at(2, hour, 59), 22, 7, weekends=False)}
    assert quiet == {22, 23, 0, 1, 2, 3, 4, 5, 6}
    assert {hour for hour in range(24) if is_quiet(at(2, hour), 12, 14, weekends=False)} == {12, 13}
    assert not any(is_quiet(at(2, hour), 8, 8, weekends=False) for hour in range(24)), "equal hours are none"
    assert not is_quiet(at(7, 10), None, None, weekends=False)
    assert is_quiet(at(7, 10), None, None, weekends=True)


def test_a_friday_night_ends_on_monday_where_weekends_are_quiet() -> None:
    assert quiet_ends(at(6, 23, 10), 22, 7, weekends=True) == at(9, 7)
    assert quiet_ends(at(6, 23, 10), 22, 7, weekends=False) == at(7, 7)


@given(st.integers(0, 60 * 24 * 365), HOURS, HOURS, st.booleans())
def test_quiet_ends_at_the_first_hour_that_is_not_quiet(minute: int, begins: int | None, ends: int | None, weekends: bool) -> None:
    local = at(2, 0) + timedelta(minutes=minute)
    over = quiet_ends(local, begins, ends, weekends=weekends)
    assert not is_quiet(over, begins, ends, weekends=weekends)
    assert over > local
    hour = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while hour < over:
        assert is_quiet(hour, begins, ends, weekends=weekends)
        hour += timedelta(hours=1)


@given(st.sets(st.sampled_from(list(KINDS))), st.sets(st.sampled_from(list(KINDS))))
def test_a_kind_has_one_channel(once: set[str], silent: set[str]) -> None:
    for kind in KINDS:
        expected = "once" if kind in once else "today" if kind in silent else "digest"
        assert channel_of(kind, once, silent) == expected
