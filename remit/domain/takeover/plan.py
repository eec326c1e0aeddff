"""What taking over would make, change and leave, worked out once: the preview shows it, and carrying out does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal, TypeVar
from uuid import UUID

from remit.domain.line import Finding
from remit.domain.plain import to_plain
from remit.domain.takeover.agreed import CALENDAR, PEOPLE, PRICES, Services, check, engagements
from remit.domain.takeover.rules import RULES, found
from remit.domain.takeover.values import CalendarRow, Credential, PersonRow, PriceRow, Sheets, plain

Row = TypeVar("Row", CalendarRow, PriceRow)
State = Literal["new", "changed", "unchanged", "left"]


@dataclass(frozen=True, kw_only=True)
class PersonKnown:
    """A person who works here, as on file today."""

    key: UUID
    name: str
    mail: str = ""
    level: int = 0
    site: str = ""
    capacity_min: int = 0
    languages: tuple[tuple[str, str], ...] = ()
    software: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClientKnown:
    """An organization of this installation. `ours`: clients of the provider's agreements, who need no reference to be named."""

    key: UUID
    reference: str
    name: str
    is_enrolled: bool = False
    ours: bool = False


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is here already: the provider, its people and sites, the organizations, and what was taken over (fingerprint by client's key and service)."""

    me: UUID
    people: tuple[PersonKnown, ...] = ()
    sites: Mapping[str, UUID] = field(default_factory=dict)
    """Key by name as compared."""
    clients: tuple[ClientKnown, ...] = ()
    running: Mapping[tuple[UUID, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class SitePlan:
    """A site to add."""

    name: str
    country: str
    zone: str


@dataclass(frozen=True)
class PersonPlan:
    """One person: `changes` names what differs from what is on file."""

    row: PersonRow
    state: State
    key: UUID | None = None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClientPlan:
    """A client: to be registered, or here already (`key`)."""

    name: str
    country: str
    currency: str
    key: UUID | None = None
    is_enrolled: bool = False


@dataclass(frozen=True, kw_only=True)
class EngagementPlan:
    """One engagement to make, with its entities and prices; unchanged or left where the client runs for that service already."""

    client: str
    service: str
    state: State
    rows: tuple[CalendarRow, ...]
    prices: tuple[PriceRow, ...]
    contract: str
    fingerprint: str

    @property
    def terms(self) -> CalendarRow:
        """A line that holds what the engagement agrees on."""
        return self.rows[0]

    @property
    def begins_on(self) -> date:
        """As stated, else by the first price or month."""
        return self.terms.begins_on or min([*(row.first_month for row in self.rows), *(price.valid_from for price in self.prices)])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The whole of it. With an error among the findings nothing can be taken over."""

    sites: tuple[SitePlan, ...] = ()
    people: tuple[PersonPlan, ...] = ()
    clients: Mapping[str, ClientPlan] = field(default_factory=dict)
    """By name as compared."""
    engagements: tuple[EngagementPlan, ...] = ()
    findings: tuple[Finding, ...] = ()
    faulty: Mapping[str, int] = field(default_factory=dict)
    """How many lines of each sheet cannot be taken over as they are."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stops it."""
        return tuple(each for each in self.findings if each.code not in RULES or RULES[each.code].severity == "error")

    @property
    def changes_nothing(self) -> bool:
        """All that the sheets say is here."""
        states = {each.state for each in self.people} | {each.state for each in self.engagements}
        return not self.sites and states <= {"unchanged", "left"}

    @cached_property
    def _at_fault(self) -> frozenset[tuple[str, int]]:
        """Sheet and line of every error."""
        return frozenset((each.place.of, each.place.line) for each in self.errors if each.place.line is not None)

    @property
    def right_people(self) -> tuple[PersonPlan, ...]:
        """Those in whose lines nothing is wrong."""
        return tuple(each for each in self.people if (PEOPLE, each.row.line) not in self._at_fault)

    @property
    def right_engagements(self) -> tuple[EngagementPlan, ...]:
        """Those of which a line is right, with the lines that are."""
        cleared = (replace(each, rows=self._right(CALENDAR, each.rows), prices=self._right(PRICES, each.prices)) for each in self.engagements)
        return tuple(each for each in cleared if each.rows)

    def _right(self, sheet: str, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(row for row in rows if (sheet, row.line) not in self._at_fault)

    def counts(self) -> dict[str, int]:
        """How much of each is new, changed, unchanged or left: `people.new`, `engagements.left`, and so on; lines with an error do not count."""
        people, engagements = self.right_people, self.right_engagements
        kinds: tuple[tuple[str, tuple[PersonPlan, ...] | tuple[EngagementPlan, ...]], ...] = (("people", people), ("engagements", engagements))
        counted = {f"{kind}.{state}": sum(each.state == state for each in plans) for kind, plans in kinds for state in ("new", "changed", "unchanged", "left")}
        made = [each for each in engagements if each.state == "new"]
        clients = {plain(each.client) for each in engagements}
        sites = {plain(each.row.site) for each in people}
        rows = [row for each in made for row in each.rows]
        return counted | {
            "sites.new": sum(plain(site.name) in sites for site in self.sites),
            "clients.new": sum(client.key is None for name, client in self.clients.items() if name in clients),
            "entities.new": len(rows),
            "prices.new": sum(len(each.prices) for each in made),
            "requests.new": sum(len(row.requests) for row in rows),
            "unbilled.new": sum(len(row.unbilled) for row in rows),
            "open_items.new": sum(len(row.open_items) for row in rows),
        }


def plan(sheets: Sheets, services: Services, known: Known, read: Iterable[Finding] = (), readable: Iterable[str] = ()) -> Plan:
    """What would be done. `read`: what the readers found; `readable`: services whose months are opened here (all, where none is named)."""
    clients, client_faults = _clients(sheets, known)
    made = tuple(_engagements(sheets, clients, known))
    built = set(readable) or set(services)
    notes = [
        *(
            found("client_personal", CALENDAR, each.terms.line, "client", client=each.client, service=each.service)
            for each in made
            if each.state == "new" and each.service in services and clients[plain(each.client)].is_enrolled and services[each.service].is_personal({})
        ),
        *(found("runs_already", CALENDAR, each.terms.line, client=each.client, service=each.service) for each in made if each.state == "left"),
        *(
            found("not_built", CALENDAR, each.terms.line, client=each.client, service=each.service)
            for each in made
            if each.state == "new" and each.service in services and each.service not in built
        ),
    ]
    faults = [
        *read,
        *check(sheets, services, (each.name for each in known.people), (each.name for each in known.clients if each.ours)),
        *client_faults,
        *_site_faults(sheets, known),
        *notes,
    ]
    worked_out = Plan(sites=_sites(sheets, known), people=_people(sheets, known), clients=clients, engagements=made, findings=_without_echo(faults))
    return replace(worked_out, faulty=_faulty(sheets, worked_out))


def _faulty(sheets: Sheets, worked_out: Plan) -> dict[str, int]:
    """Lines that could not be read, and those read in which something is wrong; sheets without any are left out."""
    right = {
        sheet: sum((sheet, row.line) not in worked_out._at_fault for row in rows)
        for sheet, rows in ((PEOPLE, sheets.people), (PRICES, sheets.prices), (CALENDAR, sheets.calendar))
    }
    read = {PEOPLE: len(sheets.people), PRICES: len(sheets.prices), CALENDAR: len(sheets.calendar)} | dict(sheets.lines_read)
    return {sheet: read[sheet] - count for sheet, count in right.items() if read[sheet] > count}


def _without_echo(faults: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each once. Where lines of a sheet could not be read, what follows from their being missing is not said."""
    faults = list(_keyed(faults).values())
    lost = {each.place.of for each in faults if each.code in _LOSES}
    echo = {"takeover.person_unknown": PEOPLE, "takeover.price_unused": CALENDAR, "takeover.client_unknown": CALENDAR, "takeover.price_none": PRICES}
    echo |= {"takeover.unbilled_price": PRICES, "takeover.step": CALENDAR, "takeover.price_ends": PRICES, "takeover.prices_gap": PRICES}
    order = {PEOPLE: 0, PRICES: 1, CALENDAR: 2}
    heard = [each for each in faults if echo.get(each.code) not in lost]
    return tuple(sorted(heard, key=lambda each: (order.get(each.place.of, -1), each.place.line or 0)))


_LOSES = frozenset(
    f"takeover.{code}"
    for code in (
        "value_missing", "formula", "date", "month", "number", "below", "above", "level", "currency", "country", "zone", "mail", "choice", "language",
        "credential", "does", "unbilled", "open_item", "column_missing", "no_header", "too_long", "vat", "iban",
    )
)  # fmt: skip
"""Findings of the readers after which a line does not count."""


def _keyed(faults: Iterable[Finding]) -> dict[Any, Finding]:
    """Findings by what they say and where."""
    return {(each.code, each.place, tuple(sorted((name, str(value)) for name, value in each.values.items()))): each for each in faults}


def _people(sheets: Sheets, known: Known) -> tuple[PersonPlan, ...]:
    by_mail = {each.mail.casefold(): each for each in known.people if each.mail}
    by_name = {plain(each.name): each for each in known.people if not each.mail}
    plans = []
    for row in sorted(sheets.people, key=lambda each: (plain(each.name), each.line)):
        there = by_mail.get(row.mail.casefold()) or by_name.get(plain(row.name))
        changes = _differs(row, there) if there else ()
        plans.append(PersonPlan(row, "new" if there is None else "changed" if changes else "unchanged", there.key if there else None, changes))
    return tuple(plans)


def _differs(row: PersonRow, there: PersonKnown) -> tuple[str, ...]:
    """Lists that are empty in the sheet say nothing; credentials, roles and services of the sheet are added to those on file."""
    differing = {
        "name": row.name != there.name,
        "mail": row.mail.casefold() != there.mail.casefold(),
        "level": row.level != there.level,
        "site": plain(row.site) != plain(there.site),
        "hours": int(row.hours * 60) != there.capacity_min,
        "languages": bool(row.languages) and dict(row.languages) != dict(there.languages),
        "software": bool(row.software) and {plain(each) for each in row.software} != {plain(each) for each in there.software},
        "services": not set(row.services) <= set(there.services),
        "credentials": not set(row.credentials) <= set(there.credentials),
        "roles": not set(row.roles) <= set(there.roles),
    }
    return tuple(name for name, differs in differing.items() if differs)


def _sites(sheets: Sheets, known: Known) -> tuple[SitePlan, ...]:
    named = {plain(row.site): SitePlan(row.site, row.site_country, row.site_zone) for row in sheets.people if row.site_country and row.site_zone}
    return tuple(site for name, site in sorted(named.items()) if name not in known.sites)


def _site_faults(sheets: Sheets, known: Known) -> Iterator[Finding]:
    there = set(known.sites) | {plain(site.name) for site in _sites(sheets, known)}
    for row in sheets.people:
        if plain(row.site) not in there:
            yield found("site_unknown", PEOPLE, row.line, "site", site=row.site)


def _clients(sheets: Sheets, known: Known) -> tuple[dict[str, ClientPlan], list[Finding]]:
    by_reference = {each.reference: each for each in known.clients}
    ours = {plain(each.name): each for each in known.clients if each.ours}
    others = {plain(each.name): each for each in known.clients}
    plans: dict[str, ClientPlan] = {}
    faults: list[Finding] = []
    for row in sorted(sheets.calendar, key=lambda each: (plain(each.client), plain(each.entity), each.service, each.line)):
        name = plain(row.client)
        if name in plans:
            continue
        there = by_reference.get(row.client_reference) if row.client_reference else ours.get(name)
        plans[name] = ClientPlan(row.client, row.country, row.currency, there.key if there else None, bool(there and there.is_enrolled))
        if row.client_reference and there is None:
            faults.append(found("client_reference", CALENDAR, row.line, "client reference", text=row.client_reference))
        elif (there is not None and there.key == known.me) or (there is None and name in others and others[name].key == known.me):
            faults.append(found("client_self", CALENDAR, row.line, "client", client=row.client))
        elif there is None and name in others:
            faults.append(found("client_name", CALENDAR, row.line, "client", client=row.client, reference=others[name].reference))
    return plans, faults


def _engagements(sheets: Sheets, clients: Mapping[str, ClientPlan], known: Known) -> Iterator[EngagementPlan]:
    contracts = {plain(name): name for name in sheets.contracts}
    for (client, service), rows in engagements(sheets.calendar).items():
        prices = tuple(sorted((p for p in sheets.prices if (plain(p.client), p.service) == (client, service)), key=lambda p: (p.key, p.valid_from, p.line)))
        named = rows[0].contract
        contract = contracts.get(plain(named), "") if named else next(iter(sheets.contracts), "") if len(sheets.contracts) == 1 else ""
        print_ = fingerprint(rows, prices, sheets.contracts.get(contract, ""))
        key = clients[client].key
        there = known.running.get((key, service)) if key else None
        state: State = "new" if there is None else "unchanged" if there == print_ else "left"
        yield EngagementPlan(client=clients[client].name, service=service, state=state, rows=tuple(rows), prices=prices, contract=contract, fingerprint=print_)


def fingerprint(rows: Iterable[CalendarRow], prices: Iterable[PriceRow], contract: str) -> str:
    """SHA-256 of what the sheets say of an engagement, whatever the order of their lines."""
    said = [sorted(json.dumps({k: v for k, v in to_plain(row).items() if k != "line"}, sort_keys=True) for row in each) for each in (rows, prices)]
    return hashlib.sha256(json.dumps([*said, contract]).encode()).hexdigest()
