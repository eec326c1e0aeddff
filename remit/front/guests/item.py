"""A work item as a guest sees it: what is asked, the papers brought, what was delivered; and what they may do about each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from remit.apps.organizations import door
from remit.apps.organizations.acting import BadInput, NotFound
from remit.apps.records.context import reading
from remit.apps.work import actions, periods
from remit.apps.work.models import WorkItem
from remit.apps.work.places import item_thing
from remit.apps.work.views import request_part
from remit.apps.work.views.item import CHOOSE
from remit.apps.work.views.item_context import deliverables, slots
from remit.apps.work.waiting import Standing, standing, with_standing
from remit.front.guests.doing import Errors, frame, guests_form, perform


def show(request: HttpRequest, errors: Errors | None = None, **more: Any) -> HttpResponse:
    """The one page of it, inside a read transaction."""
    guest = request.guest  # type: ignore[attr-defined]
    row = with_standing(WorkItem.objects.filter(id=guest.about_id)).first()
    if row is None:
        raise NotFound(guest.about_reference)
    found = standing(row)
    is_client = row.engagement.client_id == guest.organization
    is_closed = periods.closing_of(row.period) is not None
    can_bring = is_client and not is_closed and "bring_paper" in guest.acts
    can_accept = is_client and not is_closed and "accept" in guest.acts
    context = {
        "item": row,
        "line": found.line,
        "rules": {rule.code: rule for rule in found.line.rules},
        "zone": row.period.entity.facts["zone"],
        "is_closed": is_closed,
        "waits": _waits(request),
        "slots": slots(found, can_bring),
        "found": found,
        **request_part.of_item(request.by, request.at, row, is_closed, guest.acts if is_client else ()),  # type: ignore[attr-defined]
        "deliverables": _passed(request, found, is_closed, can_accept),
        "errors": errors or {},
        "said": door.sentences(errors) if errors else {},
        **more,
    }
    return render(request, "guests/item.html", frame(request) | context)


@guests_form("item")
def bring(request: HttpRequest, secret: str) -> HttpResponse:
    """Bring a paper; what is wrong with it is shown beside it, with its lines."""
    slot, sent = request.POST.get("slot", ""), request.FILES.get("file")
    again = lambda errors: show(request, errors, slot=slot, name=sent.name if sent else "")  # noqa: E731
    if sent is None:
        bad = BadInput(file=CHOOSE())
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            answer = again(bad.errors)
        answer.status_code = 422
        return answer
    values = door.given(request, item=_item(request))
    says = _("%(file)s is read and kept.") % {"file": values["file"].name}
    return perform(request, secret, actions.bring_paper, values, part="papers", again=again, says=says)


@guests_form("item")
def take_back(request: HttpRequest, secret: str, paper: UUID) -> HttpResponse:
    """Take a paper off the item."""
    says = _("The file is taken back; the record keeps that it was there.")
    return perform(request, secret, actions.take_back_paper, {"paper": str(paper)}, part="papers", says=says)


@guests_form("item")
def map_columns(request: HttpRequest, secret: str) -> HttpResponse:
    """Say which column holds what."""
    columns = {name.removeprefix("column-"): str(value).strip() for name, value in request.POST.items() if name.startswith("column-")}
    values = {"item": _item(request), "slot": request.POST.get("slot", ""), "columns": columns}
    return perform(request, secret, actions.keep_mapping, values, part="papers", says=_("Kept for this entity."))


@guests_form("item")
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept what was delivered, or return it."""
    again = lambda errors: show(request, errors, verdict="accept")  # noqa: E731
    says = _("Your verdict is in the record, bound to these bytes.")
    return perform(request, secret, actions.accept, door.given(request), part="deliverables", again=again, says=says)


def _item(request: HttpRequest) -> str:
    return str(request.guest.about_id)  # type: ignore[attr-defined]


def _waits(request: HttpRequest) -> list[Any]:
    guest = request.guest  # type: ignore[attr-defined]
    thing = item_thing(guest.about_id)
    return thing.waiting(guest.organization, guest.acts) if thing else []


def _passed(request: HttpRequest, found: Standing, is_closed: bool, can_accept: bool) -> list[dict[str, Any]]:
    """What a reviewer passed; drafts that were returned or wait for their review are the provider's own affair."""
    rows = deliverables(found, request, "", is_closed, {})
    for row in rows:
        is_passed = row["review"] is not None and row["review"].verdict == "passed"
        row["is_passed"] = is_passed
        row["can_accept"] = can_accept and is_passed and row["is_newest"] and row["acceptance"] is None
    return [row for row in rows if row["is_passed"]]
