"""A real server: its roles, what it lets in, and that it comes back."""

import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from remit.front.installation import postgres
from remit.front.installation.postgres import (
    OWNER,
    PROGRAM,
    SEQUENCER,
    SETTINGS,
    SOCKET_NAME,
    THROWAWAY,
    Server,
    ServerFailed,
    Urls,
    sweep,
    throwaway_server,
    urls_from_environment,
)


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    data.mkdir(mode=0o711)
    server = Server(data, THROWAWAY)
    server.start()
    yield server
    server.stop()


def test_roles_can_do_no_more_than_they_should(server: Server) -> None:
    with psycopg.connect(server.superuser_url()) as connection:
        rows = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname like 'remit_%' order by 1"
        ).fetchall()
    assert rows == [(role, False, False, False, False) for role in sorted((OWNER, PROGRAM, SEQUENCER))]
    with psycopg.connect(server.urls().owner) as connection:
        connection.execute("create table kept (x int)")
        connection.execute("create extension btree_gist")
    with psycopg.connect(server.urls().program) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table mine (x int)")
        connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from kept")


def test_only_the_socket_lets_in_and_only_its_owner_gets_there(server: Server) -> None:
    with psycopg.connect(server.superuser_url()) as connection:
        shown = {name: connection.execute(f"show {name}").fetchone()[0] for name in ("listen_addresses", "server_encoding", "timezone")}
        builtin = "datlocprovider, datlocale" if connection.info.server_version >= 170000 else "'b', datcollate"
        provider = connection.execute(f"select {builtin} from pg_database where datname = 'remit'").fetchone()
    assert shown == {"listen_addresses": "", "server_encoding": "UTF8", "timezone": "UTC"}
    assert provider == ("b", "C.UTF-8")
    for folder in (server.socket_folder, server.cluster):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to a service user")
def test_root_drops_to_a_service_user(server: Server) -> None:
    assert server.process is not None
    assert Path(f"/proc/{server.process.pid}").stat().st_uid == server.cluster.stat().st_uid != 0


def test_a_killed_server_starts_again_with_what_was_committed(server: Server) -> None:
    server.stop()
    server.options = dict(SETTINGS)
    server.start()
    with psycopg.connect(server.urls().owner) as connection:
        connection.execute("create table kept as select 7 as x")
    assert server.process is not None
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    server.start()
    with psycopg.connect(server.urls().owner) as connection:
        assert connection.execute("select x from kept").fetchone() == (7,)


def test_a_killed_server_that_nobody_reaped_bars_no_start(server: Server) -> None:
    assert server.process is not None
    server.process.send_signal(signal.SIGKILL)
    again = Server(server.folder, THROWAWAY)
    again.start(within_s=20)
    again.stop()
    server.process.wait()


def test_a_number_that_went_to_another_process_bars_no_start(server: Server) -> None:
    assert server.process is not None
    server.process.send_signal(signal.SIGKILL)
    other = subprocess.Popen(["sleep", "60"], **server._as_user())
    try:
        for lock in (server.cluster / "postmaster.pid", Path(f"{server.socket_folder}{SOCKET_NAME}.lock")):
            lock.write_text(lock.read_text().replace(str(server.process.pid), str(other.pid), 1))
        server.process.wait()
        server.start(within_s=20)
    finally:
        other.kill()
        other.wait()


def test_a_running_server_is_left_alone(server: Server) -> None:
    with pytest.raises(ServerFailed, match="did not start"):
        Server(server.folder, THROWAWAY).start(within_s=1)
    psycopg.connect(server.urls().program).close()


def test_set_up_that_was_interrupted_is_begun_again(data: Path) -> None:
    data.mkdir(mode=0o711)
    (data / "init-left").mkdir()
    (data / "db").mkdir()
    server = Server(data, THROWAWAY)
    try:
        server.start()
        assert (data / "db" / "PG_VERSION").exists()
    finally:
        server.stop()


def test_where_memory_cannot_be_shared_files_are(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "SHARED_MEMORY", data / "missing")
    data.mkdir(mode=0o711)
    server = Server(data, THROWAWAY)
    try:
        server.start()
        with psycopg.connect(server.superuser_url()) as connection:
            assert connection.execute("show dynamic_shared_memory_type").fetchone() == ("mmap",)
    finally:
        server.stop()


def test_a_user_without_a_name_is_told_what_to_do(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data.mkdir(mode=0o711)
    monkeypatch.setattr(os, "geteuid", lambda: 4_200_000)
    with pytest.raises(ServerFailed, match=r"4200000 .*DATABASE_URL"):
        Server(data, THROWAWAY).start()


def test_a_path_too_long_for_a_socket_is_no_hindrance(data: Path) -> None:
    deep = data / ("x" * 60) / ("y" * 60)
    for folder in reversed((deep, *deep.parents)):
        if not folder.exists():
            folder.mkdir(mode=0o711)
    server = Server(deep, THROWAWAY)
    try:
        server.start()
        assert not server.socket_folder.is_relative_to(deep)
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
        psycopg.connect(Server(deep).urls().program).close()
    finally:
        server.stop()
        server.socket_folder.rmdir()


def test_failure_says_what_the_log_says(data: Path) -> None:
    data.mkdir(mode=0o711)
    with pytest.raises(ServerFailed, match="no_such_setting"):
        Server(data, {**THROWAWAY, "no_such_setting": "1"}).start(within_s=20)


def test_throwaway_leaves_nothing_and_sweeps_what_was_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    base = Path(tempfile.mkdtemp(prefix="remit-sweep-"))
    base.chmod(0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(base))
    left = base / "remit-test-left"
    left.mkdir()
    (left / "in-use.lock").touch()
    with throwaway_server() as server:
        assert not left.exists()
        sweep("remit-test-")
        assert server.folder.exists()
    assert list(base.iterdir()) == []
    base.rmdir()


def test_a_real_server_is_named_by_environment() -> None:
    assert urls_from_environment({}) is None
    named = {"DATABASE_URL": "postgresql://p@db/x", "REMIT_OWNER_URL": "postgresql://o@db/x"}
    assert urls_from_environment(named) == Urls("postgresql://p@db/x", "postgresql://o@db/x", "postgresql://p@db/x")
