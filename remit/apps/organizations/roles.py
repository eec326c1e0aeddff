"""What a membership may do: dated grants, and the reasons when there is none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from remit.apps.organizations.models import Grant
from remit.apps.records.context import By
from remit.domain.reasons import N_, Reason, Sentence

MISSING = Sentence("role.missing", N_("This needs the role {roles}, which {name} does not hold here now."))
ASK = Sentence("role.ask", N_("Ask an administrator of your organization for it."))
OVER_LIMIT = Sentence("role.over_limit", N_("The amount {amount} passes the limit of {limit} that {name} may approve."))
TOKEN_SCOPE = Sentence("token.scope", N_("This token may not be used for “{action}”. Make one whose scopes name it."))


def granted(by: By, at: datetime) -> list[Grant]:
    """The grants of the membership in force at that instant."""
    if by.membership is None:
        return []
    return list(Grant.objects.filter(Q(until=None) | Q(until__gt=at), membership=by.membership, since__lte=at))


def lacks(
    by: By,
    at: datetime,
    roles: Iterable[str],
    *,
    entity: UUID | None = None,
    engagement: UUID | None = None,
    service: str = "",
    amount: Decimal | None = None,
    currency: str = "",
) -> Reason | None:
    """None where one of `roles` is granted for this scope; else the reason.

    A grant for the whole organization covers every scope; without a scope asked, any counts.
    """
    asked = entity or engagement or service
    limit: Decimal | None = None
    for grant in granted(by, at):
        if grant.role not in roles:
            continue
        covers = {"organization": True, "entity": grant.scope_id == entity, "engagement": grant.scope_id == engagement, "field": grant.scope_field == service}
        if asked and not covers[grant.scope]:
            continue
        if amount is None or grant.limit_amount is None or (grant.limit_currency == currency and amount <= grant.limit_amount):
            return None
        limit = grant.limit_amount
    if limit is not None:
        return OVER_LIMIT(amount=amount, limit=limit, name=by.name)
    return missing(by, roles)


def missing(by: By, roles: Iterable[str]) -> Reason:
    """That none of `roles` is held, and whom to ask."""
    return MISSING(roles=", ".join(roles), name=by.name, cure=ASK())
