"""The business verbs of an organization: members and roles, sites, entities, cards, designations and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from pydantic import BaseModel

from remit.apps.organizations.acting import MALFORMED, BadInput, Done, NotFound, action, decide, own_audience
from remit.apps.organizations.deputies import end_deputy, name_deputy
from remit.apps.organizations.digests import choose_channels, end_digest, plan_digest
from remit.apps.organizations.founding import first_code, found
from remit.apps.organizations.log_ins import invite
from remit.apps.organizations.members import Role, add_member, end_membership, end_role, grant_role, invite_member_again, log_in_of
from remit.apps.organizations.models import BankAccount, CardLine, Designation, Entity, Organization, RateCard, Site
from remit.apps.organizations.places import Country, Currency
from remit.apps.organizations.roles import Place, places
from remit.apps.organizations.setting_aside import bring_back, set_aside
from remit.apps.organizations.tokens import issue_token, record_token, revoke_token
from remit.apps.records.context import By, set_context
from remit.apps.records.keys import uuid7
from remit.domain.calendars.zones import UnknownZone, zone
from remit.domain.reasons import N_, Sentence
from remit.lines import lines as services

__all__ = [
    "Role",
    "add_member",
    "bring_back",
    "choose_channels",
    "end_deputy",
    "end_digest",
    "end_membership",
    "end_role",
    "first_code",
    "grant_role",
    "invite_member_again",
    "issue_token",
    "name_deputy",
    "plan_digest",
    "record_token",
    "revoke_token",
    "set_aside",
]

ZONE = Sentence("site.zone", N_("{zone} is no time zone. Write one such as Europe/Berlin."))
IBAN = Sentence("account.iban", N_("{iban} is no IBAN: its check digits or its length are wrong."))
CARD_ORDER = Sentence("card.order", N_("A card of this series is already valid from {from_on}. A later card begins on a later day."))
CARD_TWICE = Sentence("card.twice", N_("Two lines price the same service, level, basis, measure and variant."))
CARD_SERVICE = Sentence("card.service", N_("{service} is no service of this installation."))
PARENT = Sentence("organization.parent", N_("Only your own organization can be named as the parent of one that you register."))
LANGUAGE = Sentence("designation.language", N_("{language} is no language code. Write two letters, such as de."))
SIGN_FACTOR = Sentence("factor.level", N_("Whoever signs, reviews or accepts proves: {factor}."))
ENDED = Sentence("designation.ended", N_("This designation has ended already."))

Kind = Literal["client", "provider", "broker", "auditor"]
Name = Annotated[str, Len(1, 160)]
SiteName = Annotated[str, Len(1, 80)]


class LineIn(BaseModel):
    """One price of a card."""

    service: str
    level: Annotated[int, Ge(1), Le(5)]
    basis: Literal["hour", "unit", "month", "fixed", "outcome", "cost_plus"]
    price: Annotated[Decimal, Ge(0)]
    measure: str = ""
    variant: str = ""


@places("entity")
def _entity_place(key: UUID) -> Place | None:
    return Place(entity=key) if Entity.objects.filter(id=key).exists() else None


@action("organization.registered", roles=("administrator",))
def register_organization(
    *,
    by: By,
    at: datetime,
    name: Name,
    kinds: list[Kind],
    country: Country,
    currency: Currency,
    email: str = "",
    person_name: str = "",
    parent: UUID | None = None,
) -> Done:
    """Register another organization on this installation, with a first administrator by mail address."""
    # It is founded in its own name, inside this transaction; then the context goes back to who asked.
    if parent is not None and parent != by.organization:
        raise BadInput(parent=PARENT())
    theirs = By(organization=uuid7(), door=by.door, membership=uuid7(), name=person_name or name)
    user = log_in_of(email, person_name or email, None) if email else None
    set_context(theirs, at)
    made = found(theirs, at, name=name, kinds=kinds, country=country, currency=currency, user=user, parent_id=parent)
    set_context(by, at)
    if user is not None:
        invite(by, user, person_name or email, made)
    return decide(by, at, "organization.registered", made, audiences=[own_audience(by, at)])


@action("organization.described", roles=("administrator",))
def describe_organization(
    *,
    by: By,
    at: datetime,
    name: Name | None = None,
    kinds: list[Kind] | None = None,
    language: Annotated[str, Len(2, 8)] | None = None,
    currency: Currency | None = None,
    register_number: Annotated[str, MaxLen(40)] | None = None,
    vat_id: Annotated[str, MaxLen(20)] | None = None,
    street: Annotated[str, MaxLen(120)] | None = None,
    city: Annotated[str, MaxLen(80)] | None = None,
    postcode: Annotated[str, MaxLen(16)] | None = None,
) -> Done:
    """State facts of the organization; what is left out stays. Signed agreements keep what they froze."""
    mine = Organization.objects.select_for_update().get(pk=by.organization)
    _set(mine, name=name, kinds=kinds, language=language, currency=currency, register_number=register_number, vat_id=vat_id)
    _set(mine, street=street, city=city, postcode=postcode)
    mine.save()
    return decide(by, at, "organization.described", mine, audiences=[own_audience(by, at)])


@action("factor.required", roles=("administrator",), second_factor=True)
def require_factor(*, by: By, at: datetime, factor: Literal["none", "password", "second"]) -> Done:
    """What whoever signs, reviews or accepts proves anew: a second factor; that, or the password of those without one; or no more than the log-in."""
    mine = Organization.objects.select_for_update().get(pk=by.organization)
    mine.sign_factor = factor
    mine.save(update_fields=["sign_factor"])
    return decide(by, at, "factor.required", mine, audiences=[own_audience(by, at)], reasons=[SIGN_FACTOR(factor=factor)])


@action("site.added", roles=("administrator", "manager"))
def add_site(*, by: By, at: datetime, name: SiteName, country: Country, zone: str, hours: list[list[tuple[int, int]]], subdivision: str = "") -> Done:
    """Add a place that the organization works from, with its weekly hours (Monday to Sunday, minutes from midnight)."""
    site = Site(organization_id=by.organization, name=name, country=country, subdivision=subdivision, zone=known_zone(zone), hours=hours)
    _checked_hours(site).save()
    return decide(by, at, "site.added", site, audiences=[own_audience(by, at)])


@action("site.changed", roles=("administrator", "manager"))
def change_site(
    *, by: By, at: datetime, site: UUID, name: SiteName | None = None, zone: str | None = None, hours: list[list[tuple[int, int]]] | None = None
) -> Done:
    """Change a site's name, zone or hours; what is left out stays."""
    place = Site.objects.select_for_update().filter(id=site, organization=by.organization).first()
    if place is None:
        raise NotFound(site)
    _set(place, name=name, hours=hours, zone=known_zone(zone) if zone else None)
    _checked_hours(place).save()
    return decide(by, at, "site.changed", place, audiences=[own_audience(by, at)])


