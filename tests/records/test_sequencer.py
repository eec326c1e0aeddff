"""The sequencer: many writers at once, killed between batches, nothing lost or doubled; and no head over a fork."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from remit.apps.records import sequencer
from remit.domain.record import checkpoint
from remit.domain.record.checkpoint import Signer
from remit.domain.record.tree import Frontier, leaf_hash
from remit.formats.packs.keys import load_signer, new_key, verify

if TYPE_CHECKING:
    from remit.apps.records.context import By
    from remit.front.installation.testing import TestCluster

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
ORIGIN = "test.example"
WRITERS, ENTRIES = 8, 40


@pytest.fixture
def signer() -> Signer:
    return load_signer(new_key())


@pytest.fixture
def link(cluster: TestCluster, database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(cluster.sequencer_url(database)) as connection:
        yield connection


@pytest.fixture
def own(database: str) -> tuple[By, UUID]:
    """An organization with its own log."""
    from remit.apps.organizations.acting import own_audience
    from remit.apps.records.context import By, writing
    from remit.apps.records.keys import uuid7
    from remit.apps.records.models import Tenant

    by = By(organization=uuid7(), door="command", user=uuid7())
    with writing(by, AT):
        Tenant.objects.create(id=by.organization, created_at=AT)
        return by, own_audience(by, AT)


def write(by: By, audience: UUID, count: int = 1, kind: str = "site.added") -> list[UUID]:
    """Entries of one writer, each in a transaction of its own."""
    from remit.apps.records import log
    from remit.apps.records.context import writing

    made = []
    for number in range(count):
        with writing(by, AT):
            made += log.append(by, AT + timedelta(seconds=number), kind=kind, outcome="allowed", about=None, audiences=[audience])
    return made


def rows(link: psycopg.Connection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    found = link.execute(query, values).fetchall()
    link.rollback()
    return found


def prove(cluster: TestCluster, database: str, audience: UUID, written: set[UUID]) -> None:
    """Each entry has exactly one place, places run on from 0, every head is the root of its leaves and is signed, and the queue is empty."""
    with psycopg.connect(cluster.owner_url(database)) as owner:
        found = owner.execute(
            "select l.index, l.entry_id, l.leaf_hash, e.statement from records_leaf l join records_entry e on e.id = l.entry_id "
            "where l.audience_id = %s order by l.index",
            [audience],
        ).fetchall()
        heads = owner.execute("select size, root, note from records_head where audience_id = %s order by size", [audience]).fetchall()
        assert owner.execute("select count(*) from records_queued").fetchone() == (0,)
        keys = [checkpoint.VerifierKey.parse(row[0]) for row in owner.execute("select vkey from records_signingkey").fetchall()]
        roll = owner.execute("select size, root, note from records_checkpoint order by size").fetchall()
        rolled = [row[0] for row in owner.execute("select leaf_hash from records_rollupleaf order by index").fetchall()]
    assert [row[0] for row in found] == list(range(len(written)))
    assert {row[1] for row in found} == written
    assert all(leaf_hash(statement) == leaf for _index, _entry, leaf, statement in found)
    sizes = {size: (bytes(root), note) for size, root, note in heads}
    frontier = Frontier()
    for _index, _entry, leaf, _statement in found:
        frontier = frontier.append([leaf])
        if frontier.size in sizes:
            root, note = sizes.pop(frontier.size)
            assert root == frontier.root
            assert opened(note, keys).root == root
    assert not sizes
    assert frontier.size == heads[-1][0]
    for size, root, note in roll:
        assert Frontier().append(rolled[:size]).root == bytes(root) == opened(note, keys).root


def opened(note: str, keys: list[checkpoint.VerifierKey]) -> checkpoint.Head:
    for key in keys:
        try:
            return checkpoint.open_checkpoint(note.encode(), key, verify)
        except checkpoint.NotSigned:
            continue
    raise AssertionError("no key signed it")


def test_many_writers_while_the_sequencer_is_killed_again_and_again(cluster: TestCluster, database: str, own: tuple[By, UUID], tmp_path: Path) -> None:
    by, audience = own
    installation = tmp_path / "installation"
    (installation / "keys").mkdir(parents=True)
    (installation / "origin").write_text(ORIGIN)
    key = installation / "keys" / "sequencer.pem"
    key.write_bytes(new_key())
    program = f"from pathlib import Path; from remit.apps.records.sequencer import run; run({cluster.sequencer_url(database)!r}, Path({str(key)!r}))"
    written: list[UUID] = []
    lock = threading.Lock()

    def writer() -> None:
        try:
            made = write(by, audience, ENTRIES)
        finally:
            connections.close_all()
        with lock:
            written.extend(made)

    threads = [threading.Thread(target=writer) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    kills = 0
    while kills < 4 or any(thread.is_alive() for thread in threads):
        process = subprocess.Popen([sys.executable, "-c", program])
        time.sleep(0.35 + secrets.randbelow(200) / 1000)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
    for thread in threads:
        thread.join()
    written += write(by, audience)
    process = subprocess.Popen([sys.executable, "-c", program])
    drained(cluster, database)
    process.terminate()
    assert process.wait(timeout=10) == 0
    assert len(set(written)) == WRITERS * ENTRIES + 1
    prove(cluster, database, audience, set(written))
    # What was kept outside is a checkpoint that the database has.
    size = int((installation / "checkpoints" / "last").read_text().split("\n")[1])
    with psycopg.connect(cluster.owner_url(database)) as owner:
        assert owner.execute("select 1 from records_checkpoint where size = %s", [size]).fetchone()


def drained(cluster: TestCluster, database: str) -> None:
    until = time.monotonic() + 20
    with psycopg.connect(cluster.owner_url(database), autocommit=True) as owner:
        while owner.execute("select count(*) from records_queued").fetchone() != (0,):
            assert time.monotonic() < until, "the queue does not empty"
            time.sleep(0.02)


def test_a_batch_that_fails_leaves_its_entries_queued(cluster: TestCluster, database: str, link: psycopg.Connection, own: tuple[By, UUID]) -> None:
    by, audience = own
    written = write(by, audience, 3)

    def broken(_: bytes) -> bytes:
        raise RuntimeError("the key is gone")

    with pytest.raises(RuntimeError):
        sequencer.sequence(link, Signer(secrets.token_bytes(32), broken), ORIGIN)
    assert len(rows(link, "select 1 from records_queued where audience = %s", audience)) == 3
    good = load_signer(new_key())
    sequencer.publish_key(link, good, ORIGIN)
    while sequencer.sequence(link, good, ORIGIN):
        pass
    prove(cluster, database, audience, set(written))


def test_a_second_sequencer_is_kept_out(cluster: TestCluster, database: str, link: psycopg.Connection) -> None:
    sequencer.take_lock(link)
    with psycopg.connect(cluster.sequencer_url(database)) as other, pytest.raises(sequencer.AlreadyRuns):
        sequencer.take_lock(other)


def test_after_a_restore_nothing_is_signed_on_a_fork(
    cluster: TestCluster, database: str, link: psycopg.Connection, own: tuple[By, UUID], signer: Signer, tmp_path: Path
) -> None:
    """A backup of an earlier day is restored: what was signed since is known outside, so that no other entries are signed in their place."""
    by, audience = own
    last = tmp_path / "checkpoints" / "last"
    sequencer.refuse_a_fork(link, last)  # nothing was signed yet
    write(by, audience)
    note = sequencer.sequence(link, signer, ORIGIN)
    assert note is not None
    sequencer.keep(last, note)
    sequencer.refuse_a_fork(link, last)
    link.rollback()
    connections.close_all()
    link.close()
    backup = cluster.create(f"backup_{secrets.token_hex(4)}", template=database)
    try:
        write(by, audience)
        with psycopg.connect(cluster.sequencer_url(database)) as running:
            newer = sequencer.sequence(running, signer, ORIGIN)
        assert newer is not None
        sequencer.keep(last, newer)
        with psycopg.connect(cluster.sequencer_url(backup)) as restored, pytest.raises(sequencer.Forked):
            sequencer.refuse_a_fork(restored, last)
        with psycopg.connect(cluster.sequencer_url(database)) as running:
            sequencer.refuse_a_fork(running, last)
            # The same size with another root is a fork as well.
            head = checkpoint.Head.parse(checkpoint.parse_note(newer).text)
            sequencer.keep(last, checkpoint.sign_checkpoint(checkpoint.Head(head.origin, head.size, secrets.token_bytes(32)), signer))
            with pytest.raises(sequencer.Forked):
                sequencer.refuse_a_fork(running, last)
    finally:
        connections.close_all()
        cluster.drop(backup)
