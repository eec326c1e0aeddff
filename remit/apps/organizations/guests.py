"""Guests: who acts by a scoped, expiring link and a one-time code. Inviting, letting in, and what a link lets its holder do."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from remit.apps.organizations import mail, roles
from remit.apps.organizations.acting import ACTIONS, BadInput, Done, NotFound, Refuse, action, decide
from remit.apps.organizations.founding import MAIL
from remit.apps.organizations.models import GuestCode, GuestLink, Organization
from remit.apps.records.context import By, set_context
from remit.domain.reasons import N_, Sentence

ENROLLED = Sentence("guest.enrolled", N_("{organization} has members of its own; they invite guests who act for it."))
NOT_PARTY = Sentence("guest.not_party", N_("{organization} takes no part in this, so nobody can act in it as its guest."))
UNKNOWN_ACT = Sentence("guest.act", N_("A guest cannot be let do “{act}” here."))

DEFAULT_DAYS, MOST_DAYS = 14, 90
CODE_MIN, CODE_TRIES = 15, 5
Name = Annotated[str, Len(1, 120)]


@dataclass(frozen=True)
class Thing:
    """What a guest can be invited to: its audience, how people call it, and the actions that a guest may be let do about it."""

    audience: UUID
    reference: str
    title: str
    acts: tuple[str, ...]


THINGS: dict[str, Callable[[UUID], Thing | None]] = {}
"""By kind: how to find a thing that guests can be invited to. Each app adds its own."""


def things(kind: str) -> Callable[[Callable[[UUID], Thing | None]], Callable[[UUID], Thing | None]]:
    """Make a function the way to find the thing of that kind; None where it names nothing that may be seen."""

    def register(find: Callable[[UUID], Thing | None]) -> Callable[[UUID], Thing | None]:
        THINGS[kind] = find
        return find

    return register


@action("guest.invited", roles=("administrator", "manager", "signatory", "approver", "requester"))
def invite_guest(
    *,
    by: By,
    at: datetime,
    kind: Annotated[str, Len(1, 20)],
    about: UUID,
    email: str,
    name: Name,
    acts: Annotated[list[str], Len(1)],
    organization: UUID | None = None,
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
    theirs = Organization.objects.filter(pk=organization or by.organization).first()
    if theirs is None:
        raise NotFound(organization)
    _may_hand_on(by, at, thing, acts, theirs)
    secret = secrets.token_urlsafe(32)
    row = GuestLink(
        audience_id=thing.audience,
        organization=theirs,
        invited_by_organization_id=by.organization,
        invited_by=by.user,
        about_kind=kind,
        about_id=about,
        about_reference=thing.reference,
        acts=list(dict.fromkeys(acts)),
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
    _send_link(by, row, thing, secret, note)
    return decide(by, at, "guest.invited", row, private={"name": name, "mail": email})


@action("guest.ended", roles=("administrator", "manager", "signatory", "approver", "requester"))
def end_guest(*, by: By, at: datetime, link: UUID) -> Done:
    """End a guest's link now; what was done by it stays."""
    held = GuestLink.objects.select_for_update().filter(id=link, revoked_at=None).first()
    if held is None or by.organization not in (held.organization_id, held.invited_by_organization_id):
        raise NotFound(link)
    held.revoked_at = at
    held.save(update_fields=["revoked_at"])
    return decide(by, at, "guest.ended", held)


def _may_hand_on(by: By, at: datetime, thing: Thing, acts: list[str], theirs: Organization) -> None:
    """Nobody hands on more than they may do themselves; for an organization without members whoever works with it may."""
    if unknown := next((act for act in acts if act not in thing.acts), None):
        raise BadInput(acts=UNKNOWN_ACT(act=unknown))
    if theirs.pk != by.organization:
        with connection.cursor() as cursor:
            cursor.execute("select is_enrolled(%s, %s)", [theirs.pk, at])
            if cursor.fetchone() == (True,):
                raise Refuse(ENROLLED(organization=theirs.name))
        return
    for act in acts:
        needed = ACTIONS[act].roles
        if needed and (lack := roles.lacks(by, at, needed)):
            raise Refuse(lack)


def _send_link(by: By, link: GuestLink, thing: Thing, secret: str, note: str) -> None:
    host = Organization.objects.get(pk=by.organization).name
    with override(link.language or "en"):
        subject = _("%(host)s asks you about %(thing)s (%(reference)s)") % {"host": host, "thing": thing.title, "reference": thing.reference}
        opening = _("%(name)s, %(host)s asks you to take part in %(thing)s, %(reference)s.") % {
            "name": link.name,
            "host": host,
            "thing": thing.title,
            "reference": thing.reference,
        }
        how = _("Open this link. It asks for a code that is then sent to this address, so that a forwarded link opens nothing:")
        until = _("The link is good until %(until)s UTC.") % {"until": f"{link.expires_at:%Y-%m-%d %H:%M}"}
    body = "\n\n".join(filter(None, (opening, note, how, mail.SECRET, until)))
    mail.write(
        by,
        kind="guest",
        to_email=link.email,
        to_name=link.name,
        language=link.language,
        subject=subject,
        body=body,
        secret=mail.address(f"/g/{secret}/"),
        link=link,
    )


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


def send_code(guest: Guest, at: datetime) -> None:
    """A fresh code to the address that the link was sent to, in place of any earlier one."""
    code = f"{secrets.randbelow(10**6):06d}"
    now = datetime.now(UTC)
    host = By(organization=guest.host, door="link", name=guest.name)
    with transaction.atomic(durable=True):
        set_context(host, at)
        GuestCode.objects.filter(link_id=guest.link, used_at=None).delete()
        GuestCode.objects.create(
            link_id=guest.link, code_hash=_mixed(guest, code), made_at=now, expires_at=now + timedelta(minutes=CODE_MIN), is_mailed=mail.is_set_up()
        )
        with override(guest.language or "en"):
            subject = _("Your code for %(reference)s") % {"reference": guest.about_reference}
            body = _("Your code is %(code)s. It is good for %(minutes)s minutes and opens the link that you were sent.") % {
                "code": mail.SECRET,
                "minutes": CODE_MIN,
            }
        link = GuestLink.objects.get(id=guest.link)
        mail.write(host, kind="code", to_email=guest.email, to_name=guest.name, language=guest.language, subject=subject, body=body, secret=code, link=link)


def is_let_in(guest: Guest, code: str) -> bool:
    """Whether the code is the one that was sent; each try counts, and a code opens once."""
    now = datetime.now(UTC)
    with transaction.atomic():
        held = GuestCode.objects.select_for_update().filter(link_id=guest.link, used_at=None, expires_at__gt=now, tries__lt=CODE_TRIES).first()
        if held is None:
            return False
        if not hmac.compare_digest(held.code_hash, _mixed(guest, code.strip())):
            GuestCode.objects.filter(id=held.id).update(tries=F("tries") + 1)
            return False
        GuestCode.objects.filter(id=held.id).update(used_at=now)
        return True


def _mixed(guest: Guest, code: str) -> str:
    return digest(f"{guest.link}:{code}")
