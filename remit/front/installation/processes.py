"""Child processes that end with their parent, and the pace at which one that fails is started again."""

import ctypes
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
RESTARTS_PER_MINUTE = 5


def die_with(parent: int, with_signal: signal.Signals) -> None:
    """This process is sent the signal when the thread that forked it ends; it leaves at once if that parent is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def dies_with_parent(with_signal: signal.Signals, and_leads: bool = False) -> Callable[[], None]:
    """For `preexec_fn`. Fork from the main thread: the signal comes when the forking thread ends, not only when its process does.

    The wish survives `Popen(user=...)`, since `preexec_fn` runs after the change of user. With and_leads the child stands in a process group
    of its own, so that Ctrl-C in the terminal reaches the parent alone, which then stops its children in order.
    """
    parent = os.getpid()

    def set_up() -> None:
        if and_leads:
            os.setpgid(0, 0)
        die_with(parent, with_signal)

    return set_up


class Pace:
    """At most so many starts a minute: says how long to wait before the next one."""

    def __init__(self, starts_per_minute: int = RESTARTS_PER_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self._starts: deque[float] = deque(maxlen=starts_per_minute)
        self._clock = clock

    def wait_s(self) -> float:
        if len(self._starts) < (self._starts.maxlen or 0):
            return 0.0
        return max(0.0, self._starts[0] + 60 - self._clock())

    def started(self) -> None:
        self._starts.append(self._clock())


def is_alive(pid: int) -> bool:
    """False for a zombie, too: it runs no more, whoever has yet to reap it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True


def module_command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module with this very Python."""
    return [sys.executable, "-m", module, *arguments]
