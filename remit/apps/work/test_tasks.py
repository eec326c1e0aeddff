"""Items of any task: they come back by rhythm, are done by the house's steps, and follow a change of class while they are open."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import BadInput, NotFound
from remit.apps.work import cases
from remit.apps.work.models import DeliverableFile, Period, StepState, WorkItem
from tests.world import accepted, opened, signed

if TYPE_CHECKING:
    from tests.world import World

CONTENT = base64.b64encode(b"Return of October").decode()


@pytest.fixture(scope="module")
def engagement(world: World) -> UUID:
    """An engagement of one entity in which a trial balance comes back every month and the VAT return every quarter."""
    running = signed(world)
    world.do("maya", "plan_recurring", engagement=str(running), task="trial_balance", due_workday=6)
    world.do("petra", "plan_recurring", engagement=str(running), task="month_end_accruals", due_workday=8, every_months=3)
    opened(world, running)
    return running


def items(world: World, engagement: UUID, month: str) -> dict[str, WorkItem]:
    with world.see("maya"):
        return {
            item.task: item
            for item in WorkItem.objects.filter(engagement=engagement, period__begins_on=month).select_related("period__entity", "engagement__agreement")
        }


def test_what_comes_back_opens_with_the_month_that_its_rhythm_falls_on(world: World, engagement: UUID) -> None:
    october = items(world, engagement, "2026-10-01")
    assert set(october) == {"", "trial_balance"}
    assert october["trial_balance"].due_at.date().isoformat() == "2026-11-09", "the sixth working day after October, in Germany"
    entity = october[""].period.entity
    for month, more in (("2026-11-01", set()), ("2026-12-01", {"month_end_accruals"})):
        world.do("maya", "open_period", engagement=str(engagement), entity=str(entity.id), month=month)
        assert set(items(world, engagement, month)) == {"", "trial_balance"} | more, month


def test_planning_says_why_not(world: World, engagement: UUID) -> None:
    plan = {"engagement": str(engagement), "due_workday": 5}
    for values, field, code in (
        ({"task": "trial_balance"}, "task", "recurrence.twice"),
        ({"task": "no such"}, "task", "task.unknown"),
        ({"task": "count_stock"}, "task", "task.kept"),
        ({"task": "bank_reconciliation", "every_months": 3}, "every_months", "recurrence.own_monthly"),
    ):
        with pytest.raises(BadInput) as bad:
            world.act("maya", "plan_recurring", **(plan | values))
        assert [reason.code for reason in bad.value.errors[field]] == [code]
    for workday in (0, 251, "soon"):
        with pytest.raises(BadInput):
            world.act("maya", "plan_recurring", **(plan | {"task": "set_up_books", "due_workday": workday}))
    with pytest.raises(NotFound):
        world.act("olga", "plan_recurring", **plan, task="set_up_books")
    assert "role.missing" in world.refused("elena", "plan_recurring", **plan, task="set_up_books")


def test_another_task_goes_its_whole_way_by_the_steps_of_the_house(world: World, engagement: UUID) -> None:
    item = items(world, engagement, "2026-10-01")["trial_balance"]
    assert item.work_class == "bpo"
    for step, person in (("prepare", "Elena Koleva"), ("review", "Arun Iyer")):
        world.do("maya", "assign", item=str(item.id), step=step, person=str(world.rila.persons[person]))
    assert world.refused("elena", "hand_in", item=str(item.id)) == ("deliverable.papers",)
    world.do("elena", "bring_paper", item=str(item.id), slot="result", file={"name": "trial-balance.pdf", "content": CONTENT})
    made = world.do("elena", "hand_in", item=str(item.id))
    with world.see("petra"):
        names = set(DeliverableFile.objects.filter(deliverable=made.id).values_list("name", flat=True))
    assert "trial-balance.pdf" in names
    assert {name.rsplit(".", 1)[-1] for name in names} == {"pdf", "xlsx"}
    assert world.refused("elena", "review", deliverable=str(made.id), verdict="passed") == ("work.not_assigned",)
    world.do("arun", "review", deliverable=str(made.id), verdict="passed")
    world.do("petra", "accept", deliverable=str(made.id))


def test_a_change_of_class_moves_open_items_and_leaves_what_is_accepted(world: World) -> None:
    running = signed(world)
    item = opened(world, running)
    accepted(world, item)
    world.do("maya", "add_item", period=str(item.period_id), task="trial_balance")
    entity = world.one("maya", Period, id=item.period_id).entity_id
    world.do("maya", "open_period", engagement=str(running), entity=str(entity), month="2026-11-01")
    change = {"engagement": str(running), "task": "bank_reconciliation", "work_class": "kpo", "reason": "The accounts are under litigation"}
    assert world.refused("maya", "reclassify_task", **change) != ()
    world.do("petra", "reclassify_task", **change)
    assert items(world, running, "2026-10-01")[""].work_class == "bpo", "what is accepted stays as it was done"
    november = items(world, running, "2026-11-01")[""]
    assert november.work_class == "kpo"
    assert cases.line_of(november).step("sheet").of == "prepare"
    with pytest.raises(BadInput):
        world.act("petra", "reclassify_task", **change)
    world.do("petra", "reclassify_task", **(change | {"task": "trial_balance"}))
    assert items(world, running, "2026-10-01")["trial_balance"].work_class == "kpo"
    december = world.do("maya", "open_period", engagement=str(running), entity=str(entity), month="2026-12-01")
    assert world.one("maya", WorkItem, id=december.id).work_class == "kpo", "what is opened later is done as it was decided last"


def test_the_sheet_is_filled_in_by_whoever_is_on_the_step_that_it_stands_beside(world: World) -> None:
    item = opened(world, signed(world))
    world.do("petra", "reclassify_task", engagement=str(item.engagement_id), task="bank_reconciliation", work_class="kpo", reason="It takes judgement")
    asked = {"item": str(item.id), "step": "sheet", "command": "ask", "values": {"question": "Which account?"}}
    assert world.refused("arun", "move", **asked) == ("work.not_assigned",)
    world.do("elena", "move", **asked)
    with world.see("petra"):
        assert StepState.objects.get(item=item.id, step="sheet").state["question"] == "Which account?"
    page = world.browser("elena").get(world.path("elena", f"work/{item.reference}/"))
    assert page.status_code == 200
    assert "Which account?" in page.content.decode()
    world.do("petra", "reclassify_task", engagement=str(item.engagement_id), task="bank_reconciliation", work_class="bpo", reason="It does not")
    page = world.browser("elena").get(world.path("elena", f"work/{item.reference}/"))
    assert page.status_code == 200
    assert "Which account?" not in page.content.decode(), "the state is kept and not looked at"


@pytest.mark.parametrize("seat", ["petra", "maya", "jonas", "elena"])
def test_the_page_of_tasks_offers_what_may_be_done(world: World, engagement: UUID, seat: str) -> None:
    running = world.one(seat, Engagement, id=engagement)
    page = world.browser(seat).get(world.path(seat, f"engagements/{running.reference}/planning/")).content.decode()
    assert ("planning/class/" in page) == (seat in ("petra", "jonas"))
    assert ("planning/plan/" in page) == (seat in ("petra", "maya"))


def test_one_more_of_a_task_has_a_title_of_its_own(world: World, engagement: UUID) -> None:
    october = items(world, engagement, "2026-10-01")
    period = str(october[""].period_id)
    for given, field, code in (
        ({"task": "trial_balance"}, "title", "item.twice"),
        ({"task": "trial_balance", "title": october["trial_balance"].title.upper()}, "title", "item.same_title"),
        ({"task": "bank_reconciliation", "title": "A second one"}, "task", "task.own_item"),
    ):
        with pytest.raises(BadInput) as refused:
            world.act("maya", "add_item", period=period, **given)
        assert [reason.code for reason in refused.value.errors[field]] == [code]
    made = world.do("maya", "add_item", period=period, task="trial_balance", title="  Trial balance for the bank  ")
    with world.see("petra"):
        assert WorkItem.objects.get(id=made.id).title == "Trial balance for the bank"
        assert WorkItem.objects.filter(period=period, task="trial_balance").count() == 2
    again = world.do("maya", "open_period", engagement=str(engagement), entity=str(october[""].period.entity_id), month="2027-01-01")
    with world.see("petra"):
        later = WorkItem.objects.filter(period=WorkItem.objects.get(id=again.id).period_id, task="trial_balance")
        assert [row.title for row in later] == [october["trial_balance"].title], "what came in beside it does not come back"
