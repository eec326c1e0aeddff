"""Leave: entered, withdrawn, brought; who sees its kind; what it stops; nobody is booked while they are away."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remit.apps.organizations.acting import BadInput
from remit.apps.people.leave import standing
from remit.apps.people.models import Absence
from remit.apps.work.models import WorkItem

if TYPE_CHECKING:
    from tests.world import World

EVENT = "BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{who}: Urlaub\r\nDTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{back}\r\n{more}END:VEVENT\r\n"


def calendar(*events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


def event(uid: str, who: str, first: str, back: str, more: str = "") -> str:
    return EVENT.format(uid=uid, who=who, first=first, back=back, more=more)


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    from tests import world as worlds

    found = worlds.opened(world)
    world.on(datetime(2026, 11, 2, 9, tzinfo=UTC))
    return found


def held(world: World, name: str) -> list[Absence]:
    with world.see("maya"):
        return list(standing().filter(person=world.rila.persons[name]).order_by("during"))


def test_leave_is_ones_own_or_a_manager_s_to_enter(world: World, item: WorkItem) -> None:
    world.do("elena", "enter_leave", begins_on="2026-11-12", last_on="2026-11-13", kind="sick", note="Operation")
    (row,) = held(world, "Elena Koleva")
    # Midnight to midnight in Sofia.
    assert (row.during.lower, row.during.upper) == (datetime(2026, 11, 11, 22, tzinfo=UTC), datetime(2026, 11, 13, 22, tzinfo=UTC))
    arun = str(world.rila.persons["Arun Iyer"])
    assert world.refused("elena", "enter_leave", begins_on="2026-11-12", person=arun) == ("role.missing",)
    assert world.refused("petra", "enter_leave", begins_on="2026-11-12") == ("leave.no_person",)
    world.do("maya", "enter_leave", begins_at="2026-11-20T07:00:00+00:00", ends_at="2026-11-20T09:00:00+00:00", kind="other", person=arun)
    for values, field in (
        ({}, "begins_on"),
        ({"begins_on": "2026-11-12", "last_on": "2026-11-11"}, "last_on"),
        ({"begins_on": "2026-11-13"}, "begins_on"),
        ({"begins_on": "2026-12-01", "last_on": "2028-12-01"}, "last_on"),
        ({"begins_at": "2026-12-01T09:00:00Z", "ends_at": "2026-12-01T09:00:00Z"}, "ends_at"),
    ):
        with pytest.raises(BadInput) as bad:
            world.act("elena", "enter_leave", **values)
        assert field in bad.value.errors
    with pytest.raises(BadInput):
        world.act("olga", "enter_leave", begins_on="2026-11-12", person=arun)


def test_the_kind_is_for_the_person_and_managers(world: World, item: WorkItem) -> None:
    with world.clock():
        pages = {who: world.browser(who).get(world.path(who, "leave/")).content.decode() for who in ("maya", "elena", "arun")}
        roster = {who: text_of(world.browser(who).get(world.path(who, "staffing/?week=2026-11-09"))) for who in ("maya", "elena", "arun")}
    for who in ("maya", "elena"):
        assert "Operation" in pages[who]
        assert re.search(r'class="chip">sick<', pages[who])
        assert "sick" in roster[who]
    assert "Operation" not in pages["arun"]
    assert not re.search(r'class="chip">sick<', pages["arun"])
    assert "Elena Koleva" in pages["arun"]
    assert "sick" not in roster["arun"]
    assert "away" in roster["arun"]
    with world.clock():
        assert "Elena Koleva" not in world.browser("petra").get(world.path("petra", "leave/")).content.decode()


def test_nobody_is_booked_while_away_and_is_told_no_more(world: World, item: WorkItem) -> None:
    elena = str(world.rila.persons["Elena Koleva"])
    hours = {"begins_at": "2026-11-12T08:00:00+00:00", "ends_at": "2026-11-12T10:00:00+00:00"}
    assert world.refused("maya", "assign", item=str(item.id), step="prepare", person=elena, **hours) == ("gate.capacity",)
    after = {"begins_at": "2026-11-16T08:00:00+00:00", "ends_at": "2026-11-16T10:00:00+00:00"}
    world.do("maya", "assign", item=str(item.id), step="prepare", person=elena, **after)


def test_work_that_it_would_stop_is_shown_to_whoever_staffs_it(world: World, item: WorkItem) -> None:
    """The month's review is due while Arun is away; what was booked counts, too."""
    arun = str(world.rila.persons["Arun Iyer"])
    done = world.do("maya", "enter_leave", begins_on="2026-11-10", last_on="2026-11-16", kind="family", person=arun)
    with world.clock():
        manager = text_of(world.browser("maya").get(world.path("maya", "leave/")))
        today = text_of(world.browser("maya").get(world.path("maya")))
        page = text_of(world.browser("maya").get(world.path("maya", f"work/{item.reference}/")))
        client = text_of(world.browser("petra").get(world.path("petra", f"work/{item.reference}/")))
        others = text_of(world.browser("elena").get(world.path("elena", "leave/")))
        gate = text_of(world.browser("maya").get(world.path("maya", f"staffing/{item.reference}/prepare/")))
    assert "Work that leave would stop" in manager
    assert "Work that leave would stop" not in others
    assert "Arun Iyer: away from" in today
    assert "It would stop" in today
    assert "away from 10 Nov 2026 to 16 Nov 2026" in page
    assert "away from" not in client
    assert "away from" in gate
    world.do("arun", "withdraw_leave", absence=str(done.id), reason="Postponed")
    assert world.refused("arun", "withdraw_leave", absence=str(done.id)) == ("leave.withdrawn",)
    assert world.refused("arun", "withdraw_leave", absence=str(held(world, "Elena Koleva")[0].id)) == ("role.missing",)
    with world.clock():
        assert "Arun Iyer: away from" not in text_of(world.browser("maya").get(world.path("maya")))


