"""What can be done about questions on the page of an item: ask or draft one, answer it, pass it on, judge the answer, keep it, take a question back."""

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
from remit.apps.work import actions, requests
from remit.apps.work.models import WorkItem
from remit.apps.work.views import loading
from remit.apps.work.views.item import item_page
from remit.apps.work.views.request_part import offered
from remit.domain.calendars import zone


@require_POST
def ask(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Ask the other side, or keep a draft. What a standing instruction may answer already is offered first; asked all the same, it is sent."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = loading.item(request, reference).item
        side = requests.side_of(request.by, found)  # type: ignore[attr-defined]
        is_draft = request.POST.get("as") == "draft"
        if side == "provider" and not is_draft and "anyway" not in request.POST:
            offers = offered(found, request.POST.get("question", ""), request.POST.get("slot", ""))
            if offers:
                return item_page(request, reference, asking=True, offers=offers)
    values = given_question(request, found)
    again = lambda errors: item_page(request, reference, errors, asking=True)  # noqa: E731
    if is_draft:
        says = _("Kept as a draft; nobody was asked.")
        return door.perform(request, actions.draft_request, values, then=_back(request, reference), again=again, says=says)
    action = actions.ask_provider if side == "client" else actions.ask_client
    says = _("The provider is asked.") if side == "client" else _("The client is asked.")
    return door.perform(request, action, values, then=_back(request, reference), again=again, says=says)


def given_question(request: HttpRequest, item: WorkItem) -> dict[str, Any]:
    """The fields of the form as an action takes them: times on the clocks of the item's entity, choices one a line."""
    values: dict[str, Any] = door.given(request, item=str(item.id))
    for name in ("as", "anyway"):
        values.pop(name, None)
    if "options" in values:
        values["options"] = [line.strip() for line in values["options"].splitlines() if line.strip()]
    return on_clock(values, item.period.entity.facts["zone"])


def on_clock(values: dict[str, Any], clock: str) -> dict[str, Any]:
    """`due_at` as it was typed, on the clocks of a zone."""
    try:
        if values.get("due_at"):
            values["due_at"] = datetime.fromisoformat(values["due_at"]).replace(tzinfo=zone(clock)).isoformat()
    except ValueError:
        pass  # said by the action's own check
    return values


@require_POST
def drop_draft(request: HttpRequest, organization: str, reference: str, draft: UUID) -> HttpResponse:
    """Throw a draft away."""
    return door.perform(request, actions.drop_draft, {"draft": str(draft)}, then=_back(request, reference), says=_("The draft is thrown away."))


@require_POST
def answer(request: HttpRequest, organization: str, reference: str, question: UUID) -> HttpResponse:
    """Answer for the side that was asked."""
    again = lambda errors: item_page(request, reference, errors, answering=question)  # noqa: E731
    return door.perform(
        request, actions.answer_request, given_answer(request, question), then=_back(request, reference), again=again, says=_("Your answer is sent.")
    )


def given_answer(request: HttpRequest, question: UUID) -> dict[str, Any]:
    """Words, choice and files of the form."""
    files = [Upload.of(file.name or "file", file.read()) for file in request.FILES.getlist("files")]
    return {"request": str(question), "text": request.POST.get("text", ""), "choice": request.POST.get("choice", ""), "files": files}


@require_POST
def pass_on(request: HttpRequest, organization: str, reference: str, question: UUID) -> HttpResponse:
    """Say who of one's own side is to answer."""
    again = lambda errors: item_page(request, reference, errors, passing=question)  # noqa: E731
    values = door.given(request, request=str(question))
    return door.perform(request, actions.pass_request, values, then=_back(request, reference), again=again, says=_("It is passed on; they are told."))


@require_POST
def settle(request: HttpRequest, organization: str, reference: str, answer: UUID) -> HttpResponse:
    """Accept an answer, or return it."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        clock = loading.item(request, reference).item.period.entity.facts["zone"]
    again = lambda errors: item_page(request, reference, errors, settling=answer)  # noqa: E731
    values = on_clock(door.given(request, answer=str(answer)), clock)
    return door.perform(request, actions.settle_request, values, then=_back(request, reference), again=again, says=_("Your verdict is in the record."))


@require_POST
def remind(request: HttpRequest, organization: str, reference: str, question: UUID) -> HttpResponse:
    """Have whoever is to answer reminded now."""
    return door.perform(request, actions.remind_now, {"request": str(question)}, then=_back(request, reference), says=_("The reminder goes now."))


@require_POST
def take_back(request: HttpRequest, organization: str, reference: str, question: UUID) -> HttpResponse:
    """Take a question back."""
    again = lambda errors: item_page(request, reference, errors, taking=question)  # noqa: E731
    values = door.given(request, request=str(question))
    return door.perform(request, actions.withdraw_request, values, then=_back(request, reference), again=again, says=_("The question is taken back."))


@require_POST
def keep(request: HttpRequest, organization: str, reference: str, answer: UUID) -> HttpResponse:
    """Keep an accepted answer as a standing instruction."""
    again = lambda errors: item_page(request, reference, errors, keeping=answer)  # noqa: E731
    says = _("Kept. It is offered when the same is asked again.")
    return door.perform(request, actions.keep_instruction, door.given(request, answer=str(answer)), then=_back(request, reference), again=again, says=says)


@require_POST
def follow(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Follow a standing instruction instead of asking."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = loading.item(request, reference).item
    says = _("Nothing is sent; the item's record cites the instruction.")
    return door.perform(request, actions.follow_instruction, door.given(request, item=str(found.id)), then=_back(request, reference), says=says)


def _back(request: HttpRequest, reference: str) -> str:
    """To the question on the item's page, or to the list that the form stood on."""
    if request.POST.get("to") == "month":
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            return door.at(request, "month_requests", loading.item(request, reference).item.period.reference)
    return door.at(request, "item", reference) + "#requests"
