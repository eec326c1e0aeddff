"""One log-in, and one person, of two organizations: acting in one, every address and operation is walked with what they may see in the other, and with what
they may see in neither. Nothing of it shows, no count knows of it, and both ways are answered alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.test import Client
from psycopg.types.range import TimestamptzRange

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.founding import FOUNDER_ROLES
from remit.apps.organizations.models import Membership, Site
from remit.apps.people.models import Absence, Person, Staff
from remit.apps.records import clock
from remit.apps.records.context import writing
from remit.lines import examples
from tests import world as worlds
from tests.asking import ask
from tests.walking import Hidden, body, everything, filled, headers, house_of, new_since, of_kind, pages, reads, walk
from tests.world import PASSWORD, World

ROLES = [*FOUNDER_ROLES, "preparer", "reviewer", "evaluator", "auditor", "reader"]
OWN = {
    "rila": ("Eva at Rila", "Knee of Eva", "Musala account", "Rila audited Marin", "47.89", "own@rila.example"),
    "vistula": ("Eva at Vistula", "Eczema of Eva", "Wawel account", "Vistula audited Marin", "51.23", "own@vistula.example"),
}
"""By organization what it keeps for itself: Eva's name there, an illness, an entity, a wall, what she costs, a member."""
LOOKED_AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
"""When all is done, both times that pages are compared."""
PASSING = re.compile(r'name="(csrfmiddlewaretoken|idempotency_key)" value="[^"]*"|nonce="[^"]*"')


@dataclass(frozen=True)
class Two:
    """Eva works for Rila and for Vistula, in every role of both: `eva` is her seat at Vistula, `evarila` that at Rila. Of each what is the other's affair."""

    world: World
    of_rila: Hidden
    of_vistula: Hidden
    before: dict[str, str]
    """Vistula's pages and reading operations before Rila had any work."""
    after: dict[str, str]


@pytest.fixture(scope="module")
def two(database: str) -> Two:
    world = worlds.build()
    _eva(world)
    third = _third(world)
    before = everything()
    _affairs(world, "vistula", "olga", "eva")
    _running(world)
    of_vistula = new_since(before, [*OWN["vistula"], *third])
    with world.clock():
        given = headers(world, "eva")
    looked = _looked(world, given)
    before = everything()
    _affairs(world, "rila", "maya", "evarila")
    worlds.closed(world, worlds.opened(world, worlds.signed(world)))
    of_rila = new_since(before, [*OWN["rila"], *world.kaveri.persons, *third])
    return Two(world, of_rila, of_vistula, looked, _looked(world, given))


def _eva(world: World) -> None:
    """A person of Rila's with a log-in there; the same log-in is made a member at Vistula, as the same person."""
    site = str(world.one("maya", Site, organization=world.rila.key).id)
    email = "eva@zwei.example"
    person = world.do("maya", "add_person", name="Eva Zwei", email=email, site=site, level=3, services=["bookkeeping"], since="2024-01-01").id
    # No action ties a person to a second organization, each adds their own; but the rows allow it, and so it is walked.
    with writing(world.by("olga"), world.now):
        theirs = world.vistula.key
        Membership.objects.create(organization_id=theirs, person_id=person, name="Eva Zwei", since=world.now)
        place = Site.objects.filter(organization=theirs).first()
        Staff.objects.create(organization_id=theirs, person_id=person, site=place, level=2, services=["bookkeeping"], since="2025-01-01")
    for house, chief, seat in (("rila", "maya", "evarila"), ("vistula", "olga", "eva")):
        name = f"Eva at {house.title()}"
        member = world.do(chief, "add_member", email=email, name=name, roles=ROLES, password=PASSWORD, person=str(person)).id
        user = world.one(chief, Membership, id=member).user_id
        world.houses[house].seats[seat] = replace(world.by(chief), user=user, membership=member, person=person, name=name)


def _affairs(world: World, house: str, chief: str, seat: str) -> None:
    """What an organization keeps for itself, of the person and of itself: the words of `OWN`."""
    person, day = str(world.by(seat).person), world.now.date()
    _name, illness, account, wall, cost, mail = OWN[house]
    world.do(chief, "place_person", person=person, since=str(day), cost_rate_per_hour=cost, cost_currency="EUR")
    world.do(chief, "raise_wall", against=str(world.marin.key), why=wall, kind="conflict", person=person)
    with writing(world.by(chief), world.now):
        during = TimestamptzRange(world.now + timedelta(days=500), world.now + timedelta(days=502))
        Absence.objects.create(
            organization_id=world.by(chief).organization, person_id=person, during=during, kind="sick", note=illness, source="form",
            entered_by_name="x", entered_at=world.now,
        )  # fmt: skip
    world.do(chief, "add_entity", name=account, country="DE", currency="EUR", zone="Europe/Berlin", ibans=["DE02120300000000202051"])
    world.do(chief, "add_member", email=mail, name="Somebody", roles=["reader"], password=PASSWORD)
    world.do(chief, "invite_member_again", membership=str(world.by(seat).membership))


