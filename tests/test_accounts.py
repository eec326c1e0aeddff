"""Log-ins in a real browser, on an empty installation of their own: passkeys by a virtual authenticator, step-up, a provider of sign-in; axe."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from remit.front.screenshots import FLAGS, NoBrowser, chromium, violations
from tests.environment import bare

pytestmark = pytest.mark.browser
OPEN_WITHIN_S = 120
MAIL, PASSWORD = "ada@orchard.example", "a passphrase that nobody guesses"


@dataclass(frozen=True)
class Installation:
    """Where it answers, by a name that passkeys take; the printed code; and the provider of sign-in beside it."""

    base: str
    code: str
    provider: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A real provider of OpenID Connect on the loopback, in a process of its own."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/.well-known/openid-configuration", timeout=2).close()
                break
            except OSError:
                assert server.poll() is None
                assert time.monotonic() < until
                time.sleep(0.2)
        for sub, claims in {
            "ada": {"email": MAIL, "email_verified": True, "name": "Ada"},
            "unverified": {"email": MAIL, "email_verified": False},
            "claimed": {"email": MAIL, "email_verified": "true"},
            "elsewhere": {"email": "ada@elsewhere.example", "email_verified": True},
            "stranger": {"email": "stranger@orchard.example", "email_verified": True},
        }.items():
            request = urllib.request.Request(
                f"http://localhost:{port}/users/{sub}", json.dumps(claims).encode(), {"Content-Type": "application/json"}, method="PUT"
            )
            urllib.request.urlopen(request, timeout=5).close()
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def installation(provider: str) -> Iterator[Installation]:
    """Empty, as `remit start` opens it."""
    # Not below pytest's own folder, which other runs close to the user that the database runs as.
    folder = Path(tempfile.mkdtemp(prefix="remit-accounts-"))
    folder.chmod(0o711)
    port = free_port()
    command = [sys.executable, "-c", "from remit.front.commands import main; main()", "start", "--data", str(folder / "real"), "--port", str(port)]
    environment = bare() | {
        "REMIT_LOG_LEVEL": "ERROR",
        "REMIT_OIDC_ISSUER": provider,
        "REMIT_OIDC_CLIENT_ID": "remit",
        "REMIT_OIDC_CLIENT_SECRET": "between the two",
        "REMIT_OIDC_NAME": "Orchard",
        "REMIT_OIDC_DOMAINS": "orchard.example",
    }
    said = folder / "said"
    with said.open("w") as out, (folder / "log").open("w") as log:
        server = subprocess.Popen([*command, "--no-browser", "--json"], stdin=subprocess.DEVNULL, stdout=out, stderr=log, env=environment)
        try:
            until, steps = time.monotonic() + OPEN_WITHIN_S, {}
            while not {"open", "first_code"} <= set(steps):
                assert server.poll() is None, (folder / "log").read_text()[-2000:]
                assert time.monotonic() < until, said.read_text()
                time.sleep(0.3)
                steps = {step["event"]: step for step in map(json.loads, said.read_text().splitlines())}
            yield Installation(f"http://localhost:{port}", steps["first_code"]["code"], provider)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
            # The keeper lingers for a second and then lets go of its lock.
            time.sleep(2.5)
            shutil.rmtree(folder, ignore_errors=True)


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


def opened(browser: Browser, installation: Installation) -> tuple[BrowserContext, Page]:
    context = browser.new_context(base_url=installation.base, locale="en", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    return context, page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def looks_well(page: Page) -> None:
    """Axe finds nothing and nothing scrolls sideways, wide and narrow, light and dark."""
    # A click that leads elsewhere may still be on its way: the old document is gone, the new one not yet there.
    page.wait_for_function("document.documentElement && document.readyState === 'complete'")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)") == 0, (page.url, width)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.wait_for_timeout(300)  # colours move over
            assert violations(page) == (), (page.url, width, theme)
            pictured(page, f"{width}-{theme}")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


def pictured(page: Page, how: str) -> None:
    if folder := os.environ.get("REMIT_PICTURES"):
        path, _, asked = page.url.partition("://")[2].partition("/")[2].partition("?")
        name = re.sub(r"[^a-z]+", "-", path.lower()).strip("-") or "front"
        page.screenshot(path=Path(folder) / f"{name}{'-then' if 'next=' in asked else ''}-{how}.png", full_page=True)


def tables_fit_a_phone(context: BrowserContext, page: Page, browser: Browser, installation: Installation) -> None:
    """In every language all columns are seen at once, with the button that signs another device out."""
    page.goto("/account/codes/")
    code = page.locator(".codes code").first.inner_text()
    other, there = opened(browser, installation)
    there.goto("/sign-in/?next=/account/")
    there.get_by_label("Mail address").fill(MAIL)
    there.get_by_label("Password").fill(PASSWORD)
    press(there, "Sign in")
    there.get_by_label("Code").fill(code)
    press(there, "Go on")
    there.wait_for_url("/account/")
    other.close()
    page.set_viewport_size({"width": 390, "height": 900})
    for language in ("en", "de", "fr", "bg"):
        context.add_cookies([{"name": "remit_language", "value": language, "url": page.url}])
        page.goto("/account/")
        expect(page.locator("[action$='/end/'] button")).to_have_count(2)
        cut = page.locator(".tablebox").evaluate_all("boxes => boxes.map(box => box.scrollWidth - box.clientWidth)")
        pictured(page, language)
        assert cut == [0, 0], language
    context.add_cookies([{"name": "remit_language", "value": "en", "url": page.url}])
    page.set_viewport_size({"width": 1280, "height": 900})


def confirm_by_password(page: Page) -> None:
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "It is me")


def test_a_log_in_from_the_first_page_to_passkey_and_provider(browser: Browser, installation: Installation) -> None:
    context, page = opened(browser, installation)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" and "Failed to load resource" not in said.text else None)
    founded(page, installation)
    signing_asks_for_more(page)
    passkey_is_added(context, page)
    form_comes_back_with_its_draft(page)
    every_page_looks_well(page)
    tables_fit_a_phone(context, page, browser, installation)
    signed_in_by_passkey(page)
    assert complaints == []
    provider_lets_in_whom_it_knows(browser, installation)
    context.close()


def founded(page: Page, installation: Installation) -> None:
    page.goto("/first/")
    page.get_by_label("One-time code").fill(installation.code)
    page.get_by_label("Name of your organization").fill("Orchard Books")
    page.get_by_label("client: hands work over").check()
    page.get_by_label("Country").select_option("DE")
    for label, value in (("Currency", "EUR"), ("Time zone of your first site", "Europe/Berlin")):
        if page.get_by_label(label).count():
            page.get_by_label(label).select_option(value)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Your mail address").fill(MAIL)
    page.get_by_label("A password").fill(PASSWORD)
    press(page, "Open it")
    page.wait_for_url("**/o/**")


def home(page: Page) -> str:
    page.goto("/home/")
    page.wait_for_url("**/o/**")
    return page.url


def signing_asks_for_more(page: Page) -> None:
    """A new organization asks for a second factor: nothing that is signed goes without one, and to ask for less is signed."""
    page.goto(f"{home(page)}organization/")
    expect(page.get_by_label("a second factor: authenticator app or passkey")).to_be_checked()
    page.get_by_label("nothing: being signed in is enough").check()
    page.locator("form[action$='/signing/'] .acts button").click()
    page.wait_for_url("**/account/confirm/**")
    expect(page.get_by_role("heading", name="First set up a second factor")).to_be_visible()
    looks_well(page)


def passkey_is_added(context: BrowserContext, page: Page) -> None:
    control = context.new_cdp_session(page)
    control.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    control.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    page.get_by_role("link", name="Passkey").click()
    confirm_by_password(page)
    looks_well(page)
    page.get_by_label("What you call it").fill("Laptop")
    press(page, "Add it")
    expect(page.get_by_role("heading", name="You may sign now")).to_be_visible()
    expect(page.locator(".codes code")).to_have_count(10)
    looks_well(page)


def form_comes_back_with_its_draft(page: Page) -> None:
    page.get_by_role("link", name="The codes are kept: back to where I was").click()
    page.wait_for_url("**/organization/")
    expect(page.get_by_label("nothing: being signed in is enough")).to_be_checked()
    expect(page.get_by_text("What you typed was put back.")).to_be_visible()
    page.locator("form[action$='/signing/'] .acts button").click()
    page.wait_for_load_state()
    expect(page.get_by_text("Stored.")).to_be_visible()
    page.goto(f"{home(page)}record/")
    expect(page.get_by_text("What signing asks for was set").first).to_be_visible()
    page.goto(f"{home(page)}organization/")
    page.get_by_label("a second factor: authenticator app or passkey").check()
    page.locator("form[action$='/signing/'] .acts button").click()
    expect(page.get_by_text("Stored.")).to_be_visible()


def every_page_looks_well(page: Page) -> None:
    for path in (
        "/account/",
        "/account/password/",
        "/account/codes/",
        "/account/codes/new/",
        "/account/app/",
        "/account/passkeys/add/",
        "/account/confirm/passkey/",
    ):
        page.goto(path)
        looks_well(page)
    page.goto("/account/")
    page.get_by_role("link", name="Take Laptop away").click()
    looks_well(page)
    page.goto("/account/")
    page.get_by_role("link", name="Rename Laptop").click()
    page.get_by_label("What you call it").fill("Old laptop")
    press(page, "Store")
    expect(page.get_by_text("Old laptop")).to_be_visible()


def signed_in_by_passkey(page: Page) -> None:
    page.goto("/account/confirm/?next=/account/codes/new/")
    press(page, "Use my passkey")
    page.wait_for_url("/account/codes/new/")
    home(page)
    page.locator("details.account summary").click()
    press(page, "Sign out")
    for path in ("/sign-in/", "/password/forgotten/", "/password/forgotten/sent/", "/welcome/nothing/"):
        page.goto(path)
        looks_well(page)
    page.goto("/sign-in/?next=/account/password/")
    press(page, "Sign in with a passkey")
    page.wait_for_url("/account/password/")
    page.goto("/account/")
    expect(page.get_by_role("row", name=re.compile("Signed in.*passkey")).first).to_be_visible()
    # The passkey that opened the log-in is the proof that signing asks for, and that changing the log-in itself asks for.
    page.goto(f"{home(page)}organization/")
    page.get_by_label("nothing: being signed in is enough").check()
    page.locator("form[action$='/signing/'] .acts button").click()
    expect(page.get_by_text("Stored.")).to_be_visible()
    page.goto("/account/codes/new/")
    expect(page.get_by_role("heading", name="Make new recovery codes?")).to_be_visible()
    home(page)
    page.locator("details.account summary").click()
    press(page, "Sign out")
    page.goto("/sign-in/")
    page.get_by_label("Mail address").fill(MAIL)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    page.wait_for_url("/sign-in/second/")
    looks_well(page)
    press(page, "Use a passkey instead")
    page.wait_for_url("**/o/**")


def provider_lets_in_whom_it_knows(browser: Browser, installation: Installation) -> None:
    def comes_as(sub: str) -> tuple[BrowserContext, Page]:
        context, page = opened(browser, installation)
        page.goto("/sign-in/?next=/account/")
        press(page, "Sign in with Orchard")
        page.wait_for_url(f"{installation.provider}/**")
        page.locator('input[name="sub"]').fill(sub)
        page.locator('input[name="sub"]').press("Enter")
        page.wait_for_url(f"{installation.base}/**")
        return context, page

    for sub, says in {
        "unverified": "Your sign-in was not taken",
        "claimed": "Your sign-in was not taken",
        "elsewhere": "Your sign-in was not taken",
        "stranger": "There is no log-in for you here yet",
    }.items():
        context, page = comes_as(sub)
        expect(page.get_by_role("heading", level=1)).to_have_text(says)
        assert violations(page) == ()
        page.goto("/account/")
        page.wait_for_url("**/sign-in/**")
        context.close()
    context, page = comes_as("ada")
    # The provider vouches for the address; whoever set up a second factor is asked for it all the same.
    page.wait_for_url("/sign-in/second/")
    context.close()
