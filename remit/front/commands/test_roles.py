"""docs/roles.md is what the registry of actions says."""

import json
from pathlib import Path

from click.testing import CliRunner

from remit.front.commands.roles import command

DOCS = Path(__file__).resolve().parents[3] / "docs" / "roles.md"


def test_the_table_in_the_docs_is_the_registry() -> None:
    said = CliRunner().invoke(command)
    assert said.exit_code == 0
    assert said.output == DOCS.read_text(encoding="utf-8"), "run: remit roles > docs/roles.md"


def test_it_is_there_for_programs() -> None:
    table = json.loads(CliRunner().invoke(command, ["--json"]).output)["actions"]
    assert table["sign_agreement"] == ["signatory"]
    assert table["bring_paper"] == []
