"""A small market for tests, built by actions alone at fixed instants: a German client, three providers, an audit firm; and the thread up to any stage."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

from django.test import Client

from remit.apps.agreements.models import AgreedEntity, Agreement, Engagement
from remit.apps.organizations.acting import ACTIONS, Action, Done, Refused
from remit.apps.organizations.founding import FOUNDER_ROLES, found, new_user
from remit.apps.organizations.models import User
from remit.apps.people.actions import add_credential, add_person, describe_person, publish_profiles, verify_credential
from remit.apps.people.gate import store_rule_sets
from remit.apps.records import clock
from remit.apps.records.context import Away, By, reading, writing
from remit.apps.records.keys import uuid7
from remit.apps.sourcing.actions import answer_brief, assess_function, award_brief, draw_shortlist, name_function, write_brief
from remit.apps.work.models import Deliverable, WorkItem
from remit.lines import examples

FOUNDED_AT = datetime(2026, 8, 3, 7, tzinfo=UTC)
"""When everyone is founded; each action moves the world's clock on by a minute."""
BRIEFED_AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
OFFICE = [[[540, 1080]]] * 5 + [[], []]
"""Monday to Friday, 09:00 to 18:00."""
MONTH = "halden-2026-10"
"""The worked example of bookkeeping that the thread plays."""
OPENED_AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
LAPSES_ON = "2026-12-31"
"""Radoslav's licence holds until the day before."""

ANSWERS: dict[str, Any] = {
    "service": "bookkeeping", "client_country": "DE", "entities": 1, "level": "2", "hours_a_month": 120, "language": "de", "language_level": "B2",
    "software": "DATEV", "confidentiality": "ordinary", "zone": "Europe/Berlin", "opens": "09:00", "closes": "18:00", "shared_min": 240,
    "start": "2026-10-01", "term_months": 24, "relationship": "retainer", "budget": {"amount": "110000", "currency": "EUR"},
    "inhouse_cost_year": {"amount": "98000", "currency": "EUR"},
    "documents_a_month": 160, "entries_a_month": 150, "bank_accounts": 1, "close_on": 10,
}  # fmt: skip
"""Everything that a bookkeeping brief asks, answered by Halden."""


FOUNDED_WITH: dict[str, Any] = {"sign_factor": "none"}
"""Nobody proves anew who they are: that is tried where it is the matter."""


