"""Time on items: whose it may be, what the database refuses, corrections, the timer, and the invoice that takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from remit.apps.billing.test_invoices import at_once
from remit.apps.organizations.acting import BadInput
from remit.apps.records.context import writing
from remit.apps.work.models import BilledTime, Period, Presence, TimeEntry, Timer, WorkItem

if TYPE_CHECKING:
    from tests.world import World

RAISED_ON = date(2026, 11, 10)


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    """October under an agreement that bills time, with a raise of level 3 from 10 November on; Elena prepares, Arun reviews."""
    return billing_time(world)


def billing_time(world: World, **terms: Any) -> WorkItem:
    from tests import world as worlds

    agreement = worlds.drawn_up(world)
    world.do("maya", "settle_terms", agreement=agreement, **({"time_billed": True} | terms))
    engagement = worlds.both_signed(world, agreement)
    item = worlds.opened(world, engagement)
    world.do("petra", "agree_price", agreement=agreement, level=3, basis="hour", price="46", valid_from=str(RAISED_ON))
    return item


def at(day: int, hour: int, minute: int = 0) -> str:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC).isoformat()


def enter(world: World, who: str, item: WorkItem, **values: Any) -> Any:
    return world.do(who, "enter_time", item=str(item.id), **values)


def entry_of(world: World, done: Any) -> TimeEntry:
    found: TimeEntry = world.one("maya", TimeEntry, id=done.id)
    return found


def test_whoever_is_on_it_enters_time_and_nobody_else(world: World, item: WorkItem) -> None:
    world.on(datetime(2026, 11, 4, 17, tzinfo=UTC))
    entry = entry_of(world, enter(world, "elena", item, minutes=90, done_on="2026-11-03", note="Bank entries"))
    assert (entry.minutes, entry.level, entry.done_on, entry.source, entry.step) == (90, 3, date(2026, 11, 3), "hand", "prepare")
    assert entry.person_name == "Elena Koleva"
    for who, codes in (("maya", ("time.no_person",)), ("petra", ("time.provider",))):
        assert world.refused(who, "enter_time", item=str(item.id), minutes=30) == codes
    georgi = replace(world.by("arun"), person=world.rila.persons["Georgi Stanev"], name="Georgi Stanev")
    assert world.refused(georgi, "enter_time", item=str(item.id), minutes=30) == ("time.not_assigned",)
    with pytest.raises(BadInput):
        world.act("kavitha", "enter_time", item=str(item.id), minutes=30)


def test_a_manager_enters_for_others_with_a_reason_and_through_the_gate(world: World, item: WorkItem) -> None:
    georgi, teodora = str(world.rila.persons["Georgi Stanev"]), str(world.rila.persons["Teodora Vasileva"])
    with pytest.raises(BadInput) as bad:
        world.act("maya", "enter_time", item=str(item.id), minutes=30, person=georgi)
    assert "why" in bad.value.errors
    made = entry_of(world, enter(world, "maya", item, minutes=30, person=georgi, why="Helped with the accruals"))
    assert (made.level, made.why, made.entered_by_name) == (4, "Helped with the accruals", "Maya Dimitrova")
    codes = world.refused("maya", "enter_time", item=str(item.id), minutes=30, person=teodora, why="Helped")
    assert "gate.unknown_language" in codes
    assert world.refused("elena", "enter_time", item=str(item.id), minutes=30, person=georgi, why="Helped") == ("role.missing",)
    assert world.refused("elena", "enter_time", item=str(item.id), minutes=30, level=4, why="Worth it") == ("role.missing",)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "minutes"),
        ({"minutes": 30, "done_on": "2026-12-24"}, "done_on"),
        ({"minutes": 30, "done_on": "2026-09-30"}, "done_on"),
        ({"begins_at": at(3, 9)}, "ends_at"),
        ({"begins_at": at(3, 10), "ends_at": at(3, 9)}, "ends_at"),
        ({"begins_at": at(3, 10), "ends_at": at(3, 10)}, "ends_at"),
        ({"begins_at": at(2, 10), "ends_at": at(3, 11)}, "ends_at"),
    ],
)
def test_what_is_no_time_is_answered_at_its_field(world: World, item: WorkItem, values: dict[str, Any], field: str) -> None:
    before = world.one("maya", TimeEntry._meta.model, note="Bank entries").id
    with pytest.raises(BadInput) as bad:
        world.act("elena", "enter_time", item=str(item.id), **values)
    assert field in bad.value.errors
    assert before


def test_nobody_is_in_two_places(world: World, item: WorkItem) -> None:
    first = enter(world, "elena", item, begins_at=at(4, 9), ends_at=at(4, 10, 30))
    codes = world.refused("elena", "enter_time", item=str(item.id), begins_at=at(4, 10), ends_at=at(4, 11))
    assert codes == ("time.overlap",)
    enter(world, "arun", item, begins_at=at(4, 10), ends_at=at(4, 11))
    # Ends that meet do not overlap; and what was corrected or withdrawn is free again.
    second = enter(world, "elena", item, begins_at=at(4, 10, 30), ends_at=at(4, 11))
    world.do("elena", "withdraw_time", entry=str(second.id), reason="Was on the phone")
    third = enter(world, "elena", item, begins_at=at(4, 10, 45), ends_at=at(4, 11))
    moved = world.do("elena", "correct_time", entry=str(first.id), begins_at=at(4, 8), ends_at=at(4, 9))
    enter(world, "elena", item, begins_at=at(4, 9), ends_at=at(4, 9, 30))
    with world.see("maya"):
        spans = {row.entry_id for row in Presence.objects.filter(person=world.rila.persons["Elena Koleva"])}
    assert {moved.id, third.id} <= spans
    assert not {first.id, second.id} & spans


def test_many_writers_at_once_take_an_hour_once(world: World, item: WorkItem) -> None:
    from remit.apps.work.actions import enter_time

    by, now = world.by("elena"), world.now
    given = enter_time.parse({"item": str(item.id), "begins_at": at(3, 12), "ends_at": at(3, 13)})
    results = at_once(*[lambda: enter_time(by=by, at=now, **given)] * 4)
    assert sorted(type(each).__name__ for each in results) == ["Done", "Refused", "Refused", "Refused"]


def test_a_day_has_24_hours(world: World, item: WorkItem) -> None:
    enter(world, "arun", item, minutes=1200, done_on="2026-11-03")
    assert world.refused("arun", "enter_time", item=str(item.id), minutes=241, done_on="2026-11-03") == ("time.day_full",)
    done = enter(world, "arun", item, minutes=240, done_on="2026-11-03")
    world.do("arun", "withdraw_time", entry=str(done.id), reason="A test of the day's end")


def test_an_entry_is_corrected_by_a_row_that_succeeds_it(world: World, item: WorkItem) -> None:
    first = enter(world, "elena", item, minutes=30, done_on="2026-11-02", note="Call")
    second = entry_of(world, world.do("elena", "correct_time", entry=str(first.id), minutes=45))
    assert (second.minutes, second.note, second.corrects_id) == (45, "Call", first.id)
    assert world.refused("elena", "correct_time", entry=str(first.id), minutes=50) == ("time.gone",)
    assert world.refused("elena", "withdraw_time", entry=str(first.id), reason="No") == ("time.gone",)
    assert world.refused("arun", "correct_time", entry=str(second.id), minutes=50, why="No") == ("role.missing",)
    world.do("maya", "correct_time", entry=str(second.id), unbilled_why="Goodwill", why="Agreed on the phone")
    with writing(world.by("elena"), world.now), connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        cursor.execute("update work_timeentry set minutes = 1 where id = %s", [second.id])


def test_the_timer_runs_once_and_stops_once(world: World, item: WorkItem) -> None:
    world.on(datetime(2026, 11, 5, 8, 0, 20, tzinfo=UTC))
    world.do("elena", "start_timer", item=str(item.id), note="Accruals")
    assert world.refused("elena", "start_timer", item=str(item.id)) == ("timer.runs",)
    world.on(datetime(2026, 11, 5, 9, 30, 50, tzinfo=UTC))
    from remit.apps.work.actions import stop_timer

    by, now = world.by("elena"), world.now
    results = at_once(*[lambda: stop_timer(by=by, at=now)] * 3)
    assert sorted(type(each).__name__ for each in results) == ["Done", "Refused", "Refused"]
    (done,) = [each for each in results if type(each).__name__ == "Done"]
    entry = entry_of(world, done)
    assert (entry.source, entry.note) == ("timer", "Accruals")
    assert entry.begins_at is not None
    assert (entry.begins_at.second, entry.minutes) == (0, 89)
    assert world.refused("elena", "stop_timer") == ("timer.none",)


def test_a_forgotten_timer_is_asked_about_and_not_counted(world: World, item: WorkItem) -> None:
    world.on(datetime(2026, 11, 5, 16, tzinfo=UTC))
    world.do("elena", "start_timer", item=str(item.id))
    world.on(datetime(2026, 11, 6, 6, tzinfo=UTC))
    for values in ({}, {"ends_at": at(5, 15)}, {"ends_at": at(7, 15)}):
        with pytest.raises(BadInput) as bad:
            world.act("elena", "stop_timer", **values)
        assert "ends_at" in bad.value.errors
    assert entry_of(world, world.do("elena", "stop_timer", ends_at=at(5, 17, 31))).minutes == 90
    world.do("elena", "start_timer", item=str(item.id))
    world.do("elena", "discard_timer")
    with world.see("elena"):
        assert not Timer.objects.exists()


def test_the_gate_asks_about_the_day_on_which_it_was_done(world: World, item: WorkItem) -> None:
    """A wall raised on the 6th bars that day's time, and not what was done on the 5th."""
    world.on(datetime(2026, 11, 6, 12, tzinfo=UTC))
    world.do("maya", "raise_wall", against=str(world.halden.key), why="Conflict", kind="conflict", person=str(world.rila.persons["Elena Koleva"]))
    assert world.refused("elena", "enter_time", item=str(item.id), minutes=20) == ("gate.wall",)
    enter(world, "elena", item, minutes=20, done_on="2026-11-05")
    from remit.apps.people.models import Wall

    world.do("maya", "lift_wall", wall=str(world.one("maya", Wall, until=None).id))


