"""What may be billed of an engagement, as the domain sees it: the frozen card, the parties, and accepted work not billed yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from remit.apps.agreements.cards import cards, level_of
from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.agreements.time_terms import time_terms
from remit.apps.billing.models import InvoiceLine
from remit.apps.organizations.models import Organization
from remit.apps.work import timing
from remit.apps.work.models import Acceptance, OpeningTime, Period, WorkItem
from remit.domain import invoicing, pricing
from remit.domain.calendars import zone
from remit.domain.reasons import N_
from remit.domain.taxation import Party, TaxTreatment
from remit.domain.timekeeping import Spent, hours
from remit.formats.words import Words
from remit.lines import lines

FROM_BEFORE = N_("Done before the relation was taken over")
HOURS = N_("{title}: hours, level {level}")
TIME = "time:"
"""How the ids of works begin that are entries of time: the entry's key and the day follow."""


def terms(engagement: Engagement, entity: AgreedEntity, found: tuple[pricing.RateCard, ...] = ()) -> invoicing.Terms:
    """What the agreement froze about billing, for one entity's invoices; `found`: its cards, where they were read before."""
    agreement = engagement.agreement
    tax = entity.tax or agreement.tax
    found = found or cards(agreement)
    return invoicing.Terms(
        engagement=str(engagement.id),
        agreement=agreement.reference,
        entities=frozenset({str(entity.entity_id)}),
        currency=found[0].currency,
        cards=found,
        tax=TaxTreatment(category=tax["category"], rate=Decimal(tax["rate"]), exemption=tax["reason"]),
        term_from=agreement.begins_on,
        term_until=agreement.ends_on,
        due_days=agreement.payment_days,
        iban=agreement.iban,
        buyer_reference=agreement.reference,
    )


def seller(organization: Organization) -> Party:
    """The provider as its invoices name it."""
    return Party(
        name=organization.name,
        country=organization.country,
        street=organization.street,
        city=organization.city,
        postcode=organization.postcode,
        vat_id=organization.vat_id,
        registration=organization.register_number,
    )


def buyer(entity: AgreedEntity) -> Party:
    """The entity as the agreement froze it."""
    facts = entity.facts
    return Party(
        name=entity.name,
        country=facts["country"],
        street=facts["street"],
        city=facts["city"],
        postcode=facts["postcode"],
        vat_id=facts["vat_id"],
        registration=facts["register_number"],
    )


def works(period: Period) -> list[invoicing.Work]:
    """The accepted work of a period by every measure that the agreement prices; also what it prices by month or as a whole, once an accepted item.

    It is priced by the card of the period's last day: what a month's work costs does not depend on when it was handed in.
    """
    return works_of([period])[period.id]


def works_of(months: Sequence[Period]) -> dict[UUID, list[invoicing.Work]]:
    """The same of several months, by period, in a fixed number of queries."""
    rows_of = Acceptance.objects.filter(deliverable__item__period__in=months).select_related("deliverable__item")
    accepted = standing(rows_of.defer("deliverable__checks", "deliverable__carry", "deliverable__state")).order_by("accepted_at")
    by_period: dict[UUID, list[Acceptance]] = {month.id: [] for month in months}
    for acceptance in accepted:
        by_period[acceptance.deliverable.item.period_id].append(acceptance)
    before: dict[UUID, list[OpeningTime]] = {}
    for time in OpeningTime.objects.filter(period__in=months).order_by("done_on", "id"):
        before.setdefault(time.period_id, []).append(time)
    spent = timing.unbilled_by_item(acceptance.deliverable.item_id for acceptance in accepted)
    prefetch_related_objects([month.engagement.agreement for month in months], "lines")
    found = {}
    for month in months:
        rows = by_period[month.id]
        of_month = [work for acceptance in rows for work in _of_acceptance(month, acceptance)]
        of_month += _time(month, rows, spent)
        found[month.id] = of_month + ([_from_before(month, rows[0], time) for time in before.get(month.id, ())] if rows else [])
    return found


def _of_acceptance(period: Period, acceptance: Acceptance) -> Iterator[invoicing.Work]:
    agreement = period.engagement.agreement
    level = level_of(agreement)
    priced = {(line.basis, line.measure, line.variant) for line in agreement.lines.all()}
    for quantity in acceptance.deliverable.quantities:
        if ("unit", quantity["measure"], quantity["variant"]) in priced:
            yield _work(period, acceptance, "unit", level, Decimal(quantity["count"]), quantity["measure"], quantity["variant"])
    for basis, measure, variant in sorted(priced):
        if basis in ("month", "fixed"):
            yield _work(period, acceptance, cast(pricing.Basis, basis), level, Decimal(1), measure, variant)


def to_draw(period: Period, extras: Sequence[invoicing.Work] = ()) -> list[invoicing.Work]:
    """What a period's next invoice is drawn from: accepted work that no invoice holds, and the extras.

    Where nothing is left, all accepted work, so that the refusal names what was billed before.
    """
    accepted = works(period)
    done = billed({UUID(work.acceptance) for work in accepted})
    return [*(work for work in accepted if work.id not in done), *extras] or accepted


def extra(period: Period, acceptance: Acceptance, row: Any) -> invoicing.Work:
    """Further work asked to be billed on an acceptance: the card decides whether it may."""
    return _work(period, acceptance, row.basis, row.level, row.quantity, row.measure, row.variant, row.says)


