"""Weeks of time: one person's days by item, everyone's days with what is missing, and what each client's work took."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from remit.apps.organizations.models import Membership
from remit.apps.people.models import Person, Staff
from remit.apps.records.context import By
from remit.apps.work import timing
from remit.apps.work.models import Assignment, Closing, TimeEntry, WorkItem
from remit.domain.calendars import zone
from remit.domain.timekeeping import Tally
from remit.formats.durations import clock

DAYS = 7
MOST_ENTRIES = 5_000


@dataclass(frozen=True)
class Cell:
    """An item's day: minutes in all, of them those that cannot be typed over (measured, brought or billed), and whether it can be typed at all."""

    on: date
    minutes: int
    fixed: int
    is_open: bool

    @property
    def text(self) -> str:
        """As it stands in its field."""
        return clock(self.minutes) if self.minutes else ""

    @property
    def floor(self) -> str:
        """The least that may be typed."""
        return clock(self.fixed) if self.fixed else ""


@dataclass(frozen=True)
class Line:
    """An item's week."""

    item: WorkItem
    cells: tuple[Cell, ...]

    @property
    def minutes(self) -> int:
        """Of the week."""
        return sum(cell.minutes for cell in self.cells)


@dataclass(frozen=True)
class Day:
    """A day of a person: what was entered, what their hours are, whether they are away, and what is missing of days that are over."""

    on: date
    minutes: int
    expected: int
    is_away: bool
    is_over: bool

    @property
    def missing(self) -> int:
        """Minutes of their hours without time, on days that are over."""
        return max(0, self.expected - self.minutes) if self.is_over and not self.is_away else 0


@dataclass(frozen=True)
class PersonWeek:
    """One person's week."""

    person: Person
    days: tuple[Day, ...]

    @property
    def minutes(self) -> int:
        """Entered."""
        return sum(day.minutes for day in self.days)

    @property
    def expected(self) -> int:
        """By their hours, without days away."""
        return sum(day.expected for day in self.days if not day.is_away)

    @property
    def missing(self) -> int:
        """Of days that are over."""
        return sum(day.missing for day in self.days)


def monday(text: str, today: date) -> date:
    """The Monday of the week that a day lies in; of this week where the text is none, or lies out of reach."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        day = today
    return day - timedelta(day.weekday())


def of_week(begins: date, **narrowed: Any) -> list[TimeEntry]:
    """Entries that count, of seven days."""
    rows = timing.standing(TimeEntry.objects.filter(done_on__gte=begins, done_on__lt=begins + timedelta(DAYS), **narrowed))
    rows = rows.select_related("billed", "item__engagement__client", "item__period__entity")
    return list(rows.order_by("done_on", "begins_at", "id")[:MOST_ENTRIES])


def lines(by: By, begins: date, entries: Sequence[TimeEntry]) -> list[Line]:
    """The items that whoever looks is on, or has time on that week, each with its seven days."""
    open_now = Assignment.objects.filter(person=by.person, ended_at=None)
    wanted = Q(id__in=[entry.item_id for entry in entries]) | Q(id__in=open_now.values("item"))
    closed = Prefetch("period__closings", Closing.objects.filter(reopening=None))
    rows = WorkItem.objects.filter(wanted, engagement__provider=by.organization).select_related("engagement__client", "period__entity").prefetch_related(closed)
    found = []
    for item in rows.order_by("engagement__client__name", "-period__begins_on", "title"):
        is_closed = bool(item.period.closings.all())
        mine = [entry for entry in entries if entry.item_id == item.id]
        if mine or not is_closed:
            found.append(Line(item, tuple(_cell(begins + timedelta(number), mine, not is_closed) for number in range(DAYS))))
    return found


def _cell(on: date, entries: Iterable[TimeEntry], is_open: bool) -> Cell:
    there = [entry for entry in entries if entry.done_on == on]
    hand = next((entry for entry in there if entry.begins_at is None and not hasattr(entry, "billed")), None)
    return Cell(on, sum(entry.minutes for entry in there), sum(entry.minutes for entry in there if entry is not hand), is_open)


def by_client(entries: Iterable[TimeEntry]) -> list[dict[str, Any]]:
    """Minutes by client, with its months, the most first."""
    clients, months = Tally(), Tally()
    names: dict[UUID, str] = {}
    for entry in entries:
        engagement = entry.item.engagement
        clients.add(engagement.client_id, entry.minutes)
        months.add((engagement.client_id, entry.item.period), entry.minutes)
        names[engagement.client_id] = engagement.client.name
    ordered = sorted(clients.by.items(), key=lambda pair: -pair[1])
    return [
        {"name": names[key], "minutes": minutes, "months": [(period, part) for (client, period), part in months.by.items() if client == key]}
        for key, minutes in ordered
    ]  # fmt: skip


def people(by: By, at: datetime) -> QuerySet[Person]:
    """Humans who work for the organization now, with what a week asks of them."""
    here = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, person_id__isnull=False)
    return Person.objects.filter(id__in=here.values("person_id"), kind="human").for_facts().order_by("name")


def week_of(person: Person, begins: date, entries: Iterable[TimeEntry], at: datetime) -> PersonWeek:
    """One person's week; reads what `for_facts` loaded."""
    mine = Tally()
    for entry in entries:
        if entry.person_id == person.id:
            mine.add(entry.done_on, entry.minutes)
    return PersonWeek(person, tuple(_day(person, begins + timedelta(number), mine.by, at) for number in range(DAYS)))


def _day(person: Person, on: date, minutes: dict[date, int], at: datetime) -> Day:
    placed = person.placed_on(on)
    if placed is None:
        return Day(on, minutes.get(on, 0), 0, False, True)
    clock_ = zone(placed.site.zone)
    spans = placed.site.facts().spans(on)
    expected = sum(end - start for start, end in spans) // 60
    is_away = bool(spans) and any(_covers(row.during, spans) for row in person.absences.all())
    return Day(on, minutes.get(on, 0), _of_capacity(placed, expected), is_away, on < at.astimezone(clock_).date())


def _of_capacity(placed: Staff, expected: int) -> int:
    """Who works less than the site's week is expected for their share of it."""
    week = sum(end - start for day in placed.site.hours for start, end in day)
    return expected if week <= placed.capacity_min or not week else expected * placed.capacity_min // week


def _covers(during: Any, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether an absence takes the whole of a day's hours."""
    return bool(during.lower.timestamp() <= spans[0][0] and spans[-1][1] <= during.upper.timestamp())
