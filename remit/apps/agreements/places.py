"""Where agreements and engagements lie, for roles that are granted for one engagement, entity or service, and what guests can be invited to."""

from __future__ import annotations

from uuid import UUID

from remit.apps.agreements.models import AgreedEntity, Agreement, Engagement
from remit.apps.organizations.guests import Thing, things
from remit.apps.organizations.roles import Place, places
from remit.lines import lines


def of_agreement(found: Agreement) -> Place:
    """The same of an agreement at hand."""
    running = getattr(found, "engagement", None)
    return Place(engagement=running.id if running else None, service=found.service, things=frozenset({found.id}))


@places("agreement")
def agreement_place(key: UUID) -> Place | None:
    """Its service, and its engagement once it runs."""
    found = Agreement.objects.filter(id=key).values_list("engagement", "service").first()
    return Place(engagement=found[0], service=found[1], things=frozenset({key})) if found else None


@places("engagement")
def engagement_place(key: UUID) -> Place | None:
    """Itself, and its service."""
    service = Engagement.objects.filter(id=key).values_list("agreement__service", flat=True).first()
    return Place(engagement=key, service=service) if service else None


@places("entity")
def agreed_entity_place(key: UUID) -> Place | None:
    """The entity that an agreement names."""
    found = AgreedEntity.objects.filter(id=key).values_list("entity_id", flat=True).first()
    return Place(entity=found) if found else None


@things("agreement")
def agreement_thing(key: UUID) -> Thing | None:
    """A guest reads its terms and signs them."""
    found = Agreement.objects.filter(id=key).first()
    return Thing(found.audience_id, found.reference, lines()[found.service].says, ("sign_agreement", "open_terms")) if found else None
