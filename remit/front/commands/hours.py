"""`remit hours`: the hours that two places share."""

from __future__ import annotations

import difflib
import json
import re
from datetime import UTC, date, datetime, time
from typing import Any

import click

from remit.domain.calendars import ZONES_VERSION, UnknownZone, WorkingHours, overlap_min, overlap_year, zone, zone_names
from remit.formats.words import Words

WINDOW = re.compile(r"(\S+)\s+([0-9]{1,2}):([0-9]{2})\s*[-\N{EN DASH}]\s*([0-9]{1,2}):([0-9]{2})")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST, LAST = date(1970, 1, 2), date(2199, 12, 31)
"""Zone tables are exact from 1970 on; later rules are taken to stay as they are."""


class Window(click.ParamType[WorkingHours]):
    """A zone and a daily window, such as `Asia/Kolkata 13:30-22:30`."""

    name = "ZONE HH:MM-HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> WorkingHours:
        if isinstance(value, WorkingHours):
            return value
        found = WINDOW.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"{value!r} is not a zone and a window, such as 'Asia/Kolkata 13:30-22:30'", param, ctx)
        place = found[1]
        start, end = self._clock(found[2], found[3], param, ctx), self._clock(found[4], found[5], param, ctx)
        if start is None:
            self.fail("a window starts before 24:00", param, ctx)
        try:
            return WorkingHours.daily(place, start, end)
        except UnknownZone:
            near = difflib.get_close_matches(place, zone_names(), 1, 0.7)
            self.fail(f"{place!r} is no zone in the tables ({ZONES_VERSION})" + (f"; did you mean {near[0]!r}?" if near else ""), param, ctx)
        except ValueError as problem:
            self.fail(str(problem), param, ctx)

    def _clock(self, hour: str, minute: str, param: click.Parameter | None, ctx: click.Context | None) -> time | None:
        """The time of day; None for 24:00."""
        if (int(hour), int(minute)) == (24, 0):
            return None
        if int(hour) > 23 or int(minute) > 59:
            self.fail(f"{hour}:{minute} is not a time of day", param, ctx)
        return time(int(hour), int(minute))


class Day(click.ParamType[date]):
    """A date, such as 2026-11-02."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            on = date.fromisoformat(value) if DATE.fullmatch(value) else None
        except ValueError:
            on = None
        if on is None:
            self.fail(f"{value!r} is not a date such as 2026-11-02", param, ctx)
        if not FIRST <= on <= LAST:
            self.fail(f"{value} is not between {FIRST} and {LAST}, where the zone tables are exact", param, ctx)
        return on


@click.group(name="hours")
def command() -> None:
    """The hours that two places share."""


@command.command()
@click.option("--a", "a", type=Window(), required=True, help="The place whose date is asked, and its daily window.")
@click.option("--b", "b", type=Window(), required=True, help="The other place and its daily window.")
@click.option("--on", "on", type=Day(), required=True, help="A's local date.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def overlap(a: WorkingHours, b: WorkingHours, on: date, as_json: bool) -> None:
    """Minutes of A's window on A's local date that lie in any of B's daily windows.

    An end before its start means the next day; 24:00 is midnight at the day's end. Minutes are elapsed time, so that a clock change within the
    window counts. Zone tables are the pinned ones, never the machine's.

    Exit status: 0 said; 2 an option cannot be read.
    """
    shared_min = overlap_min(a, b, on)
    if as_json:
        said = {"shared_min": shared_min, "on": on.isoformat(), "a": _plain(a, on), "b": _plain(b, None), "zones": ZONES_VERSION}
        click.echo(json.dumps(said))
        return
    words = Words("en")
    spans = [f"{_clock(start, a.zone)}-{_clock(end, a.zone)} is {_clock(start, b.zone)}-{_clock(end, b.zone)} in {b.zone}" for start, end in a.spans(on)]
    click.echo(f"{a.zone}, {words.date(on, 'full')}: {'; '.join(spans) or 'no such time on that day'}")
    click.echo(f"Together: {words.duration(shared_min)} ({shared_min} min). Zone tables {ZONES_VERSION}.")


@command.command(name="year")
@click.option("--a", "a", type=Window(), required=True, help="The place whose dates are asked, and its daily window.")
@click.option("--b", "b", type=Window(), required=True, help="The other place and its daily window.")
@click.option("--year", "year", type=click.IntRange(FIRST.year + 1, LAST.year), required=True, help="The year of A's dates.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def over_a_year(a: WorkingHours, b: WorkingHours, year: int, as_json: bool) -> None:
    """Minutes that both windows share, day by day through a year: each stretch of equal days, where the clock changes part them.

    Days of rest and holidays are not left out; the page of an installation shows both ways.

    Exit status: 0 said; 2 an option cannot be read.
    """
    shared = overlap_year(a, b, year)
    if as_json:
        stretches = [{"from": each.day_from.isoformat(), "until": each.day_until.isoformat(), "shared_min": each.shared_min} for each in shared.stretches]
        said = {"year": year, "a": _plain(a, None), "b": _plain(b, None), "total_min": shared.total_min, "stretches": stretches, "zones": ZONES_VERSION}
        click.echo(json.dumps(said))
        return
    words = Words("en")
    for each in shared.stretches:
        click.echo(f"{words.span(each.day_from, each.day_until)}: {words.duration(each.shared_min)} a day ({each.shared_min} min)")
    click.echo(f"In all of {year}: {words.duration(shared.total_min)}. Zone tables {ZONES_VERSION}.")


def _plain(hours: WorkingHours, on: date | None) -> dict[str, Any]:
    start, end = hours.weekly[0][0]
    plain: dict[str, Any] = {"zone": hours.zone, "window": f"{_minutes(start)}-{_minutes(end if end <= 1440 else end - 1440)}"}
    if on is not None:
        plain["utc"] = [[datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%MZ") for instant in span] for span in hours.spans(on)]
    return plain


def _minutes(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _clock(instant: int, name: str) -> str:
    return datetime.fromtimestamp(instant, zone(name)).strftime("%H:%M")
