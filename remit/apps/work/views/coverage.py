"""Two looks ahead for whoever staffs: what the team covers, and what runs out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.may import may
from remit.apps.work import actions
from remit.apps.work import coverage as covering
from remit.apps.work import lapses as lapsing

MOST_COLUMNS = 24
"""People shown side by side; the counts are of everybody."""


@require_safe
def coverage(request: HttpRequest, organization: str) -> HttpResponse:
    """Needs by people, what nobody may do standing out, and who has no work."""
    _staffs(request)
    found = covering.coverage(request.by, request.at)  # type: ignore[attr-defined]
    rows = [{"row": row, "cells": list(zip(found.people, row.verdicts, strict=True))[:MOST_COLUMNS]} for row in found.rows]
    context = {"found": found, "rows": rows, "people": found.people[:MOST_COLUMNS], "more": max(0, len(found.people) - MOST_COLUMNS)}
    return render(request, "work/coverage.html", context)


@require_safe
def lapses(request: HttpRequest, organization: str) -> HttpResponse:
    """What runs out within ninety days, and what it would stop."""
    _staffs(request)
    found = lapsing.lapses(request.by, request.at)  # type: ignore[attr-defined]
    context = {"groups": lapsing.by_bucket(found), "count": len(found), "stops": len({stop.item.id for each in found for stop in each.stops})}
    return render(request, "work/lapses.html", context)


def _staffs(request: HttpRequest) -> None:
    """What someone is qualified for and whom they may not serve is for those who staff them."""
    if not may(request).reaches(actions.assign.roles):
        raise NotFound(request.path)
