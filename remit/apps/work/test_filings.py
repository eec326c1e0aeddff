"""What the law asks to be filed: the date frozen with the item, sent is not filed, and a month is not closed without the receipt."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from remit.apps.organizations.acting import BadInput, NotFound
from remit.apps.work import periods, statutory
from remit.apps.work.models import Filing, Period, WorkItem
from remit.apps.work.waiting import standing, with_standing
from tests.world import accepted, opened, signed

if TYPE_CHECKING:
    from tests.world import World

RECEIPT = {"name": "receipt.xml", "content": base64.b64encode(b"<receipt>DE-2026-11-10</receipt>").decode()}
RETURN = {"name": "return.xml", "content": base64.b64encode(b"<return/>").decode()}


@pytest.fixture(scope="module")
def filed(world: World) -> WorkItem:
    """The EC sales list of October in a month whose reconciliation is accepted."""
    running = signed(world)
    world.do("maya", "plan_recurring", engagement=str(running), task="ec_sales_list", due_workday=4)
    accepted(world, opened(world, running))
    item: WorkItem = world.one("maya", WorkItem, engagement=running, task="ec_sales_list")
    return item


def wait_of(world: World, item: WorkItem) -> tuple[str, str]:
    with world.see("petra"):
        wait = standing(with_standing(WorkItem.objects.filter(id=item.id)).get()).wait
    return (wait.step, wait.on) if wait else ("", "")


def date_of(world: World, item: WorkItem) -> statutory.Date:
    with world.see("petra"):
        found = standing(with_standing(WorkItem.objects.filter(id=item.id)).get())
        date = statutory.date_of(found.item, found.filing, world.now)
    assert date is not None
    return date


def test_the_item_keeps_the_date_of_the_rule_in_force(world: World, filed: WorkItem) -> None:
    assert filed.deadline["id"] == "de-ustg-18a-ec-sales-list"
    assert filed.deadline["due_on"] == "2026-11-25"
    assert date_of(world, filed).state == statutory.TO_FILE
    assert date_of(world, filed).room_days == 20
    with world.see("petra"):
        assert WorkItem.objects.get(period=filed.period_id, task="").deadline == {}


def test_a_filing_goes_its_way_and_each_step_says_why_not(world: World, filed: WorkItem) -> None:
    key = str(filed.id)
    assert world.refused("petra", "send_filing", item=key) == ("filing.nothing",)
    staffed(world, filed)
    assert world.refused("petra", "send_filing", item=key) == ("filing.not_accepted",)
    with world.see("petra"):
        made = standing(with_standing(WorkItem.objects.filter(id=filed.id)).get()).made
    assert made is not None
    world.do("petra", "accept", deliverable=str(made.id))
    assert wait_of(world, filed)[0] == "file"
    with world.see("petra"):
        assert [why.code for why in periods.blockers(Period.objects.get(id=filed.period_id))] == ["block.not_sent"]
    for wrong in (world.now + timedelta(days=1), world.now - timedelta(days=400)):
        with pytest.raises(BadInput):
            world.act("petra", "send_filing", item=key, sent_at=wrong.isoformat())
    sent = world.do("petra", "send_filing", item=key, sent_by_name="Lenka Weber")
    assert wait_of(world, filed) == ("file", "Bundeszentralamt für Steuern")
    assert date_of(world, filed).state == statutory.SENT
    assert world.refused("petra", "send_filing", item=key) == ("filing.twice",)
    assert "period.blocked" in world.refused("petra", "close_period", period=str(filed.period_id))
    with pytest.raises(BadInput):
        world.act("petra", "bring_receipt", filing=str(sent.id), file={"name": "empty.xml", "content": ""})
    with pytest.raises(NotFound):
        world.act("olga", "bring_receipt", filing=str(sent.id), file=RECEIPT)
    world.do("elena", "bring_receipt", filing=str(sent.id), file=RECEIPT)
    assert world.refused("petra", "bring_receipt", filing=str(sent.id), file=RECEIPT) == ("filing.receipt_twice",)
    assert wait_of(world, filed) == ("", "")
    assert date_of(world, filed).state == statutory.FILED


def test_it_is_late_until_the_receipt_is_in(world: World, filed: WorkItem) -> None:
    with world.see("petra"):
        row = Filing.objects.select_related("receipt").filter(item=filed.id).get()
        item = WorkItem.objects.select_related("period__entity").get(id=filed.id)
    ends = statutory.law_due_at(item)
    assert ends is not None
    for receipt_at, state in ((ends - timedelta(seconds=1), statutory.FILED), (ends, statutory.LATE)):
        row.receipt.received_at = receipt_at
        found = statutory.date_of(item, row, ends + timedelta(days=3))
        assert found is not None
        assert found.state == state
    nothing = statutory.date_of(item, None, ends)
    assert nothing is not None
    assert nothing.state == statutory.LATE


def test_the_pages_show_date_source_and_receipt(world: World, filed: WorkItem) -> None:
    period: Period = world.one("petra", Period, id=filed.period_id)
    page = world.browser("petra").get(world.path("petra", f"periods/{period.reference}/")).content.decode()
    assert "Umsatzsteuergesetz, s. 18a (1)" in page
    item = world.browser("petra").get(world.path("petra", f"work/{filed.reference}/")).content.decode()
    assert "receipt.xml" in item
    assert "Lenka Weber" in item


def staffed(world: World, item: WorkItem) -> UUID:
    """Prepared by Elena, passed by Arun; not accepted."""
    for step, person in (("prepare", "Elena Koleva"), ("review", "Arun Iyer")):
        world.do("maya", "assign", item=str(item.id), step=step, person=str(world.rila.persons[person]))
    world.do("elena", "bring_paper", item=str(item.id), slot="result", file=RETURN)
    made = world.do("elena", "hand_in", item=str(item.id))
    world.do("arun", "review", deliverable=str(made.id), verdict="passed")
    return made.id
