"""Who holds which role, where, up to what, from and until when; and who may do what."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from remit.apps.organizations.acting import ACTIONS
from remit.apps.organizations.models import Grant
from remit.apps.organizations.models.access import ROLES
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.members import shown_members
from remit.apps.organizations.views.organization import page
from remit.apps.organizations.views.scopes import Scopes
from remit.domain.record.words import KINDS


@require_safe
def roles(request: HttpRequest, organization: str) -> HttpResponse:
    """Every grant by member, ended ones too, and the table of roles and actions."""
    at = request.at  # type: ignore[attr-defined]
    scopes = Scopes()
    held = []
    for member in shown_members(request).prefetch_related(Prefetch("grants", Grant.objects.order_by("role"))).order_by("name"):
        has_left = member.until is not None and member.until <= at
        held += [(member, shown, "ended" if has_left else shown.state) for shown in scopes.shown(member.grants.all(), at)]
    rows = [{"member": member, "grant": shown, "state": state} for member, shown, state in held]
    context = {
        "now": [row for row in rows if row["state"] != "ended"],
        "ended": [row for row in rows if row["state"] == "ended"],
        "roles": [(role, choices.role_word(role)) for role in ROLES],
        "matrix": matrix(),
    }
    return page(request, "roles", "roles", context)


def matrix() -> list[dict[str, Any]]:
    """A row an action: its name, its words as the record says them, and for each role whether one of it is enough. Made from the actions themselves."""
    return [
        {"name": name, "says": KINDS.get(action.kind, action.kind), "may": [(role, not action.roles or role in action.roles) for role in ROLES]}
        for name, action in sorted(ACTIONS.items())
    ]
