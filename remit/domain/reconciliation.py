"""Two books of one account side by side: the items of each, what was matched, what stays open, and the bridge between both closings."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from remit.domain.reasons import Reason


@dataclass(frozen=True, kw_only=True)
class Item:
    """One entry of a bank statement or of the ledger's bank account. `amount` is signed alike on both sides: money into the account is positive.

    `key` comes from content (`content_keys`); `parts` is how many payments the bank says it booked as one, 0 where it says nothing, and `more` their names
    and references, to match by and not to show; `carried`: left open by an earlier period.
    """

    key: str
    on: date
    amount: Decimal
    text: str = ""
    counterparty: str = ""
    reference: str = ""
    parts: int = 0
    more: str = ""
    carried: bool = False


@dataclass(frozen=True)
class Match:
    """Items of the statement and of the ledger that are the same money: their sums are equal unless `why` says that an amount differs."""

    statement: tuple[str, ...]
    ledger: tuple[str, ...]
    why: Reason


@dataclass(frozen=True)
class Matching:
    """What software found: `matches` hold, each with the only fit; `possible` ones may compete for an item and need a person."""

    matches: tuple[Match, ...] = ()
    possible: tuple[Match, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Side:
    """One column of the bridge. `open_total` is what the other side's open items add to this closing."""

    opening: Decimal
    total_in: Decimal
    count_in: int
    total_out: Decimal
    count_out: int
    closing: Decimal
    open_total: Decimal
    open_count: int

    @property
    def reconciled(self) -> Decimal:
        """What the closing will be once the other side's open items are in."""
        return self.closing + self.open_total

    @property
    def apart(self) -> Decimal:
        """Opening plus entries less closing: zero when it foots."""
        return self.opening + self.total_in + self.total_out - self.closing


@dataclass(frozen=True)
class Bridge:
    """Statement closing + items open in the ledger = ledger closing + items open on the statement."""

    statement: Side
    ledger: Side

    @property
    def apart(self) -> Decimal:
        """Zero when the two sides meet."""
        return self.statement.reconciled - self.ledger.reconciled


@dataclass(frozen=True, kw_only=True)
class Book:
    """One side as it came: opening, closing and items; carried items stand among them and do not count into the period's own totals."""

    opening: Decimal
    closing: Decimal
    items: tuple[Item, ...]
    by_key: Mapping[str, Item] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {item.key: item for item in self.items})

    def open_after(self, matched: Iterable[str]) -> tuple[Item, ...]:
        """The items that no match names, oldest first."""
        taken = set(matched)
        return tuple(sorted((item for item in self.items if item.key not in taken), key=lambda item: (item.on, item.key)))


def bridge(statement: Book, ledger: Book, open_statement: Iterable[Item], open_ledger: Iterable[Item]) -> Bridge:
    """The bridge, given what is open on each side."""
    return Bridge(_side(statement, tuple(open_ledger)), _side(ledger, tuple(open_statement)))


def age_days(item: Item, on: date) -> int:
    """Whole days from the item's date to `on`, never negative."""
    return max(0, (on - item.on).days)


def content_keys(contents: Iterable[Sequence[object]]) -> list[str]:
    """A short key for each content; equal contents are told apart by their order, so that a corrected file keeps the keys of all that it left alone."""
    seen: Counter[str] = Counter()
    keys = []
    for content in contents:
        told = "\x1f".join(str(part) for part in content)
        keys.append(hashlib.sha256(f"{told}\x1f{seen[told]}".encode()).hexdigest()[:16])
        seen[told] += 1
    return keys


def _side(book: Book, others: tuple[Item, ...]) -> Side:
    own = [item.amount for item in book.items if not item.carried]
    return Side(
        opening=book.opening,
        total_in=sum((amount for amount in own if amount > 0), Decimal(0)),
        count_in=sum(1 for amount in own if amount > 0),
        total_out=sum((amount for amount in own if amount <= 0), Decimal(0)),
        count_out=sum(1 for amount in own if amount <= 0),
        closing=book.closing,
        open_total=sum((item.amount for item in others), Decimal(0)),
        open_count=len(others),
    )
