"""A month as a guest of the client sees it: what still blocks its closing, closing it, and the pack once it is sealed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.work import actions, periods
from remit.apps.work.models import GivenPack, Period, Request, WorkItem
from remit.apps.work.views import request_part
from remit.apps.work.waiting import standing, with_standing
from remit.front.guests.doing import Errors, frame, guests_form, perform


def show(request: HttpRequest, errors: Errors | None = None, **more: Any) -> HttpResponse:
    """The one page of it, inside a read transaction."""
    guest = request.guest  # type: ignore[attr-defined]
    found = Period.objects.select_related("entity", "engagement__client", "engagement__provider").filter(id=guest.about_id).first()
    if found is None:
        raise NotFound(guest.about_reference)
    is_client = found.engagement.client_id == guest.organization
    closing = periods.closing_of(found)
    blockers = periods.blockers(found)
    context: dict[str, Any] = {
        "period": found,
        "zone": found.entity.facts["zone"],
        "items": [standing(row) for row in with_standing(WorkItem.objects.filter(period=found).order_by("due_at"))],
        "blockers": blockers,
        "closing": closing,
        "packs": GivenPack.objects.filter(sealing__closing__period=found).select_related("pack").order_by("-given_at"),
        "can_close": is_client and closing is None and not blockers and "close_period" in guest.acts,
        "can_reopen": is_client and closing is not None and "reopen_period" in guest.acts,
        "parts": _questions(request, found, closing is not None, guest.acts if is_client else ()),
        "is_guest": True,
        "errors": errors or {},
        "said": door.sentences(errors) if errors else {},
        **more,
    }
    return render(request, "guests/period.html", frame(request) | context)


def _questions(request: HttpRequest, found: Period, is_closed: bool, acts: Collection[str]) -> list[dict[str, Any]]:
    """The items about which something was asked, each with its questions."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    if "answer_request" not in acts:
        return []
    items = with_standing(WorkItem.objects.filter(period=found, id__in=Request.objects.filter(item__period=found).values("item")).order_by("due_at"))
    return [{"item": item, **request_part.of_item(by, at, item, is_closed, acts)} for item in items]


@guests_form("period")
def close(request: HttpRequest, secret: str) -> HttpResponse:
    """Close the month."""
    return perform(request, secret, actions.close_period, {"period": str(request.guest.about_id)}, says=_("Closed. The seal follows by itself."))  # type: ignore[attr-defined]


@guests_form("period")
def reopen(request: HttpRequest, secret: str) -> HttpResponse:
    """Open it again, with the reason."""
    values = {"period": str(request.guest.about_id), "reason": request.POST.get("reason", "").strip()}  # type: ignore[attr-defined]
    return perform(request, secret, actions.reopen_period, values, again=lambda errors: show(request, errors), says=_("Open again; every party sees why."))
