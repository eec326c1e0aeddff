"""Open work as the database narrows it: what waits for something, and for whom it may. A desk then reads some rows out of tens of thousands.

`pending` says what `waiting.standing` says; the other conditions let through more than they must, and `standing` judges what came through.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from remit.apps.work import requests
from remit.apps.work.models import Acceptance, Assignment, Deliverable, Filing, Period, Request, WorkItem

STEPS = 2
"""A line has one step that makes something, and at most one that reviews it."""


def open_periods() -> QuerySet[Period]:
    """Months that are not closed, or that were opened again."""
    return Period.objects.exclude(closings__isnull=False, closings__reopening=None)


def open_items() -> QuerySet[WorkItem]:
    """The items of those months."""
    return WorkItem.objects.filter(period__in=open_periods())


def pending(items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """Those that wait for something: not accepted on the newest bytes, not filed with a receipt where that is due, or held by a question."""
    newest = Deliverable.objects.filter(item=OuterRef("pk")).order_by("-number").values("id")[:1]
    accepted = Acceptance.objects.filter(deliverable=OuterRef("newest"), verdict="accepted", deliverable__reopening=None)
    filings = Filing.objects.filter(deliverable=OuterRef("newest"))
    held = Request.objects.filter(requests.not_over(), item=OuterRef("pk"), blocks=True)
    filed = Exists(filings.exclude(receipt=None)) | Q(deadline={}) & ~Exists(filings)
    return items.annotate(newest=Subquery(newest)).exclude(Exists(accepted) & filed & ~Exists(held))


def assigned_to(people: Iterable[UUID]) -> Q:
    """One of these people is on a step of it."""
    return Q(Exists(Assignment.objects.filter(item=OuterRef("pk"), ended_at=None, person__in=list(people))))


def unstaffed() -> Q:
    """Fewer people are on it than a line may have steps."""
    on_it = Assignment.objects.filter(item=OuterRef("pk"), ended_at=None).order_by().values("item").annotate(n=Count("pk"))
    return ~Q(Exists(on_it.filter(n__gte=STEPS)))


def asked() -> Q:
    """A question about it is not over."""
    return Q(Exists(Request.objects.filter(requests.not_over(), item=OuterRef("pk"))))


def handed_in() -> Q:
    """Something was made of it, so that the other side may have to judge or file it."""
    return Q(Exists(Deliverable.objects.filter(item=OuterRef("pk"))))
