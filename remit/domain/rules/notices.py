"""Notices that the law asks for when something went wrong: to whom, within how many hours of what; dated data with a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

Owed = Literal["client", "provider"]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Who is told of an incident of these kinds. The hours run from when it was detected; none: without undue delay, so that it is due at once."""

    id: str
    kinds: tuple[str, ...]
    owed_by: Owed
    to: str
    """Whom it goes to, in words of the law."""
    within_hours: int = 0
    source: str
    valid_from: date
    valid_until: date | None = None
    verified: bool = False
    seen: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    """What is told, by language; English always."""
    sha256: str = ""

    def in_force(self, on: date) -> bool:
        """Half-open."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)

    def due_at(self, detected_at: datetime) -> datetime:
        """By the clock, not by working days."""
        return detected_at + timedelta(hours=self.within_hours)


def notices_of(found: Iterable[Notice], kind: str, on: date) -> list[Notice]:
    """Those in force for a kind of incident, the most pressing first; one a kind of notice, where several are given from the nearest jurisdiction on."""
    seen: dict[str, Notice] = {}
    for each in found:
        if kind in each.kinds and each.in_force(on):
            seen.setdefault(each.id, each)
    return sorted(seen.values(), key=lambda each: (each.within_hours, each.id))
