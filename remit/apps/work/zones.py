"""Whose clocks and days count: the entity's first, then the provider's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.models import Site
from remit.domain.calendars import Calendar


def provider_zones(engagements: Iterable[Engagement]) -> dict[UUID, str]:
    """The zone of each provider's first site, by the provider's key."""
    keys = {engagement.provider_id for engagement in engagements}
    found = Site.objects.filter(organization__in=keys).order_by("organization", "id").distinct("organization")
    return dict(found.values_list("organization", "zone"))


def calendar_of(facts: Mapping[str, Any]) -> Calendar:
    """The working days of an agreed entity: those of its country and, where it is known, its part of the country."""
    return Calendar("-".join(filter(None, (facts["country"], facts.get("subdivision")))))


def zone_of_engagement(running: Engagement) -> str:
    """The clock of the client's first entity under the agreement."""
    facts = AgreedEntity.objects.filter(agreement=running.agreement_id).order_by("joins_on", "id").values_list("facts", flat=True).first() or {}
    return str(facts.get("zone") or "UTC")
