"""The invoice pages: list, draw from accepted work, one invoice with the trace of each line, its papers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from remit.apps.agreements.group import switch
from remit.apps.agreements.models import Engagement
from remit.apps.billing import actions, drawing, group, tracing
from remit.apps.billing.models import Invoice, InvoiceLine
from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound, Refused
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Organization
from remit.apps.organizations.roles import Place
from remit.apps.records import files, timeline
from remit.apps.records.context import reading
from remit.apps.work import matters
from remit.apps.work.models import Acceptance, Period
from remit.apps.work.places import of_period
from remit.domain.invoicing import Invoice as Drawn
from remit.domain.invoicing import subtotals
from remit.domain.money import Money
from remit.domain.pricing import BASES
from remit.domain.taxation import CATEGORIES
from remit.formats.words import Words
from remit.lines import lines

EXTRA = ("acceptance", "says", "level", "basis", "quantity", "measure", "variant")


@require_safe
def invoices(request: HttpRequest, organization: str) -> HttpResponse:
    """Invoices that the organization sends or gets, and for a provider the months with accepted work that is not billed."""
    me = request.by.organization  # type: ignore[attr-defined]
    narrowed = switch(request)
    found = Invoice.objects.select_related("engagement__client", "seller", "period__entity")
    if narrowed.chosen:
        # An invoice of the group is one of each entity whose work is on it.
        found = found.filter(
            Exists(InvoiceLine.objects.filter(invoice=OuterRef("pk"), acceptance__deliverable__item__period__entity__entity_id=narrowed.chosen))
        )
    rows = list(found.order_by("-issued_at", "-number"))
    numbers = [row.number for row in rows]
    here = may(request)
    context = {
        "switch": narrowed,
        "totals": _totals(rows),
        "rows": [{"invoice": row, "total": Money(row.total, row.currency), "twice": numbers.count(row.number) > 1} for row in rows],
        "unbilled": _unbilled([each for each in drawing.unbilled(me) if here.allows(actions.draw_invoice, of_period(each))], organization),
    }
    return render(request, "billing/invoices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest, organization: str, period: str) -> HttpResponse:
    """What the invoice of a month would hold; POST draws it, with a further line where one is given."""
    if request.method != "POST":
        return _preview(request, period)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = _period(request, period).id
    values: dict[str, Any] = {"period": str(key)}
    if request.POST.get("says"):
        values["extra"] = [{name: request.POST[name] for name in EXTRA if request.POST.get(name)}]
    return door.perform(
        request,
        actions.draw_invoice,
        values,
        then=lambda done: door.at(request, "invoice", done.reference),
        again=lambda errors: _preview(request, period, door.sentences(errors)),
        says=_("The invoice is drawn, validated and stored."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def draw_group(request: HttpRequest, organization: str, engagement: str, year: int, month: int) -> HttpResponse:
    """What the group's invoice of a month would hold; POST draws it."""
    if not (1 <= month <= 12 and 2000 <= year <= 2200):
        raise Http404
    first = date(year, month, 1)
    if request.method != "POST":
        return _group_preview(request, engagement, first)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = _engagement(request, engagement).id
    return door.perform(
        request,
        group.draw_group_invoice,
        {"engagement": str(key), "month": first.isoformat()},
        then=lambda done: door.at(request, "invoice", done.reference),
        again=lambda errors: _group_preview(request, engagement, first, door.sentences(errors)),
        says=_("The invoice is drawn, validated and stored."),
    )


