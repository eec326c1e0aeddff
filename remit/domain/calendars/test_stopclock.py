"""The stop-clock's laws: never earlier, overlaps once, half-open, and nothing moves by waiting outside working time or once it is late."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from remit.domain.calendars import Calendar, WorkingHours, stop_clock, zone
from remit.domain.calendars.stopclock import later, working_s

HOURS = WorkingHours.on_weekdays("Europe/Berlin", time(9), time(17), Calendar("DE-BY"))
NIGHTS = WorkingHours.on_weekdays("Asia/Kolkata", time(18), time(3), Calendar("IN"))
BERLIN = zone("Europe/Berlin")
BEGIN = datetime(2027, 1, 4, tzinfo=UTC)

instants = st.integers(0, 90 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
waits = st.tuples(instants, st.integers(0, 20 * 24 * 60)).map(lambda pair: (pair[0], pair[0] + timedelta(minutes=pair[1])))
hours = st.sampled_from([HOURS, NIGHTS])


def local(day: int, hour: int, minute: int = 0, month: int = 2) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=BERLIN)


def test_by_hand() -> None:
    # Due Friday 12 February, 12:00. Asked Monday 16:00, answered Wednesday 10:00: one hour, eight hours, one hour.
    found = stop_clock(local(12, 12), [(local(8, 16), local(10, 10))], HOURS)
    assert found.stopped_min == 600
    assert found.is_moved
    # Friday has five hours left after noon, Monday takes the other five.
    assert found.due_at == local(15, 14)
    assert found.due_at.tzinfo is BERLIN
    assert found.agreed_at == local(12, 12)


def test_holidays_of_the_entity_are_no_working_time() -> None:
    # Good Friday 26 and Easter Monday 29 March 2027.
    found = stop_clock(local(30, 12, month=3), [(local(25, 16, month=3), local(30, 10, month=3))], HOURS)
    assert found.stopped_min == 120


def test_who_never_works_never_waits() -> None:
    idle = WorkingHours("Europe/Berlin", ((),) * 7)
    assert stop_clock(local(12, 12), [(local(8, 16), local(10, 10))], idle).due_at == local(12, 12)
    assert later(idle, 0, 3600) == 0


def test_asked_once_it_is_late_moves_nothing() -> None:
    assert not stop_clock(local(12, 12), [(local(12, 12), local(19, 12))], HOURS).is_moved
    assert stop_clock(local(12, 12), [(local(12, 11, 59), local(12, 13))], HOURS).stopped_min == 61


@given(instants, st.lists(waits, max_size=5), hours)
def test_never_earlier_than_agreed_and_by_just_the_time_waited(agreed: datetime, waited: list[tuple[datetime, datetime]], works: WorkingHours) -> None:
    found = stop_clock(agreed, waited, works)
    assert found.due_at >= agreed
    assert (found.due_at == agreed) == (found.stopped_s == 0)
    assert working_s(works, int(agreed.timestamp()), int(found.due_at.timestamp())) == found.stopped_s


@given(instants, st.lists(waits, max_size=5), hours)
def test_waits_that_overlap_count_once_in_any_order(agreed: datetime, waited: list[tuple[datetime, datetime]], works: WorkingHours) -> None:
    found = stop_clock(agreed, waited, works)
    assert stop_clock(agreed, [*reversed(waited), *waited], works) == found


@given(instants, waits, st.integers(1, 100), hours)
def test_a_wait_in_two_halves_is_the_same_wait(agreed: datetime, waited: tuple[datetime, datetime], percent: int, works: WorkingHours) -> None:
    start, end = waited
    middle = (start + (end - start) * percent / 100).replace(second=0, microsecond=0)
    assert stop_clock(agreed, [(start, middle), (middle, end)], works) == stop_clock(agreed, [waited], works)


@given(instants, st.lists(waits, max_size=4), waits, hours)
def test_one_more_wait_never_brings_it_forward(
    agreed: datetime, waited: list[tuple[datetime, datetime]], more: tuple[datetime, datetime], works: WorkingHours
) -> None:
    assert stop_clock(agreed, [*waited, more], works).due_at >= stop_clock(agreed, waited, works).due_at


@given(instants, instants)
def test_half_open(agreed: datetime, at: datetime) -> None:
    assert stop_clock(agreed, [(at, at)], HOURS).due_at == agreed
    assert stop_clock(agreed, [(at + timedelta(minutes=1), at)], HOURS).due_at == agreed


@given(instants, st.integers(0, 60 * 60 * 24 * 10), hours)
def test_so_much_later(start: datetime, seconds: int, works: WorkingHours) -> None:
    begins = int(start.timestamp())
    reached = later(works, begins, seconds)
    assert working_s(works, begins, reached) == seconds
    if seconds:
        assert working_s(works, begins, reached - 1) == seconds - 1
