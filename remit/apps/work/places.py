"""Where periods, items and deliverables lie, for roles that are granted for one engagement, entity or service, and what guests can be invited to."""

from __future__ import annotations

from uuid import UUID

from remit.apps.organizations.guests import Thing, things
from remit.apps.organizations.roles import Place, places
from remit.apps.work.models import Deliverable, ItemFile, Period, WorkItem

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


@things("item")
def item_thing(key: UUID) -> Thing | None:
    """A guest brings papers to it, and accepts what is made of them."""
    found = WorkItem.objects.filter(id=key).first()
    return Thing(found.audience_id, found.reference, found.title, ("bring_paper", "take_back_paper", "accept")) if found else None


def _of(found: tuple[UUID, UUID, str, UUID] | None) -> Place | None:
    return Place(*found[:3], frozenset(found[3:])) if found else None
