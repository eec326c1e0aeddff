"""What can be done about questions to the client on the page of an item: ask one, answer it, judge the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from remit.apps.organizations import door
from remit.apps.organizations.acting import Upload
from remit.apps.records.context import reading
from remit.apps.work import actions
from remit.apps.work.views import loading
from remit.apps.work.views.item import item_page
from remit.domain.calendars import zone


@require_POST
def ask(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Ask the client; the time that it is needed by is on the clocks of the item's entity."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = loading.item(request, reference).item
    values: dict[str, Any] = door.given(request, item=str(found.id))
    try:
        if values.get("due_at"):
            values["due_at"] = datetime.fromisoformat(values["due_at"]).replace(tzinfo=zone(found.period.entity.facts["zone"])).isoformat()
    except ValueError:
        pass  # said by the action's own check
    again = lambda errors: item_page(request, reference, errors, asking=True)  # noqa: E731
    return door.perform(request, actions.ask_client, values, then=_back(request, reference), again=again, says=_("The client is asked."))


@require_POST
def answer(request: HttpRequest, organization: str, reference: str, question: UUID) -> HttpResponse:
    """Answer for the client."""
    files = [Upload.of(file.name or "file", file.read()) for file in request.FILES.getlist("files")]
    values = {"request": str(question), "text": request.POST.get("text", ""), "files": files}
    again = lambda errors: item_page(request, reference, errors, answering=question)  # noqa: E731
    return door.perform(request, actions.answer_request, values, then=_back(request, reference), again=again, says=_("Your answer is sent."))


@require_POST
def settle(request: HttpRequest, organization: str, reference: str, answer: UUID) -> HttpResponse:
    """Accept an answer, or return it."""
    again = lambda errors: item_page(request, reference, errors, settling=answer)  # noqa: E731
    values = door.given(request, answer=str(answer))
    return door.perform(request, actions.settle_request, values, then=_back(request, reference), again=again, says=_("Your verdict is in the record."))


def _back(request: HttpRequest, reference: str) -> str:
    return door.at(request, "item", reference) + "#requests"
