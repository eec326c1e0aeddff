"""What closing a month will do: what it locks, what it seals for whom, what is billed after it; and which steps are still to come without holding it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from remit.apps.work.bills import Bill
from remit.apps.work.matrix import Matrix, Row
from remit.apps.work.models import WorkItem
from remit.apps.work.waiting import ACCEPT, FILE, Standing, accepter, due_at
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason, Sentence

REVIEWS = Sentence("coming.review", N_("{who} reviews"))
SOMEBODY_REVIEWS = Sentence("coming.nobody_reviews", N_("The review; nobody is on it yet"))
ACCEPTS = Sentence("coming.accept", N_("{who} accepts"))
SENDS = Sentence("coming.send", N_("{who} sends it to {authority}"))


@dataclass(frozen=True)
class Share:
    """One entity's part: items that closing locks, the bill to come, and whether it hands something on to the next month."""

    row: Row
    items: int
    bill: Bill | None
    hands_on: bool


@dataclass(frozen=True)
class Coming:
    """A step that follows on what now is next: it holds nothing yet."""

    says: Reason
    at: datetime
    item: WorkItem


@dataclass(frozen=True)
class Ahead:
    """All of it. `totals`: bills to come by currency."""

    shares: tuple[Share, ...]
    coming: tuple[Coming, ...]
    shows_bills: bool

    @property
    def items(self) -> int:
        """How many items closing locks."""
        return sum(share.items for share in self.shares)

    @property
    def billed(self) -> tuple[Share, ...]:
        """Entities with a bill to come."""
        return tuple(share for share in self.shares if share.bill and share.bill.amount)

    @property
    def totals(self) -> tuple[Money, ...]:
        """Of the bills to come, one a currency."""
        amounts = [share.bill.amount for share in self.billed if share.bill and share.bill.amount]
        return tuple(Money.total([each for each in amounts if each.currency == currency], currency) for currency in sorted({each.currency for each in amounts}))

    @property
    def cards(self) -> tuple[str, ...]:
        """By which they are priced."""
        return tuple(dict.fromkeys(share.bill.card for share in self.billed if share.bill))

    @property
    def off_card(self) -> int:
        """Accepted work that no card line prices: it is refused when it is billed, not left out in silence."""
        return sum(share.bill.off_card for share in self.shares if share.bill)

    @property
    def hands_on(self) -> tuple[Row, ...]:
        """Entities whose accepted work leaves something to the month after."""
        return tuple(share.row for share in self.shares if share.hands_on)


def ahead_of(found: Matrix, bills: Mapping[UUID, Bill]) -> Ahead:
    """Of the entities whose month is open, from what is at hand."""
    rows = [row for row in found.rows if row.closing is None]
    shares = tuple(Share(row, len(row.standings), bills.get(row.period.id), _hands_on(row)) for row in rows)
    coming = sorted((step for row in rows for each in row.standings for step in _coming(each)), key=lambda step: step.at)
    return Ahead(shares, tuple(coming), bool(bills))


def _hands_on(row: Row) -> bool:
    """The month after takes up what was accepted of the service's own item, where the service carries anything over."""
    return row.main is not None and row.main.is_accepted and row.main.line.carry is not None


def _coming(found: Standing) -> list[Coming]:
    """What follows on that which the item waits for now, up to its end; nothing where that is not known yet."""
    item, now = found.item, found.wait
    if now is None or now.step == FILE:
        return []
    steps = []
    if found.reviewing is not None and now.step == found.working.code:
        held = found.on.get(found.reviewing.code)
        says = REVIEWS(who=held.person_name) if held else SOMEBODY_REVIEWS()
        steps.append(Coming(says, due_at(item, found.reviewing, found.clock), item))
    if now.step != ACCEPT:
        steps.append(Coming(ACCEPTS(who=accepter(item)), found.clock.due_at, item))
    if item.deadline:
        steps.append(Coming(SENDS(who=accepter(item), authority=item.deadline["authority"]), item.due_at, item))
    return steps
