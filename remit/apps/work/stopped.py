"""The stop-clock of an item: the working time during which it waited for the client moves its due time, in its entity's calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from remit.apps.work import requests
from remit.apps.work.models import Request, WorkItem
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import StopClock, WorkingHours, stop_clock, zone
from remit.domain.reminding import CLOSES, OPENS


def hours_of(item: WorkItem) -> WorkingHours:
    """When the entity works: the hours that the agreement names on its clocks, else the usual ones, on the working days of its own calendar."""
    facts, needs = item.period.entity.facts, item.engagement.agreement.needs
    opens, closes = OPENS, CLOSES
    if needs.get("zone") == facts["zone"]:
        opens, closes = _time(needs.get("opens"), OPENS), _time(needs.get("closes"), CLOSES)
    if opens == closes:
        opens, closes = OPENS, CLOSES
    return WorkingHours.on_weekdays(facts["zone"], opens, closes, calendar_of(facts))


def clock_of(item: WorkItem, rows: Iterable[Request], until: datetime) -> StopClock:
    """From the item's requests as `requests.blocking` fetches them: those that it waited for and that the client was to answer, until an instant."""
    waits = [wait for row in rows if row.blocks and row.asked_of == "client" for wait in requests.asked(row).waits(until)]
    agreed = item.due_at.astimezone(zone(item.period.entity.facts["zone"]))
    return stop_clock(agreed, waits, hours_of(item)) if waits else StopClock(item.due_at, item.due_at, 0)


def _time(says: Any, usual: time) -> time:
    try:
        return time.fromisoformat(str(says))
    except ValueError:
        return usual
