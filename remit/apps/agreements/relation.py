"""A client that a firm has already: registered, its company stated, the agreement drafted at one's own prices and sent to who signs, in one go."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen

from remit.apps.agreements.actions import Contact, TaxCategory, drafted, settle_terms
from remit.apps.agreements.offering import NO_CARD, OFFERED, PUBLISH, card_for, state_entity
from remit.apps.organizations.acting import BadInput, Done, Refuse, action, decide
from remit.apps.organizations.actions import LineIn, publish_card, register_organization
from remit.apps.organizations.guests import invite_guest
from remit.apps.organizations.models import Organization, RateCard
from remit.apps.organizations.places import Country, Currency
from remit.apps.records.context import By
from remit.apps.records.models import Audience, Participation, Thread
from remit.domain.brief import law
from remit.domain.reasons import N_, Sentence
from remit.lines import lines

NO_SERVICE = Sentence("relation.no_service", N_("{service} is no service of this installation."))
ROLES = ("administrator",)
SIGNERS_ACTS = ["state_entity", "sign_agreement"]


@action("agreement.offered", roles=ROLES)
def begin_relation(
    *,
    by: By,
    at: datetime,
    name: Annotated[str, Len(1, 160)],
    country: Country,
    currency: Currency,
    zone: str,
    service: str,
    begins_on: date,
    signer_name: Annotated[str, Len(1, 120)],
    signer_email: str,
    tax_category: TaxCategory,
    tax_rate: Annotated[Decimal, Ge(0), Le(100)] | None = None,
    tax_reason: Annotated[str, MaxLen(300)] = "",
    client_part: Annotated[str, MaxLen(12)] = "",
    level: Annotated[int, Ge(1), Le(5)] = 2,
    language: Annotated[str, MaxLen(8)] = "",
    language_level: Literal["A1", "A2", "B1", "B2", "C1", "C2"] | None = None,
    confidentiality: Literal["ordinary", "personal", "tax", "payroll", "health", "secret"] = "ordinary",
    vat_id: Annotated[str, MaxLen(20)] = "",
    street: Annotated[str, MaxLen(120)] = "",
    postcode: Annotated[str, MaxLen(16)] = "",
    city: Annotated[str, MaxLen(80)] = "",
    ibans: list[str] | None = None,
    answers: dict[str, Any] | None = None,
    prices: list[LineIn] | None = None,
    responsible: UUID | None = None,
    iban: Annotated[str, MaxLen(34)] = "",
) -> Done:
    """Register a client, state its company as it told, draft the agreement at one's prices, and mail whoever signs for it. Nothing is agreed before that.

    `prices`: a card for this client; without them the card in force counts. `answers`: what the service asks of a company.
    """
    if service not in lines():
        raise BadInput(service=NO_SERVICE(service=service))
    client = register_organization.perform(by=by, at=at, name=name, kinds=["client"], country=country, currency=currency).id
    asked: dict[str, Any] = {"client_country": country, "client_part": client_part, "zone": zone, "level": str(level), "confidentiality": confidentiality}
    asked |= {"language": language, "language_level": language_level, "start": begins_on.isoformat()}
    card = _card(by, at, name, currency, service, law(asked), begins_on, prices)
    agreement = drafted(_audience(by, at, client), at, client=client, provider=by.organization, service=service, answers=asked, card=card, tasks=[])
    ours = Organization.objects.get(pk=by.organization)
    done = decide(by, at, "agreement.offered", agreement, reasons=(OFFERED(provider=ours.name, client=name),))
    state_entity.perform(
        by=by, at=at, agreement=agreement.id, name=name, country=country, currency=currency, zone=zone, joins_on=begins_on, vat_id=vat_id, street=street,
        postcode=postcode, city=city, ibans=ibans, answers=answers, subdivision=client_part.partition("-")[2],
    )  # fmt: skip
    contacts = [Contact(side="client", name=signer_name), Contact(side="provider", name=by.name)]
    settle_terms.perform(
        by=by, at=at, agreement=agreement.id, tax_category=tax_category, tax_rate=tax_rate, tax_reason=tax_reason, contacts=contacts, responsible=responsible,
        iban=iban,
    )  # fmt: skip
    invite_guest.perform(by=by, at=at, kind="agreement", about=agreement.id, email=signer_email, name=signer_name, acts=SIGNERS_ACTS, acts_for=client)
    return done


def _audience(by: By, at: datetime, client: UUID) -> Audience:
    thread = Thread(opened_by_id=by.organization, opened_at=at)
    thread.save()
    audience = Audience.objects.create(thread=thread, kind="engagement", opened_by_id=by.organization, opened_at=at)
    for side, role in ((by.organization, "provider"), (client, "client")):
        Participation.objects.create(audience=audience, tenant_id=side, role=role, since=at)
    return audience


def _card(by: By, at: datetime, name: str, currency: str, service: str, country: str, begins_on: date, prices: list[LineIn] | None) -> RateCard:
    if prices:
        since = min(begins_on, at.date())
        key = publish_card.perform(by=by, at=at, series=name[:40], currency=currency, valid_from=since, lines=prices).id
        return RateCard.objects.get(id=key)
    found = card_for(by, at, service, country)
    if found is None:
        raise Refuse(NO_CARD(service=lines()[service].says, cure=PUBLISH()))
    return found
