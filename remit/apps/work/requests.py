"""Where the questions between the two sides stand, who is to answer, since when whom they wait for; and what of them waits for a guest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from remit.apps.organizations.roles import granted, lacks
from remit.apps.records.context import By
from remit.apps.work import cases
from remit.apps.work.models import Answer, Assignment, Handover, PlannedReminder, Reminder, Request, RequestWithdrawal, Settlement, WorkItem
from remit.domain.calendars.stopclock import Wait
from remit.domain.line import Slot
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.reminding import contact_at

OPEN = Sentence("request.open", N_("Question: {question}"))
OPEN_UNTIL = Sentence("request.open_until", N_("Question, needed by {due}: {question}"))
ASKERS = ("manager", "preparer", "reviewer")
"""Roles of the provider that ask the client and settle what it answers; whoever is assigned to the item may, too."""
CLIENT_ASKERS = ("requester", "approver", "signatory", "administrator")
"""Roles of the client that ask the provider and settle what it answers; a guest may whose link says so."""

State = Literal["open", "submitted", "accepted", "returned", "withdrawn"]
STATES: Mapping[str, str] = {
    "open": N_("open"),
    "submitted": N_("submitted"),
    "accepted": N_("accepted"),
    "returned": N_("returned"),
    "withdrawn": N_("withdrawn"),
}
OTHER = {"client": "provider", "provider": "client"}


@dataclass(frozen=True)
class Asked:
    """A request with its answers, oldest first, and where it stands. An answer that was returned leaves it waiting."""

    request: Request
    slot: Slot | None
    answers: list[Answer]
    state: State

    @property
    def newest(self) -> Answer | None:
        """The last answer."""
        return self.answers[-1] if self.answers else None

    @property
    def is_open(self) -> bool:
        """It waits for whoever was asked."""
        return self.state in ("open", "returned")

    @property
    def is_over(self) -> bool:
        """It waits for nobody any more."""
        return self.state in ("accepted", "withdrawn")

    @property
    def says(self) -> str:
        """The state in a word."""
        return STATES[self.state]

    @property
    def waits_on(self) -> str:
        """Whose turn it is: `client` or `provider`; empty once it is over."""
        return "" if self.is_over else self.request.asked_of if self.is_open else OTHER[self.request.asked_of]

    @property
    def handover(self) -> Handover | None:
        """The newest."""
        return max(self.request.handovers.all(), key=lambda row: (row.passed_at, row.id), default=None)

    @property
    def owner(self) -> str:
        """Who of the side that was asked is to answer; empty where nobody is named."""
        return self.handover.owner_name if self.handover else self.request.owner_name

    @property
    def returned(self) -> Settlement | None:
        """The newest return, while it stands."""
        return settlement_of(self.newest) if self.state == "returned" else None

    @property
    def due_at(self) -> datetime | None:
        """Until when an answer is needed: as it was asked, or as it was returned."""
        dues = [verdict.due_at for answer in self.answers if (verdict := settlement_of(answer)) is not None and verdict.due_at is not None]
        return dues[-1] if dues else self.request.due_at

    @property
    def since(self) -> datetime:
        """From when on it waits for whom it waits for now, or was over."""
        if withdrawal := withdrawal_of(self.request):
            return withdrawal.withdrawn_at
        newest = self.newest
        if newest is None:
            return self.request.asked_at
        verdict = settlement_of(newest)
        return verdict.settled_at if verdict is not None else newest.answered_at

    @property
    def reminders(self) -> list[Reminder]:
        """Those that went, oldest first."""
        return sorted(self.request.reminders.all(), key=lambda row: row.reminded_at)

    @property
    def next_reminder(self) -> PlannedReminder | None:
        """The one that goes next, if nobody answers."""
        return min((row for row in self.request.planned.all() if row.ended_at is None), key=lambda row: row.due_at, default=None) if self.is_open else None

    def waits(self, until: datetime) -> list[Wait]:
        """When it waited for whoever was asked: from asking to answer, and from each return to the answer after it; half-open, none after `until`."""
        found, since = [], self.request.asked_at
        for answer in self.answers:
            found.append((since, answer.answered_at))
            verdict = settlement_of(answer)
            since = verdict.settled_at if verdict is not None and verdict.verdict == "returned" else until
        withdrawal = withdrawal_of(self.request)
        found.append((since, min(until, withdrawal.withdrawn_at) if withdrawal else until))
        return [(start, min(end, until)) for start, end in found if start < min(end, until)]


def settlement_of(answer: Answer | None) -> Settlement | None:
    """The verdict on an answer."""
    return getattr(answer, "settlement", None)


def withdrawal_of(request: Request) -> RequestWithdrawal | None:
    """Who took the question back, if anybody did."""
    return getattr(request, "withdrawal", None)


def with_answers(requests: QuerySet[Request]) -> QuerySet[Request]:
    """Everything that `asked` and a page read, in a fixed number of queries; oldest first."""
    answers = Answer.objects.select_related("settlement").prefetch_related("files__file").order_by("answered_at", "id")
    planned = PlannedReminder.objects.filter(ended_at=None)
    return (
        requests.select_related("item", "withdrawal")
        .prefetch_related(Prefetch("answers", answers), Prefetch("planned", planned), "handovers", "reminders")
        .order_by("asked_at", "id")
    )


def blocking() -> QuerySet[Request]:
    """Those that an item waits for or has waited for, with what tells where they stand; without their texts."""
    answers = Answer.objects.select_related("settlement").defer("text", "settlement__note").order_by("answered_at", "id")
    return Request.objects.filter(blocks=True).select_related("withdrawal").defer("question").prefetch_related(Prefetch("answers", answers), "handovers")


def not_over() -> Q:
    """Of requests: neither accepted nor withdrawn."""
    accepted = Settlement.objects.filter(answer__request=OuterRef("pk"), verdict="accepted")
    return ~Exists(accepted) & Q(withdrawal=None)


def asked(request: Request) -> Asked:
    """From what `with_answers` or `blocking` fetched, without a query."""
    answers = list(request.answers.all())
    slot = next((each for each in cases.line_of(request.item).slots if each.code == request.slot), None) if request.slot else None
    return Asked(request, slot, answers, _state(request, answers))


def of_item(item: WorkItem) -> list[Asked]:
    """Oldest first."""
    return [asked(row) for row in with_answers(Request.objects.filter(item=item))]


def open_ones(found: Iterable[Asked], side: str = "client") -> list[Asked]:
    """Those that wait for a side to answer."""
    return [each for each in found if each.is_open and each.request.asked_of == side]


def named(each: Asked, zone: Any) -> Reason:
    """The question as a mail names it, on the clocks of the zone."""
    question, due = each.request.question, each.due_at
    return OPEN_UNTIL(question=question, due=due.astimezone(zone)) if due else OPEN(question=question)


def side_of(by: By, item: WorkItem) -> str:
    """Whether the organization is the item's client or provider; empty for an auditor."""
    return {item.engagement.client_id: "client", item.engagement.provider_id: "provider"}.get(by.organization, "")


