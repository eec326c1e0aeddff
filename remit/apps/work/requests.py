"""Where the questions to the client stand: open, answered or settled; and what of them waits for a guest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Prefetch, QuerySet

from remit.apps.organizations.roles import lacks
from remit.apps.records.context import By
from remit.apps.work import cases
from remit.apps.work.models import Answer, Assignment, Request, WorkItem
from remit.domain.line import Slot
from remit.domain.reasons import N_, Sentence

OPEN = Sentence("request.open", N_("Question: {question}"))
ASKERS = ("manager", "preparer", "reviewer")
"""Roles of the provider that ask the client and settle what it answers; whoever is assigned to the item may, too."""

State = Literal["open", "answered", "settled"]


@dataclass(frozen=True)
class Asked:
    """A request with its answers, oldest first, and where it stands. An answer that was returned leaves it open."""

    request: Request
    slot: Slot | None
    answers: list[Answer]
    state: State

    @property
    def newest(self) -> Answer | None:
        """The last answer."""
        return self.answers[-1] if self.answers else None


def with_answers(requests: QuerySet[Request]) -> QuerySet[Request]:
    """Everything that `asked` reads, in a fixed number of queries; oldest first."""
    answers = Answer.objects.select_related("settlement").prefetch_related("files__file").order_by("answered_at", "id")
    return requests.select_related("item").prefetch_related(Prefetch("answers", answers)).order_by("asked_at", "id")


def asked(request: Request) -> Asked:
    """From what `with_answers` fetched, without a query."""
    answers = list(request.answers.all())
    line = cases.line_of(request.item)
    slot = next((each for each in line.slots if each.code == request.slot), None)
    return Asked(request, slot, answers, _state(answers))


def of_item(item: WorkItem) -> list[Asked]:
    """Oldest first."""
    return [asked(row) for row in with_answers(Request.objects.filter(item=item))]


def open_ones(found: Iterable[Asked]) -> list[Asked]:
    """Those that wait for the client."""
    return [each for each in found if each.state == "open"]


def may_ask(by: By, at: datetime, item: WorkItem) -> bool:
    """Whether this member of the provider asks the client about the item, and settles what it answers."""
    if by.organization != item.engagement.provider_id:
        return False
    if lacks(by, at, ASKERS, entity=item.period.entity.entity_id, engagement=item.engagement_id, service=item.service) is None:
        return True
    return by.person is not None and Assignment.objects.filter(item=item, person=by.person, ended_at=None).exists()


def _state(answers: list[Answer]) -> State:
    verdicts = [getattr(answer, "settlement", None) for answer in answers]
    if any(verdict is not None and verdict.verdict == "accepted" for verdict in verdicts):
        return "settled"
    return "answered" if verdicts and verdicts[-1] is None else "open"
