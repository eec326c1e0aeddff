"""Files kept as a first item: sent in after log-in, shown with what their reader found, brought to an item."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.records.context import reading
from remit.apps.work import actions, cases, kept
from remit.apps.work.models import KeptFile, Period, WorkItem


@require_POST
def keep(request: HttpRequest, organization: str) -> HttpResponse:
    """Keep a file that was checked on the first page."""
    values = {name: value for name, value in door.given(request).items() if name in ("file", "kind")}
    return door.perform(request, actions.keep_file, values, then=lambda done: door.at(request, "kept", done.reference), says=_("Kept, with its hash."))


@require_safe
def kept_file(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """What it is seen to hold, and the items that it may be brought to."""
    return _page(request, reference)


@require_POST
def use(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Bring it to an item's slot."""
    item, _sep, slot = request.POST.get("where", "").partition("/")
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = _found(request, reference).id
        work = WorkItem.objects.filter(reference=item).first()
        if work is None:
            raise NotFound(item)
    values: dict[str, Any] = {"kept_file": str(key), "item": str(work.id), "slot": slot}
    then = door.at(request, "item", item) + "#papers"
    again = lambda errors: _page(request, reference, errors)  # noqa: E731
    return door.perform(request, actions.use_kept_file, values, then=then, again=again, says=_("It is brought to the item."))


def _found(request: HttpRequest, reference: str) -> KeptFile:
    found = KeptFile.objects.select_related("file", "used_for").filter(reference=reference, organization=request.by.organization).first()  # type: ignore[attr-defined]
    if found is None:
        raise NotFound(reference)
    return found


def _page(request: HttpRequest, reference: str, errors: Any = None) -> HttpResponse:
    found = _found(request, reference)
    open_periods = Period.objects.exclude(closings__reopening=None, closings__isnull=False)
    items = WorkItem.objects.filter(period__in=open_periods).select_related("period__entity").order_by("due_at")[:50]
    places = [{"item": item, "slot": slot, "value": f"{item.reference}/{slot.code}"} for item in items for slot in cases.line_of(item).slots]
    context = {
        "kept": found,
        "facts": found.facts,
        "findings": [cases.finding_of(row) for row in found.findings],
        "rules": kept.RULES,
        "places": places if found.used_at is None and found.kind == "statement" else [],
        "errors": errors or {},
    }
    return render(request, "work/kept.html", context)
