"""An agreement with a client that has no members here: offered by the provider, its company stated, signed by the client's guest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from django.db.models import Q

from remit.apps.agreements.actions import drafted, open_draft
from remit.apps.agreements.models import AgreedEntity, Agreement
from remit.apps.agreements.terms import LEAVES_BEFORE
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide
from remit.apps.organizations.actions import checked_ibans, known_zone
from remit.apps.organizations.guests import is_enrolled
from remit.apps.organizations.models import CardLine, Designation, Organization, RateCard
from remit.apps.organizations.places import Country, Currency
from remit.apps.people.gate import parts
from remit.apps.records.context import By
from remit.apps.records.keys import uuid7
from remit.apps.records.models import Audience, Participation
from remit.apps.sourcing.actions import NOT_COMPLETE
from remit.apps.sourcing.models import Brief
from remit.domain import brief as briefs
from remit.domain.reasons import N_, Reason, Sentence
from remit.lines import lines

OFFERED = Sentence("agreement.offered", N_("Offered by {provider}: {client} has no members here, and nothing is agreed until it signs by its guest."))
STATED_FOR = Sentence("entity.stated_for", N_("Stated by {provider} for {client}, which has no members here; it counts once {client} has signed."))
ENROLLED = Sentence("agreement.enrolled", N_("{client} has members of its own here; they draft the agreement and name the companies."))
OFFERED_TWICE = Sentence("agreement.offered_twice", N_("An agreement was drafted from this brief already."))
NO_CARD = Sentence("agreement.no_card", N_("You have no rate card in force with prices for {service}."))
PUBLISH = Sentence("agreement.publish_card", N_("Publish one, then offer again."))


@action("agreement.offered", roles=("signatory", "manager", "administrator"))
def offer_agreement(*, by: By, at: datetime, brief: UUID, card: UUID | None = None) -> Done:
    """Draft an agreement from a brief that was written down for a client without members, at one's own card of the day."""
    need = Brief.objects.select_related("organization").filter(id=brief, thread__opened_by=by.organization).exclude(organization=by.organization).first()
    if need is None:
        raise NotFound(brief)
    client = need.organization
    if is_enrolled(client.pk, at):
        raise Refuse(ENROLLED(client=client.name), about=need)
    if missing := briefs.missing(lines().get(need.service), need.plain(), parts(need.country)):
        raise Refuse(NOT_COMPLETE(fields=", ".join(question.code for question in missing)), about=need)
    if Agreement.objects.filter(thread=need.thread_id).exists():
        raise Refuse(OFFERED_TWICE(), about=need)
    priced = card_for(by, at, need.service, need.country, card)
    if priced is None:
        raise Refuse(NO_CARD(service=lines()[need.service].says, cure=PUBLISH()), about=need)
    audience = Audience.objects.create(thread_id=need.thread_id, kind="engagement", opened_by_id=by.organization, opened_at=at)
    for side, role in ((by.organization, "provider"), (client.pk, "client")):
        Participation.objects.create(audience=audience, tenant_id=side, role=role, since=at)
    agreement = drafted(audience, at, client=client.pk, provider=by.organization, service=need.service, answers=need.plain(), card=priced, tasks=[])
    return decide(by, at, "agreement.offered", agreement, reasons=(OFFERED(provider=_name(by.organization), client=client.name),))


@action("entity.stated", roles=("signatory", "requester", "manager", "administrator"))
def state_entity(
    *,
    by: By,
    at: datetime,
    agreement: UUID,
    name: Annotated[str, Len(1, 160)],
    country: Country,
    currency: Currency,
    zone: str,
    joins_on: date,
    leaves_on: date | None = None,
    register_number: Annotated[str, MaxLen(40)] = "",
    vat_id: Annotated[str, MaxLen(20)] = "",
    subdivision: Annotated[str, MaxLen(8)] = "",
    fiscal_year_start: Annotated[int, Ge(1), Le(12)] = 1,
    street: Annotated[str, MaxLen(120)] = "",
    city: Annotated[str, MaxLen(80)] = "",
    postcode: Annotated[str, MaxLen(16)] = "",
    ibans: list[str] | None = None,
    answers: dict[str, Any] | None = None,
    replaces: UUID | None = None,
) -> Done:
    """State the company that an agreement concerns, before it is signed: by a guest of the client, or by the provider as the client told it."""
    draft = open_draft(agreement, None)
    reasons = _may_state(by, at, draft)
    if leaves_on and leaves_on <= joins_on:
        raise BadInput(leaves_on=LEAVES_BEFORE(entity=name))
    before = draft.entities.filter(id=replaces).first() if replaces else None
    if replaces and before is None:
        raise NotFound(replaces)
    facts = {
        "name": name,
        "register_number": register_number,
        "vat_id": vat_id,
        "country": country,
        "subdivision": subdivision,
        "currency": currency,
        "fiscal_year_start": fiscal_year_start,
        "zone": known_zone(zone),
        "street": street,
        "city": city,
        "postcode": postcode,
        "accounts": [{"iban": iban, "currency": currency, "name": ""} for iban in checked_ibans(ibans or [])],
    }
    stated = before or AgreedEntity(audience_id=draft.audience_id, agreement=draft, entity_id=uuid7())
    stated.name, stated.facts, stated.joins_on, stated.leaves_on = name, facts, joins_on, leaves_on
    stated.answers = {code: value for code, value in (answers or {}).items() if value not in (None, "")}
    stated.save()
    draft.version += 1
    draft.save(update_fields=["version"])
    return decide(by, at, "entity.stated", stated, reasons=reasons)


def _may_state(by: By, at: datetime, draft: Agreement) -> tuple[Reason, ...]:
    """What the record says of who stated it; refused where the client names its companies itself."""
    if by.organization == draft.client_id:
        return ()
    if by.organization != draft.provider_id:
        raise NotFound(draft.pk)
    client = _name(draft.client_id)
    if is_enrolled(draft.client_id, at):
        raise Refuse(ENROLLED(client=client), about=draft)
    return (STATED_FOR(provider=_name(by.organization), client=client),)


def card_for(by: By, at: datetime, service: str, country: str, card: UUID | None = None) -> RateCard | None:
    """The card asked for, else that of the designation in force, else the newest of one's own that prices the service."""
    mine = RateCard.objects.filter(organization=by.organization, valid_from__lte=at.date(), id__in=CardLine.objects.filter(service=service).values("card"))
    mine = mine.order_by("-valid_from", "-published_at")
    if card is not None:
        return mine.filter(id=card).first()
    in_force = Designation.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, since__lte=at)
    series = in_force.filter(service=service, country=country)
    return mine.filter(series__in=series.values("series")).first() or mine.first()


def _name(organization: UUID) -> str:
    return Organization.objects.values_list("name", flat=True).get(pk=organization)
