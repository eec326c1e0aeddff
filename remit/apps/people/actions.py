"""The business verbs about people: who they are, what proves it, whom they may not serve, and what the market sees of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from django.db.models import Q
from pydantic import BaseModel, StringConstraints

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.organizations.members import PERSON_OF, Role, add_member
from remit.apps.organizations.models import Membership, Organization, Site
from remit.apps.organizations.roles import lacks
from remit.apps.people.models import (
    Credential,
    Degree,
    Experience,
    KnownLaw,
    Language,
    Person,
    Persons,
    Profile,
    Software,
    Staff,
    Training,
    Verification,
    Wall,
)
from remit.apps.records.context import By
from remit.apps.records.keys import uuid7
from remit.apps.records.models import Thread
from remit.domain.reasons import N_, Sentence
from remit.lines import lines

ENDS_BEFORE = Sentence("dates.order", N_("It would end on {until} before it begins on {since}."))
WALL_WHOM = Sentence("wall.whom", N_("A wall names a person or a site."))
WALL_ENDS = Sentence("wall.ends", N_("It would end before it begins."))
WALL_LIFTED = Sentence("wall.lifted", N_("This wall was lifted already."))
SERVICE = Sentence("person.service", N_("{service} is no service of this installation."))
LANGUAGE = Sentence("person.language", N_("{language} is no language code. Write two letters, such as de."))
COST_CURRENCY = Sentence("person.cost_currency", N_("A cost rate needs its currency, and a currency a rate."))
PLACED_BEFORE = Sentence("person.placed_before", N_("What is on file counts from {since} on. A change begins on a later day."))
GONE = Sentence("person.gone", N_("{name} does not work here on that day."))
DUE_PAST = Sentence("credential.due_past", N_("It would be due again before it was looked at."))
AGENT_VERIFIES = Sentence("credential.agent", N_("A software agent has no licence of its own: its operator answers for it."))
AGENT_OPERATOR = Sentence("agent.operator", N_("A software agent needs a human operator who answers for it; a person has none."))

HAS_LOG_IN = Sentence("person.has_log_in", N_("{mail} has a log-in with roles already; it acts as this person if you leave the roles empty."))
NO_LOG_IN = Sentence("person.no_log_in", N_("A log-in is given to a human with a mail address."))

Text = Annotated[str, Len(1, 120)]
Level = Annotated[int, Ge(1), Le(5)]
Cefr = Literal["A1", "A2", "B1", "B2", "C1", "C2"]


class ExperienceIn(BaseModel):
    """Work in a service's field from a day on, until a day where they left it."""

    service: str
    since: date
    until: date | None = None


class DegreeIn(BaseModel):
    """A degree by ISCED 2011 level: 5 short cycle, 6 bachelor, 7 master (an MBA is one), 8 doctor."""

    isced_level: Annotated[int, Ge(5), Le(8)]
    field: Annotated[str, Len(1, 80)]
    title: Annotated[str, Len(1, 120)]
    institution: Annotated[str, MaxLen(120)] = ""
    year: Annotated[int, Ge(1930), Le(2100)]


class TrainingIn(BaseModel):
    """Training that was passed: its code, the version of the procedure where it is of one, who assessed it, and the days on which it holds."""

    code: Annotated[str, Len(1, 80)]
    version: Annotated[str, MaxLen(40)] = ""
    assessor: Annotated[str, MaxLen(120)] = ""
    hours: Annotated[int, Ge(1), Le(9999)] | None = None
    valid_from: date
    valid_until: date | None = None


Jurisdiction = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]


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
    languages: dict[str, Cefr] | None = None,
    roles: list[Role] | None = None,
) -> Done:
    """Add a person who works for the organization: five columns are enough, the rest is asked for when an act first needs it.

    A member with the same mail address acts as this person from now on. Where there is none, `roles` makes the log-in, and a mail invites it.
    """
    if (kind == "agent") != (operator is not None):
        raise BadInput(operator=AGENT_OPERATOR())
    if operator is not None and not _people(by, at).filter(id=operator, kind="human").exists():
        raise NotFound(operator)
    place, since = _site(site, by), since or at.date()
    _check_staff(services, cost_rate_per_hour, cost_currency)
    _check_languages(languages or {})
    key = uuid7()
    # The membership first: it is what lets the organization see the person.
    member = _member_of(by, at, email) if kind == "human" else None
    if member is not None:
        member.person_id = key
        member.save(update_fields=["person_id"])
    else:
        Membership.objects.create(organization_id=by.organization, person_id=key, name=name, since=at)
    person = Person(id=key, name=name, email=email, kind=kind, operator_id=operator)
    person.save(force_insert=True)
    Language.objects.bulk_create(Language(person=person, language=code, level=level) for code, level in (languages or {}).items())
    Staff.objects.create(
        organization_id=by.organization,
        person=person,
        site=place,
        level=level,
        services=services,
        since=since,
        cost_rate_per_hour=cost_rate_per_hour,
        cost_currency=cost_currency,
    )
    if roles:
        _give_log_in(by, at, person, member, roles)
    return decide(by, at, "person.added", person, audiences=[own_audience(by, at)], private={"name": name})


