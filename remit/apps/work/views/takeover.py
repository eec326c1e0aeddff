"""Taking over running relations: bring the files, see what would change, take over; and the templates."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound, Upload
from remit.apps.records import files
from remit.apps.records.context import reading
from remit.apps.work.actions.takeover import bring_takeover, take_over
from remit.apps.work.models import TakeoverDraft
from remit.apps.work.takeover import shown
from remit.apps.work.takeover.known import known
from remit.apps.work.takeover.reading import entity_columns, of_kept, planned
from remit.formats.takeover import RULES, SHEETS
from remit.formats.takeover import template as made
from remit.formats.words import Words

LISTED = 8
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_safe
def takeover(request: HttpRequest, organization: str) -> HttpResponse:
    """The templates, the files brought before, and the form that takes files."""
    return _start(request)


@require_POST
def bring(request: HttpRequest, organization: str) -> HttpResponse:
    """Bring files; they are read, and what would change is shown."""
    uploads = [Upload.of(file.name or "file", file.read(files.MOST_BYTES + 1)) for file in request.FILES.getlist("files")]
    values: dict[str, Any] = {"files": uploads}
    if adds_to := request.POST.get("adds_to"):
        values["adds_to"] = adds_to
    return door.perform(
        request,
        bring_takeover,
        values,
        then=lambda done: door.at(request, "takeover_preview", done.reference),
        again=lambda errors: _start(request, door.sentences(errors)),
    )


@require_safe
def preview(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """What taking over would make, change and leave; and what is wrong, beside its cell."""
    return _preview(request, reference)


@require_POST
def carry_out(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Take over, all or nothing."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = _found(request, reference).id
    return door.perform(
        request,
        take_over,
        {"takeover": str(key)},
        then=door.at(request, "takeover_preview", reference),
        again=lambda errors: _preview(request, reference),
        says=_("Taken over."),
    )


@require_safe
def template(request: HttpRequest, organization: str, sheet: str, form: str) -> HttpResponse:
    """An empty sheet with its titles, a line of notes and an example."""
    if sheet not in SHEETS or form not in MEDIA:
        raise Http404
    more = entity_columns() if sheet == "calendar" else ()
    words = Words(get_language() or "en")
    answer = HttpResponse(made(sheet, "csv" if form == "csv" else "xlsx", words.text, more), content_type=MEDIA[form])
    answer["Content-Disposition"] = f'attachment; filename="{sheet}.{form}"'
    return answer


def _start(request: HttpRequest, errors: Any = None) -> HttpResponse:
    me = request.by.organization  # type: ignore[attr-defined]
    drafts = TakeoverDraft.objects.filter(organization=me).defer("brought").order_by("-brought_at", "-id")[:LISTED]
    return render(request, "work/takeover.html", {"drafts": drafts, "sheets": shown.columns(), "errors": errors or {}})


def _found(request: HttpRequest, reference: str) -> TakeoverDraft:
    found = TakeoverDraft.objects.filter(reference=reference, organization=request.by.organization).first()  # type: ignore[attr-defined]
    if found is None:
        raise NotFound(reference)
    return found


def _preview(request: HttpRequest, reference: str) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    draft = _found(request, reference)
    read = of_kept(draft.brought)
    plan = planned(read, known(by, at, read))
    is_done = draft.carried_out_at is not None
    context = {
        "draft": draft,
        "bars": shown.bars(plan),
        "left_out": sum(plan.faulty.values()),
        "wide": shown.WIDE,
        "people": shown.people(plan),
        "engagements": shown.engagements(plan),
        "faulty": [] if is_done else shown.sheets(read, plan.findings),
        "rules": RULES,
        "errors": 0 if is_done else len(plan.errors),
        "is_ready": not is_done and not plan.errors and not plan.changes_nothing,
        "changes_nothing": plan.changes_nothing,
    }
    return render(request, "work/takeover_preview.html", context)
