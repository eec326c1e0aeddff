"""Due dates as a calendar (RFC 5545), for a reader's own calendar program to fetch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LASTS = timedelta(minutes=30)
"""How long an event is shown; it ends when the thing is due."""
AGAIN_AFTER = "PT1H"


@dataclass(frozen=True)
class Due:
    """One due date. `key` stays the same for the same thing, so that a moved date moves the event."""

    key: str
    title: str
    at: datetime
    url: str


def write(dues: Iterable[Due], name: str, now: datetime) -> bytes:
    """The calendar; times in UTC, which every program shows on its own clock."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Remit//due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval;value=duration", AGAIN_AFTER)
    calendar.add("x-published-ttl", AGAIN_AFTER)
    for due in dues:
        event = Event()
        event.add("uid", f"{due.key}@remit")
        event.add("summary", due.title)
        event.add("dtstart", due.at.astimezone(UTC) - LASTS)
        event.add("dtend", due.at.astimezone(UTC))
        event.add("dtstamp", now.astimezone(UTC))
        event.add("url", due.url)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
