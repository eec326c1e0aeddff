"""The market as the shortlist reads it: in few queries, one offer a provider, nobody to itself, and as it stands at the award."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remit.apps.people.models import Credential
from remit.apps.sourcing import market
from remit.apps.sourcing.models import Brief
from tests import world as worlds

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(scope="module")
def world(database: str) -> worlds.World:
    return worlds.build()


def offered(world: worlds.World, brief_id) -> list[tuple[str, str]]:
    with world.see("petra"):
        return [(offer.name, offer.place) for offer in market.offers(Brief.objects.get(id=brief_id), world.now)]


def test_queries_do_not_grow_with_the_market(world: worlds.World) -> None:
    brief = worlds.briefed(world)
    with world.see("petra"):
        found = Brief.objects.get(id=brief.id)
        with CaptureQueriesContext(connection) as asked:
            assert len(market.offers(found, world.now)) == 3
    assert len(asked) == 4


def test_an_offer_counts_while_it_is_in_force_and_for_its_country(world: worlds.World) -> None:
    assert offered(world, worlds.briefed(world, client_country="AT").id) == []
    brief = worlds.briefed(world)
    with world.see("petra"):
        assert market.offers(Brief.objects.get(id=brief.id), worlds.FOUNDED_AT) == []


def test_a_second_site_is_one_more_offer_and_one_provider(world: worlds.World) -> None:
    brief = worlds.briefed(world)
    place = world.do("maya", "add_site", name="Casablanca", country="MA", zone="Africa/Casablanca", hours=worlds.OFFICE)
    world.do("maya", "designate", service="bookkeeping", country="DE", languages=["fr"], site=str(place.id), series="standard")
    assert [name for name, _place in offered(world, brief.id)].count("Rila Ledger") == 2
    _brief, drawn = worlds.shortlisted(world, brief)
    with world.see("petra"):
        rows = Brief.objects.get(id=brief.id).shortlists.get(id=drawn.id).candidates
    assert [(row["name"], row["place"]) for row in rows if row["name"] == "Rila Ledger"] == [("Rila Ledger", "Sofia, BG")]


def test_nobody_is_offered_to_itself(world: worlds.World) -> None:
    brief = world.do("maya", "write_brief", title="Our own books")
    world.do("maya", "answer_brief", brief=str(brief.id), answers=worlds.ANSWERS)
    with world.see("maya"):
        names = {offer.name for offer in market.offers(Brief.objects.get(id=brief.id), world.now)}
    assert names == {"Vistula Controllership", "Kaveri Knowledge Services"}


def test_the_award_looks_at_the_market_again(world: worlds.World) -> None:
    brief, _drawn = worlds.shortlisted(world)
    award = {"brief": str(brief.id), "provider": str(world.rila.key), "reason": "x"}
    line = {"service": "bookkeeping", "level": 2, "basis": "hour", "price": "60"}
    world.do("maya", "publish_card", series="standard", currency="EUR", valid_from="2026-09-03", lines=[line])
    world.on(datetime(2026, 9, 4, 8, tzinfo=UTC))
    assert world.refused("petra", "award_brief", **award) == ("award.price_moved",)
    world.do("petra", "draw_shortlist", brief=str(brief.id))
    # One licence is found not to be held, the other lapses: on the day after nobody answers for the work under German law.
    held = world.one("maya", Credential, person=world.rila.persons["Georgi Stanev"])
    world.do("maya", "verify_credential", credential=str(held.id), source="Register", seen="Not found", outcome="failed")
    world.do("maya", "publish_profiles")
    world.on(datetime(2026, 12, 30, 8, tzinfo=UTC))
    world.do("petra", "draw_shortlist", brief=str(brief.id))
    world.on(datetime(2026, 12, 31, 8, tzinfo=UTC))
    codes = world.refused("petra", "award_brief", **award)
    assert codes[0] == "award.does_not_pass"
    assert {"gate.credential_failed", "gate.credential_lapsed"} & set(codes)
