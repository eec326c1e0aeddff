"""Founded without words about it, an organization takes no signature, review or acceptance from whoever has no second factor, at no door."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from click.testing import Result
from django.test import Client

from remit.apps.agreements.models import Agreement, Signature
from remit.apps.organizations.acting import Refused
from remit.apps.organizations.factors import CONFIRM, SET_UP_APP
from remit.apps.organizations.models import Organization
from remit.apps.organizations.tokens import issue_token
from remit.apps.records.context import Factor
from remit.apps.work.models import Acceptance, Review, WorkItem
from remit.front.accounts.test_signing_in import code_of, signed_in
from remit.front.commands import act
from remit.front.commands.test_act import Terminal
from remit.front.commands.test_act import signed_in as logged_in
from tests import world as worlds
from tests.test_factors import Phone, phone  # noqa: F401

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Everyone founded without a word about what signing asks for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worlds, "FOUNDED_WITH", {})
        return worlds.build()


@contextmanager
def everyone_proven(world: World) -> Iterator[None]:
    """What leads up to the act in question is done as by people who have just proven a second factor."""
    seats = {key: dict(house.seats) for key, house in world.houses.items()}
    shown = Factor("totp", datetime.now(UTC))
    for house in world.houses.values():
        house.seats.update({mail: replace(by, factor=shown) for mail, by in house.seats.items()})
    try:
        yield
    finally:
        for key, house in world.houses.items():
            house.seats.update(seats[key])


@dataclass(frozen=True)
class Act:
    """Something that waits for one person's word: who, by which action, with what, on which page, and what shows that it was done."""

    seat: str
    mail: str
    name: str
    given: dict[str, str]
    page: str
    form: str
    done: Callable[[], bool]


def to_sign(world: World) -> Act:
    key = worlds.drawn_up(world)
    page = world.path("petra", f"agreements/{world.one('petra', Agreement, id=key).reference}/")
    done = lambda: Signature.objects.filter(agreement_id=UUID(key)).exists()  # noqa: E731
    return Act("petra", "petra@halden.example", "sign_agreement", {"agreement": key}, page, "sign/", done)


def to_review(world: World) -> Act:
    made = worlds.handed_in(world)
    page = world.path("arun", f"work/{world.one('arun', WorkItem, id=made.item_id).reference}/")
    given = {"deliverable": str(made.id), "verdict": "passed"}
    return Act("arun", "arun@rila.example", "review", given, page, "review/", lambda: Review.objects.filter(deliverable=made).exists())


def to_accept(world: World) -> Act:
    made = worlds.reviewed(world)
    page = world.path("jonas", f"work/{world.one('jonas', WorkItem, id=made.item_id).reference}/")
    given = {"deliverable": str(made.id), "verdict": "accepted"}
    return Act("jonas", "jonas@halden.example", "accept", given, page, "accept/", lambda: Acceptance.objects.filter(deliverable=made).exists())


class Doors:
    """One person's ways in, each opened by the password alone."""

    def __init__(self, world: World, asked: Act, terminal: Terminal) -> None:
        self.world, self.asked, self.terminal = world, asked, terminal
        self.browser = signed_in(asked.mail)
        assert logged_in(terminal, asked.mail).exit_code == 0
        with world.clock():
            self.token, _ = issue_token(by=world.by(asked.seat), at=world.now, name="doors", scopes=["*"], days=1)

    def page(self) -> Any:
        with self.world.clock():
            return self.browser.post(self.asked.page + self.asked.form, self.asked.given, headers={"referer": f"http://testserver{self.asked.page}"})

    def api(self, **headers: str) -> Any:
        address = f"/api/v1{self.world.path(self.asked.seat, 'actions/' + self.asked.name.replace('_', '-'))}"
        headers |= {"authorization": f"Bearer {self.token}"}
        with self.world.clock():
            return Client().post(address, json.dumps(self.asked.given), content_type="application/json", headers=headers)

    def command(self, *more: str) -> Result:
        given = [word for name, value in self.asked.given.items() for word in (f"--{name}", value)]
        with self.world.clock():
            return self.terminal.run(act, self.asked.name, *given, *more)

    def done(self) -> bool:
        with self.world.see(self.asked.seat):
            return self.asked.done()

    def sets_up_an_app(self, sent: str, phone: Phone) -> str:  # noqa: F811
        """By the pages, from where the form sent the browser to, back to the form; gives the app's key."""
        assert parse_qs(urlsplit(sent).query)["next"] == [self.asked.page]
        asked = self.browser.get(sent).content.decode()
        assert "First set up a second factor" in asked
        to_app = re.search(r'href="(/account/app/[^"]*)"', asked)
        assert to_app
        confirm = self.browser.get(to_app[1])["Location"]
        app = self.browser.post(confirm, {"password": worlds.PASSWORD})["Location"]
        assert app == to_app[1]
        page = self.browser.get(app).content.decode()
        secret = re.search(r'<code class="secret">([A-Z2-7]+)</code>', page)
        then = re.search(r'action="/account/app/".*?name="next" value="([^"]*)"', page, re.DOTALL)
        assert secret
        assert then
        Phone.now += 30
        codes = self.browser.post("/account/app/", {"code": code_of(secret[1], phone.now), "next": then[1]})["Location"]
        shown = self.browser.get(codes).content.decode()
        assert codes.startswith("/account/codes/?")
        assert "You may sign now" in shown
        assert f'<a class="btn pri" href="{self.asked.page}">' in shown
        twice = self.browser.get(app)
        assert twice["Location"] == self.asked.page, "whoever comes back to the page is not asked to take the app away"
        return secret[1]


