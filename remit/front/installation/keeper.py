"""The keeper: a small process that is the parent of an installation's PostgreSQL and of its sequencer, for as long as anyone uses them.

Three locks, all freed by the kernel however a process ends:

- `start.lock`: held while somebody looks whether a keeper runs and starts one; so of five commands one starts it.
- `users.lock`: every user of the cluster holds it, shared. The keeper tries to get it alone; once it could for a second, it keeps it and stops,
  so that whoever comes meanwhile waits for the end and then starts the next keeper.
- `keeper.lock`: held by the keeper while it lives.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from remit.front.installation import locks
from remit.front.installation.postgres import START_WITHIN_S, Server, ServerFailed, Urls, urls_from_environment
from remit.front.installation.processes import Pace, dies_with_parent, module_command

LINGER_S = 1.0
POLL_S = 0.2
NOTHING_TO_RUN = 0
"""A sequencer that ends with this status is not started again."""


_started: list[int] = []
"""Process ids of keepers that this process started: those that end before it are to be reaped."""


class KeeperFailed(Exception):
    """The cluster could not be started; the message says why and where the log is."""


class Use:
    """One process's use of the cluster: joins the keeper that runs, or starts one."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._users: int | None = None

    def join(self) -> Urls:
        """Waits until the cluster answers. To be called again when the database was lost: a keeper that was killed is replaced."""
        if self._users is None:
            # Waits here while a keeper that found nobody is stopping.
            self._users = locks.take(self.data / "users.lock", shared=True)
        deadline = time.monotonic() + START_WITHIN_S
        while True:
            started = self._start_if_none()
            urls = urls_from_environment() or Server(self.data).urls()
            if started or self.is_up(urls):
                return urls
            if time.monotonic() > deadline:
                raise KeeperFailed(f"the database in {self.data} does not answer; see {log_path(self.data)}")
            time.sleep(0.1)

    def leave(self) -> None:
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def has_keeper(self) -> bool:
        _started[:] = [process for process in _started if os.waitpid(process, os.WNOHANG) == (0, 0)]
        with locks.locked(self.data / "start.lock"):
            return locks.is_held(self.data / "keeper.lock")

    @staticmethod
    def is_up(urls: Urls) -> bool:
        import psycopg

        try:
            psycopg.connect(urls.program, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _start_if_none(self) -> bool:
        with locks.locked(self.data / "start.lock"):
            if locks.is_held(self.data / "keeper.lock"):
                return False
            start_keeper(self.data)
            return True


@contextlib.contextmanager
def cluster(data: Path) -> Iterator[Urls]:
    """The URLs of the installation's running database; joined or started, and left running for others at the end."""
    use = Use(data)
    try:
        yield use.join()
    finally:
        use.leave()


def log_path(data: Path) -> Path:
    return data / "logs" / "keeper.log"


def start_keeper(data: Path) -> None:
    """Returns when the database answers. The keeper leaves the terminal's session, so that Ctrl-C does not reach it, and outlives this process."""
    reading, writing = os.pipe()
    log_path(data).parent.mkdir(mode=0o700, exist_ok=True)
    os.set_inheritable(writing, True)
    command = module_command("remit.front.installation.keeper", str(data), str(writing))
    with open(log_path(data), "ab") as log, open(os.devnull, "rb") as nothing:
        redirections = [(os.POSIX_SPAWN_DUP2, file.fileno(), target) for file, target in ((nothing, 0), (log, 1), (log, 2))]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        process = os.posix_spawn(command[0], command, environment, file_actions=redirections)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode(errors="replace").strip()
    if said != "ready":
        os.waitpid(process, 0)
        raise KeeperFailed(said or f"the keeper of {data} ended before the database answered; see {log_path(data)}")
    _started.append(process)


class Keeper:
    """Runs in its own process, from `main`."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.urls = urls_from_environment()
        self.server = None if self.urls else Server(data, log=data / "logs" / "postgres.log")
        self.sequencer: subprocess.Popen[bytes] | None = None
        self.sequencer_is_done = False
        self.paces = {"server": Pace(), "sequencer": Pace()}
        self.idle_since: float | None = None
        self.is_stopping = False

    def start(self) -> None:
        """A name in the environment means a real server: then the keeper runs the sequencer alone."""
        if self.server:
            self.server.start()
            self.paces["server"].started()
            self.urls = self.server.urls()

    def run(self) -> None:
        """Until nobody uses the cluster. The lock on users is then kept while all is stopped, and freed by the end of this process."""
        users = None
        while users is None and not self.is_stopping:
            self._tend_server()
            self._tend_sequencer()
            time.sleep(POLL_S)
            users = self._users_if_idle()
        self.stop()

    def stop(self) -> None:
        if self.sequencer and self.sequencer.poll() is None:
            self.sequencer.terminate()
            try:
                self.sequencer.wait(5)
            except subprocess.TimeoutExpired:
                self.sequencer.kill()
                self.sequencer.wait()
        if self.server:
            self.server.stop()

    def _tend_server(self) -> None:
        """poll() reaps a killed server: a zombie would keep its postmaster.pid valid."""
        if self.server is None or (self.server.process and self.server.process.poll() is None):
            return
        if self.paces["server"].wait_s() > 0:
            return
        say(f"PostgreSQL ended with status {self.server.process.returncode if self.server.process else 'unknown'}; starting it again")
        self.paces["server"].started()
        try:
            self.server.start()
        except (ServerFailed, OSError) as failure:
            say(str(failure))

    def _tend_sequencer(self) -> None:
        if self.sequencer_is_done or self.urls is None:
            return
        if self.sequencer:
            status = self.sequencer.poll()
            if status is None:
                return
            if status == NOTHING_TO_RUN:
                self.sequencer_is_done = True
                return
        if self.paces["sequencer"].wait_s() > 0:
            return
        self.paces["sequencer"].started()
        self.sequencer = subprocess.Popen(
            module_command("remit.front.installation.sequencer", str(self.data)),
            stdin=subprocess.DEVNULL,
            env={**os.environ, "REMIT_DATA": str(self.data), "REMIT_SEQUENCER_URL": self.urls.sequencer},
            preexec_fn=dies_with_parent(signal.SIGKILL, and_leads=True),
        )

    def _users_if_idle(self) -> int | None:
        """The lock on users, when nobody held it for LINGER_S."""
        try:
            users = locks.take(self.data / "users.lock", wait=False)
        except BlockingIOError:
            self.idle_since = None
            return None
        now = time.monotonic()
        self.idle_since = now if self.idle_since is None else self.idle_since
        if now - self.idle_since >= LINGER_S:
            return users
        os.close(users)
        return None


def say(what: str) -> None:
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), what, flush=True)


def main(arguments: list[str]) -> int:
    os.setsid()
    os.chdir("/")
    data, pipe = Path(arguments[0]), int(arguments[1])
    os.set_inheritable(pipe, False)
    try:
        held = locks.take(data / "keeper.lock", wait=False)
    except BlockingIOError:
        os.write(pipe, b"another keeper runs already")
        return 1
    keeper = Keeper(data)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        keeper.is_stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        keeper.start()
    except Exception as failure:
        say(f"not started: {failure}")
        os.write(pipe, str(failure).encode())
        keeper.stop()
        return 1
    os.write(pipe, b"ready")
    os.close(pipe)
    say("started")
    keeper.run()
    say("stopped")
    # The keeper's lock goes first: whoever waits on the users' lock, which the end of this process frees, must find no keeper.
    os.close(held)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
