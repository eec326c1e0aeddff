"""The page on which a version of a procedure is written: steps as rows, from pasted text or from a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations import door
from remit.apps.organizations.acting import BadInput, Upload
from remit.apps.records.context import reading
from remit.apps.work import actions, procedures
from remit.apps.work.actions.procedures import read_steps
from remit.apps.work.models import Procedure
from remit.apps.work.views import planning
from remit.apps.work.views.procedures import of_reference
from remit.domain.reasons import Reason
from remit.domain.tasks.procedure import ProcedureStep
from remit.lines import lines

Errors = Mapping[str, tuple[Reason, ...]]
BLANK = 3
"""Empty rows below those that are filled, for who writes without script."""


@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """The first version of how a task is done."""
    if request.method == "POST":
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            running = planning.of_reference(reference)
        return _posted(request, running, None, {"task": request.POST.get("task", ""), "entity": request.POST.get("entity") or None})
    return _page(request, planning.of_reference(reference), None, {"task": request.GET.get("task", ""), "entity": ""}, ())


@require_http_methods(["GET", "HEAD", "POST"])
def following(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """The next version, beginning with the steps of the newest."""
    if request.method == "POST":
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            found = of_reference(reference)
        values = {"task": found.task, "entity": str(found.entity_id) if found.entity_id else None}
        return _posted(request, found.engagement, found, values)
    found = of_reference(reference)
    newest = procedures.stood(found, request.at.date())[0]  # type: ignore[attr-defined]
    values = {"task": found.task, "entity": "", "owner": newest.row.owner_name, "owner_side": newest.row.owner_side}
    return _page(request, found.engagement, found, values, _rows(newest.steps))


def _posted(request: HttpRequest, running: Engagement, found: Procedure | None, fixed: dict[str, Any]) -> HttpResponse:
    """Propose it; or read text and sheet into rows and show them."""
    rows = _written(request)
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in ("owner", "owner_side", "valid_from", "why")} | fixed
    text = request.POST.get("text", "")
    sent = request.FILES.get("file")
    file = Upload.of(sent.name or "steps", sent.read()) if sent else None
    if request.POST.get("do") == "read":
        return _read(request, running, found, given, text, file)
    values = given | {"engagement": str(running.id)}
    values = {name: value for name, value in values.items() if value not in ("", None)}
    if file is not None:
        values["file"] = file
    if text.strip():
        values["text"] = text
    if rows and not text.strip() and file is None:
        values["steps"] = rows
    again = lambda errors: _page(request, running, found, given, rows, errors, text=text)  # noqa: E731
    then = lambda done: door.at(request, "procedure", done.reference)  # noqa: E731
    return door.perform(request, actions.propose_procedure, values, then=then, again=again, says=_("The other side sees your proposal."))


def _read(request: HttpRequest, running: Engagement, found: Procedure | None, given: dict[str, Any], text: str, file: Upload | None) -> HttpResponse:
    errors: Errors = {}
    steps: tuple[ProcedureStep, ...] = ()
    try:
        steps, errors = read_steps(None, text, file)
    except BadInput as bad:
        errors = bad.errors
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        kept = text if errors and not steps else ""
        answer = _page(request, running, found, given, _rows(steps) if steps else _written(request), errors, text=kept)
    answer.status_code = 422 if errors else 200
    return answer


def _written(request: HttpRequest) -> list[dict[str, Any]]:
    """The rows of the page that hold anything."""
    columns = [request.POST.getlist(name) for name in ("number", "says", "exceptions")]
    rows = [{"number": number.strip(), "says": says.strip(), "exceptions": _lines(exceptions)} for number, says, exceptions in zip(*columns, strict=False)]
    return [row for row in rows if row["number"] or row["says"] or row["exceptions"]]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _rows(steps: Iterable[ProcedureStep]) -> list[dict[str, Any]]:
    return [step.row() for step in steps]


def _page(
    request: HttpRequest,
    running: Engagement,
    found: Procedure | None,
    given: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
    errors: Errors | None = None,
    text: str = "",
) -> HttpResponse:
    at = request.at  # type: ignore[attr-defined]
    line = lines()[running.agreement.service]
    filled = [dict(row) | {"exceptions": "\n".join(row["exceptions"])} for row in rows]
    context = {
        "engagement": running,
        "line": line,
        "procedure": found,
        "task": line.task(found.task) if found else None,
        "tasks": [task for task in line.tasks if not (task.presence or task.own_decision)],
        "entities": AgreedEntity.objects.filter(agreement=running.agreement_id).order_by("name"),
        "given": {"valid_from": at.date().isoformat(), "owner_side": procedures.side_of(request.by, running)} | {k: v for k, v in given.items() if v},  # type: ignore[attr-defined]
        "steps": filled + [{"number": "", "says": "", "exceptions": ""}] * BLANK,
        "text": text,
        "said": door.sentences(errors) if errors else {},
    }
    return render(request, "work/procedure_written.html", context)
