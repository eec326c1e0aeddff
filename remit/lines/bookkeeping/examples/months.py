"""Months of a made-up firm, one after the other: what its bank booked and what its ledger holds. Same firm and month, same entries."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from remit.lines.bookkeeping.examples.firms import Firm, Partner
from remit.lines.bookkeeping.examples.papers import Booked, Posted

HOLIDAYS = {(1, 1), (1, 6), (5, 1), (10, 3), (11, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
FIRST_RECEIPT, FIRST_PURCHASE = 1101, 8702


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much happens in a month; `late` payments leave the bank only in the next, `fee_posted` is the ledger's entry of this month's charge."""

    receipts: int = 20
    payments: int = 16
    batches: tuple[int, ...] = (3, 4)
    cards: tuple[int, ...] = (3,)
    late: tuple[tuple[str, Decimal], ...] = ()
    fee: Decimal = Decimal("42.00")
    fee_posted: bool = True
    vat: Decimal = Decimal("0.19")
    receipt_range: tuple[float, float] = (4.6, 6.3)
    payment_range: tuple[float, float] = (4.2, 6.1)
    """Decimal logarithms of cents."""
    rent: Decimal = Decimal("6450.00")
    wages: Decimal = Decimal("38310.25")


@dataclass
class Month:
    """What a month left behind."""

    first: date
    until: date
    opening: dict[str, Decimal]
    bank_opening: Decimal
    booked: list[Booked] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)


