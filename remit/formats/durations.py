"""Durations as people and time tools write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from remit.domain.timekeeping import DAY_MIN

_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")
_NAMED = re.compile(r"(?:(\d{1,4}(?:[.,]\d{1,4})?)\s*h(?:ours?|rs?)?)?\s*(?:(\d{1,5})\s*m(?:in(?:utes?)?)?)?(?:\s*(\d{1,6})\s*s(?:ec)?)?", re.IGNORECASE)
_DECIMAL = re.compile(r"\d{1,4}[.,]\d{1,10}|\d{1,4}")


def duration_min(text: str, *, bare: str = "hours") -> int | None:
    """Whole minutes, half up; None where it is none, or longer than a day.

    Understood: 1:30, 1:30:00, 1.5, 1,5, 1h 30m, 90 min. `bare`: what a number alone counts: hours, minutes or seconds.
    """
    text = " ".join(text.split())
    if match := _CLOCK.fullmatch(text):
        seconds = Decimal(int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0))
    elif _DECIMAL.fullmatch(text):
        try:
            seconds = Decimal(text.replace(",", ".")) * {"hours": 3600, "minutes": 60, "seconds": 1}[bare]
        except InvalidOperation:
            return None
    elif text and (match := _NAMED.fullmatch(text)):
        seconds = Decimal((match[1] or "0").replace(",", ".")) * 3600 + int(match[2] or 0) * 60 + int(match[3] or 0)
    else:
        return None
    minutes = int((seconds / 60).quantize(Decimal(1), ROUND_HALF_UP))
    return minutes if minutes <= DAY_MIN else None


def clock(minutes: int) -> str:
    """As h:mm, for fields in which one types."""
    return f"{minutes // 60}:{minutes % 60:02}"
