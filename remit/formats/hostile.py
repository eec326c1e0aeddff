"""Bytes from strangers are parsed in processes of their own, with limits on time and memory, which are killed and replaced when they pass them."""

from __future__ import annotations

import atexit
import importlib
import io
import os
import pickle
import queue
import resource
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from pathlib import Path
from select import select
from typing import Any, BinaryIO

from remit.domain.line import Finding, Rule
from remit.domain.reasons import N_

_SOURCE = "limits of the installation"
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("hostile.too_slow", "error", N_("The file takes longer than {seconds} seconds to read and was given up."), _SOURCE),
        Rule("hostile.too_large", "error", N_("The file needs more than {megabytes} MB of memory to read and was given up."), _SOURCE),
        Rule("hostile.crashed", "error", N_("The file cannot be read: reading it failed ({how})."), _SOURCE),
        Rule("hostile.busy", "error", N_("Too many files are being read at this moment. Try again in a few seconds."), _SOURCE),
    )
}
"""By code."""

_MODULES = ("remit.formats.statements", "remit.formats.statements.mt940", "remit.formats.statements.camt053", "remit.formats.statements.ofx", "openpyxl")
_PARENT = Path(__file__).resolve().parents[2]
_STARTS_WITHIN = 20.0
_MOST_CALLS = 200
MOST_ANSWER_BYTES = 64_000_000
"""An answer is held by the server itself, where it takes several times as much."""
_SIZE = struct.Struct(">Q")
_PLAIN = frozenset(
    {("decimal", "Decimal"), ("datetime", "date"), ("datetime", "datetime"), ("datetime", "time"), ("datetime", "timedelta"), ("datetime", "timezone")}
)
_PLAIN_BUILTINS = frozenset({"set", "frozenset", "bytearray", "complex"})


@dataclass(frozen=True)
class Answer:
    """What the function gave back; `size`: its bytes on the way here."""

    value: Any
    size: int = field(default=0, compare=False)


@dataclass(frozen=True)
class TooSlow:
    """It ran longer than allowed, by the clock or by processor time, and was killed."""

    seconds: float

    @property
    def finding(self) -> Finding:
        """For the person who sent the file."""
        return Finding("hostile.too_slow", values={"seconds": f"{self.seconds:g}"})


