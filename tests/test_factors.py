"""Signing asks for a fresh proof of who acts, as the organization says; codes count once; the record says what was proven."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from remit.apps.organizations import factors
from remit.apps.organizations.acting import ACTIONS, Done, Refused
from remit.apps.records import log
from remit.apps.records.context import By, Factor
from tests.world import drawn_up

if TYPE_CHECKING:
    from tests.world import World

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Phone:
    """An authenticator app beside a clock that the tests move, on and on: codes that one test used are used for all."""

    now = 1_800_000_000.0

    def next_code(self) -> str:
        """What it shows in the next half minute."""
        from remit.front.accounts.test_signing_in import code_of

        Phone.now += 30
        return code_of(SECRET, Phone.now)


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: Phone.now))
    return Phone()


@pytest.fixture
def agreement(world: World) -> str:
    """Drafted and settled, to be signed by both sides; each test has its own."""
    return drawn_up(world)


@pytest.fixture
def second(world: World) -> Iterator[None]:
    """Halden lets only those sign who prove a second factor."""
    proven = replace(world.by("petra"), factor=Factor("totp", datetime.now(UTC)))
    world.do(proven, "require_factor", factor="second")
    yield
    world.do(proven, "require_factor", factor="none")


def hold_app(user: UUID | None) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import encrypt

    Authenticator.objects.get_or_create(user_id=user, type="totp", defaults={"data": {"secret": encrypt(SECRET)}})


def drop_app(user: UUID | None) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(user_id=user).delete()


def sign(world: World, by: By, agreement: str, key: str = "") -> Done | Refused:
    action = ACTIONS["sign_agreement"]
    world.now += timedelta(minutes=1)
    return action(by=by, at=world.now, key=key, **action.parse({"agreement": agreement}))


def codes(result: Done | Refused) -> list[str]:
    assert isinstance(result, Refused), result
    return [reason.code for reason in result.reasons]


def proven(entry: UUID, world: World, seat: str) -> list[str]:
    with world.see(seat):
        return [reason.code for reason in log.read(entry).reasons if reason.code.startswith("came.")]


@pytest.mark.usefixtures("second")
def test_without_a_fresh_second_factor_nothing_is_signed(world: World, agreement: str) -> None:
    petra = world.by("petra")
    refused = sign(world, petra, agreement)
    assert codes(refused) == ["factor.needed"]
    assert isinstance(refused, Refused)
    assert refused.reasons[0].cure is not None
    assert refused.reasons[0].cure.code == "factor.set_up"
    now = datetime.now(UTC)
    for lapsed in (Factor("totp", now - timedelta(minutes=16)), Factor("password", now), Factor("oidc", now)):
        assert codes(sign(world, replace(petra, factor=lapsed), agreement)) == ["factor.needed"], lapsed
    done = sign(world, replace(petra, factor=Factor("passkey", now - timedelta(minutes=14))), agreement)
    assert isinstance(done, Done)
    assert proven(done.entry, world, "petra") == ["came.passkey"]
    # Rila asks for nothing, and its record claims nothing.
    other = sign(world, world.by("maya"), agreement)
    assert isinstance(other, Done)
    assert proven(other.entry, world, "maya") == []


@pytest.mark.usefixtures("second")
def test_a_code_at_the_api_signs_once_and_a_retry_gives_the_first_result(world: World, agreement: str, phone: Phone) -> None:
    petra = world.by("petra", door="api")
    hold_app(petra.user)
    try:
        bare = sign(world, petra, agreement)
        assert codes(bare) == ["factor.needed"]
        assert isinstance(bare, Refused)
        assert bare.reasons[0].cure is not None
        assert bare.reasons[0].cure.code == "factor.hand_over"
        code = phone.next_code()
        first = sign(world, replace(petra, code=code), agreement, key="sign-1")
        assert isinstance(first, Done)
        assert proven(first.entry, world, "petra") == ["came.totp"]
        assert sign(world, replace(petra, code=code), agreement, key="sign-1") == first
        # The same code opens nothing else, not even what would be refused for another reason.
        assert codes(sign(world, replace(petra, code=code), agreement)) == ["factor.wrong"]
        # A code that came with a refusal is used up too.
        code = phone.next_code()
        assert codes(sign(world, replace(petra, code=code), agreement)) == ["agreement.signed_twice"]
        assert codes(sign(world, replace(petra, code=code), agreement)) == ["factor.wrong"]
    finally:
        drop_app(petra.user)
        forget_tries()


@pytest.mark.usefixtures("second")
def test_after_five_wrong_codes_none_is_looked_at(world: World, agreement: str, phone: Phone) -> None:
    petra = world.by("petra", door="command")
    hold_app(petra.user)
    try:
        right = phone.next_code()
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        assert [codes(sign(world, replace(petra, code=wrong), agreement))[0] for _ in range(6)] == ["factor.wrong"] * 5 + ["factor.too_many"]
        assert codes(sign(world, replace(petra, code=right), agreement)) == ["factor.too_many"]
    finally:
        drop_app(petra.user)
        forget_tries()


def forget_tries() -> None:
    from django.db import connections

    with connections["owner"].cursor() as owner:
        owner.execute("delete from organizations_securityevent where kind = 'code_failed'")


def test_the_password_does_until_more_is_asked_or_set_up(world: World, agreement: str, phone: Phone) -> None:
    petra = world.by("petra")
    world.do(petra, "require_factor", factor="password")
    fresh = Factor("password", datetime.now(UTC))
    try:
        assert codes(sign(world, petra, agreement)) == ["factor.password_needed"]
        hold_app(petra.user)
        assert codes(sign(world, replace(petra, factor=fresh), agreement)) == ["factor.needed"], "whoever has a second factor proves that one"
        drop_app(petra.user)
        done = sign(world, replace(petra, factor=fresh), agreement)
        assert isinstance(done, Done)
        assert proven(done.entry, world, "petra") == ["came.password"]
        # Less is asked for only by who proves what is asked for now.
        assert world.refused(petra, "require_factor", factor="none") == ("factor.password_needed",)
    finally:
        world.do(replace(petra, factor=fresh), "require_factor", factor="none")


def test_what_signs_reviews_and_accepts_asks_for_it(world: World) -> None:
    assert {name for name, action in ACTIONS.items() if action.second_factor} >= {"sign_agreement", "agree_price", "review", "accept", "require_factor"}
    assert world.refused("jonas", "require_factor", factor="none") == ("role.missing",)


@pytest.mark.usefixtures("second")
def test_a_page_sends_whoever_signs_to_the_proof_and_back(world: World, agreement: str, phone: Phone) -> None:
    from remit.apps.agreements.models import Agreement
    from remit.apps.organizations.models import User

    reference = world.one("petra", Agreement, id=agreement).reference
    form = world.path("petra", f"agreements/{reference}/")
    browser = world.browser("petra")
    with world.clock():
        sent = browser.post(f"{form}sign/", {}, headers={"referer": f"http://testserver{form}"})
        assert sent.status_code == 303
        assert sent["Location"].startswith("/account/confirm/?")
        assert "need=factor.needed" in sent["Location"]
        assert "Set up" in browser.get(sent["Location"]).content.decode() or "set up" in browser.get(sent["Location"]).content.decode()
        user = User.objects.get(id=world.by("petra").user)
        hold_app(user.pk)
        try:
            asked = browser.get(sent["Location"])
            assert asked["Location"] == f"/account/confirm/code/?next={form.replace('/', '%2F')}"
            back = browser.post(asked["Location"], {"code": phone.next_code(), "next": form})
            assert back["Location"] == form
            done = browser.post(f"{form}sign/", {}, headers={"referer": f"http://testserver{form}"})
            assert done.status_code == 303
            assert done["Location"] == form, "signed"
        finally:
            drop_app(user.pk)
    with world.see("petra"):
        assert Agreement.objects.get(id=agreement).signatures.filter(organization=world.halden.key).exists()


@pytest.mark.usefixtures("second")
def test_the_api_takes_the_code_by_its_header(world: World, agreement: str, phone: Phone) -> None:
    from django.test import Client

    from remit.apps.organizations.tokens import issue_token

    petra = world.by("petra")
    token, _ = issue_token(by=petra, at=world.now, name="signs", scopes=["*"], days=1)
    hold_app(petra.user)

    def post(**headers: str) -> Any:
        address = f"/api/v1/o/{world.halden.reference}/actions/sign-agreement"
        with world.clock():
            return Client().post(
                address, json.dumps({"agreement": agreement}), content_type="application/json", headers={"authorization": f"Bearer {token}", **headers}
            )

    try:
        refused = post()
        assert refused.status_code == 403
        assert refused.json()["reasons"][0]["code"] == "factor.needed"
        assert "X-Remit-Code" in refused.json()["reasons"][0]["cure"]
        assert post(**{"x-remit-code": phone.next_code()}).status_code == 200
    finally:
        drop_app(petra.user)


def test_what_a_session_was_proven_by() -> None:
    now = datetime.now(UTC).timestamp()
    password, old_code, code = (
        {"method": "password", "at": now},
        {"method": "mfa", "type": "totp", "at": now - 3600},
        {"method": "mfa", "type": "webauthn", "at": now - 60},
    )

    def how(*records: dict[str, Any]) -> str:
        found = factors.latest(records)
        return found.how if found else ""

    assert how() == how({"method": "code", "at": now}) == ""
    assert how(password) == how(old_code, password) == "password"
    assert how(code, password) == "passkey"
    assert how({"method": "socialaccount", "at": now}) == "oidc"
