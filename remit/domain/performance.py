"""How an engagement went: figures with numerator, denominator and n, folded from raw events alone, so that the other side can recompute them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from remit.domain.money import Money
from remit.domain.reasons import N_

Kind = Literal["opened", "handed_in", "reviewed", "found", "judged", "billed", "counted"]
KINDS: Mapping[str, str] = {
    "opened": N_("opened"),
    "handed_in": N_("handed in"),
    "reviewed": N_("reviewed"),
    "found": N_("found in review"),
    "judged": N_("judged by the client"),
    "billed": N_("billed"),
    "counted": N_("counted"),
}
COLUMNS = ("at", "item", "event", "number", "verdict", "due_at", "amount", "currency", "category", "severity")

THIN = 5
"""Below so many cases a share is not said, only its counts."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to a work item. `number` counts its deliverables from 1; `due_at` stands on `opened`, `amount` on `billed`,
    `category` and `severity` on `found`. One event of the kind `counted`, without item, says until when was counted.
    """

    at: datetime
    item: str
    event: Kind
    number: int = 0
    verdict: str = ""
    due_at: datetime | None = None
    amount: Decimal | None = None
    currency: str = ""
    category: str = ""
    severity: str = ""

    def row(self) -> list[object]:
        """Its cells, in the order of `COLUMNS`; instants as text with their offset."""
        due = self.due_at.isoformat() if self.due_at else ""
        return [self.at.isoformat(), self.item, self.event, self.number or None, self.verdict, due, self.amount, self.currency, self.category, self.severity]

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Event:
        """Read back from an exported row. Raises ValueError or KeyError for what is no such row."""
        kind = row["event"]
        if kind not in KINDS:
            raise ValueError(f"no event {kind!r}")
        return cls(
            at=datetime.fromisoformat(row["at"]),
            item=row["item"],
            event=kind,  # type: ignore[arg-type]
            number=int(row["number"] or 0),
            verdict=row["verdict"],
            due_at=datetime.fromisoformat(row["due_at"]) if row["due_at"] else None,
            amount=Decimal(row["amount"]) if row["amount"] else None,
            currency=row["currency"],
            # Files that were exported before findings were kept lack these columns.
            category=row.get("category", ""),
            severity=row.get("severity", ""),
        )


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A share or a mean: `numerator` over `denominator`; `n` is how many cases stand behind it.

    `how` says what is counted. `unit` is `share`, or `min` where the numerator holds minutes.
    """

    code: str
    says: str
    how: str
    numerator: Decimal
    denominator: Decimal
    n: int
    unit: Literal["share", "min"] = "share"

    @property
    def state(self) -> Literal["none", "thin", "said"]:
        """`none`: there is no case; `thin`: too few to conclude from; `said`: the value may be shown."""
        return "none" if self.n == 0 else "thin" if self.n < THIN else "said"

    @property
    def value(self) -> Decimal | None:
        """The share of one, or the mean in minutes; None where there is none, or too few cases."""
        return self.numerator / self.denominator if self.state == "said" else None

    @property
    def minutes(self) -> int | None:
        """The mean in whole minutes, where the unit is minutes."""
        return None if self.value is None else round(self.value)

    @property
    def total(self) -> int:
        """The numerator as a whole number."""
        return int(self.numerator)


@dataclass(frozen=True)
class Figures:
    """All figures, and what was billed in each currency."""

    figures: tuple[Figure, ...]
    billed: tuple[Money, ...]
    counted_at: datetime


@dataclass
class _Item:
    """What happened to one item."""

    opened_at: datetime | None = None
    due_at: datetime | None = None
    first: int = 0
    first_review: str = ""
    first_judged: str = ""
    accepted_at: datetime | None = None
    billed: bool = False


def figures(events: Iterable[Event]) -> Figures:
    """The figures of these events, in any order. ValueError where they do not say until when was counted.

    Work that is overdue and still open stays in the denominator of punctuality, and in turnaround with the time that it has taken so far.
    """
    ordered = sorted(events, key=_place)
    counted = [event.at for event in ordered if event.event == "counted"]
    if not counted:
        raise ValueError("no event says until when was counted")
    until = counted[-1]
    items = _items([event for event in ordered if event.event != "counted" and event.at <= until])
    money: dict[str, Decimal] = {}
    for event in ordered:
        if event.event == "billed" and event.amount is not None and event.at <= until:
            money[event.currency] = money.get(event.currency, Decimal(0)) + event.amount
    found = (_first_pass(items), _turnaround(items, until), _on_time(items, until), _billed(items))
    return Figures(found, tuple(Money(amount, currency) for currency, amount in sorted(money.items())), until)


def _place(event: Event) -> tuple[datetime, int, str]:
    """By time; at one instant in the order in which things can happen, and the same whatever order they come in."""
    return event.at, list(KINDS).index(event.event), str(event.row())


def _items(events: Sequence[Event]) -> list[_Item]:
    items: dict[str, _Item] = {}
    for event in events:
        item = items.setdefault(event.item, _Item())
        match event.event:
            case "opened":
                if item.opened_at is None:
                    item.opened_at, item.due_at = event.at, event.due_at
            case "handed_in":
                item.first = item.first or event.number
            case "reviewed":
                if event.number == item.first and not item.first_review:
                    item.first_review = event.verdict
            case "judged":
                if event.number == item.first and not item.first_judged:
                    item.first_judged = event.verdict
                if event.verdict == "accepted":
                    item.accepted_at = item.accepted_at or event.at
            case "billed":
                item.billed = True
    return list(items.values())


def _first_pass(items: Sequence[_Item]) -> Figure:
    judged = [item for item in items if item.first_judged or item.first_review == "returned"]
    passed = [item for item in judged if item.first_judged == "accepted" and item.first_review != "returned"]
    return _share(
        "first_pass",
        N_("First-pass yield"),
        N_("items whose first deliverable was passed and accepted without a return, of all whose first deliverable was judged"),
        len(passed),
        len(judged),
    )


def _turnaround(items: Sequence[_Item], until: datetime) -> Figure:
    spans = []
    for item in items:
        if item.opened_at is None:
            continue
        if item.accepted_at is not None:
            spans.append(max(item.accepted_at - item.opened_at, timedelta()))
        elif item.due_at is not None and item.due_at < until:
            spans.append(until - item.opened_at)
    total = sum((int(span.total_seconds() // 60) for span in spans), 0)
    says = N_("minutes from opening to acceptance over accepted items; overdue open ones count with their time so far")
    return Figure(code="turnaround", says=N_("Turnaround"), how=says, numerator=Decimal(total), denominator=Decimal(len(spans)), n=len(spans), unit="min")


def _on_time(items: Sequence[_Item], until: datetime) -> Figure:
    due = [item for item in items if item.due_at is not None and (item.accepted_at is not None or item.due_at < until)]
    kept = [item for item in due if item.accepted_at is not None and item.due_at is not None and item.accepted_at <= item.due_at]
    says = N_("items accepted by their due time, of all that are accepted or overdue")
    return _share("on_time", N_("On time"), says, len(kept), len(due))


def _billed(items: Sequence[_Item]) -> Figure:
    accepted = [item for item in items if item.accepted_at is not None]
    says = N_("accepted items that stand on an invoice, of all accepted items")
    return _share("billed", N_("Billed"), says, sum(item.billed for item in accepted), len(accepted))


def _share(code: str, says: str, how: str, numerator: int, denominator: int) -> Figure:
    return Figure(code=code, says=says, how=how, numerator=Decimal(numerator), denominator=Decimal(denominator), n=denominator)
