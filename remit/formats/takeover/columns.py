"""The columns of the three sheets: title, what is written in them, an example, and how a cell is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from remit.domain.pricing import BASES
from remit.domain.reasons import N_
from remit.domain.taxation import CATEGORIES

Kind = Literal[
    "text", "mail", "level", "number", "whole", "day", "month", "country", "currency", "zone", "choice", "vat", "iban",
    "names", "languages", "credentials", "does", "texts", "unbilled", "open_items",
]  # fmt: skip
PEOPLE, PRICES, CALENDAR = "people", "prices", "calendar"
ROLES = ("manager", "preparer", "reviewer", "evaluator", "biller", "reader")
"""Roles that a sheet may give: none of those that sign, approve or administrate."""
_MOST = 10**14
CADENCES = ("monthly", "quarterly", "yearly", "once")


@dataclass(frozen=True)
class Column:
    """`name`: the attribute of the row; `title`: as it stands above the column, compared without regard to case and spaces; bounds are inclusive."""

    name: str
    title: str
    says: str
    example: str
    kind: Kind = "text"
    required: bool = field(default=False, kw_only=True)
    choices: tuple[str, ...] = field(default=(), kw_only=True)
    most: int = field(default=160, kw_only=True)
    """Of text: characters; of numbers: the highest."""
    least: int = field(default=0, kw_only=True)
    default: Any = field(default=None, kw_only=True)
    """What an empty cell means; None: the value's own default."""


