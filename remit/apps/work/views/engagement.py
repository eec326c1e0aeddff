"""The page of an engagement: its months by entity, opening one, and who reads along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.agreements.actions import admit_auditor
from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Organization
from remit.apps.organizations.roles import Place
from remit.apps.records.context import reading
from remit.apps.records.models import Participation
from remit.apps.work import actions, cases, months
from remit.domain.reasons import Reason
from remit.lines import lines


@require_safe
def engagement(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Months by entity, parties, and what may be opened next."""
    return _page(request, reference)


@require_POST
def open_month(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Open a month of an entity."""
    values = door.given(request, engagement=_key(request, reference))
    if len(values.get("month", "")) == 7:
        values["month"] += "-01"
    again = lambda errors: _page(request, reference, errors)  # noqa: E731
    return door.perform(
        request, actions.open_period, values, then=lambda done: door.at(request, "item", done.reference), again=again, says=_("The month is open.")
    )


@require_POST
def admit(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Let an audit firm read along."""
    values = door.given(request, engagement=_key(request, reference))
    if values.get("until"):
        values["until"] += "T00:00:00+00:00"
    then = door.at(request, "engagement", reference)
    return door.perform(
        request, admit_auditor, values, then=then, again=lambda errors: _page(request, reference, errors), says=_("The auditor reads along now.")
    )


def _found(reference: str) -> Engagement:
    found = Engagement.objects.select_related("agreement", "client", "provider").filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def _key(request: HttpRequest, reference: str) -> str:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return str(_found(reference).id)


def _page(request: HttpRequest, reference: str, errors: Mapping[str, tuple[Reason, ...]] | None = None) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    found = _found(reference)
    entities = list(AgreedEntity.objects.filter(agreement=found.agreement_id).order_by("name"))
    parties = Participation.objects.filter(audience=found.audience_id).order_by("since")
    names = dict(Organization.objects.filter(pk__in=[party.tenant_id for party in parties]).values_list("pk", "name"))
    is_built = cases.delivers(lines()[found.agreement.service])
    here, place = may(request), Place(engagement=found.id, service=found.agreement.service)
    is_party = by.organization in (found.client_id, found.provider_id)
    context: dict[str, Any] = {
        "engagement": found,
        "months": months.of_engagement(found, entities, at.date()),
        "entities": entities,
        "next_month": months.next_of(found),
        "zone": entities[0].facts["zone"] if entities else "UTC",
        "parties": [{"party": party, "name": names.get(party.tenant_id, ""), "ended": party.until is not None and party.until <= at} for party in parties],
        "is_built": is_built,
        "openable": [each for each in entities if is_party and is_built and here.allows(actions.open_period, place, Place(entity=each.entity_id))],
        "may_admit": by.organization == found.client_id and here.allows(admit_auditor, place),
        "may_export": here.allows(actions.export_pack, place),
        "auditors": Organization.objects.filter(kinds__contains=["auditor"]).exclude(pk__in=names).order_by("name"),
        "said": door.sentences(errors) if errors else {},
    }
    return render(request, "work/engagement.html", context)
