"""Taking in what other tools measured: bring the export, see what would be entered and what is wrong, say which work is meant, take it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.records.context import reading
from remit.apps.work import actions, time_plan
from remit.apps.work.actions.time_import import brought_of
from remit.apps.work.models import Period, TimeDraft, TimeMapping, WorkItem
from remit.apps.work.views.time_part import zone_of
from remit.domain.calendars import zone_names
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats.timesheets import TOOLS
from remit.formats.timesheets import template as made
from remit.formats.words import Words

Errors = Mapping[str, tuple[Reason, ...]]
CHOOSE = Sentence("time.choose_file", N_("Choose a file first."))
LISTED, ROWS_SHOWN, FAULTS_SHOWN = 8, 100, 100


@require_safe
def start(request: HttpRequest, organization: str) -> HttpResponse:
    """The form, what was brought before, and what is kept of names."""
    return _start(request)


@require_POST
def bring(request: HttpRequest, organization: str) -> HttpResponse:
    """Read it and show what it would enter."""
    if "file" not in request.FILES:
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            answer = _start(request, {"file": (CHOOSE(),)})
        answer.status_code = 422
        return answer
    then = lambda done: door.at(request, "time_preview", done.reference)  # noqa: E731
    return door.perform(request, actions.bring_time, door.given(request), then=then, again=lambda errors: _start(request, errors))


@require_safe
def preview(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """What would be entered, what is here already, what is wrong at which line and column."""
    return _preview(request, reference)


@require_POST
def keep(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Which work a name means."""
    then = door.at(request, "time_preview", reference)
    return door.perform(request, actions.map_time, door.given(request), then=then, says=_("Kept: the same name means this work from now on."))


@require_POST
def take(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Enter all new rows, or none."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = _found(request, reference).id
    again = lambda errors: _preview(request, reference)  # noqa: E731
    return door.perform(request, actions.import_time, {"draft": str(key)}, then=door.at(request, "time_preview", reference), again=again, says=_("Taken in."))


@require_safe
def template(request: HttpRequest, organization: str) -> HttpResponse:
    """Our own sheet."""
    answer = HttpResponse(made(Words(get_language() or "en").text), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="time.csv"'
    return answer


def _start(request: HttpRequest, errors: Errors | None = None) -> HttpResponse:
    me = request.by.organization  # type: ignore[attr-defined]
    own, asked = zone_of(request), request.POST.get("zone", "")
    context = {
        "drafts": TimeDraft.objects.filter(organization=me).defer("brought").order_by("-brought_at", "-id")[:LISTED],
        "tools": TOOLS,
        "zones": zone_names(),
        "zone": asked if asked in zone_names() else own,
        "mappings": TimeMapping.objects.filter(organization=me).select_related("engagement__client", "entity").order_by("called")[:100],
        "errors": errors or {},
    }
    return render(request, "work/time_import.html", context)


def _found(request: HttpRequest, reference: str) -> TimeDraft:
    found = TimeDraft.objects.filter(reference=reference, organization=request.by.organization).first()  # type: ignore[attr-defined]
    if found is None:
        raise NotFound(reference)
    return found


def _preview(request: HttpRequest, reference: str) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    draft = _found(request, reference)
    brought = brought_of(draft)
    plan = time_plan.plan(by, at, brought, draft.zone)
    is_done = draft.taken_at is not None
    # What nobody has named yet has a form of its own and need not be said for each row again.
    said = [each for each in plan.errors if not (plan.unmapped and each.reason.code == time_plan.UNMAPPED.code)]
    context = {
        "draft": draft,
        "tool": next((tool.name for tool in TOOLS if tool.code == brought.tool), ""),
        "counts": plan.counts,
        "rows": [each for each in plan.rows if each.state != "faulty"][:ROWS_SHOWN],
        "more": max(0, len(plan.rows) - ROWS_SHOWN),
        "faults": [] if is_done else said[:FAULTS_SHOWN],
        "more_faults": max(0, len(said) - FAULTS_SHOWN),
        "notes": [each for each in plan.problems if not each.is_error][:FAULTS_SHOWN],
        "unmapped": [] if is_done else plan.unmapped,
        "items": _items(by.organization) if plan.unmapped and not is_done else (),
        "is_ready": not is_done and not plan.errors and bool(plan.new),
        "is_known": not is_done and not plan.errors and not plan.new,
        "is_done": is_done,
    }
    return render(request, "work/time_preview.html", context)


def _items(organization: Any) -> list[WorkItem]:
    """Items of open months, of which a name may be one."""
    open_periods = Period.objects.exclude(closings__isnull=False, closings__reopening=None)
    rows = WorkItem.objects.filter(engagement__provider=organization, period__in=open_periods).select_related("engagement__client", "period__entity")
    return list(rows.order_by("engagement__client__name", "period__entity__name", "-period__begins_on", "title")[:500])
