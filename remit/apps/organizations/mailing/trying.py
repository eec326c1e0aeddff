"""Trying the mail servers out: a mail to oneself, a look into the mailbox; the answer in words, within seconds. Needs settings and no database."""

from __future__ import annotations

import secrets
import smtplib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from remit.apps.organizations.mailing.mailbox import opened
from remit.apps.organizations.mailing.sessions import UNWRITABLE, NoServer, connected, refusal, said, unreachable
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats.mail.letters import Letter
from remit.formats.mail.servers import ADDRESS, MailSettings

NO_SMTP = Sentence("mail.no_smtp", N_("No server to send by is set up (REMIT_MAIL_URL)."))
NO_BOX = Sentence("mail.no_box", N_("No mailbox for answers is set up (REMIT_MAILBOX_URL)."))
NO_ADDRESS = Sentence("mail.no_address", N_("{address} is no mail address."))
SENT = Sentence("mail.test_sent", N_("{host} took the mail to {address} after {seconds} seconds. Look whether it arrived, and whether it lies in spam."))
LOOKED = Sentence("mail.test_looked", N_("{host} opened the folder {folder} after {seconds} seconds; it holds {count} mails that wait."))


@dataclass(frozen=True)
class Tried:
    """Whether it worked, and what was found."""

    works: bool
    reason: Reason


def try_sending(settings: MailSettings, to: str, subject: str = "Remit: test", text: str = "This mail was sent to try the mail server out.") -> Tried:
    """Send a test mail now."""
    if settings.smtp is None:
        return Tried(False, NO_SMTP())
    if not ADDRESS.fullmatch(to):
        return Tried(False, NO_ADDRESS(address=to))
    began = time.monotonic()
    key = secrets.token_hex(12)
    reply_to = settings.mailbox.reply_address(key) if settings.mailbox else ""
    letter = Letter(settings.sender, "Remit", to, "", subject, text, key, datetime.now(UTC), reply_to)
    try:
        with connected(settings.smtp) as server:
            server.send_message(letter.message(), from_addr=settings.sender, to_addrs=[to])
    except NoServer as trouble:
        return Tried(False, trouble.reason)
    except smtplib.SMTPServerDisconnected as fault:
        return Tried(False, unreachable(fault, settings.smtp))
    except smtplib.SMTPException as fault:
        return Tried(False, refusal(fault)[0])
    except OSError as fault:
        return Tried(False, unreachable(fault, settings.smtp))
    except (ValueError, UnicodeError) as fault:
        return Tried(False, UNWRITABLE(problem=said(fault)))
    return Tried(True, SENT(host=settings.smtp.host, address=to, seconds=_since(began)))


def try_receiving(settings: MailSettings) -> Tried:
    """Connect, open the folder, count; nothing is fetched or marked."""
    if settings.mailbox is None:
        return Tried(False, NO_BOX())
    began = time.monotonic()
    try:
        with opened(settings.mailbox) as box:
            count = len(box.uids())
    except NoServer as trouble:
        return Tried(False, trouble.reason)
    return Tried(True, LOOKED(host=settings.mailbox.server.host, folder=settings.mailbox.folder, seconds=_since(began), count=count))


def _since(began: float) -> Decimal:
    return Decimal(f"{time.monotonic() - began:.1f}")
