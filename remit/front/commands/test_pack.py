"""`remit pack verify` says what `remit-verify` says."""

import json
from pathlib import Path

from click.testing import CliRunner

from remit.formats.packs.conftest import Installation, month
from remit.front.commands import main


def test_it_verifies_and_ends_with_the_worst_status(tmp_path: Path) -> None:
    installation = month(Installation())
    pack = installation.pack()
    at = pack.index(b"All 12 lines")
    (tmp_path / "good.zip").write_bytes(pack)
    (tmp_path / "bad.zip").write_bytes(pack[:at] + b"B" + pack[at + 1 :])
    good, bad = str(tmp_path / "good.zip"), str(tmp_path / "bad.zip")
    run = CliRunner().invoke
    assert run(main, ["pack", "verify", good, "--key", str(installation.key())]).exit_code == 0
    failed = run(main, ["pack", "verify", good, bad])
    assert failed.exit_code == 1
    assert "entry 1 (deliverable.prepared)" in failed.stdout
    missing = run(main, ["pack", "verify", str(tmp_path / "none.zip")])
    assert missing.exit_code == 2
    assert "none.zip:1: pack:" in missing.stderr
    said = json.loads(run(main, ["pack", "verify", "--json", good]).stdout)
    assert said["holds"] is True
    assert said["entries"] == 7
