"""An amount of money: decimal, with its currency, rounded once and half up (EN 16931 rounds so)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache


@cache
def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency, e.g. 0.01 for EUR and 1 for JPY (ISO 4217 by CLDR)."""
    from babel.numbers import get_currency_precision

    return Decimal(1).scaleb(-get_currency_precision(currency))


@dataclass(frozen=True)
class Money:
    """`amount` of `currency` (ISO 4217 code). Sums and differences need one currency; a product is rounded only by `rounded`."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def rounded(self) -> Money:
        """To the currency's minor unit, half up (away from zero at the half)."""
        return Money(self.amount.quantize(minor_unit(self.currency), ROUND_HALF_UP), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.amount

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The sum; zero of `currency` where there is nothing to add."""
        return sum(amounts, cls(Decimal(0), currency))
