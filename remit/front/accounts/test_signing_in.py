"""Signing in with and without a second step, links that set a password, devices: in a browser without scripts, on the real database."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests.world import PASSWORD

if TYPE_CHECKING:
    from tests.world import World

NEW = "a quite different passphrase"
BAD_TEXT = "Mail address and password do not belong together."


def code_of(secret: str, at: float | None = None) -> str:
    """RFC 6238: what an authenticator app shows."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def fresh_code(secret: str) -> str:
    """One that holds for some seconds yet."""
    if time.time() % 30 > 26:
        time.sleep(30 - time.time() % 30 + 0.2)
    return code_of(secret)


@pytest.fixture(autouse=True)
def _forget_failures(world: World) -> Iterator[None]:
    from axes.models import AccessAttempt

    yield
    cache.clear()
    AccessAttempt.objects.all().delete()


def signed_in(mail: str, password: str = PASSWORD, **extra: str) -> Client:
    browser = Client(**extra)
    answer = browser.post("/sign-in/", {"login": mail, "password": password})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return browser


def set_up_app(browser: Client, password: str = PASSWORD) -> tuple[str, list[str]]:
    """(key of the app, recovery codes), as the pages give them."""
    asked = browser.get("/account/app/")
    assert asked.status_code == 302
    assert asked["Location"].startswith("/account/confirm/password/")
    confirmed = browser.post(asked["Location"], {"password": password, "next": "/account/app/"})
    assert confirmed["Location"] == "/account/app/"
    page = browser.get("/account/app/").content.decode()
    secret = re.search(r'<code class="secret">([A-Z2-7]+)</code>', page)
    assert secret, page
    done = browser.post("/account/app/", {"code": fresh_code(secret[1])})
    assert done.status_code == 302, done.content.decode()
    codes = re.findall(r"<li><code>(\w+)</code></li>", browser.get("/account/codes/").content.decode())
    assert len(codes) == 10
    return secret[1], codes


def events(mail: str) -> list[str]:
    from remit.apps.organizations.models import SecurityEvent

    return list(SecurityEvent.objects.filter(user__email=mail).order_by("at").values_list("kind", flat=True))


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(world: World) -> None:
    answers = [Client().post("/sign-in/", {"login": mail, "password": "wrong wrong wrong"}) for mail in ("petra@halden.example", "nobody@halden.example")]
    known, unknown = (re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers)
    assert answers[0].status_code == answers[1].status_code == 200
    assert BAD_TEXT in known
    assert known == unknown
    assert events("petra@halden.example")[-1] == "sign_in_failed"
    assert signed_in("PETRA@halden.example").get("/account/").status_code == 200
    assert events("petra@halden.example")[-1] == "signed_in"


def test_whoever_set_up_an_app_is_asked_for_its_code_once_each(world: World) -> None:
    mail = "olga@vistula.example"
    browser = signed_in(mail)
    secret, codes = set_up_app(browser)
    # The key is sealed: the database alone gives no code.
    from allauth.mfa.models import Authenticator

    assert secret not in str(Authenticator.objects.get(user__email=mail, type="totp").data)
    second = Client()
    asked = second.post("/sign-in/", {"login": mail, "password": PASSWORD})
    assert asked["Location"] == "/sign-in/second/"
    assert second.get("/account/").status_code == 302, "not signed in yet"
    code = fresh_code(secret)
    used = second.post("/sign-in/second/", {"code": code})
    if used.status_code == 200:  # The code that set the app up counts as used: wait for the next.
        time.sleep(30 - time.time() % 30 + 0.2)
        code = code_of(secret)
        used = second.post("/sign-in/second/", {"code": code})
    assert used.status_code == 302
    assert second.get("/account/").status_code == 200
    third = Client()
    third.post("/sign-in/", {"login": mail, "password": PASSWORD})
    again = third.post("/sign-in/second/", {"code": code})
    assert "or it was used before" in again.content.decode()
    assert events(mail)[-1] == "code_failed"
    assert third.post("/sign-in/second/", {"code": codes[0]}).status_code == 302
    fourth = Client()
    fourth.post("/sign-in/", {"login": mail, "password": PASSWORD})
    assert fourth.post("/sign-in/second/", {"code": codes[0]}).status_code == 200, "a recovery code is good once"
    page = browser.get("/account/").content.decode()
    assert "9 left" in page
    assert "A wrong code of a second factor was given" in page


