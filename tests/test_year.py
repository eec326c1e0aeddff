"""A half-year of three companies through the API, lost and restored in its last month, and every figure recomputed from what was exported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.recompute import recomputed
from bench.year import agreed_price

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year") / "exports"
    command = [sys.executable, str(ROOT / "bench" / "year.py"), "--months", "6", "--keep", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    stages = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["stage"] for each in stages] == ["before", "restored", "after", "recomputed"]
    return folder


def test_every_figure_is_what_the_files_alone_give(exports: Path) -> None:
    said = recomputed(exports, price=agreed_price)
    assert said["differences"] == []
    assert said["months"] == 18
    assert said["of_kinds"]["verdict of the pack's own verifier"] == 18
    assert said["of_kinds"]["price of an entry"] == 18
    assert said["figures"] > 1000


@pytest.mark.parametrize("name", ["net", "total", "ubl_sha256"])
def test_a_changed_figure_is_a_difference(exports: Path, tmp_path: Path, name: str) -> None:
    rows: list[dict[str, Any]] = json.loads((exports / "invoices.json").read_text())
    rows[0][name] = {"net": "0.01", "total": "0.01", "ubl_sha256": "0" * 64}[name]
    for path in exports.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "invoices.json").write_text(json.dumps(rows))
    assert recomputed(tmp_path)["differences"]


def test_a_changed_pack_is_a_difference(exports: Path, tmp_path: Path) -> None:
    for path in exports.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    pack = next(tmp_path.glob("*.zip"))
    content = bytearray(pack.read_bytes())
    content[content.index(b"README.txt") + 40] ^= 1
    pack.write_bytes(content)
    differences = " ".join(recomputed(tmp_path)["differences"])
    assert "hash of the pack" in differences
    assert "verdict of the pack's own verifier" in differences
