"""A period: what belongs to it, what the month before left, and what blocks its closing, in order."""

from __future__ import annotations

from datetime import date
from typing import Any

from remit.apps.agreements.models import Agreement
from remit.apps.work.cases import line_of, review_of, working_step
from remit.apps.work.models import Closing, Deliverable, Period, WorkItem
from remit.domain.calendars import FiscalYear
from remit.domain.reasons import N_, Reason, Sentence

CLOSED = Sentence("period.closed", N_("{period} is closed: nothing more may be added."))
REOPEN = Sentence("period.reopen", N_("Reopen it first; that names a person and a reason."))
NOTHING_MADE = Sentence("block.nothing_made", N_("{item}: nothing is handed in yet; it waits on {who}."))
NOT_REVIEWED = Sentence("block.not_reviewed", N_("{item}: deliverable {number} waits for the review by {who}."))
RETURNED = Sentence("block.returned", N_("{item}: deliverable {number} was returned; it waits on {who}."))
NOT_ACCEPTED = Sentence("block.not_accepted", N_("{item}: deliverable {number} is passed and waits for the client's acceptance."))
UNASSIGNED = N_("whoever will be assigned")


def month_of(day: date) -> tuple[date, date]:
    """The calendar month that holds a day, half-open."""
    month = FiscalYear().period_of(day)
    return month.day_from, month.day_until


def class_of(agreement: Agreement, task: str) -> str:
    """BPO or KPO as the assessment found it for the task; KPO, the more careful one, where nothing was found or the task was to be kept."""
    found = next((row["class"] for row in agreement.tasks if row["code"] == task), "kpo")
    return "bpo" if found == "bpo" else "kpo"


def carried_into(period: Period) -> Any:
    """What the newest accepted deliverable of the month before leaves to this one, as the service line carries it."""
    before = (
        Deliverable.objects.filter(
            item__period__engagement=period.engagement_id,
            item__period__entity=period.entity_id,
            item__period__ends_on=period.begins_on,
            acceptances__verdict="accepted",
        )
        .order_by("-made_at")
        .first()
    )
    return before.carry if before else None


def closing_of(period: Period) -> Closing | None:
    """The closing in force: the newest that was not reopened."""
    return Closing.objects.filter(period=period, reopening=None).order_by("-closed_at").first()


def blockers(period: Period) -> list[Reason]:
    """What must happen before the period can be closed, one reason an item."""
    found = []
    items = WorkItem.objects.filter(period=period).prefetch_related("assignments", "deliverables__reviews", "deliverables__acceptances")
    for item in items.order_by("due_at"):
        blocker = blocker_of(item)
        if blocker:
            found.append(blocker)
    return found


def blocker_of(item: WorkItem) -> Reason | None:
    """What one item still waits for; reads what is prefetched."""
    on = {row.step: row.person_name for row in item.assignments.all() if row.ended_at is None}
    line = line_of(item)
    step = working_step(line)
    reviewing = review_of(line, step)
    preparer = on.get(step.code, UNASSIGNED)
    made = max(item.deliverables.all(), key=lambda each: each.number, default=None)
    if made is None:
        return NOTHING_MADE(item=item.reference, who=preparer)
    reviews, acceptances = list(made.reviews.all()), list(made.acceptances.all())
    if any(each.verdict == "returned" for each in (*reviews, *acceptances)):
        return RETURNED(item=item.reference, number=made.number, who=preparer)
    if not reviews:
        return NOT_REVIEWED(item=item.reference, number=made.number, who=on.get(reviewing.code, UNASSIGNED) if reviewing else UNASSIGNED)
    if not acceptances:
        return NOT_ACCEPTED(item=item.reference, number=made.number)
    return None
