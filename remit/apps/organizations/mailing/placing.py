"""One mail that came in: which mail it answers, whether it may, where it lands; and what becomes of those that cannot be placed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from remit.apps.organizations.acting import NO_TEXT, Upload, own_audience
from remit.apps.organizations.guests import MAIL_REPLY, Guest
from remit.apps.organizations.mailing import answering
from remit.apps.organizations.mailing.landing import LANDINGS, Landed, Reply
from remit.apps.organizations.mailing.sending import in_words
from remit.apps.organizations.models import GuestLink, Message, ReceivedMail
from remit.apps.records import clock, log
from remit.apps.records.context import By, reading, set_context
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.record.decision import stated
from remit.formats.mail.values import Bounce, Checked, Incoming

CHECKED = Sentence("came.mail_checked", N_("{server} checked the sender: SPF {spf}, DKIM {dkim}, DMARC {dmarc}."))
UNCHECKED = Sentence("came.mail_unchecked", N_("No server that is trusted here said whether the sender's address is real."))

NO_KEY = Sentence("mail.no_key", N_("It answers no mail of ours."))
UNKNOWN = Sentence("mail.unknown_key", N_("The mail that it answers is not known here."))
NO_ANSWERS = Sentence("mail.no_answers", N_("The mail that it answers takes no answers by mail; open the link in it."))
OTHER_SENDER = Sentence(
    "mail.other_sender", N_("It came from another address than the one that the mail was sent to. Answer from that address, or open the link.")
)
MANY_SENDERS = Sentence("mail.many_senders", N_("It names several senders, or none, so that nobody can tell whose it is."))
DISOWNED = Sentence("mail.disowned", N_("The sender's domain disowns it (DMARC), so it may be forged."))
EXPIRED = Sentence("mail.expired", N_("The link was good until {until} and opens nothing any more. Open it to ask for a new one."))
ENDED = Sentence("mail.ended", N_("{host} ended the link, so it opens nothing any more."))
NOTHING = Sentence("mail.nothing", N_("It holds neither text of its own nor a file."))
LEFT_OUT = Sentence("mail.left_out", N_("It holds “{kind}”, which is not read. Attach the files themselves."))
BOUNCED = Sentence("mail.bounced", N_("The mail came back: {why}"))
DELAYED = Sentence("mail.delayed", N_("The mail has not arrived yet; the other server goes on trying: {why}"))
NO_REASON = Sentence("mail.no_reason", N_("the other server gave no reason."))
NO_SUCH_ADDRESS = Sentence("mail.no_such_address", N_("there is no such address ({says})."))
BOX_FULL = Sentence("mail.box_full", N_("the mailbox is full ({says})."))
NOT_WANTED = Sentence("mail.not_wanted", N_("the other server does not take it ({says})."))
SAYS = Sentence("mail.says", N_("{says}."))
AUTOMATIC = Sentence("mail.automatic", N_("A program sent it ({header}), so it was only noted."))

ANSWER_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Spot:
    """Where a mail lies: the mailbox with its UIDVALIDITY, hashed, and its number there."""

    mailbox: str
    uid: str


@dataclass
class Verdict:
    """What becomes of a mail. `answer`: the sender is told why."""

    outcome: str
    organization: UUID
    reasons: tuple[Reason, ...] = ()
    message: Message | None = None
    link: GuestLink | None = None
    answer: bool = False
    told: tuple[Reason, ...] = field(default=())
    """What the answer says, where it is not all of `reasons`."""
    taken: tuple[Reason, ...] = ()


def key_of(mail: Incoming, content: bytes) -> str:
    """Names the mail wherever it turns up: by Message-ID and sender, for one mail may arrive twice; else by its bytes."""
    named = f"{mail.message_id}\n{mail.sender}".encode() if mail.message_id else content
    return hashlib.sha256(named).hexdigest()


def is_handled(key: str) -> bool:
    """Whether that mail was handled before, by anybody."""
    with connection.cursor() as cursor:
        cursor.execute("select mail_is_handled(%s)", [key])
        return bool(cursor.fetchone()[0])


def operator() -> UUID | None:
    """The organization that runs the installation; None before it is founded."""
    with connection.cursor() as cursor:
        cursor.execute("select operator_organization()")
        found: UUID | None = cursor.fetchone()[0]
    return found


def handle(mail: Incoming, key: str, spot: Spot, authserv: str = "") -> str:
    """Place the mail, or say why not; once, however often and by however many processes it is called. Gives the outcome; empty where it was handled."""
    if is_handled(key):
        return ""
    verdict = _verdict(mail, key, authserv)
    if verdict is None:
        return ""
    return verdict.outcome if _kept(mail, key, spot, verdict) else ""


def refuse(mail: Incoming, key: str, spot: Spot, reason: Reason) -> str:
    """A mail whose content was not read at all: too large, or unreadable. Its head tells whom to tell."""
    if is_handled(key):
        return ""
    found = _found(mail)
    home = found[1] if found else operator()
    if home is None:
        return ""
    message, link = _rows(found) if found else (None, None)
    is_ours = message is not None and message.to_email.lower() == mail.sender
    verdict = Verdict("unplaced", home, (reason,), message, link, answer=is_ours and not mail.automatic)
    return verdict.outcome if _kept(mail, key, spot, verdict) else ""


def _verdict(mail: Incoming, key: str, authserv: str) -> Verdict | None:
    found = _found(mail)
    home = found[1] if found else operator()
    if home is None:
        return None
    if found is None:
        reason = AUTOMATIC(header=mail.automatic) if mail.automatic else UNKNOWN() if mail.keys else NO_KEY()
        outcome = "automatic" if mail.automatic else "unplaced"
        return Verdict(outcome, home, (reason,), answer=bool(mail.keys) and not mail.automatic and _may_tell(mail))
    message, link = _rows(found)
    if mail.bounce is not None:
        return Verdict("bounce", home, (bounce_reason(mail.bounce),), message, link)
    if mail.automatic:
        return Verdict("automatic", home, (AUTOMATIC(header=mail.automatic),), message, link)
    if refusal := _refusal(mail, message, link):
        return Verdict("unplaced", home, (refusal,), message, link, answer=_may_tell(mail))
    assert link is not None
    return _landed(mail, key, authserv, message, link)


def _may_tell(mail: Incoming) -> bool:
    """A sender that is likely forged is told nothing: the answer would go to somebody who wrote nothing."""
    return bool(mail.sender) and not mail.has_many_senders and not (mail.checked and mail.checked.failed)


def _refusal(mail: Incoming, message: Message, link: GuestLink | None) -> Reason | None:
    """Why this sender may not answer that mail now, whatever is in it."""
    if mail.has_many_senders:
        return MANY_SENDERS()
    if mail.checked is not None and mail.checked.failed:
        return DISOWNED()
    if mail.sender != message.to_email.lower():
        return OTHER_SENDER()
    if link is None or link.email.lower() != mail.sender or link.about_kind not in LANDINGS:
        return NO_ANSWERS()
    if link.revoked_at is not None:
        return ENDED(host=link.invited_by_organization.name)
    if link.expires_at <= datetime.now(UTC):
        return EXPIRED(until=link.expires_at)
    return None


def _landed(mail: Incoming, key: str, authserv: str, message: Message, link: GuestLink) -> Verdict:
    known = _known(mail.checked, authserv)
    files = tuple(Upload.of(NO_TEXT.sub("", file.name), file.content) for file in mail.files)
    text = NO_TEXT.sub("", mail.text).strip()
    left = tuple(LEFT_OUT(kind=kind) for kind in mail.left_out)
    if not text and not files:
        return Verdict("unplaced", message.organization_id, (*left, *(() if left else (NOTHING(),))), message, link, answer=True)
    by = replace(guest_of(link).by, came=(MAIL_REPLY(), known))
    reply = Reply(by, clock.now(), link.about_id, tuple(link.acts), message.body, text, files, key[:40])
    landed: Landed = LANDINGS[link.about_kind](reply)
    faults = (*landed.faults, *left)
    outcome = "placed" if not faults else "partly" if landed.taken else "unplaced"
    reasons = (*landed.taken, *faults, *landed.notes, known)
    return Verdict(outcome, message.organization_id, reasons, message, link, answer=bool(faults), told=faults, taken=landed.taken)


def _known(checked: Checked | None, authserv: str) -> Reason:
    if checked is None:
        return UNCHECKED()
    return CHECKED(server=authserv, spf=checked.spf or "none", dkim=checked.dkim or "none", dmarc=checked.dmarc or "none")


def guest_of(link: GuestLink) -> Guest:
    """The link as the door sees it, from its row."""
    return Guest(
        link=link.id,
        organization=link.organization_id,
        organization_name=link.organization.name,
        audience=link.audience_id,
        about_kind=link.about_kind,
        about_id=link.about_id,
        about_reference=link.about_reference,
        acts=tuple(link.acts),
        email=link.email,
        name=link.name,
        language=link.language,
        expires_at=link.expires_at,
        revoked_at=link.revoked_at,
        host=link.invited_by_organization_id,
        host_name=link.invited_by_organization.name,
    )


def _found(mail: Incoming) -> tuple[UUID, UUID] | None:
    """(message, organization) of the first key that is one."""
    with connection.cursor() as cursor:
        for key in mail.keys:
            cursor.execute("select message, organization from message_by_reply_key(%s)", [key])
            if found := cursor.fetchone():
                return found[0], found[1]
    return None


def _rows(found: tuple[UUID, UUID]) -> tuple[Message, GuestLink | None]:
    """The mail, and the guest's link that it is about, as the organization that sent it sees them."""
    with reading(_remit(found[1]), clock.now()):
        message = Message.objects.select_related("organization").get(id=found[0])
        link = GuestLink.objects.select_related("organization", "invited_by_organization").filter(id=message.link_id).first() if message.link_id else None
    return message, link


