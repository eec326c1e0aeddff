"""All items and months of all engagements: what waits for whom, due on both sides' clocks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from remit.apps.agreements.group import switch
from remit.apps.agreements.models import Engagement
from remit.apps.work.models import KeptFile, Period, WorkItem
from remit.apps.work.surfaces.window import Window, shown
from remit.apps.work.waiting import Standing, standing, with_standing
from remit.apps.work.zones import provider_zones


@require_safe
def work(request: HttpRequest, organization: str) -> HttpResponse:
    """Open items by due time, those that wait for this side first; accepted ones on request."""
    by = request.by  # type: ignore[attr-defined]
    everything = request.GET.get("show") == "all"
    open_periods = Period.objects.exclude(closings__reopening=None, closings__isnull=False)
    items = WorkItem.objects.all() if everything else WorkItem.objects.filter(period__in=open_periods)
    narrowed = switch(request)
    if narrowed.chosen:
        items = items.filter(period__entity__entity_id=narrowed.chosen)
    part = shown(list(items.order_by("due_at", "id").values_list("id", flat=True)), Window.asked(request.GET).first)
    standings = [standing(item) for item in with_standing(WorkItem.objects.filter(id__in=part.rows).order_by("due_at", "id"))]
    zones = provider_zones(found.item.engagement for found in standings)
    rows = [_row(found, by.organization, by.person, zones) for found in standings]
    engagements = Engagement.objects.select_related("client", "provider").order_by("-started_at")
    engagements = engagements.only("reference", "begins_on", "client__name", "provider__name")
    context = {
        "rows": sorted(rows, key=lambda row: (not row["is_mine"], not row["is_ours"], row["needed_at"])),
        "part": part,
        "switch": narrowed,
        "kept_on": [("show", "all")] if everything else [],
        "everything": everything,
        "engagements": [{"engagement": each, "other": each.client if by.organization == each.provider_id else each.provider} for each in engagements],
        "kept": KeptFile.objects.filter(used_at=None).only("reference", "name", "kept_by_name", "kept_at").order_by("-kept_at")[:5],
    }
    return render(request, "work/work.html", context)


def _row(found: Standing, organization: object, person: object, zones: dict[Any, str]) -> dict[str, Any]:
    item, wait = found.item, found.wait
    side = "client" if organization == item.engagement.client_id else "provider" if organization == item.engagement.provider_id else ""
    held = found.on.get(wait.step) if wait else None
    return {
        "standing": found,
        "item": item,
        "zone": item.period.entity.facts["zone"],
        "other_zone": zones.get(item.engagement.provider_id, ""),
        "other": item.engagement.client if side == "provider" else item.engagement.provider,
        "is_ours": wait is not None and wait.side == side,
        "is_mine": held is not None and person is not None and held.person_id == person,
        "needed_at": wait.needed_at if wait else item.due_at,
    }