def test_a_week_is_filled_in_all_or_none(world: World, item: WorkItem) -> None:
    world.on(datetime(2026, 11, 8, 12, tzinfo=UTC))
    cell = lambda on, minutes: {"item": str(item.id), "on": on, "minutes": minutes}  # noqa: E731
    world.do("elena", "fill_time", cells=[cell("2026-11-06", 60), cell("2026-11-07", 30)])

    def totals() -> dict[date, int]:
        from remit.apps.work.timing import standing

        with world.see("elena"):
            rows = list(standing().filter(person=world.rila.persons["Elena Koleva"], done_on__gte=date(2026, 11, 6)))
        return {row.done_on: sum(each.minutes for each in rows if each.done_on == row.done_on) for row in rows}

    assert totals() == {date(2026, 11, 6): 60, date(2026, 11, 7): 30}
    with pytest.raises(BadInput):
        world.act("elena", "fill_time", cells=[cell("2026-11-07", 45), cell("2026-12-24", 30)])
    assert totals() == {date(2026, 11, 6): 60, date(2026, 11, 7): 30}
    world.do("elena", "fill_time", cells=[cell("2026-11-06", 75), cell("2026-11-07", 0)])
    assert totals() == {date(2026, 11, 6): 75}
    with pytest.raises(BadInput, match=r"time\.less"):
        world.act("elena", "fill_time", cells=[cell("2026-11-05", 10)])


