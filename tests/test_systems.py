"""The register of access to the client's systems: asked, granted, looked at again, revoked; the gate asks for it, and what nobody needs is to be taken away."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import BadInput, NotFound
from remit.apps.records.context import writing
from remit.apps.records.models import Entry
from remit.apps.work import systems
from remit.apps.work.models import SystemAccess
from remit.front import jobs
from tests.world import opened, signed

if TYPE_CHECKING:
    from uuid import UUID

    from tests.world import World


@pytest.fixture(scope="module")
def running(world: World) -> Engagement:
    found: Engagement = world.one("maya", Engagement, id=signed(world))
    return found


def states(world: World, running: Engagement, seat: str = "maya") -> dict[str, str]:
    with world.see(seat):
        return {each.row.person_name: each.state for each in systems.register(running, world.now) if each.is_open}


def asked(world: World, system: UUID, person: str) -> str:
    return str(world.do("maya", "ask_access", system=str(system), person=str(world.rila.persons[person]), right="post").id)


def test_nobody_is_assigned_without_an_account_and_with_one_they_are(world: World, running: Engagement) -> None:
    item = opened(world, running.id)
    world.do("maya", "unassign", item=str(item.id), step="review")
    system = world.do("petra", "name_system", engagement=str(running.id), name="  DATEV  ").id
    arun = str(world.rila.persons["Arun Iyer"])
    again: dict[str, Any] = {"item": str(item.id), "step": "review", "person": arun}
    assert world.refused("maya", "assign", **again) == ("gate.system",)
    access = asked(world, system, "Arun Iyer")
    assert states(world, running) == {"Arun Iyer": "asked"}
    assert world.refused("maya", "assign", **again) == ("gate.system",), "asked is not granted"
    assert world.refused("maya", "grant_access", access=access) == ("systems.client",), "nobody grants themselves"
    with pytest.raises(BadInput):
        world.act("petra", "grant_access", access=access, review_on=(world.now + timedelta(days=200)).date().isoformat())
    world.do("petra", "grant_access", access=access, account="a.iyer")
    world.do("maya", "assign", **again)
    assert states(world, running) == {"Arun Iyer": "held"}
    entry = world.one("ivan", Entry, kind="access.granted", outcome="allowed")
    assert b"Arun" not in bytes(entry.statement), "who it is stands in the record as a commitment"
    # Elena was assigned before the system was named: what she does next is refused.
    assert world.refused("elena", "hand_in", item=str(item.id))[0] in ("gate.system", "work.missing_papers")


def test_refusals_and_bad_input(world: World, running: Engagement) -> None:
    system = world.do("petra", "name_system", engagement=str(running.id), name="Lexware").id
    with pytest.raises(BadInput) as twice:
        world.act("maya", "name_system", engagement=str(running.id), name="lexware")
    assert set(twice.value.errors) == {"name"}
    with pytest.raises(BadInput):
        world.act("petra", "name_system", engagement=str(running.id), name="   ")
    assert world.refused("petra", "ask_access", system=str(system), person=str(world.rila.persons["Elena Koleva"]), right="x")
    with pytest.raises(NotFound):
        world.act("olga", "name_system", engagement=str(running.id), name="SAP")
    access = asked(world, system, "Elena Koleva")
    assert world.refused("maya", "ask_access", system=str(system), person=str(world.rila.persons["Elena Koleva"]), right="x") == ("systems.asked_twice",)
    assert world.refused("petra", "review_access", access=access) == ("systems.not_granted",)
    assert world.refused("petra", "revoke_access", access=access, why="x") == ("systems.not_granted",)
    assert world.refused("petra", "end_system", system=str(system)) == ("systems.still_held",)
    with pytest.raises(BadInput):
        world.act("petra", "decline_access", access=access, why="  ")
    world.do("petra", "decline_access", access=access, why="Payroll is done by ourselves.")
    assert world.refused("petra", "grant_access", access=access) == ("systems.over",)
    world.do("petra", "end_system", system=str(system))
    assert world.refused("petra", "end_system", system=str(system)) == ("systems.ended",)
    assert world.refused("maya", "ask_access", system=str(system), person=str(world.rila.persons["Elena Koleva"]), right="x") == ("systems.ended",)


def test_the_database_refuses_by_itself(world: World, running: Engagement) -> None:
    with world.see("maya"):
        row = SystemAccess.objects.filter(ended_at=None, granted_at__isnull=False).select_related("system").first()
    assert row is not None
    with pytest.raises(IntegrityError, match="one_account_of_a_person"), writing(world.by("maya"), world.now):
        SystemAccess.objects.create(
            audience_id=row.audience_id, system=row.system, person_id=row.person_id, person_name="x", right="x", asked_by_name="x", asked_at=world.now
        )
    with pytest.raises(IntegrityError, match="granted_until_a_review"), writing(world.by("maya"), world.now), connection.cursor() as cursor:
        cursor.execute("update work_systemaccess set review_due_on = null where id = %s", [row.id])


def test_a_review_that_is_due_stops_the_account_and_a_look_lets_it_go_on(world: World, running: Engagement) -> None:
    with world.see("petra"):
        row = SystemAccess.objects.get(person_name="Arun Iyer", ended_at=None)
    world.do("petra", "review_access", access=str(row.id), review_on=(world.now + timedelta(days=10)).date().isoformat())
    assert states(world, running, "petra") == {"Arun Iyer": "review_soon"}
    world.on(world.now + timedelta(days=10))
    assert states(world, running) == {"Arun Iyer": "review_due"}
    names, accounts = (), ()
    with world.see("maya"):
        names, accounts = systems.asked_of(running)
    assert names == ("DATEV",)
    assert [account.holds_on(world.now.date()) for account in accounts] == [False]
    world.do("petra", "review_access", access=str(row.id))
    assert states(world, running) == {"Arun Iyer": "held"}


def test_an_ended_assignment_asks_for_revocation_with_a_clock(world: World, running: Engagement) -> None:
    with world.see("maya"):
        item = running.items.get(task="")
    world.do("maya", "unassign", item=str(item.id), step="review")
    for seat in ("maya", "petra"):
        with world.see(seat):
            stood = next(each for each in systems.register(running, world.now) if each.is_open)
        assert (stood.state, stood.why) == ("to_revoke", "ended")
        assert stood.revoke_due_at is not None
        assert timedelta(days=1) < stood.revoke_due_at - world.now < timedelta(days=6), "two working days of the client's calendar"
    with world.clock():
        page = world.browser("petra").get(world.path("petra", f"engagements/{running.reference}/systems/")).content.decode()
        assert "It was taken away there" in page
        assert "to be revoked" in page
        sheet = world.browser("petra").get(world.path("petra", f"engagements/{running.reference}/systems/?as=csv")).content.decode("utf-8-sig")
        today = world.browser("petra").get(world.path("petra")).content.decode()
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert {(row["person"], row["state"]) for row in rows} == {("Arun Iyer", "to_revoke"), ("Elena Koleva", "declined")}
    assert "Arun Iyer" in today, "Today says whose account is to be taken away"
    world.do("petra", "revoke_access", access=str(stood.row.id), why="No work is left.")
    assert states(world, running) == {}
    assert world.refused("maya", "assign", item=str(item.id), step="review", person=str(world.rila.persons["Arun Iyer"])) == ("gate.system",)


def test_a_leaver_and_a_wall_ask_for_revocation(world: World, running: Engagement) -> None:
    with world.see("maya"):
        system = systems.systems_of(running).get(name="DATEV").id
    for person in ("Radoslav Iliev", "Teodora Vasileva"):
        world.do("petra", "grant_access", access=asked(world, system, person))
    assert states(world, running) == {"Radoslav Iliev": "held", "Teodora Vasileva": "held"}
    world.do(
        "maya", "raise_wall", person=str(world.rila.persons["Radoslav Iliev"]), against=str(world.halden.key), kind="conflict", why="A brother works there."
    )
    world.do("maya", "end_employment", person=str(world.rila.persons["Teodora Vasileva"]))
    assert states(world, running) == {"Radoslav Iliev": "to_revoke", "Teodora Vasileva": "to_revoke"}
    assert states(world, running, "petra") == {"Radoslav Iliev": "held", "Teodora Vasileva": "held"}, "walls and leavers are the provider's own matter"
    with world.clock():
        assert jobs.release_what_nobody_may_use() == 2
        assert jobs.release_what_nobody_may_use() == 0, "once"
    assert states(world, running, "petra") == {"Radoslav Iliev": "to_revoke", "Teodora Vasileva": "to_revoke"}, "until the client is told"
    with world.see("petra"):
        assert {each.row.person_name: each.why for each in systems.register(running, world.now) if each.is_open} == {
            "Radoslav Iliev": "wall", "Teodora Vasileva": "left",
        }  # fmt: skip
        row = SystemAccess.objects.get(person_name="Radoslav Iliev", ended_at=None)
    assert world.refused("petra", "release_access", access=str(row.id)) == ("systems.released",)
    assert world.refused("maya", "release_access", access=str(row.id)) == ("systems.over",)
    with world.see("maya"):
        assert systems.asked_of(running)[1] == (), "what was given back counts no more"


def test_the_gate_is_asked_over_the_api_before_there_is_an_item(world: World, running: Engagement) -> None:
    from remit.apps.organizations.tokens import issue_token
    from remit.apps.people.models import Person

    with world.see("maya"):
        people = dict(Person.objects.values_list("name", "reference"))
    tokens = {seat: issue_token(by=world.by(seat), at=world.now, name=seat, scopes=["read"], days=3)[0] for seat in ("maya", "elena", "olga")}

    def read(seat: str, rest: str) -> Any:
        path = f"/api/v1{world.path(seat, f'engagements/{running.reference}/{rest}')}"
        return Client().get(path, headers={"authorization": f"Bearer {tokens[seat]}"})

    with world.clock():
        said = read("maya", f"gate/{people['Arun Iyer']}/sign_audit_opinion").json()
        assert said["allowed"] is False
        assert {"gate.credential_missing", "gate.system"} <= {reason["code"] for reason in said["reasons"]}
        assert {rule["id"] for rule in said["rules"]} >= {"de-hgb-319-audit"}
        assert all(reason["source"] and reason["cure"] for reason in said["reasons"])
        looked = read("maya", f"gate/{people['Arun Iyer']}/read").json()
        assert (looked["allowed"], looked["reasons"]) == (True, [])
        assert read("elena", f"gate/{people['Elena Koleva']}/prepare").status_code == 200, "of oneself"
        assert read("elena", f"gate/{people['Radoslav Iliev']}/prepare").status_code == 404, "walls are for whoever staffs"
        assert read("maya", f"gate/{people['Radoslav Iliev']}/prepare").json()["allowed"] is False
        assert read("maya", f"gate/{people['Arun Iyer']}/Sign-it").status_code == 404
        assert read("maya", "gate/PE-0000-0000/read").status_code == 404
        assert read("olga", f"gate/{people['Arun Iyer']}/read").status_code == 404
        register = read("maya", "systems").json()
        assert [each["name"] for each in register["systems"]] == ["DATEV"]
        assert {each["state"] for each in register["accounts"]} == {"revoked", "declined", "to_revoke"}
        assert read("olga", "systems").status_code == 404


def test_who_left_and_came_back_works_there(world: World, running: Engagement) -> None:
    from remit.apps.organizations.models import Membership

    georgi = world.rila.persons["Georgi Stanev"]
    with world.see("maya"):
        system = systems.systems_of(running).get(name="DATEV").id
    world.do("petra", "grant_access", access=asked(world, system, "Georgi Stanev"))
    before = {"organization_id": world.rila.key, "person_id": georgi, "name": "Georgi Stanev"}
    with writing(world.by("maya"), world.now):
        Membership.objects.create(**before, since=world.now - timedelta(days=900), until=world.now - timedelta(days=400))
    assert states(world, running)["Georgi Stanev"] == "held"
    with world.clock():
        assert jobs.release_what_nobody_may_use() == 0
