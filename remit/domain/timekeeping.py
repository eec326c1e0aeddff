"""Time worked: whole minutes, the days on which they fell, what of them is billed, and who may not be in two places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from remit.domain.calendars import zone

DAY_MIN = 24 * 60
FORGOTTEN_AFTER = timedelta(hours=12)
"""A timer that ran longer was probably forgotten: nobody is asked to believe it, whoever started it is asked when they stopped."""
STATED = Decimal("0.0001")
"""Hours on an invoice line are stated to four decimals."""

Shown = Literal["entries", "totals", "none"]


def floored(at: datetime) -> datetime:
    """The whole minute that an instant lies in: ends that meet go on meeting."""
    return at.replace(second=0, microsecond=0)


def minutes_between(begins_at: datetime, ends_at: datetime) -> int:
    """Whole minutes that passed, whatever the clocks on the wall were put to."""
    return int((floored(ends_at) - floored(begins_at)).total_seconds()) // 60


def by_day(begins_at: datetime, ends_at: datetime, zone_name: str) -> tuple[tuple[date, int], ...]:
    """The minutes of a span by the days of a zone's clocks, in order; their sum is `minutes_between`."""
    clock = zone(zone_name)
    found = []
    start, end = floored(begins_at), floored(ends_at)
    while start < end:
        day = start.astimezone(clock).date()
        midnight = datetime.combine(day + timedelta(1), time(), clock).astimezone(start.tzinfo)
        found.append((day, minutes_between(start, min(end, midnight))))
        start = midnight
    return tuple((day, minutes) for day, minutes in found if minutes)


def stepped(minutes: int, step_min: int) -> int:
    """Up to the next full step, as the agreement says; by default a step is one minute."""
    return -(-minutes // step_min) * step_min


def hours(minutes: int) -> Decimal:
    """As an invoice states them: four decimals, half up."""
    return (Decimal(minutes) / 60).quantize(STATED, ROUND_HALF_UP)


@dataclass(frozen=True)
class TimeTerms:
    """What an agreement says about time. `step_min`: each entry is billed up to the next full step of so many minutes. `shown`: what the client sees."""

    billed: bool = False
    step_min: int = 1
    shown: Shown = "none"

    @classmethod
    def of(cls, settled: Mapping[str, Any], bases: Iterable[str]) -> TimeTerms:
        """From what was settled and the bases of the card: where nothing was, time is billed under a card of hours alone, and shown where it is."""
        priced = set(bases)
        billed = bool(settled.get("billed", priced == {"hour"})) and "hour" in priced
        return cls(billed=billed, step_min=int(settled.get("step_min") or 1), shown=settled.get("shown") or ("entries" if billed else "none"))


@dataclass(frozen=True, kw_only=True)
class Spent:
    """An entry as billing sees it: with its span where it has one, else minutes of a day."""

    key: str
    level: int
    done_on: date
    minutes: int
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Part:
    """What of an entry fell on one day, in minutes to bill."""

    key: str
    level: int
    on: date
    minutes: int


def billable(entries: Iterable[Spent], terms: TimeTerms, zone_name: str) -> tuple[Part, ...]:
    """The entries by day, each up to the agreement's step; what the step adds falls on the entry's last day."""
    parts = []
    for entry in entries:
        days = by_day(entry.begins_at, entry.ends_at, zone_name) if entry.begins_at and entry.ends_at else ((entry.done_on, entry.minutes),)
        added = stepped(entry.minutes, terms.step_min) - entry.minutes
        for number, (on, minutes) in enumerate(days, 1):
            parts.append(Part(entry.key, entry.level, on, minutes + (added if number == len(days) else 0)))
    return tuple(parts)


@dataclass
class Tally:
    """Minutes added up by what they are of."""

    by: dict[Any, int] = field(default_factory=dict)

    def add(self, key: Any, minutes: int) -> None:
        """Some more of one."""
        self.by[key] = self.by.get(key, 0) + minutes

    @property
    def total(self) -> int:
        """Of all."""
        return sum(self.by.values())
