"""The verbs round a question: draft several and send them together, ask again what was asked last month, take one back, say who is to answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from annotated_types import Len, MaxLen

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.records.context import By
from remit.apps.work import asking, requests
from remit.apps.work.actions.requests import (
    NOT_CLIENT,
    NOT_PROVIDER,
    SETTLED,
    WITHDRAWN,
    Asked,
    Concerns,
    Options,
    Owner,
    is_sound,
    may_ask,
    owner_of,
    slot_of,
    stand,
    still_waits,
)
from remit.apps.work.loading import open_item
from remit.apps.work.models import Handover, Period, PlannedReminder, Request, RequestDraft, RequestWithdrawal, WorkItem
from remit.apps.work.zones import calendar_of
from remit.domain.reasons import N_, Sentence

NOTHING_BEFORE = Sentence("draft.nothing_before", N_("Nothing was asked about {entity} in the month before that is not asked or drafted already."))
NOT_A_SIDE = Sentence("request.not_a_side", N_("Only the client and the provider ask each other."))
SAME_OWNER = Sentence("request.same_owner", N_("{name} is to answer already."))
Reason300 = Annotated[str, Len(1, 300)]
MOST_DRAFTS = 50


@action("request.drafted", roles=())
def draft_request(
    *,
    by: By,
    at: datetime,
    item: UUID,
    question: Asked,
    slot: str = "",
    due_at: datetime | None = None,
    concerns: Concerns = "",
    options: Options | None = None,
    blocks: bool = True,
    owner: Owner = "",
    draft: UUID | None = None,
) -> Done:
    """Write a question down without sending it, or change a draft. Only one's own organization sees it; nobody is told."""
    work = open_item(item)
    may_ask(by, at, work, _side(by, work))
    is_sound(at, question, due_at)
    if slot:
        slot_of(work, slot)
    row = _draft(draft) if draft is not None else RequestDraft(organization_id=by.organization)
    row.item, row.question, row.slot, row.due_at, row.concerns, row.blocks, row.owner_name = work, question, slot, due_at, concerns, blocks, owner.strip()
    row.options = [option.strip() for option in options or () if option.strip()]
    row.drafted_by, row.drafted_by_name, row.drafted_at = by.user, by.name, at
    row.save()
    return decide(by, at, "request.drafted", row, audiences=[own_audience(by, at)], private={"question": question})


@action("request.dropped", roles=())
def drop_draft(*, by: By, at: datetime, draft: UUID) -> Done:
    """Throw a draft away; nobody was asked."""
    row = _draft(draft)
    done = decide(by, at, "request.dropped", row, audiences=[own_audience(by, at)])
    RequestDraft.objects.filter(id=row.id).delete()
    return done


@action("request.asked", roles=())
def send_drafts(*, by: By, at: datetime, drafts: Annotated[list[UUID], Len(1, MOST_DRAFTS)]) -> Done:
    """Send drafts together: all or none. Whoever answers by a mailed link gets one mail for all questions about an item."""
    found = sorted((_draft(key) for key in dict.fromkeys(drafts)), key=lambda row: (row.item_id, row.id))
    done: list[Done] = []
    sent: dict[UUID, tuple[WorkItem, list[Request]]] = {}
    for row in found:
        work = open_item(row.item_id)
        side = _side(by, work)
        may_ask(by, at, work, side)
        # A time that passed while it was a draft is chosen anew, as where nobody says when.
        due_at = row.due_at if row.due_at is not None and row.due_at > at else None
        asked = asking.Question(row.question, row.slot, row.concerns, row.options, row.blocks, row.owner_name, due_at)
        request = asking.place(by, at, work, requests.OTHER[side], asked, asking.plan_of(work.engagement_id))
        sent.setdefault(work.id, (work, []))[1].append(request)
        private = {"question": request.question} | owner_of(request.owner_name)
        done.append(decide(by, at, "request.asked", request, within=work.period.within(), private=private))
    RequestDraft.objects.filter(id__in=[row.id for row in found]).delete()
    for work, rows in sent.values():
        asking.tell_guests(by, work, rows)
    return done[-1]


@action("request.drafted", roles=())
def draft_again(*, by: By, at: datetime, period: UUID) -> Done:
    """Draft what one's side asked in the month before of this entity, each at the same working day; what is asked or drafted already is left out."""
    month = Period.objects.select_related("engagement", "entity").filter(id=period).first()
    if month is None:
        raise NotFound(period)
    # The first of a task: what came in beside it is about something else.
    items = {row.task: row.id for row in WorkItem.objects.filter(period=month).order_by("-created_at", "-id")}
    done: list[Done] = []
    for before in to_ask_again(by, month):
        work = open_item(items[before.item.task])
        side = _side(by, work)
        may_ask(by, at, work, side)
        row = RequestDraft.objects.create(
            organization_id=by.organization,
            item=work,
            question=before.question,
            slot=before.slot,
            concerns="",
            options=before.options,
            blocks=before.blocks,
            owner_name=requests.asked(before).owner,
            due_at=_same_workday(before, month, at),
            again_of=before,
            drafted_by=by.user,
            drafted_by_name=by.name,
            drafted_at=at,
        )
        done.append(decide(by, at, "request.drafted", row, audiences=[own_audience(by, at)], private={"question": row.question}))
    if not done:
        raise BadInput(period=NOTHING_BEFORE(entity=month.entity.name))
    return done[-1]


