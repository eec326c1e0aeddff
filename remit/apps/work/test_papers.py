"""Papers of strangers, as an item, a brief and the shelf take them: read in processes apart, under limits, with no transaction open; each with an answer."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import Workbook

from remit.apps.organizations.acting import ACTIONS, Stale
from remit.apps.organizations.tokens import issue_token
from remit.apps.sourcing import intake
from remit.apps.work import papers
from remit.apps.work.models import ItemFile, WorkItem
from remit.formats import hostile, ledgers, statements
from remit.formats.notices import reading
from remit.lines import examples

if TYPE_CHECKING:
    from tests.world import World

MONTH = {each.slot: each for each in examples.load("bookkeeping", "halden-2026-10").papers}
NOTICE = {
    "ocid": "ocds-1", "id": "1", "date": "2026-08-01T09:00:00Z", "tag": ["tender"], "initiationType": "tender",
    "tender": {"id": "1", "title": "Bookkeeping", "description": "Running bookkeeping", "status": "active"},
}  # fmt: skip
MOST_GROWN_MB, MOST_COPIES = 120, 4
"""A file stands in memory several times here: the test's own, the form that it sends, what arrives of it."""


def workbook() -> bytes:
    out = io.BytesIO()
    book = Workbook()
    book.active.append(["Datum", "Konto"])  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


