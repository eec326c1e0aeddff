"""The verbs of reminding: the plan of an engagement, a reminder now, and the one that the program sends when its time has come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide
from remit.apps.organizations.guests import is_enrolled
from remit.apps.records.context import By
from remit.apps.work import asking, reminding, requests
from remit.apps.work.actions.periods import NOT_A_PARTY
from remit.apps.work.actions.requests import may_ask, stand, still_waits
from remit.apps.work.loading import open_item
from remit.apps.work.models import PlannedReminder, Reminder, ReminderPlan, Request, WorkItem
from remit.domain.reasons import N_, Sentence
from remit.domain.reminding import MOST_STEPS

PLANNERS = ("manager", "requester", "administrator")
AGAIN_AFTER = timedelta(hours=20)
JUST_REMINDED = Sentence("reminder.just", N_("A reminder went less than {hours} hours ago."))
ENDED = Sentence("reminder.ended", N_("This reminder is not needed any more: it went, or the question is answered."))
NOT_YET = Sentence("reminder.not_yet", N_("This reminder goes later."))
ANOTHERS = Sentence("reminder.anothers", N_("This reminder is sent by the other side."))
TWICE = Sentence("reminder.twice", N_("The same working day stands there twice."))


class Step(BaseModel):
    """One reminder: so many working days after the due day (before it where negative), to which level of the contact plan; 0 is who is to answer."""

    workdays: Annotated[int, Ge(-60), Le(60)]
    level: Annotated[int, Ge(0), Le(9)] = 0


@action("reminders.planned", roles=PLANNERS)
def plan_reminders(
    *, by: By, at: datetime, engagement: UUID, steps: Annotated[list[Step], MaxLen(MOST_STEPS)], answer_workdays: Annotated[int, Ge(1), Le(60)] = 3
) -> Done:
    """Say when questions of an engagement are reminded of, and to whom that escalates; for what is asked from now on. No step: no reminder."""
    running = Engagement.objects.filter(id=engagement).first()
    if running is None:
        raise NotFound(engagement)
    if not asking.is_running(running, by):
        raise Refuse(NOT_A_PARTY(), about=running)
    if len({step.workdays for step in steps}) < len(steps):
        raise BadInput(steps=TWICE())
    ordered = sorted([step.workdays, step.level] for step in steps)
    row = ReminderPlan.objects.create(
        audience_id=running.audience_id,
        engagement=running,
        steps=ordered,
        answer_workdays=answer_workdays,
        decided_by=by.user,
        decided_by_name=by.name,
        decided_at=at,
    )
    return decide(by, at, "reminders.planned", row)


@action("request.reminder_asked", roles=())
def remind_now(*, by: By, at: datetime, request: UUID) -> Done:
    """Have whoever is to answer reminded now; refused soon after the last time."""
    row = Request.objects.filter(id=request).first()
    if row is None:
        raise NotFound(request)
    work = open_item(row.item_id)
    may_ask(by, at, work, requests.OTHER[row.asked_of])
    still_waits(stand(request), work)
    last = asking.last_reminded_at(row)
    is_on_its_way = PlannedReminder.objects.filter(request=row, ended_at=None, due_at__lte=at).exists()
    if is_on_its_way or (last is not None and at - last < AGAIN_AFTER):
        raise Refuse(JUST_REMINDED(hours=int(AGAIN_AFTER.total_seconds() // 3600)), about=work)
    PlannedReminder.objects.create(audience_id=row.audience_id, request=row, due_at=at, level=0, side=row.asked_of)
    return decide(by, at, "request.reminder_asked", row, within=work.period.within())


@action("request.reminded", roles=("administrator", "manager"), unasked=True)
def remind_request(*, by: By, at: datetime, planned: UUID) -> Done:
    """Send a reminder whose time has come, once, unless the question was answered. Of several that are due the last goes, in place of those before it."""
    row = PlannedReminder.objects.select_related("request").filter(id=planned).first()
    if row is None:
        raise NotFound(planned)
    work = open_item(row.request.item_id)
    row = PlannedReminder.objects.select_related("request").get(id=planned)
    if row.ended_at is not None or not (found := stand(row.request_id)).is_open:
        raise BadInput(planned=ENDED())
    if row.due_at > at:
        raise BadInput(planned=NOT_YET())
    if by.organization != sender_of(row, work, at):
        raise Refuse(ANOTHERS(), about=work)
    name = asking.to_name(found, work, row.level, row.side)
    sent = reminding.send(by, at, work, found, row, name)
    PlannedReminder.objects.filter(request=row.request_id, ended_at=None, due_at__lte=row.due_at).update(ended_at=at)
    made = Reminder.objects.create(
        audience_id=row.audience_id,
        request_id=row.request_id,
        planned=row,
        level=row.level,
        to_name=", ".join(dict.fromkeys(sent.names))[:300] or name,
        how="mail" if sent.messages else "page",
        messages=sent.messages,
        links=sent.links,
        reminded_at=at,
    )
    return decide(by, at, "request.reminded", made, within=work.period.within(), private={"person": made.to_name})


def sender_of(row: PlannedReminder, work: WorkItem, at: datetime) -> UUID:
    """In whose name it goes, for mail stands in the sender's own outbox: the side whose person gets it, but for a client that has no members."""
    sides = {"client": work.engagement.client_id, "provider": work.engagement.provider_id}
    mine: UUID = sides[row.side]
    return mine if is_enrolled(mine, at) else sides[requests.OTHER[row.side]]
