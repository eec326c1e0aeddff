"""What stands in the outbox and how far each mail came, for those who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from remit.apps.organizations import mail
from remit.apps.organizations.models import Message, ReceivedMail
from remit.apps.organizations.roles import granted
from remit.apps.records.context import By
from remit.apps.records.said import Recorded, recorded
from remit.domain.reasons import N_, Reason
from remit.domain.record.decision import StatedReason

KINDS: Mapping[str, str] = {
    "guest": N_("link for a guest"),
    "code": N_("one-time code"),
    "request": N_("question"),
    "reminder": N_("reminder"),
    "member": N_("invitation to a log-in"),
    "reset": N_("new password"),
    "notice": N_("notice"),
    "digest": N_("daily digest"),
    "event": N_("told at once"),
}
STATES: Mapping[str, tuple[str, str, str]] = {
    "bounced": ("bad", "alert-triangle", N_("came back")),
    "failed": ("bad", "alert-triangle", N_("not sent")),
    "sent": ("ok", "send", N_("sent")),
    "later": ("warn", "clock", N_("tried again")),
    "waits": ("", "clock", N_("waits to be sent")),
    "held": ("", "copy", N_("to be copied")),
}
"""By state: class of the chip, icon, word."""
OUTCOMES: Mapping[str, tuple[str, str, str]] = {
    "placed": ("ok", "circle-check", N_("placed")),
    "partly": ("warn", "alert-triangle", N_("placed in part")),
    "unplaced": ("bad", "ban", N_("not placed")),
    "bounce": ("bad", "arrow-back-up", N_("mail that came back")),
    "automatic": ("", "robot", N_("a program's answer")),
}


@dataclass(frozen=True)
class Sent:
    """A mail with its state."""

    row: Message
    state: str

    @property
    def chip(self) -> tuple[str, str, str]:
        """Class, icon, word."""
        return STATES[self.state]

    @property
    def kind(self) -> str:
        """What it is for."""
        return KINDS[self.row.kind]

    @property
    def at(self) -> datetime:
        """When it got there."""
        return self.row.bounced_at or self.row.failed_at or self.row.sent_at or self.row.made_at

    @property
    def is_trouble(self) -> bool:
        """It failed or came back, and nobody has dealt with it."""
        return self.state in ("bounced", "failed") and self.row.put_aside_at is None and self.row.kind != "code"

    @property
    def is_releasable(self) -> bool:
        """It would go out if somebody said so."""
        return self.state in ("failed", "held") and mail.is_set_up()


def state_of(row: Message) -> str:
    """bounced, failed, sent, later, waits or held."""
    for state, is_so in (("bounced", row.bounced_at), ("failed", row.failed_at), ("sent", row.sent_at), ("held", row.is_held), ("later", row.tries)):
        if is_so:
            return state
    return "waits"


def is_administrator(by: By, at: datetime) -> bool:
    """Of the whole organization: one for a part of it sees no mails of others."""
    return any((grant.role, grant.scope) == ("administrator", "organization") for grant in granted(by, at))


def readable(by: By, at: datetime) -> QuerySet[Message]:
    """Mails of the organization that the member may see: administrators all, others what they wrote or what was written for their invitations."""
    rows = Message.objects.filter(organization=by.organization)
    if is_administrator(by, at):
        return rows
    # Whose log-in a mail is about is the administrators' affair.
    return rows.filter(written_by=by.user).exclude(written_by=None).exclude(kind="reset")


def with_states(rows: Iterable[Message]) -> list[Sent]:
    """Each with its state."""
    return [Sent(row, state_of(row)) for row in rows]


def in_trouble(by: By, at: datetime) -> QuerySet[Message]:
    """What failed or came back and asks for attention: one's own; and for administrators what nobody in particular wrote. A code is asked for again."""
    whose = Q(written_by=by.user) if by.user else Q(pk=None)
    if is_administrator(by, at):
        whose |= Q(written_by=None)
    troubled = Q(failed_at__isnull=False) | Q(bounced_at__isnull=False)
    return Message.objects.filter(whose, troubled, organization=by.organization, put_aside_at=None).exclude(kind="code").order_by("-made_at")


def whole_text(row: Message) -> tuple[str, str]:
    """(text, secret) as it may be shown: where mails are sent nobody sees what is sealed; else the text with it, and the secret alone to be copied."""
    if row.sealed is None:
        return row.body, ""
    if mail.is_set_up():
        return row.body.replace(mail.SECRET, "•••••"), ""
    return mail.text_of(row), mail.sealed_in(row)


def unplaced(by: By) -> QuerySet[ReceivedMail]:
    """What came in and found no place, or not wholly, newest first."""
    return ReceivedMail.objects.filter(organization=by.organization, outcome__in=("unplaced", "partly"), put_aside_at=None).order_by("-received_at")


def reasons_of(row: ReceivedMail) -> list[Reason]:
    """What became of it, to be said in any language."""
    return [_recorded(each) for each in row.reasons]


def _recorded(kept: Mapping[str, Any]) -> Recorded:
    return recorded(StatedReason(code=kept["code"], values=kept["values"], says=kept["says"]))
