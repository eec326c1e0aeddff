"""How fast and how rightly 10,000 statement lines are matched with 10,000 ledger entries whose truth is known: `python bench/reconcile.py`, one line of JSON.

Measured are pairs (statement line, ledger entry) of the certain matches against the true ones; the books hold references, bare amounts, collective
transfers, card settlements, swapped digits, fees, timing differences, recurring amounts and entries posted twice.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from remit.domain.matching import match
from remit.domain.reconciliation import Item

NAMES = (
    *("Kessler", "Brandt", "Reuter", "Linde", "Stahl", "Hofmann", "Vogel", "Krause", "Petrov", "Dimitrova"),
    *("Ivanov", "Georgiev", "Baumann", "Lehmann", "Seidel", "Winter", "Arnold", "Busch", "Sommer", "Keller"),
)
TRADES = (
    *("Optik", "Logistik", "Glas", "Praezision", "Metallbau", "Druckerei", "Software", "Elektro"),
    *("Moebel", "Textil", "Papier", "Werkzeug", "Transport", "Energie", "Beratung", "Verlag"),
)
FIRST = date(2027, 1, 1)
SHARES = {"reference": 52, "name": 18, "bare": 8, "batch": 4, "card": 2, "recurring": 6, "swapped": 2, "fee": 3, "timing": 3, "twice": 2}
"""Of a hundred statement lines (collective ones count as one)."""

Truth = set[tuple[str, str]]


class Month:
    """A month being written: both sides, and which entries are the same money."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.statement: list[Item] = []
        self.ledger: list[Item] = []
        self.truth: Truth = set()
        self.names = [f"{name} {trade} {number}" for name in NAMES for trade in TRADES for number in ("GmbH", "AG", "OOD", "KG")]

    def entry(self, side: str, on: date, amount: Decimal, text: str, name: str = "", reference: str = "") -> str:
        """Write one entry; its key is its number."""
        items = self.statement if side == "s" else self.ledger
        key = f"{side}{len(items):06}"
        items.append(Item(key=key, on=on, amount=amount, text=text, counterparty=name, reference=reference))
        return key

    def day(self, until: int = 31) -> date:
        """A day of the month."""
        return FIRST + timedelta(days=self.chance.randrange(until))

    def amount(self) -> Decimal:
        """Skewed, as invoices are: most are small, some large; two in three go out."""
        cents = int(10 ** self.chance.uniform(3.0, 6.3))
        return Decimal(cents if self.chance.random() < 0.35 else -cents) / 100

    def number(self, prefix: str) -> str:
        """An invoice's number."""
        return f"{prefix}-{self.chance.randrange(100_000):05}"

    def write(self, kind: str) -> None:
        """One case of that kind."""
        getattr(self, f"write_{kind}")(self.day(28), self.amount(), self.chance.choice(self.names))

    def write_reference(self, on: date, amount: Decimal, name: str) -> None:
        """Named on both sides by the invoice; the ledger's voucher is its own number."""
        reference = self.number("RE")
        one = self.entry("s", on, amount, f"UEBERWEISUNG {reference.replace('-', ' ' if self.chance.random() < 0.1 else '-')}", name)
        other = self.entry("l", on - timedelta(days=self.chance.choice((0, 0, 1, 2, 5))), amount, f"Invoice {reference}", name, self.number("KA"))
        self.truth.add((one, other))

    def write_name(self, on: date, amount: Decimal, name: str) -> None:
        """No reference at the bank, but the payee."""
        one = self.entry("s", on, amount, "SEPA UEBERWEISUNG", name.upper())
        other = self.entry("l", on - timedelta(days=self.chance.choice((0, 1, 2, 3))), amount, "Payment", name, self.number("KA"))
        self.truth.add((one, other))

    def write_bare(self, on: date, amount: Decimal, name: str) -> None:
        """Nothing but amount and day."""
        one = self.entry("s", on, amount, "GUTSCHRIFT" if amount > 0 else "LASTSCHRIFT")
        self.truth.add((one, self.entry("l", on - timedelta(days=self.chance.choice((0, 0, 1, 2))), amount, name, "", self.number("KA"))))

    def write_batch(self, on: date, amount: Decimal, name: str) -> None:
        """One collective transfer, two to nine entries of its payment run."""
        run = f"SAMMLER {self.chance.randrange(10**6):06}"
        parts = [-abs(self.amount()) for _ in range(self.chance.randrange(2, 10))]
        one = self.entry("s", on, sum(parts, Decimal(0)), f"SAMMELUEBERWEISUNG {run}")
        for part in parts:
            text = f"Payment run {run}" if self.chance.random() < 0.999 else "Payment run"
            self.truth.add((one, self.entry("l", on - timedelta(days=1), part, text, self.chance.choice(self.names), self.number("KA"))))

    def write_card(self, on: date, amount: Decimal, name: str) -> None:
        """Card settlements of a terminal, entered as one sum a week."""
        terminal = f"TERMINAL {self.chance.randrange(10**7):07}"
        parts = [abs(self.amount()) for _ in range(self.chance.randrange(2, 6))]
        other = self.entry("l", on + timedelta(days=2), sum(parts, Decimal(0)), f"Card sales {terminal}", "", self.number("KA"))
        for at, part in enumerate(parts):
            self.truth.add((self.entry("s", on + timedelta(days=min(at, 2)), part, f"KARTENUMSATZ {terminal}"), other))

    def write_recurring(self, on: date, amount: Decimal, name: str) -> None:
        """Subscriptions of the same price by the same direct debit, customer numbers on both sides."""
        customer = f"KD{self.chance.randrange(10**6):06}"
        price = self.chance.choice((Decimal("49.90"), Decimal("19.00"), Decimal("99.00")))
        one = self.entry("s", on, price, f"ABO {customer}")
        self.truth.add((one, self.entry("l", on - timedelta(days=self.chance.choice((0, 1))), price, f"Subscription {customer}", "", self.number("KA"))))

    def write_swapped(self, on: date, amount: Decimal, name: str) -> None:
        """Two digits of the reference swapped in the ledger: true, but a person has to say so."""
        reference = f"RG-{self.chance.randrange(1000, 9999) * 10 + 1}"
        wrong = reference[:-2] + reference[-1] + reference[-2]
        one = self.entry("s", on, amount, f"UEBERWEISUNG {reference}")
        self.truth.add((one, self.entry("l", on, amount, f"Invoice {wrong}", "", self.number("KA"))))

    def write_fee(self, on: date, amount: Decimal, name: str) -> None:
        """The bank's own charge, which no ledger has yet."""
        self.entry("s", on, -Decimal(self.chance.randrange(50, 5000)) / 100, "ENTGELT KONTOFUEHRUNG")

    def write_timing(self, on: date, amount: Decimal, name: str) -> None:
        """Left the ledger, not yet the bank."""
        self.entry("l", FIRST + timedelta(days=self.chance.randrange(26, 31)), -abs(amount), f"Invoice {self.number('RE')}", name, self.number("KA"))

    def write_twice(self, on: date, amount: Decimal, name: str) -> None:
        """Entered twice in the ledger under two vouchers; either is the right one, but no software can tell which."""
        reference = self.number("RE")
        one = self.entry("s", on, amount, f"UEBERWEISUNG {reference}", name)
        self.truth.add((one, self.entry("l", on, amount, f"Invoice {reference}", name, self.number("KA"))))
        self.entry("l", on, amount, f"Invoice {reference}", name, self.number("KA"))


