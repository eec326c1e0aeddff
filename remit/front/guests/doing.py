"""What the forms of a guest's page share: only who entered the code acts, on the thing that the link is for, and comes back to its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from remit.apps.organizations import door
from remit.apps.organizations.acting import Action, NotFound
from remit.domain.reasons import Reason
from remit.front.guests import entrance

Errors = Mapping[str, tuple[Reason, ...]]
Show = Callable[..., HttpResponse]


def guests_form(kind: str = "") -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view of a form on the page of a thing of that kind, or of any: POST, by the guest, and where an address names a reference, of the link's own thing."""

    def over(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inner(request: HttpRequest, secret: str, reference: str | None = None, **more: Any) -> HttpResponse:
            guest = request.guest  # type: ignore[attr-defined]
            if not entrance.came_in(request):
                messages.warning(request, _("Nothing was stored: the link is not open in this browser any more."))
                return HttpResponseRedirect(entrance.page_of(secret), status=303)
            if (kind and guest.about_kind != kind) or (reference is not None and reference != guest.about_reference):
                raise NotFound(reference or kind)
            return view(request, secret, **more)

        return never_cache(require_POST(inner))

    return over


def perform(request: HttpRequest, secret: str, action: Action, values: Mapping[str, Any], *, part: str = "", again: Any = None, says: str = "") -> HttpResponse:
    """Do `action`, then back to the link's page, at `part` of it."""
    then = entrance.page_of(secret) + (f"#{part}" if part else "")
    return door.perform(request, action, values, then=then, again=again, says=says)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page of a guest shows round its thing."""
    guest = request.guest  # type: ignore[attr-defined]
    return {"guest": guest, "secret": request.resolver_match.kwargs["secret"], "acts": guest.acts, "came": request.by.came[0], "bare": True}  # type: ignore[attr-defined, union-attr]
