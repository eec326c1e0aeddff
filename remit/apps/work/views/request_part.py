"""What the pages of an item show of its questions, for members and guests: where each stands, what may be done about it, drafts, and instructions that hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from remit.apps.organizations.models import Membership
from remit.apps.records.context import By
from remit.apps.work import asking, instructions, reminding, requests
from remit.apps.work.models import RequestDraft, StandingInstruction, WorkItem


@dataclass(frozen=True)
class Shown:
    """One question on a page: what was said and done, and what whoever looks may do about it."""

    asked: requests.Asked
    owner: str
    accepter: str
    reminders: list[reminding.Told]
    next_name: str
    is_theirs: bool
    """Asked of the side of whoever looks."""
    can_answer: bool
    can_settle: bool
    can_take_back: bool
    can_keep: bool
    kept: tuple[StandingInstruction, ...]
    pass_to: tuple[str, ...]
    """To whom of one's own side it may be passed."""

    @property
    def back_to(self) -> str:
        """To whom “not for me” passes it: whoever passed it on."""
        handover = self.asked.handover
        return handover.passed_by_name if handover is not None and handover.passed_by_name != self.owner else ""


def of_item(by: By, at: datetime, item: WorkItem, is_closed: bool, acts: Collection[str] | None = None) -> dict[str, Any]:
    """What `work/parts/requests.html` shows; `acts` are those of a guest's link."""
    side = requests.side_of(by, item)
    other = requests.OTHER.get(side, "client")
    is_guest = acts is not None
    asks = not is_closed and bool(side) and (("ask_provider" in acts) if acts is not None else requests.may_ask(by, at, item))
    found = requests.of_item(item)
    drafts = [] if is_guest else list(RequestDraft.objects.filter(item=item).order_by("drafted_at", "id"))
    held = [] if is_guest else instructions.for_item(item)
    uses = instructions.uses_of(item)
    keeps = not is_guest and instructions.may_keep(by, at, item.engagement, item.period.entity.entity_id)
    members = _members(by, at) if side and not is_guest else []
    told = _reminders(found)
    kept = _kept([each for each in found if each.state == "accepted"])
    rows = [_shown(by, at, item, each, is_closed, asks, keeps, acts, members, told, kept) for each in found]
    followed = {use.instruction_id for use in uses}
    organizations = {"client": item.engagement.client.name, "provider": item.engagement.provider.name}
    return {
        "requests": rows,
        "drafts": [{"row": row, "offers": instructions.offers(item, held, row.question, row.slot)} for row in drafts],
        "instructions": [{"row": row, "followed": row.id in followed} for row in held],
        "followed": uses,
        "can_ask": asks,
        "can_follow": asks and side == "provider" and not is_guest,
        "can_answer": not is_closed and any(row.can_answer for row in rows),
        "asks_side": side,
        "other_side": organizations[other],
        "owners": asking.owners(item, other) if asks else [],
        "usual_due": asking.usual_due(item, at, asking.plan_of(item.engagement_id)) if asks else None,
        "is_guest": is_guest,
        "organization_names": organizations,
    }


def _shown(
    by: By,
    at: datetime,
    item: WorkItem,
    each: requests.Asked,
    is_closed: bool,
    asks: bool,
    keeps: bool,
    acts: Collection[str] | None,
    members: list[str],
    told: dict[Any, list[reminding.Told]],
    kept: dict[Any, list[StandingInstruction]],
) -> Shown:
    side, is_theirs = requests.side_of(by, item), requests.side_of(by, item) == each.request.asked_of
    answers = not is_closed and is_theirs and each.is_open
    settles = not is_closed and side == requests.OTHER[each.request.asked_of]
    if acts is None:
        answers = answers and requests.may_answer(by, at, item, each)
        settles = settles and asks
        passes = answers
    else:
        passes, answers = answers and "pass_request" in acts, answers and "answer_request" in acts
        settles = settles and "settle_request" in acts
    owner = requests.owner_of(each, item)
    following = each.next_reminder
    names = dict.fromkeys([*asking.owners(item, each.request.asked_of), *members]) if passes else {}
    if acts is not None and each.handover is not None and passes:
        names = dict.fromkeys([each.handover.passed_by_name, *names])
    return Shown(
        asked=each,
        owner=owner,
        accepter=requests.accepter_of(each, item),
        reminders=told.get(each.request.id, []),
        next_name=asking.to_name(each, item, following.level, following.side) if following else "",
        is_theirs=is_theirs,
        can_answer=answers,
        can_settle=settles and each.state == "submitted",
        can_take_back=settles and not each.is_over and acts is None,
        can_keep=keeps and each.state == "accepted" and not kept.get(each.request.id) and any(answer.text or answer.choice for answer in each.answers[-1:]),
        kept=tuple(kept.get(each.request.id, ())),
        pass_to=tuple(name for name in names if name.casefold() != owner.casefold()),
    )


def _reminders(found: list[requests.Asked]) -> dict[Any, list[reminding.Told]]:
    by_request: dict[Any, list[reminding.Told]] = {}
    for told in reminding.told([row for each in found for row in each.reminders]):
        by_request.setdefault(told.row.request_id, []).append(told)
    return by_request


def _kept(found: list[requests.Asked]) -> dict[Any, list[StandingInstruction]]:
    """By request the instructions in force that keep its answer."""
    by_request: dict[Any, list[StandingInstruction]] = {}
    if found:
        rows = StandingInstruction.objects.filter(answer__request__in=[each.request.id for each in found], withdrawal=None).select_related("answer", "entity")
        for row in rows:
            assert row.answer is not None
            by_request.setdefault(row.answer.request_id, []).append(row)
    return by_request


def _members(by: By, at: datetime) -> list[str]:
    found = Membership.objects.filter(organization=by.organization, user__is_active=True, since__lte=at).exclude(until__lte=at)
    return list(found.order_by("name").values_list("name", flat=True))


def offered(item: WorkItem, question: str, slot: str) -> list[instructions.Offer]:
    """Instructions in force that may answer a question before it is asked, each with why."""
    return instructions.offers(item, instructions.for_item(item), question, slot)
