"""Leave beside work: which assigned work it would stop, and who of an item is away soon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from remit.apps.people import leave
from remit.apps.people.models import Absence
from remit.apps.records.context import By
from remit.apps.work.models import Assignment
from remit.apps.work.waiting import Standing, due_at
from remit.domain.line import Step
from remit.domain.reasons import N_, Reason, Sentence

SOON = timedelta(days=60)
"""Leave that begins within so long is looked at against the work."""
AWAY_DAYS = Sentence("leave.away_days", N_("away from {first} to {last}"))
AWAY_DAY = Sentence("leave.away_day", N_("away on {first}"))
AWAY_HOURS = Sentence("leave.away_hours", N_("away from {first} until {last}"))


@dataclass(frozen=True)
class Hit:
    """A step that falls due, or is booked, while whoever is on it is away."""

    absence: Absence
    found: Standing
    step: Step
    held: Assignment
    needed_at: datetime


def away(absence: Absence, zone_name: str) -> Reason:
    """When, in words."""
    when = leave.shown(absence, zone_name)
    if not when["is_days"]:
        return AWAY_HOURS(first=when["first"], last=when["last"])
    return AWAY_DAY(first=when["first"]) if when["first"] == when["last"] else AWAY_DAYS(first=when["first"], last=when["last"])


def hits(absences: Iterable[Absence], standings: Iterable[Standing]) -> list[Hit]:
    """Open steps of whoever is away then, the first needed first; reads what was fetched with them."""
    by_person: dict[UUID, list[Absence]] = {}
    for absence in absences:
        by_person.setdefault(absence.person_id, []).append(absence)
    found = []
    for each in standings:
        for step in filter(None, (each.working, each.reviewing)):
            held = each.on.get(step.code)
            if held is None or each.is_accepted or _is_done(each, step):
                continue
            needed = due_at(each.item, step, each.clock)
            found += [Hit(absence, each, step, held, needed) for absence in by_person.get(held.person_id, ()) if _stops(absence, held, needed)]
    return sorted(found, key=lambda hit: hit.needed_at)


def _is_done(found: Standing, step: Step) -> bool:
    """The step waits for nobody: something was handed in, or the review was passed, and nothing came back."""
    return found.wait is None or (found.wait.step != step.code and found.made is not None and (step is found.working or found.review is not None))


def _stops(absence: Absence, held: Assignment, needed: datetime) -> bool:
    during = absence.during
    if during.lower <= needed < during.upper:
        return True
    return held.begins_at is not None and held.ends_at is not None and held.begins_at < during.upper and during.lower < held.ends_at


def marked(rows: list[dict[str, Any]], by: By, at: datetime, zone_name: str) -> list[dict[str, Any]]:
    """The people of an item, each with when they are away within two months, as their own organization knows it."""
    people = {row["held"].person_id for row in rows if row["held"] is not None}
    soon: dict[UUID, list[Reason]] = {}
    for absence in leave.upcoming(by, at, people, at + SOON) if people else ():
        soon.setdefault(absence.person_id, []).append(away(absence, zone_name))
    return [row | {"away": soon.get(row["held"].person_id, [])[:3] if row["held"] is not None else []} for row in rows]
