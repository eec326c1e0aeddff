"""The rows of the three sheets as values: people, prices, work calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

BANK, LEDGER = "bank", "ledger"
"""The sides on which an open reconciling item may stand."""


def plain(text: str) -> str:
    """A name as it is compared: without regard to case and outer or doubled space."""
    return " ".join(text.casefold().split())


@dataclass(frozen=True)
class Credential:
    """A licence or membership as the sheet states it; `valid_until` is the first day without it."""

    kind: str
    issuer: str
    jurisdiction: str
    number: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True)
class Does:
    """For which client somebody works; `step` where they are the one who does it unless the calendar names another."""

    client: str
    step: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One line of the sheet of people. `hours` are hours a week; a site that is not there yet comes with country and zone."""

    line: int
    name: str
    mail: str
    level: int
    site: str
    site_country: str = ""
    site_zone: str = ""
    hours: Decimal = Decimal(40)
    languages: tuple[tuple[str, str], ...] = ()
    software: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()
    roles: tuple[str, ...] = ()
    does: tuple[Does, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PriceRow:
    """One line of the sheet of prices; `valid_until` is the first day on which it no longer counts."""

    line: int
    client: str
    service: str
    level: int
    basis: str
    price: Decimal
    currency: str
    valid_from: date
    valid_until: date | None = None
    measure: str = ""
    variant: str = ""
    clause: str = ""

    @property
    def key(self) -> tuple[str, str, int, str, str, str]:
        """What it prices."""
        return plain(self.client), self.service, self.level, self.basis, self.measure, self.variant


@dataclass(frozen=True)
class Unbilled:
    """Work done before the day of taking over that no invoice holds: `what` is `hour` or a measure of the service."""

    on: date
    what: str
    quantity: Decimal
    level: int = 0
    """0: the level that the engagement's work is priced at."""


@dataclass(frozen=True)
class OpenItem:
    """An entry that stands on one side only (bank or ledger) when the first month opens."""

    side: str
    on: date
    amount: Decimal
    text: str


@dataclass(frozen=True, kw_only=True)
class CalendarRow:
    """One line of the work calendar: one entity's work of one service; what the engagement agrees on stands the same in all its lines."""

    line: int
    client: str
    service: str
    entity: str
    country: str
    currency: str
    zone: str
    first_month: date
    tax: str
    client_reference: str = ""
    register_number: str = ""
    vat_id: str = ""
    subdivision: str = ""
    fiscal_year_start: int = 1
    iban: str = ""
    cadence: str = "monthly"
    due_workday: int = 10
    preparer: str = ""
    reviewer: str = ""
    responsible: str = ""
    """Who answers for the work, where the law asks for it."""
    contract: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    notice_days: int = 90
    payment_days: int = 30
    tax_rate: Decimal = Decimal(0)
    tax_reason: str = ""
    paid_to: str = ""
    level: int = 2
    answers: tuple[tuple[str, str], ...] = ()
    """What the service asks of an entity, by the codes of its questions."""
    requests: tuple[str, ...] = ()
    unbilled: tuple[Unbilled, ...] = ()
    bank_closing: Decimal | None = None
    ledger_closing: Decimal | None = None
    open_items: tuple[OpenItem, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A sheet as it was written, for showing what is wrong where: titles, and rows of (line, cells as text)."""

    titles: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """All that was brought: the rows, by which file each sheet came, and the contracts by name and SHA-256."""

    people: tuple[PersonRow, ...] = ()
    prices: tuple[PriceRow, ...] = ()
    calendar: tuple[CalendarRow, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    """File name by sheet."""
    sources: dict[str, str] = field(default_factory=dict)
    """SHA-256 by sheet."""
    contracts: dict[str, str] = field(default_factory=dict)
    """SHA-256 by file name."""
    grids: dict[str, Grid] = field(default_factory=dict)
    lines_read: dict[str, int] = field(default_factory=dict)
    """Lines with content by sheet, also those that could not be read."""
