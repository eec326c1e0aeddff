"""A provider of forty people with twelve running engagements, as the files of a take-over: made here, so that tests, measurements and pictures use the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from remit.apps.organizations.acting import Upload
from remit.formats.takeover import SHEETS

Rows = list[dict[str, str]]
CONTRACT = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
FIRST = ("Maya", "Ivo", "Elena", "Georgi", "Arun", "Divya", "Petra", "Jonas", "Ana", "Luc")
LAST = ("Petrova", "Kolev", "Novak", "Berger")
CLIENTS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Katsura", "Larch")
VAT = ("DE136695976", "DE129274202", "DE811907980")


def people(count: int = 40, clients: Sequence[str] = CLIENTS) -> Rows:
    """Every fourth is a senior who may review, with a licence; the first work for one client each, the others for all."""
    rows = []
    for number in range(count):
        name = f"{FIRST[number % 10]} {LAST[number // 10 % 4]}{'' if number < 40 else f' {number}'}"
        senior = number % 4 == 0
        rows.append(
            {
                "name": name,
                "mail": f"p{number}@provider.example",
                "level": "4" if senior else "2",
                "site": "Sofia" if number % 2 else "Plovdiv",
                "site country": "BG",
                "site zone": "Europe/Sofia",
                "hours": "40",
                "languages": "de C1 | en C1",
                "software": "DATEV",
                "services": "bookkeeping",
                "credentials": f"Bilanzbuchhalter; IHK München; DE; {1000 + number}; 2016-06-01;" if senior else "",
                "roles": "preparer | reviewer" if senior else "preparer",
                "works for": "" if number >= len(clients) else f"{clients[number]} GmbH",
            }
        )
    return rows


def prices(clients: Sequence[str] = CLIENTS) -> Rows:
    """Two levels by hour, one measure, and for some a raise."""
    rows = []
    for number, client in enumerate(clients):
        for level, price in (("2", "38.50"), ("3", "52")):
            rows.append(_price(client, level, "hour", "", price, "2026-01-01", "2026-07-01" if number % 3 == 0 else ""))
            if number % 3 == 0:
                rows.append(_price(client, level, "hour", "", str(float(price) + 2), "2026-07-01", ""))
        rows.append(_price(client, "2", "unit", "entry", "0.85", "2026-01-01", ""))
    return rows


def _price(client: str, level: str, basis: str, measure: str, price: str, since: str, until: str) -> dict[str, str]:
    return {
        "client": f"{client} GmbH",
        "service": "bookkeeping",
        "level": level,
        "basis": basis,
        "measure": measure,
        "price": price,
        "currency": "EUR",
        "valid from": since,
        "valid until": until,
        "source clause": "Annex 2",
    }


def calendar(clients: Sequence[str] = CLIENTS, month: str = "2026-11", staff: Rows | None = None) -> Rows:
    """One entity a client, with open questions, unbilled work and open items here and there."""
    named = staff if staff is not None else people(clients=clients)
    rows = []
    for number, client in enumerate(clients):
        rows.append(
            {
                "client": f"{client} GmbH",
                "service": "bookkeeping",
                "entity": f"{client} Werke GmbH",
                "country": "DE" if number % 3 == 0 else "NL",
                "VAT id": VAT[number // 3 % 3] if number % 3 == 0 else "",
                "currency": "EUR",
                "zone": "Europe/Berlin" if number % 3 == 0 else "Europe/Amsterdam",
                "IBAN": "DE89370400440532013000",
                "cadence": "monthly",
                "first open month": month,
                "due working day": "10",
                "preparer": named[(4 * number + 1) % len(named)]["name"],
                "reviewer": named[4 * number % len(named)]["name"],
                "responsible": named[0]["name"],
                "contract": f"{client}.pdf",
                "tax": "AE",
                "tax reason": "Reverse charge",
                "paid to": "BG80BNBG96611020345678",
                "open requests": "Which account for the car? | Invoice 4711 is missing." if number % 2 else "",
                "unbilled": "2026-10-10 hour 2.5 | 2026-10-11 entry 120" if number % 3 == 0 else "",
                "bank closing": "10250" if number % 4 == 0 else "",
                "ledger closing": "10000" if number % 4 == 0 else "",
                "open items": "bank 2026-10-28 250 Payment Meier" if number % 4 == 0 else "",
                "bank ledger account": "1200",
                "chart of accounts": "skr03",
            }
        )
    return rows


def sheet(name: str, rows: Rows, *, leave: Iterable[str] = ()) -> bytes:
    """CSV of a sheet with the template's titles; further titles are those of the rows."""
    titles = [column.title for column in SHEETS[name]]
    titles += [title for title in (rows[0] if rows else {}) if title not in titles]
    titles = [title for title in titles if title not in set(leave)]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(titles)
    writer.writerows([row.get(title, "") for title in titles] for row in rows)
    return out.getvalue().encode()


def workbook(name: str, rows: Rows, cells: Mapping[str, Any] | None = None) -> bytes:
    """The same as XLSX; `cells` puts values or formulas into cells by their address."""
    from openpyxl import Workbook

    book = Workbook()
    page: Any = book.active
    for line in csv.reader(io.StringIO(sheet(name, rows).decode())):
        page.append(line)
    for address, value in (cells or {}).items():
        page[address] = value
    book.save(out := io.BytesIO())
    return out.getvalue()


def folder(staff: Rows | None = None, priced: Rows | None = None, work: Rows | None = None, clients: Sequence[str] = CLIENTS) -> list[Upload]:
    """All files: three sheets and a contract a client."""
    staff = staff if staff is not None else people(clients=clients)
    files = {
        "people.csv": sheet("people", staff),
        "prices.csv": sheet("prices", priced if priced is not None else prices(clients)),
        "calendar.csv": sheet("calendar", work if work is not None else calendar(clients, staff=staff)),
    }
    files |= {f"{client}.pdf": CONTRACT + client.encode() for client in clients}
    return [Upload.of(name, content) for name, content in files.items()]
