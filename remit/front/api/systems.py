"""What the API tells of access to the client's systems, and of what the gate says of a person."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import NotFound
from remit.apps.work import systems
from remit.front.api.reading import read, reads


class AccountOut(Schema):
    """An account. `state`: asked, declined, held, review_soon, review_due, to_revoke, revoked; `why` says why it is to be revoked, or was ended."""

    id: UUID
    system: str
    person: str
    account: str
    right: str
    asked_by: str
    asked_at: datetime
    granted_by: str
    granted_at: datetime | None
    review_due_on: date | None
    state: str
    revoke_due_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    why: str


class SystemOut(Schema):
    """A system of the client's that the work is done in."""

    id: UUID
    name: str
    named_by: str
    named_at: datetime


class RegisterOut(Schema):
    """The register of an engagement as it stands."""

    systems: list[SystemOut]
    accounts: list[AccountOut]


@reads.get("/engagements/{reference}/systems", response=RegisterOut, operation_id="engagement_systems")
@read
def register(request: HttpRequest, organization: Path[str], reference: Path[str]) -> RegisterOut:
    """Systems in use, and every account that there was or is."""
    running = Engagement.objects.filter(reference=reference).first()
    if running is None:
        raise NotFound(reference)
    named = [SystemOut(id=row.id, name=row.name, named_by=row.named_by_name, named_at=row.named_at) for row in systems.systems_of(running)]
    return RegisterOut(systems=named, accounts=[_account(each) for each in systems.register(running, request.at)])  # type: ignore[attr-defined]


def _account(each: systems.Stood) -> AccountOut:
    row = each.row
    plain = ("id", "account", "right", "asked_at", "granted_at", "review_due_on", "ended_at")
    return AccountOut(
        **{name: getattr(row, name) for name in plain},
        system=row.system.name,
        person=row.person_name,
        asked_by=row.asked_by_name,
        granted_by=row.granted_by_name,
        state=each.state,
        revoke_due_at=each.revoke_due_at,
        ended_by=row.ended_by_name,
        why=each.because,
    )
