"""What every request passes: the health answer, errors in words, and the transaction in which a page is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.utils.translation import get_language, gettext

from remit.apps.organizations import factors
from remit.apps.organizations.acting import NO_TEXT, BadInput, Busy, NotFound, Stale
from remit.apps.records import clock
from remit.apps.records.context import By, reading
from remit.formats.words import Words
from remit.front.guests import entrance
from remit.front.pages import errors
from remit.front.seats import Seat, seats, standing_in

Handler = Callable[[HttpRequest], HttpResponse]
ORGANIZATION = re.compile(r"^/o/(OR-[0-9A-Z]{4}-[0-9A-Z]{4})/")
SAFE = ("GET", "HEAD", "OPTIONS")
ACTING_FOR = "acting_for"
"""In the session: by the reference of an organization, the deputy's row under which the log-in acts there."""


def health(get_response: Handler) -> Handler:
    """/healthz: 200 while the database answers, else 503; before hosts, sessions and everything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path != "/healthz":
            return get_response(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("select 1")
        except DatabaseError:
            return JsonResponse({"database": "does not answer"}, status=503)
        return JsonResponse({"database": "answers"})

    return middleware


def text_only(get_response: Handler) -> Handler:
    """The database is never asked with a character that is no text: a path with one names nothing, and in what is searched for it counts as unknown."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if NO_TEXT.search(request.path):
            return errors.page(request, 404)
        asked = QueryDict(mutable=True)
        for name, values in request.GET.lists():
            asked.setlist(NO_TEXT.sub("\ufffd", name), [NO_TEXT.sub("\ufffd", value) for value in values])
        request.GET = asked  # type: ignore[assignment]
        return get_response(request)

    return middleware


def said(exception: BadInput) -> str:
    """All that is wrong with some input, in the reader's language."""
    words = Words(get_language() or "en")
    return " ".join(words.reason(reason) for reasons in exception.errors.values() for reason in reasons)


def _actor(request: HttpRequest, seat: Seat) -> By | None:
    """Who acts in a seat: its holder, for themselves or for a member who is away. None where the form sent was opened while it was otherwise."""
    instead = seat.instead(request.session.get(ACTING_FOR, {}).get(seat.reference, ""))
    deputy = str(instead.away.deputy) if instead else ""
    if request.POST.get("acting_for", deputy) != deputy:
        return None
    user = request.user
    assert user.pk is not None
    factor = factors.latest(get_authentication_records(request, user))
    return seat.by("page", user.pk, factor=factor, **(standing_in(instead) if instead else {}))


def _read(request: HttpRequest, home: str, get_response: Handler) -> HttpResponse:
    """View and template in one read transaction."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        answer = get_response(request)
    if answer.status_code in (404, 405) and "refused" in request.GET and request.path != home:
        # A refusal is sent back to where a form was shown; a form that came with an answer was shown at an address without a page.
        return HttpResponseRedirect(f"{request.path.rstrip('/').rpartition('/')[0]}/?{urlencode({'refused': request.GET['refused']})}")
    return answer


def acting(get_response: Handler) -> Handler:
    """Innermost. Under /o/<reference>/ it finds who acts (`request.by`); a safe request is then read, view and template, in one transaction."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.seats = []  # type: ignore[attr-defined]
        if link := entrance.ADDRESS.match(request.path):
            return entrance.answered(request, link[1], get_response)
        user = request.user
        if user.is_authenticated:
            request.seats = seats(user.pk)  # type: ignore[attr-defined]
        found = ORGANIZATION.match(request.path)
        if not found:
            return get_response(request)
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method in SAFE else request.META.get("HTTP_REFERER", "/"), settings.LOGIN_URL)
        seat = next((seat for seat in request.seats if seat.reference == found[1]), None)  # type: ignore[attr-defined]
        if seat is None:
            return errors.page(request, 404)
        request.at = clock.now()  # type: ignore[attr-defined]
        by = _actor(request, seat)
        if by is None:
            return errors.page(request, 409, detail=gettext("The form was opened while you acted for somebody else, or only for yourself."))
        request.by = by  # type: ignore[attr-defined]
        return _read(request, found[0], get_response) if request.method in SAFE else get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match exception:
            case NotFound() | Http404():
                return errors.page(request, 404)
            case Stale():
                return errors.page(request, 409)
            case Busy():
                return errors.page(request, 503, detail=said(exception))
            case BadInput():
                return errors.page(request, 422, detail=said(exception))
            case PermissionDenied():
                return errors.page(request, 403)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
