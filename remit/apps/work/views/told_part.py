"""Whom of one's own side was told of an item by mail: how far the mail came, when it was opened, and what they then did, by the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from remit.apps.organizations.mailing.outbox import STATES, state_of
from remit.apps.organizations.models import Message, Notification
from remit.apps.records.context import By
from remit.apps.work.models import WorkItem
from remit.apps.work.trail import Told

SHOWN = 12


@dataclass(frozen=True)
class Notified:
    """One notification: `chip` of its mail (class, icon, word), empty where the mail is not for these eyes; `answer` is their first decision after it."""

    row: Notification
    chip: tuple[str, str, str] | None
    answer: Told | None

    @property
    def answered_at(self) -> datetime | None:
        """When they decided something here."""
        return self.answer.at if self.answer else None


def of_page(by: By, item: WorkItem, decisions: Sequence[Told]) -> dict[str, list[Notified]]:
    """The newest of them, the newest first; in two queries. `decisions`: those on the item, the newest first."""
    rows = Notification.objects.filter(organization=by.organization, about_reference=item.reference).select_related("membership", "instead_of")
    newest = list(rows.order_by("-told_at", "-id")[:SHOWN])
    mails = {mail.id: mail for mail in Message.objects.filter(id__in=[row.message_id for row in newest if row.message_id])} if newest else {}
    return {"notified": [_notified(row, mails, decisions) for row in newest]}


def _notified(row: Notification, mails: dict[UUID, Message], decisions: Sequence[Told]) -> Notified:
    mail = mails.get(row.message_id) if row.message_id else None
    member = {row.membership.user_id, row.membership.person_id}
    theirs = [one for one in decisions if one.outcome == "allowed" and one.at >= row.told_at and not member.isdisjoint(one.actors)]
    return Notified(row, STATES[state_of(mail)] if mail is not None else None, theirs[-1] if theirs else None)
