"""Writers that act on an installation for as long as they are let: each in an organization of its own, by real actions that upload statements, too."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from remit.front.installation.layout import Installation
from remit.front.installation.postgres import Urls

PROCESSES, THREADS = 2, 4
STATEMENT = (
    ":20:REMIT{number:010}\r\n:25:DE17700918000012344471\r\n:28C:00001/001\r\n:60F:C270101EUR1000,00\r\n"
    ":61:2701040104C1,00NTRFNONREF\r\n:86:166?00GUTSCHRIFT?20{number:010}\r\n:62F:C270131EUR1001,00\r\n-\r\n"
)
STARTED_WITHIN_S = 60.0


@dataclass(frozen=True)
class Writing:
    """The writers that run: what was acknowledged to them so far, each line written after its action came back."""

    folder: Path

    def acknowledged(self) -> dict[UUID, str]:
        """Entries by their keys, with the kind of what was done."""
        lines = [line.split() for file in self.folder.glob("writer-*") for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return {UUID(entry): kind for kind, entry in lines}

    def wait_for(self, each: int) -> None:
        """Until every writer was acknowledged as many actions since they began."""
        until = time.monotonic() + STARTED_WITHIN_S
        while time.monotonic() < until:
            files = list(self.folder.glob("writer-*"))
            if len(files) == PROCESSES * THREADS and all(file.read_text().count("\n") >= each for file in files):
                return
            time.sleep(0.05)
        raise TimeoutError((self.folder / "errors").read_text()[-2000:])


@contextmanager
def writers(installation: Installation, urls: Urls, folder: Path) -> Iterator[Writing]:
    """Eight writers in processes of their own, until the block ends."""
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    environment |= installation.environment() | {"DATABASE_URL": urls.program, "REMIT_POOL_SIZE": "0", "REMIT_LOG_LEVEL": "ERROR"}
    with (folder / "errors").open("w") as errors:
        command = [sys.executable, "-m", "tests.load", str(folder)]
        root = Path(__file__).resolve().parents[1]
        running = [
            subprocess.Popen([*command, str(number)], cwd=root, env=environment, stdin=subprocess.PIPE, stdout=errors, stderr=errors)
            for number in range(PROCESSES)
        ]
        try:
            yield Writing(folder)
        finally:
            for process in running:
                assert process.stdin is not None
                process.stdin.close()
            for process in running:
                process.wait(30)


def main(folder: str, process: str) -> None:
    """One process: its threads write until standard input ends."""
    import django

    django.setup()
    over = threading.Event()
    threads = [threading.Thread(target=write, args=(Path(folder), int(process) * THREADS + number, over)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()


def write(folder: Path, number: int, over: threading.Event) -> None:
    """An organization is founded; then functions are named and statements kept, in turn."""
    from django.db import connection

    from remit.apps.organizations.acting import ACTIONS, Done, Upload
    from remit.apps.organizations.founding import found, new_user
    from remit.apps.records.context import By, writing
    from remit.apps.records.keys import uuid7

    by = By(organization=uuid7(), door="page", user=uuid7(), membership=uuid7(), name=f"Writer {number}")
    at = datetime.now(UTC)
    with writing(by, at):
        user = new_user(f"writer{number}@load.example", None, by.name, key=by.user)
        found(by, at, name=f"House {number}", user=user, kinds=["client"], country="DE", currency="EUR")
    with (folder / f"writer-{number}").open("a") as said:
        count = 0
        while not over.is_set():
            count += 1
            if count % 2:
                name = "name_function"
                values: dict[str, Any] = {"service": "bookkeeping", "name": f"Function {count}"}
            else:
                content = STATEMENT.format(number=number * 10**6 + count).encode()
                name, values = "keep_file", {"kind": "statement", "file": Upload.of(f"statement-{count}.sta", content)}
            done = ACTIONS[name](by=by, at=datetime.now(UTC), **values)
            assert isinstance(done, Done), done
            said.write(f"{done.kind} {done.entry}\n")
            said.flush()
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
