"""Days and times in few words, where the year is said above; by CLDR, on the clocks of the zone given."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time
from django import template
from django.utils.translation import get_language

from remit.formats.words import Words

register = template.Library()


@register.filter
def short_day(on: date | datetime | None, zone: str = "") -> str:
    """A day without its year, such as 4 Jan."""
    if on is None:
        return ""
    return str(format_skeleton("MMMd", _local(on, zone), locale=Words(get_language() or "en").locale))


@register.filter
def weekday(on: date) -> str:
    """A weekday with its day, such as Mon 8."""
    return str(format_skeleton("Ed", on, locale=Words(get_language() or "en").locale))


@register.filter
def month_name(on: date) -> str:
    """A month without its year, such as Jan."""
    return str(format_skeleton("MMM", on, locale=Words(get_language() or "en").locale))


@register.filter
def short_time(at: datetime | None, zone: str = "UTC") -> str:
    """Day and time without year and zone, which the table says once."""
    if at is None:
        return ""
    locale = Words(get_language() or "en").locale
    local = at.astimezone(ZoneInfo(zone))
    return f"{format_skeleton('MMMd', local, locale=locale)}, {format_time(local, 'short', tzinfo=local.tzinfo, locale=locale)}"


@register.filter
def signed(amount: object) -> str:
    """A figure with its sign before it; anything else as it is said."""
    said = Words(get_language() or "en").value(amount)
    return said.replace("-", "\N{MINUS SIGN}", 1) if said.startswith("-") else said


def _local(on: date | datetime, zone: str) -> date | datetime:
    return on.astimezone(ZoneInfo(zone)) if isinstance(on, datetime) and zone else on
