"""Where periods, items and deliverables lie, for roles that are granted for one engagement, entity or service."""

from __future__ import annotations

from uuid import UUID

from remit.apps.organizations.roles import Place, places
from remit.apps.work.models import Deliverable, Period, WorkItem


@places("period")
def period_place(key: UUID) -> Place | None:
    """Its entity, engagement and service."""
    return _of(Period.objects.filter(id=key).values_list("entity__entity_id", "engagement", "engagement__agreement__service").first())


@places("item")
def item_place(key: UUID) -> Place | None:
    """The entity of its period, its engagement and its service."""
    return _of(WorkItem.objects.filter(id=key).values_list("period__entity__entity_id", "engagement", "service").first())


@places("deliverable")
def deliverable_place(key: UUID) -> Place | None:
    """Where its item lies."""
    return _of(Deliverable.objects.filter(id=key).values_list("item__period__entity__entity_id", "item__engagement", "item__service").first())


def _of(found: tuple[UUID, UUID, str] | None) -> Place | None:
    return Place(*found) if found else None
