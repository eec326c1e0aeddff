"""The need of a client that has no members here, written down by the provider that works for it; the record says so."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from annotated_types import Len

from remit.apps.organizations.acting import Done, NotFound, Refuse, action, decide
from remit.apps.organizations.guests import is_enrolled
from remit.apps.organizations.models import Organization
from remit.apps.records.context import By
from remit.apps.records.models import Audience, Participation, Thread
from remit.apps.sourcing import answers as given_answers
from remit.apps.sourcing.actions import new_brief, written_for
from remit.domain.reasons import N_, Sentence

WRITES_ITSELF = Sentence("brief.writes_itself", N_("{client} has members of its own here; they write its briefs."))
OWN = Sentence("brief.own", N_("Your own brief is written, not recorded."))
RECORDERS = ("manager", "requester", "signatory", "administrator")


@action("brief.recorded", roles=RECORDERS)
def record_brief(*, by: By, at: datetime, client: UUID, title: Annotated[str, Len(1, 300)], answers: dict[str, Any] | None = None) -> Done:
    """Write down what a client without members needs, as it told it; a thread opens that both sides share, and the client's guests read it."""
    theirs = Organization.objects.filter(pk=client).first()
    if theirs is None:
        raise NotFound(client)
    if theirs.pk == by.organization:
        raise Refuse(OWN())
    if is_enrolled(client, at):
        raise Refuse(WRITES_ITSELF(client=theirs.name))
    thread = Thread(opened_by_id=by.organization, opened_at=at)
    thread.save()
    audience = Audience.objects.create(thread=thread, kind="brief", opened_by_id=by.organization, opened_at=at)
    Participation.objects.create(audience=audience, tenant_id=by.organization, role="provider", since=at)
    Participation.objects.create(audience=audience, tenant_id=client, role="client", since=at)
    brief = new_brief(audience, at, title, given_answers.typed(answers or {}), organization=client)
    return decide(by, at, "brief.recorded", brief, reasons=written_for(by, brief))
