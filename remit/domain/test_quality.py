"""Findings by month add up to the engagement's own figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from remit.domain.performance import Event, figures
from remit.domain.quality import CATEGORIES, SEVERITIES, by_month


def event(month: int, day: int, item: str, kind: Any, number: int = 0, verdict: str = "", **more: str) -> Event:
    return Event(at=datetime(2027, month, day, 9, tzinfo=UTC), item=item, event=kind, number=number, verdict=verdict, **more)


EVENTS = [
    event(1, 1, "A", "opened"),
    event(1, 2, "A", "handed_in", 1),
    event(1, 3, "A", "reviewed", 1, "returned"),
    event(1, 3, "A", "found", 1, category="figure", severity="critical"),
    event(1, 3, "A", "found", 1, category="unclear", severity="minor"),
    event(2, 1, "A", "handed_in", 2),
    event(2, 2, "A", "reviewed", 2, "passed"),
    event(2, 3, "A", "judged", 2, "accepted"),
    event(2, 1, "B", "handed_in", 1),
    event(2, 2, "B", "reviewed", 1, "passed"),
    event(2, 4, "B", "judged", 1, "accepted"),
    event(3, 1, "", "counted"),
]


def test_months_hold_reviews_returns_and_findings() -> None:
    january, february = by_month(EVENTS)
    assert (january.begins_on, january.reviewed, january.returned, january.first_pass, january.first_judged) == (date(2027, 1, 1), 1, 1, 0, 1)
    assert (january.by_category, january.by_severity, january.found) == ({"figure": 1, "unclear": 1}, {"critical": 1, "minor": 1}, 2)
    assert (february.reviewed, february.returned, february.first_pass, february.first_judged, february.found) == (2, 0, 1, 1, 0)
    first = next(each for each in figures(EVENTS).figures if each.code == "first_pass")
    assert (sum(month.first_pass for month in (january, february)), sum(month.first_judged for month in (january, february))) == (first.numerator, first.n)


def test_findings_are_in_the_file_and_older_files_are_read() -> None:
    found = EVENTS[3]
    columns = ("at", "item", "event", "number", "verdict", "due_at", "amount", "currency", "category", "severity")
    row = {name: "" if cell is None else str(cell) for name, cell in zip(columns, found.row(), strict=True)}
    assert Event.of(row) == found
    assert Event.of({name: row[name] for name in columns[:8]}).category == ""
    assert {found.category, found.severity} <= {*CATEGORIES, *SEVERITIES}


def test_nothing_reviewed_is_no_month() -> None:
    assert by_month(EVENTS[:2]) == ()
