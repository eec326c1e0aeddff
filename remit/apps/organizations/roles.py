"""What a membership may do: dated grants, and the reasons when there is none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from remit.apps.organizations.models import Grant, GuestLink
from remit.apps.records.context import By
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason, Sentence

MISSING = Sentence("role.missing", N_("This needs the role {roles}, which {name} does not hold here now."))
ASK = Sentence("role.ask", N_("Ask an administrator of your organization for it."))
NARROWER = Sentence("role.narrower", N_("{name} holds the role {roles} only for an entity, an engagement or a service that this is no part of."))
OVER_LIMIT = Sentence("role.over_limit", N_("The amount {amount} passes the limit of {limit} that {name} may approve."))
ASK_THEM = Sentence("role.ask_them", N_("Ask {names}, whose limit reaches it."))
RAISE = Sentence("role.raise_limit", N_("Nobody here may approve so much: an administrator grants a higher limit."))
OUT_OF_REACH = Sentence("guest.out_of_reach", N_("This link is for {reference} and does not let {name} do this."))
TOKEN_SCOPE = Sentence("token.scope", N_("This token may not be used for “{action}”. Make one whose scopes name it."))


class Held(NamedTuple):
    """A grant in force, as deciding needs it. `scope_id` and `scope_field` say which entity, engagement or service, where it is not the whole organization."""

    role: str
    scope: str
    scope_id: UUID | None
    scope_field: str
    limit_amount: Decimal | None
    limit_currency: str


HELD = f"select {', '.join(Held._fields)} from organizations_grant where membership_id = %s and since <= %s and (until is null or until > %s)"


def granted(by: By, at: datetime) -> list[Held]:
    """The grants in force at that instant: the member's own, or those of whoever they act for. Every action asks, so it is asked in plain SQL."""
    if by.holder is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(HELD, [by.holder, at, at])
        return [held for row in cursor.fetchall() if by.may_use((held := Held(*row)).role)]


@dataclass(frozen=True)
class Place:
    """What a thing lies within, as the scopes of grants name it."""

    entity: UUID | None = None
    engagement: UUID | None = None
    service: str = ""
    things: frozenset[UUID] = frozenset()
    """The item, agreement or period that it lies within: what a guest's link is for."""

    def is_covered(self, grant: Grant | Held) -> bool:
        """A grant for the whole organization covers every place."""
        match grant.scope:
            case "organization":
                return True
            case "entity":
                return self.entity is not None and grant.scope_id == self.entity
            case "engagement":
                return self.engagement is not None and grant.scope_id == self.engagement
        return bool(self.service) and grant.scope_field == self.service


PLACES: dict[str, list[Callable[[UUID], Place | None]]] = {}
"""By the name of an action's parameter: how to find the place of what it names. Each app adds its own."""


def places(name: str) -> Callable[[Callable[[UUID], Place | None]], Callable[[UUID], Place | None]]:
    """Make a function the way to find the place of what a parameter of that name names; None where it names nothing that may be seen."""

    def register(find: Callable[[UUID], Place | None]) -> Callable[[UUID], Place | None]:
        PLACES.setdefault(name, []).append(find)
        return find

    return register


SCOPES: dict[str, Callable[[], list[tuple[UUID, str, str]]]] = {}
"""By scope: how to list what a role can be granted for, as (key, reference, words), of what the actor reads. Each app adds its own."""


def is_known(name: str, key: UUID) -> bool:
    """Whether a parameter of that name would name something that the actor may see."""
    return any(find(key) is not None for find in PLACES.get(name, ()))


def role_for(by: By, at: datetime, roles: Collection[str], given: Mapping[str, Any]) -> str | Reason:
    """Which of `roles` lets the member do an action with this input, the first that is held; else the reason.

    A grant of narrower scope counts only for an action one of whose things lies within it; one that touches nothing narrower needs the whole organization.
    """
    held = [grant for grant in granted(by, at) if grant.role in roles]
    if held:
        touched = () if any(grant.scope == "organization" for grant in held) else _touched(given)
        found = {grant.role for grant in held if covers(grant, touched)}
        if found:
            return next(role for role in roles if role in found)
        return NARROWER(roles=", ".join(roles), name=by.name, cure=ASK())
    return missing(by, roles)


def places_of(name: str, key: UUID) -> list[Place]:
    """Where that which a parameter of that name names by its key lies."""
    return [place for find in PLACES.get(name, ()) if (place := find(key))]


def covers(grant: Grant | Held, touched: Iterable[Place]) -> bool:
    """Whether a grant reaches what an action touches: a narrower one needs one of the places to lie within it."""
    return grant.scope == "organization" or any(place.is_covered(grant) for place in touched)


def guest_lacks(by: By, action: str, given: Mapping[str, Any]) -> Reason | None:
    """None where the guest's link lets them do the action with this input: all it touches lies within what the link is for. Else the reason."""
    assert by.link is not None
    link = GuestLink.objects.get(id=by.link)
    touched = _touched(given)
    if action in link.acts and touched and all(link.about_id in place.things for place in touched):
        return None
    return OUT_OF_REACH(reference=link.about_reference, name=link.name)


def _touched(given: Mapping[str, Any]) -> list[Place]:
    return [place for name, key in given.items() for find in PLACES.get(name, ()) if isinstance(key, UUID) and (place := find(key))]


def lacks(
    by: By,
    at: datetime,
    roles: Iterable[str],
    *,
    entity: UUID | None = None,
    engagement: UUID | None = None,
    service: str = "",
) -> Reason | None:
    """None where one of `roles` is granted for this scope, without one for the whole organization; else the reason. The latter covers every scope."""
    place = Place(entity, engagement, service)
    if any(grant.role in roles and place.is_covered(grant) for grant in granted(by, at)):
        return None
    return missing(by, roles)


def over_limit(by: By, at: datetime, roles: Iterable[str], amount: Money | None, *touched: Place) -> Reason | None:
    """That an amount (without tax) passes every limit that the member has for it, and who may; None where it does not, or where none is known.

    Amounts of another currency than the limit's pass it: no rate is invented. What a guest may do was said with the link.
    """
    if amount is None or by.membership is None:
        return None
    in_force = Q(until=None) | Q(until__gt=at)
    all_grants = Grant.objects.filter(in_force, role__in=list(roles), organization=by.organization, since__lte=at).select_related("membership")
    reaching = [grant for grant in all_grants if covers(grant, touched)]
    mine = [grant for grant in reaching if grant.membership_id == by.holder and by.may_use(grant.role)]
    if not mine or any(_reaches(grant, amount) for grant in mine):
        return None
    limits = [Money(grant.limit_amount, grant.limit_currency) for grant in mine if grant.limit_amount is not None]
    limit = max(limits, key=lambda each: (each.currency == amount.currency, each.amount))
    others = [grant.membership for grant in reaching if _reaches(grant, amount)]
    names = sorted({each.name for each in others if each.user_id is not None and (each.until is None or each.until > at)})
    return OVER_LIMIT(amount=amount, limit=limit, name=by.name, cure=ASK_THEM(names=names) if names else RAISE())


def _reaches(grant: Grant, amount: Money) -> bool:
    return grant.limit_amount is None or (grant.limit_currency == amount.currency and amount.amount <= grant.limit_amount)


def missing(by: By, roles: Iterable[str]) -> Reason:
    """That none of `roles` is held, and whom to ask."""
    return MISSING(roles=", ".join(roles), name=by.name, cure=ASK())
