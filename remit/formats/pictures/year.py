"""The overlap through a year: a step for each stretch of equal days, both sides' holidays, and the least day named."""

from __future__ import annotations

from datetime import date

from remit.domain.calendars import SharedDay, SharedYear
from remit.domain.reasons import N_
from remit.formats.pictures.svg import label, line, picture, rect
from remit.formats.words import Words

TITLE = N_("Hours of {staff} together with {client} in {year}")
STRETCH = N_("from {day}: {shared_min}")
LEAST = N_("The least day is {day} with {shared_min}.")
NO_DAY = N_("They never work on the same day.")
HOLIDAYS = N_("{count} holidays of either side are left out.")
HEIGHT, TOP, BOTTOM = 84, 14, 66
SAID_FROM = 0.07


def year_strip(shared: SharedYear, words: Words, *, client_name: str, staff_name: str, key: str) -> str:
    """Height is minutes, of the most in the year; `key` is unique on the page."""
    days, first = len(shared.days), date(shared.year, 1, 1)
    most = max(shared.most_min or 0, 1)
    parts = ["".join(line(_at(date(shared.year, month, 1), first, days), TOP, BOTTOM, "v-grid") for month in range(1, 13)) + line(1, TOP, BOTTOM, "v-grid")]
    parts.append("".join(label(_at(date(shared.year, month, 15), first, days), 9, _month(month, words), "v-axis") for month in range(1, 13)))
    for stretch in shared.stretches:
        x, until = _at(stretch.day_from, first, days), _at(stretch.day_until, first, days)
        height = (BOTTOM - TOP) * stretch.shared_min / most
        parts.append(rect(x, until - x, BOTTOM - height, height, "v-staff"))
        if until - x >= SAID_FROM and height >= 16:
            parts.append(label((x + until) / 2, BOTTOM - height / 2 + 4, words.duration(stretch.shared_min), "v-inbar"))
    holidays = [day for day in shared.days if _holiday(day)]
    parts += [rect(_at(day.on, first, days), 1 / days, TOP, BOTTOM - TOP, "v-night", title=f"{words.date(day.on)}: {_holiday(day)}") for day in holidays]
    said = [words.text(STRETCH, day=stretch.day_from, shared_min=stretch.shared_min) for stretch in shared.stretches]
    if shared.least_on is not None and shared.least_min is not None:
        x = _at(shared.least_on, first, days)
        least = words.text(LEAST, day=shared.least_on, shared_min=shared.least_min)
        parts += [line(x, TOP, BOTTOM + 4, "v-nw"), label(min(max(x, 0.0), 1.0), HEIGHT - 4, least, "v-lab", _anchor(x))]
        said.append(least)
    else:
        said.append(words.text(NO_DAY))
    if holidays:
        said.append(words.text(HOLIDAYS, count=len(holidays)))
    title = words.text(TITLE, staff=staff_name, client=client_name, year=str(shared.year))
    return picture("year", HEIGHT, key, title, "; ".join(said), parts)


def _at(on: date, first: date, days: int) -> float:
    """The day as a share of the year that begins on `first`; the first day of the next is 1."""
    return (on - first).days / days


def _holiday(day: SharedDay) -> str:
    return day.holiday_a or day.holiday_b


def _month(month: int, words: Words) -> str:
    return str(words.locale.months["stand-alone"]["narrow"][month])


def _anchor(x: float) -> str:
    return "start" if x < 0.3 else "end" if x > 0.7 else "middle"
