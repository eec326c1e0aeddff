"""The page of a work item, and what can be done on it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import BadInput
from remit.apps.records.context import reading
from remit.apps.work import actions
from remit.apps.work.surfaces import commands
from remit.apps.work.views import loading
from remit.apps.work.views.item_context import context
from remit.domain.reasons import N_, Reason, Sentence

Errors = Mapping[str, tuple[Reason, ...]]
CHOOSE = Sentence("paper.choose", N_("Choose a file first."))
NOT_JSON = Sentence("move.values", N_("The move could not be read."))


@require_safe
def item(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Proof, checks, open items, groups, people, papers, deliverables, decisions."""
    return item_page(request, reference)


@require_POST
def bring(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Bring a file to a slot; what is wrong with it is shown beside it, with its lines."""
    slot = request.POST.get("slot", "")
    again = lambda errors: item_page(request, reference, errors, slot=slot, name=_name(request))  # noqa: E731
    if "file" not in request.FILES:
        return refuse(request, again, file=CHOOSE())
    values = door.given(request, item=_key(request, reference))
    says = _("%(file)s is read and kept.") % {"file": values["file"].name}
    return door.perform(request, actions.bring_paper, values, then=door.at(request, "item", reference) + "#papers", again=again, says=says)


@require_POST
def take_back(request: HttpRequest, organization: str, reference: str, paper: UUID) -> HttpResponse:
    """Take a file off the item."""
    then = door.at(request, "item", reference) + "#papers"
    return door.perform(
        request, actions.take_back_paper, {"paper": str(paper)}, then=then, says=_("The file is taken back; the record keeps that it was there.")
    )


@require_POST
def map_columns(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Say which column holds what; kept for the entity."""
    columns = {name.removeprefix("column-"): str(value).strip() for name, value in request.POST.items() if name.startswith("column-")}
    values = {"item": _key(request, reference), "slot": request.POST.get("slot", ""), "columns": columns}
    return door.perform(request, actions.keep_mapping, values, then=door.at(request, "item", reference) + "#papers", says=_("Kept for this entity."))


@require_POST
def move(request: HttpRequest, organization: str, reference: str, step: str) -> HttpResponse:
    """Give one command: from a form of its fields, or a suggestion's own values."""
    again = lambda errors: item_page(request, reference, errors, command=request.POST.get("command", ""))  # noqa: E731
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = loading.item(request, reference)
        doing = found.line.step(step).work if step in {each.code for each in found.line.steps} else None
    command = next((each for each in doing.commands if each.code == request.POST.get("command")), None) if doing else None
    if command is None:
        return refuse(request, again, values=NOT_JSON())
    values = {} if "suggested" in request.POST else commands.values(command, request.POST)
    if "suggested" in request.POST:
        try:
            values = json.loads(request.POST["suggested"])
        except ValueError:
            return refuse(request, again, values=NOT_JSON())
    given = {"item": str(found.item.id), "step": step, "command": command.code, "values": values, "version": request.POST.get("version") or None}
    return door.perform(request, actions.move, given, then=_back(request, reference), again=again)


@require_POST
def take_suggestions(request: HttpRequest, organization: str, reference: str, step: str) -> HttpResponse:
    """Take over all sure suggestions."""
    values = {"item": _key(request, reference), "step": step}
    then = door.at(request, "item", reference) + "#groups"
    return door.perform(request, actions.take_suggestions, values, then=then, says=_("All sure suggestions are taken."))


@require_POST
def hand_in(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Make the deliverable and hand it to the reviewer, with an answer to each finding of the last review."""
    said = [(key, request.POST.get(f"answer-{key}"), request.POST.get(f"words-{key}", "")) for key in request.POST.getlist("finding")]
    answers = [{"finding": key, "answer": answer, "words": words} for key, answer, words in said if answer]
    again = lambda errors: item_page(request, reference, errors, answering_findings=True)  # noqa: E731
    values = {"item": _key(request, reference), "answers": answers}
    then = door.at(request, "item", reference) + "#deliverables"
    return door.perform(request, actions.hand_in, values, then=then, again=again, says=_("Handed in."))


@require_POST
def review(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Pass or return."""
    again = lambda errors: item_page(request, reference, errors, verdict="review")  # noqa: E731
    then = door.at(request, "item", reference) + "#deliverables"
    return door.perform(request, actions.review, door.given(request), then=then, again=again, says=_("Your verdict is in the record, bound to these bytes."))


@require_POST
def accept(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Accept or return, for the client."""
    again = lambda errors: item_page(request, reference, errors, verdict="accept")  # noqa: E731
    then = door.at(request, "item", reference) + "#deliverables"
    return door.perform(request, actions.accept, door.given(request), then=then, again=again, says=_("Your verdict is in the record, bound to these bytes."))


def item_page(request: HttpRequest, reference: str, errors: Errors | None = None, **more: Any) -> HttpResponse:
    """The page, also where something in it was not taken; `more` says which part."""
    found = loading.item(request, reference)
    given = {"errors": errors or {}, "said": door.sentences(errors) if errors else {}, **more}
    return render(request, "work/item.html", context(request, found) | given)


def refuse(request: HttpRequest, again: Any, **fault: Reason) -> HttpResponse:
    """What the page itself can see to be wrong, answered as an action's bad input is."""
    bad = BadInput({name: (reason,) for name, reason in fault.items()})
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        answer: HttpResponse = again(bad.errors)
    answer.status_code = 422
    return answer


def _key(request: HttpRequest, reference: str) -> str:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return str(loading.item(request, reference).item.id)


def _name(request: HttpRequest) -> str:
    sent = request.FILES.get("file")
    return (sent.name or "") if sent else ""


def _back(request: HttpRequest, reference: str) -> str:
    """To where the person was in the page, by the part that they acted in."""
    part = request.POST.get("part", "")
    query = request.POST.get("query", "")
    window = f"?{query}" if query.startswith(("from=", "open=", "show=")) else ""
    return door.at(request, "item", reference) + window + (f"#{part}" if part.isidentifier() else "")