def to_ask_again(by: By, month: Period) -> list[Request]:
    """What the acting side asked in the month before of the same entity and has neither asked nor drafted for this one."""
    side = {month.engagement.client_id: "client", month.engagement.provider_id: "provider"}.get(by.organization)
    if side is None:
        return []
    earlier = Request.objects.filter(
        item__period__engagement=month.engagement_id, item__period__entity=month.entity_id, item__period__ends_on=month.begins_on, asked_of=requests.OTHER[side]
    )
    here = set(WorkItem.objects.filter(period=month).values_list("task", flat=True))
    there = set(Request.objects.filter(item__period=month).values_list("item__task", "question"))
    there |= set(RequestDraft.objects.filter(item__period=month).values_list("item__task", "question"))
    found: dict[tuple[str, str], Request] = {}
    for row in requests.with_answers(earlier.filter(withdrawal=None)):
        if row.item.task in here and (row.item.task, row.question) not in there:
            found.setdefault((row.item.task, row.question), row)
    return list(found.values())


@action("request.withdrawn", roles=())
def withdraw_request(*, by: By, at: datetime, request: UUID, reason: Reason300) -> Done:
    """Take a question back, with the reason: nothing waits for it any more, and no reminder goes."""
    row = _request(request)
    work = open_item(row.item_id)
    may_ask(by, at, work, requests.OTHER[row.asked_of])
    found = stand(request)
    if found.is_over:
        raise Refuse(SETTLED() if found.state == "accepted" else WITHDRAWN(name=found.request.withdrawal.withdrawn_by_name), about=work)
    if not reason.strip():
        raise BadInput(reason=WHY_NEEDED())
    asking.end_reminders(row, at)
    RequestWithdrawal.objects.create(
        audience_id=row.audience_id, request=row, reason=reason.strip(), withdrawn_by=by.user, withdrawn_by_name=by.name, withdrawn_at=at
    )
    return decide(by, at, "request.withdrawn", row, within=work.period.within(), private={"reason": reason.strip()})


@action("request.passed_on", roles=())
def pass_request(*, by: By, at: datetime, request: UUID, owner: Annotated[str, Len(1, 120)], note: Annotated[str, MaxLen(300)] = "") -> Done:
    """Say who of one's own side is to answer; they are told. “Not for me” passes it back."""
    row = _request(request)
    work = open_item(row.item_id)
    found = stand(request)
    if not requests.may_answer(by, at, work, found):
        raise Refuse(NOT_CLIENT() if row.asked_of == "client" else NOT_PROVIDER(roles=", ".join(requests.ASKERS)), about=work)
    still_waits(found, work)
    name = owner.strip()
    if not name:
        raise BadInput(owner=NAME_NEEDED())
    if name.casefold() == found.owner.casefold():
        raise BadInput(owner=SAME_OWNER(name=name))
    Handover.objects.create(
        audience_id=row.audience_id, request=row, owner_name=name, note=note.strip(), passed_by=by.user, link_id=by.link, passed_by_name=by.name, passed_at=at
    )
    PlannedReminder.objects.create(audience_id=row.audience_id, request=row, due_at=at, level=0, side=row.asked_of)
    return decide(by, at, "request.passed_on", row, within=work.period.within(), private={"owner": name, "note": note.strip()})


WHY_NEEDED = Sentence("request.why", N_("Say why it is taken back."))
NAME_NEEDED = Sentence("request.owner", N_("Name who is to answer."))


def _same_workday(before: Request, month: Period, at: datetime) -> datetime | None:
    """On the working day of the same number after this month's end, at the same time of the day; None where that is past or nothing was said."""
    if before.due_at is None:
        return None
    work = WorkItem.objects.select_related("period__entity").get(id=before.item_id)
    here, calendar = asking.clock(work), calendar_of(month.entity.facts)
    local = before.due_at.astimezone(here)
    number = calendar.count(work.period.ends_on, local.date() + timedelta(days=1))
    day: date = calendar.add(month.ends_on - timedelta(days=1), number) if number > 0 else month.ends_on + (local.date() - work.period.ends_on)
    due_at = datetime.combine(day, local.time(), here)
    return due_at if due_at > at else None


def _draft(key: UUID) -> RequestDraft:
    row = RequestDraft.objects.select_for_update(of=("self",)).select_related("item").filter(id=key).first()
    if row is None:
        raise NotFound(key)
    return row


def _request(key: UUID) -> Request:
    row = Request.objects.filter(id=key).first()
    if row is None:
        raise NotFound(key)
    return row


def _side(by: By, work: WorkItem) -> str:
    side = requests.side_of(by, work)
    if not side:
        raise Refuse(NOT_A_SIDE(), about=work)
    return side
