"""What the gate asks in an engagement: the rules of its law, permissions on file, and what is only observed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound, Refused
from remit.apps.organizations.may import may
from remit.apps.organizations.roles import Place
from remit.apps.people.models import Person
from remit.apps.records import files
from remit.apps.records.context import reading
from remit.apps.work import actions, gate_terms
from remit.apps.work.models import Permission
from remit.apps.work.views.systems import engagement_of
from remit.apps.work.zones import zone_of_engagement
from remit.domain.reasons import Reason

STATES = {
    "in_force": gettext_lazy("in force"),
    "to_come": gettext_lazy("to come"),
    "over": gettext_lazy("ran out"),
    "withdrawn": gettext_lazy("withdrawn"),
}


@require_safe
def rules(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """All of it."""
    return _page(request, reference)


@require_POST
def record(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Put a permission on file."""
    values = door.given(request, engagement=_key(request, reference))
    values["countries"] = [code.strip().upper() for code in str(values.pop("countries", "")).split(",") if code.strip()]
    return _do(request, reference, actions.record_permission, values, _("It is on file; the gate counts it."))


@require_POST
def withdraw(request: HttpRequest, organization: str, reference: str, permission: UUID) -> HttpResponse:
    """Withdraw one."""
    return _do(request, reference, actions.withdraw_permission, {"permission": str(permission)}, _("It holds no longer."))


@require_POST
def paper(request: HttpRequest, organization: str, reference: str, permission: UUID) -> HttpResponse:
    """The paper of one, as an attachment."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    result = actions.open_permission(by=by, at=at, permission=permission)
    if isinstance(result, Refused):
        return door.sent_back(request, result)
    with reading(by, at):
        row = Permission.objects.select_related("file").get(id=permission)
        if row.file is None:
            raise NotFound(permission)
        content, name = files.read(row.file), row.file_name
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@require_POST
def observe(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Let something only warn for a time."""
    values = door.given(request, engagement=_key(request, reference))
    return _do(request, reference, actions.observe_rule, values, _("Until then it warns and refuses nobody."))


@require_POST
def enforce(request: HttpRequest, organization: str, reference: str, observing: UUID) -> HttpResponse:
    """Let it refuse again."""
    return _do(request, reference, actions.enforce_rule, {"observing": str(observing)}, _("It refuses again."))


@require_POST
def ask_glass(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Ask for break-glass."""
    values = door.given(request, engagement=_key(request, reference))
    return _do(request, reference, actions.ask_break_glass, values, _("The client is asked; nothing changes until somebody there confirms."))


@require_POST
def confirm_glass(request: HttpRequest, organization: str, reference: str, glass: UUID) -> HttpResponse:
    """Confirm it as the second person."""
    return _do(request, reference, actions.break_glass, {"glass": str(glass)}, _("Confirmed until its hour; each act under it says so in the record."))


def _do(request: HttpRequest, reference: str, action: Any, values: dict[str, Any], says: str) -> HttpResponse:
    again = lambda errors: _page(request, reference, errors)  # noqa: E731
    return door.perform(request, action, values, then=door.at(request, "engagement_rules", reference), again=again, says=says)


def _key(request: HttpRequest, reference: str) -> str:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return str(engagement_of(reference).id)


def _page(request: HttpRequest, reference: str, errors: Mapping[str, tuple[Reason, ...]] | None = None) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    running = engagement_of(reference)
    place = Place(engagement=running.id, service=running.agreement.service)
    found = gate_terms.in_force(running, at.date())
    language = get_language() or "en"
    observed = {row.what: row for row in running.observings.filter(ended_at=None).order_by("set_at")}
    names = {code: says for code, (says, _codes) in gate_terms.CONDITIONS.items()}
    context = {
        "engagement": running,
        "law": gate_terms.law_of(running),
        "rules": [{"each": each, "says": each.words.get(language) or each.words["en"]} for each in found],
        "unread": sum(not each.rule.verified for each in found),
        "permissions": [{"row": row, "state": state, "word": STATES[state]} for row, state in gate_terms.permissions_of(running, at)],
        "observed": [{"row": row, "says": names.get(what, ""), "over": row.valid_until <= at.date()} for what, row in observed.items()],
        "kinds": gate_terms.kinds(),
        "may_observe": [{"code": code, "says": says} for code, says in names.items() if code not in observed],
        "rules_to_observe": [each.rule for each in found if not each.rule.always_binds and each.rule.id not in observed],
        "glass": [{"row": row, "over": row.until_at <= at} for row in running.broken_glass.order_by("-asked_at")[:20]],
        "asks": by.organization == running.provider_id and may(request).allows(actions.ask_break_glass, place),
        "people": Person.objects.order_by("name") if by.organization == running.provider_id else (),
        "zone": zone_of_engagement(running),
        "decides": by.organization == running.client_id and may(request).allows(actions.record_permission, place),
        "errors": door.sentences(errors) if errors else {},
    }
    return render(request, "work/rules.html", context, status=422 if errors else 200)
