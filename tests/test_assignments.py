"""Professionals accept or decline what they are assigned, without penalty; and have the list of what was done in their name."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remit.apps.agreements.models import Engagement
from remit.apps.billing import reviewing
from remit.apps.organizations.acting import BadInput
from remit.apps.records.models import Entry
from remit.apps.work.models import Assignment, AssignmentAnswer, WorkItem
from tests.world import accepted, handed_in, opened, signed

if TYPE_CHECKING:
    from tests.world import World


def counted(running: Engagement, world: World) -> list[object]:
    """What the review stage counts, but for the instant at which it counts."""
    return [event for event in reviewing.events([running], world.now)[running.id] if event.event != "counted"]


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    return opened(world)


def test_declined_with_a_reason_the_step_has_nobody_and_nothing_counts_it(world: World, item: WorkItem) -> None:
    key = str(item.id)
    running = world.one("maya", Engagement, id=item.engagement_id)
    with world.see("maya"):
        before = counted(running, world)
    with pytest.raises(BadInput) as bad:
        world.act("elena", "decline_assignment", item=key, step="prepare")
    assert set(bad.value.errors) == {"reason"}
    assert world.refused("arun", "decline_assignment", item=key, step="prepare", reason="time") == ("assignment.not_yours",)
    page = world.path("elena", f"work/{item.reference}/")
    with world.clock():
        browser = world.browser("elena")
        assert "Decline it" in browser.get(page).content.decode()
        assert browser.post(page + "assignments/prepare/", {"answer": "declined"}).status_code == 422
        given = {"answer": "declined", "reason": "conflict", "note": "My brother works there"}
        assert browser.post(page + "assignments/prepare/", given).status_code == 303
        manager = world.browser("maya").get(world.path("maya", "")).content.decode()
        assert "has nobody" in manager
    row = world.one("maya", AssignmentAnswer, assignment__item=item.id)
    assert (row.answer, row.reason) == ("declined", "conflict")
    entry = world.one("maya", Entry, kind="assignment.declined", object_id=row.id)
    assert b"brother" not in bytes(entry.statement)
    assert b"conflict" not in bytes(entry.statement), "the reason is a commitment too"
    with world.see("maya"):
        assert not Assignment.objects.filter(item=item, step="prepare", ended_at=None).exists()
        assert counted(running, world) == before, "nothing that measures knows of it"
    world.do("maya", "assign", item=key, step="prepare", person=str(world.rila.persons["Elena Koleva"]))


def test_accepted_once_and_begun_work_is_not_declined(world: World, item: WorkItem) -> None:
    key = str(item.id)
    world.do("elena", "accept_assignment", item=key, step="prepare")
    assert world.refused("elena", "accept_assignment", item=key, step="prepare") == ("assignment.answered",)
    assert world.refused("elena", "decline_assignment", item=key, step="prepare", reason="time") == ("assignment.answered",)
    with world.clock():
        assert "Decline it" not in world.browser("elena").get(world.path("elena", f"work/{item.reference}/")).content.decode()
    other = opened(world, signed(world))
    handed_in(world, other)
    assert world.refused("elena", "decline_assignment", item=str(other.id), step="prepare", reason="time") == ("assignment.begun",)


def test_what_was_done_in_ones_name(world: World) -> None:
    item = opened(world, signed(world))
    made = accepted(world, item)
    with world.clock():
        browser = world.browser("elena")
        shown = browser.get(world.path("elena", "signed/")).content.decode()
        assert item.reference in shown
        assert made.manifest_sha256[:12] in shown
        rows = list(csv.DictReader(io.StringIO(browser.get(world.path("elena", "signed/"), {"as": "csv"}).content.decode("utf-8-sig"))))
        (mine,) = [row for row in rows if row["manifest_sha256"] == made.manifest_sha256]
        assert (mine["act"], mine["state"], mine["item"]) == ("prepared", "stands", item.reference)
        without = json.loads(browser.get(world.path("elena", "signed/"), {"as": "json", "without": "clients"}).content)
        (bare,) = [row for row in without if row["manifest_sha256"] == made.manifest_sha256]
        assert (bare["client"], bare["entity"], bare["item"], bare["country"]) == ("", "", "", "DE")
        assert "Halden" not in json.dumps(without)
        assert browser.get(world.path("elena", "signed/"), {"as": "exe"}).status_code == 404
        reviews = world.browser("arun").get(world.path("arun", "signed/"), {"as": "csv"}).content.decode()
        assert "passed" in reviews
        assert "prepared" not in reviews
        assert "as no person" in world.browser("petra").get(world.path("petra", "signed/")).content.decode()
    world.do("petra", "reopen_item", item=str(item.id), says="Wrong", category="figure", cause="preparation", found_by="client")
    with world.clock(), CaptureQueriesContext(connection) as asked:
        after = list(csv.DictReader(io.StringIO(browser.get(world.path("elena", "signed/"), {"as": "csv"}).content.decode("utf-8-sig"))))
    assert {row["state"] for row in after if row["manifest_sha256"] == made.manifest_sha256} == {"wrong"}
    assert len(asked) <= 24
