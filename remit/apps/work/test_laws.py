"""Laws of the work stage, tried through actions and by SQL as the program's own role: gate, four eyes, dead reviews, closed periods, second clicks, races."""

from __future__ import annotations

import base64
import re
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from remit.apps.organizations.acting import ACTIONS, BadInput, Done, Refused
from remit.apps.records.context import writing
from remit.apps.records.keys import uuid7
from remit.apps.records.models import Entry
from remit.apps.work.models import Acceptance, Closing, Deliverable, ItemFile, ItemReopening, Review, StepState, WorkItem
from remit.lines import examples

if TYPE_CHECKING:
    from tests.world import World


def fresh(world: World) -> WorkItem:
    """An item of an engagement of its own, so that no test sees another's."""
    from tests import world as worlds

    return worlds.opened(world, worlds.signed(world))


def paper(slot: str) -> dict[str, str]:
    example = next(each for each in examples.load("bookkeeping", "halden-2026-10").papers if each.slot == slot)
    return {"name": example.name, "content": base64.b64encode(example.data).decode()}


def insert(world: World, seat: str, model: Any, **fields: Any) -> None:
    """A row stored past every action, as the program's role in that seat's name."""
    with writing(world.by(seat), world.now):
        model.objects.create(**fields)


def test_preparer_and_reviewer_differ_in_person_and_interest(world: World) -> None:
    from tests import world as worlds

    item = fresh(world)
    elena = world.rila.persons["Elena Koleva"]
    assert "gate.preparer_is_reviewer" in world.refused("maya", "assign", item=str(item.id), step="review", person=str(elena))
    agent = world.do(
        "maya",
        "add_person",
        name="Drafting agent",
        email="agent@rila.example",
        site=str(_site(world)),
        level=4,
        services=["bookkeeping"],
        kind="agent",
        operator=str(elena),
    )
    assert world.refused("maya", "assign", item=str(item.id), step="review", person=str(agent.id))
    made = worlds.handed_in(world, item)
    verdict: dict[str, Any] = {
        "audience_id": made.audience_id,
        "deliverable": made,
        "manifest_sha256": made.manifest_sha256,
        "verdict": "passed",
        "reviewed_by_name": "X",
        "reviewed_at": world.now,
    }
    for forbidden in (elena, agent.id):
        with pytest.raises(IntegrityError, match="one interest"):
            insert(world, "maya", Review, reviewed_by=forbidden, **verdict)
    assert world.refused("elena", "review", deliverable=str(made.id), verdict="passed") == ("work.not_assigned",)
    insert(world, "maya", Review, reviewed_by=world.rila.persons["Arun Iyer"], **verdict)


def test_whoever_moved_it_once_does_not_review_it(world: World) -> None:
    from tests import world as worlds

    item = worlds.prepared(world, fresh(world))
    world.do("maya", "assign", item=str(item.id), step="prepare", person=str(world.rila.persons["Georgi Stanev"]))
    reasons = world.refused("maya", "assign", item=str(item.id), step="review", person=str(world.rila.persons["Elena Koleva"]))
    assert "gate.preparer_is_reviewer" in reasons


def test_a_review_dies_with_its_bytes(world: World) -> None:
    from tests import world as worlds

    item = fresh(world)
    first = worlds.reviewed(world, item)
    second = world.do("elena", "hand_in", item=str(item.id))
    assert world.refused("jonas", "accept", deliverable=str(first.id)) == ("review.old_bytes",)
    assert world.refused("jonas", "accept", deliverable=str(second.id)) == ("acceptance.not_passed",)
    assert world.refused("petra", "close_period", period=str(item.period_id))[0] == "period.blocked"
    for key in (first.id, second.id):
        made = world.one("petra", Deliverable, id=key)
        with pytest.raises(IntegrityError):
            insert(
                world,
                "petra",
                Acceptance,
                audience_id=made.audience_id,
                deliverable=made,
                manifest_sha256=made.manifest_sha256,
                verdict="accepted",
                accepted_by_name="X",
                accepted_at=world.now,
            )


