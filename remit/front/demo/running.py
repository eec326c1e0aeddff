"""A relation that ran before Remit: Northwind's tooling company with Rila, taken over from its contract and three sheets, and confirmed by the client."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import date

from remit.apps.agreements.models import Agreement
from remit.apps.agreements.taking_over import confirm_takeover
from remit.apps.organizations.models import Organization
from remit.apps.work.actions import bring_takeover, take_over
from remit.domain.document import Document, Facts, Heading, Paragraph, Table
from remit.formats.document.pdf import write_pdf
from remit.formats.takeover import SHEETS
from remit.front.demo import people
from remit.front.demo.market import Market
from remit.front.demo.script import Script, one

CONTRACT = "northwind-tooling-2024.pdf"
ENTITY = "Northwind Tooling Ltd"
CLIENT, PROVIDER = "Northwind Components", "Rila Ledger"
MAKER, REVIEWER = "Amine Berrada", "Arun Iyer"
SIGNED_ON, BEGINS_ON, RAISED_ON = date(2024, 9, 12), date(2024, 10, 1), date(2026, 10, 1)
PRICES = (
    ("2", "unit", "entry", "0.62", BEGINS_ON, RAISED_ON),
    ("2", "unit", "entry", "0.66", RAISED_ON, None),
    ("2", "hour", "", "31.00", BEGINS_ON, None),
)
"""Level, basis, measure, price in pounds, from, until: as Annex 1 has it."""


def taken_over(script: Script, market: Market) -> None:
    """Brought, carried out, and confirmed on the next morning."""
    maya, grace = market.rila.seats["maya"], market.northwind.seats["grace"]
    client = one(Organization, maya, script.now, pk=market.northwind.key)
    files = {
        CONTRACT: contract(),
        "people.csv": sheet("people", staff()),
        "prices.csv": sheet("prices", prices()),
        "calendar.csv": sheet("calendar", [calendar(client.reference)]),
    }
    script.on("2027-02-08", "09:30")
    brought = script.do(maya, bring_takeover, files=[{"name": name, "content": b64encode(content).decode()} for name, content in files.items()])
    script.do(maya, take_over, takeover=str(brought.id))
    agreement = one(Agreement, maya, script.now, provider=market.rila.key, client=market.northwind.key)
    script.on("2027-02-09", "08:15")
    script.do(grace, confirm_takeover, agreement=str(agreement.id))


def contract() -> bytes:
    """The signed contract as the provider has it on file; the same bytes each time."""
    rows = tuple((level, measure or basis, price, since, until or "open") for level, basis, measure, price, since, until in PRICES)
    document = Document(
        "Agreement on monthly bookkeeping",
        (
            Heading("Agreement on monthly bookkeeping", 1),
            Facts((("Client", CLIENT), ("Provider", PROVIDER), ("Company", ENTITY), ("Signed on", SIGNED_ON), ("Begins on", BEGINS_ON))),
            Heading("1 Work"),
            Paragraph("The provider keeps the bank ledger and reconciles it each month. The month is closed by the twelfth working day of the next."),
            Heading("2 Term"),
            Paragraph("Open; either side ends it with 90 days' notice. Invoices are paid within 30 days."),
            Heading("3 Signatures"),
            Facts((("For the client", "Grace Whitman"), ("For the provider", "Maya Dimitrova"))),
            Heading("Annex 1: prices"),
            Table(("Level", "Priced by", "GBP", "From", "Until"), rows),
        ),
        facts={"author": PROVIDER, "date": SIGNED_ON.isoformat()},
    )
    return write_pdf(document)


def sheet(name: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    """CSV under the template's titles and those of further answers."""
    rows = list(rows)
    titles = list(dict.fromkeys([column.title for column in SHEETS[name]] + [title for row in rows for title in row]))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, titles, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def staff() -> list[dict[str, str]]:
    """Those who do the work, as they are on file here: nothing of them changes."""
    return [
        {
            "name": someone.name,
            "mail": f"{someone.mail}@rila.example",
            "level": str(someone.level),
            "site": someone.site,
            "services": " | ".join(someone.services),
            "works for": CLIENT,
        }
        for someone in people.RILA
        if someone.name in (MAKER, REVIEWER)
    ]


def prices() -> list[dict[str, str]]:
    """As the annex has them."""
    return [
        {
            "client": CLIENT,
            "service": "bookkeeping",
            "level": level,
            "basis": basis,
            "measure": measure,
            "price": price,
            "currency": "GBP",
            "valid from": since.isoformat(),
            "valid until": until.isoformat() if until else "",
            "source clause": "Annex 1",
        }
        for level, basis, measure, price, since, until in PRICES
    ]


def calendar(reference: str) -> dict[str, str]:
    """January is open, with a question, work that was not billed yet, and a charge that the bank alone knows."""
    return {
        "client": CLIENT,
        "client reference": reference,
        "service": "bookkeeping",
        "entity": ENTITY,
        "country": "GB",
        "part of country": "ENG",
        "VAT id": "GB980780684",
        "register number": "08217734",
        "currency": "GBP",
        "zone": "Europe/London",
        "fiscal year starts": "4",
        "IBAN": "GB33BUKB20201555555555",
        "first open month": "2027-01",
        "due working day": "12",
        "preparer": MAKER,
        "reviewer": REVIEWER,
        "since": BEGINS_ON.isoformat(),
        "tax": "AE",
        "tax reason": "Reverse charge: services supplied where the customer belongs (section 7A VATA 1994)",
        "paid to": "BG80BNBG96611020345678",
        "open requests": "Is the press of 14 January (GBP 14,800) a new asset or a repair?",
        "unbilled": "2027-01-14 hour 3.5 | 2027-01-22 hour 2",
        "bank closing": "41210.50",
        "ledger closing": "41229.00",
        "open items": "bank 2026-12-31 -18.50 Account charge December",
        "bank ledger account": "1200",
        "chart of accounts": "own",
    }
