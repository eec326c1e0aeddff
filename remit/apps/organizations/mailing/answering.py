"""The mail that tells a sender why theirs could not be placed: at most one an hour to an address, and none to programs."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from remit.apps.organizations import mail
from remit.apps.organizations.models import GuestLink, Message, Organization
from remit.apps.records.context import By
from remit.domain.reasons import Reason
from remit.formats.mail.values import Incoming
from remit.formats.words import Words


def write(by: By, answered: Incoming, link: GuestLink | None, why: Iterable[Reason], taken: Iterable[Reason]) -> Message:
    """Into the outbox, as an answer to that mail. It tells a stranger nothing about the thing, nor gives their own words back."""
    is_theirs = link is not None and link.email.lower() == answered.sender
    language = (link.language if link is not None and is_theirs else "") or Organization.objects.values_list("language", flat=True).get(pk=by.organization)
    words, taken = Words(language or "en"), list(taken)
    with override(language or "en"):
        subject = _("Your mail was not taken in")
        if link is not None and is_theirs:
            subject = _("Not taken in: %(subject)s") % {"subject": answered.subject or link.about_reference}
            about = _("Your mail about %(reference)s was not taken in, or not all of it.") % {"reference": link.about_reference}
            host = _("It is kept by %(host)s. Answer this mail with what was missing, or open the link that you were sent.") % {
                "host": link.invited_by_organization.name
            }
        else:
            about, host = _("Your mail was not taken in."), ""
        had = _("Taken in:") if taken else ""
    parts = (about, _listed(words, why), had, _listed(words, taken), host)
    made = mail.write(
        by,
        kind="notice",
        to_email=answered.sender,
        to_name=answered.sender_name,
        language=language,
        subject=subject,
        body="\n\n".join(filter(None, parts)),
        link=link if is_theirs else None,
    )
    Message.objects.filter(id=made.id).update(in_reply_to=answered.message_id)
    return made


def _listed(words: Words, reasons: Iterable[Reason]) -> str:
    return "\n".join(f"– {words.reason(reason)}" for reason in reasons)
