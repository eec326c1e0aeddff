"""What a period holds from the start: the service's own item, and the tasks that come back in it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from remit.apps.work import cases, periods, procedures, statutory
from remit.apps.work.models import Period, Recurrence, WorkItem
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import due_on_workday
from remit.domain.line import ServiceLine
from remit.lines import lines


def own_task(line: ServiceLine) -> str:
    """The task that the line itself makes something of; its item opens with every month and names no task."""
    return cases.working_step(line).task


def new_item(period: Period, task: str, due_at: datetime, at: datetime, every_months: int = 1) -> WorkItem:
    """An item of the period with the procedure then in force, not saved; `task` is empty for what the line itself makes something of.

    KeyError for a task that the line does not have.
    """
    agreement = period.engagement.agreement
    line = lines()[agreement.service]
    found = line.task(task or own_task(line))
    agreed = procedures.agreed(period.engagement_id)
    procedure = procedures.in_force(agreed, found.code, period.entity_id, procedures.day_of(period, at))
    return WorkItem(
        audience_id=period.audience_id,
        engagement=period.engagement,
        period=period,
        service=line.code,
        edition=line.edition,
        task=task,
        title=found.says,
        work_class=periods.class_of(agreement, found),
        answers=procedures.frozen(procedure),
        carried=None if task else periods.carried_into(period),
        due_at=due_at,
        created_at=at,
        deadline=statutory.frozen(period, found, every_months) if task else {},
    )


def coming_back(period: Period, at: datetime) -> list[WorkItem]:
    """The items of the tasks whose rhythm falls on this month, not saved; none is opened twice."""
    facts = period.entity.facts
    there = set(WorkItem.objects.filter(period=period).values_list("task", flat=True))
    found = Recurrence.objects.filter(Q(entity=None) | Q(entity=period.entity_id), engagement=period.engagement_id).exclude(task="").order_by("decided_at")
    items = []
    for each in found:
        if each.task not in there and falls_on(each, period):
            there.add(each.task)
            due_at = due_on_workday(period.ends_on, each.due_workday, calendar_of(facts), facts["zone"])
            items.append(new_item(period, each.task, due_at, at, each.every_months))
    return items


def falls_on(each: Recurrence, period: Period) -> bool:
    """Whether it is due in the month: months are counted so that a period of the rhythm ends with the entity's fiscal year."""
    if each.begins_on >= period.ends_on or (each.ends_on is not None and each.ends_on <= period.begins_on):
        return False
    first = int(period.entity.facts.get("fiscal_year_start") or 1)
    return ((period.begins_on.month - first) % 12 + 1) % each.every_months == 0
