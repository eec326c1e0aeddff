"""The business verbs about people: who they are, what proves it, whom they may not serve, and what the market sees of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Ge, Le, Len
from pydantic import BaseModel

from remit.apps.organizations.acting import BadInput, Done, NotFound, action, decide, own_audience
from remit.apps.organizations.models import Membership, Organization, Site
from remit.apps.people.models import Credential, Experience, Language, Person, Profile, Software, Staff, Verification, Wall
from remit.apps.records.context import By
from remit.apps.records.keys import uuid7
from remit.domain.reasons import N_, Sentence

ENDS_BEFORE = Sentence("dates.order", N_("It would end on {until} before it begins on {since}."))
WALL_WHOM = Sentence("wall.whom", N_("A wall names a person or a site."))
AGENT_OPERATOR = Sentence("agent.operator", N_("A software agent needs a human operator who answers for it; a person has none."))

Text = Annotated[str, Len(1, 120)]
Level = Annotated[int, Ge(1), Le(5)]
Cefr = Literal["A1", "A2", "B1", "B2", "C1", "C2"]


class ExperienceIn(BaseModel):
    """Work in a service's field from a day on, until a day where they left it."""

    service: str
    since: date
    until: date | None = None


@action("person.added", roles=("administrator", "manager"))
def add_person(
    *,
    by: By,
    at: datetime,
    name: Text,
    email: str,
    site: UUID,
    level: Level,
    services: list[str],
    since: date | None = None,
    kind: Literal["human", "agent"] = "human",
    operator: UUID | None = None,
    cost_rate_per_hour: Annotated[Decimal, Ge(0)] | None = None,
    cost_currency: str = "",
) -> Done:
    """Add a person who works for the organization: five columns are enough, the rest is asked for when an act first needs it."""
    if (kind == "agent") != (operator is not None):
        raise BadInput(operator=AGENT_OPERATOR())
    place = Site.objects.filter(id=site, organization=by.organization).first()
    if place is None:
        raise NotFound(site)
    key = uuid7()
    # The membership first: it is what lets the organization see the person.
    Membership.objects.create(organization_id=by.organization, person_id=key, name=name, since=at)
    person = Person(id=key, name=name, email=email, kind=kind, operator_id=operator)
    person.save(force_insert=True)
    Staff.objects.create(
        organization_id=by.organization,
        person=person,
        site=place,
        level=level,
        services=services,
        since=since or at.date(),
        cost_rate_per_hour=cost_rate_per_hour,
        cost_currency=cost_currency,
    )
    return decide(by, at, "person.added", person, audiences=[own_audience(by, at)], private={"name": name})


@action("person.described", roles=("administrator", "manager"))
def describe_person(
    *,
    by: By,
    at: datetime,
    person: UUID,
    languages: dict[str, Cefr] | None = None,
    software: list[Text] | None = None,
    experience: list[ExperienceIn] | None = None,
) -> Done:
    """Say which languages, programs and years in a field a person has; each list given replaces the earlier one."""
    who = _person(person)
    if languages is not None:
        who.languages.all().delete()
        Language.objects.bulk_create(Language(person=who, language=code, level=level) for code, level in languages.items())
    if software is not None:
        who.softwares.all().delete()
        Software.objects.bulk_create(Software(person=who, name=name) for name in software)
    if experience is not None:
        who.experiences.all().delete()
        Experience.objects.bulk_create(Experience(person=who, **each.model_dump()) for each in experience)
    return decide(by, at, "person.described", who, audiences=[own_audience(by, at)])


@action("credential.added", roles=("administrator", "manager"))
def add_credential(
    *,
    by: By,
    at: datetime,
    person: UUID,
    kind: Text,
    issuer: Text,
    jurisdiction: Annotated[str, Len(2, 8)],
    valid_from: date,
    valid_until: date | None = None,
    number: str = "",
) -> Done:
    """Put a licence or membership on file, as self-declared until somebody verifies it."""
    if valid_until and valid_until <= valid_from:
        raise BadInput(valid_until=ENDS_BEFORE(until=valid_until, since=valid_from))
    credential = Credential.objects.create(
        person=_person(person), kind=kind, issuer=issuer, jurisdiction=jurisdiction, valid_from=valid_from, valid_until=valid_until, number=number
    )
    return decide(by, at, "credential.added", credential, audiences=[own_audience(by, at)])


