"""Sending what stands in the outbox: each mail is locked, handed to the server and marked in one transaction; what fails for now is tried again later.

A process that is killed between the server's yes and the commit sends that one mail again, with the same Message-ID: at least once, and nearly always once.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from remit.apps.organizations import mail
from remit.apps.organizations.mailing.sessions import UNWRITABLE, NoServer, connected, refusal, said, unreachable
from remit.apps.organizations.mailing.setup import current
from remit.apps.organizations.models import Message, Organization
from remit.apps.records import clock
from remit.apps.records.context import By, set_context
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats.mail.letters import Letter
from remit.formats.mail.servers import MailSettings
from remit.formats.words import Words

RUN_OUT = Sentence("mail.run_out", N_("Its code had run out before it could be sent; the guest asks for a new one."))
UNSEALED = Sentence("mail.unsealed", N_("What is sealed in it cannot be opened with the installation's key."))
GIVEN_UP = Sentence("mail.given_up", N_("Given up after {hours} hours. {why}"))

BATCH = 20
GIVE_UP_AFTER = timedelta(hours=72)
CODE_LIVES = timedelta(minutes=15)
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=4)
ANSWERABLE = frozenset({"bring_paper", "answer_request"})
"""What a guest does by answering a mail."""
log = structlog.get_logger(__name__)


@dataclass
class Passed:
    """What one pass did."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0
    trouble: Reason | None = None


def send_due(most: int = BATCH) -> Passed:
    """Send what is due, oldest first; stops where the server itself fails, and says why. Safe to run in several processes at once."""
    passed, settings = Passed(), current()
    due = _due(most) if settings.smtp else []
    if settings.smtp is None or not due:
        return passed
    turn = due[0]
    try:
        with connected(settings.smtp) as server:
            for turn in due:
                _count(passed, _send(server, settings, *turn))
    except NoServer as trouble:
        passed.trouble = trouble.reason
        _count(passed, _note_trouble(*turn, trouble.reason))
    return passed


def _due(most: int) -> list[tuple[UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute("select message, organization from mails_due(%s, %s)", [datetime.now(UTC), most])
        return cursor.fetchall()


def _count(passed: Passed, outcome: str) -> None:
    match outcome:
        case "sent":
            passed.sent += 1
        case "failed":
            passed.failed += 1
        case "put_off":
            passed.put_off += 1


def _send(server: smtplib.SMTP, settings: MailSettings, key: UUID, organization: UUID) -> str:
    """sent, failed, put_off; or taken where another process has it."""
    with transaction.atomic(durable=True):
        set_context(By(organization=organization, door="job", name="Remit"), clock.now())
        row = Message.objects.select_for_update(skip_locked=True).filter(id=key, sent_at=None, failed_at=None, is_held=False).first()
        now = datetime.now(UTC)
        if row is None or (row.next_try_at is not None and row.next_try_at > now):
            return "taken"
        return _marked(row, _handed_over(server, settings, row, now), now)


def _handed_over(server: smtplib.SMTP, settings: MailSettings, row: Message, now: datetime) -> tuple[Reason, bool] | None:
    """None where the server took it; else why not, and whether that is final."""
    if row.kind == "code" and now - row.made_at > CODE_LIVES:
        return RUN_OUT(), True
    try:
        message = letter_of(row, settings, now).message()
        server.send_message(message, from_addr=settings.sender, to_addrs=[row.to_email])
    except InvalidTag:
        return UNSEALED(), True
    except OSError as fault:
        # smtplib's own exceptions are among these.
        if isinstance(fault, smtplib.SMTPException) and not isinstance(fault, smtplib.SMTPServerDisconnected):
            return refusal(fault)
        assert settings.smtp is not None
        raise NoServer(unreachable(fault, settings.smtp)) from fault
    except (ValueError, UnicodeError) as fault:
        return UNWRITABLE(problem=said(fault)), True
    return None


def _marked(row: Message, refused: tuple[Reason, bool] | None, now: datetime) -> str:
    row.tries += 1
    if refused is None:
        row.sent_at, row.problem, outcome = now, "", "sent"
    else:
        why, is_final = refused
        if not is_final and now - row.made_at > GIVE_UP_AFTER:
            why, is_final = GIVEN_UP(hours=int(GIVE_UP_AFTER.total_seconds() // 3600), why=why), True
        row.problem = in_words(row.organization_id, why)
        if is_final:
            row.failed_at, outcome = now, "failed"
        else:
            row.next_try_at, outcome = now + delay(row.tries), "put_off"
    row.save(update_fields=["tries", "sent_at", "failed_at", "next_try_at", "problem"])
    return outcome


def _note_trouble(key: UUID, organization: UUID, why: Reason) -> str:
    """The mail whose turn it was tells what keeps all of them; it is put off, so that none alone stands in the way of the others."""
    with transaction.atomic(durable=True):
        set_context(By(organization=organization, door="job", name="Remit"), clock.now())
        row = Message.objects.select_for_update(skip_locked=True).filter(id=key, sent_at=None, failed_at=None).first()
        return _marked(row, (why, False), datetime.now(UTC)) if row is not None else "taken"


def delay(tries: int) -> timedelta:
    """Until the next try: a minute, then twice as long each time, up to four hours."""
    return min(FIRST_DELAY * 2 ** min(tries - 1, 10), LONGEST_DELAY)


def in_words(organization: UUID, why: Reason) -> str:
    """A reason in the language of the organization that reads it, as long as the row holds."""
    language = Organization.objects.filter(pk=organization).values_list("language", flat=True).first() or "en"
    return Words(language).reason(why)[:300]


def letter_of(row: Message, settings: MailSettings, now: datetime) -> Letter:
    """The mail as it goes out. Raises InvalidTag where its sealed part cannot be opened."""
    text = mail.text_of(row)
    reply_to = settings.mailbox.reply_address(row.reply_key) if settings.mailbox else ""
    if reply_to and row.kind != "code" and row.link is not None and row.link.email == row.to_email and ANSWERABLE & set(row.link.acts):
        with override(row.language or "en"):
            how = _("You can also answer this mail from this address: what you write answers the question, and files that you attach are taken in.")
        text = f"{text.rstrip()}\n\n{how}"
    return Letter(
        sender=settings.sender,
        sender_name=row.organization.name,
        to=row.to_email,
        to_name=row.to_name,
        subject=row.subject,
        text=text,
        key=row.reply_key,
        written_at=now,
        reply_to=reply_to,
        language=row.language,
        answers=row.in_reply_to,
    )
