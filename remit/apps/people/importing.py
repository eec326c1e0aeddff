"""People from a sheet: what is on file of them, and one set of statements that adds and changes what the plan says, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from remit.apps.organizations.founding import OFFICE_WEEK
from remit.apps.organizations.models import Grant, Membership, Site
from remit.apps.people.models import Credential, Language, Person, Software, Staff
from remit.apps.records.context import By
from remit.apps.records.keys import reference, uuid7
from remit.domain.takeover import Credential as Stated
from remit.domain.takeover import PersonKnown, PersonPlan, Plan, plain

Entries = list[dict[str, Any]]


@dataclass
class Imported:
    """Keys of all people of the sheet by name as compared, and the entries that say what was done."""

    people: dict[str, UUID] = field(default_factory=dict)
    entries: Entries = field(default_factory=list)


def known_people(by: By, at: datetime) -> tuple[PersonKnown, ...]:
    """Everybody who works here, as on file on that day; in a fixed number of queries."""
    here = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, person_id__isnull=False, since__lte=at)
    memberships = {key: person for key, person in here.values_list("id", "person_id") if person is not None}
    roles: dict[UUID, set[str]] = defaultdict(set)
    for member, role in Grant.objects.filter(Q(until=None) | Q(until__gt=at), membership__in=memberships).values_list("membership", "role"):
        roles[memberships[member]].add(role)
    rows = Person.objects.filter(id__in=list(memberships.values()), kind="human").prefetch_related("credentials", "languages", "softwares", "staff__site")
    return tuple(_known(person, person_staff(person, at), roles[person.id]) for person in rows)


def person_staff(person: Person, at: datetime) -> Staff | None:
    """What counts on the day; reads prefetched rows."""
    rows = sorted(person.staff.all(), key=lambda row: row.since)
    return next((row for row in reversed(rows) if row.until is None or at.date() < row.until), None)


def _known(person: Person, row: Staff | None, roles: Iterable[str]) -> PersonKnown:
    return PersonKnown(
        key=person.id,
        name=person.name,
        mail=person.email,
        level=row.level if row else 0,
        site=row.site.name if row else "",
        capacity_min=row.capacity_min if row else 0,
        services=tuple(row.services) if row else (),
        languages=tuple(sorted((each.language, each.level) for each in person.languages.all())),
        software=tuple(each.name for each in person.softwares.all()),
        credentials=tuple(_stated(each) for each in person.credentials.all()),
        roles=tuple(sorted(roles)),
    )


def _stated(row: Credential) -> Stated:
    return Stated(row.kind, row.issuer, row.jurisdiction, row.number, row.valid_from, row.valid_until)


def known_sites(by: By) -> dict[str, UUID]:
    """Sites by name as compared."""
    return {plain(name): key for key, name in Site.objects.filter(organization=by.organization).values_list("id", "name")}


def carry_out(by: By, at: datetime, own: UUID, plan: Plan, engagements: Mapping[str, Sequence[UUID]]) -> Imported:
    """Add and change what the plan says. `own`: the acting organization's own log; `engagements`: by client's name, for roles that hold there alone."""
    done = Imported()
    sites = known_sites(by) | _sites(by, own, plan, done)
    new = [each for each in plan.people if each.state == "new"]
    changed = [each for each in plan.people if each.state == "changed"]
    keys = {id(each): each.key or uuid7() for each in plan.people}
    done.people = {plain(each.row.name): keys[id(each)] for each in plan.people}
    # The membership first: it is what lets the organization see the person.
    Membership.objects.bulk_create(Membership(organization_id=by.organization, person_id=keys[id(each)], name=each.row.name, since=at) for each in new)
    made = [Person(id=keys[id(each)], reference=reference("PE"), name=each.row.name, email=each.row.mail) for each in new]
    Person.objects.bulk_create(made)
    done.entries += [{"audience": own, "kind": "person.added", "about": person, "private": {"name": person.name}} for person in made]
    there = {person.id: person for person in Person.objects.select_for_update().filter(id__in=[each.key for each in changed]).order_by("id")}
    _rename(by, changed, there)
    done.entries += [{"audience": own, "kind": "person.described", "about": there[keys[id(each)]]} for each in changed if each.key in there]
    _place(by, at, sites, new, changed, keys)
    _describe(new, changed, keys)
    _credentials(own, new, changed, keys, done)
    _grant(by, at, own, [*new, *changed], keys, engagements, done)
    return done


def _sites(by: By, own: UUID, plan: Plan, done: Imported) -> dict[str, UUID]:
    made = [Site(organization_id=by.organization, name=site.name, country=site.country, zone=site.zone, hours=OFFICE_WEEK) for site in plan.sites]
    Site.objects.bulk_create(made)
    done.entries += [{"audience": own, "kind": "site.added", "about": site} for site in made]
    return {plain(site.name): site.id for site in made}


def _rename(by: By, changed: Sequence[PersonPlan], there: Mapping[UUID, Person]) -> None:
    renamed = []
    for each in changed:
        if each.key is not None and each.key in there and {"name", "mail"} & set(each.changes):
            person = there[each.key]
            person.name, person.email = each.row.name, each.row.mail
            renamed.append(person)
    Person.objects.bulk_update(renamed, ["name", "email"])


def _place(by: By, at: datetime, sites: Mapping[str, UUID], new: Sequence[PersonPlan], changed: Sequence[PersonPlan], keys: Mapping[int, UUID]) -> None:
    """Staff rows: of new people from today on; of others a further row from today, or the row of today itself changed."""
    today = at.date()
    moved = {each.key: each for each in changed if {"level", "site", "hours", "services"} & set(each.changes)}
    rows = Staff.objects.select_for_update(of=("self",)).filter(person__in=moved, organization=by.organization).order_by("person", F("since").desc())
    last: dict[UUID, Staff] = {}
    for row in rows:
        last.setdefault(row.person_id, row)
    added = [_staff(by, each, sites, keys[id(each)], today) for each in new]
    ended, same = [], []
    for key, each in moved.items():
        assert key is not None
        row, before = _staff(by, each, sites, key, today), last.get(key)
        if before is None:
            added.append(row)
            continue
        row.services = sorted({*before.services, *row.services})
        row.cost_rate_per_hour, row.cost_currency = before.cost_rate_per_hour, before.cost_currency
        if before.since >= today:
            before.site_id, before.level, before.capacity_min, before.services = row.site_id, row.level, row.capacity_min, row.services
            same.append(before)
        else:
            before.until = today
            ended.append(before)
            added.append(row)
    Staff.objects.bulk_update(ended, ["until"])
    Staff.objects.bulk_update(same, ["site", "level", "capacity_min", "services"])
    Staff.objects.bulk_create(added)


def _staff(by: By, each: PersonPlan, sites: Mapping[str, UUID], person: UUID, since: Any) -> Staff:
    row = each.row
    return Staff(
        organization_id=by.organization,
        person_id=person,
        site_id=sites[plain(row.site)],
        level=row.level,
        services=list(row.services),
        capacity_min=int(row.hours * 60),
        since=since,
    )


def _describe(new: Sequence[PersonPlan], changed: Sequence[PersonPlan], keys: Mapping[int, UUID]) -> None:
    """Languages and software: a list that is given replaces the earlier one."""
    spoken = [*(each for each in new if each.row.languages), *(each for each in changed if "languages" in each.changes)]
    tools = [*(each for each in new if each.row.software), *(each for each in changed if "software" in each.changes)]
    Language.objects.filter(person__in=[each.key for each in spoken if each.key]).delete()
    Software.objects.filter(person__in=[each.key for each in tools if each.key]).delete()
    Language.objects.bulk_create(Language(person_id=keys[id(each)], language=code, level=level) for each in spoken for code, level in each.row.languages)
    Software.objects.bulk_create(Software(person_id=keys[id(each)], name=name) for each in tools for name in each.row.software)


def _credentials(own: UUID, new: Sequence[PersonPlan], changed: Sequence[PersonPlan], keys: Mapping[int, UUID], done: Imported) -> None:
    """Each that is not on file; where only its days differ, the row on file gets them."""
    holders = {keys[id(each)]: each for each in (*new, *(each for each in changed if "credentials" in each.changes))}
    there = {(row.person_id, row.kind, row.issuer, row.jurisdiction, row.number): row for row in Credential.objects.filter(person__in=holders)}
    added, redated = [], []
    for key, each in holders.items():
        for held in each.row.credentials:
            row = there.get((key, held.kind, held.issuer, held.jurisdiction, held.number))
            if row is None:
                added.append(
                    Credential(
                        person_id=key,
                        kind=held.kind,
                        issuer=held.issuer,
                        jurisdiction=held.jurisdiction,
                        number=held.number,
                        valid_from=held.valid_from,
                        valid_until=held.valid_until,
                    )
                )
            elif (row.valid_from, row.valid_until) != (held.valid_from, held.valid_until):
                row.valid_from, row.valid_until = held.valid_from, held.valid_until
                redated.append(row)
    Credential.objects.bulk_create(added)
    Credential.objects.bulk_update(redated, ["valid_from", "valid_until"])
    done.entries += [{"audience": own, "kind": "credential.added", "about": row} for row in (*added, *redated)]


def _grant(
    by: By, at: datetime, own: UUID, plans: Sequence[PersonPlan], keys: Mapping[int, UUID], engagements: Mapping[str, Sequence[UUID]], done: Imported
) -> None:
    """Roles that the person does not hold yet: for the engagements of the clients named, else for the whole organization."""
    wanted = {keys[id(each)]: each for each in plans if each.row.roles and (each.state == "new" or "roles" in each.changes)}
    in_force = Q(until=None) | Q(until__gt=at)
    members: dict[UUID, Membership] = {}
    for member in Membership.objects.filter(in_force, organization=by.organization, person_id__in=wanted).order_by(F("user").asc(nulls_last=True), "since"):
        assert member.person_id is not None
        members.setdefault(member.person_id, member)
    held = set(Grant.objects.filter(in_force, membership__in=[member.id for member in members.values()]).values_list("membership", "role"))
    made = []
    for key, member in members.items():
        row = wanted[key].row
        scopes: list[UUID | None] = [each for client in dict.fromkeys(plain(does.client) for does in row.does) for each in engagements.get(client, ())]
        for role in row.roles:
            if (member.id, role) in held or (row.does and not scopes):
                continue
            for scope in scopes or [None]:
                made.append(
                    Grant(
                        organization_id=by.organization,
                        membership=member,
                        role=role,
                        scope="engagement" if scope else "organization",
                        scope_id=scope,
                        granted_by=by.user,
                        since=at,
                    )
                )
    Grant.objects.bulk_create(made)
    done.entries += [
        {"audience": own, "kind": "role.granted", "about": grant, "private": {"name": grant.membership.name, "role": grant.role}} for grant in made
    ]
