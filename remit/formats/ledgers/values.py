"""The entries of a ledger, and how an entity's export is laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """One line of the journal on one account. Debit and credit are not negative, and one of them is zero (a reversal in red stays negative).

    Where a row of the export is a whole booking (`Mapped.row`), reading gives its two sides as two entries with the same `line` and `voucher`.
    """

    line: int
    booked_on: date
    account: str
    debit: Decimal
    credit: Decimal
    voucher: str = ""
    counter_account: str = ""
    account_name: str = ""
    text: str = ""
    reference: str = ""
    counterparty: str = ""
    currency: str = ""

    @property
    def amount(self) -> Decimal:
        """Signed: debit less credit, so that money into a bank account is positive as on the statement."""
        return self.debit - self.credit


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The journal of a period in the file's order. `opening`: balance by account at the start (debit positive), empty where the export gives none."""

    entries: tuple[LedgerEntry, ...]
    opening: Mapping[str, Decimal] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """Name by account, as far as the export gives it."""
    currency: str = ""
    encoding: str = "utf-8"
    lines: int = 0

    def of(self, account: str) -> tuple[LedgerEntry, ...]:
        """The entries on one account."""
        return tuple(entry for entry in self.entries if entry.account == account)

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every account with an entry or an opening balance, sorted."""
        return tuple(sorted({entry.account for entry in self.entries} | set(self.opening)))


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """How an entity's ledger export is laid out. Kept as plain JSON by `as_dict`.

    `columns`: our field to the export's own column title. Fields: booked_on, voucher, account, counter_account, account_name, text, reference, counterparty,
    currency, and either debit and credit, or amount (signed by `sign`), or amount with `side` (a column holding D/C, S/H ...). Where `row` is "booking":
    account and counter_account (debited and credited, or the other way where the amount or side says so), or debit_account and credit_account, with amount.
    """

    columns: Mapping[str, str]
    dates: Literal["iso", "day_first", "month_first", ""] = ""
    """Empty: found from the column itself, and said when it is ambiguous."""
    decimal: Literal[",", ".", ""] = ""
    sign: Literal["debit_positive", "credit_positive"] = "debit_positive"
    row: Literal["side", "booking"] = "side"
    currency: str = ""
    sheet: str = ""
    opening_voucher: str = ""
    """Rows whose voucher is this are opening balances, not entries of the period."""

    def as_dict(self) -> dict[str, object]:
        """Plain values, as kept per entity."""
        return {
            "columns": dict(self.columns),
            "dates": self.dates,
            "decimal": self.decimal,
            "sign": self.sign,
            "row": self.row,
            "currency": self.currency,
            "sheet": self.sheet,
            "opening_voucher": self.opening_voucher,
        }

    @classmethod
    def of(cls, plain: Mapping[str, object]) -> Mapped:
        """From `as_dict`; unknown keys are ignored, missing ones take their default."""
        return cls(**{name: value for name, value in plain.items() if name in cls.__dataclass_fields__})  # type: ignore[arg-type]
