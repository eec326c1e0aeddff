"""How a guest comes in: the link in the address, the session that a code opened, and the transaction in which a page is read."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from remit.apps.organizations import guests
from remit.apps.organizations.guests import Guest
from remit.apps.records import clock
from remit.apps.records.context import reading
from remit.domain.reasons import Reason

ADDRESS = re.compile(r"^/g/([^/]+)/")
"""Whatever stands for the secret: a link that a mail program cut off or wrapped is one that never was, and says so."""
SAFE = ("GET", "HEAD", "OPTIONS")
SESSION_S = 8 * 3600
"""How long a code opens a link in one browser."""
KEPT = "guests"
"""Under this name the session keeps, by link: until when (seconds since 1970) and whether the code was mailed."""


def answered(request: HttpRequest, secret: str, get_response: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """A request below a link. Who is signed in elsewhere is nobody here; with the code entered the guest acts (`request.by`) and safe requests are read."""
    request.user = AnonymousUser()
    guest = guests.by_secret(secret)
    request.guest = guest  # type: ignore[attr-defined]
    if guest is not None:
        _speak(request, guest)
        came = _came(request, guest)
        if came is not None:
            request.at = clock.now()  # type: ignore[attr-defined]
            request.by = guest.let_in(came)  # type: ignore[attr-defined]
    if came_in(request) and request.method in SAFE:
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            answer = get_response(request)
    else:
        answer = get_response(request)
    if answer.status_code == 405 and request.method in SAFE:
        # A form's own address shows nothing: a refusal or a change of language sends back to it.
        answer = HttpResponseRedirect(f"{page_of(secret)}?{urlencode(request.GET)}" if request.GET else page_of(secret))
    answer["X-Robots-Tag"] = "noindex"
    return answer


def page_of(secret: str) -> str:
    """The address of a link's page."""
    return reverse("guest:page", args=[secret])


def came_in(request: HttpRequest) -> bool:
    """Whether the code was entered in this browser."""
    return getattr(request, "by", None) is not None


def let_in(request: HttpRequest, guest: Guest, came: Reason) -> None:
    """Open the link in this browser, under a new key of the session."""
    held = {link: kept for link, kept in request.session.get(KEPT, {}).items() if kept[0] > time.time()}
    request.session[KEPT] = held | {str(guest.link): [int(time.time()) + SESSION_S, came.code == guests.CODE_MAILED.code]}
    request.session.cycle_key()


def leave(request: HttpRequest, guest: Guest) -> None:
    """Close the link in this browser."""
    request.session[KEPT] = {link: kept for link, kept in request.session.get(KEPT, {}).items() if link != str(guest.link)}


def _came(request: HttpRequest, guest: Guest) -> Reason | None:
    until, is_mailed = request.session.get(KEPT, {}).get(str(guest.link), (0, False))
    if not guest.is_open or until <= time.time():
        return None
    return guests.CODE_MAILED() if is_mailed else guests.CODE_IN_OUTBOX(host=guest.host_name)


def _speak(request: HttpRequest, guest: Guest) -> None:
    """The guest's own language, until another is chosen in this browser."""
    if guest.language in dict(settings.LANGUAGES) and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(guest.language)
        request.LANGUAGE_CODE = guest.language