def _from_before(period: Period, acceptance: Acceptance, time: OpeningTime) -> invoicing.Work:
    """Unbilled work of a relation that was taken over: billed with the first accepted work of its month, at the price of the day it was done."""
    work = _work(period, acceptance, cast(pricing.Basis, time.basis), time.level, time.quantity, time.measure, "", FROM_BEFORE)
    return replace(work, id=f"taken:{time.id}", on=time.done_on)


def _time(period: Period, accepted: Sequence[Acceptance], spent: Mapping[UUID, Sequence[Spent]]) -> list[invoicing.Work]:
    """The accepted items' unbilled time, where the agreement bills it: each day of an entry by its own level, priced by the card of that day."""
    by_item = {each.deliverable.item_id: each for each in accepted}
    words = Words(period.engagement.agreement.language)
    found = []
    for item, parts in timing.parts_of({key: spent[key] for key in by_item if key in spent}, period.engagement.agreement, period.entity.facts["zone"]).items():
        title = words.text(by_item[item].deliverable.item.title)
        for part in parts:
            says = words.text(HOURS, title=title, level=part.level)
            work = _work(period, by_item[item], "hour", part.level, hours(part.minutes), "", "", says)
            found.append(replace(work, id=f"{TIME}{part.key}:{part.on.isoformat()}", on=part.on, minutes=part.minutes))
    return found


def billed_entries(invoice: invoicing.Invoice) -> list[UUID]:
    """Entries of time that an invoice takes, each once."""
    works = (work for line in invoice.lines for work in line.works if work.startswith(TIME))
    return [UUID(key) for key in dict.fromkeys(work.split(":")[1] for work in works)]


def _work(
    period: Period, acceptance: Acceptance, basis: pricing.Basis, level: int, quantity: Decimal, measure: str, variant: str, says: str = ""
) -> invoicing.Work:
    item = acceptance.deliverable.item
    line = lines()[item.service]
    return invoicing.Work(
        id=f"{acceptance.id}:{basis}:{level}:{measure}:{variant}",
        item=item.reference,
        engagement=str(period.engagement_id),
        entity=str(period.entity.entity_id),
        says=says or line.measures.get(measure, "") or line.says,
        service=item.service,
        level=level,
        basis=basis,
        quantity=quantity,
        on=period.ends_on - timedelta(days=1),
        acceptance=str(acceptance.id),
        measure=measure,
        variant=variant,
    )


def drawn(period: Period, provider: Organization, at: datetime, number: str, works: Sequence[invoicing.Work]) -> invoicing.Drawn:
    """The invoice of these works under this number, or what keeps it from being drawn; nothing is stored. The day of issue is that of the seller's clocks."""
    return invoicing.draw(
        number,
        at.astimezone(zone(provider_zone(provider))).date(),
        seller(provider),
        buyer(period.entity),
        terms(period.engagement, period.entity),
        works,
        billed({UUID(work.acceptance) for work in works}),
    )


def provider_zone(provider: Organization) -> str:
    """The clocks of its first site."""
    return provider.sites.order_by("id").values_list("zone", flat=True).first() or "UTC"


def standing(acceptances: QuerySet[Acceptance]) -> QuerySet[Acceptance]:
    """Of these the one of each item that its invoice rests on: what was billed, else the newest.

    A month that was opened again has a further acceptance of the same work; it is not charged for a second time.
    """
    others = Acceptance.objects.filter(deliverable__item=OuterRef("deliverable__item"), verdict="accepted").exclude(pk=OuterRef("pk"))
    lines_of_it = InvoiceLine.objects.filter(acceptance=OuterRef("pk"))
    in_its_place = others.filter(Q(billed__isnull=False) | Q(accepted_at__gt=OuterRef("accepted_at")))
    # What was found wrong is not charged for; where it is on an invoice already, that stands.
    return acceptances.filter(Exists(lines_of_it) | Q(deliverable__reopening=None) & ~Exists(in_its_place), verdict="accepted")


def unbilled(provider: UUID) -> list[Period]:
    """Months of a provider's engagements with an accepted deliverable that no line of an invoice rests on, the oldest first."""
    waiting = standing(Acceptance.objects.filter(billed=None, deliverable__item__engagement__provider=provider))
    rows = Period.objects.filter(Q(id__in=waiting.values("deliverable__item__period")) | Q(id__in=_with_time(provider)))
    return list(rows.select_related("entity", "engagement__client", "engagement__agreement").order_by("begins_on", "entity__name"))


def _with_time(provider: UUID) -> list[UUID]:
    """Months with time on accepted items that no invoice holds, under agreements that bill time."""
    running = Engagement.objects.filter(provider=provider).select_related("agreement").prefetch_related("agreement__lines")
    billing = [each.id for each in running if time_terms(each.agreement).billed]
    if not billing:
        return []
    accepted = WorkItem.objects.filter(engagement__in=billing, deliverables__acceptances__verdict="accepted", deliverables__reopening=None)
    return list(accepted.filter(id__in=timing.unbilled().values("item")).values_list("period", flat=True).distinct())


def billed(acceptances: Iterable[UUID]) -> frozenset[str]:
    """Ids of works of these acceptances that are on an invoice."""
    rows = InvoiceLine.objects.filter(acceptance__in=acceptances).values_list("work", flat=True)
    return frozenset(rows)