def test_a_changed_byte_on_disk_ends_the_review(world: World) -> None:
    from tests import world as worlds

    made = worlds.handed_in(world, fresh(world))
    with world.see("arun"):
        file = made.files.select_related("file").first().file
    stored = settings.REMIT_DATA / "files" / str(file.audience_id) / file.sha256
    whole = stored.read_bytes()
    for broken in (whole[:-1] + bytes([whole[-1] ^ 1]), b"", whole[:20]):
        stored.write_bytes(broken)
        assert world.refused("arun", "review", deliverable=str(made.id), verdict="passed") == ("deliverable.tampered",)
    stored.write_bytes(whole)
    world.do("arun", "review", deliverable=str(made.id), verdict="passed")


def test_returned_work_says_why_and_comes_again(world: World) -> None:
    from tests import world as worlds

    item = fresh(world)
    made = worlds.handed_in(world, item)
    with pytest.raises(BadInput):
        world.act("arun", "review", deliverable=str(made.id), verdict="returned", note=" ")
    world.do("arun", "review", deliverable=str(made.id), verdict="returned", note="Item 2 needs a voucher.")
    assert world.refused("arun", "review", deliverable=str(made.id), verdict="passed") == ("review.given",)
    assert world.refused("jonas", "accept", deliverable=str(made.id)) == ("acceptance.not_passed",)
    again = world.do("elena", "hand_in", item=str(item.id))
    world.do("arun", "review", deliverable=str(again.id), verdict="passed")
    assert world.refused("rita", "accept", deliverable=str(again.id)) == ("role.missing",)
    assert world.refused("maya", "accept", deliverable=str(again.id)) == ("acceptance.client",)
    world.do("jonas", "accept", deliverable=str(again.id))


def test_a_closed_period_takes_nothing(world: World) -> None:
    from tests import world as worlds

    item = fresh(world)
    worlds.closed(world, item)
    key, made = str(item.id), world.one("maya", Deliverable, item=item.id)
    with world.see("maya"):
        brought = ItemFile.objects.select_related("file").filter(item=item).first()
    assert brought is not None
    tried: list[tuple[str, str, dict[str, Any]]] = [
        ("maya", "assign", {"item": key, "step": "prepare", "person": str(world.rila.persons["Georgi Stanev"])}),
        ("maya", "unassign", {"item": key, "step": "prepare"}),
        ("elena", "bring_paper", {"item": key, "slot": "ledger", "file": paper("ledger")}),
        ("petra", "bring_paper", {"item": key, "slot": "ledger", "file": paper("ledger")}),
        ("elena", "take_back_paper", {"paper": str(brought.id)}),
        ("elena", "keep_mapping", {"item": key, "slot": "ledger", "columns": {}}),
        ("elena", "move", {"item": key, "step": "prepare", "command": "withdraw", "values": {"item": "x"}}),
        ("elena", "take_suggestions", {"item": key, "step": "prepare"}),
        ("elena", "hand_in", {"item": key}),
        ("arun", "review", {"deliverable": str(made.id), "verdict": "passed"}),
        ("jonas", "accept", {"deliverable": str(made.id)}),
        ("petra", "close_period", {"period": str(item.period_id)}),
    ]
    for seat, name, values in tried:
        assert world.refused(seat, name, **values) == ("period.closed",), name
    shared = {"audience_id": item.audience_id, "item": item}
    with pytest.raises(IntegrityError, match="closed"):
        insert(world, "elena", ItemFile, **shared, slot="ledger", file=brought.file, name="x", brought_at=world.now)
    with pytest.raises(IntegrityError, match="closed"), writing(world.by("elena"), world.now):
        StepState.objects.filter(item=item).update(version=99)
    with pytest.raises(IntegrityError, match="closed"), writing(world.by("elena"), world.now):
        ItemFile.objects.filter(item=item).update(superseded_at=world.now)
    world.do("petra", "reopen_period", period=str(item.period_id), reason="An invoice of the month came late.")
    assert world.refused("elena", "hand_in", item=key) == ("item.accepted",)
    world.do("petra", "reopen_item", item=key, says="An invoice came late", category="missing", cause="papers", found_by="client")
    world.do("elena", "hand_in", item=key)