def test_asking_for_a_link_tells_nobody_whether_there_is_a_log_in(world: World) -> None:
    from remit.apps.organizations import mail
    from remit.apps.organizations.models import Message

    browser = signed_in("ivan@marin.example")
    answers, took = [], []
    for address in ("ivan@marin.example", "stranger@marin.example"):
        started = time.monotonic()
        answers.append(Client().post("/password/forgotten/", {"email": address}))
        took.append(time.monotonic() - started)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer["Location"] for answer in answers} == {"/password/forgotten/sent/"}
    assert min(took) >= 0.4
    assert abs(took[0] - took[1]) < 0.3
    with world.see("ivan"):
        written = Message.objects.get(kind="reset")
        link = re.search(r"/password/new/\S+", mail.text_of(written))
    assert link
    held = Client()
    opened = held.get(link[0])
    assert opened.status_code == 302, "the key does not stay in the address"
    page = opened["Location"]
    assert "A new password" in held.get(page).content.decode()
    short = held.post(page, {"password1": "short", "password2": "short"}).content.decode()
    assert re.search(r'<p class="error" id="e-password\d">.*?Twelve characters or more\.', short, re.DOTALL)
    assert held.post(page, {"password1": NEW, "password2": NEW}).status_code == 302
    assert "This link is over" in Client().get(link[0]).content.decode()
    assert browser.get("/account/").status_code == 302, "who was signed in before is signed out"
    assert Client().post("/sign-in/", {"login": "ivan@marin.example", "password": PASSWORD}).status_code == 200
    assert "password_reset" in events("ivan@marin.example")
    signed_in("ivan@marin.example", NEW)


def test_the_first_password_is_chosen_by_a_link_that_takes_over_nothing(world: World) -> None:
    from remit.apps.organizations import mail
    from remit.apps.organizations.models import Message

    with world.clock():
        browser, page = world.browser("maya"), world.path("maya", "organization/members/")
        for key, address in enumerate(("nina@rila.example", "rita@halden.example")):
            added = browser.post(page, {"name": "Somebody", "email": address, "roles": ["reader"], "idempotency_key": str(key)}, follow=True)
            assert "choose a password" in added.content.decode()
            assert "first password" not in added.content.decode()
    with world.see("maya"):
        written = {message.to_email: mail.text_of(message) for message in Message.objects.filter(kind="member")}
    links = {address: re.search(r"/welcome/\S+", text)[0] for address, text in written.items()}  # type: ignore[index]
    said = {address: text.replace(links[address], "") for address, text in written.items()}
    assert said["nina@rila.example"] == said["rita@halden.example"], "the mail tells nobody whether the address had a log-in"
    pages, answers = [], []
    for address in links:
        stranger = Client()
        shown = stranger.get(links[address])
        pages.append(re.sub(r'(value|action)="[^"]*"', "", shown.content.decode()))
        assert stranger.post(links[address], {"password": "short", "again": "short"}).status_code == 422
        assert stranger.post(links[address], {"password": NEW, "again": f"{NEW}r"}).status_code == 422
        chosen = stranger.post(links[address], {"password": NEW, "again": NEW})
        answers.append((chosen.status_code, chosen["Location"], str(stranger.cookies.get("messages")).split("$")[0]))
    assert re.sub(r"<option.*?</option>", "", pages[0]) == re.sub(r"<option.*?</option>", "", pages[1])
    assert answers[0][:2] == answers[1][:2] == (303, "/sign-in/")
    signed_in("nina@rila.example", NEW)
    signed_in("rita@halden.example", PASSWORD)
    assert Client().post("/sign-in/", {"login": "rita@halden.example", "password": NEW}).status_code == 200
    # The link is good for one password.
    Client().post(links["nina@rila.example"], {"password": "another passphrase still", "again": "another passphrase still"})
    signed_in("nina@rila.example", NEW)
    assert Client().get(links["nina@rila.example"][:-6] + "AAAAA/").status_code == 410


