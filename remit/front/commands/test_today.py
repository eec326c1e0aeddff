"""`remit today` and the API tell what the first page shows."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from click.testing import CliRunner
from django.test import Client

from remit.apps.organizations.tokens import issue_token
from remit.front.commands.today import command
from tests.world import handed_in, opened

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def played(world: World) -> World:
    handed_in(world, opened(world))
    return world


def run(world: World, seat: str, *options: str) -> Any:
    @contextmanager
    def inside(*_: object) -> Any:
        yield None

    with (
        world.clock(),
        mock.patch("remit.front.commands.today.inside", inside),
        mock.patch("remit.front.commands.today.actor", return_value=world.by(seat)),
    ):
        return CliRunner().invoke(command, list(options))


def test_the_command_the_api_and_the_page_tell_the_same(played: World) -> None:
    said = run(played, "arun", "--json")
    assert said.exit_code == 1, said.output
    rows = json.loads(said.output)
    assert [row["reference"][:3] for row in rows] == ["WI-"]
    with played.clock():
        secret = issue_token(by=played.by("arun"), at=played.now, name="t", scopes=["*"], days=30)[0]
        read = Client().get(f"/api/v1/o/{played.rila.reference}/today", HTTP_AUTHORIZATION=f"Bearer {secret}").json()
        page = played.browser("arun").get(played.path("arun", "")).content.decode()
    assert [(row["title"], row["path"], row["group"]) for row in read] == [(row["title"], row["path"], row["group"]) for row in rows]
    assert all(row["path"] in page for row in rows)
    assert "data-letters" in page
    plain = run(played, "arun").output
    assert rows[0]["reference"] in plain
    assert "Europe/Berlin" in plain, "the client's clock"
    assert "Europe/Sofia" in plain, "and one's own"


def test_where_nothing_waits_it_says_so(played: World) -> None:
    said = run(played, "kavitha")
    assert said.exit_code == 0, said.output
    assert "Nothing needs you now." in said.output
