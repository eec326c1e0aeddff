"""Sign-in at the organization's own provider, against a real one on the loopback: whom it lets in, and what becomes of a password set beforehand."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from tests.world import PASSWORD

if TYPE_CHECKING:
    from tests.world import World


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)], **quiet)  # type: ignore[call-overload]
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None
                assert time.monotonic() < until
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def at_provider(provider: str, settings: Any, world: World) -> str:
    """Set up as the environment would, for addresses of two domains."""
    app = {"provider_id": "organization", "name": "Ours", "client_id": "remit", "secret": "s", "settings": {"server_url": provider, "oauth_pkce_enabled": True}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    settings.OIDC_DOMAINS = ("halden.example", "rila.example")
    return provider


def comes(provider: str, **claims: Any) -> tuple[Client, Any]:
    """A browser that signs in at the provider as somebody with these claims, and what the last page answered."""
    put = urllib.request.Request(f"{provider}/users/somebody", json.dumps(claims).encode(), {"Content-Type": "application/json"}, method="PUT")
    urllib.request.urlopen(put, timeout=10).close()
    browser = Client()
    way = browser.post("/sign-in/with/organization/", {"next": "/account/"})
    assert way.status_code == 200, "over a page of ours"
    there = way["Refresh"].removeprefix("0; url=")
    assert there.startswith(f"{provider}/oauth2/authorize?")
    assert "code_challenge=" in there
    try:
        urllib.request.build_opener(NoRedirect).open(there, urlencode({"sub": "somebody"}).encode(), timeout=10)
        raise AssertionError("the provider sends back")
    except urllib.error.HTTPError as sent:
        back = urlsplit(sent.headers["Location"])
    assert back.path == "/sign-in/with/organization/back/"
    return browser, browser.get(f"{back.path}?{back.query}")


def test_a_verified_address_opens_the_log_in_that_has_it(at_provider: str) -> None:
    browser, answer = comes(at_provider, email="petra@halden.example", email_verified=True)
    assert answer.status_code == 302
    assert answer["Location"] == "/account/"
    page = browser.get("/account/").content.decode()
    assert "petra@halden.example" in page
    assert "the organization&#x27;s own sign-in" in page


def test_a_password_set_before_the_address_was_proven_is_void_then(at_provider: str) -> None:
    from allauth.account.models import EmailAddress

    from remit.apps.organizations.models import User

    prepared = Client()
    assert prepared.post("/sign-in/", {"login": "elena@rila.example", "password": PASSWORD}).status_code == 302
    comes(at_provider, email="elena@rila.example", email_verified=True)
    assert prepared.get("/account/").status_code == 302, "whoever prepared the log-in is out"
    assert Client().post("/sign-in/", {"login": "elena@rila.example", "password": PASSWORD}).status_code == 200
    arun = User.objects.get(email="arun@rila.example")
    EmailAddress.objects.create(user=arun, email=arun.email, verified=True, primary=True)
    comes(at_provider, email=arun.email, email_verified=True)
    assert Client().post("/sign-in/", {"login": arun.email, "password": PASSWORD}).status_code == 302, "who had proven it keeps it"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "jonas@halden.example", "email_verified": False},
        {"email": "jonas@halden.example"},
        {"email": "jonas@halden.example", "email_verified": "true"},
        {"email": "olga@vistula.example", "email_verified": True},
        {"email": "jonas@halden.example.evil.example", "email_verified": True},
        {"email": "", "email_verified": True},
        {"email": "new@halden.example", "email_verified": True},
    ],
)
def test_nobody_else_comes_in(at_provider: str, claims: dict[str, Any]) -> None:
    from remit.apps.organizations.models import User

    before = User.objects.count()
    browser, answer = comes(at_provider, **claims)
    assert answer.status_code == 403, claims
    assert browser.get("/account/").status_code == 302
    assert User.objects.count() == before


def test_a_log_in_is_made_where_the_settings_say_so(at_provider: str, settings: Any) -> None:
    from remit.apps.organizations.models import User

    settings.OIDC_CREATE = True
    browser, answer = comes(at_provider, email="new@halden.example", email_verified=True, name="Noor New")
    assert answer.status_code == 302
    made = User.objects.get(email="new@halden.example")
    assert (made.name, made.has_usable_password()) == ("Noor New", False)
    assert "ask an administrator" in browser.get("/home/").content.decode(), "it belongs to no organization yet"
    _, answer = comes(at_provider, email="new@halden.example", email_verified=True)
    assert answer.status_code == 302
    assert User.objects.filter(email__startswith="new@").count() == 1
    User.objects.filter(email="jonas@halden.example").update(is_active=False)
    _, answer = comes(at_provider, email="jonas@halden.example", email_verified=True)
    assert answer.status_code == 403, "a closed log-in stays closed"


def test_what_the_provider_breaks_is_said(at_provider: str, settings: Any) -> None:
    browser = Client()
    assert browser.get("/sign-in/with/organization/")["Location"] == "/sign-in/", "only a press of the button leads away"
    assert browser.post("/sign-in/with/other/").status_code == 404
    broken = browser.get("/sign-in/with/organization/back/?error=access_denied&state=none")
    assert broken.status_code == 403
    assert "The provider did not sign you in" in broken.content.decode()
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:9"
    failed = browser.post("/sign-in/with/organization/", {"next": "/account/"})
    assert failed.status_code == 403
    assert "The provider did not sign you in" in failed.content.decode()
