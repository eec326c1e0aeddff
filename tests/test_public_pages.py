"""The first page and the drafts in a real browser; the server runs here, asks no database, and is spoken to over HTTP only."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from playwright.sync_api import Browser, Page, expect, sync_playwright

from remit.front import urls as real
from remit.front.pages import limits, views
from remit.front.pages.test_statement_answer import APART
from remit.front.screenshots import FLAGS, NoBrowser, chromium, violations

pytestmark = pytest.mark.browser

FORM = """{% extends "base.html" %}{% block title %}Form{% endblock %}{% block heading %}{{ says|default:"A form" }}{% endblock %}{% block content %}
{% if refused %}<div class="refusal"></div>{% endif %}<form method="post" class="card form" id="f">{% csrf_token %}{% once %}
<label>Name <input name="name"></label>
<label><input type="checkbox" name="sure"> Sure</label><button class="pri">Send</button></form>{% endblock %}"""


def form(request: HttpRequest) -> HttpResponse:
    says = "Stored" if request.method == "POST" else ""
    page = engines["django"].from_string(FORM).render({"says": says, "refused": request.POST.get("name") == "refuse me"}, request)
    return HttpResponse(page)


urlpatterns = [path("form/", form), *real.urlpatterns]
handler404 = real.handler404


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "ROOT_URLCONF", __name__)
        patch.setattr(limits, "CHECKS", limits.Buckets(burst=100, per_minute=100))
        patch.setattr(views, "is_awaited", lambda: False)
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.daemon_threads = True
        server.set_app(get_wsgi_application())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        path = chromium()
    except NoBrowser as missing:
        pytest.skip(str(missing))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base, locale="en")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert wrong == []


def choose(page: Page) -> None:
    page.goto("/")
    page.set_input_files("[data-check=statement] input[type=file]", {"name": "umsaetze.sta", "mimeType": "text/plain", "buffer": APART})
    expect(page.locator("#answer h3")).to_have_text("Does not foot: look at line 7")


def test_the_answer_comes_on_the_same_page_with_its_icons(page: Page):
    choose(page)
    assert page.evaluate("[...document.querySelectorAll('use')].every(one => document.querySelector(one.getAttribute('href')))")
    assert page.evaluate("document.querySelectorAll('svg.sprite').length") == 1
    assert violations(page) == ()


def test_a_file_may_be_dropped(page: Page):
    page.goto("/")
    page.evaluate(
        """() => { const carried = new DataTransfer(); carried.items.add(new File(["hello"], "junk.txt"));
        document.querySelector("[data-check=statement]").dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true })); }"""
    )
    expect(page.locator("#answer h3")).to_contain_text("cannot be read")


def test_a_file_too_large_is_refused_before_it_is_sent(page: Page):
    page.goto("/")
    page.set_input_files("[data-check=pack] input[type=file]", {"name": "big.zip", "mimeType": "application/zip", "buffer": b"x" * (limits.FILE_BYTES + 1)})
    expect(page.locator("#reading")).to_contain_text("larger than")


def test_without_script_the_form_posts_as_it_is(browser: Browser, base: str):
    context = browser.new_context(base_url=base, java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto("/")
    page.set_input_files("[data-check=statement] input[type=file]", {"name": "umsaetze.sta", "mimeType": "text/plain", "buffer": APART})
    page.locator("[data-check=statement] noscript button").click()
    expect(page.locator("#answer h3")).to_have_text("Does not foot: look at line 7")
    context.close()


def test_the_file_kept_waits_in_the_browser_until_sign_in(page: Page):
    choose(page)
    page.click("[data-keep]")
    expect(page.locator("#held")).to_contain_text("umsaetze.sta")
    page.reload()
    expect(page.locator("#held")).to_be_visible()
    expect(page.locator("#sign-in input[name=next]").first).to_have_value("/keep/")
    page.click("[data-forget-held]")
    expect(page.locator("#held")).to_be_hidden()
    expect(page.locator("#sign-in input[name=next]").first).to_have_value("")


def test_a_draft_survives_a_lapsed_log_in_with_its_key(page: Page):
    page.goto("/form/")
    page.fill("[name=name]", "Muster GmbH")
    page.check("[name=sure]")
    key = page.input_value("#f [name=idempotency_key]")
    page.context.clear_cookies()
    page.click("#f .pri")
    expect(page.locator("h1")).to_contain_text("Your log-in has lapsed")
    page.get_by_role("link", name="Back to the page").click()
    expect(page.locator("[name=name]")).to_have_value("Muster GmbH")
    expect(page.locator("[name=sure]")).to_be_checked()
    expect(page.locator(".draft")).to_be_visible()
    assert page.input_value("#f [name=idempotency_key]") == key
    page.fill("[name=name]", "Muster AG")
    assert page.input_value("#f [name=idempotency_key]") != key


def test_what_was_accepted_is_forgotten_and_what_was_refused_comes_back(page: Page):
    page.goto("/form/")
    page.fill("[name=name]", "Muster GmbH")
    page.click("#f .pri")
    expect(page.locator("h1")).to_have_text("Stored")
    page.goto("/form/")
    expect(page.locator("[name=name]")).to_have_value("")
    page.fill("[name=name]", "refuse me")
    key = page.input_value("#f [name=idempotency_key]")
    page.click("#f .pri")
    expect(page.locator("[name=name]")).to_have_value("refuse me")
    assert page.input_value("#f [name=idempotency_key]") != key


def test_theme_and_language_stay(page: Page):
    page.goto("/")
    page.click("[data-theme-toggle]")
    chosen = page.evaluate("document.documentElement.dataset.theme")
    page.select_option("#lang", "de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert page.evaluate("document.documentElement.dataset.theme") == chosen


def test_an_answer_changes_its_language_and_the_file_is_then_forgotten(page: Page):
    choose(page)
    page.select_option("#lang", "de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#answer h3")).to_contain_text("Zeile 7")
    page.reload()
    expect(page.locator("#answer h3")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser: Browser, base: str, width: int, theme: str):
    context = browser.new_context(base_url=base, viewport={"width": width, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    for path_ in ("/", "/sign-in/", "/nowhere/"):
        page.goto(path_)
        assert violations(page) == (), path_
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path_
    context.close()
