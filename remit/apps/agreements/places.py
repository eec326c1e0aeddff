"""Where agreements and engagements lie, for roles that are granted for one engagement, entity or service, and what guests can be invited to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from remit.apps.agreements import terms
from remit.apps.agreements.models import AgreedEntity, Agreement, Confirmation, Engagement, TakenOver
from remit.apps.organizations.guests import Thing, things
from remit.apps.organizations.models import Grant
from remit.apps.organizations.opening import REACHED
from remit.apps.organizations.roles import SCOPES, Place, places
from remit.apps.records.models import Audience
from remit.domain.reasons import N_, Reason, Sentence
from remit.lines import lines

SIGNATURE_WAITS = Sentence("agreement.signature_waits", N_("The agreement waits for your signature."))
CONFIRMATION_WAITS = Sentence("takeover.confirmation_waits", N_("What was asserted of your agreement waits to be confirmed by you."))
ENTITY_WAITS = Sentence("agreement.entity_waits", N_("The company that it concerns is not stated yet."))


def of_agreement(found: Agreement) -> Place:
    """The same of an agreement at hand."""
    running = getattr(found, "engagement", None)
    return Place(engagement=running.id if running else None, service=found.service, things=frozenset({found.id}))


@places("agreement")
def agreement_place(key: UUID) -> Place | None:
    """Its service, and its engagement once it runs."""
    found = Agreement.objects.filter(id=key).values_list("engagement", "service").first()
    return Place(engagement=found[0], service=found[1], things=frozenset({key})) if found else None


@places("about")
def about_place(key: UUID) -> Place | None:
    """Of an agreement to which a guest is invited."""
    return agreement_place(key)


@places("engagement")
def engagement_place(key: UUID) -> Place | None:
    """Itself, and its service."""
    service = Engagement.objects.filter(id=key).values_list("agreement__service", flat=True).first()
    return Place(engagement=key, service=service) if service else None


@places("scope_id")
def granted_place(key: UUID) -> Place | None:
    """The engagement that a role is granted for."""
    return engagement_place(key)


def engagements() -> list[tuple[UUID, str, str]]:
    """What a role can be granted for: the engagements that the actor reads, the newest first."""
    found = Engagement.objects.select_related("agreement", "client", "provider").order_by("-started_at")
    return [(row.id, row.reference, f"{row.client.name} · {row.provider.name} · {lines()[row.agreement.service].says}") for row in found]


SCOPES["engagement"] = engagements


def reached(grant: Grant) -> QuerySet[Audience]:
    """The audiences of the engagement or of the service that a grant names."""
    named = Q(engagement_key=grant.scope_id) | Q(engagement=grant.scope_id) if grant.scope == "engagement" else Q(service=grant.scope_field or None)
    return Audience.objects.filter(id__in=Agreement.objects.filter(named).values("audience"))


REACHED.append(reached)


@places("entity")
def agreed_entity_place(key: UUID) -> Place | None:
    """The entity that an agreement names."""
    found = AgreedEntity.objects.filter(id=key).values_list("entity_id", flat=True).first()
    return Place(entity=found) if found else None


def sees_all_entities(agreement: Agreement) -> bool:
    """Whether the reader sees every entity under the agreement, or is granted single ones of them."""
    with connection.cursor() as cursor:
        cursor.execute("select sees_all_agreed(%s)", [agreement.id])
        return bool(cursor.fetchone()[0])


@things("agreement")
def agreement_thing(key: UUID) -> Thing | None:
    """A guest reads its terms, states the company, settles what is open and signs."""
    found = Agreement.objects.filter(id=key).first()
    was_signed_elsewhere = found is not None and TakenOver.objects.filter(agreement=found).exists()
    acts = ("confirm_takeover", "agree_price") if was_signed_elsewhere else ("state_entity", "settle_terms", "sign_agreement", "agree_price")
    return Thing(found.audience_id, found.reference, lines()[found.service].says, acts, ("open_terms",), partial(_waits, key)) if found else None


def _waits(key: UUID, organization: UUID) -> Mapping[str, Sequence[Reason]]:
    found = Agreement.objects.get(id=key)
    asserted = TakenOver.objects.filter(agreement=found).first()
    if asserted is not None:
        is_open = organization == found.client_id and not Confirmation.objects.filter(taken_over=asserted).exists()
        return {"confirm_takeover": [CONFIRMATION_WAITS()]} if is_open else {}
    signed = found.signatures.filter(organization=organization).exists()
    if organization not in (found.client_id, found.provider_id) or signed:
        return {}
    lacks_entity = organization == found.client_id and not found.entities.exists()
    return {
        "state_entity": [ENTITY_WAITS()] if lacks_entity else [],
        "sign_agreement": [] if terms.lacking(found) else [SIGNATURE_WAITS()],
    }