def _remit(organization: UUID) -> By:
    return By(organization=organization, door="job", name="Remit")


def bounce_reason(bounce: Bounce) -> Reason:
    """Why a mail came back or waits, in words, by its status (RFC 3463) with what the other server said."""
    says = bounce.says or bounce.status
    match bounce.status[1:]:
        case ".1.1" | ".1.2" | ".1.3" | ".1.10" | ".2.1":
            why = NO_SUCH_ADDRESS(says=says)
        case ".2.2":
            why = BOX_FULL(says=says)
        case _:
            why = NO_REASON() if not says else NOT_WANTED(says=says) if bounce.status.startswith("5.7") else SAYS(says=says.rstrip("."))
    return BOUNCED(why=why) if bounce.is_final else DELAYED(why=why)


def _kept(mail: Incoming, key: str, spot: Spot, verdict: Verdict) -> bool:
    """Note what became of it, mark what came back, write the answer: all or nothing. False where another process did so first."""
    now, at = datetime.now(UTC), clock.now()
    by = _remit(verdict.organization)
    try:
        with transaction.atomic(durable=True):
            set_context(by, at)
            row = ReceivedMail.objects.create(**_row(mail, key, spot, verdict, now))
            if verdict.outcome == "bounce" and mail.bounce is not None and verdict.message is not None:
                _mark_bounced(by, at, verdict, mail.bounce.is_final, now)
            if verdict.answer and not _was_answered(mail.sender, now):
                ReceivedMail.objects.filter(id=row.id).update(answered_at=now)
                answering.write(by, mail, verdict.link, verdict.told or verdict.reasons, verdict.taken)
    except IntegrityError:
        return False
    return True