def test_only_the_client_closes_and_opens_again(world: World) -> None:
    from tests import world as worlds

    item = fresh(world)
    period, _invoice = worlds.invoiced(world, item)
    assert world.refused("maya", "close_period", period=str(period)) == ("period.client",)
    assert world.refused("petra", "reopen_period", period=str(period), reason="x") == ("period.not_closed",)
    world.do("jonas", "close_period", period=str(period))
    assert world.refused("jonas", "reopen_period", period=str(period), reason="late") == ("role.missing",)
    assert world.refused("maya", "reopen_period", period=str(period), reason="late") == ("period.client",)
    for seat in ("ivan", "kavitha"):
        with pytest.raises(BadInput):
            world.act(seat, "seal_period", period=str(item.id))


def test_a_second_click_happens_once(world: World) -> None:
    from tests import world as worlds

    item = worlds.prepared(world, fresh(world))
    action = ACTIONS["hand_in"]
    first, second = (action(by=world.by("elena"), at=world.now, key="click", **action.parse({"item": str(item.id)})) for _ in range(2))
    assert isinstance(first, Done)
    assert first == second
    with world.see("elena"):
        assert Deliverable.objects.filter(item=item).count() == 1
        assert Entry.objects.filter(object_id=first.id, kind="deliverable.handed_in").count() == 1


def test_closing_and_reopening_never_cross(world: World) -> None:
    """Whoever comes second finds the month closed, or the work open again; accepted work is never found wrong inside a closed month."""
    from tests import world as worlds

    item = fresh(world)
    worlds.invoiced(world, item)
    again, close = ACTIONS["reopen_item"], ACTIONS["close_period"]
    at = world.now + timedelta(minutes=1)
    wrong = {"item": str(item.id), "says": "Wrong", "category": "figure", "cause": "review", "found_by": "provider"}
    starts, outcomes = threading.Barrier(7), []

    def run(task: Any) -> None:
        try:
            starts.wait(10)
            outcomes.append(task())
        finally:
            connection.close()

    tasks = [lambda: close(by=world.by("petra"), at=at, **close.parse({"period": str(item.period_id)}))]
    tasks += [lambda: again(by=world.by("maya"), at=at, **again.parse(wrong))] * 6
    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == 7
    refused = {reason.code for outcome in outcomes if isinstance(outcome, Refused) for reason in outcome.reasons}
    with world.see("petra"):
        closed = Closing.objects.filter(period=item.period_id).count()
        reopened = ItemReopening.objects.filter(item=item).count()
    assert (closed, reopened) in {(1, 0), (0, 1)}
    assert sum(isinstance(outcome, Done) for outcome in outcomes) == 1
    assert refused == ({"period.closed"} if closed else {"item.not_accepted", "period.blocked", "block.open_again"})


def test_a_scoped_out_person_is_not_found(world: World) -> None:
    """Someone of another provider cannot be assigned, nor can it be learned that they exist."""
    item = fresh(world)
    for key in (world.kaveri.persons["Rohan Deshpande"], uuid7()):
        with pytest.raises(BadInput) as unknown:
            world.act("maya", "assign", item=str(item.id), step="prepare", person=str(key))
        assert [reason.code for reasons in unknown.value.errors.values() for reason in reasons] == ["input.not_found"]
    with pytest.raises(BadInput):
        world.act("kavitha", "assign", item=str(item.id), step="prepare", person=str(world.kaveri.persons["Rohan Deshpande"]))


