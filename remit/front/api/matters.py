"""What the API tells of what went wrong: matters with their course, what is due of whom, and the notices of the law."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import NotFound
from remit.apps.work import matters
from remit.apps.work.models import Matter
from remit.front.api.reading import read, reads


class CourseOut(Schema):
    """Something said or done. `notice`: which one was sent, or is not owed."""

    step: str
    says: str
    measures: str
    notice: str
    sent_at: datetime | None
    side: str
    by: str
    at: datetime


class NoticeOut(Schema):
    """A notice that the law asks for; `state`: due, late, sent, sent_late, not_owed."""

    id: str
    says: str
    owed_by: str
    to: str
    due_at: datetime
    source: str
    verified: bool
    state: str


class MatterOut(Schema):
    """A complaint, dispute or incident. `answers`, `judges`: the side whose word is due; empty where none is. `amount` is not due while it is open."""

    id: UUID
    reference: str
    engagement: str
    kind: str
    category: str
    severity: str
    says: str
    item: str
    invoice: str
    line: int | None
    amount: Decimal | None
    occurred_at: datetime | None
    detected_at: datetime | None
    answer_due_at: datetime | None
    raised_side: str
    raised_by: str
    raised_at: datetime
    is_over: bool
    answers: str
    judges: str
    course: list[CourseOut]
    notices: list[NoticeOut]


@reads.get("/engagements/{reference}/matters", response=list[MatterOut], operation_id="matters")
@read
def of_engagement(request: HttpRequest, organization: Path[str], reference: Path[str]) -> list[MatterOut]:
    """All of an engagement, the newest first."""
    running = Engagement.objects.filter(reference=reference).first()
    if running is None:
        raise NotFound(reference)
    return [_matter(found) for found in matters.of_engagement(running, request.at)]  # type: ignore[attr-defined]


@reads.get("/matters/{reference}", response=MatterOut, operation_id="matter")
@read
def matter(request: HttpRequest, organization: Path[str], reference: Path[str]) -> MatterOut:
    """One of them."""
    found = matters.stand(Matter.objects.filter(reference=reference), request.at)  # type: ignore[attr-defined]
    if not found:
        raise NotFound(reference)
    return _matter(found[0])


def _matter(found: matters.Stood) -> MatterOut:
    row = found.row
    plain = ("id", "reference", "kind", "category", "severity", "says", "invoice", "line", "amount", "occurred_at", "detected_at", "answer_due_at")
    return MatterOut(
        **{name: getattr(row, name) for name in (*plain, "raised_side", "raised_at")},
        engagement=row.engagement.reference,
        item=row.item.reference if row.item else "",
        raised_by=row.raised_by_name,
        is_over=found.is_over,
        answers=found.answers,
        judges=found.judges,
        course=[
            CourseOut(
                **{name: getattr(step, name) for name in ("step", "says", "measures", "notice", "sent_at", "side")}, by=step.done_by_name, at=step.done_at
            )
            for step in found.steps
        ],
        notices=[
            NoticeOut(**{name: getattr(owed, name) for name in ("id", "owed_by", "to", "due_at", "source", "verified", "state")}, says=owed.words["en"])
            for owed in found.notices
        ],
    )