def _row(mail: Incoming, key: str, spot: Spot, verdict: Verdict, now: datetime) -> dict[str, Any]:
    shown = {name: NO_TEXT.sub("", text) for name, text in (("from_email", mail.sender), ("from_name", mail.sender_name), ("subject", mail.subject))}
    return {
        "organization_id": verdict.organization,
        "key": key,
        "mailbox": spot.mailbox,
        "uid": spot.uid,
        "received_at": now,
        **shown,
        "outcome": verdict.outcome,
        "reasons": as_json(verdict.reasons),
        "file_count": len(mail.files),
        "message_id": verdict.message.id if verdict.message else None,
        "about_reference": verdict.message.about_reference if verdict.message else "",
    }


def as_json(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """As they are kept, to be said again in any language."""
    return [{"code": each.code, "values": dict(each.values), "says": each.says} for each in map(stated, reasons)]


def _mark_bounced(by: By, at: datetime, verdict: Verdict, is_final: bool, now: datetime) -> None:
    """On the mail itself, which its thing and its writer show; a mail that came back for good stands in the record."""
    assert verdict.message is not None
    why = verdict.reasons[0]
    values: dict[str, Any] = {"problem": in_words(verdict.organization, why)}
    if is_final:
        values |= {"bounced_at": now, "put_aside_at": None}
    Message.objects.filter(id=verdict.message.id).update(**values)
    if is_final:
        audience = verdict.link.audience_id if verdict.link else own_audience(by, at)
        log.append(by, at, kind="mail.returned", outcome="observed", about=verdict.link or verdict.message, audiences=[audience], reasons=[why])


def _was_answered(address: str, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select address_was_answered(%s, %s)", [address, now - ANSWER_EVERY])
        return bool(cursor.fetchone()[0])
