"""Pages for what went wrong: each says what happened, what became of what was typed, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from remit.domain.reasons import Reason


@dataclass(frozen=True)
class Said:
    """The words of one status."""

    title: Promise
    says: Promise
    steps: tuple[Promise, ...]


_KEPT = _("What you typed is kept in this tab and comes back with the page.")
_AGAIN = _("Open the page again and go on from there.")

WORDS: dict[int, Said] = {
    400: Said(_("That could not be read"), _("The address or the form was not whole."), (_AGAIN, _KEPT)),
    403: Said(
        _("That is not open to you here"),
        _("Your roles in this organization do not reach it, or it is another party's own."),
        (_("Change the organization in the account menu, if you have another."), _("Ask an administrator of your organization for the role.")),
    ),
    404: Said(
        _("There is nothing here that you can see"),
        _("The address is mistyped, or what stood here belongs to others."),
        (_("Look for it by name with Ctrl K."), _("Were you sent the link? Then ask whether you take part in that thread.")),
    ),
    405: Said(_("That cannot be done this way"), _("The address answers, but not to this kind of request."), (_AGAIN,)),
    409: Said(
        _("Somebody was faster"),
        _("What you saw has changed since you opened the page; nothing of yours was stored."),
        (_("Open the page again: it shows how things stand now."), _KEPT),
    ),
    413: Said(
        _("That file is too large"),
        _("Nothing of it was read or stored."),
        (_("Bring a shorter period, or a compressed form if the page takes one."), _("After signing in larger files are read.")),
    ),
    422: Said(_("That cannot be taken as it is"), _("Nothing was stored."), (_("Open the page again and mend what is named here."), _KEPT)),
    429: Said(_("A moment, please"), _("Too many tries from this address in a short time."), (_("Wait a minute, then try again."), _KEPT)),
    500: Said(
        _("Something broke on our side"),
        _("It was noted. What was confirmed before is safe; what you just sent may or may not have been stored."),
        (_("Open the page again and look. If you send the same once more, it counts only once."), _KEPT),
    ),
    503: Said(_("Busy just now"), _("All readers are at work."), (_("Try again in a few seconds."),)),
}

CSRF = Said(
    _("Your log-in has lapsed, or the page stood open too long"),
    _("Nothing was stored."),
    (_("Open the page again; sign in if you are asked to."), _KEPT, _("If this returns, let this site set cookies.")),
)


PROVIDER_ADDRESS = Said(
    _("Your sign-in was not taken"),
    _("The provider named no verified mail address of a domain that this installation allows."),
    (_("Verify your mail address with the provider, or sign in with your password."), _("Ask an administrator of your organization.")),
)
PROVIDER_UNKNOWN = Said(
    _("There is no log-in for you here yet"),
    _("The provider knows you, but nobody has made you a member here."),
    (_("Ask an administrator of your organization to add you as a member, by this same mail address."),),
)
PROVIDER_FAILED = Said(
    _("The provider did not sign you in"),
    _("It answered with an error, was left, or took too long."),
    (_("Try it once more, or sign in with your password."),),
)


def page(request: HttpRequest, status: int, *, reasons: Iterable[Reason] = (), said: Said | None = None, detail: str = "", title: str = "") -> HttpResponse:
    """The page of a status, or its short part for a request by htmx. It asks the database nothing, so that it stands when that does not."""
    words = said or WORDS.get(status) or WORDS[400 if status < 500 else 500]
    context: dict[str, Any] = {
        "status": status,
        "title": title or words.title,
        "says": words.says,
        "steps": words.steps,
        "reasons": list(reasons),
        "detail": detail,
        "back": _back(request),
        "request": request,
        "bare": True,
        "csrf_token": get_token(request),
    }
    template = "errors/part.html" if request.headers.get("HX-Request") else "errors/error.html"
    return HttpResponse(render_to_string(template, context), status=status)


def _back(request: HttpRequest) -> str:
    """Where the person came from, if that is here: a form's own page, which answers GET."""
    came = urlsplit(request.headers.get("Referer", ""))
    return f"{came.path}?{came.query}" if came.query else came.path if came.netloc == request.META.get("HTTP_HOST") else ""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    return page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE if isinstance(exception, RequestDataTooBig) else HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    return page(request, HTTPStatus.NOT_FOUND)


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's handler429."""
    return page(request, HTTPStatus.TOO_MANY_REQUESTS)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    return page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    return page(request, HTTPStatus.FORBIDDEN, said=CSRF)
