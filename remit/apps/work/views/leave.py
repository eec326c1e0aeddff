"""Leave: one's own, everybody's as “away”, what of the work it would stop; and calendars and sheets brought in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.people import leave, leave_actions
from remit.apps.people.models import Absence, LeaveDraft, Person
from remit.apps.records.context import reading
from remit.apps.work import absences
from remit.apps.work.models import Period, WorkItem
from remit.apps.work.views.time_part import zone_of
from remit.apps.work.waiting import standing, with_standing
from remit.domain.calendars import zone
from remit.domain.plain import from_plain
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats.leave import COLUMNS, KINDS, Brought
from remit.formats.leave import template as made
from remit.formats.words import Words

Errors = Mapping[str, tuple[Reason, ...]]
CHOOSE = Sentence("leave.choose_file", N_("Choose a file first."))
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
LISTED, ROWS_SHOWN = 8, 200


@require_safe
def leave_page(request: HttpRequest, organization: str) -> HttpResponse:
    """My leave, everybody's, and what of the work it would stop."""
    return _page(request)


@require_POST
def enter(request: HttpRequest, organization: str) -> HttpResponse:
    """Whole days, or hours of one day on one's own clock."""
    post = request.POST
    values: dict[str, Any] = {name: post[name] for name in ("kind", "note", "person") if post.get(name)}
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        own = zone_of(request)
    if post.get("from") or post.get("until"):
        values |= {
            name: _instant(f"{post.get('begins_on', '')}T{post[field]}", own)
            for name, field in (("begins_at", "from"), ("ends_at", "until"))
            if post.get(field)
        }
    else:
        values |= {name: post[name] for name in ("begins_on", "last_on") if post.get(name)}
    again = lambda errors: _page(request, errors)  # noqa: E731
    return door.perform(request, leave_actions.enter_leave, values, then=door.at(request, "leave"), again=again, says=_("The leave is entered."))


@require_POST
def withdraw(request: HttpRequest, organization: str, absence: UUID) -> HttpResponse:
    """It does not hold any more."""
    values = {"absence": str(absence), "reason": request.POST.get("reason", "")}
    return door.perform(request, leave_actions.withdraw_leave, values, then=door.at(request, "leave"), says=_("The leave is withdrawn."))


@require_POST
def bring(request: HttpRequest, organization: str) -> HttpResponse:
    """Read a calendar or sheet, and show what it would enter."""
    if "file" not in request.FILES:
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            answer = _page(request, {"file": (CHOOSE(),)}, "file")
        answer.status_code = 422
        return answer
    person = request.POST.get("person", "")
    values = {name: value for name, value in door.given(request).items() if name == "file"}
    then = lambda done: door.at(request, "leave_preview", done.reference) + (f"?person={person}" if person else "")  # noqa: E731
    return door.perform(request, leave_actions.bring_leave, values, then=then, again=lambda errors: _page(request, errors, "file"))


