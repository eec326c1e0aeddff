"""What can be said of an item's filing on its page: that it was sent, and its receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from remit.apps.organizations import door
from remit.apps.records.context import reading
from remit.apps.work import actions
from remit.apps.work.views import loading
from remit.apps.work.views.item import CHOOSE, item_page, refuse
from remit.domain.calendars import zone


@require_POST
def sent(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """It was sent to the authority."""
    key, clock = _place(request, reference)
    values = _aware(door.given(request, item=key), "sent_at", clock)
    return _done(request, reference, actions.send_filing, values, _("Sent is kept; it is filed once the receipt is here."))


@require_POST
def receipt(request: HttpRequest, organization: str, reference: str, filing: UUID) -> HttpResponse:
    """Its receipt is here."""
    if "file" not in request.FILES:
        return refuse(request, lambda errors: item_page(request, reference, errors), file=CHOOSE())
    _key, clock = _place(request, reference)
    values = _aware(door.given(request, filing=str(filing)), "received_at", clock)
    return _done(request, reference, actions.bring_receipt, values, _("The receipt is kept: it is filed."))


def _done(request: HttpRequest, reference: str, action: Any, values: dict[str, Any], says: str) -> HttpResponse:
    again = lambda errors: item_page(request, reference, errors)  # noqa: E731
    return door.perform(request, action, values, then=door.at(request, "item", reference) + "#filing", again=again, says=says)


def _place(request: HttpRequest, reference: str) -> tuple[str, str]:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = loading.item(request, reference).item
        return str(found.id), found.period.entity.facts["zone"]


def _aware(values: dict[str, Any], name: str, clock: str) -> dict[str, Any]:
    """A moment as the form gives it, on the entity's clock; what is no moment is left to the action to refuse."""
    try:
        moment = datetime.fromisoformat(values[name])
    except (KeyError, ValueError):
        return values
    return values | {name: moment.replace(tzinfo=zone(clock)).isoformat()} if moment.tzinfo is None else values