@pytest.fixture
def terminal(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    return Terminal(monkeypatch, tmp_path)


@pytest.mark.parametrize("waits", [to_sign, to_review, to_accept])
def test_no_door_takes_it_before_a_second_factor_is_set_up_and_every_door_after(
    world: World,
    terminal: Terminal,
    phone: Phone,  # noqa: F811
    waits: Callable[[World], Act],
) -> None:
    with everyone_proven(world):
        doors = Doors(world, waits(world), terminal)
    sent = doors.page()
    assert (sent.status_code, sent["Location"].partition("?")[0]) == (303, "/account/confirm/")
    refused = doors.api()
    assert refused.status_code == 403
    (reason,) = refused.json()["reasons"]
    assert reason["code"] == "factor.needed"
    assert "Set up an authenticator app at /account/" in reason["cure"]
    assert "X-Remit-Code" in reason["cure"]
    told = doors.command()
    assert told.exit_code == 1
    assert told.stdout.startswith("refused: factor.needed: This needs your second factor")
    assert "Set up an authenticator app at /account/" in told.stdout
    assert "option --code" in told.stdout
    assert not doors.done()

    secret = doors.sets_up_an_app(sent["Location"], phone)
    for answer in (doors.api().json()["reasons"][0]["cure"], doors.command().stdout):
        assert "Send the code that your authenticator app shows" in answer
    assert not doors.done()
    Phone.now += 30
    code = code_of(secret, Phone.now)
    if waits is to_sign:
        taken = doors.page()
        assert (taken.status_code, taken["Location"]) == (303, doors.asked.page), "back at the form it is taken at once"
    elif waits is to_review:
        assert doors.api(**{"x-remit-code": code}).status_code == 200
    else:
        assert doors.command("--code", code).exit_code == 0
    assert doors.done()


def test_it_holds_however_an_organization_is_founded(world: World) -> None:
    with world.see("petra"):
        assert set(Organization.objects.values_list("sign_factor", flat=True)) == {"second"}
    about = {"name": "Neu GmbH", "kinds": ["client"], "country": "DE", "currency": "EUR", "email": "neu@neu.example", "person_name": "Neu"}
    made = world.do("petra", "register_organization", **about)
    assert world.one("petra", Organization, pk=made.id).sign_factor == "second"
    # To ask for less is signed itself.
    assert world.refused("maya", "require_factor", factor="none") == ("factor.needed",)
    assert world.refused("maya", "require_factor", factor="password") == ("factor.needed",)


def test_a_passkey_is_confirmed_on_a_page_and_an_app_is_asked_for_elsewhere(world: World) -> None:
    from allauth.mfa.models import Authenticator

    olga = world.by("olga")
    held = Authenticator.objects.create(user_id=olga.user, type="webauthn", data={})
    cures = []
    for door in ("page", "api", "command"):
        refused = world.act(replace(olga, door=door), "require_factor", factor="password")
        assert isinstance(refused, Refused)
        cures.append(refused.reasons[0].cure)
    held.delete()
    assert cures == [CONFIRM(), SET_UP_APP(), SET_UP_APP()]
