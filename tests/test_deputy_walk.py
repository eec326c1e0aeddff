"""Acting for somebody who is away: every address and operation, walked by deputies who may more than they, by deputies who may less, and with some roles only.

What opens is what the other's roles open, less what is personal; what is done, the other might do; and nothing of the deputy's own comes along.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from psycopg.types.range import TimestamptzRange

from remit.apps.organizations.acting import ACTIONS
from remit.apps.people.models import Absence, Person
from remit.apps.records.context import Away, By, writing
from remit.apps.records.keys import uuid7
from tests import world as worlds
from tests.asking import Tried, ask, attempts, owned
from tests.stage import Stage, staged
from tests.walking import Hidden, body, house_of, seen_by_owner, token, walk
from tests.world import World


@pytest.fixture(scope="module")
def stage(database: str) -> Stage:
    return staged(worlds.build())


def named(world: World, chief: str, away: str, acting: str, *, roles: tuple[str, ...] = ()) -> By:
    """Named by another than who is away, so that personal matters are not handed on."""
    house = house_of(world, away)
    who, until = house.seats[away], (world.now + timedelta(days=30)).isoformat()
    given = {"away": str(who.membership), "deputy": str(house.seats[acting].membership), "until": until, "reason": "Fell ill", "roles": list(roles)}
    done = world.do(chief, "name_deputy", **given)
    instead = Away(done.id, who.membership or uuid7(), who.user, who.person, who.name, frozenset(roles))
    return replace(house.seats[acting], on_behalf_of=instead, scoped=who.scoped)


def sourced(hidden: Hidden, stage: Stage) -> Hidden:
    """Of personal matters what came after the award: need and shortlist are none, and the client goes on reading them."""
    before = ("BR-", "FN-", "TH-")
    tables = ("sourcing_brief", "sourcing_shortlist", "sourcing_choice", "sourcing_award", "records_entry")
    keys = {row[0] for table in tables for row in seen_by_owner(table, "id")}
    return Hidden(
        [each for each in hidden.references if not each.startswith(before)],
        [key for key in hidden.keys if key not in keys],
        [each for each in hidden.words if not each.startswith(before)],
    )


SOURCING = {"brief", "briefs", "shortlist", "shortlist_draw"}


def test_who_reads_everything_reads_for_another_what_that_one_reads(stage: Stage) -> None:
    """Jonas reads all engagements and the personal one; for Emil he reads Emil's, and in it asks for nothing that Emil could not."""
    world = stage.world
    acting = named(world, "petra", "emil", "jonas")
    hidden = Hidden(stage.other.references, stage.other.keys, [*stage.other.words, *stage.personal.words])
    assert walk(world, "jonas", hidden, acting=acting) > 100
    never_more(world, "emil", acting)


def test_an_administrators_deputy_reads_no_personal_matters_though_they_are_his_own(stage: Stage) -> None:
    """Jonas was let into them himself; for Adam, who was not, he reads none."""
    world = stage.world
    acting = named(world, "petra", "adam", "jonas")
    hidden = sourced(stage.personal, stage)
    assert walk(world, "jonas", hidden, may_name=lambda name: name in SOURCING, acting=acting) > 100
    assert len(ask(world, "jonas", hidden, acting=acting)) > 80
    never_more(world, "adam", acting)


def test_who_reads_one_engagement_reads_for_another_all_but_what_is_personal(stage: Stage) -> None:
    """Rada reads one engagement; Maya was let into the personal one, but it was Anna who named Rada."""
    world = stage.world
    acting = named(world, "anna", "maya", "rada")
    reference = next(each for each in stage.other.references if each.startswith("EG-"))
    with world.clock():
        page = world.browser("rada")
        at = world.path("rada", f"engagements/{reference}/")
        assert page.get(at).status_code == 404
        page.post(world.path("rada", "act-for/"), {"deputy": str(acting.on_behalf_of.deputy)})  # type: ignore[union-attr]
        assert page.get(at).status_code == 200
    hidden = stage.personal
    assert walk(world, "rada", hidden, acting=acting) > 100
    never_more(world, "maya", acting)


def test_what_is_somebodys_own_does_not_open_to_their_deputy(stage: Stage) -> None:
    """Elena's costs, illness, token, and the reason that another is away."""
    world = stage.world
    person = str(world.by("elena").person)
    world.do("maya", "place_person", person=person, since=world.now.date().isoformat(), cost_rate_per_hour="37.19", cost_currency="EUR")
    with writing(world.by("maya"), world.now):
        during = TimestamptzRange(world.now, world.now + timedelta(days=2))
        Absence.objects.create(
            organization_id=world.rila.key, person_id=person, during=during, kind="sick", note="Elena's knee", source="form", entered_by_name="x",
            entered_at=world.now,
        )  # fmt: skip
    world.do("maya", "raise_wall", against=str(world.marin.key), why="Elena audited them", kind="conflict", person=person)
    with world.clock():
        given = {"HTTP_AUTHORIZATION": f"Bearer {token(world, 'elena')}"}
        said = {"name": "Token of Elena", "scopes": ["read"], "days": 30, "token_hash": "e" * 64}
        assert Client().post(f"/api/v1/o/{world.rila.reference}/actions/record-token", said, "application/json", **given).status_code == 200
        page = world.browser("elena")
        reference = world.one("elena", Person, id=person).reference
        own = body(page.get(world.path("elena", f"people/{reference}/"))) + body(page.get(world.path("elena", "organization/tokens/")))
    words = ["37.19", "Elena audited them", "Token of Elena"]
    assert not [word for word in words if word not in own], "her own pages show them"
    worlds._member(world, "rila", "maya", "dora", "Dora Deputy", ("reader",))
    acting = worlds.deputy(world, "rila", "elena", "dora")
    hidden = Hidden([], [uuid7()], [*words, "Elena's knee"])
    with world.clock():
        page = world.browser("dora")
        page.post(world.path("dora", "act-for/"), {"deputy": str(acting.on_behalf_of.deputy)})  # type: ignore[union-attr]
        shown = body(page.get(world.path("dora", f"people/{reference}/")))
    assert "Elena Koleva" in shown
    assert not [word for word in hidden.words if word in shown]
    assert walk(world, "dora", hidden, acting=acting) > 40


def test_of_some_roles_a_deputy_has_those_and_no_others(stage: Stage) -> None:
    """Dirk is administrator and signatory himself; Petra, who is both too, handed on what a requester may."""
    world = stage.world
    worlds._member(world, "halden", "petra", "dirk", "Dirk Deputy", ("administrator", "signatory"))
    acting = worlds.deputy(world, "halden", "petra", "dirk", roles=("requester",))
    tried = never_more(world, "petra", acting)
    asked = {name: each for name, each in tried.items() if ACTIONS[name].roles}
    assert {each.role for each in asked.values()} == {"", "requester"}
    for name, each in asked.items():
        assert each.lacks_role or "requester" in ACTIONS[name].roles, (name, each)


def never_more(world: World, away: str, acting: By) -> dict[str, Tried]:
    """Every action with what the one who is away has at hand: what they may not do, their deputy may not. Gives what became of the deputy's."""
    own = owned(world, world.by(away))
    theirs, deputys = attempts(world, world.by(away), own), attempts(world, acting, own)
    assert len(deputys) > 60
    assert any(each.outcome == "done" for each in deputys.values())
    for name, each in deputys.items():
        if each.outcome == "done":
            assert theirs[name].outcome == "done", (name, theirs[name])
        if theirs[name].lacks_role:
            assert each.outcome != "done", (name, each)
    return deputys
