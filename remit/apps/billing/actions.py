"""The business verbs of billing: draw an invoice from accepted work, and open its papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Ge, Gt, Le, Len
from pydantic import BaseModel, TypeAdapter

from remit.apps.agreements import taking_over
from remit.apps.billing import drawing
from remit.apps.billing.models import Invoice, InvoiceLine, Series
from remit.apps.organizations.acting import Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.organizations.models import Organization
from remit.apps.organizations.roles import over_limit
from remit.apps.records import files
from remit.apps.records.context import By
from remit.apps.work import periods
from remit.apps.work.models import Acceptance, BilledTime, Period, TimeEntry
from remit.apps.work.places import of_period
from remit.domain import invoicing
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import EvidenceFile
from remit.formats.document.pdf import write_pdf
from remit.formats.invoices.check import Checked, check
from remit.formats.invoices.printed import invoice_document
from remit.formats.invoices.ubl import write_ubl

NOT_PROVIDER = Sentence("billing.provider", N_("Only the provider draws invoices."))
INVALID = Sentence("billing.invalid", N_("The invoice breaks rule {rule} of EN 16931: {says}"))
GROUP = Sentence("billing.group", N_("The agreement bills the group: one invoice holds the month of all its entities."))
DRAW_GROUP = Sentence("billing.draw_group", N_("Draw the group's invoice of the month."))
UNREADABLE = Sentence("billing.unreadable", N_("The invoice could not be validated, so it does not leave."))

READERS = ("biller", "manager", "signatory", "approver", "administrator", "requester", "auditor", "reader")
"""Who takes out invoices: preparers and reviewers do the work and are not shown what it is sold for."""

WHOLE = TypeAdapter(invoicing.Invoice)


class Extra(BaseModel):
    """Further work to bill on an acceptance; it is on the invoice only if the agreed card has its line."""

    acceptance: UUID
    says: Annotated[str, Len(1, 200)]
    level: Annotated[int, Ge(1), Le(5)]
    basis: Literal["hour", "unit", "month", "fixed", "outcome", "cost_plus"]
    quantity: Annotated[Decimal, Gt(0)]
    measure: str = ""
    variant: str = ""


@action("invoice.drawn", roles=("biller",))
def draw_invoice(*, by: By, at: datetime, period: UUID, extra: list[Extra] | None = None) -> Done:
    """Draw the invoice of a period from its accepted work at the card of the day; validated by the official rules before it leaves, printed once, kept."""
    found = Period.objects.select_for_update(of=("self",)).select_related("engagement__agreement", "entity").filter(id=period).first()
    if found is None:
        raise NotFound(period)
    engagement = found.engagement
    if by.organization != engagement.provider_id:
        raise Refuse(NOT_PROVIDER(), about=found)
    taking_over.must_be_confirmed(engagement.agreement, at)
    if engagement.agreement.billing:
        raise Refuse(GROUP(cure=DRAW_GROUP()), about=found)
    extras = []
    for row in extra or []:
        acceptance = Acceptance.objects.filter(id=row.acceptance, deliverable__item__period=found, verdict="accepted").first()
        if acceptance is None:
            raise NotFound(row.acceptance)
        extras.append(drawing.extra(found, acceptance, row))
    provider = Organization.objects.get(pk=engagement.provider_id)
    number = next_number(provider, at)
    drawn = drawing.drawn(found, provider, at, number, drawing.to_draw(found, extras))
    reasons = (*drawn.obstacles, *(reason for each in drawn.refused for reason in each.reasons))
    if reasons:
        # Nothing is drawn beside a refused line: a partial invoice would hide the refusal.
        raise Refuse(*reasons, about=found, private={"asked": "; ".join(row.says for row in extra or [])})
    assert drawn.invoice is not None
    if against := over_limit(by, at, draw_invoice.roles, drawn.invoice.net, of_period(found)):
        raise Refuse(against, about=found, audience=own_audience(by, at))
    return issue(by, at, drawn.invoice, [found], period=found)


@action("invoice.opened", roles=READERS)
def open_invoice_file(*, by: By, at: datetime, invoice: UUID, form: Literal["xml", "pdf"]) -> Done:
    """Take out the e-invoice or its print; the look is in the record before the bytes go out."""
    found = Invoice.objects.select_related("ubl", "pdf").filter(id=invoice).first()
    if found is None:
        raise NotFound(invoice)
    file = found.ubl if form == "xml" else found.pdf
    evidence = (EvidenceFile(name=f"{found.number}.{form}", sha256=file.sha256, media_type=file.media_type),)
    return decide(by, at, "invoice.opened", found, files=evidence)


def issue(by: By, at: datetime, invoice: invoicing.Invoice, months: Sequence[Period], *, period: Period | None) -> Done:
    """Validate, print, store, number: the papers are made here and never again. `months`: what it bills; `period` None: for the group."""
    first = months[0]
    language = first.engagement.agreement.language
    ubl = write_ubl(invoice, language)
    answer = check(ubl)
    if not isinstance(answer, Checked):
        raise Refuse(UNREADABLE(), about=first)
    fatal = [broken for broken in answer.broken if broken.flag == "fatal"]
    if fatal:
        raise Refuse(*(INVALID(rule=broken.rule, says=broken.says) for broken in fatal), about=first)
    zone = first.entity.facts["zone"]
    papers = {
        f"{invoice.number}.xml": (ubl, "application/xml"),
        f"{invoice.number}.pdf": (write_pdf(invoice_document(invoice, language, zone)), "application/pdf"),
    }
    stored = {name: files.put(first.audience_id, name, content, at) for name, (content, _kind) in papers.items()}
    row = Invoice.objects.create(
        audience_id=first.audience_id,
        number=invoice.number,
        engagement=first.engagement,
        period=period,
        month=None if period else first.begins_on,
        seller_id=by.organization,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        currency=invoice.currency,
        net=invoice.net.amount,
        tax=invoice.tax.amount,
        total=invoice.total.amount,
        value=WHOLE.dump_python(invoice, mode="json"),
        ubl=stored[f"{invoice.number}.xml"],
        pdf=stored[f"{invoice.number}.pdf"],
        rules_version=answer.rules_version,
        warnings=[{"rule": broken.rule, "says": broken.says} for broken in answer.broken],
        issued_by=by.user,
        issued_at=at,
    )
    InvoiceLine.objects.bulk_create(_rows(row, invoice))
    _freeze(row, at, drawing.billed_entries(invoice))
    evidence = tuple(EvidenceFile(name=name, sha256=file.sha256, media_type=papers[name][1]) for name, file in stored.items())
    # After closing nothing more happens inside a period: a late invoice stands beside it.
    inside: list[dict[str, Any]] = [{"within": each.within()} for each in months if not periods.closing_of(each)]
    done, *_others = [decide(by, at, "invoice.drawn", row, files=evidence, **where) for where in inside or [{}]]
    return done


def _freeze(row: Invoice, at: datetime, entries: Sequence[UUID]) -> None:
    """What an invoice takes of time is billed once and changes no more."""
    found = TimeEntry.objects.filter(id__in=entries).order_by("id")
    BilledTime.objects.bulk_create(
        BilledTime(audience_id=row.audience_id, item_id=entry.item_id, entry=entry, number=row.number, billed_at=at) for entry in found
    )  # fmt: skip


def _rows(row: Invoice, invoice: invoicing.Invoice) -> list[InvoiceLine]:
    made = []
    for line in invoice.lines:
        for work in line.works:
            made.append(
                InvoiceLine(
                    audience_id=row.audience_id,
                    invoice=row,
                    position=line.number,
                    acceptance_id=UUID(line.acceptance),
                    work=work,
                    agreed_line_id=UUID(line.card_line),
                    done_on=line.last_on,
                    measure=line.measure,
                    says=line.says[:300],
                    quantity=line.quantity,
                    price=line.price,
                    net=line.net.amount,
                )
            )
    return made


def next_number(provider: Organization, at: datetime) -> str:
    """The next of the year's series. The row is locked until the invoice is stored, so the series has no gap and no number twice."""
    initials = "".join(word[0] for word in provider.name.upper().split() if word[0].isalpha())[:3] or "R"
    series, _new = Series.objects.select_for_update().get_or_create(organization_id=provider.pk, prefix=f"{initials}-{at.year}")
    number = series.next_number
    series.next_number += 1
    series.save(update_fields=["next_number"])
    return f"{series.prefix}-{number:04d}"
