"""The page of a link: who asks and about what, the code, and after it the thing itself; and what an ended link says."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import guests, mail
from remit.apps.records import clock
from remit.domain.reasons import N_
from remit.front.guests import agreement, entrance, item, period
from remit.front.pages import errors, limits

PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"item": item.show, "agreement": agreement.show, "period": period.show}
WHAT = {"item": N_("a piece of work"), "agreement": N_("an agreement"), "period": N_("a month of work")}


@never_cache
@require_safe
def page(request: HttpRequest, secret: str) -> HttpResponse:
    """The thing, for who entered the code; else the way in. Looking at it records nothing and sends nothing."""
    if entrance.came_in(request):
        return PAGES[request.guest.about_kind](request)  # type: ignore[attr-defined]
    return _entrance(request)


@never_cache
@require_POST
def send_code(request: HttpRequest, secret: str) -> HttpResponse:
    """Send the code, on the press of the button alone."""
    guest = request.guest  # type: ignore[attr-defined]
    if busy := _too_often(request):
        return busy
    if guest is None or not guest.is_open:
        return _entrance(request)
    if not guests.send_code(guest, clock.now()):
        return errors.page(request, HTTPStatus.TOO_MANY_REQUESTS, detail=_("Too many codes were sent for this link. Use the last one, or wait an hour."))
    return HttpResponseRedirect(entrance.page_of(secret) + "#code", status=303)


@never_cache
@require_POST
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Try a code."""
    guest = request.guest  # type: ignore[attr-defined]
    if busy := _too_often(request):
        return busy
    if guest is None or not guest.is_open:
        return _entrance(request)
    digits = "".join(letter for letter in request.POST.get("code", "") if letter.isdecimal())[:12]
    came = guests.try_code(guest, digits)
    if came is None:
        return _entrance(request, is_wrong=True)
    entrance.let_in(request, guest, came)
    return HttpResponseRedirect(entrance.page_of(secret), status=303)


@never_cache
@require_POST
def ask_again(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask whoever sent a link that is over for a new one."""
    guest = request.guest  # type: ignore[attr-defined]
    if busy := _too_often(request):
        return busy
    if guest is not None and not guest.is_open:
        if guests.ask_again(guest, clock.now()):
            messages.success(request, _("%(host)s is asked for a new link.") % {"host": guest.host_name})
        else:
            messages.warning(request, _("%(host)s was asked already; give it a day.") % {"host": guest.host_name})
    return HttpResponseRedirect(entrance.page_of(secret), status=303)


@never_cache
@require_POST
def leave(request: HttpRequest, secret: str) -> HttpResponse:
    """Close the link in this browser."""
    if request.guest is not None:  # type: ignore[attr-defined]
        entrance.leave(request, request.guest)  # type: ignore[attr-defined]
    return HttpResponseRedirect(entrance.page_of(secret), status=303)


def _entrance(request: HttpRequest, *, is_wrong: bool = False) -> HttpResponse:
    guest = request.guest  # type: ignore[attr-defined]
    context: dict[str, Any] = {"guest": guest, "secret": request.resolver_match.kwargs["secret"], "bare": True}  # type: ignore[union-attr]
    if guest is None:
        return render(request, "guests/over.html", context | {"is_unknown": True}, status=HTTPStatus.NOT_FOUND)
    if not guest.is_open:
        return render(request, "guests/over.html", context | {"what": WHAT[guest.about_kind]}, status=HTTPStatus.GONE)
    name, _at, house = guest.email.rpartition("@")
    context |= {
        "what": WHAT[guest.about_kind],
        "to": f"{name[:1]}…@{house}",
        "is_mailed": mail.is_set_up(),
        "waits_for_code": guests.waits_for_code(guest),
        "is_wrong": is_wrong,
        "minutes": guests.CODE_MIN,
        "tries": guests.CODE_TRIES,
    }
    return render(request, "guests/entrance.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK)


def _too_often(request: HttpRequest) -> HttpResponse | None:
    wait_s = limits.GUESTS.wait_s(limits.address(request))
    if not wait_s:
        return None
    refused = errors.page(request, HTTPStatus.TOO_MANY_REQUESTS, detail=_("In %(seconds)s seconds there is room again.") % {"seconds": wait_s})
    refused["Retry-After"] = str(wait_s)
    return refused
