"""Backup and restore of a real installation, and every way in which a restore must leave nothing behind."""

import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from remit.front.commands import main
from remit.front.installation import backup, sealed
from remit.front.installation.backup import BackupFailed, RestoreFailed, make, restore
from remit.front.installation.keeper import cluster
from remit.front.installation.layout import Installation
from remit.front.installation.sealed import SealedWriter, Unopenable

PASSPHRASE = "correct horse battery staple"
CHECKPOINT = "remit/abc\n3\nroot of three\n\n- signed\n"
LATER = "remit/abc\n5\nroot of five\n\n- signed\n"


@pytest.fixture(autouse=True)
def quick_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SealedWriter.__init__, "__defaults__", (10,))


@pytest.fixture
def filled(data: Path) -> Installation:
    """Rows under row level security, which the owner's dump must hold, a larger file and a checkpoint."""
    made = Installation(data, is_demo=False).prepare()
    (data / "origin").write_text("remit/abc\n")
    with cluster(data) as urls, psycopg.connect(urls.owner) as connection:
        connection.execute("create extension btree_gist")
        connection.execute("create table entry (id int primary key, body bytea)")
        connection.execute("insert into entry select n, sha256(n::text::bytea) from generate_series(1, 500) n")
        connection.execute("alter table entry enable row level security")
        connection.execute("create policy nobody on entry for select to remit_program using (id = 1)")
        connection.execute("grant select on entry to remit_program")
        connection.execute("create table records_checkpoint (size bigint, note text)")
        connection.execute("insert into records_checkpoint values (3, %s)", [CHECKPOINT])
        connection.execute("grant select on records_checkpoint to remit_sequencer")
    (made.files / "ab").mkdir()
    (made.files / "ab" / "cdef").write_bytes(os.urandom(3 * 2**20 + 17))
    (made.files / "ab" / f"{'0' * 64}.5f3a").write_bytes(b"half of a file that is being wri")
    (made.checkpoints / "last").write_text(CHECKPOINT)
    return made


def test_all_comes_back(filled: Installation, data: Path, tmp_path: Path) -> None:
    target, again = tmp_path / "backup.remit", data.with_name("again")
    made = make(filled, target, PASSPHRASE)
    assert made.origin == filled.origin
    assert target.stat().st_mode & 0o777 == 0o600
    restored = restore(target, PASSPHRASE, again)
    assert (restored.is_compared, restored.disagreement) == (True, None)
    new = restored.installation
    assert (new.data, new.is_demo, new.origin) == (again, False, filled.origin)
    for relative in ("files/ab/cdef", "keys/master.key", "keys/secret.key", "keys/sequencer.pem", "checkpoints/last"):
        assert (again / relative).read_bytes() == (filled.data / relative).read_bytes()
        assert (again / relative).stat().st_mode & 0o777 == 0o600
    with cluster(again) as urls:
        with psycopg.connect(urls.owner) as connection:
            assert connection.execute("select count(*), bool_and(body = sha256(id::text::bytea)) from entry").fetchone() == (500, True)
            assert connection.execute("select tableowner from pg_tables where tablename = 'entry'").fetchone() == ("remit_owner",)
        with psycopg.connect(urls.program) as connection:
            assert connection.execute("select id from entry").fetchall() == [(1,)]
    assert [path.name for path in data.parent.iterdir() if path.name.startswith("again-")] == []
    assert [path.name for path in (again / "files" / "ab").iterdir()] == ["cdef"]
    assert not list(filled.data.glob(".dump*"))


def test_the_file_shows_nothing_of_what_it_holds(filled: Installation, tmp_path: Path) -> None:
    target = tmp_path / "backup.remit"
    make(filled, target, PASSPHRASE)
    content = target.read_bytes()
    for secret in (filled.origin.encode(), filled.master_key.read_bytes(), b"manifest.json", b"PGDMP", b"PRIVATE KEY"):
        assert secret not in content


