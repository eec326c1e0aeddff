"""Reading the organization: its facts, sites, entities, members, cards, designations, people, and what the market sees of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.organizations.models import Designation, Entity, Membership, Organization, RateCard, Site
from remit.apps.people.models import Person, Profile
from remit.apps.people.views.showing import credentials
from remit.front.api.reading import read, reads


class OrganizationOut(Schema):
    """The acting organization."""

    id: UUID
    reference: str
    name: str
    kinds: list[str]
    country: str
    language: str
    currency: str
    register_number: str
    vat_id: str
    street: str
    city: str
    postcode: str


class SiteOut(Schema):
    """A place; `hours`: Monday to Sunday, windows in minutes from local midnight."""

    id: UUID
    name: str
    country: str
    subdivision: str
    zone: str
    hours: list[list[tuple[int, int]]]


class EntityOut(Schema):
    """A legal person with the numbers of its bank accounts; `fiscal_year_start` is a month, 1 to 12."""

    id: UUID
    reference: str
    name: str
    country: str
    subdivision: str
    currency: str
    zone: str
    fiscal_year_start: int
    register_number: str
    vat_id: str
    ibans: list[str]


class GrantOut(Schema):
    """A role in force."""

    id: UUID
    role: str
    scope: str
    scope_id: UUID | None
    scope_field: str
    limit_amount: Decimal | None
    limit_currency: str
    since: datetime
    until: datetime | None


class MemberOut(Schema):
    """A log-in that may act now, with its roles in force."""

    id: UUID
    name: str
    email: str
    since: datetime
    grants: list[GrantOut]


class LineOut(Schema):
    """One price."""

    service: str
    level: int
    basis: str
    measure: str
    variant: str
    price: Decimal


class CardOut(Schema):
    """A published rate card; it is in force until the next of its series begins."""

    id: UUID
    reference: str
    series: str
    currency: str
    valid_from: date
    source: str
    lines: list[LineOut]


class DesignationOut(Schema):
    """A service offered for a client country."""

    id: UUID
    service: str
    country: str
    languages: list[str]
    site: UUID
    series: str
    since: datetime
    until: datetime | None


class CredentialOut(Schema):
    """A credential with its proof state now; `ends_on`: when it lapses or must be looked at again."""

    id: UUID
    kind: str
    issuer: str
    jurisdiction: str
    number: str
    valid_from: date
    valid_until: date | None
    proof: str
    ends_on: date | None


class PersonOut(Schema):
    """A person who works here; null where nothing is known, which is not none."""

    id: UUID
    reference: str
    name: str
    kind: str
    site: UUID | None
    level: int | None
    services: list[str] | None
    languages: dict[str, str] | None
    software: list[str] | None
    credentials: list[CredentialOut] | None


class ProfileOut(Schema):
    """What the market sees of one person."""

    level: int
    site: UUID
    services: list[str]
    credentials: list[dict[str, Any]]
    languages: dict[str, str]
    software: list[str]
    experience: dict[str, str]
    since: datetime


@reads.get("/organization", response=OrganizationOut, operation_id="organization")
@read
def organization_facts(request: HttpRequest, organization: Path[str]) -> Any:
    """The acting organization's facts."""
    it = Organization.objects.get(pk=_mine(request))
    return {name: getattr(it, name) for name in OrganizationOut.model_fields if name != "id"} | {"id": it.pk}


@reads.get("/sites", response=list[SiteOut], operation_id="sites")
@read
def sites(request: HttpRequest, organization: Path[str]) -> Any:
    """Sites by name."""
    return list(Site.objects.filter(organization=_mine(request)).order_by("name").values(*SiteOut.model_fields))


@reads.get("/entities", response=list[EntityOut], operation_id="entities")
@read
def entities(request: HttpRequest, organization: Path[str]) -> Any:
    """Entities by name."""
    names = [name for name in EntityOut.model_fields if name != "ibans"]
    rows = Entity.objects.prefetch_related("accounts").order_by("name")
    return [{name: getattr(row, name) for name in names} | {"ibans": [account.iban for account in row.accounts.all()]} for row in rows]


@reads.get("/members", response=list[MemberOut], operation_id="members")
@read
def members(request: HttpRequest, organization: Path[str]) -> Any:
    """Members now, by name."""
    at = request.at  # type: ignore[attr-defined]
    now = Q(until=None) | Q(until__gt=at)
    rows = Membership.objects.filter(now, organization=_mine(request), user__isnull=False).select_related("user").prefetch_related("grants")
    return [
        {
            "id": row.id,
            "name": row.name,
            "email": row.user.email if row.user else "",
            "since": row.since,
            "grants": [
                {name: getattr(grant, name) for name in GrantOut.model_fields}
                for grant in row.grants.all()
                if grant.since <= at and (grant.until is None or at < grant.until)
            ],
        }
        for row in rows.order_by("name")
    ]


@reads.get("/cards", response=list[CardOut], operation_id="cards")
@read
def cards(request: HttpRequest, organization: Path[str]) -> Any:
    """One's own rate cards, the newest of each series first."""
    names = [name for name in CardOut.model_fields if name != "lines"]
    rows = RateCard.objects.filter(organization=_mine(request)).prefetch_related("lines").order_by("series", "-valid_from")
    return [
        {name: getattr(row, name) for name in names} | {"lines": [{name: getattr(line, name) for name in LineOut.model_fields} for line in row.lines.all()]}
        for row in rows
    ]


@reads.get("/designations", response=list[DesignationOut], operation_id="designations")
@read
def designations(request: HttpRequest, organization: Path[str]) -> Any:
    """One's own designations, ended ones too."""
    names = [name for name in DesignationOut.model_fields if name != "site"]
    rows = Designation.objects.filter(organization=_mine(request)).order_by("service", "country", "since")
    return [{name: getattr(row, name) for name in names} | {"site": row.site_id} for row in rows]


@reads.get("/people", response=list[PersonOut], operation_id="people")
@read
def people(request: HttpRequest, organization: Path[str]) -> Any:
    """Everybody who works here now, by name."""
    at = request.at  # type: ignore[attr-defined]
    here = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=_mine(request), person_id__isnull=False)
    return [_person(row, at) for row in Person.objects.filter(id__in=here.values("person_id")).for_facts().order_by("name")]


@reads.get("/profiles", response=list[ProfileOut], operation_id="profiles")
@read
def profiles(request: HttpRequest, organization: Path[str]) -> Any:
    """What the market sees of one's people now."""
    names = [name for name in ProfileOut.model_fields if name != "site"]
    rows = Profile.objects.filter(organization=_mine(request), until=None).order_by("-level", "id")
    return [{name: getattr(row, name) for name in names} | {"site": row.site_id} for row in rows]


def _mine(request: HttpRequest) -> UUID:
    key: UUID = request.by.organization  # type: ignore[attr-defined]
    return key


def _person(row: Person, at: datetime) -> dict[str, Any]:
    placed = row.placed_on(at.date())
    held = [
        {name: getattr(shown.row, name) for name in CredentialOut.model_fields if name not in ("proof", "ends_on")}
        | {"proof": shown.proof.value, "ends_on": shown.ends_on}
        for shown in credentials(row, at)
    ]
    return {
        "id": row.id,
        "reference": row.reference,
        "name": row.name,
        "kind": row.kind,
        "site": placed.site_id if placed else None,
        "level": placed.level if placed else None,
        "services": placed.services if placed else None,
        "languages": {each.language: each.level for each in row.languages.all()} or None,
        "software": [each.name for each in row.softwares.all()] or None,
        "credentials": held or None,
    }
