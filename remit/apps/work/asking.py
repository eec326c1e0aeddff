"""How a question is put to the other side: when it is due, who is told by mail, and when it is reminded of, by the engagement's own plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max

from remit.apps.agreements.models import Engagement
from remit.apps.organizations import guest_mails, guests
from remit.apps.organizations.models import GuestLink, Membership
from remit.apps.records.context import By
from remit.apps.work import requests
from remit.apps.work.models import Assignment, PlannedReminder, ReminderPlan, Request, WorkItem
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import zone
from remit.domain.reminding import ANSWER_WORKDAYS, CLOSES, STEPS, contact_at, escalation, hours_of, reminders


@dataclass(frozen=True)
class Question:
    """What is asked, as a draft or an action gives it."""

    question: str
    slot: str = ""
    concerns: str = ""
    options: Sequence[str] = ()
    blocks: bool = True
    owner: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class Plan:
    """When questions of an engagement are reminded of, and within how many working days an answer is asked for."""

    steps: tuple[tuple[int, int], ...] = STEPS
    answer_workdays: int = ANSWER_WORKDAYS
    row: ReminderPlan | None = None


def plan_of(engagement: UUID) -> Plan:
    """The newest, or the usual one."""
    row = ReminderPlan.objects.filter(engagement=engagement).order_by("-decided_at", "-id").first()
    return Plan(tuple((int(days), int(level)) for days, level in row.steps), row.answer_workdays, row) if row else Plan()


def clock(item: WorkItem) -> ZoneInfo:
    """Of the item's entity."""
    return zone(item.period.entity.facts["zone"])


def usual_due(item: WorkItem, at: datetime, plan: Plan) -> datetime:
    """The end of the usual day, so many working days of the entity from now."""
    here = clock(item)
    day = calendar_of(item.period.entity.facts).add(at.astimezone(here).date(), plan.answer_workdays)
    return datetime.combine(day, CLOSES, here)


def place(by: By, at: datetime, item: WorkItem, side: str, asked: Question, plan: Plan) -> Request:
    """The request itself, asked of `side`, with the reminders that go unless it is answered."""
    row = Request(
        audience_id=item.audience_id,
        item=item,
        question=asked.question,
        slot=asked.slot,
        due_at=asked.due_at or usual_due(item, at, plan),
        asked_of=side,
        blocks=asked.blocks,
        owner_name=asked.owner.strip(),
        concerns=asked.concerns.strip(),
        options=[option.strip() for option in asked.options if option.strip()],
        asked_by=by.user,
        asked_by_name=by.name,
        link_id=by.link,
        asked_at=at,
    )
    row.save()
    plan_reminders(row, item, row.due_at, at, plan)
    return row


def plan_reminders(request: Request, item: WorkItem, due_at: datetime | None, at: datetime, plan: Plan) -> None:
    """Those that still come, in place of any that were planned."""
    end_reminders(request, at)
    if due_at is None:
        return
    contacts, facts = item.engagement.agreement.contacts, item.period.entity.facts
    found = reminders(due_at, at, plan.steps, calendar_of(facts), opening(contacts, request.asked_of, request.owner_name), facts["zone"])
    PlannedReminder.objects.bulk_create(
        PlannedReminder(
            audience_id=request.audience_id, request=request, due_at=each.at, level=each.level, side=side_told(contacts, request.asked_of, each.level)
        )
        for each in found
    )


def opening(contacts: Sequence[Mapping[str, Any]], side: str, owner: str) -> dict[int, time]:
    """When the hours of whoever is reminded begin, by level."""
    steps = escalation(contacts, side)
    named = next((each for each in steps if each.get("name") == owner), None)
    levels = {level: contact_at(contacts, side, level) for level in range(len(steps) + 1)}
    return {level: hours_of(str(contact.get("hours") or ""))[0] for level, contact in (levels | ({0: named} if named else {})).items() if contact}


def side_told(contacts: Sequence[Mapping[str, Any]], asked_of: str, level: int) -> str:
    """The side that is asked, as far as its contact plan goes; beyond it the asking side's own, who answers for the engagement."""
    return asked_of if level == 0 or contact_at(contacts, asked_of, level) else requests.OTHER[asked_of]


def end_reminders(request: Request, at: datetime) -> None:
    """None of those planned goes any more: it is answered, taken back, or asked anew."""
    PlannedReminder.objects.filter(request=request, ended_at=None).update(ended_at=at)


def to_name(each: requests.Asked, item: WorkItem, level: int, side: str) -> str:
    """Who gets a reminder of that level: who is to answer, the step of the contact plan, or who answers for the engagement on the asking side."""
    contacts = item.engagement.agreement.contacts
    if side != each.request.asked_of:
        first = contact_at(contacts, side, 0)
        return str(first["name"]) if first else each.request.asked_by_name
    contact = contact_at(contacts, side, level) if level else None
    return str(contact["name"]) if contact else requests.owner_of(each, item)


def tell_guests(by: By, item: WorkItem, rows: Iterable[Request], note: str = "") -> None:
    """One mail to each guest of the client who may answer, whatever the number of questions."""
    asked = [row for row in rows if row.asked_of == "client"]
    if not asked:
        return
    here = clock(item)
    found = [requests.named(each, here) for each in map(requests.asked, requests.with_answers(Request.objects.filter(id__in=[row.id for row in asked])))]
    for link in answering_links(item):
        guest_mails.send_question(by, link, item.title, found, note)


def answering_links(item: WorkItem) -> list[GuestLink]:
    """Of guests of the client who may answer questions about the item."""
    return [link for link in guests.in_force(item.id, "answer_request") if link.organization_id == item.engagement.client_id]


def member_called(by: By, at: datetime, name: str) -> Membership | None:
    """The member of the acting organization by that name who has a log-in."""
    found = Membership.objects.filter(organization=by.organization, name__iexact=name.strip(), user__is_active=True, since__lte=at).exclude(until__lte=at)
    return found.select_related("user").order_by("since").first()


def owners(item: WorkItem, side: str) -> list[str]:
    """Whom a question can be put to by name: the contact plan of that side, of the provider also who is on the item, and the client's guests."""
    names = [str(each["name"]) for each in escalation(item.engagement.agreement.contacts, side)]
    if side == "provider":
        names += Assignment.objects.filter(item=item, ended_at=None).order_by("assigned_at").values_list("person_name", flat=True)
    else:
        names += [link.name for link in answering_links(item)]
    return list(dict.fromkeys(names))


def last_reminded_at(request: Request) -> datetime | None:
    """When the newest reminder went."""
    found: datetime | None = request.reminders.aggregate(at=Max("reminded_at"))["at"]
    return found


def is_running(engagement: Engagement, by: By) -> bool:
    """Whether the acting organization is one of its two sides."""
    return by.organization in (engagement.client_id, engagement.provider_id)
