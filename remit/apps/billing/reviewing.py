"""The raw events of an engagement, from which its figures are folded and which are exported with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from remit.apps.agreements.models import Engagement
from remit.apps.billing.models import InvoiceLine
from remit.apps.work.models import Acceptance, Deliverable, Review, ReviewFinding, WorkItem
from remit.domain.performance import Event


def events(engagements: Iterable[Engagement], at: datetime) -> dict[UUID, list[Event]]:
    """By engagement, what happened to its items until `at`, in order; the last event says until when was counted. A fixed number of queries."""
    keys = [engagement.id for engagement in engagements]
    found: defaultdict[UUID, list[Event]] = defaultdict(list)
    for engagement, item, opened_at, due_at in WorkItem.objects.filter(engagement__in=keys).values_list("engagement", "reference", "created_at", "due_at"):
        found[engagement].append(Event(at=opened_at, item=item, event="opened", due_at=due_at))
    made = Deliverable.objects.filter(item__engagement__in=keys).values_list("item__engagement", "item__reference", "number", "made_at")
    for engagement, item, number, made_at in made:
        found[engagement].append(Event(at=made_at, item=item, event="handed_in", number=number))
    of = ("deliverable__item__engagement", "deliverable__item__reference", "deliverable__number", "verdict")
    for engagement, item, number, verdict, when in Review.objects.filter(deliverable__item__engagement__in=keys).values_list(*of, "reviewed_at"):
        found[engagement].append(Event(at=when, item=item, event="reviewed", number=number, verdict=verdict))
    told = (*(f"review__{name}" for name in of[:3]), "review__reviewed_at", "category", "severity")
    for engagement, item, number, when, category, severity in ReviewFinding.objects.filter(review__deliverable__item__engagement__in=keys).values_list(*told):
        found[engagement].append(Event(at=when, item=item, event="found", number=number, category=category, severity=severity))
    for engagement, item, number, verdict, when in Acceptance.objects.filter(deliverable__item__engagement__in=keys).values_list(*of, "accepted_at"):
        found[engagement].append(Event(at=when, item=item, event="judged", number=number, verdict=verdict))
    for engagement, item, number, when, amount, currency in _billed(keys):
        found[engagement].append(Event(at=when, item=item, event="billed", number=number, amount=amount, currency=currency))
    counted = Event(at=at, item="", event="counted")
    return {key: [*sorted((event for event in found[key] if event.at <= at), key=lambda event: (event.at, event.item)), counted] for key in keys}


def _billed(keys: list[UUID]) -> Iterable[tuple]:
    """One row a line of an invoice: works that share a line share its amount, so each position is taken once."""
    fields = ("invoice__engagement", "acceptance__deliverable__item__reference", "acceptance__deliverable__number", "invoice__issued_at", "net")
    rows = InvoiceLine.objects.filter(invoice__engagement__in=keys).order_by("invoice", "position", "id").distinct("invoice", "position")
    return rows.values_list(*fields, "invoice__currency")
