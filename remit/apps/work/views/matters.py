"""When it goes wrong: the matters of an engagement, one of them with its clock, and what can be said about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from remit.apps.agreements.models import Engagement
from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.may import may
from remit.apps.organizations.roles import Place
from remit.apps.records.context import reading
from remit.apps.work import actions, matters
from remit.apps.work.models import Matter, Period, WorkItem
from remit.apps.work.zones import zone_of_engagement
from remit.domain.calendars import zone
from remit.domain.matters import CATEGORIES, KINDS, SEVERITIES, STEPS


@require_http_methods(["GET", "HEAD", "POST"])
def of_engagement(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """All of an engagement; POST raises one."""
    if request.method != "POST":
        return _list(request, reference)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        running = _engagement(reference)
        item = WorkItem.objects.filter(reference=request.POST.get("item", ""), engagement=running).first()
        clock = zone_of_engagement(running)
    kind = request.POST.get("kind", "")
    values = door.given(request, engagement=str(running.id))
    # Each kind has categories of its own in the one form.
    values["category"] = request.POST.get(f"category_{kind}", "") or request.POST.get("category", "")
    for name in [name for name in values if name.startswith("category_")]:
        values.pop(name)
    if "item" in values:
        values["item"] = str(item.id) if item is not None else values["item"]
    values = _aware(values, clock, "occurred_at", "detected_at")
    again = lambda errors: _list(request, reference, door.sentences(errors))  # noqa: E731
    return door.perform(request, actions.raise_matter, values, then=door.at(request, "matters", reference), again=again, says=_("Both sides see it now."))


@require_safe
def matter(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """One of them."""
    return _matter(request, reference)


@require_POST
def answer(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Answer it."""
    return _act(request, reference, actions.answer_matter, _("The answer is given; whoever raised it looks at it."))


@require_POST
def settle(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Say what it came to."""
    return _act(request, reference, actions.settle_matter, _("It stands in the record."))


@require_POST
def notify(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """A notice was sent, or is not owed."""
    return _act(request, reference, actions.record_notice, _("It stands in the record."), owed=request.POST.get("owed", "yes") == "yes")


@require_POST
def close(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Close an incident."""
    return _act(request, reference, actions.close_incident, _("The incident is closed."))


def _act(request: HttpRequest, reference: str, action: Any, says: str, **more: Any) -> HttpResponse:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        row = _row(reference)
        clock = zone_of_engagement(row.engagement)
    values = _aware(door.given(request, matter=str(row.id), **more), clock, "sent_at")
    again = lambda errors: _matter(request, reference, door.sentences(errors))  # noqa: E731
    return door.perform(request, action, values, then=door.at(request, "matter", reference), again=again, says=says)


def _list(request: HttpRequest, reference: str, said: dict[str, Any] | None = None) -> HttpResponse:
    running = _engagement(reference)
    side = _side(request, running)
    here = may(request)
    open_items = WorkItem.objects.filter(engagement=running, period__in=Period.objects.exclude(closings__isnull=False, closings__reopening=None))
    context = {
        "engagement": running,
        "matters": matters.of_engagement(running, request.at),  # type: ignore[attr-defined]
        "zone": zone_of_engagement(running),
        "side": side,
        "can_raise": bool(side) and here.allows(actions.raise_matter, Place(engagement=running.id, service=running.agreement.service)),
        "kinds": {code: says for code, says in KINDS.items() if code != "complaint" or side == "client"},
        "categories": CATEGORIES,
        "severities": SEVERITIES,
        "items": list(open_items.select_related("period__entity").order_by("due_at")[:60]),
        "said": said or {},
    }
    return render(request, "work/matters.html", context, status=422 if said else 200)


def _matter(request: HttpRequest, reference: str, said: dict[str, Any] | None = None) -> HttpResponse:
    row = _row(reference)
    (found,) = matters.stand(Matter.objects.filter(id=row.id), request.at)  # type: ignore[attr-defined]
    running, side = found.row.engagement, _side(request, found.row.engagement)
    is_mine = bool(side) and may(request).allows(actions.answer_matter, Place(engagement=running.id, service=running.agreement.service))
    context = {
        "found": found,
        "steps": [{"row": step, "says": STEPS[step.step]} for step in reversed(found.steps)],
        "engagement": running,
        "zone": zone_of_engagement(running),
        "side": side,
        "can_answer": is_mine and found.answers == side,
        "can_judge": is_mine and found.judges == side,
        "can_withdraw": is_mine and not found.is_over and found.row.kind != "incident" and side == found.row.raised_side,
        "can_uphold": is_mine and not found.is_over and found.row.kind == "dispute" and side != found.row.raised_side,
        "can_close": is_mine and not found.is_over and found.row.kind == "incident",
        "may_notify": is_mine and not found.is_over,
        "said": said or {},
    }
    return render(request, "work/matter.html", context, status=422 if said else 200)


def _row(reference: str) -> Matter:
    row = Matter.objects.select_related("engagement__agreement").filter(reference=reference).first()
    if row is None:
        raise NotFound(reference)
    return row


def _engagement(reference: str) -> Engagement:
    found = Engagement.objects.select_related("client", "provider", "agreement").filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def _side(request: HttpRequest, running: Engagement) -> str:
    mine = request.by.organization  # type: ignore[attr-defined]
    return {running.client_id: "client", running.provider_id: "provider"}.get(mine, "")


def _aware(values: dict[str, Any], clock: str, *names: str) -> dict[str, Any]:
    """Moments as a form gives them, on the client's clock; what is no moment is left to the action to refuse."""
    for name in names:
        try:
            moment = datetime.fromisoformat(values[name])
        except (KeyError, ValueError):
            continue
        if moment.tzinfo is None:
            values = values | {name: moment.replace(tzinfo=zone(clock)).isoformat()}
    return values
