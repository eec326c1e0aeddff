"""Serving an installation: database, web server, worker and the demo's builder, until Ctrl-C; what fails is started again at a pace."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Protocol

from remit.front.installation import locks
from remit.front.installation.keeper import KeeperFailed, Use
from remit.front.installation.layout import Installation, write_durably
from remit.front.installation.migration import migrate_if_needed
from remit.front.installation.postgres import Urls
from remit.front.installation.processes import Pace, dies_with_parent, module_command
from remit.front.pages import demonstration

FIRST_PAGE_WITHIN_S = 120.0
STOP_WITHIN_S = 10.0
PORTS_TRIED = 20
BUILDER = "remit.front.demo.build"


class Say(Protocol):
    """Told of each step: for people in words, which may be empty, for programs as an event with its facts."""

    def __call__(self, event: str, words: str, **facts: object) -> None: ...


class NoPort(Exception):
    """None of the ports tried is free, or the address is not this machine's."""


class NotServing(Exception):
    """The web server did not come up."""


class ServesAlready(Exception):
    """Another process serves this installation; the message is its address."""


@dataclass
class Child:
    """A process that is kept running: status 0 means that it has nothing more to do."""

    name: str
    command: list[str]
    death: signal.Signals
    process: subprocess.Popen[bytes] | None = None
    is_done: bool = False
    pace: Pace = field(default_factory=Pace)

    def tend(self, environment: dict[str, str], say: Say) -> None:
        if self.is_done:
            return
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return
            if status == 0:
                self.is_done = True
                return
            if self.pace.wait_s() > 0:
                return
            say("restarted", f"The {self.name} ended with status {status} and is started again.", name=self.name, status=status)
        self.pace.started()
        self.process = subprocess.Popen(
            self.command, env=environment, stdin=subprocess.DEVNULL, preexec_fn=dies_with_parent(self.death, and_leads=True), cwd="/"
        )

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def serve(installation: Installation, port: int | None, host: str = "127.0.0.1", *, opens_browser: bool = True, say: Say) -> None:
    """Returns after Ctrl-C or SIGTERM, with everything stopped. Port None: 8000 or the next free one."""
    installation.prepare()
    with _only_server(installation), _until_signalled() as is_over:
        use = Use(installation.data)
        try:
            urls = use.join()
            if migrate_if_needed(installation, urls):
                say("migrated", "The database is up to date.")
            _serve(installation, use, urls, (host, port or free_port(host)), opens_browser, say, is_over)
        finally:
            use.leave()


def _serve(installation: Installation, use: Use, urls: Urls, place: tuple[str, int], opens_browser: bool, say: Say, is_over: Callable[[], bool]) -> None:
    host, port = place
    address = address_of(host, port)
    environment = {"REMIT_ADDRESS": address} | program_environment(installation, urls, host)
    web = Child("web server", module_command("remit.front.installation.web", host, str(port)), signal.SIGTERM)
    children = [web]
    try:
        web.tend(environment, say)
        if not _await_first_page(web, host, port, is_over):
            if is_over():
                return
            raise NotServing(f"The web server did not answer at {address}; its messages stand above.")
        write_durably(installation.data / "address", f"{address}\n".encode())
        say("open", f"Remit is open at {address}  (Ctrl-C stops it)", address=address)
        tell_what_is_not_signed(installation, urls, say)
        if not installation.is_demo:
            print_first_code(environment, address, say)
        if opens_browser and has_display():
            webbrowser.open(address)
        children += later_children(installation)
        shown = show_demonstration(installation, None, say)
        while not is_over():
            for child in children:
                child.tend(environment, say)
            if not use.has_keeper():
                with contextlib.suppress(KeeperFailed):
                    use.join()
            shown = show_demonstration(installation, shown, say)
            time.sleep(0.3)
        say("stopping", "Stopping.")
    finally:
        for child in reversed(children):
            child.stop()
        (installation.data / "address").unlink(missing_ok=True)


def tell_what_is_not_signed(installation: Installation, urls: Urls, say: Say) -> None:
    """After a restore that lacks what was signed the program serves, but nothing is placed in a log; whoever starts it learns that here."""
    last = installation.checkpoints / "last"
    if last.exists():
        from remit.front.installation.backup import compare

        lacks = compare(urls, last, installation.origin)
        if lacks:
            say("not_signing", f"The record is not signed on: {lacks}", lacks=lacks)


