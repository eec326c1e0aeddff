"""Fiscal years and their periods, and when a piece of work is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from remit.domain.calendars.days import Calendar
from remit.domain.calendars.zones import zone


@dataclass(frozen=True)
class Period:
    """Half-open dates; `number` counts from 1 within the fiscal year that `year` names."""

    year: int
    number: int
    day_from: date
    day_until: date

    def holds(self, on: date) -> bool:
        """Half-open."""
        return self.day_from <= on < self.day_until


@dataclass(frozen=True)
class FiscalYear:
    """A fiscal year of twelve calendar months; `named_by`: the calendar year that it begins or ends in."""

    first_month: int = 1
    named_by: Literal["start", "end"] = "start"

    def __post_init__(self) -> None:
        if not 1 <= self.first_month <= 12:
            raise ValueError(f"month {self.first_month}")

    def period_of(self, on: date) -> Period:
        """The month that holds the date."""
        number = (on.month - self.first_month) % 12 + 1
        began = on.year if on.month >= self.first_month else on.year - 1
        return Period(self._name(began), number, on.replace(day=1), _month_after(on))

    def periods(self, year: int) -> tuple[Period, ...]:
        """The twelve months of the fiscal year of that name, in order."""
        began = year - (self._name(year) - year)
        starts = [date(began + (self.first_month - 1 + n) // 12, (self.first_month - 1 + n) % 12 + 1, 1) for n in range(12)]
        return tuple(Period(year, n, start, _month_after(start)) for n, start in enumerate(starts, start=1))

    def _name(self, began: int) -> int:
        return began + (1 if self.named_by == "end" and self.first_month > 1 else 0)


def _month_after(on: date) -> date:
    return date(on.year + on.month // 12, on.month % 12 + 1, 1)


def due(after: date, workdays: int, calendar: Calendar, zone_name: str, at: time = time(17)) -> datetime:
    """So many working days after a date (before it when negative), at a wall-clock time of the zone; 0 is the next working day from it on."""
    return datetime.combine(calendar.add(after, workdays), at, zone(zone_name))


def due_on_workday(until: date, number: int, calendar: Calendar, zone_name: str) -> datetime:
    """On the working day of that number, from 1, after a half-open period's end; whether or not its first day is a working day."""
    return due(until - timedelta(days=1), number, calendar, zone_name)


def step_due(item_due_at: datetime, arrived_at: datetime, step: tuple[int, str], calendar: Calendar) -> datetime:
    """When a step of a service line is due: `(n, "workday")` before the item's due time, `(n, "second")` after its arrival.

    Working days are counted on the clock that `item_due_at` carries, and its wall-clock time is kept.
    """
    count, unit = step
    if unit == "second":
        return arrived_at + timedelta(seconds=count)
    if unit != "workday":
        raise ValueError(f"due by {unit}")
    if count == 0:
        return item_due_at
    return datetime.combine(calendar.add(item_due_at.date(), -count), item_due_at.timetz())
