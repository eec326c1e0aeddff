"""The verbs of access to the client's systems: name a system, ask for an account, grant or decline it, look at it again, revoke it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Len, MaxLen
from django.db import IntegrityError, transaction

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide
from remit.apps.organizations.models import Membership
from remit.apps.people.models import Person
from remit.apps.records.context import By
from remit.apps.work.models import ClientSystem, SystemAccess
from remit.domain.reasons import N_, Sentence

CLIENT = ("administrator", "requester", "approver", "signatory")
PROVIDER = ("manager", "administrator")
BLANK = Sentence("systems.blank", N_("A name is asked for."))
SIDES = Sentence("systems.sides", N_("Only the client and the provider keep the register of the systems."))
ONLY_CLIENT = Sentence("systems.client", N_("Access to the client’s systems is the client’s to give."))
ONLY_PROVIDER = Sentence("systems.provider", N_("The provider asks for access for its own people."))
ONLY_RELEASED = Sentence("systems.released", N_("An account is given back by the provider whose people have it."))
NAMED_TWICE = Sentence("systems.named_twice", N_("{name} is in the register already."))
ENDED = Sentence("systems.ended", N_("{name} is not in use any more."))
STILL_HELD = Sentence("systems.still_held", N_("{count} accounts in {name} are open: revoke them first."))
NOT_HERE = Sentence("systems.not_here", N_("{name} does not work here."))
ASKED_TWICE = Sentence("systems.asked_twice", N_("{name} has an open account in {system}, or it is asked for."))
OVER = Sentence("systems.over", N_("This account is over."))
GRANTED = Sentence("systems.granted", N_("It is granted already."))
NOT_GRANTED = Sentence("systems.not_granted", N_("It is not granted yet."))
REVIEW_SPAN = Sentence("systems.review_span", N_("The next review lies after today and within {days} days: accounts are looked at every quarter."))

QUARTER = timedelta(days=92)
"""The longest time between two looks at an account."""
Name = Annotated[str, Len(1, 80)]


@action("system.named", roles=tuple(dict.fromkeys((*CLIENT, *PROVIDER))))
def name_system(*, by: By, at: datetime, engagement: UUID, name: Name) -> Done:
    """Put a system of the client's into the register: from now on nobody works in this engagement without an account there."""
    running = Engagement.objects.select_for_update(of=("self",), no_key=True).filter(id=engagement).first()
    if running is None:
        raise NotFound(engagement)
    _side(by, running)
    named = " ".join(name.split())
    if not named:
        raise BadInput(name=BLANK())
    if ClientSystem.objects.filter(engagement=running, name__iexact=named, ended_at=None).exists():
        raise BadInput(name=NAMED_TWICE(name=named))
    row = ClientSystem.objects.create(
        audience_id=running.audience_id, engagement=running, name=named, named_by=by.user, named_by_name=by.name, named_at=at
    )  # fmt: skip
    return decide(by, at, "system.named", row, private={"name": named})


@action("system.ended", roles=tuple(dict.fromkeys((*CLIENT, *PROVIDER))))
def end_system(*, by: By, at: datetime, system: UUID) -> Done:
    """The work is not done in it any more; every account there is revoked before."""
    row = _system(system)
    _side(by, row.engagement)
    if row.ended_at is not None:
        raise Refuse(ENDED(name=row.name), about=row)
    open_ones = SystemAccess.objects.filter(system=row, ended_at=None).count()
    if open_ones:
        raise Refuse(STILL_HELD(name=row.name, count=open_ones), about=row)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    return decide(by, at, "system.ended", row, private={"name": row.name})


@action("access.asked", roles=PROVIDER)
def ask_access(*, by: By, at: datetime, system: UUID, person: UUID, right: Name) -> Done:
    """Ask the client for an account of one of one's own people, and say what they need to do there."""
    row = _system(system)
    if by.organization != row.engagement.provider_id:
        raise Refuse(ONLY_PROVIDER(), about=row)
    if row.ended_at is not None:
        raise Refuse(ENDED(name=row.name), about=row)
    who = Person.objects.filter(id=person).first()
    if who is None:
        raise NotFound(person)
    if not Membership.objects.filter(organization=by.organization, person_id=who.id, since__lte=at).exclude(until__lte=at).exists():
        raise BadInput(person=NOT_HERE(name=who.name))
    if not right.strip():
        raise BadInput(right=BLANK())
    try:
        with transaction.atomic():
            made = SystemAccess.objects.create(
                audience_id=row.audience_id,
                system=row,
                person=who,
                person_name=who.name,
                right=right.strip(),
                asked_by=by.user,
                asked_by_name=by.name,
                asked_at=at,
            )
    except IntegrityError as twice:
        raise Refuse(ASKED_TWICE(name=who.name, system=row.name), about=row) from twice
    return decide(by, at, "access.asked", made, private=_said(made))


