"""How access to the client's systems stands: who has it, what is asked for, what is due for review, and what is to be revoked by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.models import Membership
from remit.apps.people.models import Wall
from remit.apps.work.models import Assignment, ClientSystem, SystemAccess
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import due, zone
from remit.domain.gate import Account
from remit.domain.reasons import N_

REVOKE_WITHIN = 2
"""Working days of the client's calendar within which an account is taken away once nobody needs it."""
REVIEW_SOON = timedelta(days=14)

State = Literal["asked", "declined", "held", "review_soon", "review_due", "to_revoke", "revoked"]
STATES = {
    "asked": N_("asked for"),
    "declined": N_("declined"),
    "held": N_("granted"),
    "review_soon": N_("review is near"),
    "review_due": N_("review is due: it no longer counts"),
    "to_revoke": N_("to be revoked"),
    "revoked": N_("revoked"),
}
WHY = {
    "left": N_("The person works there no longer."),
    "wall": N_("A wall bars the person from the client."),
    "ended": N_("No assignment of this engagement is left."),
    "other": N_("The provider needs it no longer."),
}


@dataclass(frozen=True)
class Stood:
    """An account with its state; `revoke_due_at` and `why` where it is to be revoked."""

    row: SystemAccess
    state: State
    why: str = ""
    revoke_due_at: datetime | None = None

    @property
    def says(self) -> str:
        """The state in words."""
        return STATES[self.state]

    @property
    def because(self) -> str:
        """Why it is to be revoked, or what was said at its end."""
        return WHY.get(self.why, self.row.why)

    @property
    def is_open(self) -> bool:
        """Neither declined nor revoked."""
        return self.row.ended_at is None


def systems_of(engagement: Engagement) -> QuerySet[ClientSystem]:
    """Those that the work is done in now."""
    return ClientSystem.objects.filter(engagement=engagement, ended_at=None).order_by("name")


def register(engagement: Engagement, at: datetime) -> list[Stood]:
    """Every account that there was or is, the open ones first; in a fixed number of queries."""
    found = stand(SystemAccess.objects.filter(system__engagement=engagement).order_by("asked_at"), at)
    return sorted(found, key=lambda each: (not each.is_open, each.row.system.name, each.row.person_name, each.row.asked_at))


def waits_for(client: UUID, at: datetime) -> list[Stood]:
    """Of all engagements of a client what it has to do: decide on what is asked for, look again, take away."""
    found = stand(SystemAccess.objects.filter(system__engagement__client=client, ended_at=None).order_by("asked_at", "id"), at)
    return [each for each in found if each.state != "held"]


def stand(accesses: QuerySet[SystemAccess], at: datetime) -> list[Stood]:
    """The state of each account, of whatever engagements; in a fixed number of queries."""
    rows = list(accesses.select_related("system__engagement"))
    running = {row.system.engagement_id: row.system.engagement for row in rows}
    facts_of = AgreedEntity.objects.filter(agreement__in={each.agreement_id for each in running.values()})
    facts = dict(facts_of.order_by("agreement", "joins_on", "id").distinct("agreement").values_list("agreement", "facts")) if rows else {}
    gone = _needless([row for row in rows if row.ended_at is None and row.granted_at is not None], running, at)
    return [_stood(row, facts.get(row.system.engagement.agreement_id) or {}, gone.get((row.system.engagement_id, row.person_id)), at) for row in rows]


def _stood(row: SystemAccess, facts: Mapping[str, Any], gone: tuple[str, datetime] | None, at: datetime) -> Stood:
    if row.ended_at is not None:
        return Stood(row, "revoked" if row.granted_at else "declined")
    if row.granted_at is None or row.review_due_on is None:
        return Stood(row, "asked")
    clock = str(facts.get("zone") or "UTC")
    if row.released_at is not None:
        gone = row.released_why, row.released_at
    if gone is not None:
        why, since = gone
        counted = max(since, row.granted_at).astimezone(zone(clock)).date()
        return Stood(row, "to_revoke", why, due(counted, REVOKE_WITHIN, calendar_of(facts), clock) if facts else at)
    left = row.review_due_on - at.astimezone(zone(clock)).date()
    return Stood(row, "review_due" if left <= timedelta(0) else "review_soon" if left <= REVIEW_SOON else "held")


def _needless(rows: Sequence[SystemAccess], running: Mapping[UUID, Engagement], at: datetime) -> dict[tuple[UUID, UUID], tuple[str, datetime]]:
    """By engagement and person why an account is needed no more, and since when, as far as whoever asks can see it.

    Both sides see assignments; leavers and walls are the provider's own rows.
    """
    if not rows:
        return {}
    people = {row.person_id for row in rows}
    gone: dict[tuple[UUID, UUID], tuple[str, datetime]] = {}
    assigned = Assignment.objects.filter(item__engagement__in=running, person__in=people).order_by()
    told = assigned.values_list("item__engagement", "person").annotate(last=Max("ended_at"), open=Count("id", filter=Q(ended_at=None)))
    for engagement, person, last, still in told:
        if not still:
            gone[engagement, person] = ("ended", last)
    walls = list(Wall.objects.filter(Q(until=None) | Q(until__gt=at), person__in=people, since__lte=at).order_by("since"))
    ties = list(Membership.objects.filter(person_id__in=people, since__lte=at).values_list("organization", "person_id", "until"))
    # Who left and came back works there.
    here = {(house, person) for house, person, until in ties if until is None or until > at}
    left = [(house, person, until) for house, person, until in ties if (house, person) not in here]
    for key, engagement in running.items():
        against = {engagement.client_id, engagement.id, engagement.thread_id}
        gone |= {(key, wall.person_id): ("wall", wall.since) for wall in walls if wall.person_id is not None and wall.against in against}
        gone |= {(key, person): ("left", until) for house, person, until in left if house == engagement.provider_id and person and until}
    return gone


def asked_of(engagement: Engagement) -> tuple[tuple[str, ...], tuple[Account, ...]]:
    """What the gate asks: the systems, and the accounts in them as they hold by day. Two queries."""
    names = tuple(systems_of(engagement).values_list("name", flat=True))
    if not names:
        return (), ()
    rows = SystemAccess.objects.filter(
        system__engagement=engagement, system__ended_at=None, granted_at__isnull=False, released_at=None, ended_at=None
    ).select_related("system")
    return names, tuple(Account(person=str(row.person_id), system=row.system.name, valid_from=None, valid_until=row.review_due_on) for row in rows)
