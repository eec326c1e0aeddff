"""Who alone on the client's side may read what a step works at and makes: the persons that the brief names, where the service line says so."""

from __future__ import annotations

from collections.abc import Iterable

from remit.apps.organizations.models import User
from remit.apps.records.context import By
from remit.apps.work.models import Deliverable, WorkItem
from remit.domain.line import Step
from remit.domain.reasons import N_, Reason, Sentence

ONLY = Sentence("reader.only", N_("This is released to {readers} alone."))
NOT_NAMED = Sentence("reader.not_named", N_("This is released to one person alone, and the brief does not say who that is."))
NAME_THEM = Sentence("reader.name_them", N_("Have the client say so in the brief that the agreement rests on."))
ASK_THEM = Sentence("reader.ask", N_("Ask them for it."))


def answers_of(item: WorkItem) -> dict[str, object]:
    """What the brief answers of the questions that the service line asks, and what was answered on the item itself."""
    needs = item.engagement.agreement.needs
    return {name: value for name, value in needs.items() if value not in (None, "")} | item.answers


def named(item: WorkItem, step: Step) -> list[str]:
    """Names or mail addresses of a step's only readers; empty where it has none, or nobody is named."""
    answers = answers_of(item)
    return [str(answers[code]).strip() for code in step.readers if answers.get(code)]


def against(by: By, item: WorkItem, step: Step, made: Deliverable | None = None) -> Reason | None:
    """Why whoever asks may not read what the step works at, or what was made of it; None where they may.

    Nobody else of the client may, nor whoever acts for a reader, nor a guest, nor a third party. On the provider's side the people of the work may: the gate
    says who; a role alone does not let anyone in.
    """
    if not step.readers and not (made is not None and made.readers):
        return None
    if by.organization == item.engagement.provider_id:
        return None if by.person is not None else _only(made.readers if made else named(item, step))
    readers = made.readers if made is not None else named(item, step)
    if by.organization == item.engagement.client_id and by.link is None and by.on_behalf_of is None and _is_one(by, readers):
        return None
    return _only(readers)


def _only(readers: Iterable[str]) -> Reason:
    names = ", ".join(readers)
    return ONLY(readers=names, cure=ASK_THEM()) if names else NOT_NAMED(cure=NAME_THEM())


def _is_one(by: By, readers: Iterable[str]) -> bool:
    wanted = {" ".join(name.split()).casefold() for name in readers}
    if not wanted or by.user is None:
        return False
    user = User.objects.filter(id=by.user).values("name", "email").first()
    return user is not None and bool({user["name"].casefold(), user["email"].casefold()} & wanted)
