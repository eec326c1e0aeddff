"""The public page of the hours that two places share over a year: a picture with its figures; nothing is sent in but the address, so that it can be linked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Any

from babel.core import get_global
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Zone
from remit.domain.calendars import ZONES_VERSION, SharedYear, WorkingHours, overlap_year, zone
from remit.domain.calendars.days import Calendar, UnknownCalendar
from remit.formats.pictures import overlap_strip, year_strip
from remit.front.pages import errors, limits
from remit.front.pages.checks import words

FIRST_YEAR, LAST_YEAR = 2000, 2100
EVERY_DAY = 7
MOST_DAYS_DRAWN = 4


class Clock(forms.TimeField):
    """A time of day, as the browser's own picker sends it."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], **options)


class HoursForm(forms.Form):
    """Two places with their windows, and the year."""

    a = Zone(label=gettext_lazy("One place"), choices=choices.zones)
    a_opens = Clock(label=gettext_lazy("works from"))
    a_closes = Clock(label=gettext_lazy("until"))
    b = Zone(label=gettext_lazy("The other place"), choices=choices.zones)
    b_opens = Clock(label=gettext_lazy("works from"))
    b_closes = Clock(label=gettext_lazy("until"))
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    holidays = forms.BooleanField(label=gettext_lazy("Leave out days of rest and public holidays of both countries"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for side in ("a", "b"):
            opens, closes = given.get(f"{side}_opens"), given.get(f"{side}_closes")
            if opens is not None and opens == closes:
                self.add_error(f"{side}_closes", _("It opens and closes at the same time. An end before its start means the next day."))
        return given


@dataclass(frozen=True)
class Day:
    """A day of a stretch of equal days: what is shared on it, and its picture."""

    since: date
    until: date
    shared_min: int
    picture: str
    a_clock: str
    b_clock: str


@dataclass(frozen=True)
class Month:
    """What a month holds: days on which both work, and the minutes together on all of them."""

    first: date
    days: int
    shared_min: int


@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """The form, and under it the answer where both places are given."""
    if wait_s := limits.PICTURES.wait_s(limits.address(request)):
        refused = errors.page(request, HTTPStatus.TOO_MANY_REQUESTS, detail=_("In %(seconds)s seconds there is room again.") % {"seconds": wait_s})
        refused["Retry-After"] = str(wait_s)
        return refused
    asked = HoursForm(request.GET) if "a" in request.GET else HoursForm(initial=_usual())
    if not asked.is_bound:
        return render(request, "pages/hours.html", {"form": asked, **_answer(_usual())})
    if not asked.is_valid():
        return render(request, "pages/hours.html", {"form": asked}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return render(request, "pages/hours.html", {"form": asked, **_answer(asked.cleaned_data)})


def _usual() -> dict[str, Any]:
    """Two places whose overlap moves twice a year."""
    office = {"a_opens": time(9), "a_closes": time(18), "b_opens": time(13, 30), "b_closes": time(22, 30)}
    return {"a": "Europe/London", "b": "Asia/Kolkata", **office, "year": datetime.now(UTC).year, "holidays": True}


def _answer(given: dict[str, Any]) -> dict[str, Any]:
    ours, theirs = (_hours(given[side], given[f"{side}_opens"], given[f"{side}_closes"], given["holidays"]) for side in ("a", "b"))
    year = overlap_year(ours, theirs, given["year"])
    names = {"client_name": place_name(given["a"]), "staff_name": place_name(given["b"])}
    return {
        "year": year,
        "zones_version": ZONES_VERSION,
        "a_name": names["client_name"],
        "b_name": names["staff_name"],
        "picture": year_strip(year, words(), key="year", **names),
        "days": list(_days(year, ours, theirs, names)),
        "months": list(_months(year)),
        "holidays_of": [_country(name) for name in (given["a"], given["b"])] if given["holidays"] else [],
    }


def _hours(name: str, opens: time, closes: time, with_holidays: bool) -> WorkingHours:
    """Where the country's calendar is known its days of rest and holidays are left out; else Saturday and Sunday."""
    country = _territory(name)
    window = WorkingHours.daily(name, opens, closes).weekly[0]
    if not with_holidays:
        return WorkingHours(name, (window,) * EVERY_DAY)
    try:
        Calendar(country).holiday(date(2026, 1, 1))
    except UnknownCalendar:
        return WorkingHours(name, (window,) * 5 + ((), ()))
    return WorkingHours.on_weekdays(name, opens, closes, Calendar(country))


def _days(year: SharedYear, ours: WorkingHours, theirs: WorkingHours, names: dict[str, str]) -> Iterable[Day]:
    """The first day of each stretch, the longest stretches first, in the order of the year."""
    longest = sorted(year.stretches, key=lambda stretch: stretch.day_from - stretch.day_until)[:MOST_DAYS_DRAWN]
    for number, stretch in enumerate(sorted(longest, key=lambda stretch: stretch.day_from)):
        drawn = overlap_strip(ours, theirs, stretch.day_from, words(), key=f"day-{number}", **names)
        yield Day(stretch.day_from, stretch.day_until, stretch.shared_min, drawn, *_clocks(ours, theirs, stretch.day_from))


def _clocks(ours: WorkingHours, theirs: WorkingHours, on: date) -> tuple[str, str]:
    """What is shared on a day, on the clocks of each side."""
    spans = [(max(one[0], other[0]), min(one[1], other[1])) for one in ours.spans(on) for day in (-1, 0, 1) for other in theirs.spans(_moved(on, day))]
    spans = [span for span in spans if span[0] < span[1]]
    return _said(spans, ours.zone), _said(spans, theirs.zone)


def _moved(on: date, days: int) -> date:
    return date.fromordinal(on.toordinal() + days)


def _said(spans: list[tuple[int, int]], name: str) -> str:
    clocks = [[f"{datetime.fromtimestamp(instant, zone(name)):%H:%M}" for instant in span] for span in spans]
    return ", ".join("–".join(pair) for pair in clocks)


def _months(year: SharedYear) -> Iterable[Month]:
    for month in range(1, 13):
        days = [day for day in year.days if day.on.month == month]
        together = [day.shared_min for day in days if day.shared_min]
        yield Month(days[0].on, len(together), sum(together))


def place_name(name: str) -> str:
    """The place that a zone is named by."""
    return name.rpartition("/")[2].replace("_", " ")


def _territory(name: str) -> str:
    """The country that a zone lies in, by CLDR; empty where it lies in none."""
    return str(get_global("zone_territories").get(get_global("zone_aliases").get(name, name), ""))


def _country(name: str) -> str:
    return choices.country_word(_territory(name)) or place_name(name)
