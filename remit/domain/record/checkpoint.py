"""Checkpoints: a log's head as a signed note that outsiders verify and witnesses cosign (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

ED25519 = 0x01
COSIGNATURE_V1 = 0x04
MOST_NOTE_BYTES = 65_536
MOST_SIGNATURES = 64
PROOF_HEADER = "c2sp.org/tlog-proof@v1"

_ORIGIN = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")

VerifySignature = Callable[[bytes, bytes, bytes], bool]
"""(public key, signature, message) to whether an Ed25519 signature holds; `remit.formats.packs.keys.verify` is one."""


class NotANote(ValueError):
    """Bytes that are not a signed note, checkpoint, key or proof of the stated form."""


class NotSigned(ValueError):
    """A note that the trusted key did not sign, or whose signature does not hold."""


@dataclass(frozen=True)
class Signer:
    """An Ed25519 key that signs: its 32 public bytes, and the signing itself, which lives outside the domain."""

    public: bytes
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True)
class VerifierKey:
    """A public key under a name, written name+id+base64 (a "vkey"). A log's key has the log's origin as its name."""

    name: str
    public: bytes
    algorithm: int = ED25519

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, algorithm and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public).digest()[:4]

    def under(self, origin: str) -> VerifierKey:
        """The same key as the signer of a log below this origin. Raises NotSigned where the origin lies elsewhere."""
        if origin != self.name and not origin.startswith(self.name + "/"):
            raise NotSigned(f"the key of {self.name} does not speak for {origin}")
        return VerifierKey(origin, self.public, self.algorithm)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(bytes([self.algorithm]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Reads a vkey of Ed25519 or of an Ed25519 witness; raises NotANote."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        material = _unbase64(encoded)
        if not name or len(material) != 33 or material[0] not in (ED25519, COSIGNATURE_V1):
            raise NotANote("not a verifier key of the form name+id+key with an Ed25519 key")
        key = cls(name, material[1:], material[0])
        if key.id.hex() != key_id:
            raise NotANote(f"the id {key_id!r} is not that of the key of {name}")
        return key


@dataclass(frozen=True)
class Signature:
    """One signature line of a note: key name, key id and what the key's algorithm put behind it."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> bytes:
        return f"\u2014 {self.name} {_base64(self.key_id + self.value)}\n".encode()


@dataclass(frozen=True)
class Note:
    """A text that ends in a newline, with its signatures."""

    text: bytes
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        return self.text + b"\n" + b"".join(signature.line for signature in self.signatures)

    def by(self, key: VerifierKey) -> Iterable[Signature]:
        """The signatures that claim to be this key's."""
        return [signature for signature in self.signatures if (signature.name, signature.key_id) == (key.name, key.id)]