def repacked(unpacked: int, *, claimed: int | None = None) -> bytes:
    """A workbook whose sheet unpacks to so many bytes of nothing, or claims another size in the directory."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                part.write(old.read(name))
                for _ in range(unpacked >> 20 if name.startswith("xl/worksheets/") else 0):
                    part.write(b" " * 2**20)
    data = out.getvalue()
    if claimed is not None:
        at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/"))
        data = data[: at + 24] + claimed.to_bytes(4, "little") + data[at + 28 :]
    return data


def entities(root: str) -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "ha">{levels}]><{root}>&l9;</{root}>'.encode()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "zip bomb": lambda: repacked(200 << 20),
    "200 MB claimed": lambda: repacked(0, claimed=200_000_000),
    "entity bomb": lambda: entities("Document"),
    "deep": lambda: b"<Document>" * 300_000,
    "brackets": lambda: b'{"tender":' + b"[" * 3_000_000,
    "spaces": lambda: b":20:A\n:25:B\n:28C:1\n:60F:C261001EUR1,\n:61:" + b" " * 5_000_000 + b"\n:86:" + b"?20 " * 1_000_000,
    "digits": lambda: b"1" * 5_000_000 + b";" + b"9." * 2_000_000,
    "quotes": lambda: b'Datum;Konto\n"' + b'a"";' * 2_000_000,
    "over the limit": lambda: b"x" * (51 << 20),
}


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    from tests import world as worlds

    return worlds.opened(world)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of functions that were run apart, each with no transaction open here."""
    names: list[str] = []
    run = hostile.run_limited

    def watched(function: Callable[..., Any], *given: Any, **limits: Any) -> hostile.Outcome:
        assert not connection.in_atomic_block, function
        names.append(function.__name__)
        return run(function, *given, **limits)

    monkeypatch.setattr(hostile, "run_limited", watched)
    return names


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that was read before is known."""
    monkeypatch.setattr(papers, "_kept", papers._Kept())


def bring(world: World, item: WorkItem, slot: str, content: bytes, name: str = "file.xlsx") -> Any:
    with world.clock():
        path = world.path("elena", f"work/{item.reference}/bring/")
        return world.browser("elena").post(path, {"slot": slot, "file": SimpleUploadedFile(name, content)})


def given(slot: str) -> dict[str, str]:
    return {"name": MONTH[slot].name, "content": base64.b64encode(MONTH[slot].data).decode()}


def said(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def peak_mb() -> Callable[[], float]:
    """By how much this process was ever larger since the test began."""

    def held(name: str) -> float:
        return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024  # type: ignore[index]

    Path("/proc/self/clear_refs").write_text("5")
    before = held("VmRSS")
    return lambda: held("VmHWM") - before


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_paper_has_its_answer(world: World, item: WorkItem, seen: list[str], what: str, request: pytest.FixtureRequest) -> None:
    content = HOSTILE[what]()
    peak = request.getfixturevalue("peak_mb")
    for slot in ("statement", "ledger"):
        answer = bring(world, item, slot, content)
        assert answer.status_code == 422, what
        assert "file.xlsx" in said(answer)
    assert peak() < MOST_GROWN_MB + MOST_COPIES * len(content) / 1e6
    assert bool(seen) == (what != "over the limit"), "what is too large is not even read"


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_notice_has_its_answer(world: World, seen: list[str], what: str, request: pytest.FixtureRequest) -> None:
    content = entities("TED_EXPORT") if what == "entity bomb" else HOSTILE[what]()
    browser, path, peak = world.browser("petra"), world.path("petra", "briefs/new/notice/"), request.getfixturevalue("peak_mb")
    with world.clock():
        answer = browser.post(path, {"file": SimpleUploadedFile("notice.xml", content)})
    assert answer.status_code == 422
    assert "notice.xml" in said(answer)
    assert peak() < MOST_GROWN_MB + MOST_COPIES * len(content) / 1e6


def test_limits_are_said_and_the_next_file_is_read(world: World, item: WorkItem, seen: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    many = MONTH["ledger"].data * 1000
    with monkeypatch.context() as limits:
        limits.setattr(papers, "SECONDS", 0.2)
        assert "takes longer than 0.2 seconds" in said(bring(world, item, "ledger", many, "long.csv"))
    with monkeypatch.context() as limits:
        limits.setattr(papers, "MEMORY_BYTES", 5_000_000)
        assert "needs more than 5 MB of memory" in said(bring(world, item, "ledger", many, "wide.csv"))
    with monkeypatch.context() as limits:
        limits.setattr(intake, "SECONDS", 0.05)
        with world.clock():
            path = world.path("petra", "briefs/new/notice/")
            package = json.dumps({"releases": [NOTICE] * 20_000}).encode()
            answer = world.browser("petra").post(path, {"file": SimpleUploadedFile("n.json", package)})
        assert answer.status_code == 422
        assert "takes longer than 0.05 seconds" in said(answer)
    assert bring(world, item, "statement", MONTH["statement"].data, MONTH["statement"].name).status_code == 303


def test_a_reader_that_is_killed_has_its_answer(world: World, item: WorkItem, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = hostile.Pool(1)
    pool.warm()
    monkeypatch.setattr(hostile, "_pool", pool)
    (worker,) = pool._all

    def kill() -> None:
        while not worker.calls:
            time.sleep(0.005)
        time.sleep(0.1)
        os.kill(worker.process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        answer = bring(world, item, "ledger", MONTH["ledger"].data * 400, "long.csv")
        assert answer.status_code == 422
        assert "reading it failed (SIGKILL)" in said(answer)
        assert bring(world, item, "ledger", MONTH["ledger"].data, MONTH["ledger"].name).status_code == 303
    finally:
        killer.join()
        pool.close()


@pytest.mark.usefixtures("cold")
def test_all_busy_is_said_at_every_door_and_undoes_nothing(world: World, item: WorkItem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile, "run_limited", lambda *given, **limits: hostile.Busy())
    busy = bring(world, item, "ledger", MONTH["ledger"].data)
    assert busy.status_code == 503
    assert "Try again in a few seconds" in said(busy)
    with world.clock():
        page = world.browser("elena").get(world.path("elena", f"work/{item.reference}/"))
        notice = world.browser("petra").post(world.path("petra", "briefs/new/notice/"), {"file": SimpleUploadedFile("n.json", json.dumps(NOTICE).encode())})
        token, _done = issue_token(by=world.by("elena"), at=world.now, name="t", scopes=["*"], days=5)
        browser = world.browser(None)
        body = {"item": str(item.id), "slot": "ledger", "file": given("ledger")}
        api = browser.post(
            f"/api/v1{world.path('elena', 'actions/bring-paper')}", body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )
    assert (page.status_code, notice.status_code, api.status_code) == (503, 503, 503)
    assert api.json()["errors"]["file"][0]["code"] == "paper.given_up"


@pytest.mark.usefixtures("cold")
def test_nothing_is_read_here_and_no_transaction_waits(world: World, seen: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The readers are taken away from this process: every act on an item still goes, from the papers to the deliverable."""
    from tests import world as worlds

    def here(*_: Any, **__: Any) -> None:
        raise AssertionError("a stranger's bytes are read in this process")

    for module in (statements, ledgers, reading):
        monkeypatch.setattr(module, "read", here)
    item = worlds.prepared(world, worlds.opened(world, worlds.signed(world)))
    assert seen == ["read", "read"], "each paper is read once, and its value kept"
    monkeypatch.setattr(papers, "_kept", papers._Kept())
    world.do("elena", "hand_in", item=str(item.id))
    assert len(seen) == 4, "read ahead of the transaction, where nothing is kept"
    world.do("petra", "import_notice", file={"name": "n.json", "content": base64.b64encode(json.dumps(NOTICE).encode()).decode()})
    kept = world.do("elena", "keep_file", file=given("statement"), kind="statement")
    world.do("elena", "keep_file", file={"name": "p.zip", "content": base64.b64encode(b"PK").decode()}, kind="pack")
    other = worlds.opened(world, worlds.signed(world))
    world.do("elena", "use_kept_file", kept_file=str(kept.id), item=str(other.id), slot="statement")
    assert seen[4:] == ["given_by", "looked_at", "looked_at", "read"]