def _give_log_in(by: By, at: datetime, person: Person, member: Membership | None, roles: list[Role]) -> None:
    """Refused to whoever may not add members; the record has the member's entry beside the person's."""
    if lack := lacks(by, at, add_member.roles):
        raise Refuse(lack)
    if member is not None or person.kind == "agent" or not person.email:
        raise BadInput(roles=HAS_LOG_IN(mail=person.email) if member else NO_LOG_IN())
    add_member.perform(by=by, at=at, email=person.email, name=person.name, roles=roles, person=person.id)


def _member_of(by: By, at: datetime, email: str) -> Membership | None:
    """The member with this mail address who is nobody of the organization's people yet."""
    if not email:
        return None
    in_force = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, person_id=None)
    return in_force.filter(user__email__iexact=email).first()


def person_of(by: By, at: datetime, email: str) -> UUID | None:
    """Whom of the organization's people a mail address belongs to, where it is of one alone and nobody acts as them yet."""
    taken = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, user__isnull=False, person_id__isnull=False)
    found = list(_people(by, at).filter(email__iexact=email, kind="human").exclude(id__in=taken.values("person_id")).values_list("id", flat=True)[:2])
    return found[0] if len(found) == 1 else None


PERSON_OF.append(person_of)


@action("person.placed", roles=("administrator", "manager"))
def place_person(
    *,
    by: By,
    at: datetime,
    person: UUID,
    since: date,
    site: UUID | None = None,
    level: Level | None = None,
    services: list[str] | None = None,
    cost_rate_per_hour: Annotated[Decimal, Ge(0)] | None = None,
    cost_currency: str = "",
) -> Done:
    """Change a person's site, level, services or cost from a day on; what counted before keeps its days, and what is left out stays."""
    who = _person(person, by, at)
    before = _last_placed(who)
    if before is None or before.until is not None:
        raise BadInput(person=GONE(name=who.name))
    if since <= before.since:
        raise BadInput(since=PLACED_BEFORE(since=before.since))
    _check_staff(services or [], cost_rate_per_hour, cost_currency)
    before.until = since
    before.save(update_fields=["until"])
    Staff.objects.create(
        organization_id=by.organization,
        person=who,
        site=_site(site, by) if site else before.site,
        level=level or before.level,
        services=before.services if services is None else services,
        cost_rate_per_hour=before.cost_rate_per_hour if cost_rate_per_hour is None else cost_rate_per_hour,
        cost_currency=cost_currency or before.cost_currency,
        capacity_min=before.capacity_min,
        since=since,
    )
    return decide(by, at, "person.placed", who, audiences=[own_audience(by, at)])


@action("person.left", roles=("administrator", "manager"))
def end_employment(*, by: By, at: datetime, person: UUID) -> Done:
    """Say that a person works here no longer from today on: they are staffed no more, and what is known of them is no longer read here."""
    who = _person(person, by, at)
    last = _last_placed(who)
    if last is not None and last.until is None:
        last.until = max(at.date(), last.since)
        last.save(update_fields=["until"])
    done = decide(by, at, "person.left", who, audiences=[own_audience(by, at)])
    # After the decision: it is the membership that lets the organization see the person.
    Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, person_id=who.id).update(until=at)
    return done


@action("person.described", roles=("administrator", "manager"))
def describe_person(
    *,
    by: By,
    at: datetime,
    person: UUID,
    languages: dict[str, Cefr] | None = None,
    software: list[Text] | None = None,
    experience: list[ExperienceIn] | None = None,
    degrees: list[DegreeIn] | None = None,
    trainings: list[TrainingIn] | None = None,
    knows: list[Jurisdiction] | None = None,
) -> Done:
    """Say which languages, programs, years in a field, degrees, trainings and known jurisdictions a person has; each list given replaces the earlier one."""
    who = _person(person, by, at)
    _check_languages(languages or {})
    for spell in experience or []:
        _check_services([spell.service], "experience")
        if spell.until and spell.until <= spell.since:
            raise BadInput(experience=ENDS_BEFORE(until=spell.until, since=spell.since))
    for training in trainings or []:
        if training.valid_until and training.valid_until <= training.valid_from:
            raise BadInput(trainings=ENDS_BEFORE(until=training.valid_until, since=training.valid_from))
    if languages is not None:
        who.languages.all().delete()
        Language.objects.bulk_create(Language(person=who, language=code, level=level) for code, level in languages.items())
    if software is not None:
        who.softwares.all().delete()
        Software.objects.bulk_create(Software(person=who, name=name) for name in dict.fromkeys(software))
    if experience is not None:
        who.experiences.all().delete()
        Experience.objects.bulk_create(Experience(person=who, **each.model_dump()) for each in experience)
    if degrees is not None:
        who.degrees.all().delete()
        Degree.objects.bulk_create(Degree(person=who, **each.model_dump()) for each in degrees)
    if trainings is not None:
        who.trainings.all().delete()
        Training.objects.bulk_create(Training(person=who, **each.model_dump()) for each in trainings)
    if knows is not None:
        who.knownlaws.all().delete()
        KnownLaw.objects.bulk_create(KnownLaw(person=who, jurisdiction=code) for code in dict.fromkeys(knows))
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
    number: Annotated[str, MaxLen(40)] = "",
) -> Done:
    """Put a licence or membership on file, as self-declared until somebody verifies it."""
    if valid_until and valid_until <= valid_from:
        raise BadInput(valid_until=ENDS_BEFORE(until=valid_until, since=valid_from))
    who = _person(person, by, at)
    if who.kind == "agent":
        raise BadInput(person=AGENT_VERIFIES())
    credential = Credential.objects.create(
        person=who, kind=kind, issuer=issuer, jurisdiction=jurisdiction, valid_from=valid_from, valid_until=valid_until, number=number
    )
    return decide(by, at, "credential.added", credential, audiences=[own_audience(by, at)])


