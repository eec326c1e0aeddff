"""A period: what belongs to it, what the month before left, and what blocks its closing, in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from remit.apps.agreements.models import Agreement
from remit.apps.work.models import Closing, Deliverable, Period, Reclassification, WorkItem
from remit.apps.work.waiting import standing, with_standing
from remit.domain.assessment import nature_of
from remit.domain.calendars import FiscalYear
from remit.domain.line import Task
from remit.domain.reasons import N_, Reason, Sentence

CLOSED = Sentence("period.closed", N_("{period} is closed: nothing more may be added."))
REOPEN = Sentence("period.reopen", N_("Reopen it first; that names a person and a reason."))


def month_of(day: date) -> tuple[date, date]:
    """The calendar month that holds a day, half-open."""
    month = FiscalYear().period_of(day)
    return month.day_from, month.day_until


def class_of(agreement: Agreement, task: Task) -> str:
    """BPO or KPO as it was decided last, else as the assessment found it, else by the task's nature; KPO where it was to be kept and is done all the same."""
    return class_from(Reclassification.objects.filter(engagement__agreement=agreement, task=task.code).order_by("decided_at"), agreement, task)


def class_from(changes: Iterable[Reclassification], agreement: Agreement, task: Task) -> str:
    """The same from an engagement's changes, oldest first."""
    decided = [row.work_class for row in changes if row.task == task.code]
    if decided:
        return decided[-1]
    found = next((row["class"] for row in agreement.tasks if row["code"] == task.code), nature_of(task).value)
    return "bpo" if found == "bpo" else "kpo"


def carried_into(period: Period) -> Any:
    """What the newest accepted deliverable of the month before leaves to this one, as the service line carries it."""
    before = (
        Deliverable.objects.filter(
            item__period__engagement=period.engagement_id,
            item__period__entity=period.entity_id,
            item__period__ends_on=period.begins_on,
            item__task="",
            acceptances__verdict="accepted",
            reopening=None,
        )
        .order_by("-made_at")
        .first()
    )
    return before.carry if before else None


def closing_of(period: Period) -> Closing | None:
    """The closing in force: the newest that was not reopened."""
    return Closing.objects.filter(period=period, reopening=None).order_by("-closed_at").first()


def blockers(period: Period) -> list[Reason]:
    """What must happen before the period can be closed, for each item what comes next and the questions that hold it, by the time each is needed."""
    waits = [wait for item in with_standing(WorkItem.objects.filter(period=period)) for wait in standing(item).waits]
    return [wait.why for wait in sorted(waits, key=lambda wait: wait.needed_at)]
