"""Logs as a pack takes them: all entries of an audience up to its newest signed head, and the proof that this head is in the roll-up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from uuid import UUID

from remit.apps.records.models import Checkpoint, Entry, Head, Leaf, Opening, RollupLeaf, SigningKey
from remit.apps.records.models import Tile as StoredTile
from remit.domain.record.checkpoint import LoggedProof, VerifierKey
from remit.domain.record.decision import Coverage
from remit.domain.record.tiles import WIDTH, Tile, nodes_in, tile_root
from remit.domain.record.tree import consistency_proof, inclusion_proof
from remit.formats.packs.write import Opening as PackedOpening
from remit.formats.packs.write import PackedLog

READ_AT_ONCE = 2000
HEADS_ABOUT = 2
"""Heads before and after an entry: others may write while a pack is made."""


def packed_log(audience: UUID) -> PackedLog | None:
    """The log up to its newest head, under the roll-up that took this head in; None while nothing of it is signed."""
    head = Head.objects.filter(audience=audience).order_by("-size").first()
    roll = roll_over(head.rollup_index) if head else None
    if head is None or roll is None:
        return None
    path = inclusion_proof(head.rollup_index, roll.size, nodes_in(roll.size, _roll_tile))
    proof = LoggedProof(head.rollup_index, tuple(path), roll.note.encode())
    return PackedLog(id=audience, entries=_entries(audience, head.size), checkpoint=head.note.encode(), head=proof)


def roll_over(index: int) -> Checkpoint | None:
    """The first checkpoint of the roll-up that contains its leaf of that index."""
    return Checkpoint.objects.filter(size__gt=index).order_by("size").first()


def grown_from(sizes: Iterable[int], size: int) -> dict[int, list[bytes]]:
    """By size, for every smaller one: the proof that the roll-up of `size` begins with that earlier one."""
    node = nodes_in(size, cache(_roll_tile))
    return {earlier: consistency_proof(earlier, size, node) for earlier in sorted(set(sizes)) if 0 < earlier < size}


def rolls_about(audience: UUID, entries: Iterable[UUID]) -> set[int]:
    """Sizes of the roll-ups that a pack made at the time of one of these entries of the log may carry: those of the heads next to it."""
    heads = list(Head.objects.filter(audience=audience).order_by("size").values_list("size", "rollup_index"))
    sizes = [size for size, _ in heads]
    about: set[int] = set()
    for index in Leaf.objects.filter(audience=audience, entry__in=list(entries)).values_list("index", flat=True):
        at = bisect_right(sizes, index)
        about |= {roll for _, roll in heads[max(at - HEADS_ABOUT, 0) : at + HEADS_ABOUT]}
    return {roll.size for roll in map(roll_over, sorted(about)) if roll is not None}


def coverage(audience: UUID) -> Coverage | None:
    """The newest signed head of a log, as a seal names it."""
    head = Head.objects.filter(audience=audience).order_by("-size").first()
    return Coverage(log=audience, size=head.size, root=bytes(head.root).hex()) if head else None


def covers(audience: UUID, entry: UUID) -> bool:
    """Whether a signed head covers the entry already."""
    return Leaf.objects.filter(audience=audience, entry=entry).exists()


def openings(audience: UUID, size: int) -> list[PackedOpening]:
    """Values and salts behind the commitments of the log's first entries, those that were not erased."""
    rows = Opening.objects.filter(audience=audience, entry__leaf__index__lt=size).values_list("entry__leaf__index", "name", "salt", "value")
    return [
        PackedOpening(log=audience, index=index, name=name, salt=bytes(salt), value=value)
        for index, name, salt, value in rows.order_by("entry__leaf__index", "name")
    ]


def key() -> VerifierKey | None:
    """The newest key under which checkpoints are signed."""
    newest = SigningKey.objects.order_by("-since").first()
    return VerifierKey.parse(newest.vkey) if newest else None


def _entries(audience: UUID, size: int) -> Iterator[bytes]:
    for start in range(0, size, READ_AT_ONCE):
        rows = Entry.objects.filter(leaf__audience=audience, leaf__index__gte=start, leaf__index__lt=min(size, start + READ_AT_ONCE)).order_by("leaf__index")
        for statement in rows.values_list("statement", flat=True):
            yield bytes(statement)


def _roll_tile(tile: Tile) -> bytes:
    if tile.width == WIDTH:
        return bytes(StoredTile.objects.get(audience=None, level=tile.level, index=tile.index).hashes)
    first = tile.index * WIDTH
    if tile.level == 0:
        found = RollupLeaf.objects.filter(index__gte=first, index__lt=first + tile.width).order_by("index")
        return b"".join(bytes(leaf.leaf_hash) for leaf in found)
    return b"".join(tile_root(_roll_tile(Tile(tile.level - 1, first + at))) for at in range(tile.width))
