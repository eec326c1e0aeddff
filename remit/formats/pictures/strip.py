"""The overlap strip: one day on the client's clock, the client's hours above, the other side's below, and what they share."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from remit.domain.calendars import WorkingHours, overlap_min, zone
from remit.domain.reasons import N_
from remit.formats.pictures.svg import label, line, picture, rect
from remit.formats.words import Words

TITLE = N_("Working hours of {staff} against {client}")
DESCRIPTION = N_("On client time: client {client_hours}, {staff} {staff_hours}, together {shared_min} a day.")
RANGE = N_("{start} to {end}")
NONE = N_("none")
HEIGHT, TOP, BOTTOM = 68, 14, 66
NIGHT = ((0.0, 0.25), (22 / 24, 1.0))
SAID_FROM = 0.08
"""A bar narrower than this share has no room for words."""

Bar = tuple[float, float]


def overlap_strip(client: WorkingHours, staff: WorkingHours, on: date, words: Words, *, client_name: str, staff_name: str, key: str) -> str:
    """The client's local date `on`. `client_name` is short (it stands in the bar); `key` is unique on the page."""
    theirs, ours = _bars(client, on, client.zone), _bars(staff, on, client.zone)
    both = _common(theirs, ours)
    shared_min = overlap_min(client, staff, on)
    parts = ["".join(rect(start, end - start, TOP, BOTTOM - TOP, "v-night") for start, end in NIGHT)]
    parts.append("".join(line(hour / 24, TOP, BOTTOM, "v-grid") for hour in range(0, 25, 3)))
    parts.append("".join(label(hour / 24, 9, f"{hour:02}", "v-axis", {0: "start", 24: "end"}.get(hour, "middle")) for hour in range(0, 25, 6)))
    parts += [rect(start, end - start, TOP, BOTTOM - TOP, "v-over") for start, end in both]
    parts += [rect(start, end - start, 21, 17, "v-client", round_px=4) for start, end in theirs]
    parts += [rect(start, end - start, 43, 17, "v-off", round_px=4) for start, end in _without(ours, theirs)]
    parts += [rect(start, end - start, 43, 17, "v-staff", round_px=4) for start, end in both]
    parts += _said(theirs, 33.5, client_name, "v-inbar v-oncl") + _said(both, 55.5, words.duration(shared_min), "v-inbar")
    title = words.text(TITLE, staff=staff_name, client=client_name)
    hours = {"client_hours": _hours(theirs, words), "staff_hours": _hours(ours, words)}
    return picture("strip", HEIGHT, key, title, words.text(DESCRIPTION, staff=staff_name, shared_min=shared_min, **hours), parts)


def _bars(hours: WorkingHours, on: date, clock: str) -> list[Bar]:
    """Windows as shares of the client's wall-clock day."""
    bars = []
    for day in (on + timedelta(offset) for offset in range(-2, 3)):
        for start, end in hours.spans(day):
            first, last = _share(start, on, clock), _share(end, on, clock)
            if first < 1 and last > 0 and first < last:
                bars.append((max(0.0, first), min(1.0, last)))
    return sorted(bars)


def _share(instant: int, on: date, clock: str) -> float:
    local = datetime.fromtimestamp(instant, zone(clock))
    return (local.date() - on).days + (local.hour * 60 + local.minute) / 1440


def _common(ones: list[Bar], others: list[Bar]) -> list[Bar]:
    return [(max(a[0], b[0]), min(a[1], b[1])) for a in ones for b in others if max(a[0], b[0]) < min(a[1], b[1])]


def _without(ones: list[Bar], others: list[Bar]) -> list[Bar]:
    """What is in `ones` and not in `others`, which are in order."""
    left = []
    for start, end in ones:
        for taken_from, taken_until in others:
            if taken_until <= start or taken_from >= end:
                continue
            if start < taken_from:
                left.append((start, taken_from))
            start = max(start, taken_until)
        if start < end:
            left.append((start, end))
    return left


def _said(bars: list[Bar], y: float, said: str, css: str) -> list[str]:
    widest = max(bars, key=lambda bar: bar[1] - bar[0], default=(0.0, 0.0))
    return [label((widest[0] + widest[1]) / 2, y, said, css)] if widest[1] - widest[0] >= SAID_FROM else []


def _hours(bars: list[Bar], words: Words) -> str:
    return words.list(words.text(RANGE, start=_clock(start), end=_clock(end)) for start, end in bars) if bars else words.text(NONE)


def _clock(share: float) -> str:
    minutes = round(share * 1440)
    return f"{minutes // 60:02}:{minutes % 60:02}"
