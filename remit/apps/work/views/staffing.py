"""Staffing: steps with and without people, the roster of the week, and the gate: everyone with its verdict for a step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.agreements.models import AgreedLine, Engagement
from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.may import may
from remit.apps.organizations.roles import Place
from remit.apps.people import leave
from remit.apps.people.models import Allocation, Booking, Person
from remit.apps.records.context import By, reading
from remit.apps.work import absences, actions, needs, pending, periods
from remit.apps.work.models import WorkItem
from remit.apps.work.places import of_item
from remit.apps.work.roster import week_of, weekly
from remit.apps.work.views import loading
from remit.apps.work.waiting import Standing, due_at, standing, with_standing
from remit.domain import brief as briefs
from remit.domain.calendars import WorkingHours, overlap_min, zone
from remit.domain.line import Step
from remit.domain.money import Money
from remit.formats.pictures import overlap_strip
from remit.formats.words import Words

MOST_ITEMS = 60
"""Items whose steps are listed, the first by due time; all stand under Work."""
LOCAL = "%Y-%m-%dT%H:%M"
"""How a form's date and time come in, on the client's clock."""


@require_safe
def staffing(request: HttpRequest, organization: str) -> HttpResponse:
    """Open steps, those without a person first; and the week of each person, hours in the organization's own time."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    waiting = pending.pending(pending.open_items()).filter(engagement__provider=by.organization).order_by("due_at", "id")
    without = [row for item in with_standing(waiting.filter(pending.unstaffed())) for row in _steps(standing(item)) if row["held"] is None]
    first = list(waiting.values_list("id", flat=True)[: MOST_ITEMS + 1])
    shown = with_standing(WorkItem.objects.filter(id__in=first[:MOST_ITEMS]).order_by("due_at", "id"))
    begins = week_of(request.GET.get("week", ""), at.date())
    people = list(Person.objects.for_facts().order_by("name"))
    here = may(request)
    mine = Engagement.objects.filter(provider=by.organization).select_related("client", "agreement")
    bookings = Booking.objects.filter(organization=by.organization)
    context = {
        "without": without,
        "with": [row for item in shown for row in _steps(standing(item)) if row["held"] is not None],
        "most": MOST_ITEMS if len(first) > MOST_ITEMS else 0,
        "roster": weekly(people, bookings, begins, Words(get_language() or "en"), _sees(by, at)),
        "week": begins,
        "before": begins - timedelta(7),
        "after": begins + timedelta(7),
        "days": [begins + timedelta(day) for day in range(5)],
        "allocations": Allocation.objects.filter(organization=by.organization).select_related("person").order_by("person__name"),
        "engagements": [each for each in mine if here.allows(actions.allocate, Place(engagement=each.id, service=each.agreement.service))],
        "people": people,
    }
    return render(request, "work/staffing.html", context)


def _sees(by: By, at: datetime) -> Callable[[Person], bool]:
    """Of whom the kind of leave is shown: oneself, and everybody for whoever manages the people."""
    manages = leave.sees_kinds(by, at)
    return lambda person: manages or person.id == by.person


@require_POST
def allocate(request: HttpRequest, organization: str) -> HttpResponse:
    """Keep a share of a person for an engagement."""
    values = door.given(request)
    for name in ("begins_at", "ends_at"):
        if values.get(name):
            values[name] = f"{values[name]}T00:00:00+00:00"
    return door.perform(request, actions.allocate, values, then=door.at(request, "staffing"), says=_("The share is kept."))


@require_safe
def gate(request: HttpRequest, organization: str, reference: str, step: str) -> HttpResponse:
    """Everyone of the organization for one step: who passes, and for all others every reason."""
    return _gate(request, reference, step)


