#!/usr/bin/env python3
"""Verifies a Remit evidence pack: alone and offline, with nothing but Python 3.9 or later. The form is described in docs/formats/record.md.

    python3 verify.py PACK.zip [--key VKEY] [--checkpoint FILE] [--witness VKEY] [--json]

Exit status: 0 the proof holds, 1 it fails (the output names the entry), 2 the file is not a pack.

It is one file on purpose, longer than the project's others: who verifies should have to trust and read nothing beside it.
"""

from __future__ import annotations

import argparse
import base64
import gc
import hashlib
import io
import json
import os
import re
import struct
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, NoReturn

VERSION = 1
MOST_ENTRY, MOST_NOTE, MOST_TEXT, MOST_MEMBERS, MOST_LISTED = 65_535, 65_536, 1 << 26, 65_535, 50
PREDICATE, STATEMENT = "urn:remit:decision:v1", "https://in-toto.io/Statement/v1"
HEX, UUID = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def N_(text: str) -> str:
    """Marks a sentence for translation by programs that show the findings."""
    return text


SAYS = {
    # Why it is not a pack
    "short": N_("it is empty or cut short"),
    "end": N_("it does not end as a pack ends: it is no zip, was cut short, or something was added to it"),
    "compressed": N_("its members are compressed or overlap; a pack stores them as they are: ask for the file as it was given"),
    "crowded": N_("it lists more members than a pack can have"),
    "no_manifest": N_("it is a zip without the manifest of a pack"),
    "other_form": N_("it is of form {form}, and this program knows form {known}: use the verifier of that form"),
    "unopened_file": N_("the file cannot be opened: {what}"),
    # What failed
    "container": N_("the file is not laid out as a pack: {what}"),
    "member_changed": N_("{member} is not the member that the manifest lists"),
    "members": N_("the members of the pack are not those that the manifest lists, in its order: {what}"),
    "manifest": N_("the manifest is not of this form: {what}"),
    "unreadable": N_("{member} cannot be read as what it is: {what}"),
    "key": N_("no key that is trusted here speaks for {origin}"),
    "signature": N_("the checkpoint of {origin} has no signature that holds by a key trusted here"),
    "origin": N_("{member} is a checkpoint of {origin}, not of {wanted}"),
    "rollup": N_("log {log}: its head is not in the roll-up that the installation signed"),
    "root": N_("log {log}: its leaf hashes do not give the root that the checkpoint signs"),
    "count": N_("log {log}: {found} entries, but its checkpoint signs {wanted}"),
    "entry_changed": N_("log {log}, entry {index} ({kind}): its bytes were changed, moved or exchanged: they do not give its leaf hash"),
    "leaf_changed": N_("log {log}, entry {index} ({kind}): the list of leaf hashes was changed; the entry itself is the one that was signed"),
    "entry_form": N_("log {log}, entry {index} ({kind}): it is not a decision statement of this form: {what}"),
    "entry_twice": N_("log {log}, entry {index} ({kind}): its id is that of an earlier entry"),
    "reference": N_("log {log}, entry {index} ({kind}): it {relation} an entry that is not before it in the record"),
    "cited": N_("log {log}, entry {index} ({kind}): the proof of an entry that it {relation} does not hold"),
    "same_person": N_("log {log}, entry {index} ({kind}): four eyes: the reviewer is, or acts with, the one who prepared (entry {other})"),
    "nobody": N_("log {log}, entry {index} ({kind}): four eyes: reviewer or preparer (entry {other}) is not named by a person"),
    "agent_reviews": N_("log {log}, entry {index} ({kind}): a software agent reviewed, which it may not"),
    "other_bytes": N_("log {log}, entry {index} ({kind}): four eyes: the review does not name the manifest of what it reviews (entry {other})"),
    "one_overrides": N_("log {log}, entry {index} ({kind}): an override without two different persons"),
    "after_close": N_("log {log}, entry {index} ({kind}): recorded inside {period} after that was closed"),
    "not_closed": N_("log {log}, entry {index} ({kind}): it seals {period}, which was not closed before"),
    "seal": N_("log {log}, entry {index} ({kind}): the seal does not fit the log that it covers: {what}"),
    "subject": N_("the pack says that it covers {what}, but no entry speaks of that"),
    "opening": N_("log {log}, entry {index}: what is opened as {name} is not what was committed to"),
    "file_missing": N_("log {log}, entry {index} ({kind}): the file {sha256} that it names is missing"),
    "file_unnamed": N_("{member}: no entry names this file"),
    "fork": N_("{origin}: not consistent with the checkpoint that you hold (size {size}): the log was rewritten"),
    "shorter": N_("{origin}: you hold a checkpoint of {size} entries, the pack has {found}: its end is missing, or it is older than your checkpoint"),
    "held": N_("the checkpoint that you gave cannot be compared: {what}"),
    "witness": N_("the witness {name} did not cosign the roll-up, or its cosignature does not hold"),
    # What was checked
    "checked_members": N_("{count} members, byte for byte, against the manifest and the layout of the file"),
    "checked_log": N_("log {log}: {count} entries, each hash computed; root, signature and place in the roll-up hold"),
    "checked_signatures": N_("the signature of {origin} by key {key}"),
    "checked_files": N_("files ({count}), each named by an entry with this hash"),
    "checked_reviews": N_("reviews ({count}): another person than the preparer, and the hash of what was reviewed"),
    "checked_references": N_("references to earlier entries ({count})"),
    "checked_openings": N_("opened values ({count}) against their commitments"),
    "checked_seals": N_("seals ({count}) against the heads that they cover"),
    "checked_held": N_("{origin}: it only grew since the checkpoint that you hold (size {size})"),
    "checked_witness": N_("cosigned by the witness {name} at {at}"),
    # What was not shown
    "key_from_pack": N_("WHOSE KEY IT IS: it came out of the pack itself ({key}). Give the key that you got elsewhere with --key."),
    "no_held": N_("THAT NOTHING WAS CUT OFF OR REWRITTEN: no earlier checkpoint was given. Keep this pack's, and give it with --checkpoint next time."),
    "no_witness": N_("THAT OTHERS SAW THE SAME LOG: no witness was asked for; {count} cosignatures are enclosed, unverified. Give their keys with --witness."),
    "no_stamp": N_("WHEN IT WAS: no time stamp is enclosed; all times are the installation's own."),
    "stamp": N_("WHEN IT WAS: {count} time stamps of the roll-up are enclosed; check the authority's signature by another program (openssl ts -verify)."),
    "demonstration": N_("DEMONSTRATION: times are simulated, and nobody named here exists."),
    "left_out": N_("{count} files that entries name are not enclosed"),
    "outside": N_("{count} references lead to logs that are not in this pack"),
    "unopened": N_("{count} committed values are not opened here (personal data, erased or kept back)"),
    "unknown_form": N_("{count} entries are of a form that this program does not know: their bytes hold, their meaning was not checked"),
    "not_sealed": N_("THAT THE PERIOD IS FINISHED: no entry seals {what}"),
    "other_verifier": N_("the verifier enclosed in the pack is another one than this"),
    "words": N_("what is only for reading (README.txt, index.html) and what the manifest says of when and by which program it was made"),
    "always": N_("who sat at the keyboard, and what nobody entered"),
}  # fmt: skip


