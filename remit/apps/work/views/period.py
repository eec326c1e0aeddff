"""The page of a month: all entities of the engagement, what blocks closing, what closing will do, and the month once sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.agreements.models import AgreedEntity
from remit.apps.organizations import door, invited
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Organization
from remit.apps.records.context import reading
from remit.apps.records.models import Entry, Participation
from remit.apps.work import actions, bills, closing, months, statutory
from remit.apps.work.matrix import Matrix, Row, matrix_of
from remit.apps.work.models import Period, Request
from remit.apps.work.places import of_period
from remit.apps.work.views import loading
from remit.apps.work.waiting import QUESTION
from remit.apps.work.zones import provider_zones
from remit.domain.reasons import Reason
from remit.domain.record import statement


@require_safe
def period(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """The month that the period is of."""
    return render(request, "work/period.html", _context(request, reference))


@require_safe
def sealing(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """How far the seal is, asked again and again; once every pack is given the page loads anew."""
    context = _context(request, reference)
    answer = render(request, "work/parts/sealing.html", context)
    if not context["waiting_for_seal"]:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def close(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Close one entity's month."""
    then = door.at(request, "period", reference)
    return door.perform(request, actions.close_period, {"period": _key(request, reference)}, then=then, says=_("Closed. The seal follows by itself."))


@require_POST
def reopen(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Open one entity's month again, with the reason."""
    values = {"period": _key(request, reference), "reason": request.POST.get("reason", "").strip()}
    again = lambda errors: render(request, "work/period.html", _context(request, reference, errors))  # noqa: E731
    then = door.at(request, "period", reference)
    return door.perform(request, actions.reopen_period, values, then=then, again=again, says=_("Open again; every party sees why."))


def _key(request: HttpRequest, reference: str) -> str:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return str(loading.period(request, reference).id)


def _context(request: HttpRequest, reference: str, errors: Mapping[str, tuple[Reason, ...]] | None = None) -> dict[str, Any]:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    asked = loading.period(request, reference)
    engagement = asked.engagement
    same = Period.objects.filter(engagement=engagement, begins_on=asked.begins_on).select_related("engagement__agreement", "engagement__client", "entity")
    of_all = list(same.prefetch_related(months.with_closings()).order_by("entity__name"))
    here = may(request)
    to_come = bills.bills_to_come(here, of_all)
    found = matrix_of(of_all, to_come)
    entities = list(AgreedEntity.objects.filter(agreement=engagement.agreement_id).order_by("name"))
    is_client = by.organization == engagement.client_id
    ready = [row for row in found.rows if row.closing is None and not any(each.waits for each in row.standings)]
    closed = [row for row in found.rows if row.closing]
    return {
        "asked": asked,
        "now": at,
        "engagement": engagement,
        "matrix": found,
        "blocks": _blocks(found),
        "ahead": closing.ahead_of(found, to_come),
        "zone": asked.entity.facts["zone"],
        "other_zone": provider_zones([engagement]).get(engagement.provider_id, ""),
        "months": months.of_engagement(engagement, entities, at.date()),
        "entities": entities,
        "dates": [date for row in found.rows for each in row.standings if (date := statutory.date_of(each.item, each.filing, at))],
        "unopened": [entity for entity in entities if entity.id not in {row.period.entity_id for row in found.rows}],
        "is_client": is_client,
        "ready": ready,
        "closable": [row for row in ready if is_client and here.allows(actions.close_period, of_period(row.period))],
        "reopenable": [row for row in closed if is_client and here.allows(actions.reopen_period, of_period(row.period))],
        "closed": closed,
        "all_closed": bool(found.rows) and len(closed) == len(found.rows),
        "waiting_for_seal": [row for row in closed if row.given is None],
        "packs": [seal.given for row in found.rows for seal in row.seals if hasattr(seal, "given")],
        "reopened": [(row, closing.reopening) for row in found.rows for closing in row.closings if hasattr(closing, "reopening")],
        "proof": _proof(found),
        "parties": _parties(asked, found, at),
        "sides": _sides(found),
        "said": door.sentences(errors) if errors else {},
        **invited.page_of(by, at, "period", asked.id),
    }


def _blocks(found: Matrix) -> list[dict[str, Any]]:
    """What must happen first, in order; a question is told by its own words."""
    asked = [wait.why.values["request"] for wait in found.waits if wait.step == QUESTION]
    words = dict(Request.objects.filter(reference__in=asked).values_list("reference", "question")) if asked else {}
    return [{"wait": wait, "asks": words.get(str(wait.why.values.get("request", "")), "")} for wait in found.waits]


def _sides(found: Matrix) -> dict[str, int]:
    """How many things wait on each side."""
    return {side: sum(wait.side == side for wait in found.waits) for side in ("provider", "client", "authority")}


def _proof(found: Matrix) -> dict[str, Any] | None:
    """The newest seal: how much of the log it covers, under which checkpoint, and how many files its pack holds."""
    seals = [seal for row in found.rows for seal in row.seals]
    if not seals:
        return None
    newest = max(seals, key=lambda seal: seal.sealed_at)
    return {"seal": newest, "nodes": _entries(found.rows)}


def _entries(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    """The entries of the log that close, reopen and seal the month's periods, in order."""
    kinds = ("period.opened", "period.closed", "period.reopened", "period.sealed")
    keys = [row.period.id for row in rows]
    entries = Entry.objects.filter(object_id__in=keys, kind__in=kinds, outcome="allowed").select_related("leaf").order_by("leaf__index")
    return [
        {"number": entry.leaf.index + 1, "kind": entry.kind, "hash": bytes(entry.leaf_hash).hex()[:4], "period": entry.object_id}
        for entry in entries
        if hasattr(entry, "leaf")
    ]


def _parties(asked: Period, found: Matrix, at: Any) -> list[dict[str, Any]]:
    """Who has the packs, and who fetched one when: the newest look of each party."""
    given = [seal.given.id for row in found.rows for seal in row.seals if hasattr(seal, "given")]
    looks: dict[Any, Any] = {}
    for entry in Entry.objects.filter(object_id__in=given, kind="file.opened", outcome="allowed").order_by("decided_at"):
        looks[statement.decode(bytes(entry.statement)).actor.organization] = entry.decided_at
    parties = Participation.objects.filter(audience=asked.audience_id, since__lte=at).exclude(until__lte=at).order_by("since")
    names = dict(Organization.objects.filter(pk__in=[party.tenant_id for party in parties]).values_list("pk", "name"))
    return [{"name": names.get(party.tenant_id, ""), "role": party.role, "fetched_at": looks.get(party.tenant_id)} for party in parties]
