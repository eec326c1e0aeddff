"""API tokens: made by a member for themselves, shown once, with scopes and an end."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from annotated_types import Ge, Le, Len

from remit.apps.organizations.acting import ACTIONS, BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.organizations.models import ApiToken
from remit.apps.organizations.roles import TOKEN_SCOPE, granted, missing
from remit.apps.records.context import By
from remit.domain.reasons import N_, Sentence

SCOPE = Sentence("token.unknown_scope", N_("{scope} is no scope: it is “read”, “*”, or the name of an action."))
NO_SCOPE = Sentence("token.no_scope", N_("A token needs at least one scope, such as “read”."))

ALONE = Sentence("token.alone", N_("An address of a calendar opens nothing else: “calendar” is the only scope of its token."))

MOST_DAYS = 365
READ, EVERYTHING = "read", "*"
CALENDAR = "calendar"
"""Of a token that opens the holder's due dates as a calendar, by an address that holds it; it goes with no other scope."""


def new_secret() -> str:
    """A token as its holder keeps it: 256 random bits."""
    return f"rmt_{secrets.token_urlsafe(32)}"


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


@action("token.issued", roles=())
def record_token(
    *,
    by: By,
    at: datetime,
    name: Annotated[str, Len(1, 80)],
    scopes: list[str],
    days: Annotated[int, Ge(1), Le(MOST_DAYS)],
    token_hash: Annotated[str, Len(64, 64)],
) -> Done:
    """Record a token that the holder made, by its SHA-256; whoever holds the token acts as this member within its scopes."""
    if by.user is None or by.membership is None:
        raise Refuse(missing(by, ("member",)))
    if not scopes:
        raise BadInput(scopes=NO_SCOPE())
    for scope in scopes:
        if scope == CALENDAR and len(scopes) > 1:
            raise BadInput(scopes=ALONE())
        if scope not in (READ, EVERYTHING, CALENDAR) and scope not in ACTIONS:
            raise BadInput(scopes=SCOPE(scope=scope))
        # A token hands on no more than it has itself.
        if by.scopes is not None and scope not in by.scopes:
            raise Refuse(TOKEN_SCOPE(action=scope))
    # Tokens end by the real clock, also where the demonstration shows another.
    made = datetime.now(UTC)
    token = ApiToken.objects.create(
        user_id=by.user,
        membership_id=by.membership,
        organization_id=by.organization,
        name=name,
        token_hash=token_hash,
        scopes=list(dict.fromkeys(scopes)),
        created_at=made,
        expires_at=made + timedelta(days=days),
    )
    return decide(by, at, "token.issued", token, audiences=[own_audience(by, at)])


@action("token.revoked", roles=())
def revoke_token(*, by: By, at: datetime, token: UUID) -> Done:
    """Revoke a token now: one's own, or as administrator any of the organization."""
    found = ApiToken.objects.filter(id=token, organization=by.organization, revoked_at=None)
    if not any((grant.role, grant.scope) == ("administrator", "organization") for grant in granted(by, at)):
        found = found.filter(user=by.user)
    held = found.select_for_update().first()
    if held is None:
        raise NotFound(token)
    held.revoked_at = datetime.now(UTC)
    held.save(update_fields=["revoked_at"])
    return decide(by, at, "token.revoked", held, audiences=[own_audience(by, at)])


def issue_token(*, by: By, at: datetime, name: str, scopes: list[str], days: int) -> tuple[str, Done]:
    """A token for the acting member, shown this once, and the decision. It is no action of its own door, since its answer is a secret that no log may keep."""
    secret = new_secret()
    done = record_token(by=by, at=at, **record_token.parse({"name": name, "scopes": scopes, "days": days, "token_hash": digest(secret)}))
    if not isinstance(done, Done):
        raise BadInput({"scopes": done.reasons})
    return secret, done
