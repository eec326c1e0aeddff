"""Why a line costs what it costs: from the line back to acceptance, review, people with their credentials, card line and entry in the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from pydantic import TypeAdapter

from remit.apps.agreements.models import AgreedLine
from remit.apps.agreements.time_terms import time_terms
from remit.apps.billing.drawing import TIME
from remit.apps.billing.models import Invoice
from remit.apps.records.models import Entry
from remit.apps.records.timeline import newest_first
from remit.apps.work.models import Acceptance, Assignment, Review, TimeEntry
from remit.domain import invoicing
from remit.domain.money import Money
from remit.domain.record import statement
from remit.domain.record.decision import CheckedCredential

WHOLE = TypeAdapter(invoicing.Invoice)
MOST_REFUSALS = 20
NO_LINE = ("billing.already_billed", "billing.nothing", "billing.provider")
"""Refusals that are about no line of their own."""


@dataclass(frozen=True)
class Doer:
    """A person on a step of the item, with the credential that the gate looked at when they were put on it."""

    step: str
    name: str
    credential: CheckedCredential | None
    entry: Entry | None


@dataclass(frozen=True)
class Trace:
    """What a line rests on."""

    acceptance: Acceptance
    review: Review | None
    card_line: AgreedLine
    succeeded_on: Any
    """The first day of a later price for the same work, if one was agreed."""
    price: Money
    doers: tuple[Doer, ...]
    accepted: Entry | None
    files: tuple[dict[str, Any], ...]
    is_time: bool = False
    """Each minute by the card of its own day, not by that of the month's last."""
    times: tuple[TimeEntry, ...] = ()
    """The entries of time in it, where whoever looks is shown them."""


def whole(invoice: Invoice) -> invoicing.Invoice:
    """The invoice as the domain drew it."""
    return WHOLE.validate_python(invoice.value)


def trace(invoice: Invoice, line: invoicing.Line, organization: str, is_seller: bool = False) -> Trace:
    """Everything behind a line, in a fixed number of queries."""
    acceptance = Acceptance.objects.select_related("deliverable__item").get(id=line.acceptance)
    made = acceptance.deliverable
    agreed = AgreedLine.objects.get(id=line.card_line)
    same = {name: getattr(agreed, name) for name in ("agreement_id", "service", "level", "basis", "measure", "variant")}
    later = AgreedLine.objects.filter(**same, valid_from__gt=agreed.valid_from).order_by("valid_from").first()
    keys = [work.split(":")[1] for work in line.works if work.startswith(TIME)]
    is_shown = is_seller or time_terms(invoice.engagement.agreement).shown == "entries"
    return Trace(
        is_time=bool(keys),
        times=tuple(TimeEntry.objects.filter(id__in=set(keys)).order_by("done_on", "begins_at", "id")) if keys and is_shown else (),
        acceptance=acceptance,
        review=made.reviews.filter(verdict="passed").order_by("-reviewed_at").first(),
        card_line=agreed,
        succeeded_on=later.valid_from if later else None,
        price=Money(line.price, invoice.currency),
        doers=tuple(_doers(Assignment.objects.filter(item=made.item_id, ended_at=None).order_by("assigned_at"))),
        accepted=entry_of("deliverable.accepted", acceptance.id),
        files=tuple(
            {"name": row.name, "size": row.file.size, "sha256": row.file.sha256, "opens": reverse("open_file", args=[organization, row.id])}
            for row in made.files.select_related("file")
        ),
    )


def entry_of(kind: str, about: UUID) -> Entry | None:
    """The entry of that kind about a row, with its place in the log."""
    return Entry.objects.filter(kind=kind, object_id=about, outcome="allowed").select_related("leaf").order_by("-decided_at").first()


def refused(invoice: Invoice) -> list[Entry]:
    """The newest refusals to draw an invoice of the same month."""
    if invoice.period_id is None:
        return []
    rows = Entry.objects.filter(audience=invoice.audience_id, kind="invoice.drawn", outcome="refused", object_id=invoice.period_id)
    return list(newest_first(rows)[:MOST_REFUSALS])


def papers(invoice: Invoice, organization: str) -> list[dict[str, Any]]:
    """Its two files, each opened by POST."""
    return [
        {
            "name": f"{invoice.number}.{form}",
            "size": file.size,
            "sha256": file.sha256,
            "opens": reverse("invoice_open", args=[organization, invoice.number, form]),
        }
        for form, file in (("xml", invoice.ubl), ("pdf", invoice.pdf))
    ]


def _doers(assignments: Iterable[Assignment]) -> Iterable[Doer]:
    rows = list(assignments)
    entries = Entry.objects.filter(kind="step.assigned", outcome="allowed", object_id__in=[row.id for row in rows]).select_related("leaf")
    by_row = {entry.object_id: entry for entry in entries}
    for row in rows:
        entry = by_row.get(row.id)
        yield Doer(row.step, row.person_name, statement.decode(bytes(entry.statement)).credential if entry else None, entry)
