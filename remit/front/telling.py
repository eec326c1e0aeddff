"""What needs a member and whom it is told: each event to one owner, by the channel of its kind; for whoever is away it is their deputy's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remit.apps.organizations import mail
from remit.apps.organizations.models import Deputy, DigestPlan, Message, Notification
from remit.apps.records.context import By, reading
from remit.domain.calendars import zone
from remit.domain.notifying import channel_of
from remit.formats.words import Words
from remit.front.needs import Desk, Need
from remit.front.seats import Deputizing, Seat, standing_in

MOST = 40
"""Things that are named in one mail; the page has all."""


@dataclass(frozen=True)
class Event:
    """Something that needs a member, or another for whom they act as deputy."""

    need: Need
    instead_of: Deputizing | None = None

    @property
    def key(self) -> str:
        """The same for the same event, whoever is told."""
        return self.need.event

    def is_late(self, now: datetime) -> bool:
        """Its time is over."""
        return self.need.due_at is not None and self.need.due_at < now


def waiting(seat: Seat, user: UUID, now: datetime) -> list[Event]:
    """What is theirs to be told, each event once: their own while nobody acts for them, and that of the members for whom they act."""
    found: list[Event] = []
    by = seat.by("page", user)
    with reading(by, now):
        if not acted_for(now).filter(away_id=seat.membership).exists():
            found += [Event(need) for need in _needs(by, seat, now)]
    for each in seat.deputy_for:
        deputy = seat.by("page", user, **standing_in(each))
        with reading(deputy, now):
            found += [Event(need, each) for need in _needs(deputy, seat, now)]
    once: dict[str, Event] = {}
    for event in found:
        once.setdefault(event.key, event)
    return list(once.values())


def acted_for(now: datetime) -> QuerySet[Deputy]:
    """Deputies in force."""
    return Deputy.objects.filter(Q(ended_at=None) | Q(ended_at__gt=now), since__lte=now, until__gt=now)


def settle(membership: UUID, events: Sequence[Event], now: datetime) -> dict[str, Notification]:
    """Say of what needs them no more that it is over; gives what they were told and is not. Inside a write transaction."""
    rows = {row.event: row for row in Notification.objects.select_for_update().filter(membership=membership, over_at=None)}
    still = {event.key for event in events}
    gone = [row.id for key, row in rows.items() if key not in still]
    if gone:
        Notification.objects.filter(id__in=gone).update(over_at=now)
    return {key: row for key, row in rows.items() if key in still}


def theirs(plan: DigestPlan, events: Sequence[Event], channel: str, now: datetime) -> list[Event]:
    """Of their kinds of this channel what no other member was told and owns; what is late is everyone's. A member who left or is stood in for owns nothing."""
    of_channel = [event for event in events if channel_of(event.need.kind, plan.at_once, plan.only_today) == channel]
    in_force = Q(membership__until=None) | Q(membership__until__gt=now)
    owned = Notification.objects.filter(in_force, organization=plan.organization_id, over_at=None, event__in=[event.key for event in of_channel])
    others = set(owned.exclude(membership=plan.membership_id).exclude(membership__in=acted_for(now).values("away")).values_list("event", flat=True))
    return [event for event in of_channel if event.key not in others or event.is_late(now)]


@dataclass(frozen=True)
class Addressee:
    """A member with their plan and where their mails go."""

    plan: DigestPlan
    seat: Seat
    email: str

    def tell(self, channel: str, subject: str, events: Sequence[Event], told: Mapping[str, Notification], now: datetime) -> Message:
        """Write the mail that names these events, each with a link by which it is known that it was opened, and keep what was not `told` before. Inside a
        write transaction, in the plan's language."""
        new = [self._row(channel, event, now) for event in events if event.key not in told]
        links = dict(told) | {row.event: row for row in new}
        message = mail.write(
            job_of(self.plan.organization_id),
            kind="digest" if channel == "digest" else "event",
            to_email=self.email,
            to_name=self.seat.member_name,
            language=self.plan.language,
            subject=subject,
            body=self._body(channel, events, links),
        )
        for row in new:
            row.message = message
        Notification.objects.bulk_create(new)
        return message

    def subject(self, events: Sequence[Event]) -> str:
        """Of one thing its name, of more how many."""
        if len(events) == 1:
            need = events[0].need
            return f"{need.title} ({need.reference})" if need.reference else need.title
        return ngettext("One thing needs you: %(name)s", "%(n)d things need you: %(name)s", len(events)) % {"n": len(events), "name": self.seat.name}

    def _row(self, channel: str, event: Event, now: datetime) -> Notification:
        return Notification(
            organization_id=self.plan.organization_id,
            membership_id=self.plan.membership_id,
            instead_of_id=event.instead_of.away.membership if event.instead_of else None,
            kind=event.need.kind,
            event=event.key,
            about_reference=event.need.reference,
            channel=channel,
            address=event.need.url[:300],
            told_at=now,
        )

    def _body(self, channel: str, events: Sequence[Event], links: Mapping[str, Notification]) -> str:
        lines = [_("%(name)s, this needs you:") % {"name": self.seat.member_name}, ""]
        for event in events[:MOST]:
            lines += [f"- {self._line(event)}", f"  {mail.address(opening(links[event.key].id))}"]
        if len(events) > MOST:
            lines.append(_("and %(n)d more") % {"n": len(events) - MOST})
        page = mail.address(f"/o/{self.seat.reference}/")
        why = (
            _("You get this once a day, because you asked for it: %(page)s")
            if channel == "digest"
            else _("You are told of it at once, because you asked: %(page)s")
        )
        return "\n".join([*lines, "", page, "", why % {"page": f"{page}organization/digest/"}])

    def _line(self, event: Event) -> str:
        need, words, clock = event.need, Words(self.plan.language), self.plan.zone
        said = f"{need.title} ({need.reference})" if need.reference else need.title
        if event.instead_of is not None:
            said = _("for %(name)s: %(what)s") % {"name": event.instead_of.away.name, "what": said}
        if need.due_at is None:
            return said
        first = need.zone or clock
        due = words.instant(need.due_at, first)
        return f"{said}: {due}" if first == clock else f"{said}: {due} ({words.instant(need.due_at.astimezone(zone(clock)), clock)})"


def job_of(organization: UUID) -> By:
    """The program itself, for an organization."""
    return By(organization=organization, door="job", name="Remit")


def opening(notification: UUID) -> str:
    """The path of the link that leads to what somebody was told of."""
    return reverse("told", args=[notification])


def _needs(by: By, seat: Seat, now: datetime) -> list[Need]:
    request = HttpRequest()
    request.by, request.at = by, now  # type: ignore[attr-defined]
    request.resolver_match = resolve(f"/o/{seat.reference}/")
    return Desk(request).needs()
