"""The stop-clock: working time during which work waited for the client does not count, and moves its due time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from remit.domain.calendars.hours import Span, WorkingHours, common_s, local_date, union

Wait = tuple[datetime, datetime]
"""From when until when something waited, half-open; aware."""


@dataclass(frozen=True)
class StopClock:
    """When work was agreed to be due, how much working time it waited, and when it is due by that."""

    agreed_at: datetime
    due_at: datetime
    stopped_s: int

    @property
    def is_moved(self) -> bool:
        """Whether anything waited in working time before it was due."""
        return self.stopped_s > 0

    @property
    def stopped_min(self) -> int:
        """Whole minutes."""
        return self.stopped_s // 60


def stop_clock(agreed_at: datetime, waits: Iterable[Wait], hours: WorkingHours) -> StopClock:
    """The due time moved by the working time of the waits: waits that overlap count once, empty and backward ones not at all.

    A wait that begins once the work is late moves nothing. The zone of `agreed_at` is kept; whole seconds.
    """
    due, stopped = int(agreed_at.timestamp()), 0
    for start, end in union((int(start.timestamp()), int(end.timestamp())) for start, end in waits if start < end):
        if start >= due:
            break
        waited = working_s(hours, start, end)
        due, stopped = later(hours, due, waited), stopped + waited
    moved = datetime.fromtimestamp(due, UTC).astimezone(agreed_at.tzinfo) if stopped else agreed_at
    return StopClock(agreed_at, moved, stopped)


def working_s(hours: WorkingHours, start: int, end: int) -> int:
    """Seconds of working time in a half-open span of seconds since 1970 UTC."""
    return common_s([(start, end)], _windows(hours, start, end)) if start < end else 0


def later(hours: WorkingHours, start: int, seconds: int) -> int:
    """The first instant by which so much working time has passed since `start`, in seconds since 1970 UTC; `start` itself where none is to pass.

    Where nobody ever works, no time passes.
    """
    if seconds <= 0 or not hours.works:
        return start
    day, left, reached = local_date(hours.zone, start) - timedelta(1), seconds, start
    while True:
        for begins, ends in sorted(hours.spans(day)):
            begins = max(begins, reached)
            if ends - begins >= left:
                return begins + left
            if ends > begins:
                left, reached = left - (ends - begins), ends
        day += timedelta(1)


def _windows(hours: WorkingHours, start: int, end: int) -> list[Span]:
    first, last = local_date(hours.zone, start) - timedelta(1), local_date(hours.zone, end)
    return union(span for n in range((last - first).days + 1) for span in hours.spans(first + timedelta(n)))
