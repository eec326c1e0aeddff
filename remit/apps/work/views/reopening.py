"""Opening accepted work again, on the page of its item."""

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
def reopen(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Open it again."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = str(loading.item(request, reference).item.id)
    again = lambda errors: item_page(request, reference, errors, reopening=True)  # noqa: E731
    then = door.at(request, "item", reference) + "#reopenings"
    says = _("Open again; the acceptance stays in the record and counts no more.")
    return door.perform(request, actions.reopen_item, door.given(request, item=key), then=then, again=again, says=says)
