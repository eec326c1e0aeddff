"""The public pages: first page with its two checks, and what waits in the browser for after it."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, get_args

from django.conf import settings
from django.core.files.uploadhandler import StopUpload
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from remit.apps.organizations.founding import is_awaited
from remit.front.pages import errors, limits
from remit.front.pages.check_invoice import invoice_answer
from remit.front.pages.check_notice import notice_answer
from remit.front.pages.check_pack import pack_answer
from remit.front.pages.check_statement import statement_answer
from remit.front.pages.checks import Answer, Kind
from remit.front.pages.demonstration import told
from remit.front.pages.reading import AllBusy

KINDS = get_args(Kind)
error, csrf_failure = errors.page, errors.csrf_failure


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The first page of an installation; `?check=` names the kind of file whose answer was at an address that was opened again."""
    kind = request.GET.get("check", "")
    return render(request, "pages/front.html", _frame(again=kind if kind in KINDS else ""))


@never_cache
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """How far the demonstration is; asked again and again by the first page, which is then loaded anew with its log-ins."""
    frame = _frame()
    answer = render(request, "pages/progress.html", frame)
    if frame["building"] is None:
        answer["HX-Refresh"] = "true"
    return answer


def _frame(**more: Any) -> dict[str, Any]:
    """What the first page shows round a check."""
    demo = told(settings.REMIT_DATA) if settings.DEMO else None
    return {
        "limit": limits.FILE_BYTES,
        "demo_logins": demo.logins if demo else (),
        "building": None if demo is None or demo.done else demo,
        "awaited": not settings.DEMO and is_awaited(),
        **more,
    }


def _check(kind: Kind, answer: Callable[[str, bytes], Answer]) -> Callable[[HttpRequest], HttpResponse]:
    """A view that answers about one uploaded file, and leads whoever brings none to the form. It needs no token: it changes nothing and knows nobody."""

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseRedirect(f"{reverse('pages:front')}?{urlencode({'check': kind})}#h-check", status=HTTPStatus.SEE_OTHER)
        if wait_s := limits.CHECKS.wait_s(limits.address(request)):
            refused = errors.page(request, HTTPStatus.TOO_MANY_REQUESTS, detail=_("In %(seconds)s seconds there is room again.") % {"seconds": wait_s})
            refused["Retry-After"] = str(wait_s)
            return refused
        if int(request.META.get("CONTENT_LENGTH") or 0) > limits.FILE_BYTES + limits.FORM_BYTES:
            return errors.page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        request.upload_handlers = [limits.InMemory(request)]
        try:
            file = request.FILES.get("file")
        except (MultiPartParserError, StopUpload):
            return errors.page(request, HTTPStatus.BAD_REQUEST)
        if file is None:
            return errors.page(request, HTTPStatus.BAD_REQUEST, title=_("Choose a file first"))
        if (file.size or 0) > limits.FILE_BYTES:
            return errors.page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        started = time.perf_counter()
        try:
            said = answer(file.name or "", file.read())
        except AllBusy:
            return errors.page(request, HTTPStatus.SERVICE_UNAVAILABLE)
        timed = said.timed(time.perf_counter() - started)
        return (
            render(request, "pages/answer.html", {"answer": timed})
            if request.headers.get("HX-Request")
            else render(request, "pages/front.html", _frame(answer=timed))
        )

    return view


check_statement = _check("statement", statement_answer)
check_pack = _check("pack", pack_answer)
check_invoice = _check("invoice", invoice_answer)
check_notice = _check("notice", notice_answer)


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """After too many failures to sign in."""
    return errors.page(request, HTTPStatus.TOO_MANY_REQUESTS, title=_("Too many failures to sign in"), detail=_("In a quarter of an hour you may try again."))


@never_cache
@require_safe
def keep(request: HttpRequest) -> HttpResponse:
    """After log-in: shows the file that the browser holds and sends it to the organization chosen."""
    if not request.user.is_authenticated:
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}")
    organizations = [
        {"name": seat.name, "keep_url": f"/o/{seat.reference}/work/keep/", "notice_url": f"/o/{seat.reference}/briefs/new/notice/"}
        for seat in getattr(request, "seats", [])
    ]
    return render(request, "pages/keep.html", {"organizations": organizations})
