"""The review pages: how each engagement went, in figures that the other side can recompute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from remit.apps.agreements.models import Engagement
from remit.apps.billing import reviewing
from remit.domain import performance, quality
from remit.formats.table.write import write_csv

MONTHS_SHOWN = 13


@require_safe
def review(request: HttpRequest, organization: str) -> HttpResponse:
    """Figures by engagement, each with what it was counted from."""
    engagements = list(Engagement.objects.select_related("client", "provider", "agreement").order_by("-started_at"))
    events = reviewing.events(engagements, request.at)  # type: ignore[attr-defined]
    rows = [
        {
            "engagement": each,
            "all": performance.figures(events[each.id]),
            "events": len(events[each.id]) - 1,
            **_months(quality.by_month(events[each.id])[-MONTHS_SHOWN:]),
        }
        for each in engagements
    ]
    return render(request, "billing/review.html", {"rows": rows, "thin": performance.THIN})


@require_safe
def events(request: HttpRequest, organization: str, engagement: str) -> HttpResponse:
    """The raw events as CSV: the figures follow from this file alone."""
    found = Engagement.objects.filter(reference=engagement).first()
    if found is None:
        raise Http404
    rows = [event.row() for event in reviewing.events([found], request.at)[found.id]]  # type: ignore[attr-defined]
    answer = HttpResponse(write_csv([performance.COLUMNS, *rows]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{engagement}-events.csv"'
    return answer


def _months(months: Sequence[quality.Month]) -> dict[str, Any]:
    """The months with their findings, by those categories that occur."""
    used = [code for code in quality.CATEGORIES if any(month.by_category.get(code) for month in months)]
    listed = [
        {"month": month, "counts": [month.by_category.get(code, 0) for code in used], "critical": month.by_severity.get("critical", 0)} for month in months
    ]
    return {"months": listed, "categories": [quality.CATEGORIES[code] for code in used]}
