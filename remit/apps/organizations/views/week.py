"""A week of working hours as people write and read it."""

from __future__ import annotations

import re
from itertools import groupby

from babel.dates import get_day_names, get_month_names
from django.utils.translation import get_language

from remit.formats.words import Words

WEEKDAYS = ["0", "1", "2", "3", "4"]
WINDOW = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")
DAY_MIN = 1440


def days() -> list[tuple[str, str]]:
    """Monday to Sunday, numbered from 0, in the reader's language."""
    names = get_day_names("wide", locale=Words(get_language() or "en").locale)
    return [(str(day), names[day]) for day in range(7)]


def months() -> list[tuple[int, str]]:
    """January to December, numbered from 1."""
    names = get_month_names("wide", context="stand-alone", locale=Words(get_language() or "en").locale)
    return [(month, names[month]) for month in range(1, 13)]


def windows(text: str) -> list[tuple[int, int]]:
    """Windows in minutes from midnight, of text such as "08:30-12:00, 13:00-17:30"; empty where it is not that."""
    found = []
    for part in text.split(","):
        match = WINDOW.fullmatch(part.strip())
        if match is None:
            return []
        start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        found.append((start, end if end > start else end + DAY_MIN))
    return found


def said(hours: list[list[list[int]]]) -> list[str]:
    """Runs of days with the same windows, such as "Mon – Fri 09:00–18:00"."""
    names = get_day_names("abbreviated", locale=Words(get_language() or "en").locale)
    lines = []
    for spans, run in groupby(enumerate(hours), key=lambda day: day[1]):
        numbers = [day for day, _windows in run]
        if spans:
            first, last = names[numbers[0]], names[numbers[-1]]
            lines.append(f"{first if first == last else f'{first} – {last}'} {', '.join(f'{_clock(start)}–{_clock(end)}' for start, end in spans)}")
    return lines


def _clock(minute: int) -> str:
    minute = minute if minute <= DAY_MIN else minute - DAY_MIN
    return f"{minute // 60:02d}:{minute % 60:02d}"