def month(lines: int, seed: int) -> Month:
    """About `lines` on either side, in the order of dates."""
    written = Month(seed)
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    while len(written.statement) < lines and len(written.ledger) < lines * 1.25:
        written.write(written.chance.choice(kinds))
    for side in (written.statement, written.ledger):
        written.chance.shuffle(side)
        side.sort(key=lambda item: item.on)
    return written


def main() -> None:
    """Match, compare with the truth and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", action="store_true", help="print the wrong matches")
    asked = parser.parse_args()
    written = month(asked.lines, asked.seed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    found = match(written.statement, written.ledger)
    seconds = time.perf_counter() - started
    pairs = {(one, other) for tie in found.matches for one in tie.statement for other in tie.ledger}
    right = len(pairs & written.truth)
    suggested = {(one, other) for tie in found.possible for one in tie.statement for other in tie.ledger}
    if asked.wrong:
        items = {item.key: item for item in (*written.statement, *written.ledger)}
        for tie in found.matches:
            if any((one, other) not in written.truth for one in tie.statement for other in tie.ledger):
                print(tie.why.code, *(items[key] for key in (*tie.statement, *tie.ledger)), sep="\n    ")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "statement_lines": len(written.statement),
                "ledger_entries": len(written.ledger),
                "seed": asked.seed,
                "seconds": round(seconds, 2),
                "peak_mb": round(peak / 1024, 1),
                "matching_mb": round((peak - before) / 1024, 1),
                "true_pairs": len(written.truth),
                "matched_pairs": len(pairs),
                "precision": round(right / len(pairs), 5) if pairs else None,
                "recall": round(right / len(written.truth), 5),
                "recall_with_suggestions": round(len((pairs | suggested) & written.truth) / len(written.truth), 5),
            }
        )
    )


if __name__ == "__main__":
    main()
