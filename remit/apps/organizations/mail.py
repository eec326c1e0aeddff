"""Mails of an organization: written into its outbox inside the action, sent afterwards by the job; without a mail server they stay there to be copied."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from django.conf import settings

from remit.apps.organizations.models import GuestLink, Message
from remit.apps.records.context import By
from remit.apps.records.keys import uuid7
from remit.apps.records.secret import seal, unseal

SECRET = "{secret}"


def write(
    by: By, *, kind: str, to_email: str, to_name: str, language: str, subject: str, body: str, secret: str = "", link: GuestLink | None = None
) -> Message:
    """Put a mail into the outbox of the acting organization. `body` says {secret} where the sealed text (a link, a code) stands."""
    key = uuid7()
    return Message.objects.create(
        id=key,
        organization_id=by.organization,
        kind=kind,
        to_email=to_email,
        to_name=to_name,
        language=language,
        subject=subject[:200],
        body=body,
        sealed=seal(secret, key.bytes) if secret else None,
        about_kind=link.about_kind if link else "",
        about_id=link.about_id if link else None,
        about_reference=link.about_reference if link else "",
        link=link,
        reply_key=secrets.token_hex(12),
        made_at=datetime.now(UTC),
    )


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
