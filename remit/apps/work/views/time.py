"""Time on the page of an item: the timer, entries by hand, corrections; and the page of the timer alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import BadInput
from remit.apps.records.context import reading
from remit.apps.work import actions, timing
from remit.apps.work.views import loading
from remit.apps.work.views.item import item_page
from remit.apps.work.views.time_part import zone_of
from remit.domain.calendars import zone
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.timekeeping import floored
from remit.formats.durations import duration_min

Errors = Mapping[str, tuple[Reason, ...]]
NO_DURATION = Sentence("time.no_duration", N_("“{text}” is no time. Write 1:30, 1.5 or 90 min; a day at most."))


@require_POST
def start(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Start the timer on the item; one that runs elsewhere is stopped where that was asked."""
    values = {"item": _key(request, reference), "note": request.POST.get("note", ""), "switch": "switch" in request.POST}
    again = lambda errors: timer_page(request, errors)  # noqa: E731
    return door.perform(request, actions.start_timer, values, then=_back(request, reference), again=again, says=_("The timer runs."))


@require_POST
def stop(request: HttpRequest, organization: str) -> HttpResponse:
    """Stop it; where it ran too long to be believed, its page asks when."""
    values: dict[str, Any] = {"note": request.POST.get("note", "")}
    if request.POST.get("ends_at"):
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            values["ends_at"] = _instant(request.POST["ends_at"], zone_of(request))
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        timer = timing.timer_of(request.by)  # type: ignore[attr-defined]
    then = _back(request, timer.item.reference if timer else "")
    return door.perform(request, actions.stop_timer, values, then=then, again=lambda errors: timer_page(request, errors), says=_("The time is entered."))


@require_POST
def discard(request: HttpRequest, organization: str) -> HttpResponse:
    """Let it go."""
    return door.perform(request, actions.discard_timer, {}, then=_back(request, ""), says=_("The timer is discarded; nothing was entered."))


@require_safe
def timer(request: HttpRequest, organization: str) -> HttpResponse:
    """The timer that runs, and the question when it was stopped."""
    return timer_page(request)


def timer_page(request: HttpRequest, errors: Errors | None = None) -> HttpResponse:
    """The page of the timer alone."""
    shown, own = timing.shown_timer(request.by, request.at), zone_of(request)  # type: ignore[attr-defined]
    running = shown["timer"]
    context = {
        **shown,
        "own_zone": own,
        "errors": errors or {},
        "said": door.sentences(errors) if errors else {},
        "starts": running.started_at.astimezone(zone(own)) if running else None,
    }
    return render(request, "work/timer.html", context)


@require_POST
def enter(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """By hand: a duration on a day, or from when until when, on one's own clock."""
    again = lambda errors: item_page(request, reference, errors, timing="enter")  # noqa: E731
    try:
        values = _typed(request) | {"item": _key(request, reference)}
    except BadInput as bad:
        return _refused(request, again, bad)
    return door.perform(request, actions.enter_time, values, then=_part(request, reference), again=again, says=_("The time is entered."))


@require_POST
def correct(request: HttpRequest, organization: str, reference: str, entry: UUID) -> HttpResponse:
    """Another row in the entry's place."""
    again = lambda errors: item_page(request, reference, errors, timing=entry)  # noqa: E731
    try:
        values = _typed(request) | {"entry": str(entry), "note": request.POST.get("note", ""), "unbilled_why": request.POST.get("unbilled_why", "")}
    except BadInput as bad:
        return _refused(request, again, bad)
    return door.perform(
        request, actions.correct_time, values, then=_part(request, reference), again=again, says=_("Corrected; the record keeps both.")
    )  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, organization: str, reference: str, entry: UUID) -> HttpResponse:
    """It does not count any more."""
    again = lambda errors: item_page(request, reference, errors, timing=entry)  # noqa: E731
    values = {"entry": str(entry), "reason": request.POST.get("why", "")}
    return door.perform(request, actions.withdraw_time, values, then=_part(request, reference), again=again, says=_("Withdrawn; the record keeps it."))


def _typed(request: HttpRequest) -> dict[str, Any]:
    """The form's fields as the action takes them: a span where both ends are there, else the duration of the day."""
    post = request.POST
    values: dict[str, Any] = {name: post[name] for name in ("note", "person", "why", "level", "unbilled_why") if post.get(name)}
    day = post.get("day", "")
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        own = zone_of(request)
    if post.get("from") or post.get("until"):
        for name, field in (("begins_at", "from"), ("ends_at", "until")):
            if post.get(field):
                values[name] = _instant(f"{day}T{post[field]}", own)
        return _over_midnight(values, day, post.get("until", ""), own)
    if day:
        values["done_on"] = day
    if text := post.get("duration", "").strip():
        minutes = duration_min(text)
        if not minutes:
            raise BadInput(duration=NO_DURATION(text=text[:40]))
        values["minutes"] = minutes
    return values


def _over_midnight(values: dict[str, Any], day: str, until: str, own: str) -> dict[str, Any]:
    """An end before its beginning lies on the next day."""
    try:
        if datetime.fromisoformat(values["ends_at"]) < datetime.fromisoformat(values["begins_at"]):
            next_day = (datetime.fromisoformat(day) + timedelta(1)).date().isoformat()
            values["ends_at"] = _instant(f"{next_day}T{until}", own)
    except (KeyError, ValueError):
        pass  # said by the action's own check
    return values


def _instant(text: str, clock_name: str) -> str:
    """What was typed on a clock, as an instant; what cannot be read is left for the action to refuse."""
    try:
        return floored(datetime.fromisoformat(text)).replace(tzinfo=zone(clock_name)).isoformat()
    except ValueError:
        return text


def _refused(request: HttpRequest, again: Any, bad: BadInput) -> HttpResponse:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        answer: HttpResponse = again(bad.errors)
    answer.status_code = 422
    return answer


def _key(request: HttpRequest, reference: str) -> str:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return str(loading.item(request, reference).item.id)


def _part(request: HttpRequest, reference: str) -> str:
    return door.at(request, "item", reference) + "#time"


def _back(request: HttpRequest, reference: str) -> str:
    """To the page that the timer was worked on: Today, the week, or its item."""
    back = request.POST.get("back", "")
    if back in ("today", "time"):
        return door.at(request, back)
    return _part(request, reference) if reference else door.at(request, "time")
