"""The frozen prices of an agreement as the domain sees them, and what a year under it comes to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from remit.apps.agreements.models import AgreedLine, Agreement
from remit.domain import pricing
from remit.domain.money import Money


def cards(agreement: Agreement) -> tuple[pricing.RateCard, ...]:
    """The frozen card, and one for each later day on which a price was agreed; each holds every price in force from its day."""
    rows = list(agreement.lines.order_by("valid_from"))
    found = []
    in_force: dict[tuple[Any, ...], AgreedLine] = {}
    for version, day in enumerate(sorted({row.valid_from for row in rows}), start=1):
        in_force |= {(row.service, row.level, row.basis, row.measure, row.variant): row for row in rows if row.valid_from == day}
        found.append(
            pricing.RateCard(id=rows[0].card, version=version, currency=rows[0].currency, valid_from=day, lines=tuple(_line(row) for row in in_force.values()))
        )
    return tuple(found)


def level_of(agreement: Agreement) -> int:
    """The level that work is priced at unless a line says otherwise."""
    return int(agreement.needs.get("level") or 1)


def year_total(agreement: Agreement, on: date, price: Decimal | None = None) -> Money | None:
    """What a year of the hours asked for costs by the card of a day, without tax; `price` instead of the card's. None while price or volume is not known."""
    volume = agreement.needs.get("hours_a_month")
    if volume in (None, ""):
        return None
    found = cards(agreement)
    priced = pricing.price(found, agreement.service, level_of(agreement), "hour", "", "", on)
    if not found or (price is None and not isinstance(priced, pricing.Price)):
        return None
    hourly = price if price is not None else cast(pricing.Price, priced).line.price
    return Money(hourly * Decimal(str(volume)) * 12, found[0].currency).rounded()


def _line(row: AgreedLine) -> pricing.CardLine:
    basis = cast(pricing.Basis, row.basis)
    return pricing.CardLine(id=str(row.id), service=row.service, level=row.level, basis=basis, price=row.price, measure=row.measure, variant=row.variant)
