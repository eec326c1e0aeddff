"""Mails to guests and about them: the link, the code, a question, a reminder, and a guest's wish for a new link to whoever invited them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from remit.apps.organizations import mail
from remit.apps.organizations.models import GuestLink, Message, Organization, User
from remit.apps.records import clock
from remit.apps.records.context import By
from remit.domain.reasons import Reason
from remit.formats.words import Words

QUESTIONS = ("request.open", "request.open_until")
"""Codes of the reasons that name a question which waits for its answer."""
LINKED = ("guest", "request", "reminder")
"""Kinds of mails whose sealed part is the link itself."""


def send_link(by: By, link: GuestLink, title: str | Reason, secret: str, asked: Iterable[Reason] = (), note: str = "") -> Message:
    """The invitation; where something is asked already it is named and the mail counts as a request."""
    host, asked = _name(by), list(asked)
    with override(link.language or "en"):
        subject = _("%(host)s asks you about %(thing)s (%(reference)s)") % _facts(link, host, title)
        opening = _("%(name)s, %(host)s asks you to take part in %(thing)s, %(reference)s.") % _facts(link, host, title)
    kind = "request" if any(each.code in QUESTIONS for each in asked) else "guest"
    return _written(by, link, kind, subject, (opening, *_said(link, asked), note), secret)


def send_question(by: By, link: GuestLink, title: str | Reason, asked: Iterable[Reason], note: str = "") -> Message:
    """That something is asked, or an answer was returned, with the link where this organization sent it."""
    host = _name(by)
    with override(link.language or "en"):
        subject = _("%(host)s has a question on %(thing)s (%(reference)s)") % _facts(link, host, title)
        opening = _("%(name)s, %(host)s asks you:") % _facts(link, host, title)
    return _written(by, link, "request", subject, (opening, *_said(link, asked), note), secret_of(link))


def send_reminder(by: By, link: GuestLink, title: str | Reason, waits: Iterable[Reason]) -> Message:
    """What still waits for the guest."""
    host = _name(by)
    with override(link.language or "en"):
        subject = _("Reminder: %(thing)s (%(reference)s) waits for you") % _facts(link, host, title)
        opening = _("%(name)s, this still waits for you:") % _facts(link, host, title)
    return _written(by, link, "reminder", subject, (opening, *_said(link, waits)), secret_of(link))


def send_code(host: By, link: GuestLink, code: str, minutes: int) -> Message:
    """The one-time code, to the address that the link names."""
    with override(link.language or "en"):
        subject = _("Your code for %(reference)s") % {"reference": link.about_reference}
        body = _("Your code is %(code)s. It is good for %(minutes)s minutes and opens the link that you were sent.") % {
            "code": mail.SECRET,
            "minutes": minutes,
        }
    return mail.write(host, kind="code", to_email=link.email, to_name=link.name, language=link.language, subject=subject, body=body, secret=code, link=link)


def ask_for_new_link(host: By, link: GuestLink) -> Message | None:
    """Tells whoever invited the guest that the link is over and a new one is wanted; None where there is no address to tell."""
    inviter = User.objects.filter(pk=link.invited_by, is_active=True).first() if link.invited_by else None
    if inviter is None:
        return None
    language = Organization.objects.filter(pk=host.organization).values_list("language", flat=True).first() or "en"
    with override(language):
        facts = {"name": link.name, "mail": link.email, "reference": link.about_reference}
        subject = _("%(name)s asks for a new link to %(reference)s") % facts
        body = _("%(name)s (%(mail)s) opened a link to %(reference)s that is over, and asks for a new one. Invite them again on its page.") % facts
    return mail.write(host, kind="notice", to_email=inviter.email, to_name=inviter.name, language=language, subject=subject, body=body, link=link)


def secret_of(link: GuestLink) -> str:
    """The link as it was first mailed; empty where another organization sent it."""
    sent = Message.objects.filter(link=link, kind__in=LINKED, sealed__isnull=False).order_by("made_at").first()
    return mail.sealed_in(sent) if sent else ""


def _written(by: By, link: GuestLink, kind: str, subject: str, parts: Iterable[str], secret: str) -> Message:
    with override(link.language or "en"):
        how = _("Open this link. It asks for a code that is then sent to this address, so that a forwarded link opens nothing:")
        again = _("Open the link that you were sent.")
        until = _("The link is good until %(until)s.") % {"until": Words(link.language or "en").instant(clock.shown(link.expires_at))}
    body = "\n\n".join(filter(None, (*parts, *((how, mail.SECRET) if secret else (again,)), until)))
    return mail.write(by, kind=kind, to_email=link.email, to_name=link.name, language=link.language, subject=subject, body=body, secret=secret, link=link)


def _said(link: GuestLink, reasons: Iterable[Reason]) -> list[str]:
    words = Words(link.language or "en")
    lines = [f"– {words.reason(reason)}" for reason in reasons]
    return ["\n".join(lines)] if lines else []


def _said_in(link: GuestLink, title: str | Reason) -> str:
    words = Words(link.language or "en")
    return words.reason(title) if isinstance(title, Reason) else words.text(title)


def _facts(link: GuestLink, host: str, title: str | Reason) -> dict[str, Any]:
    return {"name": link.name, "host": host, "thing": _said_in(link, title), "reference": link.about_reference}


def _name(by: By) -> str:
    return Organization.objects.get(pk=by.organization).name