def later_children(installation: Installation) -> list[Child]:
    """What may start once the front page is up."""
    children = [Child("worker", module_command("remit.front.installation.worker"), signal.SIGKILL)]
    if installation.is_demo and _exists(BUILDER):
        children.append(Child("builder of the demo", module_command(BUILDER), signal.SIGKILL))
    return children


def show_demonstration(installation: Installation, shown: demonstration.Demonstration | None, say: Say) -> demonstration.Demonstration | None:
    """Says how far the building of the demo is, when that is not what was shown last; words only once, at its end."""
    if not installation.is_demo or (shown and shown.done):
        return shown
    told = demonstration.told(installation.data)
    if told is None or told == shown:
        return shown
    words = f"{told.says} Its log-ins stand on the first page." if told.done and shown else ""
    say("demonstration", words, **asdict(told))
    return told


def program_environment(installation: Installation, urls: Urls, host: str = "127.0.0.1") -> dict[str, str]:
    """For processes that act as the program: they are not told how the owner and the sequencer log in."""
    environment = {**os.environ, **installation.environment(), "DATABASE_URL": urls.program}
    for name in ("REMIT_OWNER_URL", "REMIT_SEQUENCER_URL"):
        environment.pop(name, None)
    if host not in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::") and not environment.get("REMIT_HOSTS"):
        environment["REMIT_HOSTS"] = f"{host},localhost,127.0.0.1,[::1]"
    return environment


def print_first_code(environment: dict[str, str], address: str, say: Say) -> None:
    command = module_command("remit.front.installation.first_code")
    # A process group of its own: Ctrl-C is for this process, which stops when the code is said.
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd="/", process_group=0)
    code = done.stdout.strip()
    if done.returncode:
        why = done.stderr.strip()
        say("no_first_code", f"The first administrator's code could not be made: {why}", why=why)
    elif code:
        place = f"{address}/first/"
        say("first_code", f"First administrator: open {place} and give the one-time code  {code}", address=place, code=code)


def free_port(host: str, first: int = 8000) -> int:
    if not is_free(host, 0):
        raise NoPort(f"This machine has no address {host}.")
    for port in range(first, first + PORTS_TRIED):
        if is_free(host, port):
            return port
    raise NoPort(f"all ports from {first} to {first + PORTS_TRIED - 1} are taken; name one with --port")


def is_free(host: str, port: int) -> bool:
    """Port 0, which stands for any, is free wherever the machine has the address."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError:
        return False
    return True


def address_of(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def has_display() -> bool:
    if os.environ.get("CI"):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and shutil.which("xdg-open") is not None


def _await_first_page(web: Child, host: str, port: int, is_over: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + FIRST_PAGE_WITHIN_S
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while time.monotonic() < deadline and not is_over():
        if web.process is None or web.process.poll() is not None:
            return False
        connection = http.client.HTTPConnection(target, port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            connection.getresponse().read()
            return True
        except (OSError, http.client.HTTPException):
            time.sleep(0.03)
        finally:
            connection.close()
    return False


@contextlib.contextmanager
def _only_server(installation: Installation) -> Iterator[None]:
    try:
        held = locks.take(installation.data / "serving.lock", wait=False)
    except BlockingIOError:
        with contextlib.suppress(OSError):
            raise ServesAlready((installation.data / "address").read_text(encoding="utf-8").strip()) from None
        raise ServesAlready("an address that it is about to print") from None
    try:
        os.ftruncate(held, 0)
        os.write(held, str(os.getpid()).encode())
        yield
    finally:
        os.close(held)


def serving_process(data: Path) -> int | None:
    """The process that serves the installation in this folder, if one does."""
    lock = data / "serving.lock"
    if not lock.exists() or not locks.is_held(lock):
        return None
    said = lock.read_text(encoding="utf-8").strip()
    return int(said) if said.isdigit() else None


@contextlib.contextmanager
def _until_signalled() -> Iterator[Callable[[], bool]]:
    """Gives a function that says whether SIGINT or SIGTERM came; a second signal interrupts whatever is still being waited for."""
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        if len(came) > 1:
            raise KeyboardInterrupt

    former = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
