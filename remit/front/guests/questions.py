"""What a guest does about questions, on the page of an item or of a month: answers, passes on, asks, judges the answer to what they asked."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from remit.apps.records.context import reading
from remit.apps.work import actions
from remit.apps.work.models import WorkItem
from remit.apps.work.views.requests import given_answer, given_question, on_clock
from remit.front.guests import item, period
from remit.front.guests.doing import Errors, guests_form, perform

# The work that an address names is not asked for: the action itself refuses what lies outside the link.


@guests_form()
def answer(request: HttpRequest, secret: str, work: str, question: UUID) -> HttpResponse:
    """Answer a question in words, by a choice, with files."""
    again = lambda errors: _show(request, errors, answering=question)  # noqa: E731
    return perform(request, secret, actions.answer_request, given_answer(request, question), part=f"q-{question}", again=again, says=_("Your answer is sent."))


@guests_form()
def pass_on(request: HttpRequest, secret: str, work: str, question: UUID) -> HttpResponse:
    """Say who else is to answer."""
    values = {"request": str(question), "owner": request.POST.get("owner", ""), "note": request.POST.get("note", "")}
    again = lambda errors: _show(request, errors, passing=question)  # noqa: E731
    return perform(request, secret, actions.pass_request, values, part=f"q-{question}", again=again, says=_("It is passed on; they are told."))


@guests_form("item")
def ask(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask whoever does the work."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = WorkItem.objects.select_related("period__entity").get(id=request.guest.about_id)  # type: ignore[attr-defined]
    values = given_question(request, found)
    values.pop("slot", None)
    again = lambda errors: item.show(request, errors, asking=True)  # noqa: E731
    return perform(request, secret, actions.ask_provider, values, part="requests", again=again, says=_("Your question is sent."))


@guests_form("item")
def settle(request: HttpRequest, secret: str, answer: UUID) -> HttpResponse:
    """Accept the answer to one's question, or return it."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = WorkItem.objects.select_related("period__entity").get(id=request.guest.about_id)  # type: ignore[attr-defined]
    given = {name: request.POST[name] for name in ("verdict", "note", "due_at") if request.POST.get(name)}
    values = on_clock({**given, "answer": str(answer)}, found.period.entity.facts["zone"])
    again = lambda errors: item.show(request, errors, settling=answer)  # noqa: E731
    return perform(request, secret, actions.settle_request, values, part="requests", again=again, says=_("Your verdict is in the record."))


def _show(request: HttpRequest, errors: Errors, **more: object) -> HttpResponse:
    shown = period.show if request.guest.about_kind == "period" else item.show  # type: ignore[attr-defined]
    return shown(request, errors, **more)
