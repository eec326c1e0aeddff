"""The business verbs of an organization: members and roles, sites, entities, cards, designations and tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from pydantic import BaseModel

from remit.apps.organizations.acting import BadInput, Done, NotFound, action, decide, own_audience
from remit.apps.organizations.founding import first_code, found, new_user
from remit.apps.organizations.models import ApiToken, BankAccount, CardLine, Designation, Entity, Grant, Membership, RateCard, Site, User
from remit.apps.records.context import By, set_context
from remit.apps.records.keys import uuid7
from remit.domain.calendars.zones import UnknownZone, zone
from remit.domain.reasons import N_, Reason, Sentence

__all__ = ["first_code"]

ZONE = Sentence("site.zone", N_("{zone} is no time zone. Write one such as Europe/Berlin."))
IBAN = Sentence("account.iban", N_("{iban} is no IBAN: its check digits or its length are wrong."))
CARD_ORDER = Sentence("card.order", N_("A card of this series is already valid from {from_on}. A later card begins on a later day."))
CARD_TWICE = Sentence("card.twice", N_("Two lines price the same service, level, basis, measure and variant."))
DAYS = Sentence("token.days", N_("A token lives at most {most} days."))

Kind = Literal["client", "provider", "broker", "auditor"]
Role = Literal["administrator", "signatory", "approver", "manager", "requester", "preparer", "reviewer", "evaluator", "biller", "auditor", "reader"]
Country = Annotated[str, Len(2, 2)]
Currency = Annotated[str, Len(3, 3)]
Name = Annotated[str, Len(1, 160)]
MOST_TOKEN_DAYS = 365
Found = TypeVar("Found", Site, Membership, Grant)


class LineIn(BaseModel):
    """One price of a card."""

    service: str
    level: Annotated[int, Ge(1), Le(5)]
    basis: Literal["hour", "unit", "month", "fixed", "outcome", "cost_plus"]
    price: Annotated[Decimal, Ge(0)]
    measure: str = ""
    variant: str = ""


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
    theirs = By(organization=uuid7(), door=by.door, membership=uuid7(), name=person_name or name)
    user = None
    if email:
        user = User.objects.filter(email__iexact=email).first() or new_user(email, None, person_name or email)
    set_context(theirs, at)
    made = found(theirs, at, name=name, kinds=kinds, country=country, currency=currency, user=user, parent_id=parent)
    set_context(by, at)
    return decide(by, at, "organization.registered", made, audiences=[own_audience(by, at)])


@action("site.added", roles=("administrator", "manager"))
def add_site(*, by: By, at: datetime, name: Name, country: Country, zone: str, hours: list[list[tuple[int, int]]], subdivision: str = "") -> Done:
    """Add a place that the organization works from, with its weekly hours (Monday to Sunday, minutes from midnight)."""
    _known_zone(zone)
    site = Site(organization_id=by.organization, name=name, country=country, subdivision=subdivision, zone=zone, hours=hours)
    try:
        site.facts()
    except ValueError as fault:
        raise BadInput(hours=Reason("input.malformed", {"field": "hours", "problem": str(fault)})) from fault
    site.save()
    return decide(by, at, "site.added", site, audiences=[own_audience(by, at)])


@action("entity.added", roles=("administrator", "requester"))
def add_entity(
    *,
    by: By,
    at: datetime,
    name: Name,
    country: Country,
    currency: Currency,
    zone: str,
    register_number: str = "",
    vat_id: str = "",
    subdivision: str = "",
    fiscal_year_start: Annotated[int, Ge(1), Le(12)] = 1,
    street: str = "",
    city: str = "",
    postcode: str = "",
    ibans: list[str] | None = None,
) -> Done:
    """Add a legal person whose books, payroll or filings may be worked on, with its bank accounts."""
    from schwifty import IBAN as Iban
    from schwifty.exceptions import SchwiftyException

    _known_zone(zone)
    entity = Entity.objects.create(
        organization_id=by.organization,
        name=name,
        country=country,
        currency=currency,
        zone=zone,
        register_number=register_number,
        vat_id=vat_id,
        subdivision=subdivision,
        fiscal_year_start=fiscal_year_start,
        street=street,
        city=city,
        postcode=postcode,
    )
    for iban in ibans or []:
        try:
            compact = Iban(iban).compact
        except SchwiftyException as fault:
            raise BadInput(ibans=IBAN(iban=iban)) from fault
        BankAccount.objects.create(organization_id=by.organization, entity=entity, iban=compact, currency=currency)
    return decide(by, at, "entity.added", entity, audiences=[own_audience(by, at)])


@action("member.added", roles=("administrator",))
def add_member(*, by: By, at: datetime, email: str, name: Name, roles: list[Role], password: str | None = None, person: UUID | None = None) -> Done:
    """Give a log-in a membership with roles; the log-in is made where there is none."""
    user = User.objects.filter(email__iexact=email).first() or new_user(email, password, name)
    member = Membership.objects.create(organization_id=by.organization, user=user, person_id=person, name=name, since=at)
    Grant.objects.bulk_create(Grant(organization_id=by.organization, membership=member, role=role, since=at, granted_by=by.user) for role in roles)
    return decide(by, at, "member.added", member, audiences=[own_audience(by, at)], private={"name": name, "mail": email})


@action("role.granted", roles=("administrator",))
def grant_role(
    *,
    by: By,
    at: datetime,
    membership: UUID,
    role: Role,
    scope: Literal["organization", "entity", "engagement", "field"] = "organization",
    scope_id: UUID | None = None,
    scope_field: str = "",
    limit_amount: Annotated[Decimal, Ge(0)] | None = None,
    limit_currency: str = "",
    until: datetime | None = None,
) -> Done:
    """Grant a role to a member, within a scope, up to a limit, until an instant."""
    member = _own(Membership, membership)
    grant = Grant.objects.create(
        organization_id=by.organization,
        membership=member,
        role=role,
        scope=scope,
        scope_id=scope_id,
        scope_field=scope_field,
        limit_amount=limit_amount,
        limit_currency=limit_currency,
        granted_by=by.user,
        since=at,
        until=until,
    )
    return decide(by, at, "role.granted", grant, audiences=[own_audience(by, at)])


@action("role.ended", roles=("administrator",))
def end_role(*, by: By, at: datetime, grant: UUID) -> Done:
    """End a grant now."""
    held = _own(Grant, grant)
    held.until = at
    held.save(update_fields=["until"])
    return decide(by, at, "role.ended", held, audiences=[own_audience(by, at)])


@action("membership.ended", roles=("administrator",))
def end_membership(*, by: By, at: datetime, membership: UUID) -> Done:
    """End a membership now; what was done under it stays."""
    member = _own(Membership, membership)
    member.until = at
    member.save(update_fields=["until"])
    return decide(by, at, "membership.ended", member, audiences=[own_audience(by, at)])


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
    card = RateCard.objects.create(organization_id=by.organization, series=series, currency=currency, valid_from=valid_from, source=source, published_at=at)
    CardLine.objects.bulk_create(CardLine(organization_id=by.organization, card=card, **line.model_dump()) for line in lines)
    return decide(by, at, "card.published", card, audiences=[own_audience(by, at)])


@action("service.designated", roles=("administrator", "manager"))
def designate(*, by: By, at: datetime, service: str, country: Country, languages: list[str], site: UUID, series: str) -> Done:
    """State that a service is offered for a client country, in these languages, in a site's hours, at the cards of a series."""
    place = _own(Site, site, organization=by.organization)
    made = Designation.objects.create(
        organization_id=by.organization, service=service, country=country, languages=languages, site=place, series=series, since=at
    )
    return decide(by, at, "service.designated", made, audiences=[own_audience(by, at)])


