"""`remit notice read` from outside: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from remit.front.commands import main


def run(*arguments: str, data: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["notice", "read", *arguments], input=data)


def test_a_table_that_a_person_can_read(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    result = run(str(shared_data / "dev" / "eforms" / "cn_24_cumbria.xml"))
    assert result.exit_code == 0
    assert "School Payroll and HR Admin Services" in result.stdout
    assert "Cumbria County Council, Carlisle, GB" in result.stdout
    assert "BT-500, line 21" in result.stdout
    assert "to be asked: Entities, Part of the country whose law holds, Level, Software and Confidentiality" in result.stdout
    assert "cpv.generic" in result.stdout
    assert result.stderr == ""


def test_one_object_a_notice(shared_data: Path) -> None:
    result = run("--json", str(shared_data / "demo" / "ocds_uk_kpo_demo.json"), str(shared_data / "dev" / "ted" / "001468-2021.xml"))
    assert result.exit_code == 0
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(objects) == 13
    first = objects[0]
    assert first["fields"]["title"]["value"] == "WNC PFI Finance Remodelling"
    assert first["fields"]["title"]["from"] == {"line": 21, "path": "/releases/0/tender/title", "field": "tender/title"}
    assert first["fields"]["value"]["value"] == {"amount": "35000", "currency": "GBP"}
    assert first["missing"] == ["entities", "part", "level", "volume", "software", "confidentiality"]
    assert first["suspicions"][0]["code"] == "notice.award_not_call"
    assert first["service_hint"]["service"] == "investment"


def test_standard_input(shared_data: Path) -> None:
    result = run("-", data=(shared_data / "dev" / "ted" / "508893-2019.xml").read_bytes())
    assert result.exit_code == 0
    assert "Collectieve zorgverzekering voor minima" in result.stdout


def test_however_much_is_missing(shared_data: Path) -> None:
    result = run(str(shared_data / "dev" / "eforms" / "INVALID_cn_24_stage-2.xml"))
    assert result.exit_code == 0
    assert "notice.empty_element" in result.stdout


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<?xml version="1.0"?>\n<!DOCTYPE a><TED_EXPORT/>', ":2: DOCTYPE: The file declares a DOCTYPE"),
        (b"<TED_EXPORT>\n<a></b>", ":2: XML: The XML is broken here"),
        (b'{"ocid":\n}', ":2: column 1: The JSON is broken here"),
        (b"<Invoice/>", ":1: Invoice: Invoice is not a notice form that is known here"),
        (b"", ":1: bytes: The file is empty"),
    ],
)
def test_refused_on_stderr_with_file_line_and_field(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "bad notice.xml"
    path.write_bytes(data)
    result = run(str(path))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"{path}{said}")


def test_folders_and_missing_files(tmp_path: Path, shared_data: Path) -> None:
    good = shared_data / "dev" / "ted" / "001468-2021.xml"
    result = run(str(tmp_path), str(tmp_path / "none.xml"), str(good))
    assert result.exit_code == 2  # the worst of the three
    assert f"{tmp_path}: this is a folder; name the files in it" in result.stderr
    assert "none.xml: No such file or directory" in result.stderr
    assert "Poznaniu" in result.stdout
    assert run().exit_code == 2


def test_an_error_is_also_an_object(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"[" * 100_000)
    result = run("--json", str(path))
    assert result.exit_code == 2
    assert json.loads(result.stdout)["errors"][0]["code"] == "notice.too_deep"


def test_it_starts_within_a_second(shared_data: Path) -> None:
    """The best of three, since other work runs on the machine."""
    command = [sys.executable, "-c", "from remit.front.commands import main; main()", "notice", "read", str(shared_data / "dev" / "ted" / "001468-2021.xml")]
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    assert min(times) < 1