def may_ask(by: By, at: datetime, item: WorkItem) -> bool:
    """Whether this member asks the other side about the item, and settles what it answers. What a guest may do was said with their link."""
    side = side_of(by, item)
    if not side:
        return False
    if side == "client" and by.link is not None:
        return True
    roles = ASKERS if side == "provider" else CLIENT_ASKERS
    if lacks(by, at, roles, entity=item.period.entity.entity_id, engagement=item.engagement_id, service=item.service) is None:
        return True
    return side == "provider" and by.person is not None and Assignment.objects.filter(item=item, person=by.person, ended_at=None).exists()


def may_answer(by: By, at: datetime, item: WorkItem, each: Asked) -> bool:
    """Whether whoever acts answers for the side that was asked: for the client any member or its guest, for the provider whoever may ask or is named."""
    if side_of(by, item) != each.request.asked_of:
        return False
    return each.request.asked_of == "client" or by.name == each.owner or may_ask(by, at, item)


def accepter_of(each: Asked, item: WorkItem) -> str:
    """Who looks at the answer: whoever asked."""
    return each.request.asked_by_name or (item.engagement.provider.name if each.request.asked_of == "client" else item.engagement.client.name)


def owner_of(each: Asked, item: WorkItem) -> str:
    """Who is to answer: whoever is named, else the first of the contact plan on that side, else the organization."""
    if each.owner:
        return each.owner
    first = contact_at(item.engagement.agreement.contacts, each.request.asked_of, 0)
    organization = item.engagement.client if each.request.asked_of == "client" else item.engagement.provider
    return str(first["name"]) if first else organization.name


def is_mine(each: Asked, by: By, at: datetime, names: Iterable[str]) -> bool:
    """Whether it is for this member to answer: named, reminded by name, or nobody of their organization is named; a manager or administrator sees all.

    `names`: of all members, so that a name that is nobody's here hides nothing.
    """
    if not each.owner or each.owner not in set(names):
        return True
    if by.name == each.owner or any(by.name == row.to_name for row in each.reminders):
        return True
    return bool(by.on_behalf_of and by.on_behalf_of.name == each.owner) or any(grant.role in ("manager", "administrator") for grant in granted(by, at))


def _state(request: Request, answers: Sequence[Answer]) -> State:
    if withdrawal_of(request) is not None:
        return "withdrawn"
    verdicts = [settlement_of(answer) for answer in answers]
    if any(verdict is not None and verdict.verdict == "accepted" for verdict in verdicts):
        return "accepted"
    if not verdicts:
        return "open"
    return "submitted" if verdicts[-1] is None else "returned"