def test_only_who_is_assigned_works_on_it(world: World) -> None:
    item = fresh(world)
    given = {"item": str(item.id), "slot": "statement", "file": paper("statement")}
    for seat in ("maya", "georgi", "arun"):
        assert world.refused(seat, "bring_paper", **given) == ("work.not_assigned",)
    world.do("maya", "unassign", item=str(item.id), step="prepare")
    assert world.refused("elena", "bring_paper", **given) == ("work.nobody",)
    world.do("petra", "bring_paper", **given)


@pytest.mark.parametrize(
    ("values", "code"), [({"item": "a\0b"}, "input.not_text"), ({"x": float("nan")}, "move.not_plain"), ({"words": "y" * 600_000}, "move.not_plain")]
)
def test_values_that_the_journal_cannot_keep(world: World, values: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput, match=re.escape(f"values: {code}")):
        world.act("elena", "move", item=str(uuid7()), step="prepare", command="explain", values=values)


def test_a_file_is_opened_on_record_or_not_at_all(world: World) -> None:
    from tests import world as worlds

    item = fresh(world)
    made = worlds.handed_in(world, item)
    with world.see("petra"):
        file = made.files.first().id
    for seat in ("petra", "arun", "ivan", "maya"):
        done = world.do(seat, "open_file", file=str(file))
        with world.see(seat):
            assert Entry.objects.get(id=done.entry).kind == "file.opened"
    for seat in ("kavitha", "olga"):
        with pytest.raises(BadInput):
            world.act(seat, "open_file", file=str(file))
    arun = world.rila.persons["Arun Iyer"]
    wall = world.do("maya", "raise_wall", person=str(arun), against=str(world.halden.key), kind="conflict", why="His brother works there")
    assert "gate.wall" in "".join(world.refused("arun", "open_file", file=str(file)))
    assert "gate.wall" in "".join(world.refused("arun", "review", deliverable=str(made.id), verdict="passed"))
    world.do("maya", "lift_wall", wall=str(wall.id))


def test_hours_are_kept_free_once(world: World) -> None:
    item = fresh(world)
    begins = datetime(2026, 11, 12, 9, tzinfo=UTC)
    values = {"item": str(item.id), "step": "prepare", "person": str(world.rila.persons["Elena Koleva"])}
    hours = {"begins_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=3)).isoformat()}
    world.do("maya", "assign", **values, **hours)
    other = fresh(world)
    assert world.refused("maya", "assign", **values | {"item": str(other.id)}, **hours) == ("gate.capacity",)
    world.do("maya", "unassign", item=str(item.id), step="prepare")
    world.do("maya", "assign", **values | {"item": str(other.id)}, **hours)
    for wrong in ({"begins_at": begins.isoformat()}, {"begins_at": hours["ends_at"], "ends_at": hours["begins_at"]}):
        with pytest.raises(BadInput):
            world.act("maya", "assign", **values, **wrong)


def test_shares_stay_within_a_person(world: World) -> None:
    item = fresh(world)
    elena = str(world.rila.persons["Elena Koleva"])
    values = {"engagement": str(item.engagement_id), "person": elena, "begins_at": "2027-01-01T00:00:00+00:00", "ends_at": "2027-02-01T00:00:00+00:00"}
    world.do("maya", "allocate", **values, share_percent=60)
    assert world.refused("maya", "allocate", **values, share_percent=50) == ("gate.capacity",)
    world.do("maya", "allocate", **values, share_percent=40)
    world.do("maya", "allocate", **values | {"begins_at": "2027-02-01T00:00:00+00:00", "ends_at": None}, share_percent=100)
    with pytest.raises(BadInput):
        world.act("petra", "allocate", **values, share_percent=1)


def _site(world: World) -> UUID:
    from remit.apps.organizations.models import Site

    site: UUID = world.one("maya", Site, organization=world.rila.key).id
    return site
