"""An agreement as a guest sees it: its terms and paper, the company that it concerns, what may still be settled, and the signature."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from remit.apps.agreements import actions, offering, taking_over
from remit.apps.agreements.entity_form import EntityForm
from remit.apps.agreements.models import Agreement
from remit.apps.agreements.views import paper, terms_shown
from remit.apps.organizations import door
from remit.apps.organizations.acting import Action, NotFound
from remit.apps.organizations.views.forms import Form, send
from remit.apps.records.context import reading
from remit.domain.pricing import BASES
from remit.front.guests import entrance
from remit.front.guests.doing import Errors, frame, guests_form, perform
from remit.lines import lines

SETTLED = ("begins_on", "ends_on", "notice_days", "payment_days")


def show(request: HttpRequest, errors: Errors | None = None, form: Form | None = None) -> HttpResponse:
    """The one page of it, inside a read transaction."""
    guest = request.guest  # type: ignore[attr-defined]
    found = _found(request)
    shown = terms_shown(found)
    is_side = guest.organization in (found.client_id, found.provider_id)
    is_client = guest.organization == found.client_id
    is_signed = any(row["signature"] is not None and row["side"].pk == guest.organization for row in shown["signatures"])
    is_open = is_side and shown["taken"] is None and not any(row["signature"] for row in shown["signatures"])
    states = is_open and is_client and "state_entity" in guest.acts
    context: dict[str, Any] = shown | {
        "is_signed": is_signed,
        "can_sign": is_side and not is_signed and shown["taken"] is None and "sign_agreement" in guest.acts,
        "can_confirm": is_client and shown["taken"] is not None and shown["taken"]["confirmation"] is None and "confirm_takeover" in guest.acts,
        "can_settle": is_open and "settle_terms" in guest.acts,
        "can_price": is_client and shown["engagement"] is not None and "agree_price" in guest.acts,
        "contact": next((each for each in found.contacts if each["side"] == _side(request, found)), {}),
        "entity_form": form or (EntityForm(found) if states else None),
        "bases": BASES,
        "measures": lines()[found.service].measures,
        "errors": door.sentences(errors) if errors else {},
    }
    return render(request, "guests/agreement.html", frame(request) | context)


@guests_form("agreement")
def state_entity(request: HttpRequest, secret: str) -> HttpResponse:
    """State the company that the agreement concerns."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = _found(request)
    return send(
        request,
        lambda post: EntityForm(found, post),
        offering.state_entity,
        show=lambda form: show(request, form=form),
        then=entrance.page_of(secret) + "#entities",
        values=lambda given: EntityForm.values(found, given),
        says=_("The company is stated; signing the agreement confirms it."),
    )


@guests_form("agreement")
def settle(request: HttpRequest, secret: str) -> HttpResponse:
    """Settle term, notice, payment and the contact of one's own side; the other side's contacts stay."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = _found(request)
    side = _side(request, found)
    values: dict[str, Any] = {name: request.POST[name] for name in ("version", *SETTLED) if request.POST.get(name)}
    named = {name: request.POST.get(f"contact-{name}", "").strip() for name in ("name", "role", "channel", "language")}
    if named["name"]:
        values["contacts"] = [{"side": side, **named}, *(each for each in found.contacts if each["side"] != side)]
    return _do(request, secret, actions.settle_terms, values, _("The terms are settled. They may still change until the first signature."))


@guests_form("agreement")
def sign(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign for the organization that the link acts for."""
    return _do(request, secret, actions.sign_agreement, {}, _("Signed."))


@guests_form("agreement")
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """Confirm what the provider asserted when it took the relation over."""
    return _do(request, secret, taking_over.confirm_takeover, {}, _("Confirmed."))


@guests_form("agreement")
def price(request: HttpRequest, secret: str) -> HttpResponse:
    """Agree a price from a later day on."""
    return _do(request, secret, actions.agree_price, door.given(request), _("The price counts from its own day; what was done before keeps its price."))


@guests_form("agreement")
def open_terms(request: HttpRequest, secret: str) -> HttpResponse:
    """The paper that is signed; the look is recorded first."""
    return paper(request, request.guest.about_reference)  # type: ignore[attr-defined]


def _do(request: HttpRequest, secret: str, action: Action, values: dict[str, Any], says: str) -> HttpResponse:
    given = values | {"agreement": str(request.guest.about_id)}  # type: ignore[attr-defined]
    return perform(request, secret, action, given, again=lambda errors: show(request, errors), says=says)


def _found(request: HttpRequest) -> Agreement:
    guest = request.guest  # type: ignore[attr-defined]
    found = Agreement.objects.select_related("client", "provider", "terms").filter(id=guest.about_id).first()
    if found is None:
        raise NotFound(guest.about_reference)
    return found


def _side(request: HttpRequest, found: Agreement) -> str:
    return "client" if request.guest.organization == found.client_id else "provider"  # type: ignore[attr-defined]
