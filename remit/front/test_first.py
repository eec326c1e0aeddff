"""The empty installation: code, organization, administrator, and then no such page; and how sign-in locks."""

from __future__ import annotations

from threading import Event

import pytest
from django.test import Client

from remit.apps.organizations import founding
from remit.front.first import TRIES, FirstForm

pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "correct horse battery"
ASKED = {
    "name": "Rila Ledger",
    "kinds": ["client", "provider"],
    "country": "BG",
    "currency": "EUR",
    "zone": "Europe/Sofia",
    "person_name": "Ada",
    "email": "ada@rila.example",
    "password": PASSWORD,
}


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TRIES, "burst", 100)


def test_the_first_page_leads_to_it_while_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(founding, "_BEGUN", Event())
    page = Client().get("/").content.decode()
    assert 'href="/first/"' in page
    assert 'name="password"' not in page, "nobody could sign in"


def test_the_first_administrator_comes_in_by_the_code_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(founding, "_BEGUN", Event())
    from remit.apps.organizations.founding import first_code
    from remit.apps.organizations.models import User

    code = first_code()
    assert code
    browser = Client()
    page = browser.get("/first/").content.decode()
    fields = ("code", "name", "kinds", "country", "currency", "zone", "person_name", "email", "password")
    assert all(f'name="{field}"' in page for field in fields)
    for fault, said in (
        ({"code": "0000-0000-0000"}, "This is not the one-time code"),
        ({"code": code, "password": "password1234"}, "too easy to guess"),
        ({"code": code, "email": "nobody"}, "Enter a valid email address"),
        ({"code": code, "kinds": []}, "This field is required"),
        ({"code": code, "zone": "Mars/Base"}, "not one of the available choices"),
    ):
        wrong = browser.post("/first/", ASKED | fault)
        assert wrong.status_code == 422, fault
        assert said in wrong.content.decode()
        assert not User.objects.exists(), "a fault leaves the code good and nothing behind"
    done = browser.post("/first/", ASKED | {"code": code.lower()})
    assert done.status_code == 302
    today = browser.get(done["Location"]).content.decode()
    assert "First steps" in today
    assert "Rila Ledger" in today
    assert browser.get("/first/").status_code == 404
    assert Client().post("/first/", ASKED | {"code": code, "email": "eve@rila.example"}).status_code == 404
    assert User.objects.count() == 1
    front = Client().get("/").content.decode()
    assert "/first/" not in front
    assert 'name="password"' in front
    assert founding._BEGUN.is_set(), "the database is not asked again"


def test_currency_and_zone_follow_from_the_country() -> None:
    def asked(**given: str) -> FirstForm:
        form = FirstForm(ASKED | {"code": "x", "currency": "", "zone": ""} | given)
        form.is_valid()
        return form

    for country, currency, zone in (
        ("DE", "EUR", "Europe/Berlin"),
        ("BG", "EUR", "Europe/Sofia"),
        ("IN", "INR", "Asia/Kolkata"),
        ("CH", "CHF", "Europe/Zurich"),
    ):
        given = asked(country=country).cleaned_data
        assert (given["currency"], given["zone"]) == (currency, zone)
    assert list(asked(country="US").errors) == ["zone"]
    assert asked(country="US", zone="America/Chicago").cleaned_data["currency"] == "USD"


def test_sign_in_locks_after_eight_failures() -> None:
    def tried(password: str) -> int:
        return Client().post("/sign-in/", {"login": "ada@rila.example", "password": password}).status_code

    assert tried(PASSWORD) == 302
    assert [tried("wrong") for _ in range(7)] == [200] * 7
    assert tried("wrong") == 429
    assert tried(PASSWORD) == 429, "also the right one, for a quarter of an hour"
    other = Client().post("/sign-in/", {"login": "ada@rila.example", "password": PASSWORD}, REMOTE_ADDR="203.0.113.7")
    assert other.status_code == 302, "from elsewhere she still comes in"
