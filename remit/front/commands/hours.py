"""`remit hours`: the hours that two places share."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import click

from remit.domain.calendars import (
    ZONES_VERSION,
    Calendar,
    SharedDay,
    SharedYear,
    UnknownCalendar,
    UnknownZone,
    WorkingHours,
    overlap_year,
    shared_day,
    zone,
    zone_names,
)
from remit.formats.words import Words

WINDOW = re.compile(r"(\S+)\s+([0-9]{1,2}):([0-9]{2})\s*[-\N{EN DASH}]\s*([0-9]{1,2}):([0-9]{2})")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST, LAST = date(1970, 1, 2), date(2199, 12, 31)
"""Zone tables are exact from 1970 on; later rules are taken to stay as they are."""
WELL_KNOWN = date(2026, 1, 1)
BARS, NOTHING, OFF_A, OFF_B = "▁▂▃▄▅▆▇█", "_", " ", "·"


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


class Holidays(click.ParamType[Calendar]):
    """A country, or a part of one, whose days of rest and holidays are kept: IN-KA, US-NY, BG."""

    name = "CODE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Calendar:
        if isinstance(value, Calendar):
            return value
        calendar = Calendar(str(value).strip().upper())
        try:
            calendar.holiday(WELL_KNOWN)
        except UnknownCalendar:
            self.fail(f"{value!r} is no country or part of one whose holidays are known; write it as in IN-KA, US-NY, BG", param, ctx)
        return calendar


def places(command: Callable[..., Any]) -> Callable[..., Any]:
    """Both places with their windows and holidays, and --json."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One JSON object."),
        click.option("--holidays-b", "rest_b", type=Holidays(), help="Whose days of rest and holidays the other place keeps."),
        click.option(
            "--holidays-a", "rest_a", type=Holidays(), help="Whose days of rest and holidays the place keeps, such as IN-KA; without it every day is worked."
        ),
        click.option("--b", "b", type=Window(), required=True, help="The other place and its daily window."),
        click.option("--a", "a", type=Window(), required=True, help="The place whose date is asked, and its daily window."),
    ):
        command = option(command)
    return command


@command.command()
@places
@click.option("--on", "on", type=Day(), help="A's local date.")
@click.option("--year", "year", type=click.IntRange(FIRST.year + 1, LAST.year), help="Or a whole year of A's dates, as a strip with its least day.")
def overlap(a: WorkingHours, b: WorkingHours, rest_a: Calendar | None, rest_b: Calendar | None, on: date | None, year: int | None, as_json: bool) -> None:
    """Minutes of A's window on A's local date that lie in any of B's daily windows; or, with --year, day by day as a strip with its least day.

    An end before its start means the next day; 24:00 is midnight at the day's end. Minutes are elapsed time, so that a clock change within the
    window counts. Zone tables are the pinned ones, never the machine's.

    Exit status: 0 said; 2 an option cannot be read.
    """
    if (on is None) == (year is None):
        raise click.UsageError("give one of --on and --year")
    a, b = _resting(a, rest_a), _resting(b, rest_b)
    if year is not None:
        _say_year(overlap_year(a, b, year), a, b, as_json)
        return
    assert on is not None
    day = shared_day(a, b, on)
    kept = {"holiday_a": day.holiday_a, "holiday_b": day.holiday_b, "kind": day.kind}
    if as_json:
        said = {"shared_min": day.shared_min, "on": on.isoformat(), "a": _plain(a, on), "b": _plain(b, None), **kept, "zones": ZONES_VERSION}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    words = Words("en")
    spans = [f"{_clock(start, a.zone)}-{_clock(end, a.zone)} is {_clock(start, b.zone)}-{_clock(end, b.zone)} in {b.zone}" for start, end in a.spans(on)]
    none = "a day off" if rest_a and not a.open_on(on) else "no such time on that day"
    click.echo(f"{a.zone}, {words.date(on, 'full')}: {'; '.join(spans) or none}")
    for place, name in ((a, day.holiday_a), (b, day.holiday_b)):
        if name:
            click.echo(f"{place.zone} keeps a holiday: {name}.")
    click.echo(f"Together: {words.duration(day.shared_min)} ({day.shared_min} min). Zone tables {ZONES_VERSION}.")


def _resting(hours: WorkingHours, calendar: Calendar | None) -> WorkingHours:
    """The same windows on the working days of the calendar alone."""
    if calendar is None:
        return hours
    return WorkingHours(hours.zone, tuple(() if day in calendar.weekend else windows for day, windows in enumerate(hours.weekly)), calendar)


def _say_year(shared: SharedYear, a: WorkingHours, b: WorkingHours, as_json: bool) -> None:
    least = {"least_min": shared.least_min, "least_on": shared.least_on.isoformat() if shared.least_on else None}
    if as_json:
        days = [{"on": day.on.isoformat(), "shared_min": day.shared_min, "kind": day.kind} for day in shared.days]
        said = {"year": shared.year, "a": _plain(a, None), "b": _plain(b, None), **least, "typical_min": shared.typical_min, "most_min": shared.most_min}
        click.echo(json.dumps({**said, "total_min": shared.total_min, "days": days, "zones": ZONES_VERSION}))
        return
    words = Words("en")
    for month in range(1, 13):
        row = "".join(_mark(day, shared.most_min or 0) for day in shared.days if day.on.month == month)
        click.echo(f"{words.month(date(shared.year, month, 1)):<16}{row}")
    click.echo(f"{BARS[0]} little to {BARS[-1]} most, {NOTHING} nothing, {OFF_A} {a.zone} is off, {OFF_B} {b.zone} is off")
    if shared.least_on is None:
        click.echo("They never work on one day.")
        return
    least_min, typical, most = shared.least_min or 0, shared.typical_min or 0, shared.most_min or 0
    click.echo(f"Least on a day that both work: {words.duration(least_min)} ({least_min} min), first on {words.date(shared.least_on, 'full')}.")
    click.echo(f"Mostly {words.duration(typical)} ({typical} min), at most {words.duration(most)} ({most} min). Zone tables {ZONES_VERSION}.")


def _mark(day: SharedDay, most_min: int) -> str:
    if day.kind != "normal":
        return OFF_A if day.kind == "off_a" else OFF_B
    return BARS[min(len(BARS) - 1, day.shared_min * len(BARS) // (most_min + 1))] if day.shared_min else NOTHING


@command.command(name="year")
@places
@click.option("--year", "year", type=click.IntRange(FIRST.year + 1, LAST.year), required=True, help="The year of A's dates.")
def over_a_year(a: WorkingHours, b: WorkingHours, rest_a: Calendar | None, rest_b: Calendar | None, year: int, as_json: bool) -> None:
    """Minutes that both windows share, day by day through a year: each stretch of equal days, where the clock changes part them.

    Days of rest and holidays are left out where they are named by --holidays-a and --holidays-b.

    Exit status: 0 said; 2 an option cannot be read.
    """
    a, b = _resting(a, rest_a), _resting(b, rest_b)
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
    start, end = next(window for windows in hours.weekly for window in windows)
    plain: dict[str, Any] = {"zone": hours.zone, "window": f"{_minutes(start)}-{_minutes(end if end <= 1440 else end - 1440)}"}
    if on is not None:
        plain["utc"] = [[datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%MZ") for instant in span] for span in hours.spans(on)]
    return plain


def _minutes(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _clock(instant: int, name: str) -> str:
    return datetime.fromtimestamp(instant, zone(name)).strftime("%H:%M")
