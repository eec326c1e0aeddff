"""Is a log what was signed? Its newest head at a glance, and the whole log recomputed on demand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from remit.apps.records import proofs
from remit.apps.records.models import Entry, Head, Leaf, Opening, SigningKey
from remit.apps.records.models import Tile as StoredTile
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.record import checkpoint, commitment, statement
from remit.domain.record.tiles import WIDTH, Tile, nodes_in, tile_root
from remit.domain.record.tree import Frontier, inclusion_proof, leaf_hash, verify_inclusion
from remit.formats.packs.keys import verify

AT_ONCE = 2000

LEAF = Sentence("record.leaf", N_("Entry {entry}: its bytes do not give the hash that stands in the log."))
GAP = Sentence("record.gap", N_("Entry {entry} is missing."))
FORM = Sentence("record.form", N_("Entry {entry}: its bytes are not a decision of this log."))
COLUMNS = Sentence("record.columns", N_("Entry {entry}: what stands beside its bytes is not what they say."))
OPENED = Sentence("record.opening", N_("Entry {entry}: the value kept for {name} is not the one that was committed to."))
ROOT = Sentence("record.root", N_("The first {size} entries do not give the root that was signed."))
SIGNATURE = Sentence("record.signature", N_("The head over {size} entries carries no signature that holds."))
ROLLUP = Sentence("record.rollup", N_("The signed roll-up does not contain the head over {size} entries."))


@dataclass(frozen=True)
class Standing:
    """The newest head of a log and what holds of it: signature and place in the roll-up, checked now. `signed_at`: of the roll-up's checkpoint."""

    audience: UUID
    size: int
    root: bytes
    origin: str
    note: str
    rollup_index: int
    rollup_size: int
    signed_at: datetime
    waiting: int
    """Entries that are decided and kept, and not in a signed head yet."""
    faults: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Checked:
    """The whole log recomputed: how many entries, signed heads and opened values were compared, and each fault."""

    entries: int
    heads: int
    openings: int
    files: int
    faults: tuple[Reason, ...]

    @property
    def holds(self) -> bool:
        """Nothing was found wrong."""
        return not self.faults


@dataclass(frozen=True)
class Included:
    """That an entry stands at `index` among the first `size`: the path to the signed root, and whether it leads there."""

    index: int
    size: int
    root: bytes
    path: tuple[bytes, ...]
    leaf: bytes
    holds: bool


