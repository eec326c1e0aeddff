"""Months that come back by themselves: opened by the program, on the day that begins them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from remit.apps.work.models import Period, Recurrence
from remit.front.jobs import open_what_begins
from tests.world import signed

if TYPE_CHECKING:
    from tests.world import World


def test_planned_months_open_by_themselves_on_the_first_day_by_the_entitys_clock(world: World) -> None:
    running = signed(world)
    world.on(datetime(2027, 3, 20, tzinfo=UTC))
    world.do("maya", "plan_recurring", engagement=str(running), task="bank_reconciliation", due_workday=8, begins_on="2027-03-20")

    def months(at: datetime) -> list[str]:
        world.on(at)
        with world.clock():
            while open_what_begins():
                pass
        with world.see("maya"):
            return [f"{day:%Y-%m}" for day in Period.objects.filter(engagement=running).order_by("begins_on").values_list("begins_on", flat=True)]

    assert months(world.now) == ["2027-03"]
    assert months(datetime(2027, 3, 31, 21, 59, tzinfo=UTC)) == ["2027-03"]
    assert months(datetime(2027, 3, 31, 22, 0, tzinfo=UTC)) == ["2027-03", "2027-04"], "midnight in Berlin, in summer"
    assert months(datetime(2027, 6, 2, tzinfo=UTC)) == ["2027-03", "2027-04", "2027-05", "2027-06"], "what was missed is opened later"
    recurrence = world.one("maya", Recurrence, engagement=running)
    world.do("maya", "end_recurring", recurrence=str(recurrence.id), ends_on="2027-06-30")
    assert months(datetime(2027, 7, 2, tzinfo=UTC))[-1] == "2027-06"
