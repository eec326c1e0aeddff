"""Dates by law: what the source says for known months, and laws that hold for any."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.calendars import Calendar
from remit.domain.rules import Deadline, deadline_of, due_on, parse
from remit.formats.rules import shipped


@pytest.mark.parametrize(
    ("jurisdiction", "task", "rhythm", "until", "expected"),
    [
        ("DE", "vat_advance_return", 1, date(2026, 10, 1), date(2026, 10, 12)),  # the tenth is a Saturday
        ("DE", "vat_advance_return", 3, date(2027, 1, 1), date(2027, 1, 11)),  # the tenth is a Sunday
        ("DE", "ec_sales_list", 1, date(2027, 2, 1), date(2027, 2, 25)),
        ("DE", "ec_sales_list", 1, date(2026, 12, 1), date(2026, 12, 28)),  # 25 to 27 December are days of rest
        ("CZ", "vat_advance_return", 1, date(2027, 2, 1), date(2027, 2, 25)),
        ("US", "wage_tax_return", 3, date(2026, 10, 1), date(2026, 11, 2)),  # 31 October is a Saturday
        ("GB-EAW", "vat_advance_return", 3, date(2027, 2, 1), date(2027, 2, 28)),  # the last day, on whatever day of the week
    ],
)
def test_dates_as_the_source_says(jurisdiction: str, task: str, rhythm: int, until: date, expected: date) -> None:
    found = deadline_of(shipped().deadlines(jurisdiction), task, "", rhythm, until)
    assert found is not None
    assert due_on(found, until, Calendar(jurisdiction.partition("-")[0])) == expected


def test_a_deadline_is_that_of_its_time_and_rhythm() -> None:
    deadlines = shipped().deadlines("DE")
    assert deadline_of(deadlines, "ec_sales_list", "", 1, date(2010, 6, 30)) is None
    assert deadline_of(deadlines, "ec_sales_list", "", 12, date(2026, 6, 30)) is None
    assert deadline_of(deadlines, "trial_balance", "", 1, date(2026, 6, 30)) is None
    assert deadline_of(deadlines, "file_it", "vat_advance_return", 1, date(2026, 6, 30)) is not None, "by the task's act"


def test_every_deadline_that_comes_with_remit_names_source_authority_and_every_language() -> None:
    found = [each for rule_set in shipped().sets for each in rule_set.deadlines]
    assert len(found) >= 8
    for each in found:
        assert each.source, each.id
        assert each.authority, each.id
        assert set(each.words) == {"en", "de", "fr", "bg"}, each.id


BROKEN = {"id": "x-1", "tasks": ["a"], "day": 10, "authority": "A", "source": "S", "valid_from": date(2020, 1, 1), "verified": False, "words": {"en": "A"}}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": 0}, "day"),
        ({"day": 32}, "day"),
        ({"after": 25}, "after"),
        ({"every_months": [5]}, "every_months"),
        ({"tasks": []}, "tasks"),
        ({"verified": True}, "verified"),
        ({"shift": "back"}, "shift"),
        ({"words": {}}, "words"),
        ({"colour": "red"}, "colour"),
        ({"valid_until": date(2019, 1, 1)}, "valid_until"),
    ],
)
def test_a_broken_deadline_is_refused_at_its_field(change: dict[str, object], field: str) -> None:
    rule_set, faults = parse({"jurisdiction": "XX", "deadline": [BROKEN, BROKEN | {"id": "x-2"} | change]})
    assert rule_set is None
    assert [(fault.path[:2], fault.path[-1]) for fault in faults] == [(("deadline", 1), field)]


@given(st.dates(date(2024, 1, 1), date(2027, 12, 1)), st.integers(1, 31), st.integers(1, 12), st.sampled_from(["next", "none"]))
def test_a_date_lies_in_its_month_or_is_shifted_to_a_working_day(until: date, day: int, after: int, shift: str) -> None:
    first = until.replace(day=1)
    it = Deadline(id="x", tasks=("a",), day=day, after=after, shift=shift, authority="A", source="S", valid_from=date(2000, 1, 1))  # type: ignore[arg-type]
    found, plain = due_on(it, first, Calendar("DE")), due_on(it, first, Calendar("DE"))
    assert found == plain
    unshifted = due_on(Deadline(id="x", tasks=("a",), day=day, after=after, authority="A", source="S", valid_from=date(2000, 1, 1)), first, Calendar("DE"))
    assert (unshifted.year * 12 + unshifted.month) - (first.year * 12 + first.month) == after - 1
    assert unshifted.day <= day
    assert found >= unshifted
    if shift == "next":
        assert Calendar("DE").workday(found)
    else:
        assert found == unshifted
