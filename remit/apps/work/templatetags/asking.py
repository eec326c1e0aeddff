"""Instants as the forms of questions take them: a day with a time on the clocks of a zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template

register = template.Library()


@register.filter
def local_input(at: datetime | None, zone: str) -> str:
    """The value of a field for day and time."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if at else ""


@register.filter
def without_sign(count: int) -> int:
    """How many, whether before or after."""
    return abs(count)