def issue_token(*, by: By, at: datetime, name: str, scopes: list[str], days: int) -> tuple[str, Done]:
    """A token for the acting member, shown this once, and the decision. It is no action of its own door, since its answer is a secret that no log may keep."""
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise BadInput(days=DAYS(most=MOST_TOKEN_DAYS))
    secret = f"rmt_{secrets.token_urlsafe(32)}"
    done = record_token(by=by, at=at, name=name, scopes=scopes, days=days, token_hash=hashlib.sha256(secret.encode()).hexdigest())
    assert isinstance(done, Done)
    return secret, done


@action("token.issued", roles=())
def record_token(
    *, by: By, at: datetime, name: Name, scopes: list[str], days: Annotated[int, Ge(1), Le(MOST_TOKEN_DAYS)], token_hash: Annotated[str, Len(64, 64)]
) -> Done:
    """Record a token that the holder made, by its SHA-256; whoever holds the token acts as this member within its scopes."""
    token = ApiToken.objects.create(
        user_id=by.user,
        membership_id=by.membership,
        organization_id=by.organization,
        name=name,
        token_hash=token_hash,
        scopes=scopes,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    return decide(by, at, "token.issued", token, audiences=[own_audience(by, at)])


@action("token.revoked", roles=())
def revoke_token(*, by: By, at: datetime, token: UUID) -> Done:
    """Revoke one of one's own tokens now."""
    held = ApiToken.objects.filter(id=token, user=by.user, organization=by.organization).first()
    if held is None:
        raise NotFound(token)
    held.revoked_at = at
    held.save(update_fields=["revoked_at"])
    return decide(by, at, "token.revoked", held, audiences=[own_audience(by, at)])


def _known_zone(name: str) -> None:
    try:
        zone(name)
    except UnknownZone as fault:
        raise BadInput(zone=ZONE(zone=name)) from fault


def _own(model: type[Found], key: UUID, **also: object) -> Found:
    found = model.objects.filter(id=key, **also).first()
    if found is None:
        raise NotFound(key)
    return found
