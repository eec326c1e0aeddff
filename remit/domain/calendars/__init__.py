"""Calendars: zones, working hours and what they share, working days, fiscal years."""

from remit.domain.calendars.days import Calendar, UnknownCalendar, public_holidays
from remit.domain.calendars.hours import WorkingHours, overlap_min
from remit.domain.calendars.zones import ZONES_VERSION, UnknownZone, zone, zone_names

__all__ = ["ZONES_VERSION", "Calendar", "UnknownCalendar", "UnknownZone", "WorkingHours", "overlap_min", "public_holidays", "zone", "zone_names"]
