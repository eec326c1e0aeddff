"""The web server's process: granian with the WSGI application, one pool of threads per worker."""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from remit.front.installation.processes import die_with

THREADS = 8
BACKLOG = 1024


def workers() -> int:
    """REMIT_WORKERS, else two for every three processors: of what a request costs the database does about a third."""
    return int(os.environ.get("REMIT_WORKERS") or min(8, -(-(os.cpu_count() or 1) * 2 // 3)))


def threads() -> int:
    """Per worker; the pool of connections should be as large (REMIT_POOL_SIZE)."""
    return int(os.environ.get("REMIT_THREADS") or THREADS)


def load(master: int, target: str) -> Callable[..., Any]:
    """Runs in each worker: granian's own workers would outlive a master that was killed, and keep the port.

    The master is named by who started it: a worker that comes here after its death would take its heir for it. Its death is no time for manners:
    a polite signal that comes while the worker starts is lost.
    """
    die_with(master, signal.SIGKILL)
    from granian._internal import load_target

    application: Callable[..., Any] = load_target(target)
    return application


def main(arguments: list[str]) -> int:
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "remit.front.wsgi:application",
        address=arguments[0],
        port=int(arguments[1]),
        interface=Interfaces.WSGI,
        workers=workers(),
        blocking_threads=threads(),
        http=HTTPModes.http1,
        backlog=BACKLOG,
        log_level=LogLevels.error,  # its warning about threads is about a count that we chose
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    server.serve(target_loader=partial(load, os.getpid()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
