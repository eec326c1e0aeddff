"""The pages of time: on the item, the week, the timer, and what other tools measured; who sees what of it; counts of queries."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remit.apps.work.models import TimeDraft, TimeEntry, Timer, WorkItem
from remit.apps.work.timing import standing
from remit.formats.timesheets import TOOLS
from remit.formats.words import Words

if TYPE_CHECKING:
    from tests.world import World

EXPORT = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
    "Elena Koleva,elena@rila.example,Halden,Close,,Entries,Yes,2026-11-05,09:00:00,2026-11-05,10:30:00,01:30:00,\n"
    "Arun Iyer,,Halden,Close,,Second look,Yes,2026-11-05,13:00:00,2026-11-05,14:00:00,01:00:00,\n"
    "Elena Koleva,elena@rila.example,Halden,Close,,Talk,No,2026-11-05,11:00:00,2026-11-05,11:20:00,00:20:00,\n"
)


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    """October under an agreement that bills time and shows the client totals."""
    from tests import world as worlds

    agreement = worlds.drawn_up(world)
    world.do("maya", "settle_terms", agreement=agreement, time_billed=True, time_shown="totals")
    item = worlds.opened(world, worlds.both_signed(world, agreement))
    world.on(datetime(2026, 11, 6, 15, tzinfo=UTC))
    return item


def minutes(world: World, **narrowed: Any) -> int:
    with world.see("maya"):
        return sum(row.minutes for row in standing(TimeEntry.objects.filter(**narrowed)))


def test_time_is_entered_corrected_and_withdrawn_on_the_item(world: World, item: WorkItem) -> None:
    path = world.path("elena", f"work/{item.reference}/")
    with world.clock():
        browser = world.browser("elena")
        assert "Start the timer" in text_of(browser.get(path))
        answer = browser.post(f"{path}time/enter/", {"day": "2026-11-05", "duration": "soon"})
        assert answer.status_code == 422
        assert "“soon” is no time" in answer.content.decode()
        answer = browser.post(f"{path}time/enter/", {"day": "2026-11-04", "duration": "1,5", "note": "Bank <b>entries</b>"})
        assert answer.status_code == 303
        assert browser.post(f"{path}time/enter/", {"day": "2026-11-04", "from": "23:30", "until": "00:15", "note": "Late"}).status_code == 303
        page = browser.get(path)
        assert "Bank &lt;b&gt;entries&lt;/b&gt;" in page.content.decode()
        assert f"Time and units {Words('en').duration(135)}" in text_of(page)
        with world.see("elena"):
            late = TimeEntry.objects.get(note="Late")
        # On Sofia's clock; an end before the beginning lies past midnight.
        assert (late.begins_at, late.minutes) == (datetime(2026, 11, 4, 21, 30, tzinfo=UTC), 45)
        assert browser.post(f"{path}time/{late.id}/correct/", {"duration": "0:30", "day": "2026-11-04", "note": "Late"}).status_code == 303
        assert minutes(world, note="Late") == 30
        with world.see("elena"):
            new = standing().get(note="Late")
        assert browser.post(f"{path}time/{new.id}/withdraw/", {}).status_code == 422
        assert browser.post(f"{path}time/{new.id}/withdraw/", {"why": "Was no work"}).status_code == 303
    assert minutes(world, note="Late") == 0


def test_the_client_sees_what_was_agreed_and_no_buttons(world: World, item: WorkItem) -> None:
    with world.clock():
        page = world.browser("petra").get(world.path("petra", f"work/{item.reference}/"))
        said = text_of(page)
        assert "Agreed to be shown in total" in said
        assert "level 3:" in said
        assert "Bank &lt;b&gt;" not in page.content.decode()
        assert f"work/{item.reference}/time/" not in page.content.decode()
        assert world.browser("petra").post(world.path("petra", f"work/{item.reference}/time/start/")).status_code == 303
        assert world.browser("kavitha").post(world.path("kavitha", f"work/{item.reference}/time/start/")).status_code == 404
    with world.see("petra"):
        assert not Timer.objects.exists()


def test_the_timer_from_the_page_and_its_question(world: World, item: WorkItem) -> None:
    path = world.path("elena", f"work/{item.reference}/time/start/")
    with world.clock():
        browser = world.browser("elena")
        assert browser.post(path, {"note": "Accruals"}).status_code == 303
        assert "runs since" in text_of(browser.get(world.path("elena", "time/")))
        world.on(datetime(2026, 11, 7, 6, tzinfo=UTC))
        assert "When did you stop?" in text_of(browser.get(world.path("elena", "time/timer/")))
        answer = browser.post(world.path("elena", "time/timer/stop/"), {})
        assert answer.status_code == 422
        assert "more than 12 hours" in text_of(answer)
        answer = browser.post(world.path("elena", "time/timer/stop/"), {"ends_at": "2026-11-06T18:00", "back": "today"})
        assert answer.status_code == 303
        assert answer.headers["location"] == world.path("elena")
    with world.see("elena"):
        assert standing().get(source="timer").ends_at == datetime(2026, 11, 6, 16, tzinfo=UTC)
    with world.clock():
        assert (
            browser.post(world.path("elena", "time/timer/discard/"), headers={"referer": f"http://testserver{world.path('elena', 'time/')}"}).status_code == 303
        )


def test_a_week_is_typed_in_and_what_is_no_time_is_said(world: World, item: WorkItem) -> None:
    world.on(datetime(2026, 11, 8, 15, tzinfo=UTC))
    path = f"{world.path('elena', 'time/fill/')}?week=2026-11-02"
    field = lambda on: f"c:{item.id}:{on}"  # noqa: E731
    with world.clock():
        browser = world.browser("elena")
        assert browser.post(path, {field("2026-11-03"): "soon"}).status_code == 422
        assert browser.post(path, {field("2026-11-03"): ""}).status_code == 422
        assert browser.post(path, {"c:x:y": "1:00"}).status_code == 422
        assert browser.post(path, {field("2026-11-03"): "2:00", field("2026-11-07"): "0:45", f"w:{item.id}:2026-11-07": ""}).status_code == 303
        page = text_of(browser.get(f"{world.path('elena', 'time/')}?week=2026-11-02"))
        assert "missing on days that are over" in page
        everyone = text_of(world.browser("maya").get(f"{world.path('maya', 'time/')}?week=2026-11-02"))
        assert "Georgi Stanev" in everyone
        assert "Georgi Stanev" not in page
        for week in ("soon", "9999-99-99", "0001-01-01", "9999-12-31"):
            assert browser.get(f"{world.path('elena', 'time/')}?week={week}").status_code == 200
    assert minutes(world, done_on="2026-11-03") == 120


def bring(world: World, who: str, content: bytes, **more: Any) -> Any:
    return world.browser(who).post(world.path(who, "time/import/bring/"), {"file": SimpleUploadedFile("toggl.csv", content), "zone": "Europe/Sofia", **more})


def test_an_export_is_seen_named_and_taken_in_once(world: World, item: WorkItem) -> None:
    with world.clock():
        browser = world.browser("maya")
        answer = bring(world, "maya", EXPORT.encode())
        assert answer.status_code == 303
        preview = answer.headers["location"]
        page = text_of(browser.get(preview))
        assert "Which work is meant?" in page
        assert browser.post(f"{preview}take/").status_code == 422
        assert browser.post(f"{preview}map/", {"called": "halden / close", "item": str(item.id)}).status_code == 303
        page = text_of(browser.get(preview))
        assert "3 new" in page
        assert "Enter the 3 new rows" in page
        before = minutes(world)
        assert browser.post(f"{preview}take/").status_code == 303
        assert minutes(world) == before + 170
        with world.see("maya"):
            talk = standing().get(note="Talk")
        assert talk.unbilled_why == "Not billable (Toggl Track)"
        again = bring(world, "maya", EXPORT.encode()).headers["location"]
        assert "All of it is here already" in text_of(browser.get(again))
        refused = browser.post(f"{again}take/", headers={"referer": f"http://testserver{again}"})
        assert "refused=" in refused.headers["location"]
        # One row more is one row more.
        more = EXPORT + "Elena Koleva,elena@rila.example,Halden,Close,,More,Yes,2026-11-05,15:00:00,2026-11-05,15:10:00,00:10:00,\n"
        third = bring(world, "maya", more.encode()).headers["location"]
        assert "1 new" in text_of(browser.get(third))
    assert minutes(world) == before + 170


def test_what_is_wrong_is_said_at_line_and_column_and_nothing_is_entered(world: World, item: WorkItem) -> None:
    rows = [
        "Nobody Known,,Halden,Close,,Who,Yes,2026-11-05,16:00:00,2026-11-05,16:10:00,00:10:00,",
        f"Elena Koleva,,,,,{item.reference} twice,Yes,2026-11-05,09:10:00,2026-11-05,09:20:00,00:10:00,",
        f"Teodora Vasileva,,,,,{item.reference} gate,Yes,2026-11-05,09:10:00,2026-11-05,09:20:00,00:10:00,",
        f"Elena Koleva,,,,,{item.reference} future,Yes,2026-12-05,09:10:00,2026-12-05,09:20:00,00:10:00,",
        "Elena Koleva,,,,,WI-0000-0000 none,Yes,2026-11-05,09:10:00,2026-11-05,09:20:00,00:10:00,",
        f"Elena Koleva,,,,,{item.reference} bad,Yes,2026-11-05,9 o'clock,2026-11-05,09:20:00,00:10:00,",
    ]
    content = EXPORT.splitlines()[0] + "\n" + "\n".join(rows) + "\n"
    before = minutes(world)
    with world.clock():
        preview = bring(world, "maya", content.encode()).headers["location"]
        page = text_of(world.browser("maya").get(preview))
        for said in (
            "is nobody who works here",
            "has time on",
            "It lies in the future",
            "There is no item WI-0000-0000",
            "7 Start time “9 o'clock” is no time of day",
        ):
            assert said.replace("'", "&#x27;") in page or said in page, said
        assert world.browser("maya").post(f"{preview}take/").status_code == 422
        # Others' time is a manager's to bring.
        mine = bring(world, "elena", EXPORT.replace("Second look", "Third look").encode()).headers["location"]
        assert "only a manager brings it" in text_of(world.browser("elena").get(mine))
        assert world.browser("olga").get(mine.replace(world.rila.reference, world.vistula.reference)).status_code == 404
    assert minutes(world) == before


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 40, b"PK\x03\x04junk", b"a,b\n1,2\n", b'"' * 5000])
def test_junk_is_answered(world: World, item: WorkItem, content: bytes) -> None:
    with world.clock():
        answer = bring(world, "maya", content)
        assert answer.status_code in (303, 422)
        if answer.status_code == 303:
            assert "Nothing is entered while something is wrong" in text_of(world.browser("maya").get(answer.headers["location"]))
        assert bring(world, "maya", EXPORT.encode(), zone="Mars/Olympus").status_code == 422
        assert world.browser("maya").post(world.path("maya", "time/import/bring/")).status_code == 422
    with world.see("maya"):
        assert TimeDraft.objects.exists()


def test_queries_do_not_grow_with_entries(world: World, item: WorkItem) -> None:
    def count(seat: str, page: str) -> int:
        with (
            world.clock(),
            CaptureQueriesContext(
                connection,
            ) as caught,
        ):
            assert world.browser(seat).get(world.path(seat, page)).status_code == 200
        return len(caught)

    pages = [("maya", "time/?week=2026-11-02"), ("elena", "time/?week=2026-11-02"), ("elena", f"work/{item.reference}/")]
    before = [(count(*each), count(*each))[1] for each in pages]
    for number in range(6):
        world.do("elena", "enter_time", item=str(item.id), minutes=5 + number, done_on="2026-11-06")
        world.do("arun", "enter_time", item=str(item.id), minutes=5 + number, done_on="2026-11-06")
    assert [count(*each) for each in pages] == before


def test_the_pages_name_every_tool(world: World, item: WorkItem) -> None:
    with world.clock():
        page = text_of(world.browser("maya").get(world.path("maya", "time/import/")))
        assert all(tool.name in page for tool in TOOLS)
        assert "not billed because" in world.browser("maya").get(world.path("maya", "time/import/template.csv")).content.decode("utf-8-sig")
