"""Where periods, items and deliverables lie, for roles that are granted for one engagement, entity or service, and what guests can be invited to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from remit.apps.organizations.guests import Thing, things
from remit.apps.organizations.roles import Place, places
from remit.apps.work import periods, requests
from remit.apps.work.models import (
    Answer,
    BreakGlass,
    ClientSystem,
    Deliverable,
    FindingDraft,
    GivenPack,
    ItemFile,
    Matter,
    Observing,
    Period,
    Permission,
    Procedure,
    ProcedureVersion,
    Request,
    SamplingPlan,
    SystemAccess,
    TimeEntry,
    WorkItem,
)
from remit.apps.work.opening import opened
from remit.apps.work.waiting import ACCEPT, standing, with_standing
from remit.domain.calendars import zone
from remit.domain.reasons import N_, Reason, Sentence

PAPER_WAITS = Sentence("item.paper_waits", N_("A paper is missing: {slot}"))
ANSWER_WAITS = Sentence("item.answer_waits", N_("The answer to your question waits to be looked at: {question}"))
ACCEPT_WAITS = Sentence("item.accept_waits", N_("What was delivered waits for your acceptance."))
MONTH_OF = Sentence("period.of", N_("{month}, {entity}"))
CLOSE_WAITS = Sentence("period.close_waits", N_("Everything in the month is accepted; it waits to be closed by you."))

_PROCEDURE = ("entity__entity_id", "engagement", "service")
_ITEM = ("item__period__entity__entity_id", "item__engagement", "item__service", "item")


def of_period(found: Period) -> Place:
    """The same of a period at hand, with its entity and agreement."""
    return Place(found.entity.entity_id, found.engagement_id, found.engagement.agreement.service, frozenset({found.id}))


def of_item(found: WorkItem) -> Place:
    """The same of an item at hand, with its period's entity."""
    return Place(found.period.entity.entity_id, found.engagement_id, found.service, frozenset({found.id}))


@places("period")
def period_place(key: UUID) -> Place | None:
    """Its entity, engagement and service."""
    return _of(Period.objects.filter(id=key).values_list("entity__entity_id", "engagement", "engagement__agreement__service", "id").first())


@places("item")
def item_place(key: UUID) -> Place | None:
    """The entity of its period, its engagement and its service."""
    return _of(WorkItem.objects.filter(id=key).values_list("period__entity__entity_id", "engagement", "service", "id").first())


@places("deliverable")
def deliverable_place(key: UUID) -> Place | None:
    """Where its item lies."""
    return _of(Deliverable.objects.filter(id=key).values_list(*_ITEM).first())


@places("paper")
def paper_place(key: UUID) -> Place | None:
    """Where its item lies."""
    return _of(ItemFile.objects.filter(id=key).values_list(*_ITEM).first())


@places("about")
def about_place(key: UUID) -> Place | None:
    """Of an item or a month to which a guest is invited."""
    return item_place(key) or period_place(key)


@places("request")
def request_place(key: UUID) -> Place | None:
    """Where its item lies."""
    return _of(Request.objects.filter(id=key).values_list(*_ITEM, "item__period").first())


@places("entry")
def entry_place(key: UUID) -> Place | None:
    """Where the item of an entry of time lies."""
    return _of(TimeEntry.objects.filter(id=key).values_list(*_ITEM).first())


@places("answer")
def answer_place(key: UUID) -> Place | None:
    """Where the item of its request lies."""
    return _of(Answer.objects.filter(id=key).values_list(*(f"request__{name}" for name in (*_ITEM, "item__period"))).first())


@places("procedure")
def procedure_place(key: UUID) -> Place | None:
    """Its engagement and service, and its entity where it is for one."""
    return _of(Procedure.objects.filter(id=key).values_list(*_PROCEDURE).first())


@places("proposal")
def proposal_place(key: UUID) -> Place | None:
    """Where the procedure lies of which it is a version."""
    return _of(ProcedureVersion.objects.filter(id=key).values_list(*(f"procedure__{name}" for name in _PROCEDURE)).first())


@places("plan")
def plan_place(key: UUID) -> Place | None:
    """The engagement and service that a plan of sampling is for."""
    found = SamplingPlan.objects.filter(id=key).values_list("engagement", "engagement__agreement__service").first()
    return Place(engagement=found[0], service=found[1]) if found else None


@places("matter")
def matter_place(key: UUID) -> Place | None:
    """The engagement and service that a matter is of."""
    found = Matter.objects.filter(id=key).values_list("engagement", "engagement__agreement__service").first()
    return Place(engagement=found[0], service=found[1]) if found else None


@places("permission")
def permission_place(key: UUID) -> Place | None:
    """The engagement and service of a permission on file."""
    found = Permission.objects.filter(id=key).values_list("engagement", "engagement__agreement__service").first()
    return Place(engagement=found[0], service=found[1]) if found else None


