"""The demonstration's organizations, their people, cards and designations, as actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from remit.apps.organizations.actions import add_entity, add_site, designate, publish_card
from remit.apps.people.actions import add_credential, add_person, describe_person, publish_profiles, verify_credential
from remit.apps.people.gate import store_rule_sets
from remit.apps.records.context import By, writing
from remit.front.demo import people, rates
from remit.front.demo.people import ISSUERS, Someone
from remit.front.demo.script import Script
from remit.lines.bookkeeping.examples.firms import BRNO, HALDEN, VITOSHA

WEEK = [[[540, 1080]]] * 5 + [[], []]
"""Monday to Friday, 09:00 to 18:00."""
CASABLANCA, LEEDS = [[[510, 1050]]] * 5 + [[], []], [[[540, 1050]]] * 5 + [[], []]
BENGALURU, PUNE = [[[630, 1170]]] * 5 + [[], []], [[[720, 1260]]] * 5 + [[], []]


@dataclass(frozen=True)
class House:
    """An organization of the demonstration: who acts for it by mail name, and its people's keys by name."""

    key: UUID
    seats: Mapping[str, By]
    persons: Mapping[str, UUID]


@dataclass(frozen=True)
class Market:
    """All organizations, and the entities by name."""

    rila: House
    kaveri: House
    pune: House
    halden: House
    northwind: House
    marin: House
    broker: House
    entities: Mapping[str, UUID]


def build(script: Script) -> Market:
    """Found everyone. Bookkeeping is offered for Germany, Bulgaria and Great Britain; payroll and data entry beside it."""
    script.on("2025-08-04")
    rila = _house(
        script,
        "Rila Ledger",
        "rila",
        ["provider"],
        "BG",
        people.RILA,
        (("Sofia", "BG", "Europe/Sofia", WEEK), ("Casablanca", "MA", "Africa/Casablanca", CASABLANCA)),
        vat_id="BG175074752",
        register_number="175074752",
        street="bul. Vitosha 48",
        city="Sofia",
        postcode="1000",
    )
    kaveri = _house(
        script,
        "Kaveri Knowledge Services",
        "kaveri",
        ["provider"],
        "IN",
        people.KAVERI,
        (("Bengaluru", "IN", "Asia/Kolkata", BENGALURU),),
        register_number="U72900KA2009PTC050501",
        street="12 Residency Road",
        city="Bengaluru",
        postcode="560025",
    )
    marin = _house(script, "Marin & Brandt Wirtschaftsprüfung", "marin", ["auditor"], "DE", people.MARIN, (("Frankfurt", "DE", "Europe/Berlin", WEEK),))
    broker = _house(script, "Brückner Sourcing", "brueckner", ["broker"], "DE", people.BROKER, (("Hamburg", "DE", "Europe/Berlin", WEEK),))
    halden = _house(
        script,
        "Halden Instruments",
        "halden",
        ["client"],
        "DE",
        people.HALDEN,
        (("München", "DE", "Europe/Berlin", WEEK),),
        vat_id="DE136695976",
        street="Lindwurmstraße 88",
        city="München",
        postcode="80337",
    )
    northwind = _house(
        script,
        "Northwind Components",
        "northwind",
        ["client"],
        "GB",
        people.NORTHWIND,
        (("Leeds", "GB", "Europe/London", LEEDS),),
        currency="GBP",
    )
    pune = _house(
        script,
        "Northwind Services India",
        "pune",
        ["provider", "client"],
        "IN",
        people.PUNE,
        (("Pune", "IN", "Asia/Kolkata", PUNE),),
        parent_id=northwind.key,
        register_number="U74999PN2019FTC184321",
        street="Baner Road 210",
        city="Pune",
        postcode="411045",
        currency="GBP",
    )
    _offer(script, rila.seats["maya"], "Sofia", (("bookkeeping", ("DE", "BG", "GB"), ["de", "en", "bg"], "34"), ("payroll", ("DE", "BG"), ["de", "bg"], "36")))
    _offer(
        script,
        kaveri.seats["kavitha"],
        "Bengaluru",
        (("bookkeeping", ("DE", "GB", "US"), ["en", "de"], "21"), ("data_entry", ("DE", "GB", "US"), ["en"], "12")),
    )
    _offer(script, pune.seats["sunil"], "Pune", (("bookkeeping", ("GB",), ["en"], "14"),))
    with writing(rila.seats["maya"], script.now):
        store_rule_sets(script.now)
    return Market(rila, kaveri, pune, halden, northwind, marin, broker, _entities(script, halden, northwind))


