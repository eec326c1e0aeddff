"""One's own assignments on the page of an item: those that wait for an answer, and the reasons for declining."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from remit.apps.work.models import AssignmentAnswer
from remit.apps.work.waiting import Standing
from remit.domain.assignments import REASONS


def of_page(request: HttpRequest, found: Standing, is_closed: bool) -> dict[str, Any]:
    """Steps that whoever looks is on and has not answered; nothing on accepted work or in a closed month."""
    person = request.by.person  # type: ignore[attr-defined]
    mine = [held for held in found.on.values() if person is not None and held.person_id == person]
    if not mine or is_closed or found.is_accepted:
        return {"my_assignments": []}
    answered = set(AssignmentAnswer.objects.filter(assignment__in=mine).values_list("assignment", flat=True))
    says = {step.code: step.says for step in found.line.steps}
    waiting = [{"step": held.step, "says": says.get(held.step, held.step)} for held in mine if held.id not in answered]
    return {"my_assignments": waiting, "decline_reasons": REASONS}