class Finding(dict[str, Any]):
    """One finding: its code, the values of its sentence, and the sentence in English."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code=code, values=values, says=SAYS[code].format(**values))


class NotAPack(Exception):
    """The file cannot be read as a pack at all; a Finding says why."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.finding = Finding(code, **values)


class Bad(Exception):
    """A part cannot be read as what it is."""


# Ed25519 (RFC 8032), verification only

Point = tuple[int, int, int, int]

P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE: Any = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature holds."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, s = _point(public), int.from_bytes(signature[32:], "little")
    if key is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    minus = (P - key[0], key[1], 1, P - key[3])
    table, sum_ = (None, BASE, minus, _add(BASE, minus)), (0, 1, 1, 0)
    for bit in range(252, -1, -1):  # s * BASE - h * key, both at once
        sum_ = _add(sum_, sum_)
        chosen = table[(s >> bit & 1) + 2 * (h >> bit & 1)]
        sum_ = _add(sum_, chosen) if chosen else sum_
    inverse = pow(sum_[2], -1, P)
    x, y = sum_[0] * inverse % P, sum_[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# Merkle trees (RFC 6962)


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(hashes: list[bytes]) -> bytes:
    """The root over leaf hashes; an odd one at the end of a level moves up as it is."""
    sha256, level = hashlib.sha256, list(hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) & 1 else []
        level = [sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2])] + odd  # noqa: B905 (Python 3.9)
    return level[0] if level else hashlib.sha256(b"").digest()