def _house(
    script: Script,
    name: str,
    mail: str,
    kinds: list[str],
    country: str,
    staff: Iterable[Someone],
    sites: Iterable[tuple[str, str, str, list[list[list[int]]]]],
    currency: str = "EUR",
    **details: object,
) -> House:
    first, *others = staff
    chief = script.found(name, f"{first.mail}@{mail}.example", first.name, kinds=kinds, country=country, currency=currency, **details)
    places = {place: script.do(chief, add_site, name=place, country=where, zone=zone, hours=hours).id for place, where, zone, hours in sites}
    seats, persons = {first.mail: chief}, {}
    for someone in (first, *others):
        persons[someone.name] = _person(script, chief, someone, f"{someone.mail}@{mail}.example", places[someone.site])
        if someone is not first and someone.roles:
            seats[someone.mail] = script.member(chief, f"{someone.mail}@{mail}.example", someone.name, list(someone.roles), persons[someone.name])
    return House(chief.organization, seats, persons)


def _person(script: Script, chief: By, someone: Someone, mail: str, site: UUID) -> UUID:
    made = script.do(chief, add_person, name=someone.name, email=mail, site=str(site), level=someone.level, services=list(someone.services), since="2024-01-01")
    if not someone.known:
        return made.id
    experience = [{"service": "bookkeeping", "since": someone.years_since}] if someone.services else []
    script.do(chief, describe_person, person=str(made.id), languages=someone.languages, software=list(someone.software), experience=experience)
    for kind, since, until, proof in someone.credentials:
        issuer, jurisdiction = ISSUERS[kind]
        held = script.do(
            chief, add_credential, person=str(made.id), kind=kind, issuer=issuer, jurisdiction=jurisdiction, valid_from=since, valid_until=until or None
        )
        if proof != "self_declared":
            script.do(chief, verify_credential, credential=str(held.id), source=f"Register: {issuer}", seen="Name, number and date agree", outcome=proof)
    return made.id


def _offer(script: Script, chief: By, site: str, offers: Iterable[tuple[str, tuple[str, ...], list[str], str]], currency: str = "EUR") -> None:
    key = script.site(chief, site)
    for service, countries, languages, anchor in offers:
        units = {"entry": Decimal(anchor) / 40, "account": Decimal(anchor)} if service == "bookkeeping" else None
        series = f"{service}-standard"[:40]
        script.do(
            chief,
            publish_card,
            series=series,
            currency=currency,
            valid_from="2025-07-01",
            lines=rates.card(service, Decimal(anchor), units),
            source=rates.SOURCE,
        )
        for country in countries:
            script.do(chief, designate, service=service, country=country, languages=languages, site=str(key), series=series)
    script.do(chief, publish_profiles)


def _entities(script: Script, halden: House, northwind: House) -> dict[str, UUID]:
    petra, grace = halden.seats["petra"], northwind.seats["grace"]
    return {
        "gmbh": script.do(
            petra,
            add_entity,
            name=HALDEN.name,
            country="DE",
            currency="EUR",
            zone="Europe/Berlin",
            subdivision="BY",
            vat_id="DE136695976",
            register_number="HRB 204417",
            street="Lindwurmstraße 88",
            city="München",
            postcode="80337",
            ibans=[HALDEN.iban],
        ).id,
        "vitosha": script.do(
            petra,
            add_entity,
            name=VITOSHA.name,
            country="BG",
            currency="EUR",
            zone="Europe/Sofia",
            vat_id="BG203551187",
            register_number="203551187",
            street="ul. Oborishte 19",
            city="Sofia",
            postcode="1504",
            ibans=[VITOSHA.iban],
        ).id,
        "brno": script.do(
            petra,
            add_entity,
            name=BRNO.name,
            country="CZ",
            currency="CZK",
            zone="Europe/Prague",
            vat_id="CZ28417003",
            fiscal_year_start=7,
            register_number="28417003",
            street="Údolní 41",
            city="Brno",
            postcode="602 00",
            ibans=[BRNO.iban],
        ).id,
        "northwind": script.do(
            grace,
            add_entity,
            name="Northwind Components Ltd",
            country="GB",
            subdivision="ENG",
            currency="GBP",
            zone="Europe/London",
            vat_id="GB980780684",
            fiscal_year_start=4,
            register_number="07123456",
            street="14 Wellington Street",
            city="Leeds",
            postcode="LS1 4DL",
            ibans=["GB33BUKB20201555555555"],
        ).id,
    }
