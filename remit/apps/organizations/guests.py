"""Guests: who acts by a scoped, expiring link and a one-time code. Inviting, letting in, and what a link lets its holder do."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from remit.apps.organizations import guest_mails, mail, roles
from remit.apps.organizations.acting import ACTIONS, BadInput, Done, NotFound, Refuse, action, decide
from remit.apps.organizations.founding import MAIL
from remit.apps.organizations.models import GuestCode, GuestLink, Message, Organization
from remit.apps.records.context import By, set_context
from remit.domain.reasons import N_, Reason, Sentence

ENROLLED = Sentence("guest.enrolled", N_("{organization} has members of its own; they invite guests who act for it."))
NOT_PARTY = Sentence("guest.not_party", N_("{organization} takes no part in this, so nobody can act in it as its guest."))
LIMITED = Sentence("guest.limited", N_("{name} holds the role {roles} up to a limit, and a guest would act without one."))
UNLIMITED = Sentence("guest.unlimited", N_("Have somebody invite whose role has no limit."))
UNKNOWN_ACT = Sentence("guest.act", N_("A guest cannot be let do “{act}” here."))
OVER = Sentence("guest.over", N_("The link of {name} is over: it was ended, or its time has passed."))
INVITE_AGAIN = Sentence("guest.invite_again", N_("Invite them again."))
NOTHING_WAITS = Sentence("guest.nothing_waits", N_("Nothing waits for {name}: what was asked is answered."))
REMINDED = Sentence("guest.reminded", N_("{name} was reminded less than {hours} hours ago."))
CODE_MAILED = Sentence("came.code_mailed", N_("Let in by a one-time code that was mailed to the address named in the link."))
CODE_IN_OUTBOX = Sentence(
    "came.code_in_outbox", N_("Let in by a one-time code that was not mailed: it stood in the outbox of {host}, whose members could read it.")
)
MAIL_REPLY = Sentence("came.mail_reply", N_("Sent as a reply to the mail with the link, from the address that it went to."))

DEFAULT_DAYS, MOST_DAYS = 14, 90
CODE_MIN, CODE_TRIES = 15, 5
CODES_AN_HOUR, CODES_A_DAY = 5, 12
"""Codes sent for one link: with five tries each, guessing one of a million is hopeless."""
REMIND_AFTER_H = 20
ASK_AGAIN_AFTER_H = 24
INVITERS = ("administrator", "manager", "signatory", "approver", "requester")
Name = Annotated[str, Len(1, 120)]


def _nothing(organization: UUID) -> Mapping[str, Sequence[Reason]]:
    return {}


@dataclass(frozen=True)
class Thing:
    """What a guest can be invited to: its audience, how people call it, and the actions that a guest may be let do about it."""

    audience: UUID
    reference: str
    title: str | Reason
    acts: tuple[str, ...]
    looks: tuple[str, ...] = ()
    """Actions that every guest of it may do: opening what stands on its page."""
    waits: Callable[[UUID], Mapping[str, Sequence[Reason]]] = _nothing
    """What waits now for whoever acts for an organization, by the action that does it; named in the mails."""

    def waiting(self, organization: UUID, acts: Iterable[str]) -> list[Reason]:
        """What waits for a guest who may do these."""
        found = self.waits(organization)
        return [reason for act in dict.fromkeys(acts) for reason in found.get(act, ())]


THINGS: dict[str, Callable[[UUID], Thing | None]] = {}
"""By kind: how to find a thing that guests can be invited to. Each app adds its own."""


def things(kind: str) -> Callable[[Callable[[UUID], Thing | None]], Callable[[UUID], Thing | None]]:
    """Make a function the way to find the thing of that kind; None where it names nothing that may be seen."""

    def register(find: Callable[[UUID], Thing | None]) -> Callable[[UUID], Thing | None]:
        THINGS[kind] = find
        return find

    return register


@action("guest.invited", roles=INVITERS)
def invite_guest(
    *,
    by: By,
    at: datetime,
    kind: Annotated[str, Len(1, 20)],
    about: UUID,
    email: str,
    name: Name,
    acts: Annotated[list[str], Len(1)],
    acts_for: UUID | None = None,
    days: Annotated[int, Ge(1), Le(MOST_DAYS)] = DEFAULT_DAYS,
    language: Annotated[str, MaxLen(8)] = "",
    note: Annotated[str, MaxLen(2000)] = "",
) -> Done:
    """Send somebody without log-in a link to one thing. They act for this organization, or for one that takes part and has no members of its own."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadInput(email=MAIL(mail=email)) from error
    thing = THINGS[kind](about) if kind in THINGS else None
    if thing is None:
        raise NotFound(about)
    theirs = Organization.objects.filter(pk=acts_for or by.organization).first()
    if theirs is None:
        raise NotFound(acts_for)
    _may_hand_on(by, at, kind, about, thing, acts, theirs)
    secret = secrets.token_urlsafe(32)
    row = GuestLink(
        audience_id=thing.audience,
        organization=theirs,
        invited_by_organization_id=by.organization,
        invited_by=by.user,
        about_kind=kind,
        about_id=about,
        about_reference=thing.reference,
        acts=list(dict.fromkeys((*acts, *thing.looks))),
        email=email,
        name=name,
        language=language or theirs.language,
        token_hash=digest(secret),
        since=at,
        expires_at=datetime.now(UTC) + timedelta(days=days),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise Refuse(NOT_PARTY(organization=theirs.name)) from fault
    guest_mails.send_link(by, row, thing.title, mail.address(f"/g/{secret}/"), thing.waiting(theirs.pk, acts), note)
    return decide(by, at, "guest.invited", row, private={"name": name, "mail": email})


@action("guest.ended", roles=INVITERS)
def end_guest(*, by: By, at: datetime, link: UUID) -> Done:
    """End a guest's link now; what was done by it stays."""
    held = locked(by, link)
    if held.revoked_at is not None:
        raise NotFound(link)
    held.revoked_at = at
    held.save(update_fields=["revoked_at"])
    return decide(by, at, "guest.ended", held)


def _may_hand_on(by: By, at: datetime, kind: str, about: UUID, thing: Thing, acts: list[str], theirs: Organization) -> None:
    """Nobody hands on more than they may do themselves; for an organization without members whoever works with it may."""
    if unknown := next((act for act in acts if act not in thing.acts), None):
        raise BadInput(acts=UNKNOWN_ACT(act=unknown))
    if theirs.pk != by.organization:
        if is_enrolled(theirs.pk, at):
            raise Refuse(ENROLLED(organization=theirs.name))
        return
    for lack in not_to_hand_on(by, at, kind, about, acts).values():
        raise Refuse(lack)


def not_to_hand_on(by: By, at: datetime, kind: str, about: UUID, acts: Iterable[str]) -> dict[str, Reason]:
    """Of these acts those that a member may not hand on to a guest of their own organization, each with the reason."""
    touched = roles.places_of(kind, about)
    held = [grant for grant in roles.granted(by, at) if roles.covers(grant, touched)]
    found: dict[str, Reason] = {}
    for act in acts:
        needed = ACTIONS[act].roles
        reaching = [grant for grant in held if grant.role in needed]
        if needed and not reaching:
            found[act] = roles.missing(by, needed)
        elif reaching and all(grant.limit_amount is not None for grant in reaching):
            found[act] = LIMITED(name=by.name, roles=", ".join(sorted({grant.role for grant in reaching})), cure=UNLIMITED())
    return found


def locked(by: By, key: UUID) -> GuestLink:
    """A link that the acting organization sent or that acts for it, locked. Raises NotFound."""
    held = GuestLink.objects.select_for_update().filter(id=key).first()
    if held is None or by.organization not in (held.organization_id, held.invited_by_organization_id):
        raise NotFound(key)
    return held


@action("guest.reminded", roles=INVITERS)
def remind_guest(*, by: By, at: datetime, link: UUID) -> Done:
    """Remind a guest by mail of what waits for them; refused where nothing does, and soon after the last time."""
    held = locked(by, link)
    thing = THINGS[held.about_kind](held.about_id)
    now = datetime.now(UTC)
    if thing is None or held.revoked_at is not None or held.expires_at <= now:
        raise Refuse(OVER(name=held.name, cure=INVITE_AGAIN()), about=held)
    waits = thing.waiting(held.organization_id, held.acts)
    if not waits:
        raise Refuse(NOTHING_WAITS(name=held.name), about=held)
    if Message.objects.filter(link=held, kind="reminder", made_at__gt=now - timedelta(hours=REMIND_AFTER_H)).exists():
        raise Refuse(REMINDED(name=held.name, hours=REMIND_AFTER_H), about=held)
    guest_mails.send_reminder(by, held, thing.title, waits)
    return decide(by, at, "guest.reminded", held)


@roles.places("link")
def _link_place(key: UUID) -> roles.Place | None:
    """Where the thing of a link lies."""
    link = GuestLink.objects.filter(id=key).first()
    return next(iter(roles.places_of(link.about_kind, link.about_id)), None) if link else None


def is_enrolled(organization: UUID, at: datetime) -> bool:
    """Whether an organization has anybody with a log-in who could act for it."""
    with connection.cursor() as cursor:
        cursor.execute("select is_enrolled(%s, %s)", [organization, at])
        return bool(cursor.fetchone()[0])


def in_force(about: UUID, act: str) -> list[GuestLink]:
    """The links to a thing that still open it and let their holders do that, by the real clock."""
    return list(GuestLink.objects.filter(about_id=about, acts__contains=[act], revoked_at=None, expires_at__gt=datetime.now(UTC)).order_by("since"))


@dataclass(frozen=True)
class Guest:
    """A link as the door sees it."""

    link: UUID
    organization: UUID
    organization_name: str
    audience: UUID
    about_kind: str
    about_id: UUID
    about_reference: str
    acts: tuple[str, ...]
    email: str
    name: str
    language: str
    expires_at: datetime
    revoked_at: datetime | None
    host: UUID
    host_name: str

    @property
    def is_open(self) -> bool:
        """Neither ended nor past its time, by the real clock."""
        return self.revoked_at is None and datetime.now(UTC) < self.expires_at

    @property
    def by(self) -> By:
        """The guest as actor."""
        return By(organization=self.organization, door="link", link=self.link, name=self.name, role="guest")

    def let_in(self, came: Reason) -> By:
        """The same, with how they were let in, which stands in every entry of theirs."""
        return replace(self.by, came=(came,))


GUEST = tuple(field.name for field in fields(Guest))


def digest(secret: str) -> str:
    """What is kept of a link's secret or a code."""
    return hashlib.sha256(secret.encode()).hexdigest()


def by_secret(secret: str) -> Guest | None:
    """The link of a secret, whatever became of it; None for one that never was."""
    with connection.cursor() as cursor:
        cursor.execute("select * from guest_link(%s)", [digest(secret)])
        found = cursor.fetchone()
    return Guest(**dict(zip(GUEST, (*found[:7], tuple(found[7]), *found[8:]), strict=True))) if found else None


def send_code(guest: Guest, at: datetime) -> bool:
    """A fresh code to the address that the link was sent to, in place of any earlier one; False where too many were sent in the last hour or day."""
    code = f"{secrets.randbelow(10**6):06d}"
    now = datetime.now(UTC)
    with transaction.atomic(durable=True):
        set_context(_host(guest), at)
        link = GuestLink.objects.select_for_update().get(id=guest.link)
        sent = GuestCode.objects.filter(link_id=guest.link)
        sent.filter(made_at__lte=now - timedelta(days=1), used_at=None).delete()
        for hours, most in ((1, CODES_AN_HOUR), (24, CODES_A_DAY)):
            if sent.filter(made_at__gt=now - timedelta(hours=hours)).count() >= most:
                return False
        sent.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
        until = now + timedelta(minutes=CODE_MIN)
        GuestCode.objects.create(link_id=guest.link, code_hash=_mixed(guest, code), made_at=now, expires_at=until, is_mailed=mail.is_set_up())
        guest_mails.send_code(_host(guest), link, code, CODE_MIN)
    return True


def try_code(guest: Guest, code: str) -> Reason | None:
    """How the guest came in, where the code is the one that was sent; else None. Each try counts, and a code opens once."""
    now = datetime.now(UTC)
    with transaction.atomic():
        held = GuestCode.objects.select_for_update().filter(link_id=guest.link, used_at=None, expires_at__gt=now, tries__lt=CODE_TRIES).first()
        if held is None:
            return None
        if not hmac.compare_digest(held.code_hash, _mixed(guest, code)):
            GuestCode.objects.filter(id=held.id).update(tries=F("tries") + 1)
            return None
        GuestCode.objects.filter(id=held.id).update(used_at=now)
        return CODE_MAILED() if held.is_mailed else CODE_IN_OUTBOX(host=guest.host_name)


def waits_for_code(guest: Guest) -> bool:
    """Whether a code is out that can still be entered."""
    return GuestCode.objects.filter(link_id=guest.link, used_at=None, expires_at__gt=datetime.now(UTC), tries__lt=CODE_TRIES).exists()


def ask_again(guest: Guest, at: datetime) -> bool:
    """Tell whoever invited the guest that a new link is wanted; False where they were told within a day, or are gone."""
    with transaction.atomic(durable=True):
        set_context(_host(guest), at)
        link = GuestLink.objects.select_for_update().get(id=guest.link)
        if Message.objects.filter(link=link, kind="notice", made_at__gt=datetime.now(UTC) - timedelta(hours=ASK_AGAIN_AFTER_H)).exists():
            return False
        return guest_mails.ask_for_new_link(_host(guest), link) is not None


def _host(guest: Guest) -> By:
    return By(organization=guest.host, door="link", name=guest.name)


def _mixed(guest: Guest, code: str) -> str:
    return digest(f"{guest.link}:{code}")
