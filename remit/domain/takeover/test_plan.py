"""The plan of a take-over: what the sheets must agree on, the same whatever the order of lines, and nothing to do once it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.line import Question, ServiceLine, Step
from remit.domain.takeover import CalendarRow, Does, Known, OpenItem, PersonKnown, PersonRow, PriceRow, Sheets, Unbilled, check, plan
from remit.domain.takeover.plan import ClientKnown

ME, CLIENT = UUID(int=1), UUID(int=2)
BOOKS = ServiceLine(
    code="books", field="accounting", says="Books", edition=1, levels={}, tasks=(), bases=("hour", "unit"), measures={"entry": "entry"},
    questions=(Question("chart", "Chart", at="entity"),), steps=(Step("prepare", "Prepare", "t"), Step("review", "Review", "t", kind="review", of="prepare")),
    take_over=lambda bank, ledger, items: (bank, ledger, tuple(items)),
)  # fmt: skip
SERVICES = {"books": BOOKS}


def person(line: int, name: str, **more: Any) -> PersonRow:
    return PersonRow(line=line, name=name, mail=f"{name.lower()}@x.example", level=2, site="Sofia", site_country="BG", site_zone="Europe/Sofia", **more)


def price(line: int, client: str = "Halden", **more: Any) -> PriceRow:
    given_ = {"service": "books", "level": 2, "basis": "hour", "price": Decimal(38), "currency": "EUR", "valid_from": date(2026, 1, 1)}
    return PriceRow(line=line, client=client, **(given_ | more))


def work(line: int, client: str = "Halden", entity: str = "Halden Werke", **more: Any) -> CalendarRow:
    given_: dict[str, Any] = {
        "service": "books", "country": "DE", "currency": "EUR", "zone": "Europe/Berlin", "first_month": date(2026, 11, 1), "tax": "S",
        "tax_rate": Decimal(19), "preparer": "Maya", "reviewer": "Ivo", "answers": (("chart", "own"),),
    }  # fmt: skip
    return CalendarRow(line=line, client=client, entity=entity, **(given_ | more))


def sheets(people: Any = None, prices: Any = None, calendar: Any = None, contracts: Any = None) -> Sheets:
    return Sheets(
        people=tuple(people if people is not None else (person(2, "Maya"), person(3, "Ivo"))),
        prices=tuple(prices if prices is not None else (price(2),)),
        calendar=tuple(calendar if calendar is not None else (work(2),)),
        names={"people": "p.csv", "prices": "r.csv", "calendar": "c.csv"},
        contracts={"contract.pdf": "0" * 64} if contracts is None else contracts,
    )


def found(*given_: Any, **more: Any) -> list[tuple[str, str, int | None, str]]:
    told = []
    for each in check(sheets(*given_, **more), SERVICES):
        column = next((str(at) for name, at in each.place.path if name == "column"), "")
        told.append((each.code.removeprefix("takeover."), each.place.of, each.place.line, column))
    return told


def test_sheets_that_agree() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"people": [person(2, "Maya"), person(3, "Ivo"), person(4, "maya ")]}, ("person_twice", "people", 4, "name")),
        ({"people": [person(2, "Maya"), person(3, "Ivo", does=(Does("Marin"),))]}, ("client_unknown", "people", 3, "works for")),
        ({"people": [person(2, "Maya"), person(3, "Ivo", does=(Does("Halden", "sign"),))]}, ("step", "people", 3, "works for")),
        ({"people": [person(2, "Maya"), replace(person(3, "Ivo"), site_zone="Europe/Rome")]}, ("site_differs", "people", 3, "site")),
        ({"prices": [price(2), price(3, valid_from=date(2026, 1, 1))]}, ("prices_overlap", "prices", 3, "valid from")),
        ({"prices": [price(2, valid_until=date(2026, 8, 1)), price(3, valid_from=date(2026, 7, 1))]}, ("prices_overlap", "prices", 3, "valid from")),
        ({"prices": [price(2, valid_until=date(2026, 6, 1)), price(3, valid_from=date(2026, 7, 1))]}, ("prices_gap", "prices", 2, "valid until")),
        ({"prices": [price(2, valid_until=date(2027, 1, 1))]}, ("price_ends", "prices", 2, "valid until")),
        ({"prices": [price(2), price(3, level=3, currency="USD")]}, ("price_currency", "prices", 3, "currency")),
        ({"prices": [price(2), price(3, client="Marin")]}, ("price_unused", "prices", 3, "client")),
        ({"prices": [price(2), price(3, basis="month")]}, ("basis", "prices", 3, "basis")),
        ({"prices": [price(2), price(3, basis="unit")]}, ("measure_missing", "prices", 3, "measure")),
        ({"prices": [price(2, valid_from=date(2026, 12, 1))]}, ("price_none", "calendar", 2, "client")),
        ({"calendar": [work(2), work(3)]}, ("entity_twice", "calendar", 3, "entity")),
        ({"calendar": [work(2, vat_id="DE1"), work(3, entity="Other", vat_id="DE1")]}, ("entity_twice", "calendar", 3, "entity")),
        ({"calendar": [work(2), work(3, entity="Other", payment_days=14)]}, ("terms_differ", "calendar", 3, "payment days")),
        ({"calendar": [work(2, reviewer="Maya")]}, ("same_person", "calendar", 2, "reviewer")),
        ({"calendar": [work(2, preparer="Nobody")]}, ("person_unknown", "calendar", 2, "preparer")),
        ({"calendar": [work(2, answers=())]}, ("answer", "calendar", 2, "chart")),
        ({"calendar": [work(2, tax="AE", tax_rate=Decimal(0))]}, ("tax_reason", "calendar", 2, "tax reason")),
        ({"calendar": [work(2, contract="x.pdf")]}, ("contract_missing", "calendar", 2, "contract")),
        ({"calendar": [work(2)], "contracts": {"a.pdf": "0" * 64, "b.pdf": "1" * 64}}, ("contract_which", "calendar", 2, "contract")),
        ({"calendar": [work(2, unbilled=(Unbilled(date(2025, 12, 1), "hour", Decimal(1)),))]}, ("unbilled_price", "calendar", 2, "unbilled")),
        ({"calendar": [work(2, unbilled=(Unbilled(date(2026, 10, 1), "page", Decimal(1)),))]}, ("measure", "calendar", 2, "unbilled")),
        (
            {"calendar": [work(2, begins_on=date(2026, 10, 2), unbilled=(Unbilled(date(2026, 10, 1), "hour", Decimal(1)),))]},
            ("unbilled_term", "calendar", 2, "unbilled"),
        ),
    ],
)
def test_sheets_that_do_not(more: dict[str, Any], expected: tuple[str, str, int, str]) -> None:
    assert found(**more) == [expected]


def test_open_items_need_both_balances() -> None:
    item = OpenItem("bank", date(2026, 10, 28), Decimal(1), "x")
    assert {each[0] for each in found(calendar=[work(2, open_items=(item,))])} == {"opening_side"}
    assert found(calendar=[work(2, open_items=(item,), bank_closing=Decimal(1), ledger_closing=Decimal(0))]) == []


def test_what_follows_from_a_line_that_could_not_be_read_is_not_said() -> None:
    from remit.domain.takeover import found as finding

    lost = finding("level", "people", 3, "level", text="9")
    told = plan(sheets(people=(person(2, "Maya"),)), SERVICES, Known(me=ME), [lost])
    assert [each.code for each in told.findings] == ["takeover.level"]


def test_lines_with_errors_are_not_counted_as_taken_over() -> None:
    from remit.domain.takeover import found as finding

    people = (person(2, "Maya"), person(3, "Ivo"), person(4, "maya "))
    calendar = (work(2), work(3, entity="Other", reviewer="Maya"), work(4, client="Marin", reviewer="Maya"))
    brought = replace(sheets(people, (price(2), price(3, client="Marin", basis="month")), calendar), lines_read={"people": 4, "prices": 2, "calendar": 3})
    told = plan(brought, SERVICES, Known(me=ME), [finding("level", "people", 5, "level", text="9")])
    counts = {name: count for name, count in told.counts().items() if count}
    assert counts == {"people.new": 2, "engagements.new": 1, "sites.new": 1, "clients.new": 1, "entities.new": 1, "prices.new": 1}
    assert told.faulty == {"people": 2, "prices": 1, "calendar": 2}
    assert [each.row.line for each in told.right_people] == [3, 2]
    assert plan(sheets(), SERVICES, Known(me=ME)).faulty == {}


def test_a_client_that_is_here_is_named_by_its_reference() -> None:
    here = ClientKnown(key=CLIENT, reference="OR-1", name="Halden", is_enrolled=True)
    assert [each.code for each in plan(sheets(), SERVICES, Known(me=ME, clients=(here,))).errors] == ["takeover.client_name"]
    named = plan(sheets(calendar=[work(2, client_reference="OR-1")]), SERVICES, Known(me=ME, clients=(here,)))
    assert (named.errors, named.clients["halden"].key) == ((), CLIENT)
    ours = plan(sheets(), SERVICES, Known(me=ME, clients=(replace(here, ours=True),)))
    assert (ours.errors, ours.clients["halden"].key) == ((), CLIENT)
    assert [each.code for each in plan(sheets(), SERVICES, Known(me=CLIENT, clients=(here,))).errors] == ["takeover.client_self"]


NAMES = st.lists(st.sampled_from([f"P{number}" for number in range(12)]), unique=True, min_size=2, max_size=12)
CLIENTS = st.lists(st.sampled_from([f"C{number}" for number in range(6)]), unique=True, min_size=1, max_size=6)


@st.composite
def books(draw: st.DrawFn) -> Sheets:
    """Sheets that agree, of any size."""
    names, clients = draw(NAMES), draw(CLIENTS)
    people = [person(line, name, hours=Decimal(draw(st.integers(1, 80)))) for line, name in enumerate(names, 2)]
    prices = [price(line, client, price=Decimal(draw(st.integers(0, 99)))) for line, client in enumerate(clients, 2)]
    calendar = [
        work(line, client, f"{client} AG {number}", preparer=names[0], reviewer=names[1])
        for line, (client, number) in enumerate(((client, number) for client in clients for number in range(draw(st.integers(1, 3)))), 2)
    ]
    return sheets(people, prices, calendar)


def done(known: Known, made: Any) -> Known:
    """What is here once the plan is carried out."""
    people = tuple(
        PersonKnown(
            key=each.key or UUID(int=100 + number), name=each.row.name, mail=each.row.mail, level=each.row.level, site=each.row.site,
            capacity_min=int(each.row.hours * 60), languages=each.row.languages, software=each.row.software, services=each.row.services,
            credentials=each.row.credentials, roles=each.row.roles,
        )
        for number, each in enumerate(made.people)
    )  # fmt: skip
    clients = tuple(
        ClientKnown(key=UUID(int=500 + number), reference=f"OR-{number}", name=each.name, ours=True) for number, each in enumerate(made.clients.values())
    )
    keys = {each.name: each.key for each in clients}
    running = {(keys[each.client], each.service): each.fingerprint for each in made.engagements}
    return replace(known, people=people, sites={"sofia": UUID(int=9)}, clients=clients, running=running)


@given(books(), st.randoms())
def test_the_order_of_lines_does_not_matter_and_twice_is_once(brought: Sheets, random: Any) -> None:
    known = Known(me=ME)
    first = plan(brought, SERVICES, known)
    assert first.errors == ()
    lines = {name: list(getattr(brought, name)) for name in ("people", "prices", "calendar")}
    for rows in lines.values():
        random.shuffle(rows)
    shuffled = replace(brought, **{name: tuple(replace(row, line=line) for line, row in enumerate(rows, 2)) for name, rows in lines.items()})
    second = plan(shuffled, SERVICES, known)
    assert second.counts() == first.counts()
    assert [each.fingerprint for each in second.engagements] == [each.fingerprint for each in first.engagements]
    again = plan(shuffled, SERVICES, done(known, first))
    assert again.changes_nothing
    assert again.findings == ()
    assert all(each.state == "unchanged" for each in again.people)


@given(books(), st.data())
def test_what_differs_is_all_that_changes(brought: Sheets, data: Any) -> None:
    first = plan(brought, SERVICES, Known(me=ME))
    at = data.draw(st.integers(0, len(brought.people) - 1))
    raised = replace(brought, people=tuple(replace(row, level=5) if number == at else row for number, row in enumerate(brought.people)))
    second = plan(raised, SERVICES, done(Known(me=ME), first))
    changed = [each for each in second.people if each.state != "unchanged"]
    assert [(each.row.name, each.state, each.changes) for each in changed] == [(brought.people[at].name, "changed", ("level",))]


def test_other_terms_of_a_relation_that_runs_are_left_and_said() -> None:
    first = plan(sheets(), SERVICES, Known(me=ME))
    second = plan(sheets(prices=[price(2, price=Decimal(99))]), SERVICES, done(Known(me=ME), first))
    assert [each.state for each in second.engagements] == ["left"]
    assert [each.code for each in second.findings] == ["takeover.runs_already"]
    assert second.errors == ()
    assert second.changes_nothing
