"""What needs whom at each stage of the thread."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remit.domain.calendars import zone
from tests import world as worlds

if TYPE_CHECKING:
    from tests.world import World


def needs(world: World, seat: str) -> list[str]:
    """The titles of what needs them, in order."""
    with world.clock():
        page = world.browser(seat).get(world.path(seat))
    assert page.status_code == 200
    return [" ".join(re.sub(r"<[^>]+>", "", title).split()) for title in re.findall(r"<h3>.*?<span>(.*?)</span></h3>", page.content.decode(), re.S)]


def test_the_thread_calls_for_each_in_turn(world: World) -> None:
    assert needs(world, "rita") == [], "a reader is called for nothing"
    blank = world.do("petra", "write_brief", title="Payroll of Ulm")
    assert "Payroll of Ulm" in needs(world, "petra")
    assert needs(world, "maya") == [], "a brief is its client's own until it is awarded"
    brief = worlds.briefed(world)
    brief, _shortlist = worlds.shortlisted(world, brief)
    assert "Monthly close" in needs(world, "petra")
    award = world.do("petra", "award_brief", brief=str(brief.id), provider=str(world.rila.key), reason="A full day together.")
    assert "Monthly close" in needs(world, "petra"), "the agreement is to be drafted"
    engagement = worlds.signed(world, award)
    assert not [title for title in needs(world, "petra") + needs(world, "maya") if title.startswith("Agreement")]
    world.on(worlds.OPENED_AT)
    from remit.apps.agreements.models import AgreedEntity

    entity = world.one("maya", AgreedEntity, agreement__engagement=engagement)
    item = world.do("maya", "open_period", engagement=str(engagement), entity=str(entity.id), month="2026-10-01")
    unstaffed = [title for title in needs(world, "maya") if title.endswith("has nobody")]
    assert len(unstaffed) == 2
    for step, person in (("prepare", "Elena Koleva"), ("review", "Arun Iyer")):
        world.do("maya", "assign", item=str(item.id), step=step, person=str(world.rila.persons[person]))
    assert not [title for title in needs(world, "maya") if title.endswith("has nobody")]
    assert len(needs(world, "elena")) == 1
    assert needs(world, "arun") == [], "the review waits for the preparer"
    assert blank


def test_the_clock_is_the_one_of_the_site(world: World) -> None:
    with world.clock():
        page = world.browser("petra").get(world.path("petra")).content.decode()
    there = world.now.astimezone(zone("Europe/Berlin"))
    assert f"<b>{there:%H:%M}</b> in Berlin" in page
    assert f"{there.day} {there:%B %Y}" in page


def test_what_is_made_goes_from_hand_to_hand(world: World) -> None:
    item = worlds.opened(world) if not _open_items(world) else _open_items(world)[0]
    worlds.handed_in(world, item)
    assert needs(world, "elena") == []
    assert len(needs(world, "arun")) == 1
    made = _newest(world)
    world.do("arun", "review", deliverable=str(made.id), verdict="passed")
    assert needs(world, "arun") == []
    assert len(needs(world, "jonas")) == 1
    assert needs(world, "rita") == []
    world.do("jonas", "accept", deliverable=str(made.id))
    assert any(title.startswith("Close October 2026") for title in needs(world, "jonas"))
    assert any(title.startswith("Invoice for October 2026") for title in needs(world, "maya"))
    period = str(made.item.period_id)
    world.do("maya", "draw_invoice", period=period)
    assert not any(title.startswith("Invoice") for title in needs(world, "maya"))
    world.do("petra", "close_period", period=period)
    assert not any(title.startswith("Close") for title in needs(world, "jonas"))


def test_a_credential_that_runs_out_is_said_in_time_and_to_its_house_alone(world: World) -> None:
    world.on(worlds.FOUNDED_AT + timedelta(days=100))
    assert "Steuerfachangestellter of Radoslav Iliev runs out" in needs(world, "maya")
    assert not [title for seat in ("petra", "olga", "jonas") for title in needs(world, seat) if "Radoslav" in title]


def test_an_auditor_sees_what_it_may_read(world: World) -> None:
    with world.clock():
        page = world.browser("ivan").get(world.path("ivan")).content.decode()
    assert "Halden Instruments GmbH · Rila Ledger" in page


def test_who_is_at_work_now_is_shown_to_both_sides_and_to_nobody_else(world: World) -> None:
    from remit.apps.agreements.models import AgreedEntity

    entity = world.one("maya", AgreedEntity)
    with world.see("maya"):
        engagement = entity.agreement.engagement.id
    made = world.do("maya", "open_period", engagement=str(engagement), entity=str(entity.id), month="2027-03-01")
    for step, person in (("prepare", "Elena Koleva"), ("review", "Arun Iyer")):
        world.do("maya", "assign", item=str(made.id), step=step, person=str(world.rila.persons[person]))
    with world.clock():
        shown = {seat: world.browser(seat).get(world.path(seat)).content.decode() for seat in ("petra", "maya", "kavitha")}
    assert "At work now" not in shown["kavitha"], "no engagement runs there"
    for seat, right in (("petra", "Rila Ledger, "), ("maya", "2 people")):
        page = shown[seat]
        assert "At work now" in page
        assert "Working hours today on Berlin time" in page
        assert right in page, seat
        assert "Elena Koleva" in page.partition("At work now")[2]
        assert re.search(r"Sofia <bdi dir=\"ltr\">\d\d:\d\d", page), "Rila has one site, so its people work there"


def test_first_steps_until_they_are_done(world: World) -> None:
    world.do(
        "petra",
        "register_organization",
        name="Neu GmbH",
        kinds=["client", "provider"],
        country="DE",
        currency="EUR",
        email="neu@neu.example",
        person_name="Neu",
    )
    from django.test import Client

    from remit.apps.organizations.models import User

    browser = Client()
    browser.force_login(User.objects.get(email="neu@neu.example"), backend="django.contrib.auth.backends.ModelBackend")
    with world.clock():
        page = browser.get(browser.get("/home/")["Location"]).content.decode()
        assert "First steps" in page
        assert page.count("circle-dashed") >= 8
        assert 'href="/#h-check"><b>Bring a bank statement' in page
        house = browser.get("/home/")["Location"]
        # Before anything is signed, and not to be put off; it leads to setting one up, and back here.
        before, _, after = page.partition("Set up a second factor")
        assert "Draft the agreement" in before
        assert "Both sides sign" in after
        assert "may wait" not in after.partition("</li>")[0]
        asked = browser.get(re.findall(r'href="([^"]*)"', before)[-1].replace("&amp;", "&")).content.decode()
        assert f'href="/account/app/?next={house.replace("/", "%2F")}"' in asked
        kept = browser.post(f"{house}work/keep/", {"kind": "statement", "file": SimpleUploadedFile("february.sta", b":20:X")})
        assert kept.status_code == 303
        assert re.search(r"Bring a bank statement</b></a> <span class=\"chip ok\">", browser.get(house).content.decode())
        assert "First steps" not in world.browser("petra").get(world.path("petra")).content.decode(), "who has an agreement is past them"


@pytest.mark.parametrize("seat", ["petra", "maya", "elena", "ivan"])
def test_the_page_asks_a_fixed_number_of_questions(world: World, seat: str) -> None:
    browser = world.browser(seat)
    with world.clock(), CaptureQueriesContext(connection) as made:
        assert browser.get(world.path(seat)).status_code == 200
    assert len(made) <= 45


def _open_items(world: World):
    from remit.apps.work.models import WorkItem

    with world.see("maya"):
        return list(WorkItem.objects.select_related("period"))


def _newest(world: World):
    from remit.apps.work.models import Deliverable

    with world.see("maya"):
        return Deliverable.objects.select_related("item").latest("made_at")
