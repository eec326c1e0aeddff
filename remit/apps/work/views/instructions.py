"""The page of an engagement's standing instructions, which both sides read and withdraw, and of when its questions are reminded of."""

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
from remit.apps.work import actions, asking, instructions
from remit.apps.work.requests import CLIENT_ASKERS
from remit.domain.reasons import Reason
from remit.domain.reminding import MOST_STEPS, escalation

Errors = Mapping[str, tuple[Reason, ...]]


@require_safe
def standing(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Those in force, those that are over, and the plan of reminders."""
    return _page(request, reference)


@require_POST
def state(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Instruct the provider without being asked."""
    again = lambda errors: _page(request, reference, errors, stating=True)  # noqa: E731
    values = door.given(request, engagement=_key(request, reference))
    return door.perform(
        request, actions.state_instruction, values, then=_back(request, reference), again=again, says=_("It holds from then on; both sides see it.")
    )


@require_POST
def withdraw(request: HttpRequest, organization: str, reference: str, instruction: UUID) -> HttpResponse:
    """Withdraw one."""
    again = lambda errors: _page(request, reference, errors, withdrawing=instruction)  # noqa: E731
    values = door.given(request, instruction=str(instruction))
    return door.perform(request, actions.withdraw_instruction, values, then=_back(request, reference), again=again, says=_("It holds no more."))


@require_POST
def plan(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Say when questions are reminded of."""
    again = lambda errors: _page(request, reference, errors, planning=True)  # noqa: E731
    rows = zip(request.POST.getlist("workdays"), request.POST.getlist("level"), strict=False)
    steps = [{"workdays": days, "level": level or 0} for days, level in rows if days.strip()]
    values = {"engagement": _key(request, reference), "steps": steps, "answer_workdays": request.POST.get("answer_workdays") or 3}
    says = _("It counts for what is asked from now on.")
    return door.perform(request, actions.plan_reminders, values, then=_back(request, reference) + "#plan", again=again, says=says)


def _page(request: HttpRequest, reference: str, errors: Errors | None = None, **more: Any) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    found = _found(reference)
    rows = list(instructions.of_engagement(found))
    here, place = may(request), Place(engagement=found.id, service=found.agreement.service)
    is_party = by.organization in (found.client_id, found.provider_id)
    current = asking.plan_of(found.id)
    steps = [*current.steps, *[("", 0)] * max(0, min(MOST_STEPS, len(current.steps) + 2) - len(current.steps))]
    context = {
        "engagement": found,
        "holding": [row for row in rows if instructions.withdrawal_of(row) is None and (row.until_on is None or row.until_on > at.date())],
        "over": [row for row in rows if instructions.withdrawal_of(row) is not None or (row.until_on is not None and row.until_on <= at.date())],
        "keepable": {row.id for row in rows if instructions.may_keep(by, at, found, row.entity.entity_id if row.entity else None)},
        "may_state": by.organization == found.client_id and here.reaches(CLIENT_ASKERS, place),
        "may_plan": is_party and here.allows(actions.plan_reminders, place),
        "entities": AgreedEntity.objects.filter(agreement=found.agreement_id).order_by("name"),
        "plan": current,
        "steps": steps,
        "contacts": {side: escalation(found.agreement.contacts, side) for side in ("client", "provider")},
        "errors": errors or {},
        "said": door.sentences(errors) if errors else {},
        **more,
    }
    return render(request, "work/instructions.html", context)


def _found(reference: str) -> Engagement:
    found = Engagement.objects.select_related("agreement", "client", "provider").filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def _key(request: HttpRequest, reference: str) -> str:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return str(_found(reference).id)


def _back(request: HttpRequest, reference: str) -> str:
    return door.at(request, "instructions", reference)
