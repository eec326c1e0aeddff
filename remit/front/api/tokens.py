"""Who acts by a bearer token."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from remit.apps.organizations.models import ApiToken
from remit.apps.organizations.tokens import EVERYTHING, digest
from remit.apps.records import clock
from remit.apps.records.context import By
from remit.front.middleware import seats


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
    found = ApiToken.objects.select_related("user").filter(token_hash=digest(token), revoked_at=None, expires_at__gt=datetime.now(UTC)).first()
    if found is None or not found.user.is_active:
        return None
    seat = next((seat for seat in seats(found.user_id) if seat.membership == found.membership_id), None)
    if seat is None:
        return None
    scopes = None if EVERYTHING in found.scopes else frozenset(found.scopes)
    by = By(organization=seat.organization, door="", user=found.user_id, person=seat.person, membership=seat.membership, name=seat.member_name, scopes=scopes)
    return by, seat.reference