@dataclass(frozen=True)
class TooLarge:
    """It asked for more memory than allowed."""

    memory_bytes: int

    @property
    def finding(self) -> Finding:
        """For the person who sent the file."""
        return Finding("hostile.too_large", values={"megabytes": str(self.memory_bytes // 1_000_000)})


@dataclass(frozen=True)
class Crashed:
    """The process died, or the function raised; `how` names the signal or the exception, never its text."""

    how: str

    @property
    def finding(self) -> Finding:
        """For the person who sent the file."""
        return Finding("hostile.crashed", values={"how": self.how})


@dataclass(frozen=True)
class Busy:
    """No process became free in time; the function was not called."""

    @property
    def finding(self) -> Finding:
        """For the person who sent the file."""
        return Finding("hostile.busy")


Refused = TooSlow | TooLarge | Crashed | Busy
Outcome = Answer | Refused


class Pool:
    """A few processes that wait for work; safe to use from many threads.

    They are started when first needed, by exec, so that threads and locks of the server do not matter.
    """

    def __init__(self, workers: int = 2) -> None:
        self.workers = workers
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._lock = threading.Lock()
        self._all: set[_Worker] = set()
        self._closed = False

    def run(self, function: Callable[..., Any], data: bytes, *more: Any, seconds: float, memory_bytes: int, wait_s: float = 10) -> Outcome:
        """`function(data, *more)`: a function at the top of a module, plain arguments, a plain value (dataclasses of ours, dates, decimals).

        `seconds` bounds clock and processor time; `memory_bytes` what it may take beyond the process at rest; `wait_s` how long to wait for a free process.
        An answer of more than `MOST_ANSWER_BYTES` is `TooLarge`, too. Where the function's module has a `prepare`, each process calls it once, before
        the limits: for machines that take their room at the start.
        """
        if self._closed:
            raise RuntimeError("the pool is closed")
        try:
            worker = self._idle.get(timeout=wait_s)
        except queue.Empty:
            return Busy()
        try:
            if worker is None or not worker.ready:
                self._forget(worker)
                worker = self._started()
            outcome = worker.run((function.__module__, function.__qualname__, more), data, seconds, memory_bytes)
        except OSError as problem:
            outcome = Crashed(type(problem).__name__)
            if worker is not None:
                worker.kill()
        if worker is not None and not worker.ready:
            self._forget(worker)
            worker = None
        self._idle.put(worker)
        return outcome

    def warm(self) -> None:
        """Start every process now and wait for it."""
        taken = [self._idle.get() for _ in range(self.workers)]
        for worker in taken:
            self._idle.put(worker if worker is not None and worker.ready else self._started())

    def close(self) -> None:
        """End the processes; calls that run end as crashed."""
        self._closed = True
        with self._lock:
            workers, self._all = self._all, set()
        for worker in workers:
            worker.kill()

    def _started(self) -> _Worker:
        worker = _Worker()
        with self._lock:
            self._all.add(worker)
        return worker

    def _forget(self, worker: _Worker | None) -> None:
        if worker is not None:
            worker.kill()
            with self._lock:
                self._all.discard(worker)


class _Worker:
    """One process and the pipes to it."""

    def __init__(self) -> None:
        # A bare environment: nothing that the server knows is there to be found.
        environment = {"PYTHONPATH": str(_PARENT), "PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", "from remit.formats.hostile import serve; serve()"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/", start_new_session=True
        )
        self.calls = 0
        self._dead = False
        # The first byte says that everything is imported.
        if self._read(1, time.monotonic() + _STARTS_WITHIN) is None:
            self.kill()
            raise OSError("the process that reads files does not start")

    @property
    def ready(self) -> bool:
        """Whether it may be given another call."""
        return not self._dead and self.calls < _MOST_CALLS and self.process.poll() is None

    def run(self, call: tuple[Any, ...], data: bytes, seconds: float, memory_bytes: int) -> Outcome:
        """One call; whenever it does not end well the process is killed."""
        self.calls += 1
        ends = time.monotonic() + seconds
        message = pickle.dumps((*call, seconds, memory_bytes), pickle.HIGHEST_PROTOCOL)
        reply: bytes | None = None
        late = False
        try:
            with _killed_after(self.process, seconds) as killed:
                stdin = self.process.stdin
                assert stdin is not None
                # The file goes by itself, so that it is never copied.
                for part in (message, data):
                    stdin.write(_SIZE.pack(len(part)))
                    stdin.write(part)
                stdin.flush()
                head = self._read(_SIZE.size, ends)
                size = _SIZE.unpack(head)[0] if head else 0
                reply = self._read(size, ends) if 0 < size <= MOST_ANSWER_BYTES else None
            late = killed.is_set()
        except (BrokenPipeError, ConnectionResetError):
            pass
        if reply is None:
            late = late or time.monotonic() >= ends
            self.kill()
            code = self.process.returncode
            if late or code == -signal.SIGXCPU:
                return TooSlow(seconds)
            return Crashed(signal.Signals(-code).name if code and code < 0 and -code in set(signal.Signals) else "ended")
        return self._outcome(reply, memory_bytes)

    def _outcome(self, reply: bytes, memory_bytes: int) -> Outcome:
        try:
            word, value = _Plain(io.BytesIO(reply)).load()
        except Exception as problem:
            # A process taken over by the file could send anything; what is not plain is not taken.
            self.kill()
            return Crashed(type(problem).__name__)
        if word == "value":
            return Answer(value, len(reply))
        if word == "memory":
            self.kill()
            return TooLarge(memory_bytes)
        return Crashed(str(value)[:80])

    def _read(self, size: int, ends: float) -> bytes | None:
        """Exactly `size` bytes, or None at the end of the pipe or of the time."""
        stdout = self.process.stdout
        assert stdout is not None
        parts: list[bytes] = []
        while size:
            left = ends - time.monotonic()
            if left <= 0 or not select([stdout], [], [], left)[0]:
                return None
            part = os.read(stdout.fileno(), min(size, 1 << 20))
            if not part:
                return None
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def kill(self) -> None:
        """End it and wait until it is gone; may be called again."""
        self._dead = True
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                continue


@contextmanager
def _killed_after(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """A process that does not take its input would block us in writing: the timer frees us."""
    killed = threading.Event()

    def kill() -> None:
        killed.set()
        process.kill()

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield killed
    finally:
        timer.cancel()


class _Plain(pickle.Unpickler):
    """Takes plain values and dataclasses of ours, and calls nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN or (module == "builtins" and name in _PLAIN_BUILTINS):
            return super().find_class(module, name)
        if module.startswith("remit."):
            kind = super().find_class(module, name)
            if isinstance(kind, type) and is_dataclass(kind):
                return kind
        raise pickle.UnpicklingError(f"{module}.{name} is not plain")


def serve() -> None:
    """What each process does: take a call, limit itself, answer, until its input ends."""
    stdin, stdout = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints must not mix with the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for module in _MODULES:
        importlib.import_module(module)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    stdout.write(b"+")
    stdout.flush()
    while message := _message(stdin):
        module, name, more, seconds, memory_bytes = pickle.loads(message)
        reply = _answered(module, name, _message(stdin), more, seconds, memory_bytes)
        stdout.write(_SIZE.pack(len(reply)) + reply)
        stdout.flush()


def _message(stdin: BinaryIO) -> bytes:
    head = stdin.read(_SIZE.size)
    return stdin.read(_SIZE.unpack(head)[0]) if len(head) == _SIZE.size else b""


@cache
def _prepared(module: str) -> Any:
    found = importlib.import_module(module)
    getattr(found, "prepare", lambda: None)()
    return found


def _answered(module: str, name: str, data: bytes, more: tuple[Any, ...], seconds: float, memory_bytes: int) -> bytes:
    function = getattr(_prepared(module), name)
    _limit(seconds, memory_bytes)
    try:
        reply = pickle.dumps(("value", function(data, *more)), pickle.HIGHEST_PROTOCOL)
        return reply if len(reply) <= MOST_ANSWER_BYTES else pickle.dumps(("memory", ""))
    except MemoryError:
        _unlimit()
        return pickle.dumps(("memory", ""))
    except BaseException as problem:
        return pickle.dumps(("raised", type(problem).__name__))
    finally:
        _unlimit()


def _limit(seconds: float, memory_bytes: int) -> None:
    """Soft limits from what is used now. Beyond the processor time the kernel ends us, even if the server is gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent + seconds) + 2, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    # Whole size, and the part that may be written to: a machine may have reserved gigabytes of addresses that it does not use yet.
    statm = Path("/proc/self/statm")
    pages = [int(count) for count in statm.read_text().split()] if statm.exists() else [0] * 6
    for kind, used_pages in ((resource.RLIMIT_AS, pages[0]), (resource.RLIMIT_DATA, pages[5])):
        resource.setrlimit(kind, (used_pages * resource.getpagesize() + memory_bytes, resource.getrlimit(kind)[1]))


def _unlimit() -> None:
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.getrlimit(kind)[1]))


_pool: Pool | None = None
_pool_lock = threading.Lock()


def pool() -> Pool:
    """The pool of this process, started when first asked for."""
    global _pool
    with _pool_lock:
        if _pool is None:
            _pool = Pool()
            atexit.register(_pool.close)
        return _pool


def run_limited(function: Callable[..., Any], data: bytes, *more: Any, seconds: float = 10, memory_bytes: int = 512_000_000) -> Outcome:
    """`Pool.run` in the pool of this process."""
    return pool().run(function, data, *more, seconds=seconds, memory_bytes=memory_bytes)
