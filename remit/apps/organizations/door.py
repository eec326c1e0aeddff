"""How a page carries out an action: parse, act once, then redirect; a refusal or bad input comes back to the page that asked, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from remit.apps.organizations import factors
from remit.apps.organizations.acting import Action, BadInput, Busy, Done, NotFound, Refused, Stale, Upload
from remit.apps.organizations.references import resolved
from remit.apps.records import files, log
from remit.apps.records.context import reading
from remit.apps.records.models import Entry
from remit.domain.reasons import Reason
from remit.formats.words import Words

OF_THE_FORM = ("csrfmiddlewaretoken", "idempotency_key", "acting_for")
"""Hidden fields that are no action's input."""
Again = Callable[[Mapping[str, tuple[Reason, ...]]], HttpResponse]


def given(request: HttpRequest, /, *many: str, **more: Any) -> dict[str, Any]:
    """The posted fields as an action's input: empty ones left out, `many` as lists, files as uploads, and what the view adds.

    Of a file that is larger than any action takes only so much is read that the action sees it."""
    fields: dict[str, Any] = {name: value for name, value in request.POST.items() if value != "" and name not in OF_THE_FORM}
    fields |= {name: request.POST.getlist(name) for name in many}
    fields |= {name: Upload.of(file.name or "file", file.read(files.MOST_BYTES + 1)) for name, file in request.FILES.items() if isinstance(file, UploadedFile)}
    return fields | more


def perform(
    request: HttpRequest, action: Action, values: Mapping[str, Any], *, then: str | Callable[[Done], str], again: Again | None = None, says: str = ""
) -> HttpResponse:
    """Do `action` for this page, then go to `then`. Refused: back to the page that asked, which shows the reasons from the record (`?refused=`).

    Bad input: `again(errors by field)` is rendered in a read transaction with status 422 (503 where all are busy).
    Without it the fault travels to the error page.
    """
    try:
        parsed = action.parse(resolved(action, values, request.by, request.at))  # type: ignore[attr-defined]
        if action.second_factor and (asked := _to_confirm(request)):
            return asked
        result = action(by=request.by, at=request.at, key=request.POST.get("idempotency_key", ""), **parsed)  # type: ignore[attr-defined]
    except (NotFound, Stale):
        raise
    except BadInput as bad:
        if again is None:
            raise
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            answer = again(bad.errors)
            if hasattr(answer, "render"):
                answer = answer.render()
        answer.status_code = 503 if isinstance(bad, Busy) else 422
        return answer
    if isinstance(result, Refused):
        return sent_back(request, result)
    if says:
        messages.success(request, says)
    return HttpResponseRedirect(then if isinstance(then, str) else then(result), status=303)


def _to_confirm(request: HttpRequest) -> HttpResponse | None:
    """The page that asks for a fresh proof of who acts, and then leads back to the form; None where the log-in was proven well enough just now."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        lack = factors.lacks(request.by)  # type: ignore[attr-defined]
    if lack is None:
        return None
    home = f"/o/{request.resolver_match.kwargs['organization']}/"  # type: ignore[union-attr]
    return HttpResponseRedirect(f"{reverse('confirm')}?{urlencode({'next': _asking(request) or home, 'need': lack.code})}", status=303)


def sent_back(request: HttpRequest, refused: Refused) -> HttpResponse:
    """To the page that asked, where the browser names it and it is our own; else to this address, from which `middleware.acting` finds the nearest page."""
    return HttpResponseRedirect(f"{_asking(request) or request.path}?{urlencode({'refused': refused.entry})}", status=303)


def _asking(request: HttpRequest) -> str:
    host = f"{request.scheme}://{request.get_host()}"
    page = request.META.get("HTTP_REFERER", "").partition("?")[0].removeprefix(host)
    return page if page.startswith(("/o/", "/g/")) else ""


def refusal(request: HttpRequest) -> tuple[Reason, ...]:
    """The reasons of the refusal that this page was sent back with, read from the record; empty where there is none to see."""
    try:
        entry = UUID(request.GET.get("refused", ""))
        return log.reasons(entry)
    except (ValueError, Entry.DoesNotExist):
        return ()


def sentences(errors: Mapping[str, tuple[Reason, ...]]) -> dict[str, list[str]]:
    """Errors by field, in the reader's language."""
    words = Words(get_language() or "en")
    return {field: [words.reason(reason) for reason in reasons] for field, reasons in errors.items()}


def at(request: HttpRequest, name: str, *arguments: object) -> str:
    """The address of a page of the acting organization."""
    return reverse(name, args=[request.resolver_match.kwargs["organization"], *arguments])  # type: ignore[union-attr]
