"""What the database narrows open work to: nothing that waits is overlooked, at any stage, whoever looks."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpRequest
from django.urls import resolve

from remit.apps.organizations.acting import Done
from remit.apps.work.models import WorkItem
from remit.apps.work.pending import open_items, open_periods, pending
from remit.apps.work.waiting import standing, with_standing
from remit.front.needs import Desk
from tests import world as worlds
from tests.world import World as Market

if TYPE_CHECKING:
    from tests.world import World

RECEIPT = {"name": "receipt.xml", "content": base64.b64encode(b"<receipt/>").decode()}
SEATS = ("petra", "jonas", "maya", "elena", "arun", "georgi", "ivan")
SEEN: list[tuple[int, int]] = []
"""(items that wait, needs of all seats) after each act."""


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After each act everyone's desk is compared with one that reads every open item."""
    act = Market.act
    SEEN.clear()

    def acting(world: World, by: Any, action: Any, **values: Any) -> Any:
        done = act(world, by, action, **values)
        if isinstance(done, Done) and "halden" in world.houses and "marin" in world.houses:
            compare(world)
        return done

    monkeypatch.setattr(Market, "act", acting)
    yield
    monkeypatch.undo()


def compare(world: World) -> None:
    needed = waiting = 0
    for seat in SEATS:
        if not any(seat in house.seats for house in world.houses.values()):
            continue
        with world.see(seat):
            everything = [standing(item) for item in with_standing(open_items().order_by("due_at", "id"))]
            waits = {found.item.id for found in everything if found.waits}
            assert set(pending(open_items()).values_list("id", flat=True)) == waits
            free = {found.item.period_id for found in everything} - {found.item.period_id for found in everything if found.waits}
            assert set(open_periods().filter(items__isnull=False).exclude(items__in=pending(WorkItem.objects.all())).values_list("id", flat=True)) == free
            narrow, wide = desk(world, seat), desk(world, seat)
            wide.__dict__["standings"] = everything
            assert narrow.all_needs == wide.all_needs, seat
            needed += len(narrow.all_needs)
            waiting = max(waiting, len(waits))
    SEEN.append((waiting, needed))


def desk(world: World, seat: str) -> Desk:
    request = HttpRequest()
    request.by, request.at = world.by(seat), world.now  # type: ignore[attr-defined]
    request.resolver_match = resolve(world.path(seat))
    return Desk(request)


def test_no_need_is_overlooked_along_the_thread(world: World, looked_at: None) -> None:
    engagement = worlds.signed(world)
    world.do("maya", "plan_recurring", engagement=str(engagement), task="ec_sales_list", due_workday=4)
    item = worlds.opened(world, engagement)
    question = world.do("elena", "ask_client", item=str(item.id), question="Who paid 3,164.00 on 28 October?")
    answer = world.do("petra", "answer_request", request=str(question.id), text="Brandl Technik.")
    world.do("elena", "settle_request", answer=str(answer.id), verdict="accepted")
    deliverable = worlds.accepted(world, item)
    filing: WorkItem = world.one("maya", WorkItem, engagement=engagement, task="ec_sales_list")
    for step, person in (("prepare", "Elena Koleva"), ("review", "Arun Iyer")):
        world.do("maya", "assign", item=str(filing.id), step=step, person=str(world.rila.persons[person]))
    for content, verdict in ((b"<return/>", "returned"), (b"<return><buyer/></return>", "passed")):
        paper = {"name": "return.xml", "content": base64.b64encode(content).decode()}
        world.do("elena", "bring_paper", item=str(filing.id), slot="result", file=paper)
        made = world.do("elena", "hand_in", item=str(filing.id))
        note = "The number of the buyer is missing." if verdict == "returned" else ""
        world.do("arun", "review", deliverable=str(made.id), verdict=verdict, note=note)
    world.do("petra", "accept", deliverable=str(made.id))
    sent = world.do("petra", "send_filing", item=str(filing.id), sent_by_name="Lenka Weber")
    world.do("petra", "bring_receipt", filing=str(sent.id), file=RECEIPT)
    assert SEEN[-1][0] == 0, "nothing waits any more"
    world.do("petra", "reopen_item", item=str(item.id), says="Booked twice", category="figure", cause="preparation", found_by="client")
    assert SEEN[-1][0] == 1
    assert {waiting for waiting, _needs in SEEN} >= {0, 1, 2}
    assert max(needs for _waiting, needs in SEEN) > 3
    assert deliverable.number == 1
