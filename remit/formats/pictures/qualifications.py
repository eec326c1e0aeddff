"""A person's qualifications through time: a bar for what holds between days, a tick for a degree's year, and today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from remit.domain.reasons import N_
from remit.formats.pictures.svg import label, line, picture, rect
from remit.formats.words import Words

TITLE = N_("Qualifications of {name}")
HOLDS = N_("{what}: from {since} on")
HOLDS_UNTIL = N_("{what}: from {since} until before {until}")
GOT = N_("{what}: {since}")
TODAY = N_("today")
ROW, TOP = 34, 18
AHEAD_YEARS = 2

State = Literal["ok", "warn", "bad"]
CSS = {"ok": "v-staff", "warn": "v-c3", "bad": "v-c4"}


@dataclass(frozen=True)
class Held:
    """What somebody has: from a day, until a day or without end; `is_point`: it was got in a year and does not run."""

    what: str
    since: date
    until: date | None = None
    state: State = "ok"
    is_point: bool = False


def qualification_line(held: Sequence[Held], today: date, words: Words, *, name: str, key: str) -> str:
    """The first at the top; the picture reaches from the first year of any to two years ahead."""
    first = date(min([each.since.year for each in held] + [today.year]), 1, 1)
    last = date(max([each.until.year for each in held if each.until] + [today.year + AHEAD_YEARS]) + 1, 1, 1)
    days = (last - first).days
    at = lambda on: (min(max(on, first), last) - first).days / days  # noqa: E731
    height = TOP + ROW * len(held) + 6
    every = max(1, (last.year - first.year) // 8)
    years = range(first.year, last.year, every)
    parts = ["".join(line(at(date(year, 1, 1)), TOP, height - 4, "v-grid") for year in years)]
    parts += [label(at(date(year, 1, 1)), 11, str(year), "v-axis", "start" if year == first.year else "middle") for year in years]
    for number, each in enumerate(held):
        y = TOP + ROW * number
        x = at(each.since)
        width = 0.008 if each.is_point else max(0.008, at(each.until or last) - x)
        anchor, where = ("end", min(1.0, x + width)) if x > 0.6 else ("start", x)
        parts.append(label(where, y + 13, each.what, "v-lab", anchor))
        parts.append(rect(x, width, y + 18, 9, CSS[each.state], round_px=2, title=_said(each, words)))
    parts += [line(at(today), TOP - 2, height - 2, "v-nw"), label(at(today), height, words.text(TODAY), "v-axis", "end" if at(today) > 0.5 else "start")]
    return picture("line", height + 4, key, words.text(TITLE, name=name), "; ".join(_said(each, words) for each in held), parts)


def _said(each: Held, words: Words) -> str:
    if each.is_point:
        return words.text(GOT, what=each.what, since=str(each.since.year))
    if each.until is None:
        return words.text(HOLDS, what=each.what, since=each.since)
    return words.text(HOLDS_UNTIL, what=each.what, since=each.since, until=each.until)
