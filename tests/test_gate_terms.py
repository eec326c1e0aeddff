"""What an engagement adds to the gate: permissions on file, and what only warns for a time; what always binds is never only observed."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import BadInput, NotFound
from remit.apps.records.context import writing
from remit.apps.records.models import Entry
from remit.apps.work import gate_terms
from remit.apps.work.models import BreakGlass, Observing, Permission
from tests.world import opened, signed

if TYPE_CHECKING:
    from uuid import UUID

    from remit.apps.work.models import WorkItem
    from tests.world import World

PAPER = {"name": "permit.pdf", "content": base64.b64encode(b"%PDF-1.7 permit").decode()}


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    return opened(world, signed(world))


def _assigned(world: World, item: WorkItem) -> UUID:
    from remit.apps.work.models import Assignment

    found: UUID = world.one("maya", Assignment, item=item.id, step="prepare", ended_at=None).id
    return found


def day(world: World, days: int) -> str:
    return (world.now + timedelta(days=days)).date().isoformat()


def test_a_permission_opens_the_gate_from_its_day_until_it_ends(world: World, item: WorkItem) -> None:
    from remit.apps.organizations.models import Site

    running = str(item.engagement_id)
    # Arun is to work from India: German books go to a third country by permit of the tax office only.
    site = world.do("maya", "add_site", name="Chennai", country="IN", zone="Asia/Kolkata", hours=[[[630, 1170]]] * 5 + [[], []]).id
    arun = str(world.rila.persons["Arun Iyer"])
    world.do("maya", "unassign", item=str(item.id), step="review")
    world.do("maya", "place_person", person=arun, since=day(world, 1), site=str(site))
    world.on(world.now + timedelta(days=1))
    asked = {"item": str(item.id), "step": "prepare", "person": arun}
    world.do("maya", "unassign", item=str(item.id), step="prepare")
    assert "gate.consent" in world.refused("maya", "assign", **asked)
    given = {"engagement": running, "kind": "ao_146_2b_permit", "says": "Finanzamt München, 3 October 2026", "valid_from": day(world, 0)}
    assert world.refused("maya", "record_permission", **given) == ("gate_terms.client",), "whoever is protected says that it is there"
    for wrong, field in (({"kind": "note_from_mother"}, "kind"), ({"valid_until": day(world, 0)}, "valid_until"), ({"says": " "}, "says")):
        with pytest.raises(BadInput) as bad:
            world.act("petra", "record_permission", **(given | wrong))
        assert set(bad.value.errors) == {field}
    with pytest.raises(NotFound):
        world.act("olga", "record_permission", **given)
    made = world.do("petra", "record_permission", **given, countries=["IN"], valid_until=day(world, 30), file=PAPER)
    world.do("maya", "assign", **asked)
    world.do("maya", "unassign", item=str(item.id), step="prepare")
    entry = world.one("ivan", Entry, kind="permission.recorded", outcome="allowed")
    assert b"permit.pdf" in bytes(entry.statement), "the evidence is in the record by its hash"
    world.do("petra", "withdraw_permission", permission=str(made.id))
    assert "gate.consent" in world.refused("maya", "assign", **asked)
    assert world.refused("petra", "withdraw_permission", permission=str(made.id)) == ("gate_terms.withdrawn",)
    with world.see("petra"):
        assert [state for _row, state in gate_terms.permissions_of(Engagement.objects.get(id=running), world.now)] == ["withdrawn"]
        assert Site.objects.filter(id=site).exists()


def test_what_is_observed_warns_and_refuses_nobody_until_its_day(world: World, item: WorkItem) -> None:
    running = str(item.engagement_id)
    asked = {"item": str(item.id), "step": "prepare", "person": str(world.rila.persons["Teodora Vasileva"])}
    refused = world.refused("maya", "assign", **asked)
    assert "gate.unknown_language" in refused
    observing = {"engagement": running, "what": "language", "reason": "Tests come next month", "valid_until": day(world, 10)}
    assert world.refused("maya", "observe_rule", **observing) == ("gate_terms.client",)
    for what in ("de-ao-146-books-abroad", "de-stberg-6-4-bookkeeping", "house.wall", "no-such-rule"):
        assert world.refused("petra", "observe_rule", **(observing | {"what": what})) == ("gate_terms.binds",), what
    for wrong in ({"reason": "  "}, {"valid_until": day(world, 400)}, {"valid_until": day(world, 0)}, {"valid_from": day(world, -3)}):
        with pytest.raises(BadInput):
            world.act("petra", "observe_rule", **(observing | wrong))
    row = world.do("petra", "observe_rule", **observing)
    with pytest.raises(BadInput):
        world.act("petra", "observe_rule", **observing)
    left = world.act("maya", "assign", **asked)
    assert "gate.unknown_language" not in [reason.code for reason in getattr(left, "reasons", ())]
    for each in ("software", "level", "hours", "years"):
        world.do("petra", "observe_rule", **(observing | {"what": each}))
    world.do("maya", "assign", **asked)
    entry = world.one("ivan", Entry, kind="step.assigned", outcome="allowed", object_id=_assigned(world, item))
    assert b"gate.unknown_language" in bytes(entry.statement), "the warning stands in the record"
    world.do("petra", "enforce_rule", observing=str(row.id))
    assert world.refused("petra", "enforce_rule", observing=str(row.id)) == ("gate_terms.ended",)
    again = world.do("petra", "observe_rule", **observing)
    world.on(world.now + timedelta(days=10))
    with world.see("maya"):
        engagement = Engagement.objects.get(id=running)
        assert {each.holds_on(world.now.date()) for each in gate_terms.observed_of(engagement)} == {False}, "by itself, on its day"
        assert Observing.objects.get(id=again.id).ended_at is None


def test_the_page_says_which_rules_nobody_read_and_gives_the_paper(world: World, item: WorkItem) -> None:
    made = world.do(
        "petra",
        "record_permission",
        engagement=str(item.engagement_id),
        kind="standard_clauses",
        says="2021/914, module two",
        valid_from=day(world, 0),
        file=PAPER,
    )
    reference = world.one("petra", Engagement, id=item.engagement_id).reference
    with world.clock():
        for seat in ("petra", "maya"):
            page = world.browser(seat).get(world.path(seat, f"engagements/{reference}/rules/")).content.decode()
            assert "de-stberg-6-4-bookkeeping" in page
            assert "not verified" in page
            assert "standard_clauses" in page
            assert ("Put one on file" in page) == (seat == "petra")
        paper = world.browser("maya").post(world.path("maya", f"engagements/{reference}/rules/permissions/{made.id}/paper/"))
        assert paper.content == b"%PDF-1.7 permit"
        assert world.browser("olga").post(world.path("olga", f"engagements/{reference}/rules/permissions/{made.id}/paper/")).status_code == 404
        posted = {"kind": "ao_146_2b_permit", "says": "By hand", "countries": "in, ph", "valid_from": day(world, 0)}
        assert world.browser("petra").post(world.path("petra", f"engagements/{reference}/rules/permissions/"), posted).status_code == 303
    assert world.one("petra", Permission, says="By hand").countries == ["IN", "PH"]
    assert world.one("maya", Entry, kind="permission.opened", outcome="allowed")


def test_two_persons_break_the_glass_for_some_hours_and_each_act_says_so(world: World, item: WorkItem) -> None:
    running, georgi = str(item.engagement_id), str(world.rila.persons["Georgi Stanev"])
    world.do("maya", "raise_wall", person=georgi, against=str(world.halden.key), kind="conflict", why="A sister works there")
    seat = {"item": str(item.id), "step": "review", "person": georgi}
    assert "gate.wall" in world.refused("maya", "assign", **seat)
    asked = {"engagement": running, "person": georgi, "refusal": "gate.wall", "reason": "Everybody else is ill", "hours": 4}
    for code in ("gate.preparer_is_reviewer", "gate.agent_may_not", "gate.membership"):
        assert world.refused("maya", "ask_break_glass", **(asked | {"refusal": code})) == ("gate_terms.never",)
    with pytest.raises(NotFound):
        world.act("petra", "ask_break_glass", **asked)
    with pytest.raises(BadInput):
        world.act("maya", "ask_break_glass", **(asked | {"hours": 100}))
    glass = str(world.do("maya", "ask_break_glass", **asked).id)
    assert "gate.wall" in world.refused("maya", "assign", **seat), "asked is not confirmed"
    assert world.refused("maya", "break_glass", glass=glass) == ("gate_terms.client",)
    world.do("petra", "break_glass", glass=glass)
    assert world.refused("petra", "break_glass", glass=glass) == ("gate_terms.glass_over",)
    made = world.do("maya", "assign", **seat)
    entry = world.one("ivan", Entry, kind="step.assigned", outcome="allowed", object_id=made.id)
    assert b"gate.wall" in bytes(entry.statement)
    world.do("maya", "unassign", item=str(item.id), step="review")
    with world.clock():
        page = world.browser("petra").get(world.path("petra", f"engagements/{world.one('petra', Engagement, id=item.engagement_id).reference}/rules/"))
    assert "Everybody else is ill" in page.content.decode()
    world.on(world.now + timedelta(hours=4))
    assert "gate.wall" in world.refused("maya", "assign", **seat), "by itself, at its hour"
    late = str(world.do("maya", "ask_break_glass", **asked).id)
    world.on(world.now + timedelta(hours=5))
    assert world.refused("petra", "break_glass", glass=late) == ("gate_terms.glass_over",)


def test_one_person_cannot_break_the_glass_in_the_database_either(world: World, item: WorkItem) -> None:
    with world.see("maya"):
        row = BreakGlass.objects.filter(engagement=item.engagement_id).order_by("asked_at")[0]
    with pytest.raises(IntegrityError, match="glass_needs_two_persons"), writing(world.by("maya"), world.now):
        BreakGlass.objects.filter(id=row.id).update(confirmed_by=row.asked_by)
