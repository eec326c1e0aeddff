"""The verbs of mail: try the servers out, send what waits, put aside what failed or could not be placed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import MaxLen
from django.utils.translation import gettext as _

from remit.apps.organizations import mail
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.organizations.mailing import trying
from remit.apps.organizations.mailing.outbox import readable
from remit.apps.organizations.mailing.setup import current
from remit.apps.organizations.mailing.trying import NO_ADDRESS, NO_SMTP, Tried
from remit.apps.organizations.models import Message, Organization, ReceivedMail, User
from remit.apps.organizations.roles import lacks
from remit.apps.records.context import By, reading
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats.mail.servers import ADDRESS

ALREADY_SENT = Sentence("mail.already_sent", N_("It was sent already."))
NOT_BACK = Sentence("mail.not_back", N_("It neither failed nor came back, so there is nothing to put aside."))


def _try(*, by: By, at: datetime, what: str = "", to: str = "") -> Tried | None:
    """Outside any transaction, for a server may take its time; and for administrators alone, for what is sent cannot be called back."""
    with reading(by, at):
        if lacks(by, at, ("administrator",)) or (by.scopes is not None and not by.scopes & {"try_mail", "*"}):
            return None
        own = User.objects.get(pk=by.user).email if by.user else ""
    if what == "receiving":
        return trying.try_receiving(current())
    if what != "sending" or (to and not ADDRESS.fullmatch(to)):
        return None
    return trying.try_sending(current(), to or own, _("Remit: test"), _("This mail was sent to try the mail server out."))


@action("mail.tested", roles=("administrator",), prepare=_try)
def try_mail(*, by: By, at: datetime, what: Literal["sending", "receiving"], to: Annotated[str, MaxLen(254)] = "", prepared: Tried | None) -> Done:
    """Try the mail servers out: send a mail to an address (one's own, where none is named), or look into the mailbox. What was found stands in the record."""
    if to and not ADDRESS.fullmatch(to):
        raise BadInput(to=NO_ADDRESS(address=to))
    assert prepared is not None
    # All members read the record: an address stands in it as a commitment only.
    values = dict(prepared.reason.values) | ({"address": "…"} if "address" in prepared.reason.values else {})
    reason = Reason(prepared.reason.code, values)
    about = Organization.objects.get(pk=by.organization)
    return decide(by, at, "mail.tested", about, audiences=[own_audience(by, at)], reasons=[reason], private={"mail": to})


@action("mail.released", roles=())
def send_mail_now(*, by: By, at: datetime, message: UUID) -> Done:
    """Send a mail that was written before mail was set up, or try one again that failed; for its writer and for administrators."""
    row = readable(by, at).select_for_update().filter(id=message).first()
    if row is None:
        raise NotFound(message)
    if not mail.is_set_up():
        raise BadInput(message=NO_SMTP())
    if row.sent_at is not None:
        raise Refuse(ALREADY_SENT(), audience=own_audience(by, at))
    # It is as new: what it says of times was said when it was written, and it is given up only after the whole span again.
    row.is_held, row.failed_at, row.next_try_at, row.tries, row.problem, row.put_aside_at = False, None, None, 0, "", None
    row.save(update_fields=["is_held", "failed_at", "next_try_at", "tries", "problem", "put_aside_at"])
    return decide(by, at, "mail.released", row, audiences=[own_audience(by, at)])


@action("mail.put_aside", roles=())
def put_mail_aside(*, by: By, at: datetime, message: UUID | None = None, received: UUID | None = None) -> Done:
    """Say that a mail which failed, came back or could not be placed is dealt with; it no longer asks for attention. Sent mails: writer and administrators."""
    now = datetime.now(UTC)
    if message is not None:
        row = readable(by, at).select_for_update().filter(id=message).first()
        if row is None:
            raise NotFound(message)
        if row.failed_at is None and row.bounced_at is None:
            raise BadInput(message=NOT_BACK())
        Message.objects.filter(id=row.id).update(put_aside_at=now)
        return decide(by, at, "mail.put_aside", row, audiences=[own_audience(by, at)])
    if received is None:
        raise NotFound("message")
    if lack := lacks(by, at, ("administrator",)):
        raise Refuse(lack, audience=own_audience(by, at))
    came = ReceivedMail.objects.select_for_update().filter(id=received, outcome__in=("unplaced", "partly")).first()
    if came is None:
        raise NotFound(received)
    ReceivedMail.objects.filter(id=came.id).update(put_aside_at=now)
    return decide(by, at, "mail.put_aside", came, audiences=[own_audience(by, at)])
