"""Accepted work is not changed: it is opened again with what was wrong, and mended; its time is unbilled where the error was the provider's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection

from remit.apps.organizations.acting import BadInput, NotFound
from remit.apps.records.context import writing
from remit.apps.records.models import Entry
from remit.apps.work.models import ItemReopening, TimeEntry, WorkItem
from remit.apps.work.waiting import standing, with_standing
from tests.world import accepted, both_signed, drawn_up, opened, reviewed

if TYPE_CHECKING:
    from tests.world import World

WRONG: dict[str, Any] = {"says": "The fee of the 14th is booked twice", "category": "figure", "cause": "preparation", "found_by": "client"}


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    """Accepted work of an agreement that bills time."""
    agreement = drawn_up(world)
    world.do("maya", "settle_terms", agreement=agreement, time_billed=True)
    work = opened(world, both_signed(world, agreement))
    accepted(world, work)
    return work


def waits_on(world: World, item: WorkItem) -> str:
    with world.see("maya"):
        wait = standing(with_standing(WorkItem.objects.filter(id=item.id)).get()).wait
        return wait.why.code if wait else ""


def test_accepted_work_is_not_changed(world: World, item: WorkItem) -> None:
    key = str(item.id)
    assert waits_on(world, item) == ""
    for action, values in (
        ("hand_in", {"item": key}),
        ("move", {"item": key, "step": "prepare", "command": "withdraw", "values": {"item": "x"}}),
        ("bring_paper", {"item": key, "slot": "ledger", "file": {"name": "ledger.csv", "content": "YQ=="}}),
    ):
        assert world.refused("elena", action, **values) == ("item.accepted",), action
    with world.see("elena"):
        made = item.deliverables.get()
    row = {"audience_id": item.audience_id, "step": "prepare", "number": 2, "manifest_id": made.manifest_id, "manifest_sha256": "0" * 64}
    with pytest.raises(IntegrityError, match="accepted"), writing(world.by("elena"), world.now):
        item.deliverables.create(**row, checks=[], quantities=[], made_at=world.now)
    with world.clock():
        shown = world.browser("elena").get(world.path("elena", f"work/{item.reference}/")).content.decode()
    assert "/hand-in/" not in shown
    assert "Open it again" not in shown


def test_what_cannot_be_opened_again_says_why(world: World, item: WorkItem) -> None:
    key = str(item.id)
    assert world.refused("elena", "reopen_item", item=key, **WRONG) == ("role.missing",)
    with pytest.raises(NotFound):
        world.act("olga", "reopen_item", item=key, **WRONG)
    for wrong, field in (({"says": "  "}, "says"), ({"cause": "fate"}, "cause"), ({"filing": "stands", "filing_words": "It is the same"}, "filing")):
        with pytest.raises(BadInput) as bad:
            world.act("petra", "reopen_item", item=key, **(WRONG | wrong))
        assert set(bad.value.errors) == {field}


def test_it_is_opened_again_mended_and_accepted_anew(world: World, item: WorkItem) -> None:
    key, page = str(item.id), f"work/{item.reference}/"
    before = world.do("elena", "enter_time", item=key, minutes=10)
    with world.clock():
        browser = world.browser("petra")
        form = browser.get(world.path("petra", page)).content.decode()
        assert "Open it again" in form
        assert browser.post(world.path("petra", page + "reopen/"), WRONG | {"says": ""}).status_code == 422
        assert browser.post(world.path("petra", page + "reopen/"), WRONG).status_code == 303
        assert "mended unbilled" in world.browser("elena").get(world.path("elena", page)).content.decode()
    assert waits_on(world, item) == "block.open_again"
    assert world.refused("petra", "reopen_item", item=key, **WRONG) == ("item.not_accepted",), "once"
    assert world.refused("petra", "close_period", period=str(item.period_id))[0] == "period.blocked"
    row = world.one("maya", ItemReopening, item=item.id)
    entry = world.one("ivan", Entry, kind="item.reopened", object_id=row.id)
    assert WRONG["says"] not in bytes(entry.statement).decode(), "what was said stands in the record as a commitment"
    after = world.do("elena", "enter_time", item=key, minutes=15)
    assert world.one("elena", TimeEntry, id=before.id).unbilled_why == ""
    assert world.one("elena", TimeEntry, id=after.id).unbilled_why
    made = world.do("elena", "hand_in", item=key)
    world.do("arun", "review", deliverable=str(made.id), verdict="passed")
    world.do("jonas", "accept", deliverable=str(made.id))
    assert waits_on(world, item) == ""
    further = world.do("elena", "enter_time", item=key, minutes=5)
    assert world.one("elena", TimeEntry, id=further.id).unbilled_why == ""
    world.do("maya", "reopen_item", item=key, **(WRONG | {"cause": "papers", "found_by": "provider"}))
    given = world.do("elena", "enter_time", item=key, minutes=5)
    assert world.one("elena", TimeEntry, id=given.id).unbilled_why == "", "a paper of the client was wrong: mending it is billed"


def test_what_was_filed_is_said(world: World) -> None:
    work = opened(world)
    accepted(world, work)
    world.do("petra", "send_filing", item=str(work.id), authority="Finanzamt München")
    with pytest.raises(BadInput) as bad:
        world.act("petra", "reopen_item", item=str(work.id), **WRONG)
    assert [reason.code for reason in bad.value.errors["filing"]] == ["item.was_filed"]
    world.do("petra", "reopen_item", item=str(work.id), **WRONG, filing="corrected", filing_words="The sum of the month changes")
    made = world.do("elena", "hand_in", item=str(work.id))
    world.do("arun", "review", deliverable=str(made.id), verdict="passed")
    world.do("jonas", "accept", deliverable=str(made.id))
    world.do("petra", "send_filing", item=str(work.id), authority="Finanzamt München")


def test_the_database_holds_it_too(world: World) -> None:
    work = opened(world)
    made = reviewed(world, work)
    world.do("jonas", "accept", deliverable=str(made.id))
    with pytest.raises(Exception, match="permission denied"), writing(world.by("petra"), world.now), connection.cursor() as cursor:
        cursor.execute("update work_itemreopening set says = ''")