@require_POST
def assign(request: HttpRequest, organization: str, reference: str, step: str) -> HttpResponse:
    """Assign; the gate decides again at this moment, and a refusal comes back with its reasons."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = loading.item(request, reference)
        clock = found.item.period.entity.facts["zone"]
    values = door.given(request, item=str(found.item.id), step=step)
    for name in ("begins_at", "ends_at"):
        if values.get(name):
            values[name] = _instant(values[name], clock)
    again = lambda errors: _gate(request, reference, step, errors)  # noqa: E731
    return door.perform(
        request, actions.assign, values, then=door.at(request, "item", reference), again=again, says=_("Assigned; the gate's verdict is in the record.")
    )


@require_POST
def unassign(request: HttpRequest, organization: str, reference: str, step: str) -> HttpResponse:
    """Take whoever is on the step off it."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = loading.item(request, reference)
    values = {"item": str(found.item.id), "step": step}
    return door.perform(request, actions.unassign, values, then=door.at(request, "gate", reference, step), says=_("Taken off; booked hours are free again."))


def _steps(found: Standing) -> list[dict[str, Any]]:
    steps = [step for step in (found.working, found.reviewing) if step is not None]
    return [
        {
            "standing": found,
            "item": found.item,
            "step": step,
            "held": found.on.get(step.code),
            "due_at": due_at(found.item, step, found.clock),
            "zone": found.item.period.entity.facts["zone"],
        }
        for step in steps
    ]


def _gate(request: HttpRequest, reference: str, code: str, errors: Any = None) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    found = loading.item(request, reference)
    step = next((each for each in found.line.steps if each.code == code), None)
    if step is None or by.organization != found.item.engagement.provider_id:
        raise NotFound(reference)
    judged = needs.candidates(found.item, step, at)
    client = briefs.client_hours(found.item.engagement.agreement.needs)
    prices = _prices(found)
    passing = [_passing(person, verdict, client, at.date(), found, prices) for person, verdict in judged if verdict.allowed]
    zone_name = found.item.period.entity.facts["zone"]
    for row in passing:
        row["away"] = [
            absences.away(each, zone_name) for each in row["person"].absences.all() if at < each.during.upper and each.during.lower < at + absences.SOON
        ]
    held = found.on.get(code)
    context = {
        "found": found,
        "item": found.item,
        "step": step,
        "zone": found.item.period.entity.facts["zone"],
        "due_at": due_at(found.item, step, found.clock),
        "on_it": held,
        "passing": passing,
        "failing": [{"person": person, "verdict": verdict} for person, verdict in judged if not verdict.allowed],
        "count": len(judged),
        "may_assign": may(request).allows(actions.assign, of_item(found.item)) and periods.closing_of(found.item.period) is None,
        "said": door.sentences(errors) if errors else {},
        "effort": _effort(step),
    }
    return render(request, "work/gate.html", context)


def _effort(step: Step) -> dict[str, Any]:
    minutes, measure = step.effort
    return {"minutes": minutes, "measure": measure}


def _prices(found: Standing) -> dict[int, Money]:
    """The agreed price of an hour by level, as of the item's due day."""
    lines = AgreedLine.objects.filter(agreement=found.item.engagement.agreement, basis="hour", valid_from__lte=found.item.due_at.date()).order_by("valid_from")
    return {line.level: Money(line.price, line.currency) for line in lines}


def _passing(person: Person, verdict: Any, client: WorkingHours | None, on: date, found: Standing, prices: dict[int, Money]) -> dict[str, Any]:
    staff = next((row for row in reversed(list(person.staff.all())) if row.until is None or row.until > on), None)
    day = _workday(on, client)
    row: dict[str, Any] = {
        "person": person,
        "verdict": verdict,
        "staff": staff,
        "price": prices.get(staff.level) if staff else None,
        "strip": "",
        "shared_min": None,
    }
    if client is not None and staff is not None:
        hours = staff.site.facts()
        words = Words(get_language() or "en")
        name = found.item.engagement.client.name.split()[0]
        row["strip"] = overlap_strip(client, hours, day, words, client_name=name, staff_name=person.name, key=str(person.reference))
        row["shared_min"] = overlap_min(client, hours, day)
    return row


def _workday(on: date, client: WorkingHours | None) -> date:
    """The next day on which the client works."""
    days = (on + timedelta(number) for number in range(14))
    return next((day for day in days if client is None or client.open_on(day)), on)


def _instant(text: str, clock: str) -> str:
    """What was typed on the client's clock, as an instant; what cannot be read is left for the action to refuse."""
    try:
        return datetime.strptime(text, LOCAL).replace(tzinfo=zone(clock)).isoformat()
    except ValueError:
        return text
