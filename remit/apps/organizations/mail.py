"""Mails of an organization: written into its outbox inside the action, sent afterwards by the job; without a mail server they stay there to be copied."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from remit.apps.organizations.models import GuestLink, Message, User
from remit.apps.records import clock
from remit.apps.records.context import By, set_context
from remit.apps.records.keys import uuid7
from remit.apps.records.secret import seal, unseal

SECRET = "{secret}"


class NoOrganization(Exception):
    """There is no organization in whose outbox the mail could stand."""


def write(
    by: By,
    *,
    kind: str,
    to_email: str,
    to_name: str,
    language: str,
    subject: str,
    body: str,
    secret: str = "",
    link: GuestLink | None = None,
    about: tuple[str, UUID, str] | None = None,
) -> Message:
    """Put a mail into the outbox of the acting organization. `body` says {secret} where the sealed text (a link, a code) stands.

    `about`: kind, key and reference of what it is about, where it goes to no guest.
    """
    key = uuid7()
    kind_of, of, reference = about or ((link.about_kind, link.about_id, link.about_reference) if link else ("", None, ""))
    return Message.objects.create(
        id=key,
        organization_id=by.organization,
        written_by=by.user or (link.invited_by if link else None),
        is_held=not is_set_up(),
        kind=kind,
        to_email=to_email,
        to_name=to_name,
        language=language,
        subject=subject[:200],
        body=body,
        sealed=seal(secret, key.bytes) if secret else None,
        about_kind=kind_of,
        about_id=of,
        about_reference=reference,
        link=link,
        reply_key=secrets.token_hex(12),
        made_at=datetime.now(UTC),
    )


def write_account(
    kind: Literal["member", "reset", "notice"], *, to_email: str, to_name: str, language: str, subject: str, body: str, secret: str, by: By | None = None
) -> Message:
    """A mail about a log-in; `body` says {secret} where its link stands. For a member: inside the inviting action, with its `by`.

    A reset has no acting organization and no transaction yet: its mail stands in the outbox of the one organization of all memberships of that address,
    else in the operator's, whose administrators copy it where no mail is set up. Raises NoOrganization where there is none at all.
    """
    if by is not None:
        return write(by, kind=kind, to_email=to_email, to_name=to_name, language=language, subject=subject, body=body, secret=secret)
    at = clock.now()
    with transaction.atomic(durable=True):
        user = User.objects.filter(email__iexact=to_email).values_list("id", flat=True).first()
        with connection.cursor() as cursor:
            cursor.execute("select home_of_user(%s, %s)", [user, at])
            home = cursor.fetchone()[0]
        if home is None:
            raise NoOrganization(to_email)
        remit = By(organization=home, door="job", name="Remit")
        set_context(remit, at)
        return write(remit, kind=kind, to_email=to_email, to_name=to_name, language=language, subject=subject, body=body, secret=secret)


def text_of(message: Message) -> str:
    """The whole text, with what is sealed in it."""
    if message.sealed is None:
        return message.body
    return message.body.replace(SECRET, unseal(bytes(message.sealed), message.id.bytes))


def sealed_in(message: Message) -> str:
    """What is sealed in it alone."""
    return unseal(bytes(message.sealed), message.id.bytes) if message.sealed is not None else ""


def address(path: str) -> str:
    """A path of this installation as a link that works in a mail."""
    return f"{settings.ADDRESS.rstrip('/')}{path}"


def is_set_up() -> bool:
    """Whether there is a server to send by; without one the outbox is all there is."""
    return bool(settings.MAIL_URL)
