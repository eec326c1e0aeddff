"""The verbs of planned work: say what comes back, end it, open a single item, decide as what class a task is done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide
from remit.apps.records.context import By
from remit.apps.work import cases, periods, planned
from remit.apps.work.actions.periods import NOT_A_PARTY
from remit.apps.work.models import Acceptance, Period, Reclassification, Recurrence, WorkItem
from remit.apps.work.periods import CLOSED, REOPEN
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import due_on_workday
from remit.domain.line import Task
from remit.domain.reasons import N_, Sentence
from remit.lines import lines

PLANNERS = ("manager", "requester", "administrator")
NO_SUCH_TASK = Sentence("task.unknown", N_("The service “{service}” has no task “{task}”."))
ON_THE_SPOT = Sentence("task.kept", N_("“{task}” stays in the house: it must be done on the spot or is the client's own decision."))
OWN_ITEM = Sentence("task.own_item", N_("“{task}” has an item of its own in every month already."))
OWN_MONTHLY = Sentence("recurrence.own_monthly", N_("“{task}” comes back every month."))
TWICE = Sentence("recurrence.twice", N_("“{task}” comes back there already."))
ENDED = Sentence("recurrence.ended", N_("It has ended already."))
ENDS_BEFORE = Sentence("recurrence.ends_before", N_("It would end before it begins."))
OPEN_ALREADY = Sentence("item.twice", N_("“{task}” is open in that month already. Give a further one a title of its own, which says what it is about."))
SAME_TITLE = Sentence("item.same_title", N_("That month holds “{task}” with the title “{title}” already."))
SAME_CLASS = Sentence("class.same", N_("“{task}” is done as {work_class} already."))
CLIENT_DECIDES = Sentence("class.client", N_("Only the client decides as what class of work a task is done."))

Rhythm = Literal[1, 2, 3, 4, 6, 12]
Workday = Annotated[int, Ge(1), Le(250)]


@action("recurrence.planned", roles=PLANNERS)
def plan_recurring(
    *,
    by: By,
    at: datetime,
    engagement: UUID,
    task: str,
    due_workday: Workday,
    every_months: Rhythm = 1,
    entity: UUID | None = None,
    begins_on: date | None = None,
) -> Done:
    """Say that a task comes back, for one agreed entity or for all: its item opens with each month that the rhythm falls on.

    For the task that the service itself makes something of it means that months open by themselves, each on its first day by the entity's clock.
    """
    running = _running(by, engagement)
    found = _task(running, task)
    line = lines()[running.agreement.service]
    # The service's own item opens with its month: that it comes back means that months open by themselves.
    code = "" if cases.delivers(line) and task == planned.own_task(line) else task
    if not code and every_months != 1:
        raise BadInput(every_months=OWN_MONTHLY(task=found.says))
    agreed = None
    if entity is not None:
        agreed = AgreedEntity.objects.filter(id=entity, agreement__engagement=running).first()
        if agreed is None:
            raise NotFound(entity)
    begins = begins_on or at.date()
    there = Recurrence.objects.filter(engagement=running, task=code).exclude(ends_on__lte=begins)
    if any(each.entity_id is None or agreed is None or each.entity_id == agreed.id for each in there):
        raise BadInput(task=TWICE(task=found.says))
    row = Recurrence(
        audience_id=running.audience_id,
        engagement=running,
        entity=agreed,
        task=code,
        every_months=every_months,
        due_workday=due_workday,
        begins_on=begins,
        decided_by=by.user,
        decided_by_name=by.name,
        decided_at=at,
    )
    row.save()
    return decide(by, at, "recurrence.planned", row)


@action("recurrence.ended", roles=PLANNERS)
def end_recurring(*, by: By, at: datetime, recurrence: UUID, ends_on: date | None = None) -> Done:
    """A task comes back no more from a day on; items that are open stay."""
    row = Recurrence.objects.select_for_update(of=("self",)).select_related("engagement").filter(id=recurrence).first()
    if row is None:
        raise NotFound(recurrence)
    _running(by, row.engagement_id)
    ends = ends_on or at.date()
    if row.ends_on is not None and row.ends_on <= ends:
        raise BadInput(ends_on=ENDED())
    if ends < row.begins_on:
        raise BadInput(ends_on=ENDS_BEFORE())
    row.ends_on = ends
    row.save(update_fields=["ends_on"])
    return decide(by, at, "recurrence.ended", row)


@action("item.opened", roles=PLANNERS)
def add_item(*, by: By, at: datetime, period: UUID, task: str, title: Annotated[str, MaxLen(120)] = "", due_workday: Workday | None = None) -> Done:
    """Open one further item in an open month: a task that does not come back by itself, or one more of a task that the month holds already.

    One more has a `title` of its own, which says what it is about. Of the task that the service itself makes something of there is a second one only
    where nothing is carried from month to month: books are closed once.
    """
    found = Period.objects.select_for_update(of=("self",)).select_related("engagement__agreement", "entity").filter(id=period).first()
    if found is None:
        raise NotFound(period)
    running = _running(by, found.engagement_id)
    if periods.closing_of(found):
        raise Refuse(CLOSED(period=found.title(), cure=REOPEN()), about=found)
    asked = _task(running, task)
    line = lines()[running.agreement.service]
    is_own = task == planned.own_task(line)
    if is_own and line.carry is not None:
        raise BadInput(task=OWN_ITEM(task=asked.says))
    code, name = "" if is_own else task, title.strip()
    there = {row.casefold() for row in WorkItem.objects.filter(period=found, task=code).values_list("title", flat=True)}
    if there and not name:
        raise BadInput(title=OPEN_ALREADY(task=asked.says))
    if name.casefold() in there:
        raise BadInput(title=SAME_TITLE(task=asked.says, title=name))
    facts = found.entity.facts
    workday = due_workday or running.agreement.close_workday
    item = planned.new_item(found, code, due_on_workday(found.ends_on, workday, calendar_of(facts), facts["zone"]), at)
    item.title = name or item.title
    item.save()
    return decide(by, at, "item.opened", item, within=found.within())


@action("task.reclassified", roles=("approver", "signatory"))
def reclassify_task(*, by: By, at: datetime, engagement: UUID, task: str, work_class: Literal["bpo", "kpo"], reason: Annotated[str, Len(1, 4000)]) -> Done:
    """The client has a task done as another class of work. Open items get the new class's steps and keep what was done on them; accepted ones stay."""
    running = _running(by, engagement)
    if by.organization != running.client_id:
        raise Refuse(CLIENT_DECIDES(), about=running)
    line = lines()[running.agreement.service]
    found = next((each for each in line.tasks if each.code == task), None)
    if found is None:
        raise BadInput(task=NO_SUCH_TASK(service=line.says, task=task[:40]))
    before = periods.class_of(running.agreement, found)
    if before == work_class:
        raise BadInput(work_class=SAME_CLASS(task=found.says, work_class=work_class.upper()))
    row = Reclassification.objects.create(
        audience_id=running.audience_id,
        engagement=running,
        task=task,
        before=before,
        work_class=work_class,
        reason=reason.strip(),
        decided_by=by.user,
        decided_by_name=by.name,
        decided_at=at,
    )
    own = planned.own_task(line)
    finished = Acceptance.objects.filter(deliverable__item__engagement=running, verdict="accepted").values("deliverable__item")
    open_ones = WorkItem.objects.filter(engagement=running, task="" if task == own else task).exclude(id__in=finished)
    open_ones.update(work_class=work_class)
    return decide(by, at, "task.reclassified", row, private={"reason": row.reason})


def _running(by: By, key: UUID) -> Engagement:
    running = Engagement.objects.select_related("agreement").filter(id=key).first()
    if running is None:
        raise NotFound(key)
    if by.organization not in (running.client_id, running.provider_id):
        raise Refuse(NOT_A_PARTY(), about=running)
    return running


def _task(running: Engagement, code: str) -> Task:
    """A task that may have an item of its own."""
    line = lines()[running.agreement.service]
    found = next((each for each in line.tasks if each.code == code), None)
    if found is None:
        raise BadInput(task=NO_SUCH_TASK(service=line.says, task=code[:40]))
    if found.presence or found.own_decision:
        raise BadInput(task=ON_THE_SPOT(task=found.says))
    return found