def test_the_invoice_takes_each_minute_at_the_card_of_its_day_once(world: World, item: WorkItem) -> None:
    from remit.apps.billing.models import Invoice
    from tests import world as worlds

    world.on(datetime(2026, 11, 11, 12, tzinfo=UTC))
    # Over midnight in Berlin, where the raise begins: an hour at the old price and two at the new.
    night = enter(world, "arun", item, begins_at=datetime(2026, 11, 9, 22, tzinfo=UTC).isoformat(), ends_at=at(10, 1))
    worlds.accepted(world, item)
    with world.see("maya"):
        from remit.apps.work.timing import unbilled

        rows = list(unbilled().filter(item=item))
    drawn = world.do("maya", "draw_invoice", period=str(item.period_id))
    invoice = world.one("maya", Invoice, id=drawn.id)
    lines = [line for line in invoice.value["lines"] if line["basis"] == "hour"]
    assert {(line["level"], Decimal(line["price"])) for line in lines} == {(3, 44), (3, 46), (4, 58)}
    by_price = {(line["level"], Decimal(line["price"])): line for line in lines}
    minutes = sum(row.minutes for row in rows if row.level == 3) - 120
    assert Decimal(by_price[3, 44]["quantity"]) == (Decimal(minutes) / 60).quantize(Decimal("0.0001"))
    assert Decimal(by_price[3, 46]["quantity"]) == 2
    for line in lines:
        net = Decimal(line["quantity"]) * Decimal(line["price"])
        assert Decimal(line["net"]["amount"]) == net.quantize(Decimal("0.01"), "ROUND_HALF_UP")
    with world.see("maya"):
        assert set(BilledTime.objects.values_list("entry", flat=True)) == {row.id for row in rows}
        assert not TimeEntry.objects.filter(billed__isnull=False).exclude(unbilled_why="").exists()
    # Frozen: for the person, for a manager, and in the database itself.
    assert world.refused("arun", "correct_time", entry=str(night.id), minutes=30) == ("time.billed",)
    assert world.refused("maya", "withdraw_time", entry=str(night.id), reason="Too much") == ("time.billed",)
    insert = (
        "insert into work_timewithdrawal (id, audience_id, item_id, entry_id, reason, withdrawn_by_name, withdrawn_at) "
        "select gen_random_uuid(), audience_id, item_id, id, 'x', 'x', now() from work_timeentry where id = %s"
    )
    with writing(world.by("maya"), world.now), connection.cursor() as cursor, pytest.raises(IntegrityError, match="billed"), transaction.atomic():
        cursor.execute(insert, [night.id])


