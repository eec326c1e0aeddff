"""Dates by which the law asks for a filing: dated data with a source, and the day that each comes to."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from remit.domain.calendars import Calendar


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A filing is due on `day` of the month that lies `after` months after the period's last; a day past the month's end is its last day."""

    id: str
    tasks: tuple[str, ...]
    """Codes of the tasks of services, or of their acts, that end in this filing."""
    every_months: tuple[int, ...] = (1,)
    """Lengths of the periods that it holds for, in months."""
    day: int
    after: int = 1
    shift: Literal["next", "none"] = "none"
    """next: where it falls on a day of rest it is due on the next working day."""
    authority: str
    """Whom it is filed with, in its own language."""
    source: str
    valid_from: date
    valid_until: date | None = None
    verified: bool = False
    seen: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    """The filing's name by language; English always."""
    sha256: str = ""

    def in_force(self, on: date) -> bool:
        """Half-open."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


def due_on(deadline: Deadline, until: date, calendar: Calendar) -> date:
    """The day for a period that ends before `until`, by the working days of the calendar where it is shifted."""
    months = until.year * 12 + until.month - 1 + deadline.after - 1
    year, month = divmod(months, 12)
    day = date(year, month + 1, min(deadline.day, monthrange(year, month + 1)[1]))
    return calendar.add(day, 0) if deadline.shift == "next" else day


def deadline_of(found: Iterable[Deadline], task: str, act: str, every_months: int, on: date) -> Deadline | None:
    """The deadline in force on a day for a task, or for its act, and a rhythm; the first of them, where several are given from the nearest jurisdiction on."""
    asked = {task, act} - {""}
    return next((each for each in found if asked & set(each.tasks) and every_months in each.every_months and each.in_force(on)), None)