@action("access.granted", roles=CLIENT)
def grant_access(*, by: By, at: datetime, access: UUID, account: Annotated[str, MaxLen(120)] = "", review_on: date | None = None) -> Done:
    """Grant the account that was asked for, until it is looked at again: within a quarter at most."""
    row = _access(by, access)
    if row.granted_at is not None:
        raise Refuse(GRANTED(), about=row)
    row.review_due_on = _review(at, review_on)
    row.account = account.strip()
    row.granted_by, row.granted_by_name, row.granted_at = by.user, by.name, at
    row.save(update_fields=["review_due_on", "account", "granted_by", "granted_by_name", "granted_at"])
    return decide(by, at, "access.granted", row, private=_said(row))


@action("access.declined", roles=CLIENT)
def decline_access(*, by: By, at: datetime, access: UUID, why: Annotated[str, Len(1, 300)]) -> Done:
    """Give no account, and say why."""
    row = _access(by, access)
    if row.granted_at is not None:
        raise Refuse(GRANTED(), about=row)
    return _end(row, by, at, "access.declined", why)


@action("access.reviewed", roles=CLIENT)
def review_access(*, by: By, at: datetime, access: UUID, review_on: date | None = None) -> Done:
    """Say after a look that the account is still needed, until the next one."""
    row = _access(by, access)
    if row.granted_at is None:
        raise Refuse(NOT_GRANTED(), about=row)
    row.review_due_on = _review(at, review_on)
    row.save(update_fields=["review_due_on"])
    return decide(by, at, "access.reviewed", row, private=_said(row))


@action("access.released", roles=PROVIDER, unasked=True)
def release_access(*, by: By, at: datetime, access: UUID, why: Literal["left", "wall", "ended", "other"] = "other") -> Done:
    """Give an account back: it counts no more, and the client takes it away. It is done unasked for whoever left or was walled off."""
    row = SystemAccess.objects.select_for_update(of=("self",)).select_related("system__engagement").filter(id=access).first()
    if row is None:
        raise NotFound(access)
    if by.organization != row.system.engagement.provider_id:
        raise Refuse(ONLY_RELEASED(), about=row)
    if row.ended_at is not None or row.released_at is not None:
        raise Refuse(OVER(), about=row)
    if row.granted_at is None:
        raise Refuse(NOT_GRANTED(), about=row)
    row.released_why, row.released_by, row.released_by_name, row.released_at = why, by.user, by.name, at
    row.save(update_fields=["released_why", "released_by", "released_by_name", "released_at"])
    return decide(by, at, "access.released", row, private=_said(row))


@action("access.revoked", roles=CLIENT)
def revoke_access(*, by: By, at: datetime, access: UUID, why: Annotated[str, Len(1, 300)]) -> Done:
    """Say that the account was taken away in the system itself: from now on the gate counts it no more."""
    row = _access(by, access)
    if row.granted_at is None:
        raise Refuse(NOT_GRANTED(), about=row)
    return _end(row, by, at, "access.revoked", why)


def _end(row: SystemAccess, by: By, at: datetime, kind: str, why: str) -> Done:
    if not why.strip():
        raise BadInput(why=BLANK())
    row.ended_by, row.ended_by_name, row.ended_at, row.why = by.user, by.name, at, why.strip()
    row.save(update_fields=["ended_by", "ended_by_name", "ended_at", "why"])
    return decide(by, at, kind, row, private=_said(row) | {"reason": row.why})


def _said(row: SystemAccess) -> dict[str, str]:
    """Who and where, which the record keeps as commitments: a person's name is no decision."""
    return {"person": row.person_name, "system": row.system.name, "right": row.right}


def _review(at: datetime, on: date | None) -> date:
    today = at.date()
    day = on or today + timedelta(days=90)
    if not today < day <= today + QUARTER:
        raise BadInput(review_on=REVIEW_SPAN(days=QUARTER.days))
    return day


def _system(key: UUID) -> ClientSystem:
    row = ClientSystem.objects.select_for_update(of=("self",)).select_related("engagement").filter(id=key).first()
    if row is None:
        raise NotFound(key)
    return row


def _access(by: By, key: UUID) -> SystemAccess:
    row = SystemAccess.objects.select_for_update(of=("self",)).select_related("system__engagement").filter(id=key).first()
    if row is None:
        raise NotFound(key)
    if by.organization != row.system.engagement.client_id:
        raise Refuse(ONLY_CLIENT(), about=row)
    if row.ended_at is not None:
        raise Refuse(OVER(), about=row)
    return row


def _side(by: By, engagement: Engagement) -> None:
    if by.organization not in (engagement.client_id, engagement.provider_id):
        raise Refuse(SIDES(), about=engagement)
