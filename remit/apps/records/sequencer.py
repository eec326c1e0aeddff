"""The sequencer: gives queued entries their places, grows the logs and the roll-up, signs their heads. One process; the only holder of the signing key."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg

from remit.domain.record.checkpoint import Head, Signer, VerifierKey, checked_origin, log_origin, sign_checkpoint
from remit.domain.record.tiles import Tile, tile_bytes, tiles_to_store
from remit.domain.record.tree import Frontier, Growth, grow, leaf_hash
from remit.formats.packs.keys import load_signer

BATCH = 2000
POLL_S = 0.005
IDLE_S = 0.05
"""After a second without work it looks less often."""
LOCK = 0x52454D49
"""Key of the advisory lock that keeps a second sequencer out."""

Roll = None
"""The roll-up's key among the logs: it has no audience."""


WHAT_NOW = "nothing is signed, so that no second history begins. Restore a newer backup; where there is none, `remit origin renew` goes on under a new name"


class AlreadyRuns(Exception):
    """Another sequencer holds the lock."""


class Forked(Exception):
    """The database's roll-up does not contain the last checkpoint kept outside it; nothing is signed."""


def run(url: str, key_path: Path) -> None:
    """Sequence until SIGTERM, then end with SystemExit; it exits on any error, and its keeper starts it again."""
    data = key_path.parent.parent
    signer = load_signer(key_path.read_bytes())
    origin = (data / "origin").read_text().strip()
    last = data / "checkpoints" / "last"
    with psycopg.connect(url) as connection:
        take_lock(connection)
        refuse_a_fork(connection, last)
        publish_key(connection, signer, origin)
        idle_since = time.monotonic()
        for _ in _until_terminated():
            note = sequence(connection, signer, origin)
            if note is None:
                time.sleep(POLL_S if time.monotonic() - idle_since < 1 else IDLE_S)
                continue
            keep(last, note)
            idle_since = time.monotonic()


def take_lock(connection: psycopg.Connection) -> None:
    """For as long as the connection lives. Raises AlreadyRuns."""
    row = connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone()
    connection.commit()
    if row != (True,):
        raise AlreadyRuns


def sequence(connection: psycopg.Connection, signer: Signer, origin: str) -> bytes | None:
    """One batch in one transaction: the signed checkpoint of the roll-up, or None where nothing was queued."""
    with connection.transaction():
        # Entries are taken out of the queue, not read behind a high-water mark: transactions commit in another order than they begin.
        taken = connection.execute(
            "delete from records_queued where id = any(array(select id from records_queued order by id limit %s)) returning id, entry, audience, leaf_hash",
            [BATCH],
        ).fetchall()
        if not taken:
            return None
        taken.sort()
        logs = _frontiers(connection, {row[2] for row in taken})
        grown = grow(logs, ((row[2], bytes(row[3])) for row in taken))
        _store_leaves(connection, taken, grown)
        heads = [(audience, Head(log_origin(origin, audience), each.frontier.size, each.frontier.root)) for audience, each in grown.items()]
        roll = logs[Roll]
        rolled = grow({Roll: roll}, ((Roll, leaf_hash(head.to_bytes())) for _audience, head in heads))[Roll]
        _add(connection, "records_rollupleaf", {"index": "bigint", "leaf_hash": "bytea"}, enumerate(rolled.leaves, start=rolled.first_index))
        _add(
            connection,
            "records_head",
            {"audience_id": "uuid", "size": "bigint", "root": "bytea", "rollup_index": "bigint", "note": "text"},
            ((audience, head.size, head.root, rolled.first_index + at, sign_checkpoint(head, signer).decode()) for at, (audience, head) in enumerate(heads)),
        )
        _store_frontiers(connection, {**grown, Roll: rolled})
        _store_tiles(connection, {**grown, Roll: rolled})
        note = sign_checkpoint(Head(origin, rolled.frontier.size, rolled.frontier.root), signer)
        connection.execute(
            "insert into records_checkpoint (size, root, note, signed_at) values (%s, %s, %s, %s)",
            [rolled.frontier.size, rolled.frontier.root, note.decode(), datetime.now(UTC)],
        )
    return note


def publish_key(connection: psycopg.Connection, signer: Signer, origin: str) -> None:
    """So that packs can name the key."""
    vkey = str(VerifierKey(checked_origin(origin), signer.public))
    connection.execute("insert into records_signingkey (vkey, since) values (%s, %s) on conflict do nothing", [vkey, datetime.now(UTC)])
    connection.commit()


