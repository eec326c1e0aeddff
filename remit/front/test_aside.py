"""Several things of Today at once: set aside until a morning, brought back; nobody else's list changes, and what is late stands there whatever was said."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

from remit.apps.organizations.acting import ACTIONS, BadInput, Done, NotFound
from remit.apps.organizations.models import SetAside
from remit.apps.organizations.tokens import issue_token
from remit.apps.work.models import Settlement
from remit.front.aside import until_at
from remit.front.test_today import needs
from tests import world as worlds

if TYPE_CHECKING:
    from tests.world import World


@pytest.mark.parametrize(
    ("choice", "at", "morning"),
    [
        ("tomorrow", "2026-11-25T22:30", "2026-11-27T08:00+02:00"),
        ("monday", "2026-11-25T10:00", "2026-11-30T08:00+02:00"),
        ("monday", "2026-11-30T10:00", "2026-12-07T08:00+02:00"),
        ("week", "2026-11-25T10:00", "2026-12-02T08:00+02:00"),
        ("nonsense", "2026-11-25T10:00", "2026-11-26T08:00+02:00"),
    ],
)
def test_mornings_are_those_of_ones_own_clock(choice: str, at: str, morning: str) -> None:
    assert until_at(choice, datetime.fromisoformat(at).replace(tzinfo=UTC), "Europe/Sofia") == datetime.fromisoformat(morning)


def told(world: World, seat: str, path: str = "today") -> list[dict[str, Any]]:
    token, _ = issue_token(by=world.by(seat), at=world.now, name="today", scopes=["*"], days=90)
    with world.clock():
        answer = Client().get(f"/api/v1{world.path(seat, path)}", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()
    return found


def test_what_is_set_aside_is_off_ones_own_list_until_then(world: World) -> None:
    world.do("petra", "write_brief", title="Payroll of Ulm")
    world.do("petra", "write_brief", title="Payroll of Kiel")
    ulm = next(each for each in told(world, "petra") if each["title"] == "Payroll of Ulm")
    until = world.now + timedelta(days=2)
    for wrong in (world.now, world.now - timedelta(hours=1), world.now + timedelta(days=60), until.replace(tzinfo=None)):
        with pytest.raises(BadInput):
            world.act("petra", "set_aside", events=[ulm["event"]], until=wrong.isoformat())
    world.do("petra", "set_aside", events=[ulm["event"]], until=until.isoformat())
    assert "Payroll of Ulm" not in needs(world, "petra")
    assert "Payroll of Kiel" in needs(world, "petra")
    assert [each["title"] for each in told(world, "petra", "today/aside")] == ["Payroll of Ulm"]
    assert told(world, "jonas", "today/aside") == [], "nobody else's list changes"
    with pytest.raises(NotFound):
        world.act("jonas", "bring_back", events=[ulm["event"]])
    world.do("petra", "bring_back", events=[ulm["event"]])
    assert "Payroll of Ulm" in needs(world, "petra")
    with pytest.raises(NotFound):
        world.act("petra", "bring_back", events=[ulm["event"]])
    world.do("petra", "set_aside", events=[ulm["event"]], until=until.isoformat())
    world.on(until)
    assert "Payroll of Ulm" in needs(world, "petra"), "its time has come"


def test_a_calendar_keeps_what_is_set_aside(world: World) -> None:
    item = worlds.opened(world, worlds.signed(world))
    mine = next(each for each in told(world, "elena") if each["reference"] == item.reference)
    secret, _ = issue_token(by=world.by("elena"), at=world.now, name="c", scopes=["calendar"], days=30)

    def events() -> int:
        with world.clock():
            return Client().get(f"/calendar/{secret}.ics").content.count(b"BEGIN:VEVENT")

    before = events()
    world.do("elena", "set_aside", events=[mine["event"]], until=(world.now + timedelta(hours=1)).isoformat())
    assert mine["event"] not in {each["event"] for each in told(world, "elena")}
    assert events() == before > 0


def test_what_is_late_comes_back_by_itself(world: World) -> None:
    item = worlds.opened(world, worlds.signed(world))
    mine = next(each for each in told(world, "elena") if each["reference"] == item.reference)
    due = datetime.fromisoformat(mine["due_at"].replace("Z", "+00:00"))
    world.on(due - timedelta(days=1))
    world.do("elena", "set_aside", events=[mine["event"]], until=(due + timedelta(days=3)).isoformat())
    assert mine["event"] not in {each["event"] for each in told(world, "elena")}
    world.on(due)
    assert mine["event"] in {each["event"] for each in told(world, "elena")}, "late, though set aside for longer"


def test_two_clicks_at_once_are_one_after_the_other(world: World) -> None:
    action, until = ACTIONS["set_aside"], world.now + timedelta(days=2)
    given = action.parse({"events": ["month|nothing"], "until": until.isoformat()})
    starts, outcomes = threading.Barrier(6), []

    def click() -> None:
        try:
            starts.wait(10)
            outcomes.append(action(by=world.by("petra"), at=world.now, **given))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [type(outcome) for outcome in outcomes] == [Done] * 6
    with world.see("petra"):
        assert SetAside.objects.filter(event="month|nothing").count() == 1


def test_answers_among_what_is_ticked_are_accepted_and_nothing_else(world: World) -> None:
    item = worlds.opened(world, worlds.signed(world))
    for words in ("Who paid 3,164.00?", "Whose is the invoice of 12 October?"):
        asked = world.do("elena", "ask_client", item=str(item.id), question=words)
        world.do("petra", "answer_request", request=str(asked.id), text="Northwind")
    answered = [each for each in told(world, "elena") if each["title"].startswith("An answer on")]
    assert len(answered) == 2
    browser, home = world.browser("elena"), world.path("elena")
    with world.clock():
        assert browser.get(home).content.decode().count("data-answer>") == 2
        work = next(each["event"] for each in told(world, "elena") if each["reference"] == item.reference)
        for each in answered:
            assert browser.post(f"{home}today/answers/", {"events": [each["event"], work]}).status_code == 303
            assert "One answer is accepted." in browser.get(home).content.decode()
    assert not [each for each in told(world, "elena") if each["title"].startswith("An answer on")]
    assert [each for each in told(world, "elena") if each["reference"] == item.reference], "the work itself still needs her"
    with world.see("elena"):
        assert Settlement.objects.filter(answer__request__item=item, verdict="accepted").count() == 2


def test_the_page_does_it_with_what_is_ticked(world: World) -> None:
    world.do("petra", "write_brief", title="Payroll of Bonn")
    event = next(each["event"] for each in told(world, "petra") if each["title"] == "Payroll of Bonn")
    browser, home = world.browser("petra"), world.path("petra")
    with world.clock():
        assert browser.post(f"{home}today/aside/", {"until": "tomorrow"}).status_code == 303
        assert "Nothing of it was ticked" in browser.get(home).content.decode()
        assert browser.post(f"{home}today/aside/", {"events": [event], "until": "week"}).status_code == 303
        page = browser.get(home).content.decode()
        assert "One thing is set aside" in page
        assert browser.post(f"{home}today/answers/", {"events": [event]}).status_code == 303, "a brief is no answer"
        assert "Nothing of it was ticked" in browser.get(home).content.decode()
        assert browser.post(f"{home}today/back/", {"events": [event]}).status_code == 303
    assert "Payroll of Bonn" in needs(world, "petra")
