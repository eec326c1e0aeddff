"""Figures of an engagement: what is counted, what is not said, and that they follow from the exported rows alone."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.money import Money
from remit.domain.performance import COLUMNS, Event, Figure, figures
from remit.formats.table.write import write_csv

START = datetime(2026, 11, 2, 8, tzinfo=UTC)


def after(days: float) -> datetime:
    return START + timedelta(days=days)


def item(name: str, *, due: float, verdicts: tuple[str, ...] = (), judged: tuple[str, ...] = (), every: float = 1) -> list[Event]:
    """Opened at the start; deliverable n handed in, reviewed and judged on day n x `every`."""
    events = [Event(at=START, item=name, event="opened", due_at=after(due))]
    for number, verdict in enumerate(verdicts, 1):
        at = after(number * every)
        events += [Event(at=at, item=name, event="handed_in", number=number), Event(at=at, item=name, event="reviewed", number=number, verdict=verdict)]
    for number, verdict in enumerate(judged, 1):
        events.append(Event(at=after(number * every), item=name, event="judged", number=number, verdict=verdict))
    return events


def counted(at: datetime) -> Event:
    return Event(at=at, item="", event="counted")


def by_code(events: list[Event]) -> dict[str, Figure]:
    return {figure.code: figure for figure in figures(events).figures}


def good(name: str) -> list[Event]:
    return item(name, due=5, verdicts=("passed",), judged=("accepted",))


def test_nothing_is_no_data_and_not_a_hundred_percent() -> None:
    for figure in by_code([counted(after(9))]).values():
        assert (figure.state, figure.value, figure.n) == ("none", None, 0)


def test_overdue_open_work_stays_in_the_denominator() -> None:
    events = [event for n in range(5) for event in good(f"WI-{n}")]
    late = item("WI-late", due=5)
    found = by_code([*events, *late, counted(after(10))])
    assert (found["on_time"].numerator, found["on_time"].denominator) == (5, 6)
    assert found["turnaround"].numerator == 5 * 1440 + 10 * 1440
    assert found["turnaround"].n == 6
    not_due_yet = by_code([*events, *late, counted(after(4))])
    assert (not_due_yet["on_time"].denominator, not_due_yet["turnaround"].n) == (5, 5)


def test_what_was_accepted_late_is_not_on_time() -> None:
    found = by_code([*item("WI-1", due=1, verdicts=("passed",), judged=("accepted",), every=3), counted(after(9))])
    assert (found["on_time"].numerator, found["on_time"].denominator) == (0, 1)


def test_first_pass_counts_the_first_deliverable_alone() -> None:
    events = good("WI-1")
    events += item("WI-2", due=9, verdicts=("returned", "passed"))
    events += item("WI-3", due=9, verdicts=("passed", "passed"), judged=("returned", "accepted"))
    events += item("WI-4", due=9, verdicts=("passed",))  # passed, and the client has not said anything
    found = by_code([*events, counted(after(8))])["first_pass"]
    assert (found.numerator, found.denominator) == (1, 3)


def test_a_thin_sample_shows_counts_and_never_a_rate() -> None:
    four = [event for n in range(4) for event in good(f"WI-{n}")]
    thin = by_code([*four, counted(after(9))])["first_pass"]
    assert (thin.state, thin.value, thin.numerator, thin.denominator) == ("thin", None, 4, 4)
    said = by_code([*four, *good("WI-4"), counted(after(9))])["first_pass"]
    assert (said.state, said.value) == ("said", Decimal(1))


def test_what_happened_later_is_not_counted() -> None:
    events = [*good("WI-1"), Event(at=after(7), item="WI-1", event="billed", amount=Decimal("40.80"), currency="EUR")]
    assert figures([*events, counted(after(6))]).billed == ()
    later = figures([*events, counted(after(8))])
    assert later.billed == (Money(Decimal("40.80"), "EUR"),)


def test_without_a_moment_of_counting_nothing_is_said() -> None:
    with pytest.raises(ValueError):
        figures(good("WI-1"))


HAPPENINGS = st.lists(
    st.builds(
        Event,
        at=st.integers(0, 20 * 1440).map(lambda minute: START + timedelta(minutes=minute)),
        item=st.sampled_from([f"WI-{n}" for n in range(8)]),
        event=st.sampled_from(["opened", "handed_in", "reviewed", "judged", "billed"]),
        number=st.integers(1, 3),
        verdict=st.sampled_from(["passed", "accepted", "returned"]),
        due_at=st.none() | st.integers(0, 20).map(after),
        amount=st.none() | st.decimals(0, 9999, places=2),
        currency=st.sampled_from(["EUR", "USD"]),
    ),
    max_size=40,
)


@given(HAPPENINGS, st.randoms(use_true_random=False))
def test_figures_follow_from_the_exported_file_alone(events: list[Event], random: Random) -> None:
    whole = [*events, counted(after(15))]
    data = write_csv([COLUMNS, *(event.row() for event in whole)]).decode("utf-8-sig")
    read = [Event.of(row) for row in csv.DictReader(io.StringIO(data))]
    assert read == [*whole]
    random.shuffle(read)
    assert figures(read) == figures(whole)
    for figure in figures(read).figures:
        assert figure.numerator >= 0
        assert figure.unit == "min" or figure.numerator <= figure.denominator
