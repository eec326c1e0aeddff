"""Who of the running engagements is at work now: each place with its hours on one clock, and the people with their own time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.models import Site
from remit.apps.people.models import Absence, Staff
from remit.apps.work import pending
from remit.apps.work.models import Assignment
from remit.domain import brief as briefs
from remit.domain.calendars import WorkingHours, zone
from remit.formats.pictures.now import Place, clock_of, now_strip, together, windows_on
from remit.formats.words import Words
from remit.front.needs import Desk

MOST_PLACES, MOST_PEOPLE = 6, 8


@dataclass(frozen=True)
class Someone:
    """A person on open work, with the time where they are; `state`: (class of the chip, words). Without a place nothing is known of their hours."""

    name: str
    place: str
    clock: str
    state: tuple[str, str]


@dataclass(frozen=True)
class AtWork:
    """The picture, one sentence under it, and the people."""

    picture: str
    note: str
    people: tuple[Someone, ...]


def at_work(desk: Desk, words: Words) -> AtWork | None:
    """None for who is a side of no running engagement. Three queries, however many engagements."""
    mine, today = desk.by.organization, desk.at.date()
    running = Engagement.objects.filter(Q(client=mine) | Q(provider=mine), Q(ends_on=None) | Q(ends_on__gt=today), begins_on__lte=today)
    engagements = list(running.select_related("agreement", "client", "provider").order_by("started_at"))
    if not engagements:
        return None
    assigned = _assigned()
    sites = list(Site.objects.filter(organization__in={each.provider_id for each in engagements}).order_by("id"))
    seated = _seated(desk, sites, assigned)
    places = [*_clients(engagements), *_providers(engagements, sites, seated, mine)][:MOST_PLACES]
    if not places:
        return None
    clock = places[0].hours.zone
    on = desk.at.astimezone(zone(clock)).date()
    shared = together([windows_on(place.hours, on, clock) for place in places])
    picture = now_strip(places, desk.at, clock, words, clock_name=_city(clock), key="at-work")
    gone = {row.person_id: row for row in desk.absences if row.during.lower <= desk.at}
    people = [_someone(row, seated.get(row.person_id), sites, desk.at, gone.get(row.person_id), words) for row in assigned.values()]
    return AtWork(picture, _note(places, shared, clock), tuple(sorted(people, key=lambda each: (not each.place, each.name)))[:MOST_PEOPLE])


def _assigned() -> dict[UUID, Assignment]:
    """By person, one of the steps of open work that they are on."""
    open_work = pending.pending(pending.open_items()).values("id")
    rows = Assignment.objects.filter(ended_at=None, item__in=open_work).order_by("person", "-assigned_at").distinct("person")
    return {row.person_id: row for row in rows}


def _seated(desk: Desk, sites: list[Site], assigned: dict[UUID, Assignment]) -> dict[UUID, Site]:
    """Where each person works from: by one's own rows; of others' people only where their house has one site."""
    rows = Staff.objects.filter(Q(until=None) | Q(until__gt=desk.at.date()), person__in=assigned, since__lte=desk.at.date()).order_by("since")
    by_key = {site.id: site for site in sites}
    found = {row.person_id: by_key[row.site_id] for row in rows if row.site_id in by_key}
    for person, row in assigned.items():
        theirs = [site for site in sites if site.organization_id == row.organization_id]
        if person not in found and len(theirs) == 1:
            found[person] = theirs[0]
    return found


def _clients(engagements: Iterable[Engagement]) -> list[Place]:
    """The hours that each agreement names, the same of one client once."""
    places: dict[tuple[Any, ...], Place] = {}
    for each in engagements:
        hours = briefs.client_hours(each.agreement.needs)
        if hours is not None:
            places.setdefault((each.client_id, hours.zone, hours.weekly), Place(_city(hours.zone), each.client.name, hours, "client"))
    return list(places.values())[: MOST_PLACES // 2]


def _providers(engagements: Iterable[Engagement], sites: list[Site], seated: dict[UUID, Site], mine: UUID) -> list[Place]:
    """Sites with people on open work, counted; of a house where that is not known, its sites."""
    names = {each.provider_id: each.provider.name for each in engagements}
    counts: dict[UUID, int] = {}
    for site in seated.values():
        counts[site.id] = counts.get(site.id, 0) + 1
    places = []
    for site in sites:
        n = counts.get(site.id, 0)
        if not n and any(counts.get(other.id) for other in sites if other.organization_id == site.organization_id):
            continue
        people = ngettext("%(n)d person", "%(n)d people", n) % {"n": n} if n else ""
        house = "" if site.organization_id == mine else names[site.organization_id]
        places.append(Place(site.name, ", ".join(filter(None, (house, people))), site.facts()))
    return places


def _someone(row: Assignment, site: Site | None, sites: list[Site], at: datetime, gone: Absence | None, words: Words) -> Someone:
    if site is None:
        return Someone(row.person_name, "", "", ("", ""))
    clock = f"{at.astimezone(zone(site.zone)):%H:%M}"
    if gone is not None:
        back = gone.during.upper.astimezone(zone(site.zone))
        return Someone(row.person_name, site.name, clock, ("warn", _("away until %(day)s") % {"day": words.date(back.date(), "medium")}))
    return Someone(row.person_name, site.name, clock, _state(site.facts(), at))


def _state(hours: WorkingHours, at: datetime) -> tuple[str, str]:
    on = at.astimezone(zone(hours.zone)).date()
    local = at.astimezone(zone(hours.zone))
    minute = local.hour * 60 + local.minute
    windows = windows_on(hours, on, hours.zone)
    for start, end in windows:
        if start <= minute < end:
            return "ok", _("at work until %(time)s") % {"time": clock_of(end)}
        if minute < start:
            return "", _("from %(time)s on") % {"time": clock_of(start)}
    return "", _("done for today") if windows else _("not at work today")


def _note(places: list[Place], shared: list[tuple[int, int]], clock: str) -> str:
    if len(places) < 2:
        return _("On %(place)s time.") % {"place": _city(clock)}
    if not shared:
        return _("On %(place)s time. Today they are never all at work at once.") % {"place": _city(clock)}
    span = ", ".join(f"{clock_of(start)}–{clock_of(end)}" for start, end in shared)
    return _("On %(place)s time. All together %(span)s.") % {"place": _city(clock), "span": span}


def _city(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")
