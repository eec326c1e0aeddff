"""What a deliverable is worth by the agreed card, before anyone accepts it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from remit.apps.agreements.cards import cards, level_of
from remit.apps.work import timing
from remit.apps.work.models import Deliverable
from remit.domain import pricing
from remit.domain.money import Money


def worth(made: Deliverable) -> Money | None:
    """Without tax, by the card of its month's last day, unbilled time by the cards of its days; None where the card prices nothing of it."""
    period, agreement = made.item.period, made.item.engagement.agreement
    priced = cards(agreement)
    card = pricing.card_of_day(priced, period.ends_on - timedelta(days=1))
    if card is None:
        return None
    amounts = [pricing.rounded(price * count, card.currency).amount for price, count in _priced(card, made.quantities, level_of(agreement))]
    if (time := timing.worth(made.item, priced)) is not None:
        amounts.append(time.amount)
    return Money(sum(amounts, Decimal(0)), card.currency) if amounts else None


def _priced(card: pricing.RateCard, quantities: list[dict[str, Any]], level: int) -> Iterator[tuple[Decimal, Decimal]]:
    """(price, count) of everything that the card prices by what was made, and of what it prices by month or as a whole."""
    units = {(line.measure, line.variant): line for line in card.lines if line.basis == "unit" and line.level == level}
    for quantity in quantities:
        if line := units.get((quantity["measure"], quantity["variant"])):
            count = Decimal(quantity["count"])
            yield line.price_at(count), count
    yield from ((line.price, Decimal(1)) for line in card.lines if line.basis in ("month", "fixed") and line.level == level)
