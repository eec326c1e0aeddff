"""Calendars: zones, working hours and what they share, working days, fiscal years."""

from remit.domain.calendars.days import Calendar, UnknownCalendar, public_holidays
from remit.domain.calendars.fiscal import FiscalYear, Period, due, due_on_workday, step_due
from remit.domain.calendars.hours import WorkingHours, overlap_min
from remit.domain.calendars.stopclock import StopClock, stop_clock
from remit.domain.calendars.year import SharedDay, SharedYear, Stretch, least_shared_min, overlap_year, shared_day
from remit.domain.calendars.zones import ZONES_VERSION, UnknownZone, zone, zone_names, zones_by_country

__all__ = [
    "ZONES_VERSION",
    "Calendar",
    "FiscalYear",
    "Period",
    "SharedDay",
    "SharedYear",
    "StopClock",
    "Stretch",
    "UnknownCalendar",
    "UnknownZone",
    "WorkingHours",
    "due",
    "due_on_workday",
    "least_shared_min",
    "overlap_min",
    "overlap_year",
    "public_holidays",
    "shared_day",
    "step_due",
    "stop_clock",
    "zone",
    "zone_names",
    "zones_by_country",
]