def _third(world: World) -> list[str]:
    """What is Halden's alone, and Kaveri's; gives words that neither Rila nor Vistula may read."""
    function, brief = worlds.assessed(world), worlds.briefed(world)
    world.do("kavitha", "raise_wall", against=str(world.halden.key), why="Kaveri's own affair", kind="conflict", person=str(world.kaveri.persons["Meera Nair"]))
    return [function.reference, brief.reference, "Kaveri's own affair", *world.kaveri.persons]


def _running(world: World) -> None:
    """Vistula works for Halden, too: October is open, somebody is on it, a question is asked and a guest invited."""
    brief, _shortlist = worlds.shortlisted(world)
    award = world.do("petra", "award_brief", brief=str(brief.id), provider=str(world.vistula.key), reason="They know the trade.")
    agreement = str(world.do("petra", "draft_agreement", award=str(award.id)).id)
    answers = {code: value for code, value in examples.load("bookkeeping", worlds.MONTH).entity.items() if code not in ("name", "currency", "country")}
    world.do(
        "petra", "settle_terms", agreement=agreement, tax_category="AE", tax_reason="Reverse charge",
        contacts=[{"side": "client", "name": "Petra Vogel"}, {"side": "provider", "name": "Olga"}],
        entities=[{"entity": str(world.entities["gmbh"]), "joins_on": "2026-10-01", "answers": answers}],
    )  # fmt: skip
    world.do("olga", "settle_terms", agreement=agreement, responsible=str(world.vistula.persons["Jan Nowak"]), iban="PL61109010140000071219812874")
    world.do("petra", "sign_agreement", agreement=agreement)
    world.do("olga", "sign_agreement", agreement=agreement)
    world.on(worlds.OPENED_AT)
    engagement = str(world.one("olga", Engagement, agreement=agreement).id)
    entity = str(world.one("olga", AgreedEntity, agreement=agreement).id)
    item = str(world.do("olga", "open_period", engagement=engagement, entity=entity, month="2026-10-01").id)
    world.do("olga", "assign", item=item, step="prepare", person=str(world.vistula.persons["Ewa Lis"]))
    world.do("olga", "ask_client", item=item, question="Who paid 3,164.00?")
    world.do("petra", "invite_guest", kind="item", about=item, email="gast@halden.example", name="Gast Halden", acts=["bring_paper"])


def _looked(world: World, given: dict[str, str]) -> dict[str, str]:
    """Vistula's pages and reading operations that need no name, as Eva reads them at one instant; without what every answer has of its own."""
    with mock.patch.object(clock, "now", return_value=LOOKED_AT):
        page = world.browser("eva")
        paths = [address.replace("<str:organization>", world.vistula.reference) for address, _name in [*pages(), *reads()] if address.count("<") == 1]
        found = {path: Client().get(f"/{path}", **given) if path.startswith("api/") else page.get(f"/{path}") for path in paths}
    return {path: PASSING.sub("", answer.content.decode()) for path, answer in found.items() if answer.status_code == 200}


def test_neither_shows_what_is_the_others(two: Two) -> None:
    for seat, hidden in (("eva", two.of_rila), ("evarila", two.of_vistula)):
        assert len(hidden.references) >= 5
        assert walk(two.world, seat, hidden) > 150


def test_where_it_is_hers_she_sees_it(two: Two) -> None:
    """The walk is not passed by showing nothing, nor by hiding what is not there."""
    for seat, shown in (("evarila", two.of_rila), ("eva", two.of_vistula)):
        with two.world.clock():
            page = two.world.browser(seat)
            house = house_of(two.world, seat)
            person = two.world.one(seat, Person, id=two.world.by(seat).person).reference
            said = ""
            for address, _name in pages():
                if address.count("<") == 1 or (address.count("<") == 2 and address.endswith("<str:reference>/")):
                    for path in filled(address, house.reference, of_kind(address, [*shown.references, person]), shown.keys):
                        said += body(page.get(path))
        own = next(words for key, words in OWN.items() if two.world.houses[key] == house)
        missed = [word for word in (*own, *shown.references) if word not in said]
        assert not missed, seat


def test_no_count_search_or_list_knows_of_the_other(two: Two) -> None:
    """Vistula's pages read the same, letter by letter, before and after Rila had work, a wall, an illness, costs and an invoice."""
    assert len(two.after) > 30
    for path, said in two.before.items():
        assert two.after[path] == said, path


def test_ids_of_the_other_are_answered_as_none(two: Two) -> None:
    for seat, hidden in (("eva", two.of_rila), ("evarila", two.of_vistula)):
        answers = ask(two.world, seat, hidden)
        assert len(answers) > 80
        assert {name for name, (status, _said) in answers.items() if status == 200} <= {"raise_wall.against"}


def test_the_address_and_the_token_say_which_organization(two: Two) -> None:
    """A token of one opens nothing of the other, and the session of one does not carry over."""
    world = two.world
    here, there = world.vistula.reference, world.rila.reference
    with world.clock():
        given = headers(world, "eva")
        for address, name in reads():
            path = "/" + address.replace("<str:organization>", there)
            assert Client().get(path, **given).status_code in (401, 405), name
        page = world.browser("eva")
        for reference in two.of_rila.references:
            for section in ("briefs", "agreements", "engagements", "periods", "work", "people"):
                assert page.get(f"/o/{here}/{section}/{reference}/").status_code == 404, (section, reference)
