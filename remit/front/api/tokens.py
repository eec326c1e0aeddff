"""Who acts by a bearer token."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest
from ninja.security import HttpBearer

from remit.apps.organizations.acting import NO_TEXT, BadInput
from remit.apps.organizations.deputies import NOT_DEPUTY
from remit.apps.organizations.tokens import EVERYTHING, digest
from remit.apps.records import clock
from remit.apps.records.context import By
from remit.front.seats import COLUMNS, Seat, seat_of, standing_in

HOLDER = f"""
select token.user_id, token.scopes, {", ".join(f"seat.{name.strip()}" for name in COLUMNS.split(","))}
from organizations_apitoken token
join organizations_user holder on holder.id = token.user_id and holder.is_active
join lateral memberships_of(token.user_id, %s) seat on seat.membership = token.membership_id
where token.token_hash = %s and token.revoked_at is null and token.expires_at > %s
"""


class Token(HttpBearer):
    """Sets `request.by` and `request.at`; `X-Remit-For` names the member who is away and for whom the holder acts as deputy.

    A token that is unknown, expired, revoked or of another organization opens nothing: 401.
    """

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = holder(token)
        if found is None or not request.path.startswith(f"/api/v1/o/{found[1].reference}/"):
            return None
        by, seat = found
        more: dict[str, Any] = {}
        if away := request.headers.get("X-Remit-For", ""):
            instead = None if NO_TEXT.search(away) else seat.instead(away)
            if instead is None:
                raise BadInput({"X-Remit-For": (NOT_DEPUTY(name=seat.member_name, away=NO_TEXT.sub("\ufffd", away)[:120]),)})
            more = standing_in(instead)
        code = request.headers.get("X-Remit-Code", "")[:20]
        request.by, request.at = replace(by, door="api", code=code, **more), clock.now()  # type: ignore[attr-defined]
        return by


def holder(token: str) -> tuple[By, Seat] | None:
    """Who acts by a token, and their seat; None for one unknown, expired (by the real clock) or revoked, or whose member has left."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDER, [clock.now(), digest(token), datetime.now(UTC)])
        found = cursor.fetchone()
    if found is None:
        return None
    user, given, *row = found
    scopes: list[str] = json.loads(given)
    seat = seat_of(tuple(row))
    return seat.by("", user, scopes=None if EVERYTHING in scopes else frozenset(scopes)), seat
