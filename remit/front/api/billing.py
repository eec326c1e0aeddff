"""Reading bills and reviews: invoices with their lines, months that wait to be billed, figures with their raw events."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.agreements.models import Engagement
from remit.apps.billing import drawing, reviewing
from remit.apps.billing.models import Invoice
from remit.apps.organizations.acting import NotFound
from remit.domain import performance
from remit.front.api.reading import read, reads


class InvoiceOut(Schema):
    """An invoice. `value` is the whole of it as it was drawn: parties, lines with what priced them and what they rest on, taxes."""

    id: UUID
    number: str
    seller: str
    engagement: str
    period: str
    """Empty for an invoice of the group."""
    month: date | None
    """Of an invoice of the group: the first day of the month that it bills."""
    issued_on: date
    due_on: date
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    rules_version: str
    ubl_sha256: str
    pdf_sha256: str
    value: dict[str, Any]


class UnbilledOut(Schema):
    """A month with accepted work that no invoice holds."""

    id: UUID
    period: str
    entity: str
    begins_on: date
    engagement: str


class FigureOut(Schema):
    """`state`: none (no case), thin (too few to conclude from: `value` is empty), said. `unit`: share of one, or minutes."""

    code: str
    says: str
    how: str
    numerator: Decimal
    denominator: Decimal
    n: int
    unit: str
    state: str
    value: Decimal | None


class EventOut(Schema):
    """A raw event; the figures follow from all of them."""

    at: datetime
    item: str
    event: str
    number: int
    verdict: str
    due_at: datetime | None
    amount: Decimal | None
    currency: str


class ReviewOut(Schema):
    """The figures of an engagement and the events that they were folded from."""

    engagement: str
    counted_at: datetime
    figures: list[FigureOut]
    events: list[EventOut]


@reads.get("/invoices", response=list[InvoiceOut], operation_id="invoices")
@read
def invoices(request: HttpRequest, organization: Path[str]) -> list[InvoiceOut]:
    """Invoices sent and received, newest first."""
    return [_invoice(row) for row in _invoices()]


@reads.get("/invoices/{number}", response=list[InvoiceOut], operation_id="invoice")
@read
def invoice(request: HttpRequest, organization: Path[str], number: Path[str]) -> list[InvoiceOut]:
    """By number: one invoice, or several where sellers share a number."""
    found = [_invoice(row) for row in _invoices().filter(number=number)]
    if not found:
        raise NotFound(number)
    return found


@reads.get("/unbilled", response=list[UnbilledOut], operation_id="unbilled")
@read
def unbilled(request: HttpRequest, organization: Path[str]) -> list[UnbilledOut]:
    """Months of the organization's own engagements as provider that can be billed, the oldest first."""
    rows = drawing.unbilled(request.by.organization)  # type: ignore[attr-defined]
    return [UnbilledOut(id=row.id, period=row.reference, entity=row.entity.name, begins_on=row.begins_on, engagement=row.engagement.reference) for row in rows]


@reads.get("/engagements/{reference}/review", response=ReviewOut, operation_id="review_figures")
@read
def review(request: HttpRequest, organization: Path[str], reference: Path[str]) -> ReviewOut:
    """How an engagement went until now."""
    found = Engagement.objects.filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    events = reviewing.events([found], request.at)[found.id]  # type: ignore[attr-defined]
    told = performance.figures(events)
    return ReviewOut(
        engagement=reference,
        counted_at=told.counted_at,
        figures=[FigureOut.from_orm(figure) for figure in told.figures],
        events=[EventOut.from_orm(event) for event in events],
    )


def _invoices() -> Any:
    return Invoice.objects.select_related("seller", "engagement", "period", "ubl", "pdf").order_by("-issued_at", "-number")


def _invoice(row: Invoice) -> InvoiceOut:
    return InvoiceOut(
        id=row.id,
        number=row.number,
        seller=row.seller.name,
        engagement=row.engagement.reference,
        period=row.period.reference if row.period else "",
        month=row.month,
        issued_on=row.issued_on,
        due_on=row.due_on,
        currency=row.currency,
        net=row.net,
        tax=row.tax,
        total=row.total,
        rules_version=row.rules_version,
        ubl_sha256=row.ubl.sha256,
        pdf_sha256=row.pdf.sha256,
        value=row.value,
    )
