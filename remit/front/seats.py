"""Where a log-in may act, and for whom there while that member is away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from remit.apps.records import clock
from remit.apps.records.context import Away, By

COLUMNS = "membership, person, organization, reference, name, member_name, scoped, deputy_for"


@dataclass(frozen=True)
class Deputizing:
    """A member who is away and for whom a seat may act until an instant."""

    away: Away
    mail: str
    until: datetime
    scoped: bool

    def is_named(self, text: str) -> bool:
        """Whether a door means this member: by mail address, or by the key of the deputy's row or of the membership."""
        return text.strip().lower() in (self.mail.lower(), str(self.away.deputy), str(self.away.membership))


@dataclass(frozen=True)
class Seat:
    """One organization that a log-in may act for. `scoped`: nothing is granted there for the whole organization."""

    membership: UUID
    person: UUID | None
    organization: UUID
    reference: str
    name: str
    member_name: str
    scoped: bool = False
    deputy_for: tuple[Deputizing, ...] = ()

    def by(self, door: str, user: UUID, **more: Any) -> By:
        """Whoever sits here as actor."""
        return By(
            organization=self.organization,
            door=door,
            user=user,
            person=self.person,
            membership=self.membership,
            name=self.member_name,
            **({"scoped": self.scoped} | more),
        )

    def instead(self, text: str) -> Deputizing | None:
        """The member who is away, as a door names them; None where this seat may not act for anybody of that name now."""
        return next((each for each in self.deputy_for if each.is_named(text)), None) if text else None


def standing_in(found: Deputizing) -> dict[str, Any]:
    """What changes in the acting values of a seat that acts for a member who is away."""
    return {"on_behalf_of": found.away, "scoped": found.scoped}


def seats(user: UUID, at: datetime | None = None) -> list[Seat]:
    """Where a log-in may act (now, or at an instant); asked before an organization is known."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {COLUMNS} from memberships_of(%s, %s)", [user, at or clock.now()])
        return [seat_of(row) for row in cursor.fetchall()]


def seat_of(row: tuple[Any, ...]) -> Seat:
    """From a row of `COLUMNS`."""
    facts: dict[str, Any] = dict(zip(COLUMNS.split(", "), row, strict=True))
    given = facts["deputy_for"]
    deputy_for = json.loads(given) if isinstance(given, str) else given
    return Seat(**facts | {"deputy_for": tuple(_deputizing(each) for each in deputy_for or ())})


def _deputizing(given: Mapping[str, Any]) -> Deputizing:
    away = Away(
        deputy=UUID(given["deputy"]),
        membership=UUID(given["membership"]),
        user=UUID(given["user"]) if given["user"] else None,
        person=UUID(given["person"]) if given["person"] else None,
        name=given["name"],
        roles=frozenset(given["roles"]),
    )
    return Deputizing(away, given["mail"] or "", datetime.fromisoformat(given["until"]), given["scoped"])
