"""The keeper: many commands, one server; and what is left after `kill -9` of any of them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from remit.front.installation.conftest import commands_naming
from remit.front.installation.keeper import KeeperFailed, Use, cluster, log_path
from remit.front.installation.layout import Installation
from remit.front.installation.processes import is_alive

Await = Callable[..., None]

USER = """
import sys, time
from pathlib import Path
import psycopg
from remit.front.installation.keeper import cluster
with cluster(Path(sys.argv[1])) as urls:
    with psycopg.connect(urls.program) as connection:
        print(connection.execute("select pg_postmaster_start_time()").fetchone()[0], flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def prepared(data: Path) -> Path:
    return Installation(data, is_demo=False).prepare().data


def user(data: Path, stays_s: float) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", USER, str(data), str(stays_s)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def postmaster(data: Path) -> int:
    return int((data / "db" / "postmaster.pid").read_text().splitlines()[0])


def keeper_process(data: Path) -> int:
    return int(Path(f"/proc/{postmaster(data)}/stat").read_text().rpartition(")")[2].split()[1])


def test_five_commands_at_once_start_one_server(prepared: Path, await_true: Await) -> None:
    users = [user(prepared, 1.0) for _ in range(5)]
    said = [process.communicate(timeout=60) for process in users]
    assert [process.returncode for process in users] == [0] * 5, said
    assert len({out for out, _ in said}) == 1
    await_true(lambda: not commands_naming(prepared))
    assert log_path(prepared).read_text().count(" started") == 1


def test_the_server_lingers_and_then_stops_cleanly(prepared: Path, await_true: Await) -> None:
    with cluster(prepared) as urls:
        psycopg.connect(urls.program).close()
    running = postmaster(prepared)
    with cluster(prepared):
        assert postmaster(prepared) == running
    await_true(lambda: not is_alive(running))
    assert not (prepared / "db" / "postmaster.pid").exists()
    assert "database system is shut down" in (prepared / "logs" / "postgres.log").read_text()


def test_whoever_comes_while_it_stops_starts_the_next(prepared: Path) -> None:
    for pause_s in (0.9, 1.1, 1.2, 1.3, 1.4):
        with cluster(prepared) as urls:
            psycopg.connect(urls.program).close()
        time.sleep(pause_s)


def test_a_killed_user_holds_nothing(prepared: Path, await_true: Await) -> None:
    process = user(prepared, 600)
    assert process.stdout
    assert process.stdout.readline()
    process.kill()
    process.communicate()
    await_true(lambda: not commands_naming(prepared))


def test_a_killed_postmaster_comes_back_with_what_was_committed(prepared: Path, await_true: Await) -> None:
    with cluster(prepared) as urls:
        with psycopg.connect(urls.owner) as connection:
            connection.execute("create table kept as select 7 as x")
        os.kill(postmaster(prepared), signal.SIGKILL)
        await_true(lambda: _answers(urls.owner, 7))


def test_a_killed_keeper_takes_its_server_along_and_is_replaced(prepared: Path, await_true: Await) -> None:
    use = Use(prepared)
    urls = use.join()
    with psycopg.connect(urls.owner) as connection:
        connection.execute("create table kept as select 7 as x")
    former = postmaster(prepared)
    os.kill(keeper_process(prepared), signal.SIGKILL)
    await_true(lambda: not use.has_keeper())
    urls = use.join()
    assert not is_alive(former)
    assert _answers(urls.owner, 7)
    use.leave()
    await_true(lambda: not commands_naming(prepared))


def test_a_keeper_that_cannot_start_says_why(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_POSTGRES_BIN", "/nowhere")
    with pytest.raises(KeeperFailed, match="/nowhere"), cluster(prepared):
        pass


def _answers(url: str, wanted: int) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.execute("select x from kept").fetchone() == (wanted,)
    except psycopg.OperationalError:
        return False