def refuse_a_fork(connection: psycopg.Connection, last: Path) -> None:
    """After a restore the database may be older than what was signed: a roll-up that lacks the last checkpoint kept outside is not signed on. Raises Forked."""
    if not last.exists():
        return
    text = last.read_text().split("\n")
    size = int(text[1])
    kept = connection.execute("select note from records_checkpoint where size = %s", [size]).fetchone()
    connection.rollback()
    if kept is None or kept[0].split("\n")[:3] != text[:3]:
        raise Forked(f"the database does not contain the checkpoint of size {size} that was signed before: {WHAT_NOW}")


def keep(last: Path, note: bytes) -> None:
    """The newest checkpoint, outside the database, whole or not at all."""
    last.parent.mkdir(exist_ok=True, mode=0o700)
    draft = last.with_name(".last")
    with draft.open("wb") as out:
        out.write(note)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(last)


def _frontiers(connection: psycopg.Connection, audiences: set[UUID]) -> dict[UUID | None, Frontier]:
    rows = connection.execute("select audience, size, roots from records_frontier where audience = any(%s) or audience is null", [list(audiences)]).fetchall()
    found: dict[UUID | None, Frontier] = {audience: Frontier.from_bytes(size, bytes(roots)) for audience, size, roots in rows}
    return {Roll: Frontier()} | found


def _store_frontiers(connection: psycopg.Connection, grown: Mapping[UUID | None, Growth]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into records_frontier (audience, size, roots) values (%s, %s, %s) "
            "on conflict (audience) do update set size = excluded.size, roots = excluded.roots",
            [(audience, each.frontier.size, each.frontier.to_bytes()) for audience, each in grown.items()],
        )


def _store_leaves(connection: psycopg.Connection, taken: Sequence[tuple[int, UUID, UUID, bytes]], grown: Mapping[UUID, Growth]) -> None:
    next_index = {audience: each.first_index for audience, each in grown.items()}
    rows = []
    for _id, entry, audience, leaf in taken:
        rows.append((audience, next_index[audience], entry, leaf))
        next_index[audience] += 1
    _add(connection, "records_leaf", {"audience_id": "uuid", "index": "bigint", "entry_id": "uuid", "leaf_hash": "bytea"}, rows)


def _store_tiles(connection: psycopg.Connection, grown: Mapping[UUID | None, Growth]) -> None:
    rows = []
    for audience, each in grown.items():
        made: dict[Tile, bytes] = {}
        for tile in tiles_to_store(each.first_index, each.frontier.size):

            def leaves(start: int, end: int, audience: UUID | None = audience) -> Sequence[bytes]:
                return stored_leaves(connection, audience, start, end)

            def full(tile: Tile, audience: UUID | None = audience, made: dict[Tile, bytes] = made) -> bytes:
                return made[tile] if tile in made else stored_tile(connection, audience, tile)

            made[tile] = tile_bytes(tile, leaves, full)
        rows += [(audience, tile.level, tile.index, hashes) for tile, hashes in made.items()]
    if rows:
        _add(connection, "records_tile", {"audience": "uuid", "level": "smallint", "index": "bigint", "hashes": "bytea"}, rows)


def stored_leaves(connection: psycopg.Connection, audience: UUID | None, start: int, end: int) -> list[bytes]:
    """Leaf hashes of a log, or of the roll-up, from `start` until before `end`."""
    values: list[object]
    if audience is None:
        query, values = "select leaf_hash from records_rollupleaf where index >= %s and index < %s order by index", [start, end]
    else:
        query, values = "select leaf_hash from records_leaf where audience_id = %s and index >= %s and index < %s order by index", [audience, start, end]
    return [bytes(row[0]) for row in connection.execute(query, values).fetchall()]


def stored_tile(connection: psycopg.Connection, audience: UUID | None, tile: Tile) -> bytes:
    """The hashes of a full tile that was stored."""
    row = connection.execute(
        "select hashes from records_tile where audience is not distinct from %s and level = %s and index = %s", [audience, tile.level, tile.index]
    ).fetchone()
    assert row is not None, f"tile {tile} is missing"
    return bytes(row[0])


def _add(connection: psycopg.Connection, table: str, columns: Mapping[str, str], rows: Iterable[tuple[object, ...]]) -> None:
    """All rows in one statement; COPY is refused on tables with row level security. `columns`: name to type."""
    values = list(zip(*rows, strict=True))
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    connection.execute(f"insert into {table} ({', '.join(columns)}) select * from unnest({arrays})", [list(column) for column in values])


def _until_terminated() -> Iterator[None]:
    """Yields until SIGTERM; a batch under way is finished."""
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True

    with contextlib.suppress(ValueError):  # not the main thread: a test stops it otherwise
        signal.signal(signal.SIGTERM, end)
    while not ended:
        yield
    raise SystemExit(0)
