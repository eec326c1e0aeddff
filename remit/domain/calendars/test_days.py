"""Working days, holidays, fiscal years and due dates."""

import csv
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.calendars import Calendar, FiscalYear, UnknownCalendar, due, public_holidays, step_due, zone

BAVARIA = Calendar("DE-BY")


def code(row: dict[str, str]) -> str:
    return "-".join(part for part in (row["country"], row["subdiv"]) if part)


def test_published_weekends(shared_data: Path) -> None:
    with (shared_data / "calendars" / "weekend_days.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 30
    for row in rows:
        assert Calendar(code(row)).weekend == {int(day) for day in row["weekend_weekdays_mon0"].split(",")}, row


def test_published_holidays(shared_data: Path) -> None:
    listed: dict[tuple[str, int], set[date]] = defaultdict(set)
    with (shared_data / "calendars" / "public_holidays_2024_2027.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            on = date.fromisoformat(row["date"])
            listed[code(row), on.year].add(on)
    assert len(listed) > 100
    for (place, year), days in listed.items():
        assert set(public_holidays(place, year)) == days, (place, year)


def test_unknown_places() -> None:
    for name in ("XX", "DE-XX", ""):
        with pytest.raises(UnknownCalendar):
            public_holidays(name, 2026)


def test_by_hand() -> None:
    # Good Friday 3 April and Easter Monday 6 April 2026.
    assert BAVARIA.add(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert BAVARIA.add(date(2026, 4, 7), -1) == date(2026, 4, 2)
    assert BAVARIA.add(date(2026, 4, 4), 0) == date(2026, 4, 7)
    assert BAVARIA.count(date(2026, 4, 1), date(2026, 4, 8)) == 3
    assert BAVARIA.count(date(2026, 4, 8), date(2026, 4, 1)) == -3
    closed = Calendar("DE-BY", closed=frozenset({date(2026, 12, 24)}), opened=frozenset({date(2026, 4, 3), date(2026, 4, 4)}))
    assert not closed.workday(date(2026, 12, 24))
    assert closed.workday(date(2026, 4, 3))
    assert closed.workday(date(2026, 4, 4))
    assert closed.holiday(date(2026, 4, 3)) == ""


@given(st.dates(date(2024, 1, 1), date(2027, 12, 1)), st.integers(1, 40))
def test_there_and_back(on: date, workdays: int) -> None:
    later = BAVARIA.add(on, workdays)
    assert BAVARIA.workday(later)
    assert BAVARIA.count(on + timedelta(1), later + timedelta(1)) == workdays
    if BAVARIA.workday(on):
        assert BAVARIA.add(later, -workdays) == on


def test_due() -> None:
    assert due(date(2026, 4, 2), 1, BAVARIA, "Europe/Berlin", time(12)) == datetime(2026, 4, 7, 12, tzinfo=zone("Europe/Berlin"))
    item = datetime(2026, 4, 8, 17, tzinfo=zone("Europe/Berlin"))
    arrived = datetime(2026, 4, 1, tzinfo=UTC)
    assert step_due(item, arrived, (2, "workday"), BAVARIA) == datetime(2026, 4, 2, 17, tzinfo=zone("Europe/Berlin"))
    assert step_due(item, arrived, (0, "workday"), BAVARIA) == item
    assert step_due(item, arrived, (90, "second"), BAVARIA) == arrived + timedelta(seconds=90)
    with pytest.raises(ValueError, match="moon"):
        step_due(item, arrived, (1, "moon"), BAVARIA)


def test_fiscal_years_by_hand() -> None:
    india = FiscalYear(4, "end")
    january = india.period_of(date(2027, 1, 31))
    assert (january.year, january.number, january.day_from, january.day_until) == (2027, 10, date(2027, 1, 1), date(2027, 2, 1))
    assert FiscalYear(4).period_of(date(2027, 1, 31)).year == 2026
    assert FiscalYear().period_of(date(2026, 12, 31)).day_until == date(2027, 1, 1)
    assert india.periods(2027)[0].day_from == date(2026, 4, 1)
    with pytest.raises(ValueError):
        FiscalYear(13)


@given(st.integers(1, 12), st.sampled_from(["start", "end"]), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_periods_tile_the_year(first_month: int, named_by: str, on: date) -> None:
    fiscal = FiscalYear(first_month, named_by)  # type: ignore[arg-type]
    found = fiscal.period_of(on)
    assert found.holds(on)
    periods = fiscal.periods(found.year)
    assert periods[found.number - 1] == found
    assert all(one.day_until == after.day_from for one, after in pairwise(periods))
    assert periods[0].day_from.month == first_month
