"""`remit reconcile`: what it prints and with which status it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from remit.front.commands.reconcile import command
from remit.lines import examples
from remit.lines.bookkeeping.examples.firms import HALDEN, VITOSHA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of three examples, and the mappings of their ledgers."""
    for case in ("vitosha-2027-01", "halden-2027-01", "planted-errors"):
        for paper in examples.load("bookkeeping", case).papers:
            (tmp_path / f"{case}-{paper.slot}").write_bytes(paper.data) if not paper.refused else (tmp_path / paper.name).write_bytes(paper.data)
    (tmp_path / "vitosha.json").write_text(json.dumps(VITOSHA.mapping))
    (tmp_path / "halden.json").write_text(json.dumps(HALDEN.mapping))
    return tmp_path


def run(folder: Path, *given: str) -> Result:
    """The command with files of the folder."""
    return CliRunner().invoke(command, [str(folder / word) if (folder / word).exists() or word.startswith("no-") else word for word in given])


def test_everything_ties(folder: Path) -> None:
    result = run(folder, "vitosha-2027-01-statement", "vitosha-2027-01-ledger", "--mapping", "vitosha.json", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert told["ties"]
    assert told["account"] == "503"
    assert told["open"] == {"statement": [], "ledger": []}
    assert told["bridge"]["statement"]["reconciled"] == told["bridge"]["ledger"]["reconciled"]
    assert len(told["groups"]) == 51


def test_open_items_with_suggestions(folder: Path) -> None:
    result = run(folder, "halden-2027-01-statement", "halden-2027-01-ledger", "--mapping", "halden.json", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [item["amount"] for item in told["open"]["statement"]] == ["-7318.44", "3164.00", "-42.00"]
    assert [item["amount"] for item in told["open"]["ledger"]] == ["-7318.44", "-4880.00"]
    assert told["bridge"]["apart"] == "0.00"
    assert "recon.reference_swapped" in {said["code"] for said in told["suggestions"]}


def test_without_a_mapping_the_opening_is_found_and_said(folder: Path) -> None:
    told = json.loads(run(folder, "halden-2027-01-statement", "halden-2027-01-ledger", "--json").stdout)
    assert "ledger.opening_taken" in {finding["code"] for finding in told["findings"]}
    assert told["bridge"]["ledger"]["opening"] == "184206.15"
    assert told["bridge"]["apart"] == "0.00"


def test_text(folder: Path) -> None:
    result = run(folder, "halden-2027-01-statement", "halden-2027-01-ledger", "--mapping", "halden.json", "--account", "1200")
    assert result.exit_code == 1
    assert "Same amount and reference RE261187" in result.stdout
    assert "Only in the statement: 3" in result.stdout
    assert "two digits of the reference are swapped" in result.stdout
    assert "Not everything ties." in result.stdout


def test_a_statement_that_does_not_foot_is_said_and_fails(folder: Path) -> None:
    result = run(folder, "statement-does-not-foot.sta", "planted-errors-ledger", "--mapping", "halden.json")
    assert result.exit_code == 1
    assert "statement-does-not-foot.sta:56: closing: error: " in result.stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("no-such-file", "vitosha-2027-01-ledger"), "no-such-file:0: file: "),
        (("vitosha-2027-01-statement", "no-such-file"), "no-such-file:0: file: "),
        (("vitosha.json", "vitosha-2027-01-ledger"), "vitosha.json:"),
        (("vitosha-2027-01-statement", "vitosha.json"), "vitosha.json:"),
        (("vitosha-2027-01-statement", "vitosha-2027-01-ledger", "--mapping", "vitosha-2027-01-ledger"), "mapping: "),
    ],
)
def test_unreadable(folder: Path, given: tuple[str, ...], said: str) -> None:
    result = run(folder, *given)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
