"""When somebody who was asked is reminded, and at which step of the contact plan: in working days, within the hours of whoever is reminded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from remit.domain.calendars import Calendar, zone

STEPS = ((-2, 0), (0, 0), (2, 1), (4, 2))
"""By default: two working days before, on the day, two after to escalation 1, four after to escalation 2. (working days after due, level)"""
MOST_STEPS = 10
ANSWER_WORKDAYS = 3
"""Within so many working days an answer is asked for, where nobody says when."""
OPENS, CLOSES = time(9), time(17)
"""Hours of a contact where the plan says none that can be read."""
WINDOW = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?\s*(?:uhr)?\s*(?:-|–|—|to|until|bis|à|до)\s*(\d{1,2})(?:[:.h](\d{2}))?", re.IGNORECASE)


@dataclass(frozen=True)
class Due:
    """A reminder that is to go out, to whom by level: 0 the owner, 1 the first step of the escalation, and so on."""

    at: datetime
    level: int


def hours_of(says: str) -> tuple[time, time]:
    """The hours that a line of a contact plan states, such as "08:30-16:00"; the usual ones where it states none that can be read."""
    found = WINDOW.search(says)
    if found is None:
        return OPENS, CLOSES
    hour, minute, end_hour, end_minute = (int(part or 0) for part in found.groups())
    if hour > 23 or end_hour > 24 or minute > 59 or end_minute > 59:
        return OPENS, CLOSES
    start, end = time(hour, minute), time(23, 59) if end_hour == 24 else time(end_hour, end_minute)
    return (start, end) if start < end else (OPENS, CLOSES)


def reminders(
    due_at: datetime, asked_at: datetime, steps: Iterable[tuple[int, int]], calendar: Calendar, opens: Mapping[int, time], zone_name: str
) -> tuple[Due, ...]:
    """Those of a plan that still come after `asked_at`, in order: each as the hours of its level begin, on the clocks of the zone.

    `opens`: by level when those hours begin. Of several at one instant the one of the highest level goes.
    """
    on = due_at.astimezone(zone(zone_name)).date()
    found: dict[datetime, int] = {}
    for workdays, level in steps:
        day = calendar.add(on, workdays)
        at = datetime.combine(day, opens.get(level, OPENS), zone(zone_name))
        if at > asked_at:
            found[at] = max(level, found.get(at, 0))
    return tuple(Due(at, level) for at, level in sorted(found.items()))


def escalation(contacts: Sequence[Mapping[str, Any]], side: str) -> list[Mapping[str, Any]]:
    """The contacts of a side, step by step: first those to whom everything goes, then whoever is told if nothing comes. Within a step as they stand."""
    return sorted((each for each in contacts if each.get("side") == side), key=lambda each: int(each.get("escalation") or 0))


def contact_at(contacts: Sequence[Mapping[str, Any]], side: str, level: int) -> Mapping[str, Any] | None:
    """Whom the plan names at that level: 0 the first contact, n the nth step above it; None where the plan does not go so far."""
    steps = escalation(contacts, side)
    if level == 0:
        return next(iter(steps), None)
    above = [each for each in steps if int(each.get("escalation") or 0) > 0]
    return above[level - 1] if level <= len(above) else None
