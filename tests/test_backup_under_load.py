"""A backup while eight writers act: what was acknowledged before is in it, what was signed verifies, and nothing is signed twice after a restore."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner

from remit.apps.records import files, sequencer
from remit.domain.record.checkpoint import Head, VerifierKey, log_origin, open_checkpoint
from remit.domain.record.tree import leaf_hash, root_of
from remit.formats.packs.keys import load_signer, verify
from remit.front.commands import main
from remit.front.installation.backup import make, restore
from remit.front.installation.keeper import Use, cluster
from remit.front.installation.layout import Installation
from remit.front.installation.migration import migrate_if_needed, migrated_marker
from remit.front.installation.sealed import SealedWriter
from tests.load import writers

PASSPHRASE = "correct horse battery staple"
SIGNED_WITHIN_S = 30.0


def test_a_backup_under_load_holds_what_was_acknowledged_and_signs_no_fork(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SealedWriter.__init__, "__defaults__", (10,))
    backup, later = tmp_path / "backup.remit", tmp_path / "later"
    before = backed_up(data, tmp_path / "writers", backup, later)

    again = data.with_name("again")
    restored = restore(backup, PASSPHRASE, again)
    assert (restored.is_compared, restored.disagreement) == (True, None)
    with cluster(again) as urls, psycopg.connect(urls.owner) as connection:
        held = {row[0] for row in connection.execute("select id from records_entry").fetchall()}
        assert set(before) <= held
        assert {"file", "function"} <= {kind.removeprefix("kept") for kind in before.values()}
        files_are_whole(connection, again)
        verifies(connection, again)

    forked(data.with_name("forked"), backup, later)


def backed_up(data: Path, folder: Path, backup: Path, later: Path) -> dict[UUID, str]:
    """The backup, made beside the writers, and the checkpoint that was kept after it; gives what was acknowledged before the backup began."""
    made = Installation(data, is_demo=False).prepare()
    with cluster(data) as urls:
        migrate_if_needed(made, urls)
        with writers(made, urls, folder) as writing:
            writing.wait_for(4)
            _signed(made)
            before = writing.acknowledged()
            make(made, backup, PASSPHRASE)
            during = len(writing.acknowledged())
            assert during > len(before), "nobody wrote during the backup"
            at_backup = (made.checkpoints / "last").read_bytes()
            _signed(made, after=at_backup)
        later.write_bytes((made.checkpoints / "last").read_bytes())
    return before


def _signed(made: Installation, after: bytes | None = None) -> None:
    last, until = made.checkpoints / "last", time.monotonic() + SIGNED_WITHIN_S
    while not last.exists() or last.read_bytes() == after:
        assert time.monotonic() < until, "the sequencer did not sign"
        time.sleep(0.05)


def files_are_whole(connection: psycopg.Connection[Any], data: Path) -> None:
    """Every file that a row names is there and opens under the keys restored with it."""
    master = bytes.fromhex((data / "keys" / "master.key").read_text())
    keys = {
        audience: files.opened(master, bytes(wrapped), audience.bytes) for audience, wrapped in _rows(connection, "audience_id, wrapped", "records_audiencekey")
    }
    named = _rows(connection, "audience_id, sha256, wrapped_key, size", "records_file")
    assert named
    for audience, sha256, wrapped, size in named:
        stored = (data / "files" / str(audience) / sha256).read_bytes()
        key = files.opened(keys[audience], bytes(wrapped), sha256.encode())
        assert len(files.opened(key, stored, sha256.encode())) == size


def verifies(connection: psycopg.Connection[Any], data: Path) -> None:
    """The checkpoint kept outside the database is signed by its key; leaves, heads and roll-up are computed again from the entries."""
    origin = (data / "origin").read_text().strip()
    key = VerifierKey(origin, load_signer((data / "keys" / "sequencer.pem").read_bytes()).public)
    kept = open_checkpoint((data / "checkpoints" / "last").read_bytes(), key, verify)
    rolled = [bytes(leaf) for _, leaf in _rows(connection, "index, leaf_hash", "records_rollupleaf")]
    assert kept.size <= len(rolled)
    assert root_of(rolled[: kept.size]) == kept.root
    logs: dict[UUID, list[bytes]] = {}
    query = "select l.audience_id, l.leaf_hash, e.statement from records_leaf l join records_entry e on e.id = l.entry_id order by l.audience_id, l.index"
    for audience, leaf, statement in connection.execute(query).fetchall():
        assert leaf_hash(bytes(statement)) == bytes(leaf)
        logs.setdefault(audience, []).append(bytes(leaf))
    newest = "select distinct on (audience_id) audience_id, size, rollup_index, note from records_head order by audience_id, size desc"
    for audience, size, index, note in connection.execute(newest).fetchall():
        head = Head(log_origin(origin, audience), size, root_of(logs[audience][:size]))
        assert open_checkpoint(note.encode(), key, verify) == head
        assert rolled[index] == leaf_hash(head.to_bytes())


def forked(data: Path, backup: Path, later: Path) -> None:
    """Restored where a later checkpoint is known: nothing is signed, the log says what to do, and a new name lets it go on."""
    runner, environment = CliRunner(), {"REMIT_PASSPHRASE": PASSPHRASE}
    said = runner.invoke(main, ["restore", str(backup), "--data", str(data), "--checkpoint", str(later), "--json"], env=environment)
    assert said.exit_code == 1, said.output
    assert "remit origin renew" in json.loads(said.stdout)["disagreement"]
    old = (data / "origin").read_text().strip()
    with cluster(data) as urls, psycopg.connect(urls.owner, autocommit=True) as connection:
        signed = _rows(connection, "size", "records_checkpoint")
        migrated_marker(data).write_text("as it was\n")  # lets the sequencer begin
        until = time.monotonic() + SIGNED_WITHIN_S
        while "remit origin renew" not in (data / "logs" / "keeper.log").read_text():
            assert time.monotonic() < until, (data / "logs" / "keeper.log").read_text()
            time.sleep(0.1)
        assert _rows(connection, "size", "records_checkpoint") == signed
        assert (data / "checkpoints" / "last").read_bytes() == later.read_bytes()

    renewed = renew(data)
    assert renewed.returncode == 0, renewed.stderr
    new = (data / "origin").read_text().strip()
    assert (json.loads(renewed.stdout)["old"], json.loads(renewed.stdout)["new"]) == (old, new)
    assert old != new
    while Use(data).has_keeper():  # the next one begins without the waits that this one put between its tries
        time.sleep(0.1)
    with cluster(data) as urls, psycopg.connect(urls.owner, autocommit=True) as connection:
        until = time.monotonic() + SIGNED_WITHIN_S
        while _rows(connection, "id", "records_queued") or not (data / "checkpoints" / "last").exists():
            assert time.monotonic() < until, (data / "logs" / "keeper.log").read_text()
            time.sleep(0.1)
        sequencer.refuse_a_fork(connection, data / "checkpoints" / "last")
        verifies(connection, data)
        under_old = [note for (note,) in _rows(connection, "note", "records_checkpoint") if note.startswith(f"{old}\n")]
        assert len(under_old) == len(signed)
    shown = json.loads(runner.invoke(main, ["origin", "show", "--data", str(data), "--json"]).stdout)
    assert [each["origin"] for each in shown["before"]] == [old]
    again = renew(data)
    assert (again.returncode, "contains its last checkpoint" in again.stderr) == (2, True)


def renew(data: Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, for it sets up Django by the installation's settings."""
    program = "from remit.front.commands import main; main()"
    command = [sys.executable, "-c", program, "origin", "renew", "--yes", "--data", str(data), "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def _rows(connection: psycopg.Connection[Any], columns: str, table: str) -> list[Any]:
    return connection.execute(f"select {columns} from {table} order by 1").fetchall()
