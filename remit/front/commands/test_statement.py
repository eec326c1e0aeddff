"""`remit statement check`: exit status, where it says what, and the shape of its JSON."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from remit.front.commands import main

GOOD = ":20:A\n:25:NL71RABO0123456789\n:28C:7\n:60F:C240101EUR100,00\n:61:2401020102D10,00NTRFNONREF\n:86:x\n:62F:C240131EUR90,00\n-\n"
TRANSPOSED = GOOD.replace(":61:2401020102D10,00", ":61:2401020102D12,00\n:61:2401020102C13,00\n:61:2401020102D21,00")
NO_OPENING = "Date,Text,Amount\n2024-01-02,x,5.00\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["statement", "check", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.sta"


def test_holds(file: Path) -> None:
    file.write_text(GOOD)
    answer = run(str(file))
    assert answer.exit_code == 0
    assert "MT940, 1 statement" in answer.stdout
    assert "opening 100.00 + 1 entries -10.00 = closing 90.00: holds" in answer.stdout
    assert answer.stderr == ""


def test_does_not_foot(file: Path) -> None:
    file.write_text(GOOD.replace("D10,00", "D10,01"))
    answer = run(str(file))
    assert answer.exit_code == 1
    assert "does not hold: -0.01 apart" in answer.stdout
    assert "error: line 7, closing:" in answer.stdout
    assert answer.stderr == ""


def test_says_the_line_at_fault(file: Path) -> None:
    file.write_text(TRANSPOSED.replace("EUR90,00", "EUR89,00"))
    answer = run(str(file), "--json")
    findings = json.loads(answer.stdout)["statements"][0]["findings"]
    assert [(finding["code"], finding["line"]) for finding in findings] == [("bank.statement_foots", 7), ("bank.suspect_transposed", 7)]


def test_cannot_be_read(file: Path) -> None:
    file.write_text("hello\n")
    answer = run(str(file))
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith(f"{file}:1: This is no bank statement")


def test_a_field_is_named_on_stderr(file: Path) -> None:
    file.write_text(":20:A\n:25:1\n")
    assert run(str(file)).stderr.startswith(f"{file}:1: This is a piece of a statement")
    file.write_bytes(b"\n<!DOCTYPE a []><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'/>")
    assert run(str(file)).stderr.startswith(f"{file}:2: ")


@pytest.mark.parametrize("name", ["missing.sta", ""])
def test_no_file_or_a_folder(tmp_path: Path, name: str) -> None:
    answer = run(str(tmp_path / name))
    assert answer.exit_code == 2
    assert str(tmp_path) in answer.stderr


def test_the_worst_of_several(tmp_path: Path) -> None:
    (tmp_path / "good").write_text(GOOD)
    (tmp_path / "wrong").write_text(GOOD.replace("D10,00", "D10,01"))
    assert run(str(tmp_path / "good"), str(tmp_path / "wrong")).exit_code == 1
    assert run(str(tmp_path / "wrong"), str(tmp_path / "none"), str(tmp_path / "good")).exit_code == 2


def test_json(file: Path) -> None:
    file.write_text(GOOD)
    answer = run(str(file), "--json")
    assert json.loads(answer.stdout) == {
        "file": str(file),
        "format": "mt940",
        "statements": [
            {
                "account": "NL71RABO0123456789",
                "currency": "EUR",
                "number": "7",
                "opening": "100.00",
                "entries": 1,
                "in": "0",
                "out": "-10.00",
                "closing": "90.00",
                "foots": True,
                "apart": "0.00",
                "line": 1,
                "findings": [],
            }
        ],
        "findings": [],
    }
    several = json.loads(run(str(file), str(file), "--json").stdout)
    assert [one["format"] for one in several] == ["mt940", "mt940"]


def test_json_of_what_cannot_be_read(file: Path) -> None:
    file.write_text("hello\n")
    answer = run(str(file), "--json")
    assert answer.exit_code == 2
    said = json.loads(answer.stdout)
    assert (said["format"], said["statements"], [finding["code"] for finding in said["findings"]]) == (None, [], ["bank.unknown_form"])
    assert answer.stderr


def test_the_account_asked_for(file: Path) -> None:
    file.write_text(GOOD)
    assert run(str(file), "--account", "NL71 RABO 0123 4567 89").exit_code == 0
    answer = run(str(file), "--account", "NL00RABO0000000000")
    assert answer.exit_code == 1
    assert "not of NL00RABO0000000000" in answer.stdout


def test_without_opening_nothing_is_concluded_until_it_is_given(file: Path) -> None:
    file.write_text(NO_OPENING + "Closing balance,,105.00\n")
    answer = run(str(file))
    assert answer.exit_code == 0
    assert "cannot be footed" in answer.stdout
    assert run(str(file), "--opening", "100.00").exit_code == 0
    assert run(str(file), "--opening", "100.01").exit_code == 1
    assert run(str(file), "--opening", "lots").exit_code == 2


def test_columns_told(file: Path) -> None:
    file.write_text("Tag;Wert\n01/02/2024;1.234\n")
    assert run(str(file)).exit_code == 2
    told = ["--column", "booked_on=Tag", "--column", "amount=Wert"]
    assert run(str(file), *told).exit_code == 1
    answer = run(str(file), *told, "--dates", "day_first", "--decimal", ",", "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["statements"][0]["in"] == "1234"
    assert run(str(file), "--column", "amount").exit_code == 2


def test_what_a_file_says_commands_no_terminal(file: Path) -> None:
    file.write_text("Date,Amount\n2024-01-02,\x1b[31mred\n")
    answer = run(str(file))
    assert "red" in answer.stdout
    assert "\x1b" not in answer.output


@pytest.mark.parametrize(
    ("name", "status"),
    [("bank_ofx/checking.ofx", 0), ("bank_ofx/error_message.ofx", 2), ("bank_camt/camt053.v2.multi.statement.xml", 0), ("bank_mt940/jejik__knab.sta", 1)],
)
def test_samples(shared_data: Path, name: str, status: int) -> None:
    assert run(str(shared_data / "dev" / name)).exit_code == status


def test_it_starts_within_a_second(file: Path) -> None:
    file.write_text(GOOD)
    command = [sys.executable, "-c", "from remit.front.commands import main; main()", "statement", "check", str(file)]
    begun = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).resolve().parents[3])
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - begun < 1.5
