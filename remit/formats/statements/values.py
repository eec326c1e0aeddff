"""What a bank statement says, whatever form it came in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Form = Literal["mt940", "camt053", "ofx", "table"]

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def is_iban(text: str) -> bool:
    """Whether it is written like an IBAN; its check digits are not tested, for made-up samples fail them."""
    return bool(_IBAN.fullmatch(text))


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One booked line. `line` counts from 1 in the file (the row of a sheet); `amount` is signed: + into the account, - out of it."""

    line: int
    booked_on: date
    amount: Decimal
    currency: str
    value_on: date | None = None
    text: str = ""
    reference: str = ""
    """The reference of the payer or of the account's owner (end-to-end id, field 61 reference, check number)."""
    counterparty: str = ""
    counterparty_account: str = ""
    bank_reference: str = ""
    """What the bank itself calls the entry; unique within the account where the bank gives one."""
    kind: str = ""
    """The bank's own code of the kind of transaction, e.g. NTRF, PMNT/RCDT/ESCT, DEBIT."""
    reversal: bool = False
    booked_stated: bool = True
    """False where the file gives a value date only, and `booked_on` repeats it."""
    parts: tuple[Entry, ...] = ()
    """The payments of a batch booked as one amount, where the file lists them; they are not added again."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of one account. A balance is signed (an overdraft is negative) and None where the file gives none; `*_line` is None there too.

    `opening_partial`, `closing_partial`: the balance is an intermediate one (page or message of a longer statement), not the period's own.
    `starts_on` and `ends_on` are the stated days of the period, both included, None where unstated.
    """

    line: int
    account: str
    account_form: Literal["iban", "other", ""] = ""
    bank: str = ""
    currency: str = ""
    number: str = ""
    """The bank's number of the statement, with its page after a slash where given; empty where the bank does not count."""
    reference: str = ""
    opening: Decimal | None = None
    opening_on: date | None = None
    opening_line: int | None = None
    opening_partial: bool = False
    opening_currency: str = ""
    """Empty: the statement's own. Another one is an error, and nothing is added across currencies."""
    closing: Decimal | None = None
    closing_on: date | None = None
    closing_line: int | None = None
    closing_partial: bool = False
    closing_currency: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    count_stated: int | None = None
    in_stated: Decimal | None = None
    out_stated: Decimal | None = None
    """How many entries, and what came in and went out (not positive), as the file itself sums them up."""
    entries: tuple[Entry, ...] = ()

    @property
    def total(self) -> Decimal:
        """The signed sum of the entries."""
        return sum((entry.amount for entry in self.entries), Decimal(0))

    @property
    def total_in(self) -> Decimal:
        """What came in, not negative."""
        return sum((entry.amount for entry in self.entries if entry.amount > 0), Decimal(0))

    @property
    def total_out(self) -> Decimal:
        """What went out, not positive."""
        return sum((entry.amount for entry in self.entries if entry.amount < 0), Decimal(0))

    @property
    def mixed(self) -> bool:
        """Whether a balance or an entry is in another currency."""
        return bool(self.opening_currency or self.closing_currency) or any(entry.currency not in ("", self.currency) for entry in self.entries)

    @property
    def apart(self) -> Decimal | None:
        """Opening plus entries less closing: zero when it foots, None when a balance is missing or the currencies are mixed."""
        if self.opening is None or self.closing is None or self.mixed:
            return None
        return self.opening + self.total - self.closing

    @property
    def foots(self) -> bool | None:
        """None: cannot be footed."""
        return None if self.apart is None else self.apart == 0


@dataclass(frozen=True, kw_only=True)
class StatementFile:
    """A file as read: its form, its statements in the file's order, its text encoding, how many lines it has."""

    form: Form
    statements: tuple[Statement, ...]
    encoding: str = "utf-8"
    lines: int = 0