@dataclass
class _Read:
    """What a pass over the entries found so far."""

    frontier: Frontier = field(default_factory=Frontier)
    faults: list[Reason] = field(default_factory=list)
    commitments: dict[UUID, tuple[int, dict[str, str]]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


def standing(audience: UUID) -> Standing | None:
    """None while no entry of the log is under a signed head."""
    head = Head.objects.filter(audience=audience).order_by("-size").first()
    roll = proofs.roll_over(head.rollup_index) if head else None
    packed = proofs.packed_log(audience)
    if head is None or roll is None or packed is None:
        return None
    faults, keys = [], _keys()
    opened = _signed(head.note, keys)
    if opened is None or (opened.size, opened.root) != (head.size, bytes(head.root)) or not opened.origin.endswith(f"/{audience}"):
        faults.append(SIGNATURE(size=head.size))
    rolled = _signed(roll.note, keys)
    leaf = leaf_hash(opened.to_bytes()) if opened else b""
    if rolled is None or not verify_inclusion(leaf, packed.head.index, rolled.size, packed.head.path, rolled.root):
        faults.append(ROLLUP(size=head.size))
    waiting = Entry.objects.filter(audience=audience, leaf=None).count()
    origin = opened.origin if opened else ""
    return Standing(audience, head.size, bytes(head.root), origin, head.note, head.rollup_index, roll.size, roll.signed_at, waiting, tuple(faults))


def check_log(audience: UUID) -> Checked:
    """Every leaf hash, every signed head's root and signature, the newest head's place in the roll-up, and every kept value against its commitment."""
    heads = {head.size: head for head in Head.objects.filter(audience=audience).order_by("size")}
    seen = _Read()
    for index, leaf, entry in _placed(audience):
        if index != seen.frontier.size:
            seen.faults.append(GAP(entry=seen.frontier.size + 1))
            break
        data = bytes(entry.statement)
        computed = leaf_hash(data)
        if computed != leaf or computed != bytes(entry.leaf_hash):
            seen.faults.append(LEAF(entry=index + 1))
        _read_entry(seen, audience, index, entry, data)
        seen.frontier = seen.frontier.append([computed])
        head = heads.get(seen.frontier.size)
        if head and seen.frontier.root != bytes(head.root):
            seen.faults.append(ROOT(size=head.size))
    last = max(heads, default=0)
    if seen.frontier.size < last:
        seen.faults.append(ROOT(size=last))
    keys = _keys()
    for size, head in heads.items():
        opened = _signed(head.note, keys)
        if opened is None or (opened.size, opened.root) != (size, bytes(head.root)):
            seen.faults.append(SIGNATURE(size=size))
    newest = standing(audience)
    seen.faults += [fault for fault in (newest.faults if newest else ()) if fault not in seen.faults]
    openings = _check_openings(seen, audience)
    return Checked(seen.frontier.size, len(heads), openings, len(seen.files), tuple(seen.faults))


def inclusion(entry: Entry) -> Included | None:
    """The entry under the newest signed head, recomputed from its bytes; None while it has no place."""
    place = Leaf.objects.filter(entry=entry).first()
    head = Head.objects.filter(audience=entry.audience_id).order_by("-size").first()
    if place is None or head is None or place.index >= head.size:
        return None

    def read(tile: Tile) -> bytes:
        return _tile(entry.audience_id, tile)

    path = tuple(inclusion_proof(place.index, head.size, nodes_in(head.size, read)))
    leaf, root = leaf_hash(bytes(entry.statement)), bytes(head.root)
    return Included(place.index, head.size, root, path, leaf, verify_inclusion(leaf, place.index, head.size, path, root))


def _placed(audience: UUID) -> Iterator[tuple[int, bytes, Entry]]:
    start = 0
    while rows := list(Leaf.objects.filter(audience=audience, index__gte=start, index__lt=start + AT_ONCE).select_related("entry").order_by("index")):
        for row in rows:
            yield row.index, bytes(row.leaf_hash), row.entry
        start += AT_ONCE


def _read_entry(seen: _Read, audience: UUID, index: int, entry: Entry, data: bytes) -> None:
    try:
        decision = statement.decode(data)
    except statement.NotAStatement:
        seen.faults.append(FORM(entry=index + 1))
        return
    if decision.log != audience:
        seen.faults.append(FORM(entry=index + 1))
    said = (decision.id, decision.kind, decision.outcome, decision.object.kind, decision.object.id, decision.decided_at)
    if said != (entry.id, entry.kind, entry.outcome, entry.object_kind, entry.object_id, entry.decided_at):
        seen.faults.append(COLUMNS(entry=index + 1))
    seen.files |= {file.sha256 for file in decision.files}
    if decision.commitments:
        seen.commitments[entry.id] = (index, dict(decision.commitments))


def _check_openings(seen: _Read, audience: UUID) -> int:
    count = 0
    for kept in Opening.objects.filter(audience=audience).iterator():
        if kept.entry_id not in seen.commitments:
            continue
        index, committed = seen.commitments[kept.entry_id]
        count += 1
        if not commitment.opens(committed.get(kept.name, ""), bytes(kept.salt), kept.value):
            seen.faults.append(OPENED(entry=index + 1, name=kept.name))
    return count


def _keys() -> list[checkpoint.VerifierKey]:
    """The installation's keys, the newest first."""
    return [checkpoint.VerifierKey.parse(key.vkey) for key in SigningKey.objects.order_by("-since")]


def _signed(note: str, keys: list[checkpoint.VerifierKey]) -> checkpoint.Head | None:
    """The head in a note that one of the keys signed."""
    for key in keys:
        try:
            return checkpoint.open_checkpoint(note.encode(), key, verify)
        except (checkpoint.NotANote, checkpoint.NotSigned):
            continue
    return None


def _tile(audience: UUID, tile: Tile) -> bytes:
    if tile.width == WIDTH:
        return bytes(StoredTile.objects.get(audience=audience, level=tile.level, index=tile.index).hashes)
    first = tile.index * WIDTH
    if tile.level == 0:
        found = Leaf.objects.filter(audience=audience, index__gte=first, index__lt=first + tile.width).order_by("index")
        return b"".join(bytes(each) for each in found.values_list("leaf_hash", flat=True))
    return b"".join(tile_root(_tile(audience, Tile(tile.level - 1, first + at))) for at in range(tile.width))
