"""Who acts by a bearer token."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from remit.apps.organizations.models import ApiToken
from remit.apps.records import clock
from remit.apps.records.context import By
from remit.front.middleware import seats


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


class Token(HttpBearer):
    """Sets `request.by` and `request.at`. A token that is unknown, expired, revoked or of another organization opens nothing: 401."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = ApiToken.objects.select_related("user").filter(token_hash=digest(token), revoked_at=None).first()
        at = clock.now()
        if found is None or found.expires_at <= at or not found.user.is_active:
            return None
        seat = next((seat for seat in seats(found.user_id) if seat.membership == found.membership_id), None)
        if seat is None or not request.path.startswith(f"/api/v1/o/{seat.reference}/"):
            return None
        scopes = None if "*" in found.scopes else frozenset(found.scopes)
        request.by = By(  # type: ignore[attr-defined]
            organization=seat.organization, door="api", user=found.user_id, person=seat.person, membership=seat.membership, name=seat.member_name, scopes=scopes
        )
        request.at = at  # type: ignore[attr-defined]
        return found
