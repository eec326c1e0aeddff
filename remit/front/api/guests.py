"""Reading who takes part without a log-in, and what the client was asked about an item."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.organizations import invited
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.references import key_of
from remit.apps.work import requests
from remit.apps.work.models import Answer, WorkItem
from remit.front.api.reading import read, reads


class GuestOut(Schema):
    """A guest's link: who, for which organization, what they may do, how far it came. The secret of the link is never told."""

    id: UUID
    name: str
    email: str
    organization: str
    about: str
    acts: list[str]
    expires_at: datetime
    state: str
    problem: str


class AnswerFileOut(Schema):
    """A file of an answer; `id` opens it."""

    id: UUID
    name: str
    sha256: str
    size: int


class AnswerOut(Schema):
    """What the client answered; `verdict` is empty until it was looked at."""

    id: UUID
    text: str
    answered_by: str
    by_guest: bool
    answered_at: datetime
    files: list[AnswerFileOut]
    verdict: str
    note: str


class RequestOut(Schema):
    """A question to the client, and where it stands: open, answered or settled."""

    id: UUID
    reference: str
    item: str
    question: str
    slot: str
    due_at: datetime | None
    asked_by: str
    asked_at: datetime
    state: str
    answers: list[AnswerOut]


@reads.get("/items/{reference}/requests", response=list[RequestOut], operation_id="requests")
@read
def item_requests(request: HttpRequest, organization: Path[str], reference: Path[str]) -> list[RequestOut]:
    """Questions to the client about an item, oldest first."""
    item = WorkItem.objects.filter(reference=reference).first()
    if item is None:
        raise NotFound(reference)
    return [_request(each) for each in requests.of_item(item)]


@reads.get("/guests/{reference}", response=list[GuestOut], operation_id="guests")
@read
def guests_of(request: HttpRequest, organization: Path[str], reference: Path[str]) -> list[GuestOut]:
    """Guests of an item, an agreement or a month, newest first."""
    return [
        GuestOut(
            id=each.link.id,
            name=each.link.name,
            email=each.link.email,
            organization=each.link.organization.name,
            about=each.link.about_reference,
            acts=each.link.acts,
            expires_at=each.link.expires_at,
            state=each.state,
            problem=each.problem,
        )
        for each in invited.of_thing(request.by, key_of(reference))  # type: ignore[attr-defined]
    ]


def _request(each: requests.Asked) -> RequestOut:
    row = each.request
    return RequestOut(
        id=row.id,
        reference=row.reference,
        item=row.item.reference,
        question=row.question,
        slot=row.slot,
        due_at=row.due_at,
        asked_by=row.asked_by_name,
        asked_at=row.asked_at,
        state=each.state,
        answers=[_answer(answer) for answer in each.answers],
    )


def _answer(row: Answer) -> AnswerOut:
    verdict = getattr(row, "settlement", None)
    return AnswerOut(
        id=row.id,
        text=row.text,
        answered_by=row.answered_by_name,
        by_guest=row.link_id is not None,
        answered_at=row.answered_at,
        files=[AnswerFileOut(id=file.id, name=file.name, sha256=file.file.sha256, size=file.file.size) for file in row.files.all()],
        verdict=verdict.verdict if verdict else "",
        note=verdict.note if verdict else "",
    )