@require_safe
def preview(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """What would be entered, what is here, what the calendar says no longer, what is wrong at which line."""
    return _preview(request, reference, request.GET.get("person", ""))


@require_POST
def take(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """All of it, or nothing."""
    person = request.POST.get("person", "")
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        values = {"draft": str(_found(request, reference).id)} | ({"person": person} if person else {})
    again = lambda errors: _preview(request, reference, person)  # noqa: E731
    return door.perform(request, leave_actions.import_leave, values, then=door.at(request, "leave"), again=again, says=_("The leave is taken in."))


@require_safe
def template(request: HttpRequest, organization: str, form: str) -> HttpResponse:
    """An empty sheet."""
    if form not in MEDIA:
        raise Http404
    answer = HttpResponse(made("csv" if form == "csv" else "xlsx", Words(get_language() or "en").text), content_type=MEDIA[form])
    answer["Content-Disposition"] = f'attachment; filename="leave.{form}"'
    return answer


def _page(request: HttpRequest, errors: Errors | None = None, where: str = "enter") -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    keeps, sees = leave.keeps_leave(by, at), leave.sees_kinds(by, at)
    people = list(leave.employed(by, at))
    clocks = leave.zones(by, people, at.date())
    rows = leave.upcoming(by, at)
    own = zone_of(request)
    shown = [_shown(row, by.person, keeps, sees, clocks.get(row.person_id, own)) for row in rows]
    context = {
        "mine": [each for each in shown if each["is_mine"]],
        "others": [each for each in shown if not each["is_mine"]],
        "hits": _hits(by.organization, rows) if sees else [],
        "clocks": clocks,
        "keeps": keeps,
        "sees": sees,
        "people": people if keeps else (),
        "has_person": by.person in clocks,
        "kinds": KINDS,
        "columns": COLUMNS,
        "drafts": LeaveDraft.objects.filter(organization=by.organization).defer("brought").order_by("-brought_at")[:LISTED] if keeps else (),
        "own_zone": own,
        "errors": errors or {},
        "where": where,
    }
    return render(request, "work/leave.html", context)


def _shown(row: Absence, me: UUID | None, keeps: bool, sees: bool, clock: str) -> dict[str, Any]:
    """One absence as whoever looks may see it: its kind is for the person and for managers."""
    is_mine = row.person_id == me
    return {
        "row": row,
        "is_mine": is_mine,
        "kind": KINDS[row.kind] if is_mine or sees else "",
        "note": row.note if is_mine or sees else "",
        "when": absences.away(row, clock),
        "may_withdraw": is_mine or keeps,
    }


def _hits(organization: UUID, rows: list[Absence]) -> list[dict[str, Any]]:
    open_periods = Period.objects.exclude(closings__isnull=False, closings__reopening=None)
    items = WorkItem.objects.filter(engagement__provider=organization, period__in=open_periods, assignments__person__in=[row.person_id for row in rows])
    standings = [standing(item) for item in with_standing(WorkItem.objects.filter(id__in=items.values("id")))]
    return [{"hit": hit, "zone": hit.found.item.period.entity.facts["zone"]} for hit in absences.hits(rows, standings)]


def _found(request: HttpRequest, reference: str) -> LeaveDraft:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    found = LeaveDraft.objects.filter(reference=reference, organization=by.organization).first()
    if found is None or not leave.keeps_leave(by, at):
        raise NotFound(reference)
    return found


def _preview(request: HttpRequest, reference: str, person: str) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    draft = _found(request, reference)
    people = list(leave.employed(by, at))
    whose: Person | None = next((each for each in people if str(each.id) == person), None)
    plan = leave.plan(by, at, from_plain(Brought, draft.brought), whose.id if whose else None)
    clocks = leave.zones(by, people, at.date())
    sees = leave.sees_kinds(by, at)
    is_done = draft.taken_at is not None
    context = {
        "draft": draft,
        "whose": whose,
        "people": people,
        "sees": sees,
        "rows": [
            {"each": each, "when": _when(each, clocks[each.person.id]), "kind": KINDS[each.row.kind] if sees or each.person.id == by.person else ""}
            for each in plan.rows[:ROWS_SHOWN]
        ],
        "gone": [{"row": row, "when": absences.away(row, clocks.get(row.person_id, "UTC"))} for row in plan.gone],
        "faults": [] if is_done else plan.errors[:ROWS_SHOWN],
        "notes": [each for each in plan.problems if not each.is_error][:ROWS_SHOWN],
        "new": len(plan.new),
        "is_done": is_done,
        "is_ready": not is_done and not plan.errors and bool(plan.new or plan.gone),
        "is_known": not is_done and not plan.errors and not plan.new and not plan.gone,
    }
    return render(request, "work/leave_preview.html", context)


def _when(each: leave.Planned, clock: str) -> Reason:
    row = Absence(during=each.during, begins_on=each.row.begins_on, ends_on=each.row.ends_on)
    return absences.away(row, clock)


def _instant(text: str, clock: str) -> str:
    """What was typed on a clock; what cannot be read is left for the action to refuse."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone(clock)).isoformat()
    except ValueError:
        return text
