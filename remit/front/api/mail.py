"""Reading mail: what stands in the outbox and how far it came, and what came in. No secret and no text leaves by this door."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.organizations.mailing import outbox
from remit.apps.organizations.models import ReceivedMail
from remit.formats.words import Words
from remit.front.api.reading import read, reads

MOST = 500


class SentOut(Schema):
    """A mail of the organization; `state`: held, waits, later, sent, failed or bounced; `problem`: why it did not arrive."""

    id: UUID
    kind: str
    to_name: str
    to_email: str
    subject: str
    about_kind: str
    about_reference: str
    state: str
    made_at: datetime
    sent_at: datetime | None
    failed_at: datetime | None
    bounced_at: datetime | None
    next_try_at: datetime | None
    tries: int
    problem: str


class WhyOut(Schema):
    """One thing that became of a mail, by code and in words."""

    code: str
    says: str


class ReceivedOut(Schema):
    """A mail that came in; `outcome`: placed, partly, unplaced, bounce or automatic."""

    id: UUID
    received_at: datetime
    from_name: str
    from_email: str
    subject: str
    about_reference: str
    outcome: str
    reasons: list[WhyOut]
    file_count: int
    answered_at: datetime | None
    put_aside_at: datetime | None


@reads.get("/outbox", response=list[SentOut], operation_id="outbox")
@read
def sent_mails(request: HttpRequest, organization: Path[str]) -> Any:
    """The newest mails: administrators read all, others those that they wrote or that went to their guests."""
    rows = outbox.readable(request.by, request.at).order_by("-made_at", "-id")[:MOST]  # type: ignore[attr-defined]
    names = [name for name in SentOut.model_fields if name != "state"]
    return [{name: getattr(each.row, name) for name in names} | {"state": each.state} for each in outbox.with_states(rows)]


@reads.get("/received-mails", response=list[ReceivedOut], operation_id="received_mails")
@read
def received_mails(request: HttpRequest, organization: Path[str]) -> Any:
    """The newest mails that came in, for administrators; nothing for others."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    if not outbox.is_administrator(by, at):
        return []
    words = Words(getattr(request, "LANGUAGE_CODE", "en"))
    names = [name for name in ReceivedOut.model_fields if name != "reasons"]
    return [
        {name: getattr(row, name) for name in names} | {"reasons": [{"code": reason.code, "says": words.reason(reason)} for reason in outbox.reasons_of(row)]}
        for row in ReceivedMail.objects.filter(organization=by.organization).order_by("-received_at")[:MOST]
    ]
