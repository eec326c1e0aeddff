"""Pages of guests and members in a real browser: axe finds nothing and nothing scrolls sideways, pairwise over language, width and theme."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Browser, expect, sync_playwright

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.models import Message
from remit.apps.work.models import Period, TakeoverDraft, WorkItem
from remit.front.pages import limits
from remit.front.screenshots import FLAGS, NoBrowser, chromium, violations
from tests import takeover_case as case
from tests import world as worlds
from tests.test_guests import agreement, client, engagement, invite, item
from tests.world import World

__all__ = ["agreement", "client", "engagement", "item"]

pytestmark = pytest.mark.browser
PAIRS = (
    (("en", 1280, "light"), ("bg", 390, "dark")),
    (("de", 390, "light"), ("fr", 1280, "dark")),
    (("fr", 390, "light"), ("de", 1280, "dark")),
    (("bg", 1280, "light"), ("en", 390, "dark")),
)
"""Over all, each language at each width, and each of both in each theme. A page is looked at in one pair, the next page in the next."""


@dataclass(frozen=True)
class Sight:
    """An address and who opens it: the log-in session of a browser, or none."""

    path: str
    session: str = ""
    status: int = 200


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def base(sights: list[Sight], world: World) -> Iterator[str]:
    """The application on the module's database, at the world's own time."""
    with world.clock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "GUESTS", limits.Buckets(burst=1000, per_minute=1000))
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.daemon_threads = True
        server.set_app(get_wsgi_application())
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser(base: str) -> Iterator[Browser]:
    try:
        path = chromium()
    except NoBrowser as missing:
        pytest.skip(str(missing))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def sights(world: World, client: UUID, agreement: UUID, item: WorkItem) -> list[Sight]:
    """Everything that is looked at, made ready before the browser starts."""
    with world.clock():
        return [*of_guests(world, client, agreement, item), *of_members(world, item)]


def session(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def of_guests(world: World, client: UUID, agreement: UUID, item: WorkItem) -> list[Sight]:
    """The way in, what ended or never was, and the three things."""
    world.do("elena", "ask_client", item=str(item.id), question="Who paid 3,164.00 on 28 October?")
    item_acts = ["bring_paper", "take_back_paper", "answer_request", "accept"]
    about: tuple[tuple[str, UUID, list[str]], ...] = (
        ("item", item.id, item_acts),
        ("period", item.period_id, ["close_period"]),
        ("agreement", agreement, ["sign_agreement"]),
        ("agreement", another(world, client), ["state_entity", "settle_terms", "sign_agreement"]),
    )
    inside = [invite(world, kind, key, acts, acts_for=str(client)).come_in() for kind, key, acts in about]
    outside, asked, ended = (invite(world, "item", item.id, item_acts, acts_for=str(client)) for _ in range(3))
    asked.post("code/")
    world.do("maya", "end_guest", link=str(ended.link))
    ways_in = [Sight(outside.page), Sight(asked.page), Sight(ended.page, status=410), Sight(f"/g/{'x' * 43}/", status=404)]
    return ways_in + [Sight(guest.page, session(guest.browser)) for guest in inside]


def another(world: World, client: UUID) -> UUID:
    """An agreement that waits for the company that it concerns."""
    brief = world.do("maya", "record_brief", client=str(client), title="Books of the second company", answers=worlds.ANSWERS)
    return world.do("maya", "offer_agreement", brief=str(brief.id)).id


def of_members(world: World, item: WorkItem) -> list[Sight]:
    """What members see of guests, mails, roles, entities, tokens and running relations taken over."""
    maya = world.browser("maya")
    staff = case.people(4, case.CLIENTS[:1])
    staff[1]["mail"] = staff[0]["mail"]
    draft = world.do("maya", "bring_takeover", files=case.folder(staff, clients=case.CLIENTS[:1]))
    with world.see("maya"):
        sent = Message.objects.filter(kind="request")[0].id
        running = Engagement.objects.get(id=item.engagement_id).reference
        taken, period = TakeoverDraft.objects.get(id=draft.id).reference, Period.objects.get(id=item.period_id).reference
    made = [
        *(f"organization/{page}" for page in ("members/", "roles/", "deputies/", "digest/", "tokens/", "outbox/", f"outbox/{sent}/", "mail/")),
        f"guests/invite/?kind=item&about={item.reference}",
        *(f"work/{item.reference}/", f"periods/{period}/", "clients/", "clients/new/", "takeover/", f"takeover/{taken}/", "invoices/"),
        *("", "questions/", f"periods/{period}/questions/", "time/", "time/import/", "leave/", "staffing/", "staffing/coverage/", "staffing/lapses/"),
        *("work/", "review/", "signed/"),
        *(f"engagements/{running}/{page}" for page in ("", "instructions/", "planning/", "procedures/new/", "matters/", "systems/", "rules/")),
    ]
    petra = world.browser("petra")
    member = next(one for one in world.halden.seats.values()).membership
    theirs = ["organization/entities/", f"organization/members/{member}/"]
    for title in ("Payroll of Ulm", "Payroll of Kiel"):
        world.do("petra", "write_brief", title=title)
    today = [Sight(world.path("petra"), session(petra))]
    return [Sight(world.path("maya", page), session(maya)) for page in made] + [Sight(world.path("petra", page), session(petra)) for page in theirs] + today


@pytest.mark.parametrize("turn", range(len(PAIRS)))
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser: Browser, base: str, sights: list[Sight], turn: int) -> None:
    for sight in sights[turn :: len(PAIRS)]:
        for language, width, theme in PAIRS[turn]:
            context = browser.new_context(base_url=base, viewport={"width": width, "height": 900}, color_scheme=theme, locale=language)  # type: ignore[arg-type]
            cookies = {settings.LANGUAGE_COOKIE_NAME: language, settings.SESSION_COOKIE_NAME: sight.session}
            context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items() if value])
            page = context.new_page()
            answer = page.goto(sight.path)
            assert answer is not None
            assert (answer.status, page.evaluate("document.documentElement.lang")) == (sight.status, language), sight.path
            page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")
            assert violations(page) == (), (sight.path, language, width, theme)
            assert page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)") == 0, (sight.path, language, width)
            context.close()


def test_today_goes_by_keys(browser: Browser, base: str, sights: list[Sight]) -> None:
    """J and K move, O opens; not while one types, and not where letters are turned off."""
    # Today is the shortest address of a member.
    sight = min((each for each in sights if each.session and each.path.startswith("/o/")), key=lambda each: len(each.path))
    context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": sight.session, "url": base}])
    page = context.new_page()
    page.goto(sight.path)
    at = "[...document.querySelectorAll('.needs .need > a.btn')].indexOf(document.activeElement)"
    count = page.locator(".needs .need").count()
    assert count > 1
    for key, expected in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        assert page.evaluate(at) == expected
    address = page.locator(".needs .need > a.btn").first.get_attribute("href")
    page.locator("[data-letters]").uncheck()
    page.keyboard.press("j")
    assert page.evaluate(at) == -1
    page.locator("[data-letters]").check()
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("o")
    assert page.url.endswith(str(address).partition("#")[0]) or str(address) in page.url
    context.close()


def test_what_is_ticked_is_held_and_undone_before_it_is_sent(browser: Browser, base: str, sights: list[Sight]) -> None:
    sight = sights[-1]
    home = base + sight.path
    for width, theme in ((1280, "light"), (390, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": sight.session, "url": base}])
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda fault, faults=faults: faults.append(str(fault)))
        page.goto(home)
        boxes, bar, undo = page.locator("input[form=chosen]"), page.locator("#chosen"), page.locator("[data-undo]")
        there = boxes.count()
        assert there >= 2
        expect(bar).to_be_hidden()
        boxes.first.check()
        expect(bar).to_be_visible()
        page.keyboard.press("s")
        expect(undo).to_be_visible()
        assert violations(page) == (), (width, theme)
        page.keyboard.press("u")
        expect(undo).to_be_hidden()
        page.reload()
        assert boxes.count() == there, "undone: nothing was sent"
        page.evaluate("document.getElementById('chosen').dataset.hold = '0.2'")
        boxes.first.check()
        with page.expect_navigation():
            page.keyboard.press("s")
        assert boxes.count() == there - 1
        boxes.first.check()
        page.keyboard.press("s")
        page.goto(home + "work/")
        # What is sent while leaving arrives by itself, not before the next page.
        for _ in range(20):
            page.goto(home)
            if boxes.count() == there - 2:
                break
            page.wait_for_timeout(250)
        assert boxes.count() == there - 2, "whoever leaves the page meant it"
        for _ in range(2):
            page.locator("details:has(form[action*='today/back'])").evaluate("it => { it.open = true }")
            with page.expect_navigation():
                page.locator("form[action*='today/back'] button").first.click()
        assert boxes.count() == there
        assert faults == []
        context.close()
