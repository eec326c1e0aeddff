"""Accepting and declining one's assignment, on the page of its item."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from remit.apps.organizations import door
from remit.apps.records.context import reading
from remit.apps.work import actions
from remit.apps.work.views import loading
from remit.apps.work.views.item import item_page


@require_POST
def answer(request: HttpRequest, organization: str, reference: str, step: str) -> HttpResponse:
    """Accept it, or decline it with a reason."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = str(loading.item(request, reference).item.id)
    then = door.at(request, "item", reference)
    again = lambda errors: item_page(request, reference, errors, declining=step)  # noqa: E731
    if request.POST.get("answer") == "declined":
        values = door.given(request, item=key, step=step)
        values.pop("answer", None)
        says = _("Declined; a manager finds somebody else. It counts nowhere against you.")
        return door.perform(request, actions.decline_assignment, values, then=then, again=again, says=says)
    return door.perform(request, actions.accept_assignment, {"item": key, "step": step}, then=then, again=again, says=_("Accepted."))
