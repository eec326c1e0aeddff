"""A small installation in memory that records decisions and gives packs."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from remit.domain.record import checkpoint, tree
from remit.domain.record.commitment import commit
from remit.domain.record.decision import CLOSED, SEALED, Actor, Coverage, Decision, EntryReference, EvidenceFile, ObjectReference, StatedReason
from remit.domain.record.statement import encode
from remit.formats.packs.keys import signer
from remit.formats.packs.write import Opening, PackContents, PackedFile, PackedLog, write_pack

KEY = signer(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a key for tests only").digest()))
WITNESS = signer(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a witness for tests only").digest()))
ORGANIZATION, PREPARER, REVIEWER, CLIENT = (UUID(int=number) for number in range(1, 5))
PERIOD = ObjectReference(kind="period", id=UUID(int=900), reference="2026-01")
ITEM = ObjectReference(kind="work_item", id=UUID(int=901), reference="WI-7K3F-9QXM")
ENGAGEMENT, CLIENT_OWN = UUID(int=1001), UUID(int=1002)
SALT = bytes(range(16))
FILES = {"statement.sta": b":20:STARTUMS\n", "manifest.json": b'{"files":[]}'}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def evidence(*names: str) -> tuple[EvidenceFile, ...]:
    return tuple(EvidenceFile(name=name, sha256=sha256(FILES[name])) for name in names)


@dataclass
class Installation:
    """Logs of one origin; `record` appends a decision, `pack` gives a pack's bytes."""

    origin: str = "demo.example"
    logs: dict[UUID, list[bytes]] = field(default_factory=dict)
    rollup: list[bytes] = field(default_factory=list)

    def record(self, log: UUID, kind: str, who: UUID = PREPARER, **more: Any) -> EntryReference:
        entries = self.logs.setdefault(log, [])
        at = datetime(2026, 2, 1, 9, tzinfo=UTC) + timedelta(minutes=sum(map(len, self.logs.values())))
        number = log.int * 1_000_000 + len(entries)
        given: dict[str, Any] = {
            "object": ITEM,
            "outcome": "allowed",
            "actor": Actor(person=who, organization=ORGANIZATION, role="preparer"),
            "door": "page",
            "decided_at": at,
            "recorded_at": at,
            "software": "remit 0.1.0",
        }
        entries.append(encode(Decision(log=log, id=UUID(int=number), kind=kind, **{**given, **more})))
        return EntryReference(log=log, leaf=tree.leaf_hash(entries[-1]).hex())

    def key(self) -> checkpoint.VerifierKey:
        return checkpoint.VerifierKey(self.origin, KEY.public)

    def leaves(self, log: UUID) -> list[bytes]:
        return [tree.leaf_hash(entry) for entry in self.logs[log]]

    def head(self, log: UUID) -> checkpoint.Head:
        leaves = self.leaves(log)
        return checkpoint.Head(checkpoint.log_origin(self.origin, log), len(leaves), tree.root_of(leaves))

    def coverage(self, log: UUID) -> Coverage:
        head = self.head(log)
        return Coverage(log=log, size=head.size, root=head.root.hex())

    def roll_up(self, logs: Iterable[UUID]) -> bytes:
        """One batch of the sequencer: the heads become entries of the roll-up, which is signed."""
        self.rollup += [tree.leaf_hash(self.head(log).to_bytes()) for log in logs]
        return checkpoint.sign_checkpoint(checkpoint.Head(self.origin, len(self.rollup), tree.root_of(self.rollup)), KEY)

    def contents(self, logs: Sequence[UUID] = (), **more: Any) -> PackContents:
        logs = logs or list(self.logs)
        rollup = self.roll_up(logs)
        if more.pop("cosigned", False):
            rollup = checkpoint.cosign(rollup, "auditor.example", WITNESS, 1_769_850_000)
        node, first = tree.nodes_of(self.rollup), len(self.rollup) - len(logs)
        packed = []
        for number, log in enumerate(logs, first):
            proof = checkpoint.LoggedProof(number, tuple(tree.inclusion_proof(number, len(self.rollup), node)), rollup)
            packed.append(PackedLog(id=log, entries=self.logs[log], checkpoint=checkpoint.sign_checkpoint(self.head(log), KEY), head=proof))
        named = {digest: data for data in FILES.values() if (digest := sha256(data)).encode() in b"".join(b"".join(self.logs[log]) for log in logs)}
        given: dict[str, Any] = {
            "origin": self.origin,
            "covers": PERIOD,
            "key": self.key(),
            "logs": packed,
            "made_at": datetime(2026, 2, 2, tzinfo=UTC),
            "software": "remit 0.1.0",
            "files": [PackedFile(sha256=digest, open=lambda data=data: io.BytesIO(data)) for digest, data in named.items()],
        }
        return PackContents(**{**given, **more})

    def pack(self, logs: Sequence[UUID] = (), **more: Any) -> bytes:
        return packed_bytes(self.contents(logs, **more))


def packed_bytes(contents: PackContents) -> bytes:
    out = io.BytesIO()
    write_pack(out, contents)
    return out.getvalue()


def month(installation: Installation, changes: Mapping[str, Mapping[str, Any]] | None = None) -> Installation:
    """A month of work: received, prepared, reviewed, accepted, closed, sealed; `changes` replaces fields by kind."""
    changed = changes or {}

    def record(log: UUID, kind: str, who: UUID, **more: Any) -> EntryReference:
        return installation.record(log, kind, **{"who": who, "within": PERIOD, **more, **changed.get(kind, {})})

    why = (StatedReason(code="work.ties", values={"lines": "12"}, says="All 12 lines tie <to the ledger> & the bank."),)
    asked = record(CLIENT_OWN, "period.asked", CLIENT, object=PERIOD)
    received = record(ENGAGEMENT, "file.received", PREPARER, files=evidence("statement.sta"), cites=(asked,))
    manifest = evidence("manifest.json")
    names = {"actor_name": commit(SALT, "Maya Dimitrova")}
    prepared = record(
        ENGAGEMENT, "deliverable.prepared", PREPARER, files=manifest, manifest=manifest[0].sha256, cites=(received,), reasons=why, commitments=names
    )
    reviewed = record(ENGAGEMENT, "deliverable.reviewed", REVIEWER, files=manifest, manifest=manifest[0].sha256, reviews=(prepared,))
    record(ENGAGEMENT, "deliverable.accepted", CLIENT, cites=(reviewed,))
    record(ENGAGEMENT, CLOSED, CLIENT, object=PERIOD, within=None)
    installation.record(
        ENGAGEMENT,
        SEALED,
        who=CLIENT,
        **{"object": PERIOD, "covers": (installation.coverage(ENGAGEMENT), installation.coverage(CLIENT_OWN)), **changed.get(SEALED, {})},
    )
    return installation


OPENING = Opening(log=ENGAGEMENT, index=1, name="actor_name", salt=SALT, value="Maya Dimitrova")


@pytest.fixture
def sealed_month() -> Installation:
    return month(Installation())


@pytest.fixture(scope="session")
def pack() -> bytes:
    """The pack of a sealed month, with two logs, two files and an opening."""
    return month(Installation()).pack(openings=[OPENING])
