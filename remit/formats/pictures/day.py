"""The bar of one day: working hours, and what of them is booked; with the figures in words."""

from __future__ import annotations

from collections.abc import Sequence

from remit.domain.reasons import N_
from remit.formats.pictures.svg import label, picture, rect
from remit.formats.words import Words

Span = tuple[int, int]
"""Minutes from local midnight, half-open; an end past 1440 lies on the next day."""

TITLE = N_("Hours of the day")
WORKS = N_("Works {hours}, {booked_min} booked.")
IDLE = N_("Does not work.")
BETWEEN = N_("{start} to {end}")
HEIGHT = 28
FIRST_MIN, LAST_MIN = 7 * 60, 20 * 60
"""What is drawn; hours outside are cut."""


def day_bar(working: Sequence[Span], booked: Sequence[Span], words: Words, *, key: str) -> str:
    """`key` is unique on the page."""
    parts = ['<rect x="0" y="0" width="100%" height="28" rx="6" class="v-bed"/>']
    for start, end in working:
        x, width = _share(start), _share(end) - _share(start)
        parts.append(rect(x, width, 3, 22, "v-half", round_px=5))
    for start, end in booked:
        x, width = _share(start), _share(end) - _share(start)
        parts.append(rect(x, width, 3, 22, "v-staff", round_px=5))
    hours = words.list(words.text(BETWEEN, start=_clock(start), end=_clock(end)) for start, end in working)
    if working:
        start, end = working[0][0], working[-1][1]
        parts.append(label((_share(start) + _share(end)) / 2, 18, f"{_clock(start)}–{_clock(end)}", "v-lab"))
    taken = sum(min(end, 1440) - max(start, 0) for start, end in booked)
    said = words.text(WORKS, hours=hours, booked_min=taken) if working else words.text(IDLE)
    return picture("day", HEIGHT, key, words.text(TITLE), said, parts)


def _share(minute: int) -> float:
    return min(1.0, max(0.0, (minute - FIRST_MIN) / (LAST_MIN - FIRST_MIN)))


def _clock(minute: int) -> str:
    hour, rest = divmod(minute % 1440, 60)
    return f"{hour:02}:{rest:02}" if rest else f"{hour:02}"
