"""Who acts by a bearer token."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest
from ninja.security import HttpBearer

from remit.apps.organizations.tokens import EVERYTHING, digest
from remit.apps.records import clock
from remit.apps.records.context import By

HOLDER = """
select token.user_id, token.scopes, seat.membership, seat.person, seat.organization, seat.reference, seat.member_name
from organizations_apitoken token
join organizations_user holder on holder.id = token.user_id and holder.is_active
join lateral memberships_of(token.user_id, %s) seat on seat.membership = token.membership_id
where token.token_hash = %s and token.revoked_at is null and token.expires_at > %s
"""


class Token(HttpBearer):
    """Sets `request.by` and `request.at`. A token that is unknown, expired, revoked or of another organization opens nothing: 401."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        by = holder(token)
        if by is None or not request.path.startswith(f"/api/v1/o/{by[1]}/"):
            return None
        request.by, request.at = replace(by[0], door="api"), clock.now()  # type: ignore[attr-defined]
        return by[0]


def holder(token: str) -> tuple[By, str] | None:
    """Who acts by a token, and the reference of the organization; None for one unknown, expired (by the real clock) or revoked, or whose member has left."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDER, [clock.now(), digest(token), datetime.now(UTC)])
        found = cursor.fetchone()
    if found is None:
        return None
    user, given, membership, person, organization, reference, name = found
    scopes: list[str] = json.loads(given)
    held = None if EVERYTHING in scopes else frozenset(scopes)
    return By(organization=organization, door="", user=user, person=person, membership=membership, name=name, scopes=held), reference
