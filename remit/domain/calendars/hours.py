"""Working hours of a place, and the minutes that two places share on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache

from remit.domain.calendars.days import Calendar
from remit.domain.calendars.zones import zone

Span = tuple[int, int]
"""Half-open, in seconds since 1970 UTC."""

DAY_MIN = 24 * 60


@dataclass(frozen=True)
class WorkingHours:
    """When a place works: for Monday to Sunday the windows of that day, in minutes from local midnight, half-open.

    An end past 1440 lies on the next day. `calendar` takes out holidays (and weekends only as far as `weekly` does).
    """

    zone: str
    weekly: tuple[tuple[tuple[int, int], ...], ...]
    calendar: Calendar | None = None

    def __post_init__(self) -> None:
        zone(self.zone)
        if len(self.weekly) != 7:
            raise ValueError("a week has seven days")
        for start, end in (window for day in self.weekly for window in day):
            if not 0 <= start < DAY_MIN or not start < end <= start + DAY_MIN:
                raise ValueError(f"window {start}-{end}: start within the day, end after it and at most a day later")

    @classmethod
    def daily(cls, zone: str, start: time, end: time | None) -> WorkingHours:
        """The same window on all seven days, no holidays; an end before its start means the next day, None is 24:00."""
        return cls(zone, (((_window(start, end)),),) * 7)

    @classmethod
    def on_weekdays(cls, zone: str, start: time, end: time | None, calendar: Calendar) -> WorkingHours:
        """The same window on each working day of `calendar`."""
        window = _window(start, end)
        return cls(zone, tuple(() if day in calendar.weekend else (window,) for day in range(7)), calendar)

    @cached_property
    def pattern(self) -> WorkingHours:
        """The same week without holidays."""
        return self if self.calendar is None else replace(self, calendar=None)

    @cached_property
    def works(self) -> frozenset[int]:
        """Weekdays with at least one window, Monday 0."""
        return frozenset(day for day, windows in enumerate(self.weekly) if windows)

    def open_on(self, day: date) -> bool:
        """Whether anyone works on that local date: by the week's pattern, and no holiday."""
        return day.weekday() in self.works and (self.calendar is None or not self.calendar.closed_on(day))

    def spans(self, day: date) -> list[Span]:
        """The windows that begin on that local date, as instants; empty on days off."""
        if not self.open_on(day):
            return []
        return [span for window in self.weekly[day.weekday()] if (span := _span(self.zone, day, window))[0] < span[1]]


def _window(start: time, end: time | None) -> tuple[int, int]:
    start_min = start.hour * 60 + start.minute
    end_min = DAY_MIN if end is None else end.hour * 60 + end.minute
    if end_min == start_min:
        raise ValueError("start and end are the same: write 00:00-24:00 for a whole day")
    return start_min, end_min if end_min > start_min else end_min + DAY_MIN


def _span(name: str, day: date, window: tuple[int, int]) -> Span:
    return instant(name, day, window[0]), instant(name, day, window[1])


def instant(name: str, day: date, minute: int) -> int:
    """Seconds since 1970 UTC of a wall-clock minute of `day` (past 1440: of a later day).

    A time that occurs twice is its first occurrence; one that is skipped counts by the offset before the change (RFC 5545, 3.3.5).
    """
    days, minute = divmod(minute, DAY_MIN)
    local = datetime.combine(day + timedelta(days), time(minute // 60, minute % 60), zone(name))
    return int(local.timestamp())


def local_date(name: str, seconds: int) -> date:
    """The date that a clock in the zone shows at that instant."""
    return datetime.fromtimestamp(seconds, zone(name)).date()


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def common_s(spans_a: Sequence[Span], spans_b: Sequence[Span]) -> int:
    """Seconds that lie in both; each must be a union."""
    total = i = j = 0
    while i < len(spans_a) and j < len(spans_b):
        start, end = max(spans_a[i][0], spans_b[j][0]), min(spans_a[i][1], spans_b[j][1])
        total += max(0, end - start)
        if spans_a[i][1] < spans_b[j][1]:
            i += 1
        else:
            j += 1
    return total


@lru_cache(maxsize=65_536)
def overlap_min(a: WorkingHours, b: WorkingHours, on: date) -> int:
    """Whole elapsed minutes of A's windows that begin on A's local date `on` and lie in any of B's windows."""
    spans_a = union(a.spans(on))
    if not spans_a:
        return 0
    first, last = local_date(b.zone, spans_a[0][0]) - timedelta(2), local_date(b.zone, spans_a[-1][1])
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return common_s(spans_a, union(span for day in days for span in b.spans(day))) // 60
