"""The pages of the agreement: list, terms, signatures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.agreements import actions, offering, taking_over, terms, time_terms
from remit.apps.agreements.entity_form import EntityForm
from remit.apps.agreements.models import Agreement, Signature, TakenOver
from remit.apps.agreements.places import of_agreement
from remit.apps.organizations import door, guests, invited
from remit.apps.organizations.acting import NotFound, Refused
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Entity
from remit.apps.organizations.views.forms import Form, send
from remit.apps.people.models import Person
from remit.apps.records import files
from remit.apps.records.context import reading
from remit.domain.brief import RELATIONSHIPS
from remit.domain.money import Money
from remit.domain.pricing import BASES
from remit.domain.reasons import Reason
from remit.domain.taxation import CATEGORIES
from remit.formats.words import Words
from remit.lines import lines

Errors = Mapping[str, tuple[Reason, ...]]
CONTACT_ROWS = 4
"""Empty rows offered beside the contacts that are there."""


@require_safe
def agreements(request: HttpRequest, organization: str) -> HttpResponse:
    """All agreements that the organization is a side of, those that wait for it first."""
    me = request.by.organization  # type: ignore[attr-defined]
    rows = Agreement.objects.select_related("client", "provider", "taken_over__confirmation").prefetch_related("signatures").order_by("-drafted_at")
    listed = [_row(row, me) for row in rows]
    return render(request, "agreements/list.html", {"agreements": sorted(listed, key=lambda row: not row["waits_for_me"])})


@require_POST
def draft(request: HttpRequest, organization: str) -> HttpResponse:
    """From an award to its agreement."""
    return door.perform(
        request,
        actions.draft_agreement,
        {"award": request.POST.get("award", "")},
        then=lambda done: door.at(request, "agreement", done.reference),
        says=_("The agreement is drafted from the award. Settle its terms, then both sides sign."),
    )


@require_safe
def agreement(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """The terms as they stand, what they lack, and who signed."""
    return _page(request, reference)


@require_POST
def settle(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Settle terms of one's own side."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = _found(reference)
        values = _settled(request, found)
    return door.perform(
        request,
        actions.settle_terms,
        values,
        then=door.at(request, "agreement", reference),
        again=lambda errors: _page(request, reference, errors),
        says=_("The terms are settled. They may still change until the first signature."),
    )


@require_POST
def offer(request: HttpRequest, organization: str) -> HttpResponse:
    """From a brief written down for a client without members to its agreement."""
    return door.perform(
        request,
        offering.offer_agreement,
        {"brief": request.POST.get("brief", "")},
        then=lambda done: door.at(request, "agreement", done.reference),
        says=_("The agreement is drafted at your card. State the company, settle the terms, then invite who signs for the client."),
    )


@require_POST
def entity(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """State the company of a client without members, as it told."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = _found(reference)
    return send(
        request,
        lambda post: EntityForm(found, post),
        offering.state_entity,
        show=lambda form: _page(request, reference, form=form),
        then=door.at(request, "agreement", reference),
        values=lambda given: EntityForm.values(found, given),
        says=_("The company is stated; it counts once the client has signed."),
    )