@require_safe
def invoice(request: HttpRequest, organization: str, number: str) -> HttpResponse:
    """One invoice; `?line=` opens the trace of a line."""
    found = _invoice(request, number)
    whole = tracing.whole(found)
    asked = request.GET.get("line", "")
    shown = next((line for line in whole.lines if str(line.number) == asked), whole.lines[0])
    entry = tracing.entry_of("invoice.drawn", found.id)
    context = {
        "invoice": found,
        "whole": whole,
        "shown": shown,
        "trace": tracing.trace(found, shown, organization, request.by.organization == found.seller_id),  # type: ignore[attr-defined]
        "table": _table(whole),
        "shown_basis": BASES[shown.basis],
        "sums": _sums(whole),
        "subtotals": subtotals(whole),
        "month": found.period.begins_on if found.period else found.month,
        "refused": [told for told in timeline.told(tracing.refused(found), organization) if any(r.code not in tracing.NO_LINE for r in told.reasons)],
        "entry": entry,
        "papers": tracing.papers(found, organization) if may(request).allows(actions.open_invoice_file, _place(found)) else [],
        "zone": timeline.zone_of(request.by.organization),  # type: ignore[attr-defined]
        "seller_zone": timeline.zone_of(found.seller_id),
        "seller": request.GET.get("seller", ""),
        **_disputed(found, whole, request.at),  # type: ignore[attr-defined]
    }
    return render(request, "billing/invoice.html", context)


def _disputed(found: Invoice, whole: Drawn, at: datetime) -> dict[str, Any]:
    """Open disputes of the invoice, and what of it is due meanwhile: never less than nothing."""
    disputes = matters.disputes_of(found.engagement_id, found.number, at)
    held = min(matters.withheld(disputes), whole.total.amount)
    return {"disputes": disputes, "disputed": Money(held, whole.currency), "due_now": Money(whole.total.amount - held, whole.currency)}


@require_POST
def open_file(request: HttpRequest, organization: str, number: str, form: str) -> HttpResponse:
    """The XML or the PDF, as an attachment; the look is recorded first."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = _invoice(request, number)
    values = actions.open_invoice_file.parse({"invoice": str(found.id), "form": form})
    result = actions.open_invoice_file(by=request.by, at=request.at, **values)  # type: ignore[attr-defined]
    if isinstance(result, Refused):
        return HttpResponseRedirect(f"{door.at(request, 'invoice', number)}?{urlencode({'refused': result.entry})}", status=303)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        stored = _invoice(request, number)
        content = files.read(stored.pdf if form == "pdf" else stored.ubl)
    answer = HttpResponse(content, content_type="application/pdf" if form == "pdf" else "application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.{form}"'
    return answer


def _invoice(request: HttpRequest, number: str) -> Invoice:
    """By its number; two sellers may use the same one, then `seller` tells them apart."""
    rows = Invoice.objects.select_related("engagement__client", "engagement__agreement", "seller", "period__entity", "ubl", "pdf").filter(number=number)
    seller = request.GET.get("seller") or request.POST.get("seller")
    found = (rows.filter(seller__reference=seller) if seller else rows).order_by("-issued_at").first()
    if found is None:
        raise NotFound(number)
    return found


def _place(found: Invoice) -> Place:
    return of_period(found.period) if found.period else Place(engagement=found.engagement_id, service=found.engagement.agreement.service)


def _period(request: HttpRequest, reference: str) -> Period:
    me = request.by.organization  # type: ignore[attr-defined]
    found = Period.objects.select_related("engagement__agreement", "engagement__client", "entity").filter(reference=reference, engagement__provider=me).first()
    if found is None:
        raise NotFound(reference)
    return found


def _totals(rows: list[Invoice]) -> list[Money]:
    """What the invoices come to, each currency by itself: none is turned into another."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, Decimal(0)) + (row.total if row.kind == "invoice" else -row.total)
    return [Money(amount, currency) for currency, amount in sorted(sums.items())]


def _engagement(request: HttpRequest, reference: str) -> Engagement:
    me = request.by.organization  # type: ignore[attr-defined]
    found = Engagement.objects.select_related("agreement", "client").filter(reference=reference, provider=me).first()
    if found is None:
        raise NotFound(reference)
    return found


