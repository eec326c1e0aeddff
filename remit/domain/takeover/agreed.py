"""Whether the sheets agree with themselves, with each other and with what the services ask; every fault is found at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from remit.domain.line import Finding, ServiceLine
from remit.domain.pricing import BASES
from remit.domain.takeover.rules import found
from remit.domain.takeover.values import BANK, LEDGER, CalendarRow, PersonRow, PriceRow, Sheets, plain

PEOPLE, PRICES, CALENDAR, CONTRACT = "people", "prices", "calendar", "contract"
Services = Mapping[str, ServiceLine]

TERMS = {
    "client_reference": "client reference",
    "contract": "contract",
    "begins_on": "since",
    "ends_on": "until",
    "notice_days": "notice days",
    "payment_days": "payment days",
    "due_workday": "due working day",
    "tax": "tax",
    "tax_rate": "tax rate",
    "tax_reason": "tax reason",
    "paid_to": "paid to",
    "level": "level",
    "responsible": "responsible",
}
"""What an engagement agrees on once: attribute of a line to the title of its column."""
FACTS = {
    "country": "country",
    "subdivision": "part of country",
    "currency": "currency",
    "zone": "zone",
    "vat_id": "VAT id",
    "register_number": "register number",
    "fiscal_year_start": "fiscal year starts",
}
"""What an entity is, whichever service it is for."""


def check(sheets: Sheets, services: Services, people_known: Iterable[str] = (), clients_known: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Errors between the lines, in the order of sheets and lines. `people_known`, `clients_known`: names of those who are here already."""
    known = {plain(name) for name in people_known} | {plain(row.name) for row in sheets.people}
    faults = [
        *_whole(sheets),
        *_people(sheets.people, services),
        *_does(sheets, services, {plain(name) for name in clients_known}),
        *_prices(sheets, services),
        *_entities(sheets.calendar, services),
        *_engagements(sheets, services),
        *_calendar(sheets, services, known),
    ]
    order = {PEOPLE: 0, PRICES: 1, CALENDAR: 2}
    return tuple(sorted(faults, key=lambda each: (order.get(each.place.of, -1), each.place.line or 0)))


def engagements(calendar: Iterable[CalendarRow]) -> dict[tuple[str, str], list[CalendarRow]]:
    """The lines of each engagement, by (client as compared, service), in the order of the entities' names."""
    grouped: dict[tuple[str, str], list[CalendarRow]] = defaultdict(list)
    for row in sorted(calendar, key=lambda each: (plain(each.entity), each.line)):
        grouped[plain(row.client), row.service].append(row)
    return dict(sorted(grouped.items()))


def _whole(sheets: Sheets) -> Iterator[Finding]:
    if CALENDAR in sheets.names or PRICES in sheets.names:
        for sheet in (PRICES, CALENDAR):
            if sheet not in sheets.names:
                yield found("sheet_missing", sheet, sheet=sheet)
    elif PEOPLE not in sheets.names:
        yield found("sheet_missing", PEOPLE, sheet=PEOPLE)


def _people(people: Sequence[PersonRow], services: Services) -> Iterator[Finding]:
    names: dict[str, int] = {}
    mails: dict[str, int] = {}
    sites: dict[str, PersonRow] = {}
    for row in people:
        other, mail_of = names.setdefault(plain(row.name), row.line), mails.setdefault(row.mail.casefold(), row.line)
        if other != row.line:
            yield found("person_twice", PEOPLE, row.line, "name", name=row.name, other=other)
        elif mail_of != row.line:
            yield found("mail_twice", PEOPLE, row.line, "mail", mail=row.mail, other=mail_of)
        first = sites.setdefault(plain(row.site), row) if row.site_zone or row.site_country else sites.get(plain(row.site))
        if first is not None and (row.site_zone or row.site_country) and (row.site_zone, row.site_country) != (first.site_zone, first.site_country):
            yield found("site_differs", PEOPLE, row.line, "site", site=row.site, other=first.line)
        for code in row.services:
            if code not in services:
                yield found("service", PEOPLE, row.line, "services", text=code, choices=", ".join(services))
        for each in row.credentials:
            if each.valid_until and each.valid_until <= each.valid_from:
                yield found("order", PEOPLE, row.line, "credentials", since=each.valid_from, until=each.valid_until)