@action("entity.added", roles=("administrator", "requester"))
def add_entity(
    *,
    by: By,
    at: datetime,
    name: Name,
    country: Country,
    currency: Currency,
    zone: str,
    register_number: Annotated[str, MaxLen(40)] = "",
    vat_id: Annotated[str, MaxLen(20)] = "",
    subdivision: Annotated[str, MaxLen(8)] = "",
    fiscal_year_start: Annotated[int, Ge(1), Le(12)] = 1,
    street: Annotated[str, MaxLen(120)] = "",
    city: Annotated[str, MaxLen(80)] = "",
    postcode: Annotated[str, MaxLen(16)] = "",
    ibans: list[str] | None = None,
) -> Done:
    """Add a legal person whose books, payroll or filings may be worked on, with its bank accounts."""
    entity = Entity.objects.create(
        organization_id=by.organization,
        name=name,
        country=country,
        currency=currency,
        zone=known_zone(zone),
        register_number=register_number,
        vat_id=vat_id,
        subdivision=subdivision,
        fiscal_year_start=fiscal_year_start,
        street=street,
        city=city,
        postcode=postcode,
    )
    _open_accounts(entity, checked_ibans(ibans or []))
    return decide(by, at, "entity.added", entity, audiences=[own_audience(by, at)])


@action("entity.changed", roles=("administrator", "requester"))
def change_entity(
    *,
    by: By,
    at: datetime,
    entity: UUID,
    name: Name | None = None,
    currency: Currency | None = None,
    zone: str | None = None,
    register_number: Annotated[str, MaxLen(40)] | None = None,
    vat_id: Annotated[str, MaxLen(20)] | None = None,
    subdivision: Annotated[str, MaxLen(8)] | None = None,
    fiscal_year_start: Annotated[int, Ge(1), Le(12)] | None = None,
    street: Annotated[str, MaxLen(120)] | None = None,
    city: Annotated[str, MaxLen(80)] | None = None,
    postcode: Annotated[str, MaxLen(16)] | None = None,
    ibans: list[str] | None = None,
) -> Done:
    """State facts of an entity anew; what is left out stays, and the accounts given replace the earlier ones. Signed agreements keep what they froze."""
    held = Entity.objects.select_for_update().filter(id=entity, organization=by.organization).first()
    if held is None:
        raise NotFound(entity)
    _set(held, name=name, currency=currency, zone=known_zone(zone) if zone else None, register_number=register_number, vat_id=vat_id)
    _set(held, subdivision=subdivision, fiscal_year_start=fiscal_year_start, street=street, city=city, postcode=postcode)
    held.save()
    if ibans is not None:
        wanted = checked_ibans(ibans)
        held.accounts.exclude(iban__in=wanted).delete()
        there = set(held.accounts.values_list("iban", flat=True))
        _open_accounts(held, [iban for iban in wanted if iban not in there])
    return decide(by, at, "entity.changed", held, audiences=[own_audience(by, at)])