def test_time_that_comes_later_goes_on_a_further_invoice_and_off_card_is_refused(world: World, item: WorkItem) -> None:
    from remit.apps.billing import drawing
    from remit.apps.billing.models import Invoice

    with world.see("maya"):
        assert item.period_id not in {period.id for period in drawing.unbilled(world.rila.key)}
    world.on(datetime(2026, 11, 12, 12, tzinfo=UTC))
    late = enter(world, "elena", item, minutes=20, done_on="2026-11-09")
    with world.see("maya"):
        assert item.period_id in {period.id for period in drawing.unbilled(world.rila.key)}
    off = enter(world, "maya", item, minutes=10, person=str(world.rila.persons["Elena Koleva"]), level=5, why="As principal")
    assert world.refused("maya", "draw_invoice", period=str(item.period_id)) == ("billing.off_card",)
    world.do("maya", "correct_time", entry=str(off.id), level=3, why="As agreed")
    drawn = world.do("maya", "draw_invoice", period=str(item.period_id))
    invoice = world.one("maya", Invoice, id=drawn.id)
    assert [(line["quantity"], line["price"]) for line in invoice.value["lines"]] == [("0.3333", "44.0000"), ("0.1667", "46.0000")]
    assert world.one("maya", BilledTime, entry=late.id).number == drawn.reference


def test_a_closed_month_takes_no_time(world: World, item: WorkItem) -> None:
    loose = enter(world, "elena", item, minutes=15, done_on="2026-11-11", unbilled_why="Training")
    world.do("elena", "start_timer", item=str(item.id))
    world.do("petra", "close_period", period=str(item.period_id))
    assert world.refused("elena", "enter_time", item=str(item.id), minutes=30) == ("period.closed",)
    assert world.refused("elena", "withdraw_time", entry=str(loose.id), reason="No") == ("period.closed",)
    assert world.refused("elena", "stop_timer") == ("period.closed",)
    world.do("elena", "discard_timer")
    assert world.one("maya", Period, id=item.period_id)
    row = {name: getattr(entry_of(world, loose), name) for name in ("audience_id", "item_id", "person_id", "person_name", "organization_id", "level")}
    more = {"done_on": date(2026, 11, 11), "minutes": 5, "source": "hand", "entered_by_name": "x", "entered_at": world.now}
    with writing(world.by("elena"), world.now), pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        TimeEntry.objects.create(**row, **more)


def test_a_line_of_time_opens_to_its_entries_for_whoever_is_shown_them(world: World, item: WorkItem) -> None:
    from remit.apps.billing.models import Invoice

    with world.see("maya"):
        invoice = Invoice.objects.filter(period=item.period_id).order_by("number").first()
    assert invoice is not None
    number = next(line["number"] for line in invoice.value["lines"] if line["basis"] == "hour")
    with world.clock():
        mine = world.browser("maya").get(world.path("maya", f"invoices/{invoice.number}/?line={number}")).content.decode()
        theirs = world.browser("petra").get(world.path("petra", f"invoices/{invoice.number}/?line={number}")).content.decode()
    assert "each minute by the card of the day" in mine
    assert "Elena Koleva</li>" in mine or "Elena Koleva<small>" in mine
    # This agreement bills time, and what is not settled is then shown entry by entry.
    assert "Elena Koleva<small>" in theirs or "Elena Koleva</li>" in theirs
    assert "cost" not in theirs.partition('id="trace"')[2].partition("</section>")[0].casefold()
