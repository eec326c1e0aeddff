"""What two places share through a year or any range of days: by day, by stretch of equal days, and the least normal day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from remit.domain.calendars.hours import WorkingHours, local_date, overlap_min

Kind = Literal["normal", "off_a", "off_b"]


@dataclass(frozen=True)
class SharedDay:
    """A local date of A. `off_a`: A does not work or has a holiday; `off_b`: B has none of its days within A's windows, or a holiday in them."""

    on: date
    shared_min: int
    kind: Kind
    holiday_a: str = ""
    holiday_b: str = ""


@dataclass(frozen=True)
class Stretch:
    """Half-open dates of A whose normal days share the same minutes."""

    day_from: date
    day_until: date
    shared_min: int


@dataclass(frozen=True)
class SharedYear:
    """A year of A's dates. Least, most and typical (the most frequent, the lesser of equals) look at normal days; None where there are none."""

    year: int
    days: tuple[SharedDay, ...]
    stretches: tuple[Stretch, ...]
    least_min: int | None
    least_on: date | None
    typical_min: int | None
    most_min: int | None
    total_min: int


def shared_day(a: WorkingHours, b: WorkingHours, on: date) -> SharedDay:
    """The shared minutes of A's local date with why it may be no normal day."""
    holiday_a = a.calendar.holiday(on) if a.calendar else ""
    spans = a.spans(on)
    if not spans:
        return SharedDay(on, 0, "off_a", holiday_a)
    first, last = local_date(b.zone, spans[0][0]), local_date(b.zone, spans[-1][1] - 1)
    touched = [first + timedelta(n) for n in range((last - first).days + 1)]
    working = [day for day in touched if day.weekday() in b.works]
    holiday_b = next((name for day in touched if b.calendar and (name := b.calendar.holiday(day))), "")
    kind: Kind = "normal" if working and all(b.open_on(day) for day in working) else "off_b"
    return SharedDay(on, overlap_min(a, b, on), kind, holiday_a, holiday_b)


@lru_cache(maxsize=1024)
def overlap_year(a: WorkingHours, b: WorkingHours, year: int) -> SharedYear:
    """Every local date of A in the year."""
    first = date(year, 1, 1)
    days = tuple(shared_day(a, b, first + timedelta(n)) for n in range((date(year + 1, 1, 1) - first).days))
    normal = [day for day in days if day.kind == "normal"]
    counted = Counter(day.shared_min for day in normal)
    least = min(normal, key=lambda day: (day.shared_min, day.on), default=None)
    return SharedYear(
        year=year,
        days=days,
        stretches=_stretches(normal, days[-1].on + timedelta(1)),
        least_min=least.shared_min if least else None,
        least_on=least.on if least else None,
        typical_min=max(sorted(counted), key=lambda minutes: counted[minutes]) if counted else None,
        most_min=max(counted) if counted else None,
        total_min=sum(day.shared_min for day in days),
    )


def _stretches(normal: list[SharedDay], end: date) -> tuple[Stretch, ...]:
    starts = [day for before, day in zip([None, *normal], normal, strict=False) if before is None or before.shared_min != day.shared_min]
    return tuple(Stretch(day.on, following.on if following else end, day.shared_min) for day, following in zip(starts, [*starts[1:], None], strict=False))


@lru_cache(maxsize=16_384)
def least_shared_min(a: WorkingHours, b: WorkingHours, day_from: date, day_until: date) -> tuple[int, date] | None:
    """The least shared minutes over normal days of A's dates in the half-open range, with the first such day; None without a normal day."""
    found = (shared_day(a, b, day_from + timedelta(n)) for n in range((day_until - day_from).days))
    return min(((day.shared_min, day.on) for day in found if day.kind == "normal"), default=None)
