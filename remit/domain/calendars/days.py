"""Working days: weekends and public holidays of a country or its part, and counting by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache


class UnknownCalendar(ValueError):
    """A code that names no country or part of one that the holiday tables hold."""


@lru_cache(maxsize=1024)
def public_holidays(code: str, year: int) -> Mapping[date, str]:
    """Public holidays of a year by date, named in the country's own language; `code` is ISO 3166: DE, DE-BY, US-NY.

    Dates that follow the moon are the table's estimate.
    """
    import holidays

    country, _, part = code.partition("-")
    try:
        return dict(holidays.country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError as error:
        raise UnknownCalendar(code) from error


@lru_cache(maxsize=1024)
def weekend_of(code: str, year: int) -> frozenset[int]:
    """Weekly days of rest, Monday 0, as they are in that year."""
    import holidays

    country, _, part = code.partition("-")
    try:
        table = holidays.country_holidays(country, subdiv=part or None, years=year)
    except NotImplementedError as error:
        raise UnknownCalendar(code) from error
    return frozenset(table.weekend)


WEEKEND_YEAR = 2026
"""Weekly rest is the present pattern: places changed it seldom (the Emirates in 2022)."""


@dataclass(frozen=True)
class Calendar:
    """Days off of a country (ISO 3166 code) with what an organization adds: `closed` also off, `opened` worked all the same."""

    code: str
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    @cached_property
    def weekend(self) -> frozenset[int]:
        """Weekly days of rest, Monday 0."""
        return weekend_of(self.code, WEEKEND_YEAR)

    def holiday(self, day: date) -> str:
        """The holiday's name, or nothing."""
        return "" if day in self.opened else public_holidays(self.code, day.year).get(day, "")

    def closed_on(self, day: date) -> bool:
        """Holiday or closed; weekends are not asked."""
        return day not in self.opened and (day in self.closed or day in public_holidays(self.code, day.year))

    def workday(self, day: date) -> bool:
        """Neither weekend nor holiday nor closed."""
        return day in self.opened or (day.weekday() not in self.weekend and not self.closed_on(day))

    def add(self, day: date, workdays: int) -> date:
        """So many working days later (earlier when negative); 0 is the day itself or the next working day."""
        step = timedelta(-1 if workdays < 0 else 1)
        if workdays == 0:
            while not self.workday(day):
                day += step
        for _ in range(abs(workdays)):
            day += step
            while not self.workday(day):
                day += step
        return day

    def count(self, day_from: date, day_until: date) -> int:
        """Working days in the half-open range; negative where it runs backwards."""
        if day_until < day_from:
            return -self.count(day_until, day_from)
        return sum(self.workday(day_from + timedelta(n)) for n in range((day_until - day_from).days))
