"""Functions that might leave the house, and their assessments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Membership, Organization
from remit.apps.organizations.roles import Place
from remit.apps.records.context import reading
from remit.apps.sourcing import actions
from remit.apps.sourcing.kept import reason_of
from remit.apps.sourcing.models import Assessment, Brief, Function
from remit.domain.assessment import CLASS_WORDS, CRITICALITY_WORDS, Class
from remit.domain.reasons import N_, Reason
from remit.formats.words import Words
from remit.lines import lines

Errors = Mapping[str, tuple[Reason, ...]]
SIDES = {"client": N_("you"), "provider": N_("the provider")}


@require_safe
def functions(request: HttpRequest, organization: str) -> HttpResponse:
    """All functions with what became of their tasks, and the form to name one."""
    return _list(request)


@require_POST
def name_function(request: HttpRequest, organization: str) -> HttpResponse:
    """Name a function."""
    return door.perform(
        request,
        actions.name_function,
        door.given(request),
        then=lambda done: door.at(request, "function", done.reference),
        again=lambda errors: _list(request, errors),
        says=_("The function is named. Assess it next: each task gets its class with the reasons."),
    )


@require_safe
def function(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """A function with its newest assessment."""
    return _page(request, reference)


@require_POST
def assess(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Assess it, with what the client overrules."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = _found(reference)
    values: dict[str, Any] = {"function": str(found.id)}
    if request.POST.get("country"):
        values["country"] = request.POST["country"].strip().upper()
    moves = {}
    for task in lines()[found.service].tasks:
        chosen, why = request.POST.get(f"class-{task.code}", ""), request.POST.get(f"reason-{task.code}", "").strip()
        if chosen and chosen != request.POST.get(f"proposed-{task.code}"):
            moves[task.code] = {"class": chosen, "reason": why}
    if moves:
        values["moves"] = moves
    return door.perform(
        request,
        actions.assess_function,
        values,
        then=door.at(request, "function", reference),
        again=lambda errors: _page(request, reference, errors),
        says=_("Assessed by the rules in force today."),
    )


@require_POST
def write_brief(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Open a brief for it."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = _found(reference)
    return door.perform(
        request,
        actions.write_brief,
        {"title": found.name, "function": str(found.id)},
        then=lambda done: door.at(request, "brief", done.reference),
        says=_("The brief is open. What it lacks is asked below."),
    )


def _found(reference: str) -> Function:
    found = Function.objects.filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def _list(request: HttpRequest, errors: Errors | None = None) -> HttpResponse:
    words = Words(get_language() or "en")
    newest = Prefetch("assessments", Assessment.objects.order_by("-assessed_at", "-id"), to_attr="done")
    rows = []
    for found in Function.objects.prefetch_related(newest).order_by("-created_at"):
        latest = found.done[0] if found.done else None
        rows.append({"function": found, "service": lines()[found.service].says, "assessed": latest, "counts": _counts(latest)})
    services = sorted(((code, words.text(line.says)) for code, line in lines().items()), key=lambda each: each[1])
    said = door.sentences(errors) if errors else {}
    return render(request, "sourcing/functions.html", {"rows": rows, "services": services, "errors": said, "posted": request.POST})


def _counts(assessed: Assessment | None) -> list[tuple[Class, str, int]]:
    counted = Counter(task["class"] for task in assessed.tasks) if assessed else Counter()
    return [(each, each.value.upper() if each is not Class.KEEP else CLASS_WORDS[each], counted[each.value]) for each in Class if counted[each.value]]


def _page(request: HttpRequest, reference: str, errors: Errors | None = None) -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    words = Words(get_language() or "en")
    found = _found(reference)
    here, place = may(request), Place(service=found.service)
    history = list(found.assessments.order_by("-assessed_at", "-id"))
    names: dict[Any, str] = dict(Membership.objects.filter(organization=by.organization).values_list("user_id", "name"))
    context = {
        "function": found,
        "may_assess": here.allows(actions.assess_function, place),
        "may_write": here.allows(actions.write_brief, place),
        "service": lines()[found.service],
        "assessed": history[0] if history else None,
        "tasks": [_task(task, request.POST, words) for task in history[0].tasks] if history else [],
        "counts": _counts(history[0] if history else None),
        "classes": list(CLASS_WORDS.items()),
        "history": [{"assessment": each, "by": names.get(each.assessed_by, ""), "counts": _counts(each), "moved": _moved(each)} for each in history],
        "briefs": Brief.objects.filter(function=found).order_by("-created_at"),
        "country": request.POST.get("country") or (history[0].jurisdiction if history else "") or Organization.objects.get(pk=by.organization).country,
        "errors": door.sentences(errors) if errors else {},
    }
    return render(request, "sourcing/function.html", context)


def _task(task: dict[str, Any], posted: Mapping[str, str], words: Words) -> dict[str, Any]:
    return task | {
        "chosen": posted.get(f"class-{task['code']}", task["class"]),
        "why": posted.get(f"reason-{task['code']}", task["moved"]),
        "class_words": CLASS_WORDS[Class(task["class"])],
        "proposed_words": CLASS_WORDS[Class(task["proposed"])],
        "criticality": CRITICALITY_WORDS[task["critical"]],
        "decides_words": SIDES[task["decides"]],
        "reasons": [_named(reason_of(reason), words) for reason in task["reasons"]],
    }


def _named(reason: Reason, words: Words) -> Reason:
    """With the country by its name; parts of countries keep their code."""
    where = str(reason.values.get("jurisdiction", ""))
    return replace(reason, values={**reason.values, "jurisdiction": words.locale.territories.get(where, where)}) if where else reason


def _moved(assessed: Assessment) -> int:
    return sum(1 for task in assessed.tasks if task["class"] != task["proposed"])