def _unbilled(months: list[Period], organization: str) -> list[dict[str, Any]]:
    """Where each can be drawn; the months of a group's entities that go on one invoice stand there once."""
    rows: dict[str, dict[str, Any]] = {}
    for period in months:
        engagement = period.engagement
        if engagement.agreement.billing:
            where = reverse("group_draw", args=[organization, engagement.reference, period.begins_on.year, period.begins_on.month])
            name, reference = _("the group"), engagement.reference
        else:
            where, name, reference = reverse("invoice_draw", args=[organization, period.reference]), period.entity.name, period.reference
        rows.setdefault(where, {"where": where, "month": period.begins_on, "name": name, "client": engagement.client.name, "reference": reference})
    return list(rows.values())


def _group_preview(request: HttpRequest, reference: str, first: date, errors: dict[str, list[str]] | None = None) -> HttpResponse:
    found = _engagement(request, reference)
    months = group.of_month(found.id, first)
    if not months or not found.agreement.billing:
        raise NotFound(reference)
    provider = Organization.objects.get(pk=found.provider_id)
    drawn, buyer = group.drawn_of(found, provider, request.at, "–", months), group.buyer_of(found)  # type: ignore[attr-defined]
    context = {
        "engagement": found,
        "month": first,
        "buyer": buyer,
        "taxed_otherwise": [each.entity.name for each in months if each.entity.tax and each.entity.tax != (buyer.tax or found.agreement.tax)],
        "drawn": drawn,
        "table": _table(drawn.invoice) if drawn.invoice else None,
        "subtotals": subtotals(drawn.invoice) if drawn.invoice else (),
        "may_draw": may(request).allows(group.draw_group_invoice, Place(engagement=found.id, service=found.agreement.service)),
        "errors": errors or {},
    }
    return render(request, "billing/draw_group.html", context)


def _table(whole: Drawn) -> dict[str, Any]:
    """The lines and sums with the words of their codes."""
    return {
        "currency": whole.currency,
        "lines": [
            {"line": line, "basis": BASES[line.basis], "price": line.price.normalize() if line.price % 1 else line.price.quantize(1)} for line in whole.lines
        ],
        "taxes": [{"part": part, "says": CATEGORIES[part.treatment.category]} for part in whole.taxes],
        "net": whole.net,
        "total": whole.total,
    }


def _sums(whole: Drawn) -> list[dict[str, str]]:
    """The sums that the official rules ask for, with this invoice's own figures."""
    words = Words(get_language() or "en")
    net, tax, total = (words.number(money.amount, 2) for money in (whole.net, whole.tax, whole.total))
    terms = " + ".join(words.number(line.net.amount, 2) for line in whole.lines)
    return [
        {"rule": "BR-CO-10", "says": _("Sum of lines"), "shown": f"{terms} = {net}"},
        {"rule": "BR-CO-14", "says": _("Sum of taxes"), "shown": tax},
        {"rule": "BR-CO-15", "says": _("Total with tax"), "shown": f"{net} + {tax} = {total}"},
    ]


def _preview(request: HttpRequest, reference: str, errors: dict[str, list[str]] | None = None) -> HttpResponse:
    found = _period(request, reference)
    provider = Organization.objects.get(pk=found.engagement.provider_id)
    service = lines()[found.engagement.agreement.service]
    accepted = Acceptance.objects.filter(deliverable__item__period=found, verdict="accepted").select_related("deliverable__item")
    drawn = drawing.drawn(found, provider, request.at, "–", drawing.to_draw(found))  # type: ignore[attr-defined]
    context = {
        "period": found,
        "drawn": drawn,
        "table": _table(drawn.invoice) if drawn.invoice else None,
        "acceptances": accepted.order_by("accepted_at"),
        "bases": BASES,
        "measures": service.measures,
        "may_draw": may(request).allows(actions.draw_invoice, of_period(found)),
        "errors": errors or {},
        "typed": request.POST,
    }
    return render(request, "billing/draw.html", context)
