"""`remit run` and `remit start` as their users meet them: served, killed in every part, stopped."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from remit.front.installation.conftest import children_of, commands_naming
from remit.front.installation.processes import Pace, is_alive
from remit.front.installation.serving import NoPort, address_of, free_port, is_free
from remit.front.pages import demonstration

Await = Callable[..., None]
REMIT = [sys.executable, "-c", "from remit.front.commands import main; main()"]


class Served:
    """A `remit run` whose address is known."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [*REMIT, *options, "--data", str(data), "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        self.said: list[str] = []
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            found = re.search(r"open at (\S+)|\"address\": \"([^\"]+)\"", line)
            if found:
                self.address = found[1] or found[2]
                return
        raise AssertionError("".join(self.said))

    def page(self) -> str:
        try:
            with urllib.request.urlopen(self.address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError as failure:
            return str(failure)

    def web_server(self) -> int:
        """0 while there is none."""
        return next((pid for pid in children_of(self.process.pid) if b"installation.web" in Path(f"/proc/{pid}/cmdline").read_bytes()), 0)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            # What outlived it would hold the pipe.
            self.process.communicate(timeout=60)


@pytest.fixture
def served(data: Path, trial_project: None) -> Iterator[Served]:
    served = Served(data, "run")
    yield served
    served.end()


def test_it_serves_as_the_program_and_stops_cleanly(served: Served, await_true: Await) -> None:
    assert served.page() == "remit_program"
    web = served.web_server()
    served.process.send_signal(signal.SIGINT)
    said, _ = served.process.communicate(timeout=30)
    assert served.process.returncode == 0
    assert "Stopping." in said
    await_true(lambda: not commands_naming(served.data))
    assert not Path(f"/proc/{web}").exists()
    assert "database system is shut down" in (served.data / "logs" / "postgres.log").read_text()


def test_a_killed_web_server_is_started_again(served: Served, await_true: Await) -> None:
    former = served.web_server()
    os.kill(former, signal.SIGKILL)
    await_true(lambda: served.web_server() not in (0, former) and served.page() == "remit_program")


def test_a_killed_worker_of_the_web_server_is_started_again(served: Served, await_true: Await) -> None:
    worker = children_of(served.web_server())[0]
    os.kill(worker, signal.SIGKILL)
    web = served.web_server()
    await_true(lambda: worker not in children_of(web) and served.page() == "remit_program")


def test_a_killed_keeper_and_a_killed_database_come_back(served: Served, await_true: Await) -> None:
    for _ in range(2):
        postmaster = int((served.data / "db" / "postmaster.pid").read_text().splitlines()[0])
        keeper = int(Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(keeper, signal.SIGKILL)
        os.kill(postmaster, signal.SIGKILL)
        await_true(lambda killed=keeper: not Path(f"/proc/{killed}").exists())
        await_true(lambda: served.page() == "remit_program")


def test_nothing_outlives_a_killed_run(served: Served, await_true: Await) -> None:
    web = served.web_server()
    workers = children_of(web)
    served.process.kill()
    served.process.communicate()
    await_true(lambda: not any(is_alive(pid) for pid in (web, *workers)), within_s=15)
    await_true(lambda: not commands_naming(served.data))


def test_a_second_run_says_where_the_first_is_and_stop_ends_it(served: Served) -> None:
    again = subprocess.run([*REMIT, "run", "--data", str(served.data), "--no-browser"], capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout) == (0, f"Remit already serves this installation at {served.address}\n")
    stopped = subprocess.run([*REMIT, "stop", "--demo", "--data", str(served.data), "--json"], capture_output=True, text=True, check=True)
    assert json.loads(stopped.stdout) == {"data": str(served.data), "stopped": True}
    served.process.communicate(timeout=30)
    assert served.process.returncode == 0
    once_more = subprocess.run([*REMIT, "stop", "--demo", "--data", str(served.data)], capture_output=True, text=True, check=True)
    assert once_more.stdout == "Remit does not run there.\n"


def test_with_json_each_step_is_an_object(data: Path, trial_project: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    login = demonstration.Login("Petra", "petra@halden.example", "Client: CFO", "Halden")
    served = Served(data, "run", "--json")
    try:
        again = subprocess.run([*REMIT, "run", "--data", str(data), "--no-browser", "--json"], capture_output=True, text=True, check=True)
        demonstration.tell(data, "All is built.", 100, done=True, logins=[login])
        time.sleep(1)
        served.process.send_signal(signal.SIGINT)
        said, _ = served.process.communicate(timeout=30)
    finally:
        served.end()
    told = [json.loads(line) for line in (*served.said, *said.splitlines()) if '"event"' in line and '"logger"' not in line]
    assert told[:2] == [{"event": "migrated"}, {"event": "open", "address": served.address}]
    assert {"event": "demonstration", "says": "All is built.", "share": 100, "done": True, "logins": [asdict(login)]} in told
    assert told[-1] == {"event": "stopping"}
    assert json.loads(again.stdout) == {"event": "serves_already", "address": served.address}


def test_data_is_kept_from_one_start_to_the_next(data: Path, trial_project: None) -> None:
    kept = []
    for _ in range(2):
        served = Served(data, "run")
        kept.append((data / "origin").read_text() + (data / "keys" / "secret.key").read_text())
        is_migrating = any("up to date" in line for line in served.said)
        served.process.send_signal(signal.SIGTERM)
        served.process.communicate(timeout=30)
    assert kept[0] == kept[1]
    assert not is_migrating, "the second start found nothing to migrate"


def test_a_taken_port_is_passed_over_unless_it_was_asked_for(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert free_port("127.0.0.1", port) > port
        asked = subprocess.run([*REMIT, "run", "--data", str(data), "--port", str(port)], capture_output=True, text=True, check=False)
    assert asked.returncode == 1
    assert "is taken" in asked.stderr


def test_an_address_of_another_machine_is_no_matter_of_ports() -> None:
    with pytest.raises(NoPort, match=r"no address 203\.0\.113\.5"):
        free_port("203.0.113.5")


def test_a_program_that_cannot_be_served_ends_with_status_1(data: Path, trial_project: None, tmp_path: Path) -> None:
    (tmp_path / "trial_urls.py").write_text("raise RuntimeError('broken')")
    (tmp_path / "trial_settings.py").write_text((tmp_path / "trial_settings.py").read_text() + "\nMIDDLEWARE = ['trial_urls.nothing']\n")
    failed = subprocess.run([*REMIT, "run", "--data", str(data), "--no-browser"], capture_output=True, text=True, check=False, timeout=60)
    assert failed.returncode == 1
    assert "did not answer" in failed.stderr


def test_addresses_are_ones_that_a_browser_opens() -> None:
    assert address_of("127.0.0.1", 8000) == "http://127.0.0.1:8000"
    assert address_of("0.0.0.0", 8001) == "http://127.0.0.1:8001"
    assert address_of("::1", 8000) == "http://[::1]:8000"


def test_five_starts_a_minute_and_no_more() -> None:
    now = 100.0
    pace = Pace(clock=lambda: now)
    for _ in range(5):
        assert pace.wait_s() == 0
        pace.started()
        now += 1
    assert pace.wait_s() == 55
    now += 55
    assert pace.wait_s() == 0