@dataclass(frozen=True)
class Head:
    """The state of a log: its first `size` entries have this RFC 6962 root."""

    origin: str
    size: int
    root: bytes

    def to_bytes(self) -> bytes:
        """The checkpoint's text: what is signed, and what the roll-up log takes as its entry."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n".encode()

    @classmethod
    def parse(cls, text: bytes) -> Head:
        """Reads exactly three lines; raises NotANote. Extension lines are not part of this form."""
        try:
            origin, size, root, end = text.decode("ascii").split("\n")
        except ValueError as fault:
            raise NotANote("a checkpoint has the three lines origin, size and root") from fault
        digest = _unbase64(root)
        if end or not _ORIGIN.fullmatch(origin) or not _DECIMAL.fullmatch(size) or len(digest) != 32:
            raise NotANote("a checkpoint has the three lines origin, size and root")
        return cls(origin, int(size), digest)


@dataclass(frozen=True)
class LoggedProof:
    """That an entry stands at `index` in the log of the checkpoint: the path from the leaf's sibling up, and the signed checkpoint."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes

    def to_bytes(self) -> bytes:
        """A tlog-proof file."""
        lines = [PROOF_HEADER, f"index {self.index}", *(_base64(step) for step in self.path), ""]
        return "".join(line + "\n" for line in lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> LoggedProof:
        """Reads a tlog-proof without extra data; raises NotANote."""
        head, gap, checkpoint = data.partition(b"\n\n")
        lines = head.decode("ascii", "replace").split("\n")
        if not gap or len(lines) < 2 or len(lines) > 66 or lines[0] != PROOF_HEADER or not lines[1].startswith("index "):
            raise NotANote("not a tlog-proof")
        if not _DECIMAL.fullmatch(lines[1][6:]):
            raise NotANote("the index of a tlog-proof is not a plain number")
        path = tuple(_unbase64(line) for line in lines[2:])
        if any(len(step) != 32 for step in path):
            raise NotANote("a step of a tlog-proof is not a SHA-256")
        return cls(int(lines[1][6:]), path, checkpoint)


def log_origin(installation: str, log: UUID) -> str:
    """The origin of one log: the installation's origin, a slash and the log's id. The roll-up log has the installation's own origin."""
    return f"{checked_origin(installation)}/{log}"


def checked_origin(origin: str) -> str:
    """The origin itself; raises ValueError unless it is lower-case letters, digits, dots, dashes and slashes."""
    if not _ORIGIN.fullmatch(origin):
        raise ValueError(f"{origin!r} is not an origin: lower-case letters, digits, dots and dashes, joined by slashes")
    return origin


def is_demonstration(origin: str) -> bool:
    """Whether the origin's first word is `demo`, as in demo, demo/7k3f, demo.example: then times are simulated."""
    return re.split(r"[./-]", origin, maxsplit=1)[0] == "demo"


def sign_checkpoint(head: Head, signer: Signer) -> bytes:
    """The checkpoint as a note with the log's one signature; the key's name is the log's origin. Whoever calls makes sure that the log only grew."""
    text = head.to_bytes()
    key = VerifierKey(head.origin, signer.public)
    return Note(text, (Signature(key.name, key.id, signer.sign(text)),)).to_bytes()


def open_checkpoint(data: bytes, key: VerifierKey, verify: VerifySignature) -> Head:
    """The head that the key signed; the key may be that of the log or of its installation. Raises NotANote or NotSigned."""
    note = parse_note(data)
    head = Head.parse(note.text)
    known = key.under(head.origin)
    found = note.by(known)
    if not found or not all(verify(known.public, signature.value, note.text) for signature in found):
        raise NotSigned(f"the checkpoint of {head.origin} carries no signature of its key that holds")
    return head


def cosign(checkpoint: bytes, name: str, witness: Signer, at_s: int) -> bytes:
    """The checkpoint with a witness's cosignature added; `at_s` in POSIX seconds. The witness has checked that the log only grew since it last looked."""
    note = parse_note(checkpoint)
    Head.parse(note.text)
    key = VerifierKey(name, witness.public, COSIGNATURE_V1)
    value = at_s.to_bytes(8, "big") + witness.sign(_cosigned_text(at_s, note.text))
    return Note(note.text, (*note.signatures, Signature(name, key.id, value))).to_bytes()


def cosigned_at_s(checkpoint: bytes, key: VerifierKey, verify: VerifySignature) -> int:
    """When the witness cosigned, in POSIX seconds. Raises NotANote or NotSigned."""
    note = parse_note(checkpoint)
    found = list(note.by(key))
    if key.algorithm != COSIGNATURE_V1 or not found:
        raise NotSigned(f"no cosignature of {key.name}")
    times = [int.from_bytes(signature.value[:8], "big") for signature in found]
    if not all(verify(key.public, signature.value[8:], _cosigned_text(at_s, note.text)) for signature, at_s in zip(found, times, strict=True)):
        raise NotSigned(f"the cosignature of {key.name} does not hold")
    return max(times)


def parse_note(data: bytes) -> Note:
    """Reads a signed note of at most 64 KiB and 64 signatures; raises NotANote. Signatures are not verified here."""
    text, gap, lines = data.rpartition(b"\n\n")
    if not gap or not lines.endswith(b"\n") or len(data) > MOST_NOTE_BYTES:
        raise NotANote("not a signed note: a text, an empty line, signature lines")
    try:
        data.decode("utf-8")
        rows = lines.decode("utf-8").split("\n")[:-1]
    except UnicodeDecodeError as fault:
        raise NotANote("a signed note is UTF-8") from fault
    if len(rows) > MOST_SIGNATURES or any(byte < 0x20 and byte != 0x0A for byte in data):
        raise NotANote("a signed note has no control characters and not more than 64 signatures")
    return Note(text + b"\n", tuple(_signature(row) for row in rows))


def _signature(row: str) -> Signature:
    dash, _, rest = row.partition(" ")
    name, _, encoded = rest.partition(" ")
    value = _unbase64(encoded)
    if dash != "\u2014" or not name or "+" in name or len(value) < 5:
        raise NotANote("a signature line is an em dash, the key's name and its signature")
    return Signature(name, value[:4], value[4:])


def _cosigned_text(at_s: int, text: bytes) -> bytes:
    return b"cosignature/v1\ntime %d\n" % at_s + text


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unbase64(text: str) -> bytes:
    """Strict: only the one encoding of the bytes passes, so that a note has no second form."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise NotANote("not base64") from fault
    if _base64(data) != text:
        raise NotANote("not the plain base64 of its bytes")
    return data
