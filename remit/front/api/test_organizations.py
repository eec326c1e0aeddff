"""Tokens at the API's door, and what may be read of the organization by them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from tests.world import World

LISTS = ("sites", "entities", "members", "cards", "designations", "people", "profiles")


def token(world: World, seat: str, *scopes: str) -> str:
    from remit.apps.organizations.actions import issue_token

    return issue_token(by=world.by(seat), at=world.now, name="test", scopes=list(scopes), days=30)[0]


def get(world: World, seat: str, what: str, secret: str) -> Any:
    with world.clock():
        return Client().get(f"/api/v1{world.path(seat, what)}", headers={"authorization": f"Bearer {secret}"})


def post(world: World, seat: str, action: str, secret: str, **given: Any) -> Any:
    with world.clock():
        path = f"/api/v1{world.path(seat, f'actions/{action}')}"
        return Client().post(path, given, "application/json", headers={"authorization": f"Bearer {secret}"})


def test_lists_are_ones_own(world: World) -> None:
    secret = token(world, "maya", "read")
    answers = {what: get(world, "maya", what, secret) for what in LISTS}
    assert {answer.status_code for answer in answers.values()} == {200}
    people = {row["name"]: row for row in answers["people"].json()}
    assert set(people) == set(world.rila.persons)
    assert people["Georgi Stanev"]["credentials"][0]["proof"] == "verified"
    assert people["Teodora Vasileva"]["languages"] is None, "nothing on file is unknown, not none"
    assert answers["cards"].json()[0]["lines"][0]["service"] == "bookkeeping"
    assert answers["entities"].json() == []
    assert "Georgi" not in answers["profiles"].content.decode()
    mails = {row["email"]: [grant["role"] for grant in row["grants"]] for row in answers["members"].json()}
    assert mails["elena@rila.example"] == ["preparer"]
    halden = get(world, "petra", "entities", token(world, "petra", "read")).json()
    assert [row["ibans"] for row in halden] == [[iban] for iban in halden[0]["ibans"]]
    assert get(world, "maya", "organization", secret).json()["reference"] == world.rila.reference


def test_a_token_opens_nothing_once_it_ends(world: World) -> None:
    from remit.apps.organizations.models import ApiToken, User
    from remit.apps.organizations.tokens import digest

    secret = token(world, "petra", "read")
    row = ApiToken.objects.filter(token_hash=digest(secret))
    assert get(world, "petra", "sites", secret).status_code == 200
    assert get(world, "maya", "sites", secret).status_code == 401, "of another organization"
    row.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert get(world, "petra", "sites", secret).status_code == 401, "expired"
    row.update(expires_at=datetime.now(UTC) + timedelta(days=1))
    assert get(world, "petra", "sites", secret).status_code == 200
    world.do("petra", "revoke_token", token=str(row.get().id))
    assert get(world, "petra", "sites", secret).status_code == 401, "revoked"
    other = token(world, "petra", "read")
    users = User.objects.filter(id=world.by("petra").user)
    users.update(is_active=False)
    assert get(world, "petra", "sites", other).status_code == 401, "the log-in is closed"
    users.update(is_active=True)
    assert get(world, "petra", "sites", "rmt_guessed").status_code == 401
    with world.clock():
        assert Client().get(f"/api/v1{world.path('petra', 'sites')}").status_code == 401


def test_scopes_part_reading_from_doing(world: World) -> None:
    from remit.apps.records.models import Entry

    reads, acts = token(world, "petra", "read"), token(world, "petra", "describe_organization")
    assert get(world, "petra", "entities", acts).status_code == 403
    assert post(world, "petra", "describe-organization", acts, city="Ulm").status_code == 200
    refused = post(world, "petra", "describe-organization", reads, city="Bonn")
    assert refused.status_code == 403
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["token.scope"]
    with world.see("petra"):
        assert Entry.objects.get(id=refused.json()["entry"]).outcome == "refused"
    handed_on = post(world, "petra", "record-token", token(world, "petra", "record_token"), name="more", scopes=["*"], days=1, token_hash="0" * 64)
    assert handed_on.status_code == 403, "a token hands on no more than it has"


def test_references_serve_as_keys(world: World) -> None:
    from remit.apps.people.models import Person

    secret = token(world, "maya", "*")
    arun = world.one("maya", Person, name="Arun Iyer").reference
    done = post(world, "maya", "describe-person", secret, person=arun, software=["DATEV"])
    assert done.status_code == 200, done.content
    unknown = post(world, "maya", "describe-person", secret, person="PE-0000-0000", software=["DATEV"])
    theirs = post(world, "olga", "describe-person", token(world, "olga", "*"), person=arun, software=["Xero"])
    assert unknown.status_code == theirs.status_code == 404
    assert theirs.json()["errors"]["reference"][0]["code"] == "input.not_found"


def test_lists_cost_the_same_however_long_they_are(world: World) -> None:
    secret = token(world, "kavitha", "*")

    def queries() -> dict[str, int]:
        counted = {}
        for what in LISTS:
            with CaptureQueriesContext(connection) as made:
                assert get(world, "kavitha", what, secret).status_code == 200
            counted[what] = len(made)
        return counted

    before = queries()
    for number in range(3):
        world.do("kavitha", "add_member", email=f"n{number}@kaveri.example", name=f"Number {number}", roles=["reader"])
        line = {"service": "bookkeeping", "level": 2, "basis": "hour", "price": "20"}
        world.do("kavitha", "publish_card", series=f"s{number}", currency="EUR", valid_from="2026-01-01", lines=[line])
    assert queries() == before
