"""Writes an evidence pack: the same values give the same bytes, and a pack that would not verify is not written."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO
from uuid import UUID

from remit.domain.record.canonical import canonical
from remit.domain.record.checkpoint import Head, LoggedProof, VerifierKey, is_demonstration, parse_note
from remit.domain.record.decision import EvidenceFile, ObjectReference
from remit.domain.record.statement import MOST_BYTES, instant_text
from remit.domain.record.tree import Frontier, leaf_hash
from remit.formats.packs import reading

FORM = 1
MOST_MEMBERS = 65_535
CHUNK_BYTES = 1 << 20


class PackDoesNotHold(ValueError):
    """What was given does not fit together: a root, a hash or a size differs. Nothing that was written so far is of use."""


class PackTooLarge(ValueError):
    """Over 4 GiB, over 2 GiB in one member, or over 65,535 members: leave large files out (`left_out`) or cover less."""


@dataclass(frozen=True, kw_only=True)
class PackedLog:
    """A whole log up to a checkpoint. `entries`: the statements' bytes in order, read once; `checkpoint`: its signed note;
    `head`: the tlog-proof that the checkpoint's text is in the roll-up, with the roll-up's checkpoint, the same for every log of a pack."""

    id: UUID
    entries: Iterable[bytes]
    checkpoint: bytes
    head: LoggedProof


@dataclass(frozen=True, kw_only=True)
class PackedFile:
    """An evidence file that entries name by this SHA-256; `open` gives its plain bytes."""

    sha256: str
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Salt and value behind the commitment `name` of entry `index` of a log."""

    log: UUID
    index: int
    name: str
    salt: bytes
    value: str


@dataclass(frozen=True, kw_only=True)
class PackContents:
    """What goes into a pack. `covers`: the period or engagement, as entries name it; `key`: the installation's; `logs`: complete, in the order shown.

    `left_out`: hashes that entries name and whose files stay outside. `cited`: by leaf hash in hex, the tlog-proof of an entry of a log that is not in the
    pack. `earlier`: by size of an earlier roll-up, the consistency proof up to this one. `timestamps`: by file name, RFC 3161 answers over the text of the
    roll-up's checkpoint. `rotations`: the notes signed by an old and a new key, oldest first.
    """

    origin: str
    covers: ObjectReference
    key: VerifierKey
    logs: Sequence[PackedLog]
    made_at: datetime
    software: str
    files: Sequence[PackedFile] = ()
    left_out: Sequence[str] = ()
    openings: Sequence[Opening] = ()
    cited: Mapping[str, LoggedProof] = field(default_factory=dict)
    earlier: Mapping[int, Sequence[bytes]] = field(default_factory=dict)
    timestamps: Mapping[str, bytes] = field(default_factory=dict)
    rotations: Sequence[bytes] = ()


@dataclass(frozen=True)
class WrittenPack:
    """What was written: number of entries, members and files."""

    entries: int
    members: int
    files: int


def write_pack(out: BinaryIO, contents: PackContents) -> WrittenPack:
    """Writes to a seekable binary file, which is left open. Streams: holds 32 bytes an entry, never a whole file. Raises PackDoesNotHold, PackTooLarge."""
    if not contents.logs:
        raise PackDoesNotHold("a pack covers at least one log")
    rollup = contents.logs[0].head.checkpoint
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        members = _Members(archive)
        try:
            _write_fixed(members, contents, rollup)
            entries, shown = 0, []
            for log in contents.logs:
                leaves, first = _write_entries(members, log)
                _write_head(members, contents, log, leaves, rollup)
                entries += len(leaves)
                shown.append((str(log.id), len(leaves), first))
            _write_rest(members, contents)
            members.add("index.html", reading.index_page(contents.origin, contents.covers, shown, is_demonstration(contents.origin)))
            members.add("manifest.json", _manifest(contents, members.listed, shown))
        except (zipfile.LargeZipFile, RuntimeError) as fault:
            raise PackTooLarge(f"the pack is too large for its form: {fault}") from fault
    return WrittenPack(entries, len(members.listed), len(contents.files))


class _Members:
    """Members of the archive as they are written, each with size and SHA-256."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.listed: list[dict[str, Any]] = []

    def add(self, path: str, data: bytes) -> None:
        self.stream(path, [data])

    def stream(self, path: str, parts: Iterable[bytes]) -> str:
        """Writes the parts one after another; gives the SHA-256 in hex."""
        if len(self.listed) >= MOST_MEMBERS - 1:
            raise PackTooLarge(f"a pack has at most {MOST_MEMBERS} members")
        digest, size = hashlib.sha256(), 0
        with self.archive.open(_fixed_info(path), "w") as member:
            for part in parts:
                member.write(part)
                digest.update(part)
                size += len(part)
        self.listed.append({"path": path, "size": size, "sha256": digest.hexdigest()})
        return digest.hexdigest()


def _fixed_info(path: str) -> zipfile.ZipInfo:
    """Nothing of the machine or the day: first day of the format's calendar, plain file, readable by all."""
    info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    info.create_system, info.external_attr = 3, 0o644 << 16
    return info