@dataclass(frozen=True)
class Someone:
    """A person of a provider; `languages` None leaves all of them unknown. `credentials`: (kind, issuer, jurisdiction, from, until, verified)."""

    name: str
    level: int
    languages: dict[str, str] | None
    since: str = "2018-01-01"
    credentials: tuple[tuple[str, str, str, str, str | None, bool], ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def mail(self) -> str:
        """The first name, in small letters."""
        return self.name.split()[0].lower()


RILA = (
    Someone("Georgi Stanev", 4, {"bg": "C2", "de": "C1"}, "2015-01-01", (("Bilanzbuchhalter", "IHK München", "DE", "2016-06-01", None, True),), ("reviewer",)),
    Someone("Elena Koleva", 3, {"bg": "C2", "de": "C1"}, roles=("preparer",)),
    Someone("Arun Iyer", 3, {"en": "C2", "de": "B2"}, credentials=(("ACCA", "ACCA", "GB-EAW", "2016-03-01", None, True),), roles=("reviewer",)),
    Someone(
        "Radoslav Iliev",
        3,
        {"bg": "C2", "de": "B2"},
        credentials=(("Steuerfachangestellter", "StBK München", "DE", "2013-07-01", LAPSES_ON, True),),
    ),
    Someone("Teodora Vasileva", 2, None),
)
"""One who answers for the work under German law, two seniors, one whose licence lapses, one without languages on file."""
VISTULA = (
    Someone("Jan Nowak", 4, {"pl": "C2", "de": "C2"}, "2012-01-01", (("Steuerfachangestellter", "StBK Berlin", "DE", "2014-07-01", None, True),)),
    Someone("Ewa Lis", 3, {"pl": "C2", "de": "C1"}),
)
KAVERI = (
    Someone("Rohan Deshpande", 3, {"en": "C2", "de": "B1"}, credentials=(("CA (ICAI)", "ICAI", "IN", "2014-01-01", None, True),)),
    Someone("Meera Nair", 2, {"en": "C2"}),
)


@dataclass(frozen=True)
class House:
    """An organization: its key and reference, its seats by mail name, its people by full name."""

    key: UUID
    reference: str
    name: str
    seats: dict[str, By]
    persons: dict[str, UUID] = field(default_factory=dict)


class World:
    """The market, its clock, and how to act and look in it. A seat is named by mail name: `world.by("petra")`."""

    def __init__(self) -> None:
        self.now = FOUNDED_AT
        self.houses: dict[str, House] = {}
        self.entities: dict[str, UUID] = {}

    def __getattr__(self, name: str) -> House:
        houses: dict[str, House] = self.__dict__["houses"]
        if name in houses:
            return houses[name]
        raise AttributeError(name)

    def by(self, seat: str, door: str = "page") -> By:
        """The acting values of a seat at a door."""
        return replace(next(house.seats[seat] for house in self.houses.values() if seat in house.seats), door=door)

    def on(self, at: datetime) -> None:
        """Move the clock on to an instant; never back."""
        self.now = max(self.now, at)

    def act(self, by: By | str, action: Action | str, **values: Any) -> Done | Refused:
        """One action, itself or by its name, with its plain values, a minute later."""
        self.now += timedelta(minutes=1)
        action = ACTIONS[action] if isinstance(action, str) else action
        return action(by=self.by(by) if isinstance(by, str) else by, at=self.now, **action.parse(values))

    def do(self, by: By | str, action: Action | str, **values: Any) -> Done:
        """One action that must be done."""
        result = self.act(by, action, **values)
        assert isinstance(result, Done), [reason.code for reason in result.reasons]
        return result

    def refused(self, by: By | str, action: Action | str, **values: Any) -> tuple[str, ...]:
        """The codes of the reasons for which one action must be refused."""
        result = self.act(by, action, **values)
        assert isinstance(result, Refused), result
        return tuple(reason.code for reason in result.reasons)

    def see(self, by: By | str) -> Any:
        """A read transaction in a seat's name: `with world.see("petra"): ...`"""
        return reading(self.by(by) if isinstance(by, str) else by, self.now)

    def one(self, by: By | str, model: Any, **fields: Any) -> Any:
        """The one row of a model that answers, as that seat sees it."""
        with self.see(by):
            return model.objects.get(**fields)

    def browser(self, seat: str | None) -> Client:
        """A browser signed in as that seat, or as nobody."""
        browser = Client()
        if seat is not None:
            browser.force_login(User.objects.get(id=self.by(seat).user), backend="django.contrib.auth.backends.ModelBackend")
        return browser

    def path(self, seat: str, rest: str = "") -> str:
        """The address of a page of the seat's organization."""
        house = next(house for house in self.houses.values() if seat in house.seats)
        return f"/o/{house.reference}/{rest}"

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Doors show the world's own time meanwhile."""
        with mock.patch.object(clock, "now", side_effect=lambda: self.now):
            yield


def build() -> World:
    """Everyone founded, with cards of 2026, designations for bookkeeping in Germany, and profiles; Halden with its German entity."""
    world = World()
    # Rila: a full day together. Vistula: dearer. Kaveri: cheapest, and nobody there may answer for it under German law.
    sofia = ("Sofia", "Europe/Sofia", OFFICE)
    provider(world, "rila", "Rila Ledger", "BG", "maya", "Maya Dimitrova", sofia, RILA, 34, ["de", "en", "bg"], vat_id="BG175074752")
    provider(world, "vistula", "Vistula Controllership", "PL", "olga", "Olga Zielińska", ("Kraków", "Europe/Warsaw", OFFICE), VISTULA, 46, ["de", "pl"])
    kaveri = [[[630, 1170]]] * 5 + [[], []]
    provider(world, "kaveri", "Kaveri Knowledge Services", "IN", "kavitha", "Kavitha Menon", ("Bengaluru", "Asia/Kolkata", kaveri), KAVERI, 21, ["en", "de"])
    client(world)
    _house(world, "marin", "Marin & Brandt Wirtschaftsprüfung", "DE", ["auditor"], "ivan", "Ivan Petrov", ("administrator", "auditor", "reader"))
    with writing(world.by("maya"), world.now):
        store_rule_sets(world.now)
    world.on(BRIEFED_AT)
    return world


def client(world: World) -> House:
    """Halden Instruments (Munich): Petra decides, Jonas accepts; its entity has the account of the bookkeeping examples."""
    made = _house(world, "halden", "Halden Instruments GmbH", "DE", ["client"], "petra", "Petra Vogel", FOUNDER_ROLES, vat_id="DE136695976", city="München")
    world.do("petra", "add_site", name="München", country="DE", subdivision="BY", zone="Europe/Berlin", hours=OFFICE)
    _member(world, "halden", "petra", "jonas", "Jonas Weber", ("approver",))
    _member(world, "halden", "petra", "rita", "Rita Braun", ("reader",))
    example = examples.load("bookkeeping", "halden-2026-10").entity
    world.entities["gmbh"] = world.do(
        "petra", "add_entity", name=example["name"], country="DE", currency="EUR", zone="Europe/Berlin", subdivision="BY", register_number="HRB 204417",
        vat_id="DE136695976", street="Lindwurmstraße 88", city="München", postcode="80337", ibans=[example["bank_account"]],
    ).id  # fmt: skip
    return made


def provider(
    world: World,
    key: str,
    name: str,
    country: str,
    chief: str,
    chief_name: str,
    site: tuple[str, str, list[list[list[int]]]],
    people: tuple[Someone, ...],
    rate: int,
    languages: list[str],
    **details: Any,
) -> House:
    """A provider of bookkeeping for Germany: levels 1 to 4 cost the rate less 8, the rate, and 10 and 24 more; prices by the entry and account, too."""
    made = _house(world, key, name, country, ["provider"], chief, chief_name, FOUNDER_ROLES, **details)
    place = world.do(chief, "add_site", name=site[0], country=country, zone=site[1], hours=site[2]).id
    for someone in people:
        person = _person(world, chief, someone, f"{someone.mail}@{key}.example", str(place))
        made.persons[someone.name] = person
        if someone.roles:
            _member(world, key, chief, someone.mail, someone.name, someone.roles, person)
    hourly = [{"level": level, "basis": "hour", "price": str(rate + more)} for level, more in ((1, -8), (2, 0), (3, 10), (4, 24))]
    units = [{"level": 2, "basis": "unit", "measure": measure, "price": price} for measure, price in (("entry", "0.85"), ("account", "34"))]
    lines = [{"service": "bookkeeping"} | line for line in hourly + units]
    world.do(chief, "publish_card", series="standard", currency="EUR", valid_from="2026-01-01", lines=lines, source="made up for tests")
    world.do(chief, "designate", service="bookkeeping", country="DE", languages=languages, site=str(place), series="standard")
    world.do(chief, publish_profiles)
    return made


def assessed(world: World) -> Done:
    """Halden's function, named and assessed; gives the function."""
    world.on(BRIEFED_AT)
    function = world.do("petra", name_function, service="bookkeeping", name="Monthly close")
    world.do("petra", assess_function, function=str(function.id))
    return function


def briefed(world: World, function: Done | None = None, **answers: Any) -> Done:
    """A brief of Halden's with every question answered; `answers` replace single ones."""
    world.on(BRIEFED_AT)
    brief = world.do("petra", write_brief, title="Monthly close", function=str(function.id) if function else None)
    world.do("petra", answer_brief, brief=str(brief.id), answers=ANSWERS | answers)
    return brief


def shortlisted(world: World, brief: Done | None = None) -> tuple[Done, Done]:
    """(brief, shortlist): Rila and Vistula pass, Kaveri is out."""
    brief = brief or briefed(world)
    return brief, world.do("petra", draw_shortlist, brief=str(brief.id))


def awarded(world: World, function: Done | None = None) -> Done:
    """A brief awarded to Rila; gives the award."""
    brief, _ = shortlisted(world, briefed(world, function))
    return world.do("petra", award_brief, brief=str(brief.id), provider=str(world.rila.key), reason="A full day together and German reviewers.")


def signed(world: World, award: Done | None = None, *, more: tuple[UUID, ...] = (), personal: bool = False) -> UUID:
    """The agreement of an award, settled and signed by both; Georgi answers for the work, the audit firm may read. Gives the engagement.

    `more`: further entities of Halden's under it. `personal`: as though the service line declared that what it handles are personal matters.
    """
    agreement = drawn_up(world, award, more)
    if personal:
        with writing(world.by("petra"), world.now):
            Agreement.objects.filter(id=agreement).update(personal=True)
    return both_signed(world, agreement)


def drawn_up(world: World, award: Done | None = None, more: tuple[UUID, ...] = ()) -> str:
    """The agreement of an award with all its terms settled, for the German entity and more; gives its key."""
    agreement = str(drafted(world, award).id)
    answers = {code: value for code, value in examples.load("bookkeeping", MONTH).entity.items() if code not in ("name", "currency", "country")}
    world.do(
        "petra", "settle_terms", agreement=agreement, tax_category="AE", tax_reason="Reverse charge, Article 196 of Directive 2006/112/EC",
        contacts=[{"side": "client", "name": "Petra Vogel"}, {"side": "provider", "name": "Maya Dimitrova"}],
        entities=[{"entity": str(entity), "joins_on": "2026-10-01", "answers": answers} for entity in (world.entities["gmbh"], *more)],
    )  # fmt: skip
    world.do("maya", "settle_terms", agreement=agreement, responsible=str(world.rila.persons["Georgi Stanev"]), iban="BG80BNBG96611020345678")
    return agreement


def both_signed(world: World, agreement: str) -> UUID:
    """Signed by both sides; the audit firm may read. Gives the engagement."""
    world.do("petra", "sign_agreement", agreement=agreement)
    world.do("maya", "sign_agreement", agreement=agreement)
    engagement: UUID = world.one("maya", Engagement, agreement=agreement).id
    world.do("petra", "admit_auditor", engagement=str(engagement), auditor=str(world.marin.key))
    return engagement


def scoped(world: World, house: str, chief: str, mail: str, *grants: dict[str, Any]) -> By:
    """A further member to whom only these grants are given, each narrower than the organization."""
    _member(world, house, chief, mail, f"{mail.title()} Narrow", ())
    seats = world.houses[house].seats
    for grant in grants:
        world.do(chief, "grant_role", membership=str(seats[mail].membership), **grant)
    seats[mail] = replace(seats[mail], scoped=True)
    return seats[mail]


def deputy(world: World, house: str, away: str, acting: str, *, days: int = 30, roles: tuple[str, ...] = ()) -> By:
    """The acting values of a seat that was named deputy of another, by that other, from now on."""
    seats = world.houses[house].seats
    until = (world.now + timedelta(days=days)).isoformat()
    done = world.do(away, "name_deputy", deputy=str(seats[acting].membership), until=until, reason="Leave", roles=list(roles))
    who = seats[away]
    instead = Away(done.id, who.membership or uuid7(), who.user, who.person, who.name, frozenset(roles))
    return replace(seats[acting], on_behalf_of=instead, scoped=who.scoped)


def drafted(world: World, award: Done | None = None) -> Done:
    """The agreement of an award (a fresh one to Rila) as it is drafted."""
    return world.do("petra", "draft_agreement", award=str((award or awarded(world)).id))


def opened(world: World, engagement: UUID | None = None, entity_key: UUID | None = None) -> WorkItem:
    """October 2026 of an entity (the German one), opened; Elena prepares, Arun reviews."""
    engagement = engagement or signed(world)
    world.on(OPENED_AT)
    entity = world.one("maya", AgreedEntity, agreement__engagement=engagement, entity_id=entity_key or world.entities["gmbh"])
    made = world.do("maya", "open_period", engagement=str(engagement), entity=str(entity.id), month="2026-10-01")
    for step, person in (("prepare", "Elena Koleva"), ("review", "Arun Iyer")):
        world.do("maya", "assign", item=str(made.id), step=step, person=str(world.rila.persons[person]))
    item: WorkItem = world.one("maya", WorkItem, id=made.id)
    return item


def prepared(world: World, item: WorkItem | None = None) -> WorkItem:
    """Statement and ledger brought, everything reconciled, nothing handed in yet."""
    item = item or opened(world)
    example = examples.load("bookkeeping", MONTH)
    for paper in example.papers:
        content = base64.b64encode(paper.data).decode()
        world.do("elena", "bring_paper", item=str(item.id), slot=paper.slot, file={"name": paper.name, "content": content})
    for made in example.moves:
        if made.take:
            world.do("elena", "take_suggestions", item=str(item.id), step=made.step)
        else:
            world.do("elena", "move", item=str(item.id), step=made.step, command=made.command, values=dict(made.values or {}))
    return item


def handed_in(world: World, item: WorkItem | None = None) -> Deliverable:
    """Prepared and handed in; waits for its reviewer."""
    item = prepared(world, item)
    made = world.do("elena", "hand_in", item=str(item.id))
    deliverable: Deliverable = world.one("elena", Deliverable, id=made.id)
    return deliverable


def reviewed(world: World, item: WorkItem | None = None) -> Deliverable:
    """Passed by Arun; waits for the client."""
    deliverable = handed_in(world, item)
    world.do("arun", "review", deliverable=str(deliverable.id), verdict="passed")
    return deliverable


def accepted(world: World, item: WorkItem | None = None) -> Deliverable:
    """Accepted by Jonas; may be invoiced."""
    deliverable = reviewed(world, item)
    world.do("jonas", "accept", deliverable=str(deliverable.id))
    return deliverable


def invoiced(world: World, item: WorkItem | None = None) -> tuple[UUID, Done]:
    """(period, invoice): accepted and invoiced; may be closed."""
    deliverable = accepted(world, item)
    period = world.one("maya", WorkItem, deliverables=deliverable.id).period_id
    return period, world.do("maya", "draw_invoice", period=str(period))


def closed(world: World, item: WorkItem | None = None) -> tuple[UUID, Done]:
    """(period, invoice): closed by the client; waits for its seal."""
    period, invoice = invoiced(world, item)
    world.do("petra", "close_period", period=str(period))
    return period, invoice


def _house(world: World, key: str, name: str, country: str, kinds: list[str], mail: str, person: str, roles: tuple[str, ...], **details: Any) -> House:
    by = By(organization=uuid7(), door="page", membership=uuid7(), name=person)
    world.now += timedelta(minutes=1)
    with writing(by, world.now):
        user = new_user(f"{mail}@{key}.example", PASSWORD, person)
        details = FOUNDED_WITH | details
        made = found(replace(by, user=user.id), world.now, name=name, kinds=kinds, country=country, currency="EUR", user=user, roles=roles, **details)
    house = House(made.pk, made.reference, name, {mail: replace(by, user=user.id)})
    world.houses[key] = house
    return house


def _member(world: World, house: str, chief: str, mail: str, name: str, roles: tuple[str, ...], person: UUID | None = None) -> None:
    email = f"{mail}@{house}.example"
    done = world.do(chief, "add_member", email=email, name=name, roles=list(roles), password=PASSWORD, person=str(person) if person else None)
    user = User.objects.get(email=email)
    world.houses[house].seats[mail] = By(organization=world.houses[house].key, door="page", user=user.id, person=person, membership=done.id, name=name)


def _person(world: World, chief: str, someone: Someone, email: str, site: str) -> UUID:
    made = world.do(chief, add_person, name=someone.name, email=email, site=site, level=someone.level, services=["bookkeeping"], since="2024-01-01")
    experience = [{"service": "bookkeeping", "since": someone.since}]
    world.do(chief, describe_person, person=str(made.id), languages=someone.languages, software=["DATEV"], experience=experience)
    for kind, issuer, jurisdiction, since, until, verified in someone.credentials:
        held = world.do(chief, add_credential, person=str(made.id), kind=kind, issuer=issuer, jurisdiction=jurisdiction, valid_from=since, valid_until=until)
        if verified:
            world.do(chief, verify_credential, credential=str(held.id), source=f"Register of {issuer}", seen="Name, number and date agree")
    return made.id
