"""Commands on data: who acts by them, how a token is kept, and every action with its three exits."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from remit.front.commands import act, login, token
from remit.front.installation.layout import Installation

if TYPE_CHECKING:
    from tests.world import World


class Terminal:
    """Runs commands as a user would, on the test's own database."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.installation = Installation(folder / "data", is_demo=False)
        self.config = folder / "config"
        self.monkeypatch = monkeypatch
        monkeypatch.setenv("XDG_CONFIG_HOME", str(self.config))
        for name in ("REMIT_TOKEN", "REMIT_PASSWORD"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr("remit.front.installation.joined.joined", self.joined)

    @contextlib.contextmanager
    def joined(self, data: Path | None, demo: bool) -> Iterator[Installation]:
        yield Installation(self.installation.data, is_demo=demo)

    def run(self, module: Any, *words: str) -> Result:
        result = CliRunner().invoke(module.command, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result


@pytest.fixture
def terminal(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    return Terminal(monkeypatch, tmp_path)


def signed_in(terminal: Terminal, mail: str, *words: str) -> Result:
    from tests.world import PASSWORD

    terminal.monkeypatch.setenv("REMIT_PASSWORD", PASSWORD)
    return terminal.run(login, "--mail", mail, *words)


def test_nobody_acts_before_signing_in(terminal: Terminal) -> None:
    result = terminal.run(act, "add_site", "--name", "Ulm")
    assert result.exit_code == 2
    assert "nobody is signed in" in result.stderr


def test_a_login_keeps_a_token_for_this_user_alone(world: World, terminal: Terminal) -> None:
    result = signed_in(terminal, "petra@halden.example")
    assert result.exit_code == 0, result.output
    assert world.halden.reference in result.stdout
    (kept,) = (terminal.config / "remit" / "tokens").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text().startswith("rmt_")
    assert kept.read_text().strip() not in result.output
    assert terminal.run(login, "--token", kept.read_text().strip()).exit_code == 0
    assert terminal.run(login, "--token", "rmt_guessed").exit_code == 2
    terminal.monkeypatch.setenv("REMIT_PASSWORD", "wrong")
    wrong = terminal.run(login, "--mail", "petra@halden.example")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "do not belong together" in wrong.stderr


def test_too_many_failures_lock_here_as_on_the_page(terminal: Terminal) -> None:
    terminal.monkeypatch.setenv("REMIT_PASSWORD", "wrong")
    said = [terminal.run(login, "--mail", "ivan@marin.example").stderr for _ in range(9)]
    assert "too many failures" in said[-1]
    assert "too many failures" in signed_in(terminal, "ivan@marin.example").stderr


def test_an_action_is_done_once_under_its_key(world: World, terminal: Terminal) -> None:
    from remit.apps.organizations.models import Entity, Site
    from remit.apps.records import log

    signed_in(terminal, "petra@halden.example")
    week = json.dumps([[[540, 1080]]] * 5 + [[], []])
    asked = ("add_site", "--name", "Ulm", "--country", "DE", "--zone", "Europe/Berlin", "--hours", week, "--key", "k1", "--json")
    first, again = terminal.run(act, *asked), terminal.run(act, *asked)
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert first.stdout == again.stdout
    done = json.loads(first.stdout)
    with world.see("petra"):
        assert Site.objects.filter(name="Ulm").count() == 1
        assert log.read(done["entry"]).door == "command"
        entity = Entity.objects.get()
    by_reference = terminal.run(act, "change-entity", "--entity", entity.reference, "--city=Ulm")
    assert by_reference.exit_code == 0, by_reference.output
    assert entity.reference in by_reference.stdout
    assert world.one("petra", Entity, id=entity.id).city == "Ulm"


def test_a_refusal_ends_with_one_and_its_reasons_on_standard_output(world: World, terminal: Terminal) -> None:
    from remit.apps.records.models import Entry

    signed_in(terminal, "rita@halden.example")
    plain = terminal.run(act, "describe_organization", "--city", "Bonn")
    assert plain.exit_code == 1
    assert plain.stdout.startswith("refused: role.missing: This needs the role administrator")
    assert plain.stderr == ""
    told = json.loads(terminal.run(act, "describe_organization", "--city", "Bonn", "--json").stdout)
    assert told["refused"][0]["code"] == "role.missing"
    with world.see("petra"):
        assert Entry.objects.get(id=told["entry"]).outcome == "refused"


def test_bad_input_ends_with_two_and_names_the_field(world: World, terminal: Terminal, tmp_path: Path) -> None:
    signed_in(terminal, "petra@halden.example")
    for words, said in (
        (("add_site", "--name", "Ulm"), "add_site: country"),
        (("add_site", "--nonsense", "1"), "add_site: nonsense"),
        (("add_site", "--name"), "its value is missing"),
        (("add_site", "Ulm"), "a field is given as --FIELD VALUE"),
        (("fly",), "there is no action fly"),
        (("change_entity", "--entity", "EN-0000-0000"), "EN-0000-0000"),
        (("add_site", "--hours", "{", "--name", "x"), "add_site: hours"),
        (("bring_paper", "--file", str(tmp_path)), "a file is given as @PATH"),
        (("bring_paper", "--file", f"@{tmp_path}/none"), "bring_paper: file"),
    ):
        result = terminal.run(act, *words)
        assert result.exit_code == 2, (words, result.output)
        assert said in result.stderr, (words, result.stderr)
        assert result.stdout == ""


def test_lists_and_files_are_given_as_they_come(world: World, terminal: Terminal, tmp_path: Path) -> None:
    from remit.apps.organizations.models import Designation, Site

    signed_in(terminal, "maya@rila.example")
    site = str(world.one("maya", Site, name="Sofia").id)
    offered = ("designate", "--service", "bookkeeping", "--country", "AT", "--site", site, "--series", "standard")
    assert terminal.run(act, *offered, "--languages", "de", "--languages", "en").exit_code == 0
    assert world.one("maya", Designation, country="AT").languages == ["de", "en"]
    lines = tmp_path / "lines.json"
    lines.write_text(json.dumps([{"service": "bookkeeping", "level": 2, "basis": "hour", "price": "36.50"}]), encoding="utf-8")
    card = terminal.run(act, "publish_card", "--series", "standard", "--currency", "EUR", "--valid_from", "2027-01-01", "--lines", f"@{lines}")
    assert card.exit_code == 0, card.output
    assert "done: ratecard RC-" in card.stdout


def test_actions_are_listed_and_described_without_an_installation(terminal: Terminal) -> None:
    from remit.apps.organizations.acting import ACTIONS

    listed = json.loads(terminal.run(act, "--json").stdout)["actions"]
    assert {row["name"] for row in listed} == set(ACTIONS)
    assert "sign_agreement" in terminal.run(act).stdout
    told = terminal.run(act, "verify_credential", "--help")
    assert told.exit_code == 0
    assert "--credential" in told.stdout
    assert "verified | failed" in told.stdout or "pending | verified | failed" in told.stdout
    for action in ACTIONS.values():
        assert terminal.run(act, action.name, "--help").exit_code == 0
        assert not {"json", "key", "code", "data", "demo", "as", "organization", "help"} & set(action.input.model_fields), action.name


def test_tokens_are_made_listed_and_revoked(world: World, terminal: Terminal) -> None:
    signed_in(terminal, "jonas@halden.example")
    made = json.loads(terminal.run(token, "make", "--name", "export", "--scope", "read", "--json").stdout)
    terminal.monkeypatch.setenv("REMIT_TOKEN", made["token"])
    limited = terminal.run(act, "describe_organization", "--city", "Bonn")
    assert limited.exit_code == 1
    assert "token.scope" in limited.stdout
    terminal.monkeypatch.delenv("REMIT_TOKEN")
    listed = terminal.run(token, "list").stdout
    assert made["id"] in listed
    assert made["token"] not in listed
    assert terminal.run(token, "revoke", made["id"]).exit_code == 0
    assert terminal.run(token, "revoke", made["id"]).exit_code == 2
    assert terminal.run(token, "make", "--name", "x", "--scope", "fly").exit_code == 2
    terminal.monkeypatch.setenv("REMIT_TOKEN", made["token"])
    ended = terminal.run(act, "describe_organization", "--city", "Bonn")
    assert ended.exit_code == 2
    assert "unknown, expired or revoked" in ended.stderr
    other = signed_in(terminal, "petra@halden.example", "--organization", world.rila.reference)
    assert other.exit_code == 2, "no seat there"


def test_acting_as_someone_exists_in_the_demonstration_only(terminal: Terminal) -> None:
    assert terminal.run(act, "describe_organization", "--city", "Ulm", "--as", "petra@halden.example").exit_code == 2
    assert terminal.run(act, "describe_organization", "--city", "Ulm", "--as", "petra@halden.example", "--demo").exit_code == 0
    assert terminal.run(act, "describe_organization", "--city", "Ulm", "--as", "nobody@halden.example", "--demo").exit_code == 2


def test_a_deputy_acts_for_whoever_is_away(terminal: Terminal, world: World) -> None:
    from tests.world import deputy

    place = ("--country", "DE", "--zone", "Europe/Berlin", "--hours", "[[[540, 1080]], [], [], [], [], [], []]")
    world.now = max(world.now, datetime.now(UTC) - timedelta(hours=1))
    deputy(world, "halden", "petra", "rita")
    signed_in(terminal, "rita@halden.example")
    assert terminal.run(act, "add_site", "--name", "Ulm", *place).exit_code == 1
    unknown = terminal.run(act, "add_site", "--name", "Ulm", *place, "--for", "jonas@halden.example")
    assert unknown.exit_code == 2
    assert "is not the deputy of jonas@halden.example now" in unknown.stderr
    assert terminal.run(act, "add_site", "--name", "Ulm", *place, "--for", "petra@halden.example").exit_code == 0
