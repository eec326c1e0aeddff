"""Engagements of personal matters: whoever signs, and whoever answers for the work, may read them; everybody else by a grant of their own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from remit.apps.agreements.models import Agreement
from remit.apps.organizations.acting import decide, own_audience
from remit.apps.organizations.models import Grant, Membership
from remit.apps.records.context import By
from remit.apps.records.keys import uuid7


def open_to_signers(by: By, at: datetime, draft: Agreement) -> None:
    """Grant the acting side's signatory, and of the provider the person who answers for the work, to read the engagement that will begin."""
    if draft.engagement_key is None:
        draft.engagement_key = uuid7()
        draft.save(update_fields=["engagement_key"])
    named = Q(id=by.holder)
    responsible = draft.needs.get("responsible")
    if responsible and by.organization == draft.provider_id:
        named |= Q(person_id=UUID(responsible), user__isnull=False)
    in_force = Q(until=None) | Q(until__gt=at)
    for member in Membership.objects.filter(in_force, named, organization=by.organization).order_by("id"):
        grant = Grant.objects.create(
            organization_id=by.organization,
            membership=member,
            role="reader",
            scope="engagement",
            scope_id=draft.engagement_key,
            granted_by=by.user,
            since=at,
        )
        logs = [draft.audience_id, own_audience(by, at)]
        decide(by, at, "role.granted", grant, audiences=logs, private={"name": member.name, "role": grant.role})
