"""Nobody is in two places: bookings that overlap and shares beyond a whole cannot be stored, however many writers of whichever organization try at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import TimestamptzRange

from remit.apps.people.models import Allocation, Booking
from remit.apps.records.context import writing

if TYPE_CHECKING:
    from tests.world import World

BEGINS = datetime(2027, 3, 1, 9, tzinfo=UTC)
WRITERS = 12


def hours(start: int, end: int) -> TimestamptzRange:
    return TimestamptzRange(BEGINS + timedelta(hours=start), BEGINS + timedelta(hours=end))


def store(world: World, seat: str, model: Any, person: Any, during: TimestamptzRange, **fields: Any) -> bool:
    by = world.by(seat)
    try:
        with writing(by, world.now):
            model.objects.create(organization_id=by.organization, person_id=person, during=during, **fields)
    except IntegrityError as taken:
        if "not free" not in str(taken) and "person_in_one_place" not in str(taken):
            raise
        return False
    return True


def at_once(tasks: list[Callable[[], bool]]) -> list[bool]:
    starts, stored = threading.Barrier(len(tasks)), []

    def run(task: Callable[[], bool]) -> None:
        try:
            starts.wait(10)
            stored.append(task())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(stored) == len(tasks)
    return stored


def test_one_of_many_who_book_the_same_hours(world: World) -> None:
    """Half of them write for another organization: it has no say that the first does not have."""
    person = world.rila.persons["Elena Koleva"]
    tasks = [lambda seat=("maya", "kavitha")[n % 2], n=n: store(world, seat, Booking, person, hours(n % 3, 4 + n % 3)) for n in range(WRITERS)]
    assert sum(at_once(tasks)) == 1
    assert store(world, "kavitha", Booking, person, hours(20, 21))
    with world.see("maya"):
        mine = Booking.objects.filter(person=person).count()
    with world.see("kavitha"):
        theirs = Booking.objects.filter(person=person).count()
    assert mine + theirs == 2


def test_touching_hours_are_apart(world: World) -> None:
    person = world.rila.persons["Georgi Stanev"]
    assert store(world, "maya", Booking, person, hours(0, 2))
    assert store(world, "kavitha", Booking, person, hours(2, 4))
    assert not store(world, "kavitha", Booking, person, hours(1, 2))
    with pytest.raises(IntegrityError), writing(world.by("maya"), world.now):
        Booking.objects.filter(person=person, organization=world.rila.key).update(during=hours(0, 3))


def test_shares_of_many_writers_stay_within_a_whole(world: World) -> None:
    person = world.rila.persons["Arun Iyer"]
    tasks = [lambda n=n: store(world, ("maya", "kavitha")[n % 2], Allocation, person, hours(0, 100), share_percent=30) for n in range(WRITERS)]
    assert sum(at_once(tasks)) == 3
    assert store(world, "maya", Allocation, person, hours(0, 100), share_percent=10)
    assert not store(world, "kavitha", Allocation, person, hours(99, 101), share_percent=1)
    assert store(world, "kavitha", Allocation, person, hours(100, 101), share_percent=100)


def test_a_share_that_grows_is_held_to_the_same(world: World) -> None:
    person = world.rila.persons["Radoslav Iliev"]
    assert store(world, "maya", Allocation, person, hours(0, 10), share_percent=60)
    assert store(world, "kavitha", Allocation, person, hours(5, 15), share_percent=40)
    with pytest.raises(IntegrityError), writing(world.by("maya"), world.now):
        Allocation.objects.filter(person=person).update(share_percent=61)
    with pytest.raises(IntegrityError), writing(world.by("kavitha"), world.now):
        Allocation.objects.filter(person=person).update(share_percent=41)


shares = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6), st.integers(1, 100)), min_size=1, max_size=9)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares)
def test_any_run_of_shares_peaks_at_a_whole(world: World, asked: list[tuple[int, int, int]]) -> None:
    """Stored or refused exactly as the sum over each hour says."""
    person = world.rila.persons["Teodora Vasileva"]
    held: list[tuple[int, int, int]] = []
    by = world.by("maya")
    for start, length, percent in asked:
        fits = all(sum(p for s, e, p in held if s <= hour < e) + percent <= 100 for hour in range(start, start + length))
        assert store(world, "maya", Allocation, person, hours(start, start + length), share_percent=percent) == fits
        held += [(start, start + length, percent)] if fits else []
    # Freed again for the next run: an empty range takes nothing.
    with writing(by, world.now):
        Allocation.objects.filter(person=person).update(during=TimestamptzRange(empty=True))