def _write_fixed(members: _Members, contents: PackContents, rollup: bytes) -> None:
    members.add("README.txt", reading.readme(contents.origin, contents.covers, str(contents.key), is_demonstration(contents.origin)))
    members.add("verify.py", Path(__file__).with_name("verify.py").read_bytes())
    members.add("keys/log.vkey", f"{contents.key}\n".encode())
    for number, note in enumerate(contents.rotations, 1):
        members.add(f"keys/rotations/{number:04}", note)
    if Head.parse(parse_note(rollup).text).origin != contents.origin:
        raise PackDoesNotHold("the roll-up is not that of the origin")
    members.add("rollup/checkpoint", rollup)
    for size, path in sorted(contents.earlier.items()):
        members.add(f"rollup/consistency/{size}", reading.proof_lines(path))
    for name, answer in sorted(contents.timestamps.items()):
        members.add(f"timestamps/{name}", answer)


def _write_entries(members: _Members, log: PackedLog) -> tuple[list[bytes], list[bytes]]:
    """Writes a log's entries; gives its leaf hashes, and its first entries for the page that people read."""
    leaves: list[bytes] = []
    first: list[bytes] = []

    def lines() -> Iterable[bytes]:
        for entry in log.entries:
            if not entry or len(entry) > MOST_BYTES or b"\n" in entry:
                raise PackDoesNotHold(f"entry {len(leaves)} of log {log.id} is not the bytes of a statement")
            leaves.append(leaf_hash(entry))
            if len(first) < reading.MOST_SHOWN:
                first.append(entry)
            yield entry + b"\n"

    members.stream(f"logs/{log.id}/entries.jsonl", lines())
    return leaves, first


def _write_head(members: _Members, contents: PackContents, log: PackedLog, leaves: list[bytes], rollup: bytes) -> None:
    head = Head.parse(parse_note(log.checkpoint).text)
    if (head.origin, head.size) != (f"{contents.origin}/{log.id}", len(leaves)) or head.root != Frontier().append(leaves).root:
        raise PackDoesNotHold(f"the {len(leaves)} entries of log {log.id} are not those of its checkpoint of {head.size}")
    if log.head.checkpoint != rollup:
        raise PackDoesNotHold(f"log {log.id} is proven in another roll-up than the first log")
    members.stream(f"logs/{log.id}/leaves.txt", (leaf.hex().encode() + b"\n" for leaf in leaves))
    members.add(f"logs/{log.id}/checkpoint", log.checkpoint)
    members.add(f"logs/{log.id}/head.tlog-proof", log.head.to_bytes())


def _write_rest(members: _Members, contents: PackContents) -> None:
    for leaf, proof in sorted(contents.cited.items()):
        members.add(f"cited/{leaf}.tlog-proof", proof.to_bytes())
    openings = [{"log": str(each.log), "index": each.index, "name": each.name, "salt": each.salt.hex(), "value": each.value} for each in contents.openings]
    members.stream("openings.jsonl", (canonical(opening) + b"\n" for opening in openings))
    for file in sorted(contents.files, key=lambda file: file.sha256):
        with file.open() as handle:
            found = members.stream(f"files/{file.sha256}", iter(lambda: handle.read(CHUNK_BYTES), b""))
        if found != file.sha256:
            raise PackDoesNotHold(f"the file {file.sha256} has the hash {found}")


def _manifest(contents: PackContents, listed: list[dict[str, Any]], shown: list[tuple[str, int, list[bytes]]]) -> bytes:
    covers = contents.covers
    return canonical(
        {
            "type": "remit pack",
            "form": FORM,
            "origin": contents.origin,
            "demonstration": is_demonstration(contents.origin),
            "covers": {"kind": covers.kind, "id": str(covers.id), "reference": covers.reference},
            "logs": [{"id": log, "size": size} for log, size, _ in shown],
            "left_out": sorted(set(contents.left_out)),
            "made_at": instant_text(contents.made_at),
            "software": contents.software,
            "members": listed,
        }
    )


def file_of(evidence: EvidenceFile, path: Path) -> PackedFile:
    """An evidence file that lies on disk in plain bytes."""
    return PackedFile(sha256=evidence.sha256, open=lambda: path.open("rb"))