def roots_at(hashes: list[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """The roots at these sizes, where there are so many leaves, in one pass whatever their number."""
    roots, stack, done = {}, list[bytes](), 0
    for size in sorted(size for size in sizes if 0 <= size <= len(hashes)):
        for leaf in hashes[done:size]:
            rest, value = done, leaf
            while rest & 1:
                value, rest = node_hash(stack.pop(), value), rest >> 1
            stack.append(value)
            done += 1
        root = stack[-1] if stack else root_of([])
        for left in stack[-2::-1]:
            root = node_hash(left, root)
        roots[size] = root
    return roots


def included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    here, last, value = index, size - 1, leaf
    for step in path:
        if last <= 0:
            return False
        if here & 1 or here == last:
            value = node_hash(step, value)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            value = node_hash(value, step)
        here, last = here >> 1, last >> 1
    return 0 <= index < size and last == 0 and value == root


def grew(old_size: int, size: int, old_root: bytes, root: bytes, path: list[bytes]) -> bool:
    """Whether the path shows that the tree of `size` begins with that of `old_size` (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size < size:
        return not path and (old_root == root if old_size == size else old_size == 0 and old_root == root_of([]))
    steps = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    here, last = old_size - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = value = steps[0] if steps else b""
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, value = node_hash(step, old), node_hash(step, value)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            value = node_hash(value, step)
        here, last = here >> 1, last >> 1
    return last == 0 and old == old_root and value == root


# Signed notes, checkpoints, proofs (C2SP)

Key = tuple[str, bytes, int]
Note = tuple[bytes, list[tuple[str, bytes, bytes]]]


def unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Bad("not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Bad("not the plain base64 of its bytes")
    return data


def key_of(text: str) -> Key:
    """(name, public key, algorithm) of a verifier key name+id+key."""
    name, _, rest = text.strip().partition("+")
    id_, _, encoded = rest.partition("+")
    material = unbase64(encoded)
    if not name or len(material) != 33 or material[0] not in (1, 4) or key_id(name, material[0], material[1:]).hex() != id_:
        raise Bad("not a verifier key of the form name+id+key")
    return name, material[1:], material[0]


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def note_of(data: bytes) -> Note:
    """(text, [(name, key id, signature)]) of a signed note."""
    text, gap, lines = data.rpartition(b"\n\n")
    try:
        rows = lines.decode("utf-8").split("\n")
        text.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("not UTF-8") from None
    if not gap or rows.pop() or not rows or len(rows) > 64 or len(data) > MOST_NOTE or any(byte < 32 and byte != 10 for byte in data):
        raise Bad("empty, or not a signed note (a text, an empty line, signature lines)")
    signatures = []
    for row in rows:
        parts = row.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not parts[1]:
            raise Bad("a signature line is not an em dash, a name and a signature")
        value = unbase64(parts[2])
        signatures.append((parts[1], value[:4], value[4:]))
    return text + b"\n", signatures


def head_of(text: bytes) -> tuple[str, int, bytes]:
    """(origin, size, root) of a checkpoint's text."""
    match = re.fullmatch(rb"([a-z0-9._/-]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n", text)
    if not match:
        raise Bad("not a checkpoint of three lines: origin, size, root")
    return match.group(1).decode(), int(match.group(2)), unbase64(match.group(3).decode())


def proof_of(data: bytes) -> tuple[int, list[bytes], bytes]:
    """(index, path, checkpoint) of a tlog-proof."""
    head, gap, checkpoint = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    if not gap or not 2 <= len(lines) <= 66 or lines[0] != "c2sp.org/tlog-proof@v1" or not re.fullmatch("index (0|[1-9][0-9]{0,15})", lines[1]):
        raise Bad("not a tlog-proof")
    return int(lines[1][6:]), hashes_of(lines[2:]), checkpoint


def hashes_of(lines: list[str]) -> list[bytes]:
    path = [unbase64(line) for line in lines]
    if any(len(step) != 32 for step in path):
        raise Bad("a step of a proof is not a SHA-256")
    return path


def cosigned_at(note: Note, key: Key) -> int | None:
    """When the witness cosigned, in POSIX seconds, or None."""
    name, public, algorithm = key
    for signer, id_, value in note[1]:
        if algorithm == 4 and signer == name and id_ == key_id(name, 4, public):
            at = int.from_bytes(value[:8], "big")
            if ed25519_holds(public, value[8:], b"cosignature/v1\ntime %d\n" % at + note[0]):
                return at
    return None


# The file: a zip whose every byte is fixed by the names and the contents of its members; nothing is compressed

LOCAL, CENTRAL, END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")


class Container:
    """The members of a pack: name to (offset, size, crc), in order; `faults` says where the layout is not the one that it must be."""

    def __init__(self, handle: BinaryIO) -> None:
        self.handle, self.faults = handle, list[str]()
        self.members: dict[str, tuple[int, int, int]] = {}
        self.seen: dict[str, tuple[str, int]] = {}
        length = handle.seek(0, io.SEEK_END)
        if length < END.size:
            raise NotAPack("short")
        mark, _, _, count, _, size, start, _ = END.unpack(self._at(length - END.size, END.size))
        if mark != b"PK\5\6" or start + size + END.size != length:
            raise NotAPack("end")
        if size > MOST_MEMBERS * 300:
            raise NotAPack("crowded")
        directory, at, offset = self._at(start, size), 0, 0
        while at + CENTRAL.size <= size:
            row = CENTRAL.unpack_from(directory, at)
            crc, stored, length, name_length, extra, comment, place = row[7], row[8], row[9], row[10], row[11], row[12], row[16]
            name = directory[at + CENTRAL.size : at + CENTRAL.size + name_length].decode("ascii", "replace")
            if row[0] != b"PK\1\2" or row[4] or stored != length or place != offset or place + LOCAL.size + name_length + length > start:
                raise NotAPack("compressed")
            if name in self.members:
                self.faults.append(f"the member {name:.80} is there twice")
            if row != (b"PK\1\2", 788, 20, 0, 0, 0, 33, crc, length, length, name_length, 0, 0, 0, 0, 0o644 << 16, offset):
                self.faults.append(f"the directory entry of {name:.80}")
            header = LOCAL.pack(b"PK\3\4", 20, 0, 0, 0, 33, crc, length, length, name_length, 0) + name.encode("ascii", "replace")
            if self._at(place, len(header)) != header:
                self.faults.append(f"the header of {name:.80}")
            self.members[name] = (place + len(header), length, crc)
            offset, at = place + len(header) + length, at + CENTRAL.size + name_length + extra + comment
        end = END.pack(b"PK\5\6", 0, 0, len(self.members), len(self.members), size, offset, 0)
        if at != size or self._at(start + size, END.size) != end or count > MOST_MEMBERS:
            self.faults.append("the end of the directory")

    def _at(self, place: int, size: int) -> bytes:
        self.handle.seek(place)
        return self.handle.read(size)

    def read(self, name: str, most: int = MOST_TEXT) -> bytes:
        """A member's bytes; Bad where it is missing or longer than `most`."""
        if name not in self.members:
            raise Bad("missing")
        place, size, _ = self.members[name]
        if size > most:
            raise Bad(f"{size} bytes, {most} are the most")
        data = self._at(place, size)
        self.seen[name] = (hashlib.sha256(data).hexdigest(), zlib.crc32(data))
        return data

    def lines(self, name: str) -> Iterator[bytes]:
        """A member's lines without their newline, read as they come; Bad at one that is too long or not ended."""
        if name not in self.members:
            raise Bad("missing")
        place, left, _ = self.members[name]
        whole, crc, readline = hashlib.sha256(), 0, self.handle.readline
        self.handle.seek(place)
        while left:
            line = readline(min(left, MOST_ENTRY + 1))
            if line[-1:] != b"\n":
                raise Bad("a line is longer than 65,535 bytes, or the last one is not ended")
            left -= len(line)
            whole.update(line)
            crc = zlib.crc32(line, crc)
            yield line[:-1]
        self.seen[name] = (whole.hexdigest(), crc)

    def digest(self, name: str) -> str:
        """SHA-256 in hex of a member of any length."""
        if name not in self.seen:
            place, left, _ = self.members[name]
            whole, crc = hashlib.sha256(), 0
            self.handle.seek(place)
            while left:
                part = self.handle.read(min(left, 1 << 20))
                if not part:
                    raise NotAPack("short")
                left -= len(part)
                whole.update(part)
                crc = zlib.crc32(part, crc)
            self.seen[name] = (whole.hexdigest(), crc)
        return self.seen[name][0]


ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> bytes:
    """RFC 8785 for what a pack holds: ASCII keys, whole numbers."""
    return ENCODER.encode(value).encode()


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


DECODER = json.JSONDecoder(object_pairs_hook=unique)


class Report:
    """What came out: `failures`, what was `checked`, what was `not_shown`; where the file is not a pack, `unreadable` says so and `why` is the Finding."""

    def __init__(self) -> None:
        self.failures: list[Finding] = []
        self.checked: list[Finding] = []
        self.not_shown: list[Finding] = []
        self.why: Finding | None = None
        self.covers: dict[str, str] = {}
        self.heads: list[dict[str, Any]] = []
        self.unreadable, self.failed, self.demonstration, self.origin, self.entries = "", 0, False, "", 0

    @property
    def status(self) -> int:
        return 2 if self.unreadable else 1 if self.failed else 0

    def fail(self, code: str, **values: Any) -> None:
        self.failed += 1
        if len(self.failures) < MOST_LISTED:
            self.failures.append(Finding(code, **values))

    def as_dict(self) -> dict[str, Any]:
        names = ("unreadable", "why", "failed", "failures", "checked", "not_shown", "demonstration", "origin", "covers", "entries", "heads")
        return dict({name: getattr(self, name) for name in names}, holds=self.status == 0, status=self.status, form=VERSION)


Here = tuple[str, int, str]
"""Log, index and kind of an entry."""


class Check:
    """One pass over a pack."""

    def __init__(self, handle: BinaryIO, keys: list[Key], held: list[bytes], witnesses: list[Key]) -> None:
        self.report, self.pack = Report(), Container(handle)
        self.given, self.held, self.witnesses = keys, held, witnesses
        self.trusted: list[Key] = []
        self.manifest: dict[str, Any] = {}
        self.rollup: tuple[bytes, Note, int, bytes] | None = None  # the checkpoint's bytes, note, size and root
        self.stamps: list[str] = []
        self.leaves: dict[str, list[bytes]] = {}  # by log, computed from the entries
        self.entries: dict[bytes, tuple[str, int, frozenset[str] | None, str]] = {}  # by leaf hash: log, index, who, manifest
        self.ids: set[str] = set()
        self.wanted: dict[str, set[int]] = {}  # by log: the sizes at which its root is asked for
        self.spoken: set[tuple[str, str, str]] = set()
        self.named: dict[str, Here] = {}  # by SHA-256 of a file: the first entry that names it
        self.closed: set[tuple[str, str]] = set()
        self.sealed: set[str] = set()
        self.openings: dict[tuple[str, int], list[tuple[str, str]]] = {}
        self.references: list[tuple[Here, str, str, bytes, Any]] = []
        self.roots: dict[str, dict[int, bytes]] = {}
        self.counts = dict.fromkeys(("reviews", "references", "openings", "seals", "outside", "unopened", "unknown"), 0)

    def run(self) -> Report:
        report, pack = self.report, self.pack
        for what in pack.faults[:MOST_LISTED]:
            report.fail("container", what=what)
        if self.part("manifest.json", self.read_manifest):
            self.part("keys/log.vkey", self.read_keys)
            self.part("rollup/checkpoint", self.read_rollup)
            self.part("openings.jsonl", self.read_openings)
            for log, size in self.manifest["logs"]:
                self.read_log(log, size)
            self.roots = {log: roots_at(self.leaves[log], sizes) for log, sizes in self.wanted.items() if log in self.leaves}
            for reference in self.references:
                self.resolve(*reference)
            self.read_files()
            self.compare_held()
            self.ask_witnesses()
            self.read_members()
            self.say()
        return report

    def part(self, member: str, read: Callable[[], None]) -> bool:
        """Reads a part; what cannot be read fails under the member's name. Gives whether it could."""
        try:
            read()
        except (Bad, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
            self.report.fail("unreadable", member=member, what=fault.args[0] if isinstance(fault, Bad) else f"not of this form ({type(fault).__name__})")
            return False
        return True

    def read_manifest(self) -> None:
        if "manifest.json" not in self.pack.members:
            raise NotAPack("no_manifest")
        data = self.pack.read("manifest.json")
        given = json.loads(data.decode("utf-8"))
        if not isinstance(given, dict) or given.get("type") != "remit pack":
            raise NotAPack("no_manifest")
        if given.get("form") != VERSION:
            raise NotAPack("other_form", form=str(given.get("form"))[:20], known=VERSION)
        keys = {"type", "form", "origin", "demonstration", "covers", "logs", "left_out", "made_at", "software", "members"}
        covers, members, logs, left_out = given["covers"], given["members"], given["logs"], given["left_out"]
        demonstration = re.split("[./-]", given["origin"], maxsplit=1)[0] == "demo"
        whole = (
            set(given) == keys
            and canonical(given) == data
            and set(covers) == {"kind", "id", "reference"}
            and all(set(member) == {"path", "size", "sha256"} for member in members)
            and all(set(log) == {"id", "size"} and UUID.fullmatch(log["id"]) and type(log["size"]) is int for log in logs)
            and len(logs) == len({log["id"] for log in logs}) > 0
            and left_out == sorted(set(left_out))
            and given["demonstration"] is demonstration
        )
        if not whole:
            raise Bad("a field is missing, unknown or not in its one form")
        self.manifest = dict(given, logs=[(log["id"], log["size"]) for log in logs])
        report = self.report
        report.demonstration, report.origin, report.covers = demonstration, given["origin"], covers

    def read_keys(self) -> None:
        enclosed = key_of(self.pack.read("keys/log.vkey", MOST_NOTE).decode("ascii"))
        self.trusted = list(self.given or [enclosed])
        for member in sorted(name for name in self.pack.members if name.startswith("keys/rotations/")):
            text, signatures = note_of(self.pack.read(member, MOST_NOTE))
            head, old, new, _ = text.decode().split("\n")
            pair = [key_of(old), key_of(new)]
            if head == "remit key rotation v1" and pair[0] in self.trusted and all(self.signed((text, signatures), key[0], [key]) for key in pair):
                self.trusted.append(pair[1])
        if not self.given:
            self.report.not_shown.append(Finding("key_from_pack", key=self.pack.read("keys/log.vkey").decode().strip()))

    def signed(self, note: Note, origin: str, keys: list[Key]) -> bool:
        """Whether a known key signed under this name and every signature of a known key holds."""
        known = {key_id(origin, 1, public): public for name, public, algorithm in keys if algorithm == 1 and (origin + "/").startswith(name + "/")}
        found = [(known[id_], value) for signer, id_, value in note[1] if signer == origin and id_ in known]
        return bool(found) and all(ed25519_holds(public, value, note[0]) for public, value in found)

    def checkpoint(self, data: bytes, wanted: str, member: str) -> tuple[Note, int, bytes]:
        """(note, size, root) of a checkpoint of the wanted origin, signed by a trusted key; Bad or a failure otherwise."""
        note = note_of(data)
        origin, size, root = head_of(note[0])
        if origin != wanted:
            self.report.fail("origin", member=member, origin=origin, wanted=wanted)
        elif not self.signed(note, origin, self.trusted):
            self.report.fail("signature", origin=origin)
        return note, size, root

    def read_rollup(self) -> None:
        origin = self.manifest["origin"]
        data = self.pack.read("rollup/checkpoint", MOST_NOTE)
        self.rollup = (data, *self.checkpoint(data, origin, "rollup/checkpoint"))
        imprint = hashlib.sha256(self.rollup[1][0]).digest()
        for member in sorted(name for name in self.pack.members if name.startswith("timestamps/")):
            if imprint not in self.pack.read(member):
                raise Bad(f"{member} is no time stamp of it")
            self.stamps.append(member)
        for name, public, algorithm in self.trusted:
            if algorithm == 1 and (origin + "/").startswith(name + "/"):
                self.report.checked.append(Finding("checked_signatures", origin=origin, key=f"{origin}+{key_id(origin, 1, public).hex()}"))

    def read_openings(self) -> None:
        for line in self.pack.lines("openings.jsonl"):
            given = json.loads(line)
            salt = bytes.fromhex(given["salt"])
            if set(given) != {"log", "index", "name", "salt", "value"} or len(salt) != 16:
                raise Bad("an opening is not of this form")
            hashed = hashlib.sha256(salt + given["value"].encode()).hexdigest()
            self.openings.setdefault((given["log"], given["index"]), []).append((given["name"], hashed))

    def read_log(self, log: str, size: int) -> None:
        failed, base = self.report.failed, f"logs/{log}/"
        listed: list[bytes] = []
        self.leaves[log] = []

        def leaves() -> None:
            data = self.pack.read(base + "leaves.txt", 1 << 30)
            raw = bytes.fromhex(data.decode("ascii"))
            if len(raw) % 32 or data != (raw.hex("\n", 32) + "\n" if raw else "").encode():
                raise Bad("not one hash of 64 hex digits a line")
            listed.extend(raw[at : at + 32] for at in range(0, len(raw), 32))

        def head() -> None:
            origin = f"{self.manifest['origin']}/{log}"
            note, signed_size, root = self.checkpoint(self.pack.read(base + "checkpoint", MOST_NOTE), origin, base + "checkpoint")
            found = self.leaves[log]
            if not signed_size == size == len(found):
                self.report.fail("count", log=log, found=len(found), wanted=signed_size)
            elif root_of(found) != root:
                self.report.fail("root", log=log)
            self.report.heads.append({"log": log, "size": size, "root": root.hex()})
            index, path, rollup = proof_of(self.pack.read(base + "head.tlog-proof", MOST_NOTE))
            if not self.rollup or rollup != self.rollup[0] or not included(leaf_hash(note[0]), index, self.rollup[2], path, self.rollup[3]):
                self.report.fail("rollup", log=log)

        self.part(base + "leaves.txt", leaves)
        self.part(base + "entries.jsonl", lambda: self.read_entries(log, listed))
        self.part(base + "checkpoint, head.tlog-proof", head)
        if self.report.failed == failed:
            self.report.checked.append(Finding("checked_log", log=log, count=size))

    def read_entries(self, log: str, listed: list[bytes]) -> None:
        found, different, sha256, count = self.leaves[log], list[tuple[int, str]](), hashlib.sha256, len(listed)
        for index, line in enumerate(self.pack.lines(f"logs/{log}/entries.jsonl")):
            leaf = sha256(b"\0" + line).digest()
            if index >= count or listed[index] != leaf:
                different.append((index, kind_in(line)))
            found.append(leaf)
            try:
                self.read_entry(log, index, leaf, line)
            except (Bad, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
                what = str(fault) if isinstance(fault, Bad) else f"a field is missing or not of its kind ({type(fault).__name__})"
                self.report.fail("entry_form", log=log, index=index, kind=kind_in(line), what=what)
        self.report.entries += len(found)
        if different:  # by the signed root, which of the two was changed: the entries or the list
            code = "leaf_changed" if self.signed_root(log) == root_of(found) else "entry_changed"
            for index, kind in different:
                self.report.fail(code, log=log, index=index, kind=kind)

    def signed_root(self, log: str) -> bytes | None:
        try:
            return head_of(note_of(self.pack.read(f"logs/{log}/checkpoint", MOST_NOTE))[0])[2]
        except Bad:
            return None

    def read_entry(self, log: str, index: int, leaf: bytes, line: bytes) -> None:
        text = line.decode("utf-8")
        statement, end = DECODER.raw_decode(text)
        if end != len(text):
            raise Bad("something follows the statement")
        if statement["_type"] != STATEMENT or statement["predicateType"] != PREDICATE:
            self.counts["unknown"] += 1
            self.entries[leaf] = (log, index, None, "")
            return
        said, subject = statement["predicate"], statement["subject"]
        kind, about, outcome, here = said["kind"], said["object"], said["outcome"], (log, index, said["kind"])
        if said["log"] != log:
            raise Bad("it is of another log")
        spelled = f'{{"id":{ENCODER.encode(about["id"])},"kind":{ENCODER.encode(about["kind"])},"reference":{ENCODER.encode(about["reference"])}}}'
        if subject[0]["digest"]["sha256"] != hashlib.sha256(spelled.encode()).hexdigest() or subject[0]["uri"] != "urn:uuid:" + about["id"]:
            raise Bad("its first subject is not its object")
        self.spoken.add((about["kind"], about["id"], about["reference"]))
        if said["id"] in self.ids:
            self.report.fail("entry_twice", log=log, index=index, kind=kind)
        self.ids.add(said["id"])
        for file in subject[1:]:
            sha256 = file["digest"]["sha256"]
            if not HEX.fullmatch(sha256) or not file["name"]:
                raise Bad("a file has no name or no SHA-256")
            self.named.setdefault(sha256, here)
        who = persons(said["actor"])
        if "on_behalf_of" in said:
            who |= persons(said["on_behalf_of"])
        self.entries[leaf] = (log, index, who, said.get("manifest", ""))
        for relation in "reviews", "supersedes", "cites":
            for other in said.get(relation, ()):
                reviewer = (who, said.get("manifest", ""), "agent" in said["actor"]) if relation == "reviews" and outcome != "refused" else None
                self.references.append((here, relation, other["log"], bytes.fromhex(other["leaf"]), reviewer))
        if outcome == "overridden" and len({actor.get("person") for actor in said["overridden_by"]} - {None}) < 2:
            self.report.fail("one_overrides", log=log, index=index, kind=kind)
        if "commitments" in said or self.openings:
            self.open_commitments(here, said.get("commitments", {}))
        if "within" in said or kind.startswith("period."):
            self.follow_period(here, said)

    def open_commitments(self, here: Here, commitments: dict[str, str]) -> None:
        opened = self.openings.pop(here[:2], ())
        for name, hashed in opened:
            if commitments.get(name) == hashed:
                self.counts["openings"] += 1
            else:
                self.report.fail("opening", log=here[0], index=here[1], name=name)
        self.counts["unopened"] += len(commitments) - len({name for name, _ in opened} & set(commitments))

    def follow_period(self, here: Here, said: dict[str, Any]) -> None:
        """Closed means that nothing more comes in, in this log; sealed means closed, and covering heads that are those of the logs."""
        log, index, kind = here
        about, within, acted = said["object"], said.get("within"), said["outcome"] in ("allowed", "overridden")
        where = {"log": log, "index": index, "kind": kind}
        if within:
            self.spoken.add((within["kind"], within["id"], within["reference"]))
            if acted and (log, within["id"]) in self.closed and not kind.startswith("period."):
                self.report.fail("after_close", period=within["reference"], **where)
        if not acted or not kind.startswith("period."):
            return
        if kind == "period.closed":
            self.closed.add((log, about["id"]))
        elif kind == "period.reopened":
            self.closed.discard((log, about["id"]))
            self.sealed.discard(about["id"])
        elif kind == "period.sealed":
            self.sealed.add(about["id"])
            if (log, about["id"]) not in self.closed:
                self.report.fail("not_closed", period=about["reference"], **where)
            if not said.get("covers"):
                self.report.fail("seal", what="it covers nothing", **where)
            for head in said.get("covers", ()):
                self.references.append((here, "covers", head["log"], bytes.fromhex(head["root"]), head["size"]))
                self.wanted.setdefault(head["log"], set()).add(head["size"])

    def resolve(self, here: Here, relation: str, log: str, digest: bytes, more: Any) -> None:
        """One reference, when every entry is known: `digest` is a leaf hash, or for a seal the root of the first `more` entries."""
        report, where = self.report, {"log": here[0], "index": here[1], "kind": here[2]}
        if relation == "covers":
            leaves = self.leaves.get(log)
            if leaves is None:
                self.counts["outside"] += 1
            elif more > len(leaves) or (log == here[0] and more > here[1]):
                report.fail("seal", what="it covers more entries than there were", **where)
            elif self.roots[log].get(more) != digest:
                report.fail("seal", what="the root differs", **where)
            else:
                self.counts["seals"] += 1
            return
        found, cited = self.entries.get(digest), f"cited/{digest.hex()}.tlog-proof"
        if log not in self.leaves:
            self.counts["outside"] += 1
            if cited in self.pack.members and not self.proves(cited, log, digest):
                report.fail("cited", relation=relation, **where)
        elif found is None or found[0] != log or (log == here[0] and found[1] >= here[1]):
            report.fail("reference", relation=relation, **where)
        else:
            self.counts["references"] += 1
            if more is not None:
                self.four_eyes(where, found, *more)

    def four_eyes(
        self, where: dict[str, Any], prepared: tuple[str, int, frozenset[str] | None, str], who: frozenset[str], manifest: str, by_agent: bool
    ) -> None:
        _, other, preparer, prepared_manifest = prepared
        if by_agent:
            self.report.fail("agent_reviews", **where)
        elif not who or not preparer:
            self.report.fail("nobody", other=other, **where)
        elif who & preparer:
            self.report.fail("same_person", other=other, **where)
        elif not manifest or manifest != prepared_manifest:
            self.report.fail("other_bytes", other=other, **where)
        else:
            self.counts["reviews"] += 1

    def proves(self, member: str, log: str, leaf: bytes) -> bool:
        try:
            index, path, checkpoint = proof_of(self.pack.read(member, MOST_NOTE))
            note = note_of(checkpoint)
            origin, size, root = head_of(note[0])
        except Bad:
            return False
        return origin.endswith("/" + log) and self.signed(note, origin, self.trusted) and included(leaf, index, size, path, root)

    def read_files(self) -> None:
        left_out, enclosed = set(self.manifest["left_out"]), 0
        for member in self.pack.members:
            if member.startswith("files/"):
                sha256 = member[6:]
                if sha256 not in self.named or sha256 in left_out:
                    self.report.fail("file_unnamed", member=member)
                elif self.pack.digest(member) != sha256:
                    self.report.fail("member_changed", member=member)
                else:
                    enclosed += 1
        for sha256, (log, index, kind) in self.named.items():
            if "files/" + sha256 not in self.pack.members and sha256 not in left_out:
                self.report.fail("file_missing", log=log, index=index, kind=kind, sha256=sha256)
        for sha256 in left_out - set(self.named):
            self.report.fail("file_unnamed", member=sha256)
        if enclosed:
            self.report.checked.append(Finding("checked_files", count=enclosed))
        if left_out:
            self.report.not_shown.append(Finding("left_out", count=len(left_out)))

    def compare_held(self) -> None:
        for data in self.held:
            try:
                note = note_of(proof_of(data)[2] if data.startswith(b"c2sp.org/tlog-proof@v1\n") else data)
                origin, size, root = head_of(note[0])
            except Bad as fault:
                self.report.fail("held", what=str(fault))
                continue
            if not self.signed(note, origin, self.trusted):
                self.report.fail("held", what=f"no key trusted here signed it ({origin})")
            elif origin == self.manifest["origin"]:
                self.compare_rollup(size, root)
            elif origin.rpartition("/")[2] not in self.leaves or origin.rpartition("/")[0] != self.manifest["origin"]:
                self.report.fail("held", what=f"it is of {origin}, which is not in this pack")
            else:
                leaves = self.leaves[origin.rpartition("/")[2]]
                self.compared(origin, size, len(leaves), size <= len(leaves) and root_of(leaves[:size]) == root)

    def compare_rollup(self, size: int, root: bytes) -> None:
        if not self.rollup:
            return
        origin, now, now_root = self.manifest["origin"], self.rollup[2], self.rollup[3]
        member, path = f"rollup/consistency/{size}", list[bytes]()
        if size < now and member not in self.pack.members:
            self.report.fail("held", what=f"this pack carries no proof from the roll-up of size {size}; give a checkpoint of one of its logs")
            return
        if size < now and not self.part(member, lambda: path.extend(hashes_of(self.pack.read(member, MOST_NOTE).decode("ascii").split("\n")[:-1]))):
            return
        self.compared(origin, size, now, grew(size, now, root, now_root, path))

    def compared(self, origin: str, size: int, found: int, consistent: bool) -> None:
        if size > found:
            self.report.fail("shorter", origin=origin, size=size, found=found)
        elif not consistent:
            self.report.fail("fork", origin=origin, size=size)
        else:
            self.report.checked.append(Finding("checked_held", origin=origin, size=size))

    def ask_witnesses(self) -> None:
        for key in self.witnesses:
            at = cosigned_at(self.rollup[1], key) if self.rollup else None
            if at is None:
                self.report.fail("witness", name=key[0])
            else:
                self.report.checked.append(Finding("checked_witness", name=key[0], at=utc(at)))

    def read_members(self) -> None:
        """Every member against the manifest, in its order, and against the checksum in the layout: nothing more, nothing less."""
        listed = self.manifest["members"]
        there = [name for name in self.pack.members if name != "manifest.json"]
        if [member["path"] for member in listed] != there or list(self.pack.members)[-1] != "manifest.json":
            more = sorted(set(there) ^ {member["path"] for member in listed})
            self.report.fail("members", what=", ".join(more[:10]) or "another order")
        logs = {f"logs/{log}/{name}" for log, _ in self.manifest["logs"] for name in ("entries.jsonl", "leaves.txt", "checkpoint", "head.tlog-proof")}
        fixed = logs | {"README.txt", "index.html", "verify.py", "keys/log.vkey", "rollup/checkpoint", "openings.jsonl"}
        free = re.compile(r"(files/[0-9a-f]{64}|cited/[0-9a-f]{64}\.tlog-proof|(keys/rotations|rollup/consistency|timestamps)/[0-9a-z.-]{1,80})")
        strange = [name for name in there if name not in fixed and not free.fullmatch(name)] + sorted(fixed - set(there))
        if strange:
            self.report.fail("members", what=", ".join(name[:80] for name in strange[:10]))
        for member in listed:
            name = member["path"]
            if name in self.pack.members and (self.pack.members[name][1] != member["size"] or self.pack.digest(name) != member["sha256"]):
                self.report.fail("member_changed", member=name)
        for name, (_, _, crc) in self.pack.members.items():
            self.pack.digest(name)
            if self.pack.seen[name][1] != crc:
                self.report.fail("container", what=f"the checksum of {name:.80}")
        if not self.report.failed:
            self.report.checked.insert(0, Finding("checked_members", count=len(self.pack.members)))

    def say(self) -> None:
        report, counts, covers = self.report, self.counts, self.manifest["covers"]
        for (log, index), opened in self.openings.items():
            report.fail("opening", log=log, index=index, name=opened[0][0])
        if (covers["kind"], covers["id"], covers["reference"]) not in self.spoken:
            report.fail("subject", what=covers["reference"])
        for name in "reviews", "references", "seals", "openings":
            if counts[name]:
                report.checked.append(Finding("checked_" + name, count=counts[name]))
        shown = report.not_shown
        if covers["kind"] == "period" and covers["id"] not in self.sealed:
            shown.append(Finding("not_sealed", what=covers["reference"]))
        if not self.held:
            shown.append(Finding("no_held"))
        if not self.witnesses:
            shown.append(Finding("no_witness", count=len(self.rollup[1][1]) - 1 if self.rollup else 0))
        shown.append(Finding("stamp", count=len(self.stamps)) if self.stamps else Finding("no_stamp"))
        shown += [
            Finding(code, count=counts[name]) for code, name in (("outside", "outside"), ("unopened", "unopened"), ("unknown_form", "unknown")) if counts[name]
        ]
        if self.pack.seen.get("verify.py", ("",))[0] != own_sha256():
            shown.append(Finding("other_verifier"))
        shown += [Finding("words"), Finding("always")]
        if report.demonstration:
            shown.insert(0, Finding("demonstration"))


def persons(actor: dict[str, str]) -> frozenset[str]:
    """The ids by which an actor counts as one interest: an agent and its operator are one."""
    return frozenset(actor[name] for name in ("person", "operator", "user", "guest_link") if name in actor)


def kind_in(line: bytes) -> str:
    found = re.search(rb'"kind":"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"', line)
    return found.group(1).decode() if found else "unreadable"


def utc(at_s: int) -> str:
    import datetime

    try:
        return datetime.datetime.fromtimestamp(at_s, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: UP017 (Python 3.9)
    except (ValueError, OverflowError, OSError):
        return f"{at_s} s"


def own_sha256() -> str:
    try:
        with open(__file__, "rb") as handle:
            return hashlib.sha256(handle.read()).hexdigest()
    except OSError:
        return ""


def check(source: bytes | BinaryIO, keys: Iterable[str] = (), held: Iterable[bytes] = (), witnesses: Iterable[str] = ()) -> Report:
    """The Report on a pack, given as bytes or as an open binary file. `keys` and `witnesses` are verifier keys as text, `held` earlier checkpoints as bytes.

    Raises Bad for a key that is none; nothing in the pack itself makes it raise. Memory: about 200 bytes an entry beside the pack.
    """
    handle = io.BytesIO(source) if isinstance(source, (bytes, bytearray)) else source
    trusted, asked = [key_of(key) for key in keys], [key_of(key) for key in witnesses]
    try:
        return Check(handle, trusted, list(held), asked).run()
    except NotAPack as fault:
        report = Report()
        report.unreadable, report.why = fault.finding["says"], fault.finding
        return report


def _verify_file(path: str, given: argparse.Namespace, held: list[bytes]) -> int:
    """Verifies and prints one pack; gives its status."""
    try:
        with open(path, "rb") as handle:
            report = check(handle, given.key, held, given.witness)
    except OSError as fault:
        report = Report()
        report.why = Finding("unopened_file", what=fault.strerror or str(fault))
        report.unreadable = report.why["says"]
    if given.json:
        print(json.dumps(dict(report.as_dict(), file=path), sort_keys=True))
    elif report.status < 2:
        print(text_of(path, report))
    if report.status == 2:
        print(f"{path}:1: pack: {report.unreadable}", file=sys.stderr)
    return report.status


EPILOG = """\
What you kept (--checkpoint) shows what a key alone cannot: that nothing was cut off or rewritten since. It may be
  the checkpoint of a log    the pack holds the whole log: the old root is computed again from its first entries;
  an earlier pack            the checkpoints of its logs, likewise;
  the roll-up's checkpoint   compared by rollup/consistency/SIZE, where the pack carries the proof from that size.
It fails where the log is shorter than what you kept, where its beginning is another, where no trusted key signed what
you kept, and where the two cannot be compared. Give it once for each file.

Exit status: 0 the proof holds, 1 it fails, 2 not a pack.
"""


def main(argv: list[str] | None = None) -> NoReturn:
    parser = argparse.ArgumentParser(
        prog="remit-verify",
        description="Verifies Remit evidence packs, alone and offline.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("packs", nargs="+", metavar="PACK")
    parser.add_argument("--key", action="append", default=[], help="the installation's key (name+id+key) that you got elsewhere than from the pack")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="FILE", help="a checkpoint that you kept from before, or the pack that it came in")
    parser.add_argument("--witness", action="append", default=[], metavar="KEY", help="the key of a witness who must have cosigned")
    parser.add_argument("--json", action="store_true", help="one JSON object a pack")
    given = parser.parse_args(argv)
    try:
        held = [checkpoint for path in given.checkpoint for checkpoint in _held(path)]
        for name, keys in (("--key", given.key), ("--witness", given.witness)):
            for key in keys:
                _readable(name, key)
    except Bad as fault:
        print(fault, file=sys.stderr)
        sys.exit(2)
    gc.disable()  # nothing that is made here goes in circles
    try:
        status = max([_verify_file(path, given, held) for path in given.packs])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough; what was not written was not said, so this is no success
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 141
    finally:
        gc.enable()
    sys.exit(status)


def _held(path: str) -> list[bytes]:
    """A checkpoint as it was kept; of a pack that was kept whole the checkpoints of its logs."""
    try:
        with open(path, "rb") as handle:
            data = handle.read(MOST_NOTE + 1)
            if not data.startswith(b"PK\3\4"):
                return [data]
            pack = Container(handle)
            held = [pack.read(name, MOST_NOTE) for name in pack.members if re.fullmatch("logs/[^/]+/checkpoint", name)]
    except OSError as fault:
        raise Bad(f"{path}:1: --checkpoint: {fault.strerror}") from None
    except NotAPack as fault:
        raise Bad(f"{path}:1: --checkpoint: {fault.finding['says']}") from None
    if not held:
        raise Bad(f"{path}:1: --checkpoint: neither a checkpoint nor a pack")
    return held


def _readable(name: str, key: str) -> None:
    try:
        key_of(key)
    except Bad as fault:
        raise Bad(f"{key}:1: {name}: {fault}") from None


def text_of(path: str, report: Report) -> str:
    """The report as lines for people."""
    lines = [f"{path}: PROOF {'HOLDS' if report.status == 0 else 'FAILS'}"]
    lines += ["  " + Finding("demonstration")["says"]] if report.demonstration else []
    lines += [f"  covers {report.covers['kind']} {report.covers['reference']}"] if report.covers else []
    lines += ["  FAILS: " + finding["says"] for finding in report.failures]
    lines += [f"  FAILS: and {report.failed - len(report.failures)} more"] if report.failed > len(report.failures) else []
    lines += ["  checked: " + finding["says"] for finding in report.checked]
    lines += ["  NOT SHOWN: " + finding["says"] for finding in report.not_shown if finding["code"] != "demonstration"]
    return "\n".join(lines).encode("ascii", "backslashreplace").decode()


if __name__ == "__main__":
    main()
