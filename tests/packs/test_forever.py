"""A pack that was given out verifies with every later version, alone and inside the program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from remit.formats.packs import verify

V1 = Path(__file__).with_name("v1.zip")
"""A sealed month of the demonstration, of the first form."""


def test_the_first_form_verifies() -> None:
    report = verify.check(V1.read_bytes())
    assert report.status == 0, report.failures
    assert report.as_dict()["covers"]["kind"] == "period"
    assert "checked_seals" in {checked["code"] for checked in report.as_dict()["checked"]}


def test_it_verifies_alone() -> None:
    program = Path(verify.__file__)
    done = subprocess.run([sys.executable, "-I", "-S", str(program), str(V1)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DEMONSTRATION" in done.stdout


def test_one_changed_byte_is_named(tmp_path: Path) -> None:
    data = bytearray(V1.read_bytes())
    data[data.index(b'"kind":"deliverable.reviewed"') + 20] ^= 1
    report = verify.check(bytes(data))
    assert report.status == 1
    first = report.as_dict()["failures"][0]
    assert first["code"] == "entry_changed"
    assert first["values"]["kind"] == "deliverable.seviewed"
