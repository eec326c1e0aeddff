"""Time on items as it stands: which entries count, what of them is billed, and what of it whom is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from remit.apps.agreements.models import Agreement
from remit.apps.agreements.time_terms import time_terms
from remit.apps.people.models import Person
from remit.apps.records.context import By
from remit.apps.work.models import TimeEntry, Timer, WorkItem
from remit.apps.work.reopening import REWORK, is_rework
from remit.domain import pricing
from remit.domain.money import Money
from remit.domain.timekeeping import FORGOTTEN_AFTER, Part, Spent, Tally, TimeTerms, billable, hours, minutes_between


def standing(entries: QuerySet[TimeEntry] | None = None) -> QuerySet[TimeEntry]:
    """Entries that count: neither withdrawn nor succeeded by a correction."""
    return (TimeEntry.objects.all() if entries is None else entries).filter(withdrawal=None, corrected_by=None)


def unbilled(entries: QuerySet[TimeEntry] | None = None) -> QuerySet[TimeEntry]:
    """Of these what an invoice may still take."""
    return standing(entries).filter(billed=None, unbilled_why="")


def unbilled_by_default(item: WorkItem) -> str:
    """Why time entered on an item now is not billed, where it is not; empty where it is."""
    return REWORK if is_rework(item) else ""


def facts(entry: TimeEntry) -> Spent:
    """An entry as billing sees it."""
    return Spent(
        key=str(entry.id), level=entry.level, done_on=entry.done_on, minutes=entry.minutes, begins_at=entry.begins_at, ends_at=entry.ends_at
    )  # fmt: skip


def parts_to_bill(items: Iterable[UUID], agreement: Agreement, zone_name: str) -> dict[UUID, tuple[Part, ...]]:
    """What of accepted items goes on the next invoice, by item; nothing where the agreement does not bill time. One query."""
    return parts_of(unbilled_by_item(items), agreement, zone_name) if time_terms(agreement).billed else {}


def unbilled_by_item(items: Iterable[UUID]) -> dict[UUID, list[Spent]]:
    """Entries that an invoice may still take, by item. One query."""
    found: dict[UUID, list[Spent]] = {}
    for entry in unbilled().filter(item__in=list(items)).order_by("done_on", "id"):
        found.setdefault(entry.item_id, []).append(facts(entry))
    return found


def parts_of(spent: Mapping[UUID, Iterable[Spent]], agreement: Agreement, zone_name: str) -> dict[UUID, tuple[Part, ...]]:
    """What of these entries an agreement bills; nothing where it does not bill time."""
    terms = time_terms(agreement)
    return {item: billable(entries, terms, zone_name) for item, entries in spent.items()} if terms.billed else {}


def worth(item: WorkItem, cards: tuple[pricing.RateCard, ...]) -> Money | None:
    """What the item's unbilled time comes to by the cards of its days; what is off the card counts for nothing here. None where there is none."""
    clock = item.period.entity.facts["zone"]
    minutes, prices = Tally(), {}
    for part in parts_to_bill([item.id], item.engagement.agreement, clock).get(item.id, ()):
        found = pricing.price(cards, item.service, part.level, "hour", "", "", part.on)
        if isinstance(found, pricing.Price):
            minutes.add(found.line.id, part.minutes)
            prices[found.line.id] = found
    if not prices:
        return None
    currency = cards[0].currency
    amounts = [pricing.rounded(hours(count) * prices[line].line.price_at(hours(count)), currency) for line, count in minutes.by.items()]
    return Money.total(amounts, currency)


def level_on(person: Person, on: date) -> int | None:
    """The person's level here on a day; reads what `for_facts` loaded."""
    placed = person.placed_on(on)
    return placed.level if placed else None


def timer_of(by: By) -> Timer | None:
    """The timer that runs for whoever looks, in this organization."""
    if by.person is None:
        return None
    return Timer.objects.filter(organization=by.organization, person=by.person).select_related("item__period__entity", "item__engagement__client").first()


def is_forgotten(timer: Timer, at: datetime) -> bool:
    """It ran so long that nobody is believed to have worked all the while."""
    return at - timer.started_at > FORGOTTEN_AFTER


def shown_timer(by: By, at: datetime) -> dict[str, Any]:
    """The timer as pages show it: how long it has run, and whether it was forgotten."""
    timer = timer_of(by)
    if timer is None:
        return {"timer": None}
    return {"timer": timer, "timer_forgotten": is_forgotten(timer, at), "timer_min": minutes_between(timer.started_at, at)}


@dataclass(frozen=True)
class ItemTime:
    """Time of one item for its page: entries where they are shown, totals by level, and the units that the newest deliverable counts."""

    entries: tuple[TimeEntry, ...]
    by_level: tuple[tuple[int, int], ...]
    by_person: tuple[tuple[str, int], ...]
    minutes: int
    unbilled_min: int
    """Of it what is not billed, for a reason."""
    billed_min: int
    terms: TimeTerms
    shown: str
    """What whoever looks sees: all of it on the provider's side, else as agreed."""


def of_item(item: WorkItem, side: str) -> ItemTime:
    """In a fixed number of queries. Who is not the provider sees what the agreement lets them see, and never a cost."""
    terms = time_terms(item.engagement.agreement)
    shown = "entries" if side == "provider" else terms.shown
    rows: list[Any] = []
    if shown != "none":
        rows = list(standing(item.timeentrys.all()).select_related("billed", "corrects").order_by("-done_on", "-begins_at", "-id"))
    levels, people = Tally(), Tally()
    for row in rows:
        levels.add(row.level, row.minutes)
        people.add(row.person_name, row.minutes)
    return ItemTime(
        entries=tuple(rows) if shown == "entries" else (),
        by_level=tuple(sorted(levels.by.items())),
        by_person=tuple(sorted(people.by.items())) if shown == "entries" else (),
        minutes=levels.total,
        unbilled_min=sum(row.minutes for row in rows if row.unbilled_why),
        billed_min=sum(row.minutes for row in rows if hasattr(row, "billed")),
        terms=terms,
        shown=shown,
    )
