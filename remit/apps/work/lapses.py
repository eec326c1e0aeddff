"""What runs out within thirty, sixty and ninety days, and which work it would stop: credentials, looks at them, training, accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from remit.apps.agreements.models import Engagement
from remit.apps.people.gate import rule_sets
from remit.apps.people.models import Person
from remit.apps.records.context import By
from remit.apps.work.cases import line_of
from remit.apps.work.coverage import staff_of
from remit.apps.work.models import Assignment, SystemAccess, WorkItem
from remit.apps.work.needs import need_of
from remit.apps.work.pending import open_items
from remit.domain.calendars import zone
from remit.domain.gate import Act, PersonFacts, check
from remit.domain.line import Step
from remit.domain.reasons import N_

BUCKETS = (30, 60, 90)
KINDS = {
    "credential": N_("Credential"),
    "look": N_("Its verification is due again"),
    "training": N_("Training"),
    "account": N_("Account in a system"),
}
PROVEN = "verified"


@dataclass(frozen=True)
class Stop:
    """A step of open work that whoever is on it may do today and could not do any more then."""

    item: WorkItem
    step: Step


@dataclass(frozen=True)
class Lapse:
    """Something of a person's that no longer counts from `on`; `stops`: what of their open work it would stop."""

    person: Person
    kind: str
    what: str
    on: date
    days: int
    stops: tuple[Stop, ...] = ()
    engagement: Engagement | None = None

    @property
    def says(self) -> str:
        """What kind of thing it is."""
        return KINDS[self.kind]

    @property
    def within(self) -> int:
        """The least of 30, 60 and 90 days that it lies within."""
        return next(days for days in BUCKETS if self.days <= days)


def lapses(by: By, at: datetime) -> list[Lapse]:
    """Of everybody who works here, the first to run out first."""
    people = {person.id: person for person in staff_of(by, at)}
    today = at.date()
    found = [lapse for person in people.values() for lapse in _of_person(person, today)]
    held = SystemAccess.objects.filter(person__in=people, granted_at__isnull=False, released_at=None, ended_at=None, review_due_on__gt=today)
    for row in held.filter(review_due_on__lte=today + timedelta(BUCKETS[-1])).select_related("system__engagement__client"):
        assert row.review_due_on is not None
        days = (row.review_due_on - today).days
        found.append(Lapse(people[row.person_id], "account", row.system.name, row.review_due_on, days, engagement=row.system.engagement))
    stops = _stops({each.person.id for each in found}, found, at)
    found = [Lapse(**{**vars(each), "stops": tuple(stops.get((each.person.id, each.on), ()))}) for each in found]
    return sorted(found, key=lambda each: (each.on, each.person.name, each.what))


def _of_person(person: Person, today: date) -> list[Lapse]:
    found = []
    for row in person.credentials.all():
        looks = [look for look in row.verifications.all() if look.outcome == PROVEN and look.due_again_on is not None and look.due_again_on > today]
        if row.valid_until is not None:
            found.append(Lapse(person, "credential", f"{row.kind} ({row.jurisdiction})", row.valid_until, (row.valid_until - today).days))
        if looks:
            newest = max(looks, key=lambda look: look.verified_at)
            due = newest.due_again_on
            if due is not None and (row.valid_until is None or due < row.valid_until):
                found.append(Lapse(person, "look", f"{row.kind} ({row.jurisdiction})", due, (due - today).days))
    for training in person.trainings.all():
        if training.valid_until is not None:
            name = " ".join(filter(None, (training.code, training.version)))
            found.append(Lapse(person, "training", name, training.valid_until, (training.valid_until - today).days))
    return [each for each in found if 0 < each.days <= BUCKETS[-1]]


def _stops(people: set[UUID], found: list[Lapse], at: datetime) -> dict[tuple[UUID, date], list[Stop]]:
    """By person and day the open steps that the gate allows now and would refuse then. Asks only about people of whom something runs out."""
    days: dict[UUID, set[date]] = {}
    for each in found:
        days.setdefault(each.person.id, set()).add(each.on)
    facts: dict[UUID, PersonFacts] = {each.person.id: each.person.facts() for each in found}
    rows = Assignment.objects.filter(person__in=people, ended_at=None, item__in=open_items().values("id"))
    near = ("item__engagement__agreement", "item__engagement__client", "item__engagement__provider", "item__period__entity")
    stops: dict[tuple[UUID, date], list[Stop]] = {}
    for row in rows.select_related(*near).order_by("item__due_at", "id"):
        step = next((each for each in line_of(row.item).steps if each.code == row.step), None)
        if step is None:
            continue
        need, act = need_of(row.item, step), Act.REVIEW if step.kind == "review" else Act.PREPARE
        who, law = facts[row.person_id], rule_sets()
        if not check(who, act, need, at, law).allowed:
            continue
        for on in days[row.person_id]:
            then = datetime.combine(on, time(12), zone(need.zone))
            if not check(who, act, need, then, law).allowed:
                stops.setdefault((row.person_id, on), []).append(Stop(row.item, step))
    return stops


def by_bucket(found: list[Lapse]) -> list[dict[str, Any]]:
    """In groups of thirty, sixty and ninety days; those with nothing in them as well."""
    return [{"days": days, "lapses": [each for each in found if each.within == days]} for days in BUCKETS]
