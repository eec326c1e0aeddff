"""What a reminder of a question says and to which addresses it goes: a member by name, else the guests who may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from remit.apps.organizations import guest_mails, mail
from remit.apps.organizations.models import GuestCode, GuestLink, Membership, Message, Organization
from remit.apps.records.context import By
from remit.apps.work import asking, requests
from remit.apps.work.models import PlannedReminder, Reminder, WorkItem
from remit.formats.words import Words


@dataclass
class Sent:
    """To whom it went, and the mails."""

    names: list[str] = field(default_factory=list)
    messages: list[UUID] = field(default_factory=list)
    links: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """A reminder as a page tells it: what became of its mails as far as this organization may know, and since when it is opened."""

    row: Reminder
    state: str
    problem: str
    opened_at: datetime | None


def send(by: By, at: datetime, item: WorkItem, found: requests.Asked, planned: PlannedReminder, name: str) -> Sent:
    """Write the mails of a reminder; none where nobody of that name has an address here."""
    sent = Sent()
    member = asking.member_called(by, at, name) if by.organization == _organization(item, planned.side) else None
    if member is not None:
        sent.names.append(member.name)
        sent.messages.append(_to_member(by, item, found, member, is_told=planned.side != found.request.asked_of).id)
    if planned.side == "client" == found.request.asked_of and member is None:
        for link in _links(item, name, planned.level):
            sent.names.append(link.name)
            sent.links.append(link.id)
            sent.messages.append(guest_mails.send_reminder(by, link, item.title, [requests.named(found, asking.clock(item))]).id)
    return sent


def told(reminders: Sequence[Reminder]) -> list[Told]:
    """How far each came, in two queries."""
    mails = {row.id: row for row in Message.objects.filter(id__in=[key for row in reminders for key in row.messages])}
    used = GuestCode.objects.filter(link_id__in=[key for row in reminders for key in row.links], used_at__isnull=False).order_by("used_at")
    opened: dict[UUID, list[datetime]] = {}
    for link, used_at in used.values_list("link_id", "used_at"):
        if used_at is not None:
            opened.setdefault(link, []).append(used_at)
    return [_told(row, [mails[key] for key in row.messages if key in mails], opened) for row in reminders]


def due(at: datetime) -> list[tuple[UUID, UUID]]:
    """(planned reminder, organization in whose name it goes) of all that are due, one a question: asked across organizations, gives keys only."""
    with connection.cursor() as cursor:
        cursor.execute("select planned, organization from reminders_due(%s)", [at])
        return cursor.fetchall()


def _told(row: Reminder, mails: Sequence[Message], opened: dict[UUID, list[datetime]]) -> Told:
    # Codes are entered by the real clock, as mails are sent: what was opened after the mail was written was opened for it.
    written = {mail.link_id: mail.made_at for mail in mails}
    after = [at for link in row.links for at in opened.get(link, ()) if link in written and at >= written[link]]
    for state in ("bounced", "failed"):
        if bad := next((mail for mail in mails if getattr(mail, f"{state}_at") is not None), None):
            return Told(row, state, bad.problem, min(after, default=None))
    state = "page" if row.how == "page" else "" if not mails else "sent" if all(mail.sent_at for mail in mails) else "waits"
    return Told(row, state, "", min(after, default=None))


def _organization(item: WorkItem, side: str) -> UUID:
    found: UUID = item.engagement.client_id if side == "client" else item.engagement.provider_id
    return found


def _links(item: WorkItem, name: str, level: int) -> list[GuestLink]:
    """Of the guests who may answer the one of that name; where nobody is called so, and it is not escalated, all of them."""
    found = asking.answering_links(item)
    called = [link for link in found if link.name.casefold() == name.casefold()]
    return called or ([] if level else found)


def _to_member(by: By, item: WorkItem, found: requests.Asked, member: Membership, *, is_told: bool) -> Message:
    """To a member of the sending organization, with the way to the question; there they sign in."""
    assert member.user is not None
    organization = Organization.objects.get(pk=by.organization)
    language = member.user.language or organization.language or "en"
    words, row = Words(language), found.request
    with override(language):
        facts = {
            "name": member.name,
            "thing": words.text(item.title),
            "reference": row.reference,
            "who": row.asked_by_name,
            "on": requests.owner_of(found, item),
        }
        subject = _("Reminder: %(thing)s (%(reference)s) waits for you") % facts
        opening = _("%(name)s, %(who)s asked about %(thing)s and waits for an answer:") % facts
        if is_told:
            subject = _("No answer yet: %(thing)s (%(reference)s)") % facts
            opening = _("%(name)s, nobody has answered what %(who)s asked about %(thing)s. It waits on %(on)s:") % facts
        address = mail.address(reverse("item", args=[organization.reference, item.reference]) + f"#q-{row.id}")
        body = "\n\n".join((opening, f"– {words.reason(requests.named(found, asking.clock(item)))}", _("Open it here:"), address))
    about = ("item", item.id, item.reference)
    return mail.write(by, kind="reminder", to_email=member.user.email, to_name=member.name, language=language, subject=subject, body=body, about=about)