class Scribe:
    """Keeps a firm's books from month to month: balances, numbers, and what the bank or the ledger has still to enter."""

    def __init__(self, firm: Firm, bank: Decimal) -> None:
        self.firm = firm
        self.bank = bank
        self.balances: dict[str, Decimal] = defaultdict(Decimal)
        for use, amount in (("bank", bank), ("customers", Decimal("96400.00")), ("suppliers", Decimal("-71250.00")), ("capital", Decimal("-50000.00"))):
            self.balances[firm.number(use)] = amount
        self.balances[firm.number("retained")] = -sum(self.balances.values(), Decimal(0))
        self.vouchers: dict[str, int] = defaultdict(int)
        self.invoice, self.purchase = FIRST_RECEIPT, FIRST_PURCHASE
        self.late: list[Booked] = []
        self.fee_due: tuple[Decimal, str] | None = None

    def begin(self, first: date) -> None:
        """Open a month; a new year moves the result to retained earnings."""
        self.first = first
        self.until = (first + timedelta(days=32)).replace(day=1)
        self.chance = random.Random(f"{self.firm.name} {first:%Y-%m}")
        self.days = [day for at in range((self.until - first).days) if _works(day := first + timedelta(days=at))]
        if first.month == 1:
            self._close_year()
        self.month = Month(first, self.until, dict(self.balances), self.bank)
        for booked in self.late:
            self._book(on=self.days[0], amount=booked.amount, text=booked.text, name=booked.name, account=booked.account, reference=booked.reference)
        self.late = []
        if self.fee_due:
            amount, text = self.fee_due
            self._voucher("BK", self.days[1], text, "", "", ((self.firm.number("fees"), amount), (self.firm.number("bank"), -amount)))
            self.fee_due = None

    def end(self) -> Month:
        """Close the month: entries in the order of days."""
        self.month.booked.sort(key=lambda entry: entry.on)
        self.month.posted.sort(key=lambda entry: entry.on)
        for posted in self.month.posted:
            self.balances[posted.account] += posted.amount
        self.bank += sum((entry.amount for entry in self.month.booked), Decimal(0))
        return self.month

    def run(self, plan: Plan) -> None:
        """All that the plan says, on days of the month's own chance."""
        for _ in range(plan.receipts):
            self.receipt(self._day(1), self.chance.choice(self.firm.customers), self._amount(plan.receipt_range), plan.vat)
        for _ in range(plan.payments - 2):
            self.payment(self._day(0), self.chance.choice(self.firm.suppliers), self._amount(plan.payment_range), plan.vat)
        for size in plan.batches:
            parts = [(self.chance.choice(self.firm.suppliers), self._amount(plan.payment_range)) for _ in range(size)]
            self.batch(self._day(1), parts, plan.vat)
        for week, size in enumerate(plan.cards, 1):
            self.cards(min(week * 4, len(self.days) - 1), week, [self._amount(plan.payment_range) / 10 for _ in range(size)], plan.vat)
        words = self.firm.words
        self.plain(self.days[2], "rent", -plan.rent, f"{words['rent']} {self.first:%m/%Y}", words["landlord"])
        self.plain(self.days[-2], "wages", -plan.wages, f"{words['wages']} {self.first:%m/%Y}", words["payroll"])
        for name, amount in plan.late:
            self.outstanding(self.days[-1], next(partner for partner in self.firm.suppliers if partner.name == name), amount, plan.vat)
        self.charge(plan.fee, posted=plan.fee_posted)

    def receipt(self, on: date, customer: Partner, amount: Decimal, vat: Decimal, number: str = "") -> None:
        """An invoice raised some days before, and the customer's payment that names it."""
        number = number or f"RE-{self.first:%y}-{self.invoice}"
        self.invoice += 1
        self._sale(on, customer, amount, vat, number)
        self._book(on=on, amount=amount, text=f"{self.firm.words['bank_invoice']} {number}", name=customer.name, account=customer.account)
        parties = (self.firm.number("bank"), amount), (self.firm.number("customers"), -amount)
        self._voucher("KE", on, f"{self.firm.words['receipt']} {number}", customer.name, number, parties)

    def payment(self, on: date, supplier: Partner, amount: Decimal, vat: Decimal, number: str = "", bank_number: str = "") -> None:
        """A purchase and its payment; the bank books it on that workday or the next."""
        number = number or self._purchase_number()
        self._purchase(on, supplier, amount, vat, number)
        later = on if self.chance.random() < 0.6 or on == self.days[-1] else self._next(on)
        said = bank_number or number
        text = f"{self.firm.words['bank_invoice']} {said}"
        self._book(on=later, amount=-amount, text=text, name=supplier.name, account=supplier.account, reference=said)
        self._pay("KA", on, supplier, amount, number, f"{self.firm.words['payment']} {number}")

    def outstanding(self, on: date, supplier: Partner, amount: Decimal, vat: Decimal) -> None:
        """A payment of the last day, which the bank books in the next month."""
        number = self._purchase_number()
        self._purchase(on, supplier, amount, vat, number)
        self._pay("KA", on, supplier, amount, number, f"{self.firm.words['payment']} {number}")
        text = f"{self.firm.words['bank_invoice']} {number}"
        self.late.append(Booked(on=on, amount=-amount, text=text, name=supplier.name, account=supplier.account, reference=number))

    def batch(self, on: date, parts: list[tuple[Partner, Decimal]], vat: Decimal) -> None:
        """A collective transfer, entered payment by payment on the workday before."""
        run = f"SAMMLER {on:%m%d}-{self.vouchers['SAMMLER'] + 1:03}"
        self.vouchers["SAMMLER"] += 1
        before = self.days[self.days.index(on) - 1]
        payments = []
        for supplier, amount in parts:
            number = self._purchase_number()
            self._purchase(before, supplier, amount, vat, number)
            self._pay("KA", before, supplier, amount, number, f"{self.firm.words['payment']} {number} {run}")
            payments.append((supplier.name, -amount, number))
        total = -sum((amount for _, amount in parts), Decimal(0))
        self._book(on=on, amount=total, text=f"{self.firm.words['batch']} {run}", reference=run.replace(" ", "-"), parts=tuple(payments))

    def cards(self, at: int, week: int, amounts: list[Decimal], vat: Decimal) -> None:
        """Card settlements of a terminal day by day, entered as one sum a week."""
        amounts = [amount.quantize(Decimal("0.01")) for amount in amounts]
        words = self.firm.words
        terminal = f"Terminal 5512{week:02}{self.first:%m}"
        total = sum(amounts, Decimal(0))
        last = min(at + len(amounts) - 1, len(self.days) - 1)
        for step, amount in enumerate(amounts):
            self._book(on=self.days[min(at + step, last)], amount=amount, text=f"{words['cards']} {terminal}", name=words["card_service"])
        net = (total / (1 + vat)).quantize(Decimal("0.01"))
        sides = (self.firm.number("bank"), total), (self.firm.number("sales"), -net), (self.firm.number("output_vat"), net - total)
        self._voucher("KU", self.days[last], f"{words['cards']} {week} {terminal}", words["card_service"], "", sides)

    def plain(self, on: date, use: str, amount: Decimal, text: str, name: str) -> None:
        """An entry that both sides have on the same day, known by its payee."""
        self._book(on=on, amount=amount, text=text, name=name)
        self._voucher("KA", on, text, name, "", ((self.firm.number(use), -amount), (self.firm.number("bank"), amount)))

    def charge(self, amount: Decimal, *, posted: bool) -> None:
        """The bank's charge of the month."""
        text = f"{self.firm.words['fee']} {self.first:%m/%y}"
        self._book(on=self.days[-1], amount=-amount, text=text, kind="CHRG")
        if posted:
            self._voucher("BK", self.days[-1], text, "", "", ((self.firm.number("fees"), amount), (self.firm.number("bank"), -amount)))
        else:
            self.fee_due = (amount, text)

    def unknown(self, on: date, amount: Decimal, text: str) -> None:
        """Money that the ledger knows nothing of."""
        self._book(on=on, amount=amount, text=text)

    def _sale(self, on: date, customer: Partner, amount: Decimal, vat: Decimal, number: str) -> None:
        raised = self._before(on)
        net = (amount / (1 + vat)).quantize(Decimal("0.01"))
        sides = (self.firm.number("customers"), amount), (self.firm.number("sales"), -net), (self.firm.number("output_vat"), net - amount)
        self._voucher("AR", raised, f"{self.firm.words['invoice']} {number}", customer.name, number, sides)

    def _purchase(self, on: date, supplier: Partner, amount: Decimal, vat: Decimal, number: str) -> None:
        net = (amount / (1 + vat)).quantize(Decimal("0.01"))
        sides = (self.firm.number("goods"), net), (self.firm.number("input_vat"), amount - net), (self.firm.number("suppliers"), -amount)
        self._voucher("ER", self._before(on), f"{self.firm.words['purchase']} {number}", supplier.name, number, sides)

    def _pay(self, series: str, on: date, supplier: Partner, amount: Decimal, number: str, text: str) -> None:
        self._voucher(series, on, text, supplier.name, number, ((self.firm.number("suppliers"), amount), (self.firm.number("bank"), -amount)))

    def _voucher(self, series: str, on: date, text: str, name: str, reference: str, sides: tuple[tuple[str, Decimal], ...]) -> None:
        self.vouchers[series] += 1
        voucher = f"{series}-{self.vouchers[series]:04}"
        for account, amount in sides:
            self.month.posted.append(Posted(on=on, voucher=voucher, account=account, amount=amount, text=text, name=name, reference=reference))

    def _book(self, **entry: object) -> None:
        self.month.booked.append(Booked(**entry))  # type: ignore[arg-type]

    def _purchase_number(self) -> str:
        self.purchase += self.chance.randrange(3, 12)
        return f"RG-{self.purchase}"

    def _amount(self, span: tuple[float, float]) -> Decimal:
        """Skewed as invoices are, never round."""
        return Decimal(int(10 ** self.chance.uniform(*span)) // 10 * 10 + self.chance.randrange(1, 10)) / 100

    def _day(self, skip: int) -> date:
        return self.chance.choice(self.days[skip:-1])

    def _next(self, on: date) -> date:
        return self.days[min(self.days.index(on) + 1, len(self.days) - 1)]

    def _before(self, on: date) -> date:
        return self.days[max(0, self.days.index(on) - self.chance.randrange(0, 8))]

    def _close_year(self) -> None:
        retained = self.firm.number("retained")
        for use in ("fees", "rent", "goods", "sales", "labour"):
            number = self.firm.number(use)
            self.balances[retained] += self.balances.pop(number, Decimal(0))


def _works(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS
