"""What the page of an item shows of time: who may enter it, the timer, entries, totals and units; and on whose clock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from remit.apps.organizations.may import may
from remit.apps.organizations.views.organization import own_zone
from remit.apps.people.models import Person, Staff
from remit.apps.work import timing
from remit.apps.work.models import TimeEntry
from remit.apps.work.places import of_item
from remit.apps.work.waiting import Standing
from remit.domain.calendars import zone
from remit.formats.durations import clock

ENTRIES_SHOWN = 60


def zone_of(request: HttpRequest) -> str:
    """The clock of whoever looks: of the site that they work from, else of the organization's first."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    rows = Staff.objects.filter(organization=by.organization, person=by.person, since__lte=at.date()).order_by("-since") if by.person else Staff.objects.none()
    return rows.values_list("site__zone", flat=True).first() or own_zone(request)


def of_page(request: HttpRequest, found: Standing, side: str, is_closed: bool) -> dict[str, Any]:
    """What `work/parts/time.html` shows on an item's page."""
    by, at, item = request.by, request.at, found.item  # type: ignore[attr-defined]
    here = timing.of_item(item, side)
    running = timing.shown_timer(by, at) if side == "provider" else {"timer": None}
    is_on = by.person is not None and by.person in {held.person_id for held in found.on.values()}
    manages = side == "provider" and may(request).reaches(("manager",), of_item(item))
    own = zone_of(request) if side == "provider" else ""
    return {
        "time": here,
        "time_entries": [_shown(row, by.person, manages, is_closed, own or item.period.entity.facts["zone"]) for row in here.entries[:ENTRIES_SHOWN]],
        "time_more": max(0, len(here.entries) - ENTRIES_SHOWN),
        **running,
        "timer_here": running["timer"] is not None and running["timer"].item_id == item.id,
        "can_time": side == "provider" and not is_closed and is_on,
        "can_time_others": manages and not is_closed,
        "time_people": list(Person.objects.filter(staff__organization=by.organization, kind="human").distinct().order_by("name")) if manages else (),
        "own_zone": own,
        "own_today": at.astimezone(zone(own)).date() if own else None,
        "units": _units(found),
    }


def _shown(row: TimeEntry, me: UUID | None, manages: bool, is_closed: bool, clock_name: str) -> dict[str, Any]:
    billed = getattr(row, "billed", None)
    may_change = billed is None and not is_closed and (row.person_id == me or manages)
    span = ""
    if row.begins_at is not None and row.ends_at is not None:
        begins, ends = row.begins_at.astimezone(zone(clock_name)), row.ends_at.astimezone(zone(clock_name))
        span = f"{begins:%H:%M}–{ends:%H:%M} {clock_name.rpartition('/')[2].replace('_', ' ')}"
    return {"row": row, "billed": billed, "may_change": may_change, "is_mine": row.person_id == me, "text": clock(row.minutes), "span": span}


def _units(found: Standing) -> list[dict[str, Any]]:
    """What the newest deliverable counts, in the words of its line."""
    if found.made is None:
        return []
    quantities = type(found.made).objects.filter(id=found.made.id).values_list("quantities", flat=True).first() or []
    return [{"says": found.line.measures.get(each["measure"], each["measure"]), "count": each["count"]} for each in quantities]