def _does(sheets: Sheets, services: Services, clients: set[str]) -> Iterator[Finding]:
    steps: dict[str, set[str]] = defaultdict(set)
    for row in sheets.calendar:
        if row.service in services:
            steps[plain(row.client)] |= {step.code for step in services[row.service].steps if step.side == "provider"}
    for person in sheets.people:
        for each in person.does:
            if plain(each.client) not in steps and plain(each.client) not in clients:
                yield found("client_unknown", PEOPLE, person.line, "works for", client=each.client)
            elif each.step and plain(each.client) in steps and each.step not in steps[plain(each.client)]:
                known = ", ".join(sorted(steps[plain(each.client)]))
                yield found("step", PEOPLE, person.line, "works for", text=each.step, client=each.client, choices=known)


def _prices(sheets: Sheets, services: Services) -> Iterator[Finding]:
    running = engagements(sheets.calendar)
    priced: dict[Any, list[PriceRow]] = defaultdict(list)
    currencies: dict[tuple[str, str], PriceRow] = {}
    for row in sheets.prices:
        if row.service not in services:
            yield found("service", PRICES, row.line, "service", text=row.service, choices=", ".join(services))
            continue
        yield from _price(row, services[row.service])
        if running and (plain(row.client), row.service) not in running:
            yield found("price_unused", PRICES, row.line, "client", client=row.client, service=row.service)
        first = currencies.setdefault((plain(row.client), row.service), row)
        if first.currency != row.currency:
            yield found("price_currency", PRICES, row.line, "currency", client=row.client, currency=row.currency, other=first.currency)
        priced[row.key].append(row)
    for key, rows in priced.items():
        lines = running.get((key[0], key[1]), [])
        yield from _spans(sorted(rows, key=lambda each: (each.valid_from, each.line)), min((row.ends_on for row in lines if row.ends_on), default=None))


def _price(row: PriceRow, service: ServiceLine) -> Iterator[Finding]:
    if row.basis not in service.bases:
        yield found("basis", PRICES, row.line, "basis", service=row.service, basis=row.basis, choices=", ".join(b for b in BASES if b in service.bases))
    if row.measure and row.measure not in service.measures:
        yield found("measure", PRICES, row.line, "measure", text=row.measure, service=row.service, choices=", ".join(service.measures))
    elif row.basis == "unit" and not row.measure and row.basis in service.bases:
        yield found("measure_missing", PRICES, row.line, "measure", choices=", ".join(service.measures))
    if row.valid_until and row.valid_until <= row.valid_from:
        yield found("order", PRICES, row.line, "valid until", since=row.valid_from, until=row.valid_until)


def _spans(rows: Sequence[PriceRow], ends_on: date | None) -> Iterator[Finding]:
    """Of one price, its lines in order: each ends where the next begins, and the last with the agreement, or not at all."""
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if after is None:
            if row.valid_until and (ends_on is None or row.valid_until < ends_on) and row.valid_until > row.valid_from:
                yield found("price_ends", PRICES, row.line, "valid until", since=row.valid_until)
        elif after.valid_from == row.valid_from or (row.valid_until and row.valid_until > after.valid_from):
            yield found("prices_overlap", PRICES, after.line, "valid from", other=row.line)
        elif row.valid_until and row.valid_until < after.valid_from:
            yield found("prices_gap", PRICES, row.line, "valid until", since=row.valid_until, until=after.valid_from)


def _entities(calendar: Sequence[CalendarRow], services: Services) -> Iterator[Finding]:
    seen: dict[Any, int] = {}
    facts: dict[Any, CalendarRow] = {}
    for row in calendar:
        keys = [(plain(row.client), row.service, plain(row.entity)), *([(plain(row.client), row.service, "vat", row.vat_id)] if row.vat_id else [])]
        others = [seen.setdefault(key, row.line) for key in keys]
        if other := next((line for line in others if line != row.line), None):
            yield found("entity_twice", CALENDAR, row.line, "entity", entity=row.entity, other=other, service=row.service)
        first = facts.setdefault((plain(row.client), plain(row.entity)), row)
        for name, title in FACTS.items():
            if getattr(first, name) != getattr(row, name):
                yield found("entity_differs", CALENDAR, row.line, title, entity=row.entity, title=title, other=first.line)
        if row.service not in services:
            yield found("service", CALENDAR, row.line, "service", text=row.service, choices=", ".join(services))


