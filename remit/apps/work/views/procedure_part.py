"""What other pages show of procedures and of sampling: by task on the page of an engagement's tasks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.may import may
from remit.apps.organizations.roles import Place
from remit.apps.work import actions, procedures, sampled


def of_planning(request: HttpRequest, engagement: Engagement, is_party: bool) -> dict[str, Any]:
    """What the page of tasks shows of procedures and of sampling: procedures by task, and the plans."""
    at, place, here = request.at, Place(engagement=engagement.id, service=engagement.agreement.service), may(request)  # type: ignore[attr-defined]
    by_task: dict[str, list[dict[str, Any]]] = {}
    for each in procedures.of_engagement(engagement):
        rows = procedures.stood(each, at.date())
        shown = next((row for row in rows if row.state in ("in_force", "coming")), rows[0] if rows else None)
        waits = any(row.state == "proposed" for row in rows)
        by_task.setdefault(each.task, []).append({"procedure": each, "shown": shown, "waits": waits})
    return {
        "by_task": by_task,
        "may_write": is_party and here.allows(actions.propose_procedure, place),
        "sampling": sampled.of_engagement(engagement, at.date()),
        "side": procedures.side_of(request.by, engagement),  # type: ignore[attr-defined]
        "may_sample": is_party and here.allows(actions.propose_sampling, place),
        "may_judge_sampling": is_party and here.allows(actions.judge_sampling, place),
        "today": at.date(),
    }