def test_a_mapping_that_changes_meanwhile_makes_the_reading_stale(world: World, item: WorkItem, monkeypatch: pytest.MonkeyPatch) -> None:
    run = hostile.run_limited

    def overtaken(*given: Any, **limits: Any) -> hostile.Outcome:
        world.do("elena", "keep_mapping", item=str(item.id), slot="ledger", columns={"text": "Buchungstext"})
        return run(*given, **limits)

    monkeypatch.setattr(hostile, "run_limited", overtaken)
    with world.see("elena"):
        before = ItemFile.objects.filter(item=item, slot="ledger").count()
    with pytest.raises(Stale):
        world.act("elena", "bring_paper", item=str(item.id), slot="ledger", file=given("ledger") | {"name": "other.csv"})
    with world.see("elena"):
        assert ItemFile.objects.filter(item=item, slot="ledger").count() == before


def test_what_is_prepared_is_no_input(world: World) -> None:
    assert {"prepared", "by", "at"}.isdisjoint(ACTIONS["bring_paper"].input.model_fields)
    assert ACTIONS["bring_paper"].prepare is not None


def test_values_are_forgotten_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "KEPT_BYTES", 100)
    kept = papers._Kept()
    sources = [papers.Source("s", "t", str(number), "n", "{}") for number in range(4)]
    for source in sources[:3]:
        kept.put(source, source.sha256, 40)
    assert [source in kept for source in sources] == [False, True, True, False]
    assert kept.get(sources[1]) == ("1",)
    kept.put(sources[3], None, 40)
    assert [source in kept for source in sources] == [False, True, False, True]
    kept.put(sources[0], "large", 1000)
    assert [source in kept for source in sources] == [True, False, False, False]
    assert kept.get(sources[0]) == ("large",)


def test_what_runs_apart_knows_no_django() -> None:
    program = "import sys, remit.lines.apart, remit.apps.work.kept, remit.apps.sourcing.intake; assert not any(m.startswith('django') for m in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
