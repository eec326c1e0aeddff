"""Acting for a member who is away: chosen in one's own menu, for one organization, until they are back or it is ended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from remit.front.middleware import ACTING_FOR


@require_POST
def act_for(request: HttpRequest, organization: str) -> HttpResponse:
    """Act for the member whose deputy's row `deputy` names, or, where it names none, for oneself again."""
    seat = next(seat for seat in request.seats if seat.reference == organization)  # type: ignore[attr-defined]
    found = seat.instead(request.POST.get("deputy", ""))
    chosen = {reference: deputy for reference, deputy in request.session.get(ACTING_FOR, {}).items() if reference != organization}
    if found is not None:
        chosen[organization] = str(found.away.deputy)
    elif request.POST.get("deputy"):
        messages.error(request, _("You are not their deputy now: they are back, or your time as their deputy was ended."))
    request.session[ACTING_FOR] = chosen
    return HttpResponseRedirect(reverse("today", args=[organization]), status=303)