@require_POST
def sign(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Sign for one's own side."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = _found(reference).id
    return door.perform(request, actions.sign_agreement, {"agreement": str(key)}, then=door.at(request, "agreement", reference), says=_("Signed."))


@require_POST
def confirm(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Confirm what the provider asserted when it took the relation over."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = _found(reference).id
    then = door.at(request, "agreement", reference)
    return door.perform(request, taking_over.confirm_takeover, {"agreement": str(key)}, then=then, says=_("Confirmed."))


@require_POST
def price(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Agree a price from a later day on."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = _found(reference).id
    return door.perform(
        request,
        actions.agree_price,
        door.given(request, agreement=str(key)),
        then=door.at(request, "agreement", reference),
        again=lambda errors: _page(request, reference, errors),
        says=_("The price counts from its own day; what was done before keeps its price."),
    )


@require_POST
def open_terms(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """The signed paper; the look is recorded first."""
    return paper(request, reference)


def paper(request: HttpRequest, reference: str) -> HttpResponse:
    """The paper that is signed, once the look at it is recorded."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = _found(reference)
    result = actions.open_terms(by=request.by, at=request.at, agreement=found.id)  # type: ignore[attr-defined]
    if isinstance(result, Refused):
        return door.sent_back(request, result)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        stored = _found(reference).terms
        if stored is None:
            raise NotFound(reference)
        content = files.read(stored)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{reference}.pdf"'
    return answer


def _found(reference: str) -> Agreement:
    found = Agreement.objects.select_related("client", "provider", "terms").filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def _row(row: Agreement, me: object) -> dict[str, Any]:
    signed = {signature.organization_id for signature in row.signatures.all()}
    taken = getattr(row, "taken_over", None)
    waits = [side.name for side in (row.client, row.provider) if side.pk not in signed] if taken is None else []
    return {
        "agreement": row,
        "service": lines()[row.service].says,
        "relationship": RELATIONSHIPS[row.relationship],
        "signed": len(signed),
        "waits": waits,
        "taken": taken,
        "waits_for_me": me in (row.client_id, row.provider_id) and me not in signed and taken is None,
    }


def _page(request: HttpRequest, reference: str, errors: Errors | None = None, form: Form | None = None) -> HttpResponse:
    me = request.by.organization  # type: ignore[attr-defined]
    found = _found(reference)
    entities = list(found.entities.order_by("name"))
    side = "client" if me == found.client_id else "provider" if me == found.provider_id else ""
    here, place = may(request), of_agreement(found)
    shown = terms_shown(found)
    taken = shown["taken"]
    signed = {row["side"].pk for row in shown["signatures"] if row["signature"]} if taken is None else {found.client_id, found.provider_id}
    is_enrolled = guests.is_enrolled(found.client_id, request.at)  # type: ignore[attr-defined]
    states = side == "provider" and not signed and not is_enrolled and here.allows(offering.state_entity, place)
    context = shown | {
        "side": side,
        "relationships": RELATIONSHIPS,
        "categories": CATEGORIES,
        "bases": BASES,
        "measures": lines()[found.service].measures,
        "can_sign": side and me not in signed and here.allows(actions.sign_agreement, place),
        "can_confirm": taken is not None and taken["confirmation"] is None and side == "client" and here.allows(taking_over.confirm_takeover, place),
        "can_price": side == "client" and here.allows(actions.agree_price, place),
        "form": _form(found, side, entities) if side and not signed and here.allows(actions.settle_terms, place) else None,
        "entity_form": (form or EntityForm(found)) if states else None,
        "is_enrolled": is_enrolled,
        "errors": door.sentences(errors) if errors else {},
        **invited.page_of(request.by, request.at, "agreement", found.id),  # type: ignore[attr-defined]
    }
    return render(request, "agreements/agreement.html", context)


def terms_shown(found: Agreement) -> dict[str, Any]:
    """What the part `agreements/parts/terms.html` shows: the terms as they stand, what they lack, and who signed."""
    signatures = {each.organization_id: each for each in Signature.objects.filter(agreement=found)}
    taken = TakenOver.objects.select_related("source", "asserted_by", "confirmation").filter(agreement=found).first()
    return {
        "agreement": found,
        "service": lines()[found.service],
        "relationship": RELATIONSHIPS[found.relationship],
        "tax": {"says": CATEGORIES[found.tax["category"]], **found.tax} if found.tax else None,
        "prices": [_price(line, found) for line in found.lines.order_by("valid_from", "level", "basis", "measure")],
        "entities": [{"row": row, "answers": _answers(found, row.answers), "tax": row.tax} for row in found.entities.order_by("name")],
        "billed_to": terms.billed_to(found),
        "time": time_terms.says(found, Words(get_language() or "en")),
        "time_shown": time_terms.SHOWN,
        "time_terms": time_terms.time_terms(found),
        "lacking": terms.lacking(found) if taken is None else [],
        "taken": {"row": taken, "confirmation": getattr(taken, "confirmation", None), "says": _not_here(taken)} if taken else None,
        "signatures": [{"side": party, "says": says, "signature": signatures.get(party.pk)} for party, says in _parties(found)],
        "engagement": getattr(found, "engagement", None),
    }


def _not_here(taken: TakenOver) -> Reason:
    """Of what came before, with the hash short enough for a line."""
    return taking_over.NOT_HERE(day=taken.asserted_on, sha256=f"{taken.source_name} ({taken.source.sha256[:8]}…)")


def _parties(found: Agreement) -> tuple[tuple[Any, str], ...]:
    return (found.client, terms.SIDES["client"]), (found.provider, terms.SIDES["provider"])


def _price(line: Any, found: Agreement) -> dict[str, Any]:
    measure = lines()[found.service].measures.get(line.measure, line.measure)
    return {"line": line, "basis": BASES[line.basis], "measure": measure, "price": Money(line.price, line.currency)}


def _answers(found: Agreement, answers: dict[str, Any]) -> list[dict[str, Any]]:
    questions = terms.entity_questions(found)
    return [{"says": q.says, "value": q.choices.get(answers.get(q.code, ""), answers.get(q.code))} for q in questions if answers.get(q.code)]


def _form(found: Agreement, side: str, entities: list[Any]) -> dict[str, Any]:
    """What each side may fill in: the client its entities and tax, the provider who answers for the work and where it is paid, both the contacts."""
    contacts = [*found.contacts, *({"side": side} for _ in range(CONTACT_ROWS))]
    form: dict[str, Any] = {"contacts": list(enumerate(contacts))}
    if side == "client":
        joined = {row.entity_id: row for row in entities}
        asked = terms.entity_questions(found)
        form["entities"] = [
            {
                "entity": entity,
                "row": joined.get(entity.id),
                "questions": [{"question": q, "value": _known(q.code, joined.get(entity.id), entity)} for q in asked],
                "kept": json.dumps({c: v for c, v in joined[entity.id].answers.items() if c.endswith("_mapping")}) if entity.id in joined else "{}",
            }
            for entity in Entity.objects.filter(organization=found.client_id).prefetch_related("accounts").order_by("name")
        ]
    else:
        form["people"] = Person.objects.filter(staff__level__gte=3).distinct().order_by("name")
        form["responsible"] = found.needs.get("responsible", "")
    return form


def _known(code: str, row: Any, entity: Entity) -> Any:
    """What was answered; else what the entity itself says: its only bank account."""
    if row is not None and row.answers.get(code):
        return row.answers[code]
    accounts = list(entity.accounts.all())
    return accounts[0].iban if code == "bank_account" and len(accounts) == 1 else ""


def _settled(request: HttpRequest, found: Agreement) -> dict[str, Any]:
    """The form's flat fields as the action's input."""
    post = request.POST
    names = ("version", "relationship", "begins_on", "ends_on", "notice_days", "close_workday", "payment_days", "tax_category", "tax_rate", "tax_reason")
    values: dict[str, Any] = {"agreement": str(found.id)}
    values |= {name: post[name] for name in (*names, "responsible", "iban", "time_billed", "time_step_min", "time_shown") if post.get(name)}
    numbers = sorted({int(name.split("-")[1]) for name in post if name.startswith("contact-") and name.split("-")[1].isdigit()})
    fields = ("side", "name", "role", "channel", "language", "hours", "escalation")
    rows = [{field: post.get(f"contact-{number}-{field}", "") for field in fields} for number in numbers]
    if numbers:
        values["contacts"] = [row | {"escalation": row["escalation"] or 0} for row in rows if row["name"].strip()]
    if "billed_to" in post:
        values |= {"billing": "group", "billed_to": post["billed_to"]} if post["billed_to"] else {"billing": "per_entity"}
    if "entities" in post:
        values["entities"] = [_joining(post, key, found) for key in post.getlist("entity")]
    return values


def _joining(post: Any, key: str, found: Agreement) -> dict[str, Any]:
    row = next((row for row in found.entities.all() if str(row.entity_id) == key), None)
    kept = {code: value for code, value in row.answers.items() if code.endswith("_mapping")} if row else {}
    answers = {q.code: post[f"{key}-{q.code}"] for q in terms.entity_questions(found) if post.get(f"{key}-{q.code}")}
    joining: dict[str, Any] = {"entity": key, "joins_on": post.get(f"{key}-joins_on", ""), "answers": kept | answers}
    joining |= {name: post[f"{key}-{name}"] for name in ("leaves_on", "tax_category", "tax_rate", "tax_reason") if post.get(f"{key}-{name}")}
    return joining