@places("glass")
def glass_place(key: UUID) -> Place | None:
    """The engagement and service in which the glass is to be broken."""
    found = BreakGlass.objects.filter(id=key).values_list("engagement", "engagement__agreement__service").first()
    return Place(engagement=found[0], service=found[1]) if found else None


@places("observing")
def observing_place(key: UUID) -> Place | None:
    """The engagement and service in which something is only observed."""
    found = Observing.objects.filter(id=key).values_list("engagement", "engagement__agreement__service").first()
    return Place(engagement=found[0], service=found[1]) if found else None


@places("system")
def system_place(key: UUID) -> Place | None:
    """The engagement and service that a system of the client's is of."""
    found = ClientSystem.objects.filter(id=key).values_list("engagement", "engagement__agreement__service").first()
    return Place(engagement=found[0], service=found[1]) if found else None


@places("access")
def account_place(key: UUID) -> Place | None:
    """The engagement and service of an account."""
    found = SystemAccess.objects.filter(id=key).values_list("system__engagement", "system__engagement__agreement__service").first()
    return Place(engagement=found[0], service=found[1]) if found else None


@places("draft")
def finding_place(key: UUID) -> Place | None:
    """Where the item lies of which something was noted."""
    return _of(FindingDraft.objects.filter(id=key).values_list(*_ITEM).first())


@places("file")
def file_place(key: UUID) -> Place | None:
    """Where the item lies that a file belongs to; a pack lies within its month."""
    found = opened(key)
    if found is None:
        return None
    return period_place(found.item.period_id) if isinstance(found.row, GivenPack) else item_place(found.item.id)


@things("item")
def item_thing(key: UUID) -> Thing | None:
    """A guest brings papers to it, answers what is asked about it, asks, and accepts what is made of it."""
    found = WorkItem.objects.filter(id=key).first()
    acts = ("bring_paper", "take_back_paper", "keep_mapping", "answer_request", "pass_request", "ask_provider", "settle_request", "accept")
    return Thing(found.audience_id, found.reference, found.title, acts, ("open_file",), partial(_item_waits, key)) if found else None


@things("period")
def period_thing(key: UUID) -> Thing | None:
    """A guest answers what is asked in the month, closes it once everything in it is accepted, and takes its pack."""
    found = Period.objects.select_related("entity").filter(id=key).first()
    acts = ("answer_request", "pass_request", "close_period", "reopen_period")
    return (
        Thing(found.audience_id, found.reference, MONTH_OF(month=found.begins_on, entity=found.entity.name), acts, ("open_file",), partial(_period_waits, key))
        if found
        else None
    )


def _item_waits(key: UUID, organization: UUID) -> Mapping[str, Sequence[Reason]]:
    found = standing(with_standing(WorkItem.objects.filter(id=key)).get())
    if found.item.engagement.client_id != organization or periods.closing_of(found.item.period):
        return {}
    brought = [paper.slot for paper in found.papers]
    lacking = [slot for slot in found.line.slots if slot.code in found.working.slots and brought.count(slot.code) < slot.least]
    return {
        "bring_paper": [PAPER_WAITS(slot=slot.says) for slot in lacking],
        "answer_request": _asked(found.item.period, found.item),
        "settle_request": [ANSWER_WAITS(question=each.request.question) for each in _submitted(found.item)],
        "accept": [ACCEPT_WAITS()] if found.wait is not None and found.wait.step == ACCEPT else [],
    }


def _period_waits(key: UUID, organization: UUID) -> Mapping[str, Sequence[Reason]]:
    found = Period.objects.select_related("engagement", "entity").get(id=key)
    waits = found.engagement.client_id == organization and periods.closing_of(found) is None and not periods.blockers(found)
    asked = _asked(found) if found.engagement.client_id == organization and periods.closing_of(found) is None else []
    return {"answer_request": asked, "close_period": [CLOSE_WAITS()] if waits else []}


def _asked(period: Period, item: WorkItem | None = None) -> list[Reason]:
    """Questions of an item, or of all of the month's, that wait for the client."""
    rows = requests.with_answers(Request.objects.filter(item=item) if item else Request.objects.filter(item__period=period))
    return [requests.named(each, zone(period.entity.facts["zone"])) for each in requests.open_ones(map(requests.asked, rows))]


def _submitted(item: WorkItem) -> list[requests.Asked]:
    """What the client asked and the provider answered, for the client to look at."""
    return [each for each in requests.of_item(item) if each.request.asked_of == "provider" and each.state == "submitted"]


def _of(found: tuple[Any, ...] | None) -> Place | None:
    return Place(*found[:3], frozenset(found[3:])) if found else None  # type: ignore[call-arg]
