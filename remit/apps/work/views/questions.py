"""Lists of questions: all that are open, with who waits for whom since when; and those of a month, with the drafts that are sent together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from remit.apps.agreements.group import switch
from remit.apps.organizations import door
from remit.apps.records.context import reading
from remit.apps.work import actions, asking, instructions, periods, requests
from remit.apps.work.actions.asking import to_ask_again
from remit.apps.work.models import Request, RequestDraft, WorkItem
from remit.apps.work.surfaces.window import Window, shown
from remit.apps.work.views import loading
from remit.apps.work.zones import provider_zones
from remit.domain.reasons import Reason

OF_ITEM = ("item__engagement__agreement", "item__engagement__client", "item__engagement__provider", "item__period__entity")


@require_safe
def questions(request: HttpRequest, organization: str) -> HttpResponse:
    """All questions that wait for somebody, those that wait for one's own side first; over ones on request."""
    return _all(request)


def _all(request: HttpRequest, errors: Mapping[str, tuple[Reason, ...]] | None = None) -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    everything = request.GET.get("show") == "all"
    narrowed = switch(request)
    found = Request.objects.all() if everything else Request.objects.filter(requests.not_over())
    if narrowed.chosen:
        found = found.filter(item__period__entity__entity_id=narrowed.chosen)
    part = shown(list(found.order_by("-asked_at", "-id").values_list("id", flat=True)), Window.asked(request.GET).first)
    rows = [_row(request, each) for each in asked_with_items(Request.objects.filter(id__in=part.rows))]
    zones = provider_zones(row["item"].engagement for row in rows)
    for row in rows:
        row["other_zone"] = zones.get(row["item"].engagement.provider_id, "")
    ordered = sorted(rows, key=lambda row: (row["needed_at"] is None, row["needed_at"] or row["asked"].since))
    groups = [
        {"code": code, "title": title, "rows": [row for row in ordered if row["group"] == code]}
        for code, title in (
            ("answer", _("Wait for your side's answer")),
            ("look", _("Answered: wait for your side to look")),
            ("theirs", _("Wait for the other side")),
            ("over", _("Accepted or withdrawn")),
        )
    ]
    context = {
        "groups": [group for group in groups if group["rows"]],
        "part": part,
        "switch": narrowed,
        "kept_on": [("show", "all")] if everything else [],
        "everything": everything,
        "drafts": RequestDraft.objects.filter(organization=by.organization).count(),
        "acceptable": [row for row in rows if row["can_accept"]],
        "said": door.sentences(errors) if errors else {},
    }
    return render(request, "work/questions.html", context)


@require_POST
def accept(request: HttpRequest, organization: str) -> HttpResponse:
    """Accept several answers at once."""
    chosen = request.POST.getlist("answers")
    then = door.at(request, "questions")
    again = lambda errors: _all(request, errors)  # noqa: E731
    says = ngettext("One answer is accepted.", "%(n)d answers are accepted.", len(chosen)) % {"n": len(chosen)}
    return door.perform(request, actions.accept_answers, {"answers": chosen}, then=then, again=again, says=says)


@require_safe
def month(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """The questions of one entity's month, its drafts, and what was asked the month before."""
    return _month(request, reference)


@require_POST
def send(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Send the drafts that are ticked, together."""
    chosen = request.POST.getlist("drafts")
    says = ngettext("One question is asked.", "%(n)d questions are asked together.", len(chosen)) % {"n": len(chosen)}
    return _done(request, reference, actions.send_drafts, {"drafts": chosen}, says)


@require_POST
def again(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Draft what was asked the month before."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = str(loading.period(request, reference).id)
    return _done(request, reference, actions.draft_again, {"period": key}, _("Drafted as it was asked last month; nobody was asked yet."))


def asked_with_items(found: Any) -> list[requests.Asked]:
    """Requests with what a list shows of their items, in a fixed number of queries."""
    return [requests.asked(row) for row in requests.with_answers(found).select_related(*OF_ITEM, "withdrawal")]


def _done(request: HttpRequest, reference: str, action: Any, values: Mapping[str, Any], says: str) -> HttpResponse:
    then = door.at(request, "month_requests", reference)
    return door.perform(request, action, values, then=then, again=lambda errors: _month(request, reference, errors), says=says)


def _month(request: HttpRequest, reference: str, errors: Mapping[str, tuple[Reason, ...]] | None = None) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    found = loading.period(request, reference)
    rows = [_row(request, each) for each in asked_with_items(Request.objects.filter(item__period=found))]
    items = list(WorkItem.objects.filter(period=found).select_related(*(name.removeprefix("item__") for name in OF_ITEM)).order_by("task"))
    held = instructions.for_item(items[0]) if items else []
    side = requests.side_of(by, items[0]) if items else ""
    is_closed = periods.closing_of(found) is not None
    drafts = RequestDraft.objects.filter(item__period=found).select_related("item").order_by("item__task", "drafted_at", "id")
    by_key = {item.id: item for item in items}
    can_ask = bool(items) and not is_closed and any(requests.may_ask(by, at, item) for item in items[:1])
    context = {
        "period": found,
        "engagement": found.engagement,
        "zone": found.entity.facts["zone"],
        "other_zone": provider_zones([found.engagement]).get(found.engagement.provider_id, ""),
        "rows": rows,
        "drafts": [
            {"row": row, "item": by_key[row.item_id], "offers": instructions.offers(by_key[row.item_id], held, row.question, row.slot)} for row in drafts
        ],
        "again": to_ask_again(by, found) if can_ask else [],
        "instructions": held,
        "items": items,
        "side": side,
        "can_ask": can_ask,
        "can_follow": can_ask and side == "provider",
        "is_closed": is_closed,
        "plan": asking.plan_of(found.engagement_id),
        "said": door.sentences(errors) if errors else {},
        "errors": errors or {},
    }
    return render(request, "work/month_requests.html", context)


def _row(request: HttpRequest, each: requests.Asked) -> dict[str, Any]:
    by = request.by  # type: ignore[attr-defined]
    item, period = each.request.item, each.request.item.period
    side = requests.side_of(by, item)
    group = "over" if each.is_over else "theirs" if side != each.waits_on else "answer" if each.is_open else "look"
    return {
        "asked": each,
        "request": each.request,
        "item": item,
        "period": period,
        "zone": period.entity.facts["zone"],
        "group": group,
        "owner": requests.owner_of(each, item),
        "who": requests.owner_of(each, item) if each.is_open else requests.accepter_of(each, item),
        "other": item.engagement.client if side == "provider" else item.engagement.provider,
        "needed_at": each.due_at if each.is_open else None,
        "reminded": len(each.reminders),
        "last_reminder": each.reminders[-1] if each.reminders else None,
        "can_accept": group == "look",
    }
