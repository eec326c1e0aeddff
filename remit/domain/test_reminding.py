"""Reminders: in working days of the place, within hours, never before the question, the higher level where two meet."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.calendars import Calendar, zone
from remit.domain.reminding import STEPS, contact_at, hours_of, reminders

BAVARIA, BERLIN = Calendar("DE-BY"), zone("Europe/Berlin")
PLAN = [
    {"side": "client", "name": "Petra", "escalation": 1, "hours": "10:00-16:00"},
    {"side": "client", "name": "Jonas", "escalation": 0},
    {"side": "provider", "name": "Maya", "escalation": 0},
]


def test_over_easter() -> None:
    # Due Thursday 25 March 2027; Friday and Monday are holidays.
    due = datetime(2027, 3, 25, 12, tzinfo=BERLIN)
    found = reminders(due, due - timedelta(days=9), STEPS, BAVARIA, {1: time(10)}, "Europe/Berlin")
    said = [(each.at.strftime("%d.%m. %H:%M"), each.level) for each in found]
    assert said == [("23.03. 09:00", 0), ("25.03. 09:00", 0), ("31.03. 10:00", 1), ("02.04. 09:00", 2)]


def test_what_is_past_when_it_is_asked_is_left_out() -> None:
    due = datetime(2027, 2, 11, 12, tzinfo=BERLIN)
    found = reminders(due, datetime(2027, 2, 11, 9, 30, tzinfo=BERLIN), STEPS, BAVARIA, {}, "Europe/Berlin")
    assert [each.level for each in found] == [1, 2]


def test_of_two_at_one_instant_the_higher_goes() -> None:
    due = datetime(2027, 2, 11, 12, tzinfo=BERLIN)
    (only,) = reminders(due, due, ((2, 0), (2, 1)), BAVARIA, {}, "Europe/Berlin")
    assert only.level == 1


@given(st.integers(0, 700 * 24 * 60), st.integers(0, 20), st.lists(st.tuples(st.integers(-10, 20), st.integers(0, 3)), max_size=8))
def test_in_order_on_working_days_and_never_before_the_question(minutes: int, days: int, steps: list[tuple[int, int]]) -> None:
    due = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    asked = due - timedelta(days=days)
    found = reminders(due, asked, steps, BAVARIA, {0: time(8), 1: time(10)}, "Europe/Berlin")
    assert all(before.at < after.at for before, after in pairwise(found))
    assert all(each.at > asked and BAVARIA.workday(each.at.astimezone(BERLIN).date()) for each in found)


@pytest.mark.parametrize(
    ("says", "hours"),
    [
        ("08:30-16:00", (time(8, 30), time(16))),
        ("Mo-Fr 8-12 Uhr", (time(8), time(12))),
        ("9.15 bis 17.45", (time(9, 15), time(17, 45))),
        ("10h à 18h", (time(10), time(18))),
        ("0:00-24:00", (time(0), time(23, 59))),
        ("", (time(9), time(17))),
        ("office hours", (time(9), time(17))),
        ("99-3", (time(9), time(17))),
        ("17-9", (time(9), time(17))),
    ],
)
def test_hours_as_people_write_them(says: str, hours: tuple[time, time]) -> None:
    assert hours_of(says) == hours


@given(st.text(max_size=80))
def test_hours_of_anything(says: str) -> None:
    start, end = hours_of(says)
    assert start < end


def test_the_steps_of_a_plan() -> None:
    assert contact_at(PLAN, "client", 0) == PLAN[1]
    assert contact_at(PLAN, "client", 1) == PLAN[0]
    assert contact_at(PLAN, "client", 2) is None
    assert contact_at(PLAN, "provider", 0) == PLAN[2]
    assert contact_at([], "client", 0) is None