SHEETS: dict[str, tuple[Column, ...]] = {
    PEOPLE: (
        Column("name", "name", N_("First and last name, as the work calendar names them"), "Maya Petrova", required=True, most=120),
        Column("mail", "mail", N_("Their own address; it is how they are found again"), "maya@provider.example", "mail", required=True),
        Column("level", "level", N_("1 clerk, 2 associate, 3 senior, 4 manager, 5 principal"), "3", "level", required=True),
        Column("site", "site", N_("Where they work"), "Sofia", required=True, most=80),
        Column("site_country", "site country", N_("Of a site that is not there yet: two letters"), "BG", "country"),
        Column("site_zone", "site zone", N_("Of a site that is not there yet"), "Europe/Sofia", "zone"),
        Column("hours", "hours", N_("Hours a week; 40 where empty"), "40", "number", least=1, most=80),
        Column("languages", "languages", N_("Each with its level A1 to C2, separated by |"), "de C1 | en B2", "languages"),
        Column("software", "software", N_("Separated by |"), "DATEV | SAP", "names", most=60),
        Column("services", "services", N_("Codes of services, separated by |"), "bookkeeping | payroll", "names", most=40),
        Column(
            "credentials",
            "credentials",
            N_("Kind; issuer; jurisdiction; number; from; until (may stay empty). Several are separated by |"),
            "Bilanzbuchhalter; IHK München; DE; 4711; 2016-06-01;",
            "credentials",
        ),
        Column("roles", "roles", N_("manager, preparer, reviewer, evaluator, biller or reader, separated by |"), "preparer | reviewer", "names", choices=ROLES),
        Column(
            "does",
            "works for",
            N_("Clients, separated by |, with a step they do: “Client: prepare”. Empty: all"),
            "Halden GmbH: prepare",
            "does",
        ),
    ),
    PRICES: (
        Column("client", "client", N_("As the work calendar names it"), "Halden GmbH", required=True),
        Column("service", "service", N_("Code of the service"), "bookkeeping", required=True, most=40),
        Column("level", "level", N_("1 to 5"), "2", "level", required=True),
        Column("basis", "basis", N_("hour, unit, month, fixed, outcome or cost_plus"), "unit", "choice", choices=tuple(BASES), required=True),
        Column("measure", "measure", N_("Of what, where it is priced by unit"), "entry", most=40),
        Column("price", "price", N_("With a point; zero is a price"), "0.85", "number", required=True, most=99_999_999),
        Column("currency", "currency", N_("Three letters"), "EUR", "currency", required=True),
        Column("valid_from", "valid from", N_("First day on which it counts"), "2026-01-01", "day", required=True),
        Column("valid_until", "valid until", N_("First day on which it no longer does; empty: until a later price"), "", "day"),
        Column("clause", "source clause", N_("Where the contract says so"), "Annex 2, 1.1", most=120),
        Column("variant", "variant", N_("Tells prices of one measure apart"), "", most=40),
    ),
    CALENDAR: (
        Column("client", "client", N_("The client's name"), "Halden GmbH", required=True),
        Column("client_reference", "client reference", N_("Of a client that is here already: OR-…. Empty: it is added"), "", most=12),
        Column("service", "service", N_("Code of the service"), "bookkeeping", required=True, most=40),
        Column("entity", "entity", N_("The company that the work concerns"), "Halden Werke GmbH", required=True),
        Column("country", "country", N_("Two letters"), "DE", "country", required=True),
        Column("subdivision", "part of country", N_("Where holidays or law differ by part: its code"), "BY", most=8),
        Column("vat_id", "VAT id", N_("With its country letters"), "DE136695976", "vat", most=20),
        Column("register_number", "register number", N_("As the register has it"), "HRB 12345", most=40),
        Column("currency", "currency", N_("Of its books: three letters"), "EUR", "currency", required=True),
        Column("zone", "zone", N_("Time zone"), "Europe/Berlin", "zone", required=True),
        Column("fiscal_year_start", "fiscal year starts", N_("Month, 1 to 12; 1 where empty"), "1", "whole", least=1, most=12),
        Column("iban", "IBAN", N_("Its bank account"), "DE89370400440532013000", "iban", most=42),
        Column("cadence", "cadence", N_("monthly, quarterly, yearly or once"), "monthly", "choice", choices=CADENCES, default="monthly"),
        Column("first_month", "first open month", N_("The first month that is not closed yet"), "2027-01", "month", required=True),
        Column("due_workday", "due working day", N_("Of the following month, by which a month is closed; 10 where empty"), "10", "whole", least=1, most=30),
        Column("preparer", "preparer", N_("Name, as in the sheet of people"), "Maya Petrova", most=120),
        Column("reviewer", "reviewer", N_("Another's name"), "Ivan Kolev", most=120),
        Column("responsible", "responsible", N_("Name of who answers for the work, where the law asks for it"), "Ivan Kolev", most=120),
        Column("contract", "contract", N_("File name of the signed contract, where there are several"), "contract.pdf", most=200),
        Column("begins_on", "since", N_("First day of the contract; empty: of the first price"), "2024-01-01", "day"),
        Column("ends_on", "until", N_("First day after it; empty: open"), "", "day"),
        Column("notice_days", "notice days", N_("90 where empty"), "90", "whole", most=3650),
        Column("payment_days", "payment days", N_("30 where empty"), "30", "whole", most=365),
        Column("tax", "tax", N_("Category of the invoices: S, Z, E, AE, K, G or O"), "AE", "choice", choices=tuple(CATEGORIES), required=True),
        Column("tax_rate", "tax rate", N_("In percent, of category S alone"), "", "number", most=100),
        Column("tax_reason", "tax reason", N_("Without tax: why"), "Reverse charge, Art. 196", most=300),
        Column("paid_to", "paid to", N_("IBAN on which the provider is paid"), "BG80BNBG96611020345678", "iban", most=42),
        Column("level", "level", N_("At which work is priced; 2 where empty"), "2", "level"),
        Column("requests", "open requests", N_("Questions that wait for the client, separated by |"), "Which account for the car?", "texts", most=2000),
        Column(
            "unbilled",
            "unbilled",
            N_("Day, hour or measure, quantity (and level), separated by |"),
            "2026-12-10 entry 120 | 2026-12-11 entry 85",
            "unbilled",
        ),
        Column("bank_closing", "bank closing", N_("Balance of the bank statement before the first open month"), "10250.00", "number", least=-_MOST, most=_MOST),
        Column("ledger_closing", "ledger closing", N_("Balance of the ledger's bank account then"), "10000.00", "number", least=-_MOST, most=_MOST),
        Column(
            "open_items",
            "open items",
            N_("What stands on one side only: bank or ledger, day, amount, text, separated by |"),
            "bank 2026-12-28 250.00 Payment Meier",
            "open_items",
        ),
    ),
}
"""By sheet, in the template's order. Every further column of the calendar is the answer to a question that the service asks of an entity."""

EXAMPLE_ANSWERS = {"bank_ledger_account": "1200", "chart_of_accounts": "skr03"}
"""To what the service of the calendar's example asks of an entity."""


def columns(sheet: str) -> tuple[Column, ...]:
    """Of one sheet."""
    return SHEETS[sheet]