def test_a_password_is_changed_by_who_knows_it_and_other_devices_are_signed_out(world: World) -> None:
    mail = "kavitha@kaveri.example"
    here, there = signed_in(mail, HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"), signed_in(mail)
    wrong = here.post("/account/password/", {"current": "not it at all", "password": NEW, "again": NEW})
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.content.decode()
    assert here.post("/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW}).status_code == 302
    page = here.get("/account/")
    assert page.status_code == 200
    assert "Firefox, Linux" in page.content.decode()
    assert there.get("/account/").status_code == 302
    signed_in(mail, NEW)


def test_devices_are_listed_and_ended(world: World) -> None:
    mail = "jonas@halden.example"
    one, two, three = (signed_in(mail, HTTP_USER_AGENT=f"{name}/1.0 (Windows)") for name in ("Firefox", "Chrome", "Edg"))
    page = one.get("/account/").content.decode()
    assert all(f"{name}, Windows" in page for name in ("Firefox", "Chrome", "Edge"))
    ended = re.search(r'action="(/account/devices/\d+/end/)"[^>]*>.{0,200}Sign out Chrome', page, re.DOTALL)
    assert ended
    assert one.post(ended[1]).status_code == 302
    assert two.get("/account/").status_code == 302
    assert three.get("/account/").status_code == 200
    assert signed_in("petra@halden.example").post(ended[1]).status_code == 404, "nobody ends another's device"
    assert one.post("/account/devices/end/").status_code == 302
    assert three.get("/account/").status_code == 302
    assert one.get("/account/").status_code == 200
    assert events(mail).count("device_ended") == 2


def test_name_and_language_are_ones_own(world: World) -> None:
    browser = signed_in("elena@rila.example")
    answer = browser.post("/account/", {"name": "Elena K.", "language": "de"})
    assert answer.status_code == 302
    assert browser.cookies[settings.LANGUAGE_COOKIE_NAME].value == "de"
    assert 'lang="de"' in browser.get("/account/").content.decode()
    assert browser.post("/account/", {"name": "", "language": "xx"}).status_code == 422
    again = Client()
    again.post("/sign-in/", {"login": "elena@rila.example", "password": PASSWORD})
    assert again.cookies[settings.LANGUAGE_COOKIE_NAME].value == "de"


def test_too_many_failures_bar_the_address_and_later_the_log_in(world: World) -> None:
    mail = "arun@rila.example"
    tries = [Client().post("/sign-in/", {"login": written, "password": "wrong wrong wrong"}).status_code for written in [mail, mail.upper()] * 4]
    assert tries[-1] == 429, "however the address is written"
    assert Client().post("/sign-in/", {"login": mail, "password": PASSWORD}).status_code == 429
    other = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(4):
        answer = other.post("/sign-in/", {"login": mail, "password": "wrong wrong wrong"})
    assert "Too many failures" in answer.content.decode()


def test_nobody_opens_the_pages_of_a_log_in(world: World) -> None:
    for page in ("", "password/", "app/", "app/remove/", "passkeys/add/", "codes/", "codes/new/", "codes/download/", "confirm/", "confirm/code/"):
        answer = Client().get(f"/account/{page}")
        assert answer.status_code == 302, page
        assert answer["Location"].startswith("/sign-in/"), page
    assert Client().get("/sign-in/with/organization/").status_code == 404, "no provider is set"
    assert Client().get("/sign-in/second/")["Location"] == "/sign-in/"
