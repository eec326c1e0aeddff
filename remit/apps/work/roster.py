"""The week of each person: working hours by day on their own site's clock, and what of it is booked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from psycopg.types.range import TimestamptzRange

from remit.apps.people.models import Booking, Person, Staff
from remit.domain.calendars import WorkingHours, zone
from remit.domain.reasons import N_
from remit.formats.leave import KINDS
from remit.formats.pictures.day import Span, day_bar
from remit.formats.words import Words

DAYS = 5
AWAY = N_("away")


def week_of(text: str, today: date) -> date:
    """The Monday of the week that holds the day named, or of this week."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    return day - timedelta(day.weekday())


def weekly(
    people: Iterable[Person], bookings: QuerySet[Booking], begins: date, words: Words, sees: Callable[[Person], bool] = lambda person: False
) -> list[dict[str, Any]]:
    """A row a person who works for the organization that week; figures in minutes. `sees`: of whom the kind of leave is shown."""
    week = TimestamptzRange(datetime.combine(begins, time.min, zone("UTC")), datetime.combine(begins + timedelta(DAYS + 1), time.min, zone("UTC")))
    booked: dict[Any, list[Booking]] = {}
    for booking in bookings.filter(during__overlap=week):
        booked.setdefault(booking.person_id, []).append(booking)
    return [_row(person, staff, booked.get(person.id, []), begins, words, sees(person)) for person in people if (staff := _staff(person, begins))]


def _staff(person: Person, on: date) -> Staff | None:
    return next((row for row in reversed(list(person.staff.all())) if row.since <= on + timedelta(DAYS) and (row.until is None or row.until > on)), None)


def _row(person: Person, staff: Staff, bookings: list[Booking], begins: date, words: Words, sees: bool) -> dict[str, Any]:
    hours = staff.site.facts()
    days = [_day(hours, begins + timedelta(number), bookings, words, f"{person.reference}-{number}") for number in range(DAYS)]
    for day in days:
        day["away"] = _away(person, hours, day["on"], sees)
    return {
        "person": person,
        "staff": staff,
        "days": days,
        "hours_min": sum(day["hours_min"] for day in days if not day["away"]),
        "booked_min": sum(day["booked_min"] for day in days),
        "share_percent": sum(row.share_percent for row in person.allocations.all() if _holds(row.during, begins)),
    }


def _away(person: Person, hours: WorkingHours, on: date, sees: bool) -> str:
    """The word for a day of which leave takes all the hours: its kind, or only that they are away; empty where they are there. Reads what was fetched."""
    spans = hours.spans(on)
    if not spans:
        return ""
    first, last = spans[0][0], spans[-1][1]
    whole = next((row for row in person.absences.all() if row.during.lower.timestamp() <= first and last <= row.during.upper.timestamp()), None)
    return "" if whole is None else KINDS[whole.kind] if sees else AWAY


def _holds(during: Any, on: date) -> bool:
    noon = datetime.combine(on, time(12), zone("UTC"))
    return (during.lower is None or during.lower <= noon) and (during.upper is None or noon < during.upper)


def _day(hours: WorkingHours, on: date, bookings: list[Booking], words: Words, key: str) -> dict[str, Any]:
    midnight = datetime.combine(on, time.min, zone(hours.zone))
    working = [_span(start, end, midnight) for start, end in hours.spans(on)]
    taken = [
        _span(int(row.during.lower.timestamp()), int(row.during.upper.timestamp()), midnight)
        for row in bookings
        if row.during.lower and row.during.lower < midnight + timedelta(1) and row.during.upper > midnight
    ]
    return {
        "on": on,
        "open": hours.open_on(on),
        "hours_min": sum(end - start for start, end in working),
        "booked_min": sum(min(end, 1440) - max(start, 0) for start, end in taken),
        "picture": day_bar(working, taken, words, key=key),
    }


def _span(start_s: int, end_s: int, midnight: datetime) -> Span:
    """Minutes from local midnight."""
    first = int(midnight.timestamp())
    return (start_s - first) // 60, (end_s - first) // 60