def _engagements(sheets: Sheets, services: Services) -> Iterator[Finding]:
    names = {plain(name) for name in sheets.contracts}
    prices: dict[tuple[str, str], list[PriceRow]] = defaultdict(list)
    for price in sheets.prices:
        prices[plain(price.client), price.service].append(price)
    for (client, service), rows in engagements(sheets.calendar).items():
        first = min(rows, key=lambda each: each.line)
        for row in rows:
            for name, title in TERMS.items():
                if getattr(row, name) != getattr(first, name):
                    yield found("terms_differ", CALENDAR, row.line, title, client=row.client, title=title, service=service, other=first.line)
        if first.contract and plain(first.contract) not in names:
            yield found("contract_missing", CALENDAR, first.line, "contract", client=first.client, text=first.contract)
        elif not first.contract and len(names) != 1:
            code = "contract_which" if names else "contract_missing"
            yield found(code, CALENDAR, first.line, "contract", client=first.client, text="")
        if service not in services or PRICES not in sheets.names:
            continue
        begun = min(row.first_month for row in rows)
        if not any(price.valid_from <= begun for price in prices[client, service]):
            yield found("price_none", CALENDAR, first.line, "client", client=first.client, service=service, on=begun)


def _calendar(sheets: Sheets, services: Services, people: set[str]) -> Iterator[Finding]:
    prices: dict[tuple[str, str], list[PriceRow]] = defaultdict(list)
    for price in sheets.prices:
        prices[plain(price.client), price.service].append(price)
    for row in sheets.calendar:
        for name, title in ((row.preparer, "preparer"), (row.reviewer, "reviewer"), (row.responsible, "responsible")):
            if name and plain(name) not in people:
                yield found("person_unknown", CALENDAR, row.line, title, name=name)
        if row.reviewer and plain(row.reviewer) == plain(row.preparer):
            yield found("same_person", CALENDAR, row.line, "reviewer", name=row.reviewer)
        if row.ends_on and row.begins_on and row.ends_on <= row.begins_on:
            yield found("order", CALENDAR, row.line, "until", since=row.begins_on, until=row.ends_on)
        if row.tax != "S" and row.tax_rate:
            yield found("tax_rate", CALENDAR, row.line, "tax rate")
        if row.tax not in ("S", "Z") and not row.tax_reason:
            yield found("tax_reason", CALENDAR, row.line, "tax reason")
        if row.service in services:
            yield from _of_service(row, services[row.service], prices[plain(row.client), row.service] if sheets.prices else None)


def _of_service(row: CalendarRow, service: ServiceLine, prices: list[PriceRow] | None) -> Iterator[Finding]:
    answered = dict(row.answers)
    for question in service.questions:
        if question.at != "entity":
            continue
        told = answered.get(question.code) or (row.iban if question.code == "bank_account" else "")
        if question.required and not told:
            title = "IBAN" if question.code == "bank_account" else question.code.replace("_", " ")
            yield found("answer", CALENDAR, row.line, title, service=row.service, question=question.says, title=title)
        elif told and question.choices and told not in question.choices:
            yield found("choice", CALENDAR, row.line, question.code.replace("_", " "), text=told, choices=", ".join(question.choices))
    if row.open_items or row.bank_closing is not None or row.ledger_closing is not None:
        yield from _openings(row, service)
    for each in row.unbilled:
        if each.what != "hour" and each.what not in service.measures:
            yield found("measure", CALENDAR, row.line, "unbilled", text=each.what, service=row.service, choices=", ".join(("hour", *service.measures)))
        elif row.begins_on and each.on < row.begins_on:
            yield found("unbilled_term", CALENDAR, row.line, "unbilled", on=each.on, since=row.begins_on)
        elif prices is not None and not any(_prices_it(price, each.what, each.level or row.level, each.on) for price in prices):
            yield found("unbilled_price", CALENDAR, row.line, "unbilled", client=row.client, what=each.what, level=each.level or row.level, on=each.on)


def _openings(row: CalendarRow, service: ServiceLine) -> Iterator[Finding]:
    if service.take_over is None:
        yield found("opening_none", CALENDAR, row.line, "open items", service=row.service)
        return
    for side, closing, title in ((BANK, row.bank_closing, "bank closing"), (LEDGER, row.ledger_closing, "ledger closing")):
        if closing is None:
            yield found("opening_side", CALENDAR, row.line, title, side=side, title=title)


def _prices_it(price: PriceRow, what: str, level: int, on: date) -> bool:
    same = (price.basis == "hour" and not price.measure) if what == "hour" else (price.basis == "unit" and price.measure == what)
    return same and price.level == level and price.valid_from <= on and (price.valid_until is None or on < price.valid_until)
