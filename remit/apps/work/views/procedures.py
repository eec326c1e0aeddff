"""The page of a procedure with its versions, and what can be done about it; plans of sampling; a new version taken over on an item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.agreements.models import Engagement
from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.may import may
from remit.apps.organizations.roles import Place
from remit.apps.records.context import reading
from remit.apps.work import actions, planned, procedures
from remit.apps.work.models import Acceptance, Procedure, WorkItem
from remit.apps.work.views import planning
from remit.domain.reasons import Reason
from remit.formats import procedures as sheets
from remit.lines import lines

Errors = Mapping[str, tuple[Reason, ...]]
MOST_ITEMS = 50


@require_safe
def procedure(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """A version of it, by default the one that waits or is in force; `?version=`, `?compare=yes`."""
    return _page(request, reference)


@require_safe
def sheet(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """The steps of a version as CSV, as they can be brought back."""
    found = of_reference(reference)
    chosen = _chosen(request, procedures.stood(found, request.at.date()))  # type: ignore[attr-defined]
    answer = HttpResponse(sheets.write(chosen.steps), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.reference}-{chosen.row.number}.csv"'
    return answer


@require_POST
def judge(request: HttpRequest, organization: str, reference: str, proposal: UUID) -> HttpResponse:
    """Agree or decline."""
    return _done(request, reference, actions.judge_procedure, door.given(request, proposal=str(proposal)), _("The other side sees your answer."))


@require_POST
def take_back(request: HttpRequest, organization: str, reference: str, proposal: UUID) -> HttpResponse:
    """Take a proposal back."""
    return _done(request, reference, actions.take_back_procedure, door.given(request, proposal=str(proposal)), _("The proposal is taken back."))


@require_POST
def withdraw(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Let it hold for nothing that opens from a day on."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = str(of_reference(reference).id)
    return _done(request, reference, actions.withdraw_procedure, door.given(request, procedure=key), _("Items that carry it keep it."))


@require_POST
def adopt(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Take the version in force over on an open item."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = WorkItem.objects.filter(reference=reference).values_list("id", flat=True).first()
        if key is None:
            raise NotFound(reference)
    says = _("The item follows the version that is in force; what is the same stays done.")
    return door.perform(request, actions.adopt_procedure, {"item": str(key)}, then=door.at(request, "item", reference), says=says)


@require_POST
def propose_plan(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Propose how reviews are sampled."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = str(planning.of_reference(reference).id)
    return _planned(request, reference, actions.propose_sampling, door.given(request, engagement=key), _("The other side sees your proposal."))


@require_POST
def judge_plan(request: HttpRequest, organization: str, reference: str, plan: UUID) -> HttpResponse:
    """Agree to a plan, or decline it."""
    return _planned(request, reference, actions.judge_sampling, door.given(request, plan=str(plan)), _("The other side sees your answer."))


@require_POST
def take_back_plan(request: HttpRequest, organization: str, reference: str, plan: UUID) -> HttpResponse:
    """Take a plan back."""
    return _planned(request, reference, actions.take_back_sampling, door.given(request, plan=str(plan)), _("The proposal is taken back."))


def of_reference(reference: str) -> Procedure:
    """The procedure of that reference with its versions."""
    engagement = Procedure.objects.filter(reference=reference).values_list("engagement", flat=True).first()
    if engagement is None:
        raise NotFound(reference)
    running = Engagement.objects.select_related("agreement", "client", "provider").get(id=engagement)
    found = procedures.of_engagement(running).get(reference=reference)
    found.engagement = running
    return found


def _page(request: HttpRequest, reference: str, errors: Errors | None = None) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    found = of_reference(reference)
    running = found.engagement
    rows = procedures.stood(found, at.date())
    chosen = _chosen(request, rows)
    earlier = procedures.before(rows, chosen)
    side, here = procedures.side_of(by, running), may(request)
    place = Place(found.entity.entity_id if found.entity else None, running.id, found.service)
    waits = next((row for row in rows if row.state == "proposed"), None)
    gone = getattr(found, "withdrawal", None)
    may_judge = bool(side) and here.allows(actions.judge_procedure, place)
    line = lines()[found.service]
    context = {
        "procedure": found,
        "engagement": running,
        "task": line.task(found.task),
        "line": line,
        "rows": rows,
        "chosen": chosen,
        "earlier": earlier,
        "differences": procedures.against(rows, chosen) if earlier is not None and _compares(request, chosen) else (),
        "now": next((row for row in rows if row.state == "in_force"), None),
        "waits": waits,
        "gone": gone,
        "may_judge": may_judge and waits is not None and waits.row.side != side,
        "may_take_back": waits is not None and waits.row.side == side and here.allows(actions.take_back_procedure, place),
        "may_write": bool(side) and waits is None and gone is None and here.allows(actions.propose_procedure, place),
        "may_withdraw": may_judge and waits is None and gone is None and any(row.state in ("in_force", "coming") for row in rows),
        "items": _open_items(found),
        "side": side,
        "said": door.sentences(errors) if errors else {},
        "today": at.date(),
    }
    return render(request, "work/procedure.html", context)


def _chosen(request: HttpRequest, rows: list[procedures.Stood]) -> procedures.Stood:
    """The version asked for; else the one that waits, the one in force, the newest."""
    asked = next((row for row in rows if str(row.row.number) == request.GET.get("version")), None)
    by_state = [row for state in ("proposed", "in_force", "coming") for row in rows if row.state == state]
    return asked or next(iter(by_state), rows[0])


def _compares(request: HttpRequest, chosen: procedures.Stood) -> bool:
    """What waits is shown with its changes, unless asked otherwise."""
    asked = request.GET.get("compare")
    return asked == "yes" or (asked is None and chosen.state == "proposed")


def _open_items(found: Procedure) -> list[dict[str, Any]]:
    """Items of the task that are not accepted, with the version that each carries."""
    line = lines()[found.service]
    task = Q(task=found.task) | (Q(task="") if found.task == planned.own_task(line) else Q(pk=None))
    done = Acceptance.objects.filter(verdict="accepted").values("deliverable__item")
    rows = WorkItem.objects.filter(task, engagement=found.engagement_id).exclude(id__in=done).select_related("period__entity")
    if found.entity_id:
        rows = rows.filter(period__entity=found.entity_id)
    return [{"item": item, "carried": procedures.carried(item)} for item in rows.order_by("-period__begins_on", "reference")[:MOST_ITEMS]]


def _done(request: HttpRequest, reference: str, action: Any, values: Mapping[str, Any], says: str) -> HttpResponse:
    again = lambda errors: _page(request, reference, errors)  # noqa: E731
    return door.perform(request, action, values, then=door.at(request, "procedure", reference), again=again, says=says)


def _planned(request: HttpRequest, reference: str, action: Any, values: Mapping[str, Any], says: str) -> HttpResponse:
    again = lambda errors: planning.planning_page(request, reference, errors)  # noqa: E731
    return door.perform(request, action, values, then=door.at(request, "planning", reference) + "#sampling", again=again, says=says)
