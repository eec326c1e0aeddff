"""Reading who may do what: deputies of the organization, and who reads an engagement by which grants."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.agreements import access
from remit.apps.organizations.models import Deputy
from remit.front.api.organizations import GrantOut
from remit.front.api.reading import read, reads


class DeputyOut(Schema):
    """Who acts for whom, from and until when; `roles` empty: all that they hold. Why is told to the two and to whoever named the deputy."""

    id: UUID
    away: UUID
    away_name: str
    deputy: UUID
    deputy_name: str
    roles: list[str]
    since: datetime
    until: datetime
    ended_at: datetime | None
    reason: str


class ReaderOut(Schema):
    """A member who reads an engagement, by which grants, and in which roles they act in it."""

    membership: UUID
    name: str
    grants: list[GrantOut]
    roles: list[str]


class AccessOut(Schema):
    """Who of the acting organization reads an engagement; `others`: how many members read nothing of it."""

    engagement: str
    personal: bool
    readers: list[ReaderOut]
    others: int


@reads.get("/deputies", response=list[DeputyOut], operation_id="deputies")
@read
def deputies(request: HttpRequest, organization: Path[str]) -> Any:
    """Deputies, those of before too, the latest first."""
    by = request.by  # type: ignore[attr-defined]
    rows = Deputy.objects.filter(organization=by.organization).select_related("away", "deputy").order_by("-until", "-since")
    names = ("id", "roles", "since", "until", "ended_at")
    return [
        {name: getattr(row, name) for name in names}
        | {"away": row.away_id, "away_name": row.away.name, "deputy": row.deputy_id, "deputy_name": row.deputy.name, "reason": row.reason_for(by)}
        for row in rows
    ]


@reads.get("/engagements/{reference}/access", response=AccessOut, operation_id="engagement_access")
@read
def engagement_access(request: HttpRequest, organization: Path[str], reference: Path[str]) -> Any:
    """Who of one's own organization reads an engagement, and by which grants."""
    found = access.engagement_of(reference)
    ours, others = access.readers(request, found)
    readers = [
        {
            "membership": one.member.id,
            "name": one.member.name,
            "grants": [{name: getattr(shown.row, name) for name in GrantOut.model_fields} for shown in one.grants],
            "roles": one.codes,
        }
        for one in ours
    ]
    return {"engagement": found.reference, "personal": found.agreement.personal, "readers": readers, "others": others}
