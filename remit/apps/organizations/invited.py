"""The guests of one thing as its page lists them: who was invited, for whom, how far the mail came, and whether they opened it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from remit.apps.organizations import mail, roles
from remit.apps.organizations.guests import INVITERS, THINGS, Thing, is_enrolled, not_to_hand_on
from remit.apps.organizations.models import GuestCode, GuestLink, Message, Organization
from remit.apps.records import clock
from remit.apps.records.context import By
from remit.apps.records.models import Participation
from remit.domain.reasons import N_

ACTS: Mapping[str, str] = {
    "bring_paper": N_("bring papers and take them back"),
    "accept": N_("accept or return what is delivered"),
    "answer_request": N_("answer questions"),
    "ask_provider": N_("ask questions"),
    "state_entity": N_("state the company concerned"),
    "settle_terms": N_("settle terms"),
    "sign_agreement": N_("sign"),
    "confirm_takeover": N_("confirm what was taken over"),
    "agree_price": N_("agree later prices"),
    "close_period": N_("close the month"),
    "reopen_period": N_("open the month again"),
}
"""What an inviter chooses from, in words; `ALONG` comes with it unasked."""
ALONG: Mapping[str, tuple[str, ...]] = {
    "bring_paper": ("take_back_paper", "keep_mapping"),
    "answer_request": ("pass_request",),
    "ask_provider": ("settle_request",),
}
OFFERED = frozenset(ACTS) - {"accept", "settle_terms", "agree_price", "reopen_period"}
"""What is ticked before the inviter chooses."""
STATES: Mapping[str, tuple[str, str, str]] = {
    "ended": ("", "ban", N_("ended")),
    "expired": ("", "clock", N_("expired")),
    "opened": ("ok", "circle-check", N_("opened")),
    "bounced": ("bad", "alert-triangle", N_("mail came back")),
    "failed": ("bad", "alert-triangle", N_("mail not sent")),
    "sent": ("", "send", N_("mail sent")),
    "invited": ("", "mail", N_("invited")),
    "waits": ("warn", "clock", N_("mail waits in the outbox")),
}
"""By state: class of the chip, icon, word."""


@dataclass(frozen=True)
class Invited:
    """One guest: the link, where it stands, why a mail did not arrive, and whether this organization may end it."""

    link: GuestLink
    state: str
    at: datetime | None
    problem: str
    is_ours: bool

    @property
    def is_open(self) -> bool:
        """Still opens its thing."""
        return self.state not in ("ended", "expired")

    @property
    def chip(self) -> tuple[str, str, str]:
        """Class, icon, word."""
        return STATES[self.state]

    @property
    def acts(self) -> list[str]:
        """What they may do, in words."""
        return [ACTS[act] for act in self.link.acts if act in ACTS]


def of_thing(by: By, about: UUID) -> list[Invited]:
    """Newest first; three queries, however many."""
    links = list(GuestLink.objects.filter(about_id=about).select_related("organization").order_by("-since", "-id"))
    if not links:
        return []
    keys = [link.id for link in links]
    opened = dict(GuestCode.objects.filter(link_id__in=keys, used_at__isnull=False).order_by("used_at").values_list("link_id", "used_at"))
    written = Message.objects.filter(link__in=keys, kind__in=("guest", "request", "reminder")).order_by("made_at")
    mails: dict[UUID | None, Message] = {row.link_id: row for row in written}
    return [_invited(by, link, opened.get(link.id), mails.get(link.id)) for link in links]


def page_of(by: By, at: datetime, kind: str, about: UUID) -> dict[str, Any]:
    """What the part `organizations/parts/guests.html` shows."""
    touched = roles.places_of(kind, about)
    is_inviter = any(grant.role in INVITERS and roles.covers(grant, touched) for grant in roles.granted(by, at))
    return {
        "guests": of_thing(by, about),
        "may_write": is_inviter,
        "may_invite": is_inviter and bool(whom(by, at, kind, about)),
        "guest_kind": kind,
        "no_mail": not mail.is_set_up(),
    }


def whom(by: By, at: datetime, kind: str, about: UUID) -> list[Organization]:
    """For which organizations a guest of the thing may act: those that take part without a member of their own, and last one's own where there is something
    that the member may hand on."""
    thing = THINGS[kind](about) if kind in THINGS else None
    if thing is None:
        return []
    parties = Organization.objects.filter(pk__in=Participation.objects.filter(audience=thing.audience, until=None).values("tenant")).order_by("name")
    others = [each for each in parties if each.pk != by.organization and not is_enrolled(each.pk, at)]
    return [*others, *(each for each in parties if each.pk == by.organization and own_acts(by, at, kind, about, thing))]


def own_acts(by: By, at: datetime, kind: str, about: UUID, thing: Thing) -> list[str]:
    """What the member may let a guest of their own organization do, as `ACTS` offers it."""
    lacking = not_to_hand_on(by, at, kind, about, thing.acts)
    return [act for act in ACTS if act in thing.acts and act not in lacking]


def _invited(by: By, link: GuestLink, opened_at: datetime | None, sent: Message | None) -> Invited:
    is_ours = by.organization in (link.organization_id, link.invited_by_organization_id)
    state, at, problem = _state(link, opened_at, sent)
    return Invited(link, state, at, problem, is_ours)


def _state(link: GuestLink, opened_at: datetime | None, sent: Message | None) -> tuple[str, datetime | None, str]:
    if link.revoked_at is not None:
        return "ended", link.revoked_at, ""
    if link.expires_at <= datetime.now(UTC):
        return "expired", clock.shown(link.expires_at), ""
    if opened_at is not None:
        return "opened", clock.shown(opened_at), ""
    if sent is not None and sent.bounced_at is not None:
        return "bounced", clock.shown(sent.bounced_at), sent.problem
    if sent is not None and sent.failed_at is not None:
        return "failed", clock.shown(sent.failed_at), sent.problem
    if sent is not None and sent.sent_at is not None:
        return "sent", clock.shown(sent.sent_at), ""
    return ("invited" if sent is None else "waits"), link.since, ""
