"""Members of an organization: log-ins, memberships, and their dated grants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Ge, Len
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from remit.apps.organizations import roles as grants
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.organizations.founding import checked_login, new_user
from remit.apps.organizations.log_ins import invite
from remit.apps.organizations.models import Entity, Grant, Membership, Organization, User
from remit.apps.organizations.opening import opened_by
from remit.apps.records.context import By
from remit.domain.reasons import N_, Sentence
from remit.lines import lines

MEMBER_ALREADY = Sentence("member.already", N_("{mail} is a member here already."))
PERSON_UNTIED = Sentence("member.person", N_("This person does not work here. Add them to your people first."))
NEEDS_SCOPE = Sentence("role.scope", N_("Say which {scope} the role is for."))
NO_SCOPE = Sentence("role.whole", N_("A role for the whole organization names nothing narrower."))
LIMIT_CURRENCY = Sentence("role.limit_currency", N_("A limit needs its currency, and a currency a limit."))
UNTIL_PAST = Sentence("role.until", N_("It would end before it begins."))
NO_SERVICE = Sentence("role.service", N_("{service} is no service of this installation."))
TO_DEPUTY = Sentence("role.to_deputy", N_("{name} acts for {away} and cannot grant themselves a role in that name."))
ONLY_PERSONAL = Sentence("role.only_personal", N_("A signatory grants and ends roles for engagements of personal matters that they read, and no others."))
LAST_ADMINISTRATOR = Sentence("role.last_administrator", N_("Nobody would be left who may add members. Give the role of administrator to somebody else first."))

PERSON_OF: list[Callable[[By, datetime, str], UUID | None]] = []
"""How a person of the organization who has no log-in is found by a mail address; persons are rows of an app above this one, which adds it."""

Name = Annotated[str, Len(1, 120)]
Role = Literal["administrator", "signatory", "approver", "manager", "requester", "preparer", "reviewer", "evaluator", "biller", "auditor", "reader"]


def log_in_of(email: str, name: str, password: str | None) -> User:
    """The log-in of a mail address, made where there is none. Both ways check, hash and answer alike, so that nobody learns whether it stood elsewhere.

    An existing log-in keeps its own password.
    """
    checked_login(email, password, name)
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        return new_user(email, password, name)
    make_password(password)
    return found


@action("member.added", roles=("administrator",))
def add_member(*, by: By, at: datetime, email: str, name: Name, roles: list[Role], password: str | None = None, person: UUID | None = None) -> Done:
    """Give a log-in a membership with roles; the log-in is made where there is none.

    `person`: one of the organization's people, whom the log-in acts as. Unnamed, it is whoever of them has this mail address and no log-in yet.
    """
    in_force = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization)
    # Naming somebody else's person would open their data to this organization.
    if person is not None and not in_force.filter(person_id=person).exists():
        raise BadInput(person=PERSON_UNTIED())
    if in_force.filter(user__email__iexact=email).exists():
        raise BadInput(email=MEMBER_ALREADY(mail=email))
    user = log_in_of(email, name, password)
    person = person or next(filter(None, (find(by, at, email) for find in PERSON_OF)), None)
    member = Membership.objects.create(organization_id=by.organization, user=user, person_id=person, name=name, since=at)
    Grant.objects.bulk_create(
        Grant(organization_id=by.organization, membership=member, role=role, since=at, granted_by=by.user) for role in dict.fromkeys(roles)
    )
    if person is not None:
        _take_along(by, at, member, set(roles))
    if password is None:
        invite(by, user, name, Organization.objects.get(pk=by.organization))
    return decide(by, at, "member.added", member, audiences=[own_audience(by, at)], private={"name": name, "mail": email})


def _take_along(by: By, at: datetime, member: Membership, named: set[str]) -> None:
    """Roles that were written down for a person before they had a log-in hold for it now."""
    in_force = Q(until=None) | Q(until__gt=at)
    before = Grant.objects.filter(in_force, membership__person_id=member.person_id, membership__user=None, organization=by.organization).order_by("id")
    Grant.objects.bulk_create(
        Grant(organization_id=by.organization, membership=member, role=row.role, scope=row.scope, scope_id=row.scope_id, since=at, granted_by=by.user)
        for row in before
        if not (row.scope == "organization" and row.role in named)
    )


@action("member.invited", roles=("administrator",))
def invite_member_again(*, by: By, at: datetime, membership: UUID) -> Done:
    """Send a member the link for the first password once more. Where the log-in has a password already, the link changes nothing."""
    member = _member(membership, by, at)
    if member.user is None:
        raise NotFound(membership)
    invite(by, member.user, member.name, Organization.objects.get(pk=by.organization))
    return decide(by, at, "member.invited", member, audiences=[own_audience(by, at)])


@action("role.granted", roles=("administrator", "signatory"))
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
    since: datetime | None = None,
    until: datetime | None = None,
) -> Done:
    """Grant a role to a member, within a scope, up to a limit, from now or a later instant, until another.

    A signatory grants for engagements of personal matters that they read, and for no others.
    """
    if (scope in ("entity", "engagement")) != (scope_id is not None):
        raise BadInput(scope_id=NO_SCOPE() if scope_id else NEEDS_SCOPE(scope=scope))
    if (scope == "field") != bool(scope_field):
        raise BadInput(scope_field=NO_SCOPE() if scope_field else NEEDS_SCOPE(scope=scope))
    if scope_field and scope_field not in lines():
        raise BadInput(scope_field=NO_SERVICE(service=scope_field))
    if (limit_amount is None) == bool(limit_currency):
        raise BadInput(limit_currency=LIMIT_CURRENCY())
    begins = max(since or at, at)
    if until is not None:
        until_past(begins, until)
    if scope_id and not _is_there(scope, scope_id, by):
        raise NotFound(scope_id)
    member = _member(membership, by, at)
    if by.on_behalf_of is not None and member.id == by.membership:
        raise Refuse(TO_DEPUTY(name=by.name, away=by.on_behalf_of.name), about=member, audience=own_audience(by, at))
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
        since=begins,
        until=until,
    )
    said = _said(member, grant)
    opened = opened_by(member.id, by, at, "role.granted", grant, private=said, within=grant)
    if by.role == "signatory" and (scope != "engagement" or not opened):
        raise Refuse(ONLY_PERSONAL(cure=grants.ASK()), about=member, audience=own_audience(by, at))
    return decide(by, at, "role.granted", grant, audiences=[own_audience(by, at)], private=said)


@action("role.ended", roles=("administrator", "signatory"))
def end_role(*, by: By, at: datetime, grant: UUID) -> Done:
    """End a grant now. A signatory ends those of engagements of personal matters that they read."""
    held = Grant.objects.select_for_update().filter(Q(until=None) | Q(until__gt=at), id=grant, organization=by.organization).first()
    if held is None or (by.role == "signatory" and (held.scope != "engagement" or held.scope_id is None or not _is_there("engagement", held.scope_id, by))):
        raise NotFound(grant)
    member = Membership.objects.get(id=held.membership_id)
    said = _said(member, held)
    opened = opened_by(member.id, by, at, "role.ended", held, private=said, within=held)
    if by.role == "signatory" and not opened:
        raise Refuse(ONLY_PERSONAL(cure=grants.ASK()), about=held, audience=own_audience(by, at))
    # One that was to begin later never does.
    held.until = max(at, held.since)
    held.save(update_fields=["until"])
    _still_administered(by, at, "grant")
    return decide(by, at, "role.ended", held, audiences=[own_audience(by, at)], private=said)


@action("membership.ended", roles=("administrator",))
def end_membership(*, by: By, at: datetime, membership: UUID) -> Done:
    """End a membership now; what was done under it stays."""
    member = _member(membership, by, at)
    opened_by(member.id, by, at, "membership.ended", member, private={"name": member.name})
    member.until = at
    member.save(update_fields=["until"])
    _still_administered(by, at, "membership")
    return decide(by, at, "membership.ended", member, audiences=[own_audience(by, at)])


def until_past(since: datetime, until: datetime) -> None:
    """That a time ends after it begins. Raises BadInput."""
    if until <= since:
        raise BadInput(until=UNTIL_PAST())


def _is_there(scope: str, key: UUID, by: By) -> bool:
    """Whether an entity is the organization's own, or an engagement one that the actor reads."""
    if scope == "entity":
        return Entity.objects.filter(id=key, organization=by.organization).exists()
    return grants.is_known("engagement", key)


def _said(member: Membership, grant: Grant) -> dict[str, str]:
    return {"name": member.name, "role": grant.role}


def administrators(by: By, at: datetime) -> int:
    """How many log-ins may administer the organization at that instant."""
    lasting = Q(until=None) | Q(until__gt=at)
    members = Q(membership__until=None) | Q(membership__until__gt=at)
    held = Grant.objects.filter(lasting, members, organization=by.organization, role="administrator", scope="organization", membership__user__isnull=False)
    return held.values("membership").distinct().count()


def _still_administered(by: By, at: datetime, field: str) -> None:
    if not administrators(by, at):
        raise BadInput({field: (LAST_ADMINISTRATOR(),)})


def _member(key: UUID, by: By, at: datetime) -> Membership:
    found = Membership.objects.select_for_update(of=("self",)).filter(Q(until=None) | Q(until__gt=at), id=key, organization=by.organization).first()
    if found is None:
        raise NotFound(key)
    return found
