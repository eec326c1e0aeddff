"""The register of access to the client's systems: the page, its export, and what can be said of each account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.agreements.models import Engagement
from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Membership
from remit.apps.organizations.roles import Place
from remit.apps.records.context import reading
from remit.apps.work import actions
from remit.apps.work import systems as registers
from remit.apps.work.zones import zone_of_engagement
from remit.domain.reasons import Reason
from remit.formats.table.write import write_csv

COLUMNS = (
    *("system", "person", "account", "right", "asked_by", "asked_at", "granted_by", "granted_at", "review_due_on", "state"),
    *("revoke_due_at", "ended_by", "ended_at", "why"),
)
VERBS = {
    "grant": (actions.grant_access, lambda: _("Granted. Whoever has it may work there until it is looked at again.")),
    "decline": (actions.decline_access, lambda: _("Declined; the provider sees why.")),
    "review": (actions.review_access, lambda: _("It stands until the next look.")),
    "release": (actions.release_access, lambda: _("Given back: the client is told to take it away.")),
    "revoke": (actions.revoke_access, lambda: _("Revoked: the gate counts it no more.")),
}


@require_safe
def systems(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Systems, accounts, what is due; `?as=csv` gives the register as it stands, for the quarterly look."""
    form = request.GET.get("as", "")
    if form == "csv":
        answer = HttpResponse(_csv(engagement_of(reference), request), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="access-{reference}.csv"'
        return answer
    if form:
        raise NotFound(form)
    return _page(request, reference)


@require_POST
def name(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Put a system into the register."""
    return _do(
        request, reference, actions.name_system, door.given(request, engagement=_key(request, reference)), _("Nobody works there without an account now.")
    )


@require_POST
def end(request: HttpRequest, organization: str, reference: str, system: UUID) -> HttpResponse:
    """Take it out again."""
    return _do(request, reference, actions.end_system, {"system": str(system)}, _("The work is not done in it any more."))


@require_POST
def ask(request: HttpRequest, organization: str, reference: str, system: UUID) -> HttpResponse:
    """Ask for an account."""
    return _do(request, reference, actions.ask_access, door.given(request, system=str(system)), _("The client is asked."))


@require_POST
def decide_on(request: HttpRequest, organization: str, reference: str, access: UUID, verb: str) -> HttpResponse:
    """Grant, decline, look at again, revoke."""
    if verb not in VERBS:
        raise NotFound(verb)
    action, says = VERBS[verb]
    return _do(request, reference, action, door.given(request, access=str(access)), says())


def _do(request: HttpRequest, reference: str, action: Any, values: dict[str, Any], says: str) -> HttpResponse:
    again = lambda errors: _page(request, reference, errors)  # noqa: E731
    return door.perform(request, action, values, then=door.at(request, "systems", reference), again=again, says=says)


def _key(request: HttpRequest, reference: str) -> str:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return str(engagement_of(reference).id)


def engagement_of(reference: str) -> Engagement:
    """The engagement of that reference with its parties and agreement; else 404."""
    found = Engagement.objects.select_related("agreement", "client", "provider").filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def _csv(running: Engagement, request: HttpRequest) -> bytes:
    rows = []
    for each in registers.register(running, request.at):  # type: ignore[attr-defined]
        row = each.row
        asked = (row.system.name, row.person_name, row.account, row.right, row.asked_by_name, _iso(row.asked_at))
        granted = (row.granted_by_name, _iso(row.granted_at), _iso(row.review_due_on))
        rows.append((*asked, *granted, each.state, _iso(each.revoke_due_at), row.ended_by_name, _iso(row.ended_at), each.because))
    return write_csv([COLUMNS, *rows])


def _iso(moment: date | datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _page(request: HttpRequest, reference: str, errors: Mapping[str, tuple[Reason, ...]] | None = None) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    running = engagement_of(reference)
    here, place = may(request), Place(engagement=running.id, service=running.agreement.service)
    found = registers.register(running, at)
    is_client, is_provider = by.organization == running.client_id, by.organization == running.provider_id
    asks = is_provider and here.allows(actions.ask_access, place)
    members = Membership.objects.filter(organization=by.organization, person_id__isnull=False, since__lte=at).exclude(until__lte=at) if asks else ()
    people = [{"id": row.person_id, "name": row.name} for row in sorted(members, key=lambda row: row.name)]
    context = {
        "engagement": running,
        "systems": list(registers.systems_of(running)),
        "open": [each for each in found if each.is_open],
        "over": [each for each in found if not each.is_open],
        "due": sum(each.state in ("to_revoke", "review_due") for each in found),
        "people": people,
        "names": (is_client or is_provider) and here.allows(actions.name_system, place),
        "asks": asks,
        "decides": is_client and here.allows(actions.grant_access, place),
        "zone": zone_of_engagement(running),
        "errors": door.sentences(errors) if errors else {},
    }
    return render(request, "work/systems.html", context, status=422 if errors else 200)