@action("credential.verified", roles=("administrator", "manager"))
def verify_credential(
    *,
    by: By,
    at: datetime,
    credential: UUID,
    source: Annotated[str, Len(1, 200)],
    seen: Annotated[str, Len(1, 300)],
    outcome: Literal["pending", "verified", "failed"] = "verified",
    due_again_on: date | None = None,
    seen_sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = "",
) -> Done:
    """Record who looked at a credential, against which register or document, and what they saw."""
    held = Credential.objects.filter(id=credential, person__in=_people(by, at)).first()
    if held is None:
        raise NotFound(credential)
    if due_again_on and due_again_on <= at.date():
        raise BadInput(due_again_on=DUE_PAST())
    look = Verification.objects.create(
        organization_id=by.organization,
        credential=held,
        verified_by=by.person or by.user or by.organization,
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
    if until is not None and until <= at:
        raise BadInput(until=WALL_ENDS())
    if not Organization.objects.filter(pk=against).exists() and not Thread.objects.filter(id=against).exists():
        raise NotFound(against)
    who, place = _person(person, by, at) if person else None, _site(site, by) if site else None
    wall = Wall.objects.create(organization_id=by.organization, person=who, site=place, against=against, kind=kind, why=why, since=at, until=until)
    return decide(by, at, "wall.raised", wall, audiences=[own_audience(by, at)])


@action("wall.lifted", roles=("administrator",))
def lift_wall(*, by: By, at: datetime, wall: UUID) -> Done:
    """End a wall now."""
    raised = Wall.objects.select_for_update(of=("self",)).filter(id=wall).first()
    if raised is None:
        raise NotFound(wall)
    if raised.until and raised.until <= at:
        raise BadInput(wall=WALL_LIFTED())
    raised.until = at
    raised.save(update_fields=["until"])
    return decide(by, at, "wall.lifted", raised, audiences=[own_audience(by, at)])


@action("profiles.published", roles=("administrator", "manager"))
def publish_profiles(*, by: By, at: datetime) -> Done:
    """Show the market what the organization's people can do, without names; what was shown before is replaced."""
    Profile.objects.filter(organization=by.organization, until=None).update(until=at)
    Profile.objects.bulk_create(profile for _person, profile in profiles(by, at))
    return decide(by, at, "profiles.published", Organization.objects.get(pk=by.organization), audiences=[own_audience(by, at)])


def profiles(by: By, at: datetime) -> list[tuple[Person, Profile]]:
    """What would be shown of each person who works here on that day, not stored; without the names, which stand beside it for one's own eyes."""
    placed = ((person, person.placed_on(at.date())) for person in _people(by, at).filter(kind="human").for_facts().order_by("name"))
    return [(person, _profile(person, row, by, at)) for person, row in placed if row is not None]


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


def _people(by: By, at: datetime) -> Persons:
    """Those who work for the acting organization: a member's own person may also be read elsewhere."""
    here = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, person_id__isnull=False, since__lte=at)
    return Person.objects.filter(id__in=here.values("person_id"))


def _person(key: UUID, by: By, at: datetime) -> Person:
    found = _people(by, at).filter(id=key).first()
    if found is None:
        raise NotFound(key)
    return found


def _site(key: UUID, by: By) -> Site:
    found = Site.objects.filter(id=key, organization=by.organization).first()
    if found is None:
        raise NotFound(key)
    return found


def _last_placed(who: Person) -> Staff | None:
    return Staff.objects.select_for_update(of=("self",)).filter(person=who).select_related("site").order_by("-since").first()


def _check_staff(services: list[str], cost_rate_per_hour: Decimal | None, cost_currency: str) -> None:
    _check_services(services, "services")
    if (cost_rate_per_hour is None) == bool(cost_currency):
        raise BadInput(cost_currency=COST_CURRENCY())


def _check_languages(languages: dict[str, Cefr]) -> None:
    if unknown := next((code for code in languages if not (code.isalpha() and code.islower() and len(code) == 2)), None):
        raise BadInput(languages=LANGUAGE(language=unknown))


def _check_services(services: list[str], field: str) -> None:
    if unknown := next((service for service in services if service not in lines()), None):
        raise BadInput({field: (SERVICE(service=unknown),)})
