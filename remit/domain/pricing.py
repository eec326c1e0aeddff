"""What work costs: rate cards, the card of the day, and an amount rounded once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from remit.domain.money import Money, minor_unit
from remit.domain.reasons import N_, Reason, Sentence

Basis = Literal["hour", "unit", "month", "fixed", "outcome", "cost_plus"]
BASES: dict[Basis, str] = {
    "hour": N_("hour"),
    "unit": N_("unit"),
    "month": N_("month"),
    "fixed": N_("fixed price"),
    "outcome": N_("outcome"),
    "cost_plus": N_("cost plus"),
}

NO_CARD = Sentence("billing.no_card", N_("No rate card is in force on {on}."))
OFF_CARD = Sentence("billing.off_card", N_("Card {card} of {valid_from} has no line for {service}, level {level}, by {basis}{detail}, which was done on {on}."))
ACCEPT_CARD = Sentence("billing.agree_a_line", N_("Agree a card line for it: the line holds from its own date on, not before."))


@dataclass(frozen=True)
class Band:
    """From the quantity `at_least` on, the whole quantity costs `price` each."""

    at_least: Decimal
    price: Decimal


@dataclass(frozen=True, kw_only=True)
class CardLine:
    """One price: per hour, unit, month or whole. `level` is 1 to 5; `price` is zero or more, and zero is a price.

    `measure` is the service line's own (what a unit is); `variant` tells lines of one measure apart (part number, kind of return).
    """

    id: str
    service: str
    level: int
    basis: Basis
    price: Decimal
    measure: str = ""
    variant: str = ""
    bands: tuple[Band, ...] = ()

    def __post_init__(self) -> None:
        prices = (self.price, *(band.price for band in self.bands))
        if not all(price.is_finite() and price >= 0 for price in prices):
            raise ValueError(f"card line {self.id}: a price is zero or more")

    def price_at(self, quantity: Decimal) -> Decimal:
        """The price of one, when so many are billed together."""
        reached = [band for band in self.bands if band.at_least <= quantity]
        return max(reached, key=lambda band: band.at_least).price if reached else self.price

    @property
    def key(self) -> tuple[str, int, str, str, str]:
        """What a card has one line for."""
        return self.service, self.level, self.basis, self.measure, self.variant


@dataclass(frozen=True, kw_only=True)
class RateCard:
    """Dated prices in one currency, in force from `valid_from` until before `valid_until` or until a later card succeeds it; never edited."""

    id: str
    version: int
    currency: str
    valid_from: date
    lines: tuple[CardLine, ...]
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if len({line.key for line in self.lines}) != len(self.lines):
            raise ValueError(f"card {self.id}: two prices for the same work")


@dataclass(frozen=True)
class Price:
    """The card of the day and its line."""

    card: RateCard
    line: CardLine


def card_of_day(cards: Iterable[RateCard], on: date) -> RateCard | None:
    """The card in force: of those begun by then, the one begun last (the highest version of one day), unless it has ended.

    A later card takes its predecessor's place from its first day on and never before; when it ends, the predecessor does not come back.
    """
    begun = [card for card in cards if card.valid_from <= on]
    latest = max(begun, key=lambda card: (card.valid_from, card.version), default=None)
    return None if latest is None or (latest.valid_until is not None and on >= latest.valid_until) else latest


def price(cards: Iterable[RateCard], service: str, level: int, basis: Basis, measure: str, variant: str, on: date) -> Price | Reason:
    """The price of work done on a day, by that day's card; a reason where the card has none (no line of another level or basis stands in)."""
    card = card_of_day(cards, on)
    if card is None:
        return NO_CARD(on=on, cure=ACCEPT_CARD())
    for line in card.lines:
        if line.key == (service, level, basis, measure, variant):
            return Price(card, line)
    detail = "".join(f", {part}" for part in (measure, variant) if part)
    return OFF_CARD(card=card.id, valid_from=card.valid_from, service=service, level=level, basis=basis, detail=detail, on=on, cure=ACCEPT_CARD())


def rounded(amount: Decimal, currency: str) -> Money:
    """Half up to the currency's minor unit, but to two decimals at most (EN 16931, BR-DEC rules)."""
    return Money(amount.quantize(max(minor_unit(currency), Decimal("0.01")), ROUND_HALF_UP), currency)
