"""The page of an engagement's tasks: as what class each is done, and what comes back by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.may import may
from remit.apps.organizations.roles import Place
from remit.apps.records.context import reading
from remit.apps.work import actions, cases, periods, planned
from remit.apps.work.models import Period, Reclassification, Recurrence
from remit.apps.work.views.procedure_part import of_planning
from remit.domain.reasons import N_, Reason
from remit.lines import lines

Errors = Mapping[str, tuple[Reason, ...]]
RHYTHMS = {
    1: N_("every month"),
    2: N_("every two months"),
    3: N_("every quarter"),
    4: N_("every four months"),
    6: N_("every half year"),
    12: N_("every year"),
}


@require_safe
def planning(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Tasks, classes, rhythms."""
    return planning_page(request, reference)


@require_POST
def plan(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Let a task come back."""
    return _done(request, reference, actions.plan_recurring, door.given(request, engagement=_key(request, reference)), _("It comes back from now on."))


@require_POST
def end(request: HttpRequest, organization: str, reference: str, recurrence: UUID) -> HttpResponse:
    """Let it come back no more."""
    return _done(request, reference, actions.end_recurring, door.given(request, recurrence=str(recurrence)), _("It comes back no more."))


@require_POST
def reclassify(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Have a task done as another class."""
    values = door.given(request, engagement=_key(request, reference))
    return _done(request, reference, actions.reclassify_task, values, _("Open items follow; what is accepted stays as it was done."))


@require_POST
def add(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Open a single item in a month that is open."""
    again = lambda errors: planning_page(request, reference, errors)  # noqa: E731
    return door.perform(request, actions.add_item, door.given(request), then=lambda done: door.at(request, "item", done.reference), again=again)


def _done(request: HttpRequest, reference: str, action: Any, values: Mapping[str, Any], says: str) -> HttpResponse:
    again = lambda errors: planning_page(request, reference, errors)  # noqa: E731
    return door.perform(request, action, values, then=door.at(request, "planning", reference), again=again, says=says)


def of_reference(reference: str) -> Engagement:
    """The engagement of that reference, with its agreement and parties."""
    found = Engagement.objects.select_related("agreement", "client", "provider").filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def _key(request: HttpRequest, reference: str) -> str:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return str(of_reference(reference).id)


def planning_page(request: HttpRequest, reference: str, errors: Errors | None = None) -> HttpResponse:
    """The page, also where something in it was not taken."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    found = of_reference(reference)
    line = lines()[found.agreement.service]
    own = planned.own_task(line) if cases.delivers(line) else ""
    coming = list(Recurrence.objects.filter(engagement=found).select_related("entity").order_by("decided_at"))
    changes = list(Reclassification.objects.filter(engagement=found).order_by("decided_at"))
    here, place = may(request), Place(engagement=found.id, service=line.code)
    is_party = by.organization in (found.client_id, found.provider_id)
    written = of_planning(request, found, is_party)
    may_plan = bool(own) and is_party and here.allows(actions.plan_recurring, place)
    tasks = [
        {
            "task": task,
            "work_class": periods.class_from(changes, found.agreement, task),
            "is_own": task.code == own,
            "stays": task.presence or task.own_decision,
            "coming": [
                {"row": row, "rhythm": RHYTHMS[row.every_months], "ended": row.ends_on is not None and row.ends_on <= at.date()}
                for row in coming
                if (row.task or own) == task.code
            ],
            "changes": [row for row in changes if row.task == task.code],
            "procedures": written["by_task"].get(task.code, ()),
        }
        for task in line.tasks
    ]
    context = {
        "engagement": found,
        "line": line,
        "tasks": tasks,
        "entities": AgreedEntity.objects.filter(agreement=found.agreement_id).order_by("name"),
        "rhythms": RHYTHMS,
        "plannable": [each["task"] for each in tasks if not each["stays"]] if may_plan else [],
        "may_reclassify": by.organization == found.client_id and here.allows(actions.reclassify_task, place),
        "months": Period.objects.filter(engagement=found)
        .exclude(closings__isnull=False, closings__reopening=None)
        .select_related("entity")
        .order_by("-begins_on")
        if may_plan
        else (),
        "close_workday": found.agreement.close_workday,
        "said": door.sentences(errors) if errors else {},
        **written,
    }
    return render(request, "work/planning.html", context)