@action("credential.verified", roles=("administrator", "manager"))
def verify_credential(
    *,
    by: By,
    at: datetime,
    credential: UUID,
    source: Text,
    seen: Annotated[str, Len(1, 300)],
    outcome: Literal["pending", "verified", "failed"] = "verified",
    due_again_on: date | None = None,
    seen_sha256: str = "",
) -> Done:
    """Record who looked at a credential, against which register or document, and what they saw."""
    held = Credential.objects.filter(id=credential).first()
    if held is None:
        raise NotFound(credential)
    look = Verification.objects.create(
        organization_id=by.organization,
        credential=held,
        verified_by=by.person or by.user,
        verified_at=at,
        source=source,
        seen=seen,
        seen_sha256=seen_sha256,
        outcome=outcome,
        due_again_on=due_again_on,
    )
    return decide(by, at, "credential.verified", look, audiences=[own_audience(by, at)])


@action("wall.raised", roles=("administrator", "manager"))
def raise_wall(
    *,
    by: By,
    at: datetime,
    against: UUID,
    why: Annotated[str, Len(1, 300)],
    kind: Literal["conflict", "exclusivity", "cooling_off"],
    person: UUID | None = None,
    site: UUID | None = None,
    until: datetime | None = None,
) -> Done:
    """Bar a person or a site from a client or matter, from now until an instant."""
    if person is None and site is None:
        raise BadInput(person=WALL_WHOM())
    who = _person(person) if person else None
    wall = Wall.objects.create(organization_id=by.organization, person=who, site_id=site, against=against, kind=kind, why=why, since=at, until=until)
    return decide(by, at, "wall.raised", wall, audiences=[own_audience(by, at)])


@action("wall.lifted", roles=("administrator",))
def lift_wall(*, by: By, at: datetime, wall: UUID) -> Done:
    """End a wall now."""
    raised = Wall.objects.filter(id=wall).first()
    if raised is None:
        raise NotFound(wall)
    raised.until = at
    raised.save(update_fields=["until"])
    return decide(by, at, "wall.lifted", raised, audiences=[own_audience(by, at)])


@action("profiles.published", roles=("administrator", "manager"))
def publish_profiles(*, by: By, at: datetime) -> Done:
    """Show the market what the organization's people can do, without names; what was shown before is replaced."""
    Profile.objects.filter(organization=by.organization, until=None).update(until=at)
    on = at.date()
    shown = []
    for person in Person.objects.filter(kind="human").for_facts():
        row = next((row for row in reversed(person.staff.all()) if row.since <= on and (row.until is None or on < row.until)), None)
        if row is None:
            continue
        shown.append(_profile(person, row, by, at))
    Profile.objects.bulk_create(shown)
    return decide(by, at, "profiles.published", Organization.objects.get(pk=by.organization), audiences=[own_audience(by, at)])


def _profile(person: Person, row: Staff, by: By, at: datetime) -> Profile:
    credentials = []
    for credential in person.credentials.all():
        proof, _look = credential.facts(str(person.id)).proof(at, at.date())
        credentials.append(
            {
                "kind": credential.kind,
                "jurisdiction": credential.jurisdiction,
                "valid_from": credential.valid_from.isoformat(),
                "valid_until": credential.valid_until.isoformat() if credential.valid_until else None,
                "proof": proof.value,
            }
        )
    return Profile(
        organization_id=by.organization,
        site=row.site,
        level=row.level,
        services=row.services,
        credentials=credentials,
        languages={each.language: each.level for each in person.languages.all()},
        software=[each.name for each in person.softwares.all()],
        experience={each.service: each.since.isoformat() for each in person.experiences.all() if each.until is None},
        since=at,
    )


def _person(key: UUID) -> Person:
    found = Person.objects.filter(id=key).first()
    if found is None:
        raise NotFound(key)
    return found
