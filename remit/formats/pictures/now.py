"""Who is at work now: a day on one clock, the working hours of each place as a bar, and the present as a line through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from remit.domain.calendars import WorkingHours, zone
from remit.domain.reasons import N_
from remit.formats.pictures.svg import label, line, picture, rect
from remit.formats.words import Words

TITLE = N_("Working hours today on {place} time, now {now}")
ROW = N_("{name} {now}: {hours}.")
RANGE = N_("{start} to {end}")
CLOSED = N_("not at work today")
FIRST, LAST = 6, 20
"""The hours that are always shown; more where somebody works earlier or later."""
ROW_PX, BAR_PX, AXIS_PX = 39, 12, 19


@dataclass(frozen=True)
class Place:
    """A place with its hours: `name` and `right` stand over its bar; `side` gives its colour."""

    name: str
    right: str
    hours: WorkingHours
    side: str = "staff"


Minutes = tuple[int, int]


def now_strip(places: Sequence[Place], at: datetime, clock: str, words: Words, *, clock_name: str, key: str) -> str:
    """The local day of `clock` (an IANA name) at an instant; `key` is unique on the page."""
    on, now_min = at.astimezone(zone(clock)).date(), _minute(at.timestamp(), at.astimezone(zone(clock)).date(), clock)
    windows = [windows_on(place.hours, on, clock) for place in places]
    first, last = _range(windows, now_min)
    step = 3 if last - first <= 18 * 60 else 6

    def share(minute: float) -> float:
        return max(0.0, min(1.0, (minute - first) / (last - first)))

    parts = []
    for hour in range(first // 60, last // 60, step):
        parts.append(label(share(hour * 60), 9, f"{hour % 24:02}", "v-axis", "start" if hour * 60 == first else "middle"))
    shared = together(windows)
    said = []
    for number, (place, bars) in enumerate(zip(places, windows, strict=True)):
        top = AXIS_PX + number * ROW_PX
        local = f"{at.astimezone(zone(place.hours.zone)):%H:%M}"
        parts += [label(0, top + 9, f"{place.name} {local}", "v-lab", "start"), label(1, top + 9, place.right, "v-axis", "end")]
        parts.append(rect(0, 1, top + 15, BAR_PX, "v-bed", round_px=4))
        parts += [rect(share(a), share(b) - share(a), top + 15, BAR_PX, f"v-{place.side}", round_px=4) for a, b in bars]
        parts += [rect(share(a), share(b) - share(a), top + 15 + BAR_PX, 3, "v-over") for a, b in shared]
        parts.append(line(share(now_min), top + 12, top + 18 + BAR_PX, "v-now"))
        hours = words.list(words.text(RANGE, start=clock_of(a), end=clock_of(b)) for a, b in bars) if bars else words.text(CLOSED)
        said.append(words.text(ROW, name=place.name, now=local, hours=hours))
    title = words.text(TITLE, place=clock_name, now=clock_of(now_min))
    return picture("now", AXIS_PX + len(places) * ROW_PX, key, title, " ".join(said), parts)


def windows_on(hours: WorkingHours, on: date, clock: str) -> list[Minutes]:
    """Windows that touch a local date of `clock`, in minutes of its day; what began the day before is cut at midnight."""
    found = []
    for day in (on + timedelta(offset) for offset in range(-1, 2)):
        for start, end in hours.spans(day):
            first, last = _minute(start, on, clock), _minute(end, on, clock)
            if first < 1440 and last > 0 and first < last:
                found.append((max(first, 0), min(last, 1440)))
    return sorted(found)


def together(windows: Sequence[Sequence[Minutes]]) -> list[Minutes]:
    """What all places share of the day."""
    if not windows:
        return []
    shared = list(windows[0])
    for other in windows[1:]:
        shared = [(max(a[0], b[0]), min(a[1], b[1])) for a in shared for b in other if max(a[0], b[0]) < min(a[1], b[1])]
    return shared


def clock_of(minute: int) -> str:
    """09:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _range(windows: Sequence[Sequence[Minutes]], now_min: int) -> Minutes:
    """From a whole hour to a whole hour, a multiple of three between them."""
    ends = [minute for bars in windows for bar in bars for minute in bar] + [now_min]
    first = min(FIRST, *(minute // 60 for minute in ends))
    last = max(LAST, *(-(-minute // 60) for minute in ends))
    first -= first % 3
    return first * 60, min(last, 24) * 60


def _minute(instant: float, on: date, clock: str) -> int:
    local = datetime.fromtimestamp(instant, zone(clock))
    return (local.date() - on).days * 1440 + local.hour * 60 + local.minute