def test_a_backup_that_is_not_sound_restores_nothing(filled: Installation, data: Path, tmp_path: Path) -> None:
    target, again = tmp_path / "backup.remit", data.with_name("again")
    make(filled, target, PASSPHRASE)
    content = target.read_bytes()
    changed = bytearray(content)
    changed[-100] ^= 1
    for what in (content[:-1], content[: len(content) // 2], bytes(changed), b"", b"no backup", content + b"x"):
        target.write_bytes(what)
        with pytest.raises(Unopenable):
            restore(target, PASSPHRASE, again)
        assert not again.exists()
    target.write_bytes(content)
    with pytest.raises(Unopenable, match="passphrase"):
        restore(target, "some other passphrase", again)
    assert {path.name for path in data.parent.iterdir()} == {data.name}


def test_an_installation_is_never_restored_over(filled: Installation, tmp_path: Path) -> None:
    make(filled, tmp_path / "backup.remit", PASSPHRASE)
    before = filled.master_key.read_bytes()
    with pytest.raises(RestoreFailed, match="not empty"):
        restore(tmp_path / "backup.remit", PASSPHRASE, filled.data)
    assert filled.master_key.read_bytes() == before


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "files/../../outside", "other/file"])
def test_no_name_leads_outside(name: str, data: Path, tmp_path: Path) -> None:
    target = tmp_path / "hostile.remit"
    with target.open("wb") as file, SealedWriter(file, PASSPHRASE) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
        manifest = json.dumps({"form": 1, "remit": "x", "origin": "demo", "made_at": "x"}).encode()
        for member_name, content in (("manifest.json", manifest), (name, b"content")):
            member = tarfile.TarInfo(member_name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    with pytest.raises(Unopenable, match="not part of an installation"):
        restore(target, PASSPHRASE, data)
    assert list(data.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("kept", "says"), [(LATER, "does not contain the checkpoint of size 5"), (CHECKPOINT.replace("three", "another"), "of size 3"), ("x", "not a checkpoint")]
)
def test_a_record_that_lacks_the_last_checkpoint_ends_with_1(filled: Installation, data: Path, tmp_path: Path, kept: str, says: str) -> None:
    make(filled, tmp_path / "backup.remit", PASSPHRASE)
    (tmp_path / "kept").write_text(kept)
    again = data.with_name("again")
    arguments = ["restore", str(tmp_path / "backup.remit"), "--data", str(again), "--checkpoint", str(tmp_path / "kept"), "--json"]
    said = CliRunner().invoke(main, arguments, env={"REMIT_PASSPHRASE": PASSPHRASE})
    assert said.exit_code == 1, said.output
    assert says in json.loads(said.stdout)["disagreement"]
    # What its owner kept stays beside it, so that nothing is signed against it.
    expected = kept if says != "not a checkpoint" else CHECKPOINT
    assert (again / "checkpoints" / "last").read_text() == expected


def test_a_checkpoint_of_another_installation_is_none_of_this_one(filled: Installation, data: Path, tmp_path: Path) -> None:
    make(filled, tmp_path / "backup.remit", PASSPHRASE)
    (tmp_path / "kept").write_text(LATER.replace("abc", "xyz"))
    again = data.with_name("again")
    restored = restore(tmp_path / "backup.remit", PASSPHRASE, again, tmp_path / "kept")
    assert restored.disagreement == "kept is a checkpoint of remit/xyz, not of this installation, which is remit/abc"
    assert (again / "checkpoints" / "last").read_text() == CHECKPOINT


def test_a_checkpoint_signed_during_the_backup_does_not_outrun_the_dump(
    filled: Installation, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = backup._run_client

    def then_sign(*arguments: Any, **options: Any) -> None:
        dump(*arguments, **options)
        (filled.checkpoints / "last").write_text(LATER)

    monkeypatch.setattr(backup, "_run_client", then_sign)
    make(filled, tmp_path / "backup.remit", PASSPHRASE)
    monkeypatch.setattr(backup, "_run_client", dump)
    assert restore(tmp_path / "backup.remit", PASSPHRASE, data.with_name("again")).disagreement is None


def test_no_installation_no_file(data: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="no installation"):
        make(Installation(data, is_demo=False), tmp_path / "backup.remit", PASSPHRASE)
    assert list(tmp_path.iterdir()) == []


def test_commands_refuse_with_status_2(tmp_path: Path, data: Path) -> None:
    runner = CliRunner()
    broken = tmp_path / "broken.remit"
    broken.write_bytes(b"nothing of the kind")
    for arguments, environment, said in (
        (["restore", str(broken), "--data", str(data)], {"REMIT_PASSPHRASE": PASSPHRASE}, f"{broken}: this is not a backup"),
        (["restore", str(broken), "--data", str(data)], {}, "no passphrase"),
        (["backup", str(broken), "--data", str(data)], {"REMIT_PASSPHRASE": PASSPHRASE}, "is there already"),
        (["backup", str(tmp_path / "new"), "--data", str(data)], {"REMIT_PASSPHRASE": "short"}, "too short"),
        (["backup", str(tmp_path / "new"), "--data", str(data)], {"REMIT_PASSPHRASE": PASSPHRASE}, "no installation"),
    ):
        result = runner.invoke(main, arguments, env={"REMIT_PASSPHRASE": None, **environment})
        assert (result.exit_code, said in result.stderr) == (2, True), (arguments, result.output)


def test_scrypt_costs_what_it_should() -> None:
    assert sealed.LOG_N >= 17
