"""What actions load and ask first: the item, locked and open; its step; the newest deliverable; and whether it is the actor's to do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from remit.apps.organizations.acting import NotFound, Refuse
from remit.apps.records.context import By
from remit.apps.work import cases, needs, periods
from remit.apps.work.models import Assignment, Deliverable, Period, WorkItem
from remit.apps.work.periods import CLOSED, REOPEN
from remit.apps.work.reopening import ACCEPTED, OPEN_AGAIN, stands_accepted
from remit.domain.line import Step
from remit.domain.reasons import N_, Sentence

ASSIGNED_OTHER = Sentence("work.not_assigned", N_("{step} is with {person}. Only who is assigned may do it."))
NOBODY = Sentence("work.nobody", N_("Nobody is assigned to {step} yet."))
ASSIGN = Sentence("work.assign", N_("Have a manager of the provider assign someone who passes the gate."))
OLD_BYTES = Sentence("review.old_bytes", N_("Deliverable {number} was superseded by {newest}: review the newest bytes."))


def open_item(key: UUID) -> WorkItem:
    """The item, locked, with what the gate needs of it; refused where its period is closed."""
    # The period is locked first: a closing waits for who is at work, and whoever comes after it finds the period closed.
    period = WorkItem.objects.filter(id=key).values_list("period", flat=True).first()
    if period is None:
        raise NotFound(key)
    Period.objects.select_for_update(no_key=True).filter(id=period).first()
    work = WorkItem.objects.select_for_update(of=("self",)).select_related("engagement__agreement", "period__entity", "period__engagement").get(id=key)
    if periods.closing_of(work.period):
        raise Refuse(CLOSED(period=work.period.title(), cure=REOPEN()), about=work)
    return work


def step_of(work: WorkItem, code: str) -> Step:
    """The step of that code; NotFound where the service line has none."""
    step = next((each for each in cases.line_of(work).steps if each.code == code), None)
    if step is None:
        raise NotFound(code)
    return step


def deliverable(key: UUID) -> Deliverable:
    """The deliverable of that key."""
    made = Deliverable.objects.filter(id=key).first()
    if made is None:
        raise NotFound(key)
    return made


def is_newest(made: Deliverable, work: WorkItem) -> None:
    """Refuses what was superseded: a verdict stands for the bytes that it saw, and dies with them."""
    newest = Deliverable.objects.filter(item=work).order_by("-number").values_list("number", flat=True)[0]
    if newest != made.number:
        raise Refuse(OLD_BYTES(number=made.number, newest=newest), about=work)


def own_step(by: By, at: datetime, work: WorkItem, step: Step) -> None:
    """Whoever acts is assigned to the step, and the gate lets them through at this moment, not only when they were assigned."""
    # Sheet and checklist are filled in by whoever is on the step that they stand beside.
    held = step.of if step.kind == "work" and step.of else step.code
    on_it = Assignment.objects.filter(item=work, step=held, ended_at=None).first()
    if on_it is None:
        raise Refuse(NOBODY(step=step.says, cure=ASSIGN()), about=work)
    if by.person is None or on_it.person_id != by.person:
        raise Refuse(ASSIGNED_OTHER(step=step.says, person=on_it.person_name, cure=ASSIGN()), about=work)
    needs.must_pass(by.person, work, step, at)


def not_accepted(work: WorkItem) -> None:
    """Refuses where the newest bytes are accepted: what was accepted is opened again first, with what was wrong."""
    if stands_accepted(work):
        raise Refuse(ACCEPTED(item=work.reference, cure=OPEN_AGAIN()), about=work)


def may_bring(by: By, at: datetime, work: WorkItem, step: Step) -> None:
    """The client brings its own papers; on the provider's side whoever is assigned to the step that uses them."""
    if by.organization != work.engagement.client_id:
        own_step(by, at, work, step)
