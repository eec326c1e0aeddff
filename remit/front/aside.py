"""What is done with several things of Today at once: set aside until a morning, brought back, answers accepted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from remit.apps.organizations import actions, door
from remit.apps.records.context import reading
from remit.apps.work.actions import accept_answers
from remit.domain.calendars import zone
from remit.front.needs import Desk

MORNING = time(8)
UNTIL = {"tomorrow": gettext_lazy("tomorrow morning"), "monday": gettext_lazy("Monday morning"), "week": gettext_lazy("in a week")}
"""Mornings on the clock of one's own first site."""


def until_at(choice: str, now: datetime, clock: str) -> datetime:
    """The morning that a choice means; tomorrow for one that is not known."""
    today = now.astimezone(zone(clock)).date()
    return datetime.combine(_day(choice, today), MORNING, zone(clock))


def _day(choice: str, today: date) -> date:
    if choice == "monday":
        return today + timedelta(days=8 - today.isoweekday())
    return today + timedelta(days=7 if choice == "week" else 1)


@require_POST
def set_aside(request: HttpRequest, organization: str) -> HttpResponse:
    """Off one's list until a morning."""
    chosen = request.POST.getlist("events")
    if not chosen:
        return _nothing(request)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        clock = Desk(request).zone
    until = until_at(request.POST.get("until", ""), request.at, clock)  # type: ignore[attr-defined]
    says = ngettext("One thing is set aside.", "%(n)d things are set aside.", len(chosen)) % {"n": len(chosen)}
    return door.perform(request, actions.set_aside, {"events": chosen, "until": until.isoformat()}, then=door.at(request, "today"), says=says)


@require_POST
def bring_back(request: HttpRequest, organization: str) -> HttpResponse:
    """On one's list again."""
    return door.perform(request, actions.bring_back, {"events": request.POST.getlist("events")}, then=door.at(request, "today"))


@require_POST
def accept(request: HttpRequest, organization: str) -> HttpResponse:
    """Accept the answers among what is ticked."""
    chosen = set(request.POST.getlist("events"))
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        answers = [need.answer for need in Desk(request).needs() if need.answer and need.event in chosen]
    if not answers:
        return _nothing(request)
    says = ngettext("One answer is accepted.", "%(n)d answers are accepted.", len(answers)) % {"n": len(answers)}
    return door.perform(request, accept_answers, {"answers": answers}, then=door.at(request, "today"), says=says)


def _nothing(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("Nothing of it was ticked."))
    return HttpResponseRedirect(door.at(request, "today"), status=303)