def bring(world: World, who: str, content: bytes, name: str = "team.ics", **more: str) -> Any:
    with world.clock():
        return world.browser(who).post(world.path(who, "leave/bring/"), {"file": SimpleUploadedFile(name, content), **more})


def take(world: World, preview: str, **more: str) -> Any:
    with world.clock():
        return world.browser("maya").post(f"{preview.partition('?')[0]}take/", more, headers={"referer": f"http://testserver{preview}"})


def test_a_calendar_is_seen_taken_in_and_followed(world: World, item: WorkItem) -> None:
    georgi = event("g1", "Georgi Stanev", "20261201", "20261204")
    meeting = event("m1", "Team", "20261202", "20261203")
    preview = bring(world, "maya", calendar(georgi, meeting)).headers["location"]
    with world.clock():
        page = text_of(world.browser("maya").get(preview))
        assert "One new absence" in page
        assert "names nobody who works here" in page
    assert take(world, preview).status_code == 303
    (row,) = held(world, "Georgi Stanev")
    assert (str(row.begins_on), str(row.ends_on), row.kind, row.source) == ("2026-12-01", "2026-12-04", "holiday", "calendar")
    again = bring(world, "maya", calendar(georgi, meeting)).headers["location"]
    with world.clock():
        assert "All of it is here already" in text_of(world.browser("maya").get(again))
    assert "refused=" in take(world, again).headers["location"]
    # Moved by a week: the old days go, the new come.
    moved = bring(world, "maya", calendar(event("g1", "Georgi Stanev", "20261208", "20261211"))).headers["location"]
    with world.clock():
        assert "The calendar says no longer" in text_of(world.browser("maya").get(moved))
    assert take(world, moved).status_code == 303
    assert [str(row.begins_on) for row in held(world, "Georgi Stanev")] == ["2026-12-08"]
    gone = bring(world, "maya", calendar(event("g1", "Georgi Stanev", "20261208", "20261211", "STATUS:CANCELLED\r\n"))).headers["location"]
    assert take(world, gone).status_code == 303
    assert held(world, "Georgi Stanev") == []


def test_one_person_s_own_calendar_and_a_sheet(world: World, item: WorkItem) -> None:
    teodora = str(world.rila.persons["Teodora Vasileva"])
    preview = bring(world, "maya", calendar(event("t1", "Off", "20261215", "20261217")), person=teodora).headers["location"]
    assert take(world, preview, person=teodora).status_code == 303
    assert [str(row.begins_on) for row in held(world, "Teodora Vasileva")] == ["2026-12-15"]
    sheet = "person,from,until,kind\nGeorgi Stanev,2026-12-21,2026-12-23,holiday\n"
    preview = bring(world, "maya", sheet.encode(), "leave.csv").headers["location"]
    assert take(world, preview).status_code == 303
    assert [str(row.ends_on) for row in held(world, "Georgi Stanev")] == ["2026-12-24"]
    assert "refused=" in take(world, bring(world, "maya", sheet.encode(), "leave.csv").headers["location"]).headers["location"]


def test_what_is_wrong_is_said_at_its_line_and_nothing_is_entered(world: World, item: WorkItem) -> None:
    sheet = "person,from,until,kind\nGeorgi Stanev,2026-12-28,,holiday\nNobody Known,2026-12-28,,holiday\nGeorgi Stanev,soon,,mood\n"
    before = len(held(world, "Georgi Stanev"))
    preview = bring(world, "maya", sheet.encode(), "leave.csv").headers["location"]
    with world.clock():
        page = text_of(world.browser("maya").get(preview))
    for said in ("3 person “Nobody Known” names nobody", "4 from “soon” is no date", "4 kind “mood” is no kind"):
        assert said in page
    assert take(world, preview).status_code == 422
    assert len(held(world, "Georgi Stanev")) == before
    for junk in (b"", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\x00" * 100):
        answer = bring(world, "maya", junk)
        assert answer.status_code in (303, 422)
    assert bring(world, "elena", sheet.encode(), "leave.csv").status_code == 303
    with world.clock():
        assert world.browser("elena").get(preview).status_code == 404
        assert world.browser("olga").get(preview.replace(world.rila.reference, world.vistula.reference)).status_code == 404
        assert world.browser("maya").get(world.path("maya", "leave/template.xlsx")).status_code == 200
        assert world.browser("maya").get(world.path("maya", "leave/template.exe")).status_code == 404


def test_queries_do_not_grow_with_leave(world: World, item: WorkItem) -> None:
    def count(page: str) -> int:
        with world.clock(), CaptureQueriesContext(connection) as caught:
            assert world.browser("maya").get(world.path("maya", page)).status_code == 200
        return len(caught)

    pages = ["leave/", "staffing/?week=2027-01-04", ""]
    before = [(count(page), count(page))[1] for page in pages]
    for day in range(4, 9):
        for name in ("Arun Iyer", "Elena Koleva"):
            world.do("maya", "enter_leave", begins_on=f"2027-01-{day:02}", person=str(world.rila.persons[name]))
    assert [count(page) for page in pages] == before
