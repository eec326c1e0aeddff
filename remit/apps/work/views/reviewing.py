"""The page on which a deliverable is reviewed: its files, what the procedure asks, the rows drawn to be looked at, findings, the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.records.context import reading
from remit.apps.work import actions, findings, periods, procedures, readers, sampled
from remit.apps.work.models import Deliverable
from remit.apps.work.views import loading
from remit.apps.work.views.item import item_page
from remit.apps.work.views.item_context import deliverables
from remit.apps.work.views.review_part import beside
from remit.apps.work.waiting import Standing
from remit.domain.quality import CATEGORIES, SEVERITIES
from remit.domain.reasons import Reason
from remit.domain.sampling import SOURCE, THIN

Errors = Mapping[str, tuple[Reason, ...]]


@require_safe
def page(request: HttpRequest, organization: str, reference: str, number: int) -> HttpResponse:
    """For the reviewer to work on, and for all who read the item to see what was looked at and found."""
    return _page(request, reference, number)


@require_POST
def note(request: HttpRequest, organization: str, reference: str, number: int) -> HttpResponse:
    """Note a finding."""
    values = door.given(request, deliverable=_key(request, reference, number))
    return _done(request, reference, number, actions.note_finding, values, "findings", _("Noted; it goes with your verdict."))


@require_POST
def drop(request: HttpRequest, organization: str, reference: str, number: int, draft: UUID) -> HttpResponse:
    """Throw a draft away."""
    return _done(request, reference, number, actions.drop_finding, {"draft": str(draft)}, "findings", _("Thrown away."))


@require_POST
def look(request: HttpRequest, organization: str, reference: str, number: int) -> HttpResponse:
    """Keep what was said of the rows of the sample; only what is new or changed is sent on."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        made = _made(loading.item(request, reference), number)
        found = sampled.of(made)
    looks = _said(request, found) if found is not None else []
    values = {"deliverable": str(made.id), "looks": looks}
    return _done(request, reference, number, actions.look_at_sample, values, "sample", _("What you looked at is kept."))


@require_POST
def verdict(request: HttpRequest, organization: str, reference: str, number: int) -> HttpResponse:
    """Pass or return, with all that was noted."""
    values = door.given(request, deliverable=_key(request, reference, number))
    values["in_full"] = request.POST.get("in_full") == "yes"
    again = lambda errors: _page(request, reference, number, errors, "verdict")  # noqa: E731
    then = door.at(request, "item", reference) + "#deliverables"
    return door.perform(request, actions.review, values, then=then, again=again, says=_("Your verdict is in the record, bound to these bytes."))


@require_POST
def let_pass(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Let a failing check pass, as it is found now."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = str(loading.item(request, reference).item.id)
    again = lambda errors: item_page(request, reference, errors)  # noqa: E731
    then = door.at(request, "item", reference) + "#letting"
    says = _("Let pass. It holds for what was found and for nothing else.")
    return door.perform(request, actions.let_pass, door.given(request, item=key), then=then, again=again, says=says)


def _said(request: HttpRequest, found: sampled.Looked) -> list[dict[str, Any]]:
    looks = []
    for stratum in found.strata:
        code = stratum.result.drawn.stratum
        for at, row in enumerate(stratum.rows):
            right = {"right": True, "wrong": False}.get(request.POST.get(f"look-{code}-{at}", ""))
            words = request.POST.get(f"note-{code}-{at}", "").strip()
            before = row["look"]
            if right is not None and (before is None or (before.is_right, before.note) != (right, words)):
                looks.append({"stratum": code, "key": row["key"], "right": right, "note": words})
    return looks


def _made(found: Standing, number: int) -> Deliverable:
    made = Deliverable.objects.filter(item=found.item, number=number).first()
    if made is None:
        raise NotFound(f"{found.item.reference}/{number}")
    return made


def _key(request: HttpRequest, reference: str, number: int) -> str:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return str(_made(loading.item(request, reference), number).id)


def _done(request: HttpRequest, reference: str, number: int, action: Any, values: Mapping[str, Any], part: str, says: str) -> HttpResponse:
    again = lambda errors: _page(request, reference, number, errors, part)  # noqa: E731
    then = door.at(request, "reviewing", reference, number) + f"#{part}"
    return door.perform(request, action, values, then=then, again=again, says=says)


def _page(request: HttpRequest, reference: str, number: int, errors: Errors | None = None, part: str = "") -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    found = loading.item(request, reference)
    item = found.item
    closing = periods.closing_of(item.period)
    side = procedures.side_of(by, item.engagement)
    is_mine = {code: by.person is not None and held.person_id == by.person for code, held in found.on.items()}
    listed = deliverables(found, request, side, closing is not None, is_mine)
    beside(by, item, listed)
    this = next((each for each in listed if each["made"].number == number), None)
    if this is None:
        raise NotFound(f"{reference}/{number}")
    earlier = next((each for each in listed if each["made"].number < number), None)
    withheld = readers.against(by, item, found.working, this["made"])
    context = {
        "item": item,
        "line": found.line,
        "found": found,
        "rules": {rule.code: rule for rule in found.line.rules},
        "one": this,
        "made": this["made"],
        "earlier": earlier if earlier is not None and earlier["found"] and withheld is None else None,
        "noted": findings.drafts(this["made"]) if side == "provider" else [],
        "can_drop": closing is None and found.reviewing is not None and is_mine.get(found.reviewing.code, False),
        "procedure": procedures.carried(item),
        "steps": procedures.steps_of(item),
        "can": this["can_review"],
        "withheld": withheld,
        "zone": item.period.entity.facts["zone"],
        "categories": CATEGORIES,
        "severities": SEVERITIES,
        "source": SOURCE,
        "thin": THIN,
        "side": side,
        "newest": listed[0]["made"].number,
        "said": door.sentences(errors) if errors else {},
        "part": part,
        "given": request.POST if errors else {},
    }
    return render(request, "work/reviewing.html", context)
