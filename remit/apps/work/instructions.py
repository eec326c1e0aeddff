"""Standing instructions of an engagement: which hold for an item, which may answer a question, and what was done by them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.roles import lacks
from remit.apps.records.context import By
from remit.apps.work.models import InstructionUse, InstructionWithdrawal, StandingInstruction, WorkItem
from remit.apps.work.requests import ASKERS, CLIENT_ASKERS
from remit.domain.instructions import Known, Match, matches
from remit.domain.reasons import Reason


@dataclass(frozen=True)
class Offer:
    """An instruction that may answer a question, and why it was taken for one."""

    row: StandingInstruction
    why: Reason


def of_engagement(engagement: Engagement) -> QuerySet[StandingInstruction]:
    """Newest first, with what a page shows of each, in a fixed number of queries."""
    found = StandingInstruction.objects.filter(engagement=engagement).select_related("entity", "withdrawal", "answer__request__item__period")
    return found.prefetch_related("uses__item__period").order_by("-kept_at", "-id")


def withdrawal_of(row: StandingInstruction) -> InstructionWithdrawal | None:
    """Who took it back, if anybody did."""
    return getattr(row, "withdrawal", None)


def holds(row: StandingInstruction, on: date) -> bool:
    """Half-open; not once it is withdrawn."""
    return withdrawal_of(row) is None and known(row).holds(on)


def for_item(item: WorkItem) -> list[StandingInstruction]:
    """Those that hold for the item's entity in its period, newest first."""
    reach = Q(entity=None) | Q(entity=item.period.entity_id)
    found = StandingInstruction.objects.filter(reach, engagement=item.engagement_id, withdrawal=None).select_related("entity", "answer__request__item__period")
    return [row for row in found.order_by("-kept_at", "-id") if known(row).holds(item.period.begins_on)]


def offers(item: WorkItem, rows: Iterable[StandingInstruction], question: str, slot: str = "") -> list[Offer]:
    """Of these the ones that may answer a question about the item, the likeliest first."""
    by_key = {str(row.id): row for row in rows}
    found: list[Match] = matches(question, slot, map(known, by_key.values()), item.period.begins_on)
    return [Offer(by_key[match.known.key], match.why) for match in found]


def known(row: StandingInstruction) -> Known:
    """As the domain compares it."""
    return Known(str(row.id), row.question, row.text, row.slot, row.from_on, row.until_on)


def uses_of(item: WorkItem) -> list[InstructionUse]:
    """By which instructions the item was done, oldest first."""
    return list(InstructionUse.objects.filter(item=item).select_related("instruction__entity", "instruction__withdrawal").order_by("used_at", "id"))


def may_keep(by: By, at: datetime, engagement: Engagement, entity: object = None) -> bool:
    """Whether a member keeps and withdraws instructions: on either side whoever may ask the other. `entity`: the entity's own key, where one is meant."""
    side = {engagement.client_id: CLIENT_ASKERS, engagement.provider_id: ASKERS}.get(by.organization)
    if side is None or by.link is not None:
        return False
    return lacks(by, at, side, entity=entity, engagement=engagement.id, service=engagement.agreement.service) is None  # type: ignore[arg-type]
