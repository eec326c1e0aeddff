"""Two looks ahead: what the team covers and who has no work; what runs out within ninety days, and which work it would stop."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.tokens import issue_token
from remit.apps.work import lapses as lapsing
from remit.apps.work.coverage import coverage
from tests.world import LAPSES_ON, opened, signed

if TYPE_CHECKING:
    from remit.apps.work.models import WorkItem
    from tests.world import World


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    return opened(world, signed(world))


def told(world: World) -> list[tuple[str, str, int, list[str]]]:
    with world.see("maya"):
        found = lapsing.lapses(world.by("maya"), world.now)
    return [(each.person.name, each.kind, each.within, [stop.step.code for stop in each.stops]) for each in found]


def test_what_the_team_covers(world: World, item: WorkItem) -> None:
    with world.see("maya"):
        found = coverage(world.by("maya"), world.now)
    names = [person.name for person in found.people]
    able = {row.act.value: [name for name, verdict in zip(names, row.verdicts, strict=True) if verdict.allowed] for row in found.rows}
    assert {"Elena Koleva", "Georgi Stanev"} <= set(able["prepare"])
    assert "Teodora Vasileva" not in able["prepare"], "her languages are not known"
    assert {person.name for person in found.without_work} >= {"Georgi Stanev", "Teodora Vasileva"}
    assert "Elena Koleva" not in {person.name for person in found.without_work}
    assert found.uncovered == ()
    system = world.do("petra", "name_system", engagement=str(item.engagement_id), name="DATEV")
    with world.see("maya"):
        found = coverage(world.by("maya"), world.now)
    assert len(found.uncovered) == 2, "without an account nobody may"
    assert found.uncovered[0].why_not[0]["reason"].code == "gate.system"
    with world.clock():
        page = world.browser("maya").get(world.path("maya", "staffing/coverage/")).content.decode()
        assert "2 steps may be done by nobody" in page
        assert "Teodora Vasileva" in page
        assert world.browser("elena").get(world.path("elena", "staffing/coverage/")).status_code == 404, "for whoever staffs"
        assert world.browser("elena").get(world.path("elena", "staffing/lapses/")).status_code == 404
    for person in ("Elena Koleva", "Arun Iyer"):
        access = world.do("maya", "ask_access", system=str(system.id), person=str(world.rila.persons[person]), right="post")
        world.do("petra", "grant_access", access=str(access.id), review_on=(world.now + timedelta(days=20)).date().isoformat())


def test_what_runs_out_and_what_it_stops(world: World, item: WorkItem) -> None:
    teodora = str(world.rila.persons["Teodora Vasileva"])
    soon, gone = (world.now + timedelta(days=75)).date().isoformat(), (world.now - timedelta(days=1)).date().isoformat()
    passed = [
        {"code": "month close", "version": "3", "valid_from": "2026-01-01", "valid_until": soon},
        {"code": "payroll", "valid_from": "2025-01-01", "valid_until": gone},
    ]
    world.do("maya", "describe_person", person=teodora, trainings=passed)
    assert told(world) == [
        ("Arun Iyer", "account", 30, ["review"]),
        ("Elena Koleva", "account", 30, ["prepare"]),
        ("Radoslav Iliev", "credential", 60, []),
        ("Teodora Vasileva", "training", 90, []),
    ]
    assert (date.fromisoformat(LAPSES_ON) - world.now.date()).days < 60
    with world.clock():
        page = world.browser("maya").get(world.path("maya", "staffing/lapses/")).content.decode()
        assert "One item of work would stop." in page
        assert f"staffing/{item.reference}/prepare/" in page, "from there somebody else is chosen"
        token = issue_token(by=world.by("maya"), at=world.now, name="x", scopes=["read"], days=3)[0]
        rows = Client().get(f"/api/v1{world.path('maya', 'lapses')}", headers={"authorization": f"Bearer {token}"}).json()
    assert [(row["name"], [stop["item"] for stop in row["stops"]]) for row in rows][:2] == [("Arun Iyer", [item.reference]), ("Elena Koleva", [item.reference])]


def test_the_coverage_costs_the_same_however_many_work_here(world: World, item: WorkItem) -> None:
    from remit.apps.organizations.models import Site

    def queries() -> int:
        with world.clock(), CaptureQueriesContext(connection) as made:
            assert world.browser("maya").get(world.path("maya", "staffing/coverage/")).status_code == 200
        return len(made)

    before = queries()
    site = world.one("maya", Site, name="Sofia")
    for number in range(3):
        world.do("maya", "add_person", name=f"Number {number}", email="", site=str(site.id), level=1, services=["bookkeeping"])
    assert queries() == before
    assert world.one("maya", Engagement, id=item.engagement_id)
