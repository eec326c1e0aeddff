"""The verbs of staffing: put a person on a step, take them off, keep a share of a person for an engagement."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NoReturn
from uuid import UUID

from annotated_types import Ge, Le
from django.db import DatabaseError, IntegrityError, transaction
from psycopg.types.range import TimestamptzRange

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.people import gate as people_gate
from remit.apps.people.models import Allocation, Booking, Person
from remit.apps.records.context import By
from remit.apps.records.keys import Row
from remit.apps.work import needs
from remit.apps.work.loading import open_item, step_of
from remit.apps.work.models import Assignment, WorkItem
from remit.domain.gate.presence import CAPACITY, OTHER_TIME
from remit.domain.reasons import N_, Sentence

PROVIDER = Sentence("staffing.provider", N_("Only the provider staffs its work."))
BOTH_ENDS = Sentence("staffing.both_ends", N_("Hours have a beginning and an end."))
HOURS_ORDER = Sentence("staffing.order", N_("They would end before they begin."))
NOBODY_ON = Sentence("staffing.nobody", N_("Nobody is on {step}."))


@action("step.assigned", roles=("manager",))
def assign(*, by: By, at: datetime, item: UUID, step: str, person: UUID, begins_at: datetime | None = None, ends_at: datetime | None = None) -> Done:
    """Put a person on a step; the gate decides at this moment whether they may. Whoever was on it is taken off. Hours, where given, are kept free for it."""
    work = open_item(item)
    asked = step_of(work, step)
    if by.organization != work.engagement.provider_id:
        raise Refuse(PROVIDER(), about=work)
    hours = _hours(begins_at, ends_at)
    verdict = needs.must_pass(person, work, asked, at, hours=hours)
    who = Person.objects.get(id=person)
    take_off(Assignment.objects.filter(item=work, step=step, ended_at=None), at)
    booked = _book(by, work, who, hours, f"{work.reference} {step}") if hours else None
    made = Assignment.objects.create(
        audience_id=work.audience_id,
        item=work,
        step=step,
        person=who,
        person_name=who.name,
        organization_id=by.organization,
        assigned_by=by.user,
        assigned_at=at,
        booking=booked,
        begins_at=begins_at,
        ends_at=ends_at,
    )
    return decide(by, at, "step.assigned", made, within=work.period.within(), private={"person": who.name}, **people_gate.evidence(verdict))


@action("step.unassigned", roles=("manager",))
def unassign(*, by: By, at: datetime, item: UUID, step: str) -> Done:
    """Take whoever is on a step off it; hours kept free for it are free again."""
    work = open_item(item)
    asked = step_of(work, step)
    on_it = Assignment.objects.filter(item=work, step=step, ended_at=None)
    found = on_it.first()
    if by.organization != work.engagement.provider_id:
        raise Refuse(PROVIDER(), about=work)
    if found is None:
        raise Refuse(NOBODY_ON(step=asked.says), about=work)
    take_off(on_it, at)
    return decide(by, at, "step.unassigned", found, within=work.period.within(), private={"person": found.person_name})


@action("person.allocated", roles=("manager",))
def allocate(
    *, by: By, at: datetime, engagement: UUID, person: UUID, share_percent: Annotated[int, Ge(1), Le(100)], begins_at: datetime, ends_at: datetime | None = None
) -> Done:
    """Keep a share of a person's capacity for an engagement, over a time. What is promised elsewhere counts, for whomever it is."""
    running = Engagement.objects.filter(id=engagement, provider=by.organization).first()
    if running is None:
        raise NotFound(engagement)
    if ends_at is not None and ends_at <= begins_at:
        raise BadInput(ends_at=HOURS_ORDER())
    who = Person.objects.filter(id=person).first()
    if who is None:
        raise NotFound(person)
    try:
        with transaction.atomic():
            made = Allocation.objects.create(
                organization_id=by.organization,
                person=who,
                thread_id=running.thread_id,
                share_percent=share_percent,
                during=TimestamptzRange(begins_at, ends_at),
            )
    except IntegrityError as taken:
        _not_free(taken, running)
    return decide(by, at, "person.allocated", made, audiences=[own_audience(by, at)], private={"person": who.name})


def _hours(begins_at: datetime | None, ends_at: datetime | None) -> tuple[datetime, datetime] | None:
    if begins_at is None and ends_at is None:
        return None
    if begins_at is None or ends_at is None:
        raise BadInput(ends_at=BOTH_ENDS())
    if ends_at <= begins_at:
        raise BadInput(ends_at=HOURS_ORDER())
    return begins_at, ends_at


def _book(by: By, work: WorkItem, who: Person, hours: tuple[datetime, datetime], why: str) -> Booking:
    try:
        with transaction.atomic():
            return Booking.objects.create(
                organization_id=by.organization, person=who, thread_id=work.engagement.thread_id, during=TimestamptzRange(*hours), why=why
            )
    except IntegrityError as taken:
        _not_free(taken, work)


def _not_free(taken: DatabaseError, about: Row) -> NoReturn:
    """The database saw what others promised; nobody is told what."""
    raise Refuse(CAPACITY(rule_id="house.capacity", rule_source="Remit: nobody is in two places", cure=OTHER_TIME()), about=about) from taken


def take_off(assignments: object, at: datetime) -> None:
    for gone in assignments.select_related("booking"):  # type: ignore[attr-defined]
        if gone.booking is not None:
            # Hours already past were worked; the rest is free again.
            kept = gone.booking.during.lower
            gone.booking.during = TimestamptzRange(kept, min(at, gone.booking.during.upper)) if kept < at else TimestamptzRange(empty=True)
            gone.booking.save(update_fields=["during"])
    assignments.update(ended_at=at)  # type: ignore[attr-defined]