@action("card.published", roles=("administrator", "signatory"))
def publish_card(
    *,
    by: By,
    at: datetime,
    series: Annotated[str, Len(1, 40)],
    currency: Currency,
    valid_from: date,
    lines: Annotated[list[LineIn], Len(1)],
    source: Annotated[str, MaxLen(200)] = "",
) -> Done:
    """Publish a rate card. Cards are succeeded, never edited: a later card of the series counts from its own first day."""
    newest = RateCard.objects.filter(organization=by.organization, series=series).order_by("-valid_from").first()
    if newest and newest.valid_from >= valid_from:
        raise BadInput(valid_from=CARD_ORDER(from_on=newest.valid_from))
    if len({(line.service, line.level, line.basis, line.measure, line.variant) for line in lines}) < len(lines):
        raise BadInput(lines=CARD_TWICE())
    for line in lines:
        if line.service not in services():
            raise BadInput(lines=CARD_SERVICE(service=line.service))
    card = RateCard.objects.create(organization_id=by.organization, series=series, currency=currency, valid_from=valid_from, source=source, published_at=at)
    CardLine.objects.bulk_create(CardLine(organization_id=by.organization, card=card, **line.model_dump()) for line in lines)
    return decide(by, at, "card.published", card, audiences=[own_audience(by, at)])


@action("service.designated", roles=("administrator", "manager"))
def designate(*, by: By, at: datetime, service: str, country: Country, languages: list[str], site: UUID, series: str) -> Done:
    """State that a service is offered for a client country, in these languages, in a site's hours, at the cards of a series."""
    if service not in services():
        raise BadInput(service=CARD_SERVICE(service=service))
    for language in languages:
        if not (language.isalpha() and language.islower() and 2 <= len(language) <= 3):
            raise BadInput(languages=LANGUAGE(language=language))
    place = Site.objects.filter(id=site, organization=by.organization).first()
    if place is None:
        raise NotFound(site)
    made = Designation.objects.create(
        organization_id=by.organization, service=service, country=country, languages=languages, site=place, series=series, since=at
    )
    return decide(by, at, "service.designated", made, audiences=[own_audience(by, at)])


@action("designation.ended", roles=("administrator", "manager"))
def end_designation(*, by: By, at: datetime, designation: UUID) -> Done:
    """No longer offer a service for a client country, from now on."""
    made = Designation.objects.select_for_update().filter(id=designation, organization=by.organization).first()
    if made is None:
        raise NotFound(designation)
    if made.until is not None and made.until <= at:
        raise BadInput(designation=ENDED())
    made.until = at
    made.save(update_fields=["until"])
    return decide(by, at, "designation.ended", made, audiences=[own_audience(by, at)])


def _set(row: Any, **values: Any) -> None:
    for name, value in values.items():
        if value is not None:
            setattr(row, name, value)


def _checked_hours(site: Site) -> Site:
    try:
        site.facts()
    except ValueError as fault:
        raise BadInput(hours=MALFORMED(field="hours", problem=str(fault))) from fault
    return site


def checked_ibans(ibans: Iterable[str]) -> list[str]:
    """Each once, without spaces. Raises BadInput for the first whose check digits or length are wrong."""
    from schwifty import IBAN as Iban
    from schwifty.exceptions import SchwiftyException

    checked = []
    for iban in ibans:
        try:
            checked.append(str(Iban(iban).compact))
        except SchwiftyException as fault:
            raise BadInput(ibans=IBAN(iban=iban)) from fault
    return list(dict.fromkeys(checked))


def _open_accounts(entity: Entity, ibans: Iterable[str]) -> None:
    BankAccount.objects.bulk_create(BankAccount(organization_id=entity.organization_id, entity=entity, iban=iban, currency=entity.currency) for iban in ibans)


def known_zone(name: str) -> str:
    """The name of a time zone, as it is. Raises BadInput for one that is unknown."""
    try:
        zone(name)
    except UnknownZone as fault:
        raise BadInput(zone=ZONE(zone=name)) from fault
    return name
