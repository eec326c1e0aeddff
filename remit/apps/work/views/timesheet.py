"""The week: one's own days by item, typed in; for managers everyone's, with what is missing; and what each client's work took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.may import may
from remit.apps.records.context import reading
from remit.apps.work import actions, timesheets, timing
from remit.apps.work.views.time import NO_DURATION
from remit.apps.work.views.time_part import zone_of
from remit.domain.calendars import zone
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.timekeeping import DAY_MIN
from remit.formats.durations import duration_min

Errors = Mapping[str, tuple[Reason, ...]]
NOTHING = Sentence("time.nothing_changed", N_("Nothing was changed: type into a day first."))


@require_safe
def sheet(request: HttpRequest, organization: str) -> HttpResponse:
    """My week, and for whoever manages the whole organization everyone's."""
    return _page(request)


@require_POST
def fill(request: HttpRequest, organization: str) -> HttpResponse:
    """Store what was typed, all or none; fields that were not changed are left alone."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        begins = timesheets.monday(request.GET.get("week", ""), _today(request))
    then = f"{door.at(request, 'time')}?week={begins.isoformat()}"
    try:
        cells = _typed(request)
    except BadInput as bad:
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            answer = _page(request, bad.errors)
        answer.status_code = 422
        return answer
    return door.perform(request, actions.fill_time, {"cells": cells}, then=then, again=lambda errors: _page(request, errors), says=_("The week is stored."))


def _typed(request: HttpRequest) -> list[dict[str, Any]]:
    faults: dict[str, tuple[Reason, ...]] = {}
    cells = []
    for name, text in request.POST.items():
        if not name.startswith("c:") or str(text).strip() == request.POST.get(f"w:{name[2:]}", ""):
            continue
        _c, item, on = (*name.split(":"), "", "")[:3]
        minutes = _minutes(str(text).strip())
        if minutes is None:
            faults[name] = (NO_DURATION(text=str(text)[:40]),)
        else:
            cells.append({"item": item, "on": on, "minutes": minutes})
    if faults or not cells:
        raise BadInput(faults or {"cells": (NOTHING(),)})
    return cells


def _minutes(text: str) -> int | None:
    if text in ("", "0", "-", "–"):
        return 0
    minutes = duration_min(text)
    return minutes if minutes is not None and minutes <= DAY_MIN else None


def _page(request: HttpRequest, errors: Errors | None = None) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    begins = timesheets.monday(request.GET.get("week", ""), _today(request))
    manages = may(request).reaches(("manager",))
    everybody = list(timesheets.people(by, at)) if manages or by.person else []
    me = next((person for person in everybody if person.id == by.person), None)
    shown = everybody if manages else []
    narrowed: dict[str, Any] = {"organization": by.organization} if manages else {"person": by.person, "organization": by.organization}
    entries = timesheets.of_week(begins, **narrowed)
    mine = [entry for entry in entries if entry.person_id == by.person]
    lines = timesheets.lines(by, begins, mine) if me is not None else []
    context = {
        "week": begins,
        "before": begins - timedelta(7),
        "after": begins + timedelta(7),
        "days": [begins + timedelta(number) for number in range(timesheets.DAYS)],
        "has_person": me is not None,
        "mine": timesheets.week_of(me, begins, mine, at) if me is not None else None,
        "lines": [_line(line, request) for line in lines] if errors else lines,
        "typed": bool(errors),
        "entries": mine,
        "everyone": [timesheets.week_of(person, begins, entries, at) for person in shown],
        "clients": timesheets.by_client(entries),
        "own_zone": zone_of(request),
        "errors": errors or {},
        **timing.shown_timer(by, at),
    }
    return render(request, "work/time.html", context)


def _line(line: timesheets.Line, request: HttpRequest) -> dict[str, Any]:
    """A line with what was typed, where it was not taken."""
    cells = [
        {"on": cell.on, "is_open": cell.is_open, "text": cell.text, "floor": cell.floor, "typed": request.POST.get(f"c:{line.item.id}:{cell.on.isoformat()}")}
        for cell in line.cells
    ]
    return {"item": line.item, "minutes": line.minutes, "cells": cells}


def _today(request: HttpRequest) -> date:
    today: date = request.at.astimezone(zone(zone_of(request))).date()  # type: ignore[attr-defined]
    return today
