"""A decision as the record keeps it: who, in which role, on what evidence, why, reviewed by whom, replacing what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from remit.domain.line import Place
from remit.domain.reasons import Reason

OUTCOMES = ("allowed", "refused", "observed", "overridden")
DOORS = ("page", "api", "command", "link", "job", "agent")

CLOSED = "period.closed"
REOPENED = "period.reopened"
SEALED = "period.sealed"
"""The kinds that the verifier knows by name; every other kind is free: lower-case words joined by dots, the noun first."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_WORD = re.compile(r"[a-z][a-z0-9_]*")


class NotADecision(ValueError):
    """A value that the record cannot keep as a decision; the text names the field."""


@dataclass(frozen=True, kw_only=True)
class ObjectReference:
    """What a decision is about. `reference` is what people see, e.g. WI-7K3F-9QXM or 2026-01."""

    kind: str
    id: UUID
    reference: str

    def __post_init__(self) -> None:
        _need(_WORD.fullmatch(self.kind), f"object kind {self.kind!r} is not a lower-case word")
        _need(self.reference, "an object has a reference")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acted, by ids only: names are personal and stand in commitments. An agent is named with its human operator."""

    organization: UUID | None = None
    user: UUID | None = None
    person: UUID | None = None
    agent: UUID | None = None
    operator: UUID | None = None
    guest_link: UUID | None = None
    role: str = ""

    def __post_init__(self) -> None:
        _need(any((self.organization, self.user, self.person, self.agent, self.guest_link)), "an actor is named by at least one id")
        _need((self.agent is None) == (self.operator is None), "an agent and its operator are named together")
        _need(self.role == "" or _WORD.fullmatch(self.role), f"role {self.role!r} is not a lower-case word")


@dataclass(frozen=True, kw_only=True)
class CheckedCredential:
    """A credential as it was when the gate looked. `seen_sha256`: the hash of what the verifier saw; `valid_until`: the first day without it."""

    id: UUID
    kind: str
    proof_state: str
    issuer: str = ""
    jurisdiction: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    seen_sha256: str = ""

    def __post_init__(self) -> None:
        _need(self.kind and self.proof_state, "a credential has a kind and a proof state")
        _need(self.seen_sha256 == "" or _SHA256.fullmatch(self.seen_sha256), "seen_sha256 is not 64 lower-case hex digits")


@dataclass(frozen=True, kw_only=True)
class RuleReference:
    """A rule that was applied, with the SHA-256 of the rule set that it stood in."""

    id: str
    version: str
    sha256: str

    def __post_init__(self) -> None:
        _need(self.id and self.version, "a rule has an id and a version")
        _need(_SHA256.fullmatch(self.sha256), "rule sha256 is not 64 lower-case hex digits")


@dataclass(frozen=True, kw_only=True)
class StatedReason:
    """A reason as written down: values as text, and the English sentence filled with them."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    says: str
    rule_id: str = ""
    rule_source: str = ""
    cure: StatedReason | None = None

    def __post_init__(self) -> None:
        _need(self.code and self.says, "a reason has a code and a sentence")


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """An alternative that was not taken, and why."""

    object: ObjectReference
    reasons: tuple[StatedReason, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EntryReference:
    """Another entry: the id of its log and its RFC 6962 leaf hash in hex."""

    log: UUID
    leaf: str

    def __post_init__(self) -> None:
        _need(_SHA256.fullmatch(self.leaf), "leaf is not 64 lower-case hex digits")


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The head of a log that a seal covers: its first `size` entries, with their RFC 6962 root in hex."""

    log: UUID
    size: int
    root: str

    def __post_init__(self) -> None:
        _need(0 <= self.size < 2**53, "size is not a count")
        _need(_SHA256.fullmatch(self.root), "root is not 64 lower-case hex digits")


@dataclass(frozen=True, kw_only=True)
class EvidenceFile:
    """A file by the SHA-256 of its plain bytes. `name` is shown to people and may repeat."""

    name: str
    sha256: str
    media_type: str = "application/octet-stream"

    def __post_init__(self) -> None:
        _need(self.name, "an evidence file has a name")
        _need(_SHA256.fullmatch(self.sha256), f"sha256 of {self.name} is not 64 lower-case hex digits")


@dataclass(frozen=True, kw_only=True)
class TakenOver:
    """Not decided here: asserted on a day from a source file, when a running relation was taken over."""

    asserted_on: date
    source_sha256: str

    def __post_init__(self) -> None:
        _need(_SHA256.fullmatch(self.source_sha256), "source_sha256 is not 64 lower-case hex digits")


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision, for one log. `statement.encode` gives its bytes.

    `within` is the period or other container whose books the act changes: after its closing no act inside it may follow. `manifest` is the SHA-256 of the
    deliverable's manifest, one of `files`: a review names the manifest of what it reviews. `reviews`, `supersedes` and `cites` name entries by leaf hash.
    `covers` belongs to a seal. `overridden_by` are the two persons of an override. `decided_at` is the door's instant, `recorded_at` the program's.
    `commitments` map a field's name to a SHA-256 from `commitment.commit`.
    """

    log: UUID
    id: UUID
    kind: str
    object: ObjectReference
    outcome: str
    actor: Actor
    door: str
    decided_at: datetime
    recorded_at: datetime
    software: str
    within: ObjectReference | None = None
    credential: CheckedCredential | None = None
    rules: tuple[RuleReference, ...] = ()
    reasons: tuple[StatedReason, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    reviews: tuple[EntryReference, ...] = ()
    supersedes: tuple[EntryReference, ...] = ()
    cites: tuple[EntryReference, ...] = ()
    covers: tuple[Coverage, ...] = ()
    on_behalf_of: Actor | None = None
    overridden_by: tuple[Actor, ...] = ()
    taken_over: TakenOver | None = None
    idempotency_sha256: str = ""
    commitments: Mapping[str, str] = field(default_factory=dict)
    files: tuple[EvidenceFile, ...] = ()
    manifest: str = ""

    def __post_init__(self) -> None:
        _need(_KIND.fullmatch(self.kind), f"kind {self.kind!r} is not lower-case words joined by dots")
        _need(self.outcome in OUTCOMES, f"outcome {self.outcome!r} is none of {', '.join(OUTCOMES)}")
        _need(self.door in DOORS, f"door {self.door!r} is none of {', '.join(DOORS)}")
        _need(self.decided_at.tzinfo and self.recorded_at.tzinfo, "decided_at and recorded_at know their zone")
        _need(self.software, "the software is named with its version")
        _need((self.outcome == "overridden") == bool(self.overridden_by), "an override names its persons, and nothing else does")
        _need(not self.overridden_by or len({actor.person for actor in self.overridden_by} - {None}) >= 2, "an override needs two different persons")
        _need(not self.manifest or self.manifest in {file.sha256 for file in self.files}, "the manifest is one of the files")
        _need(not self.covers or self.kind == SEALED, f"only {SEALED} covers heads of logs")
        _need(self.idempotency_sha256 == "" or _SHA256.fullmatch(self.idempotency_sha256), "idempotency_sha256 is not 64 lower-case hex digits")
        for name, commitment in self.commitments.items():
            _need(_WORD.fullmatch(name), f"the commitment's name {name!r} is not a lower-case word")
            _need(_SHA256.fullmatch(commitment), f"the commitment {name} is not 64 lower-case hex digits")


def stated(reason: Reason) -> StatedReason:
    """A domain reason as it is written down. Raises KeyError where the sentence names a value that the reason lacks.

    A value that is a reason itself stands as its English sentence, with its code and values beside it under dotted names: `finding`, `finding.code`.
    """
    values = _texts(reason)
    return StatedReason(
        code=reason.code,
        values=values,
        says=reason.says.format(**values),
        rule_id=reason.rule_id,
        rule_source=reason.rule_source,
        cure=stated(reason.cure) if reason.cure else None,
    )


def _texts(reason: Reason) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in reason.values.items():
        texts[name] = _text(value)
        if isinstance(value, Reason):
            texts |= {f"{name}.code": value.code} | {f"{name}.{inner}": text for inner, text in _texts(value).items()}
    return texts


def _text(value: Any) -> str:
    if isinstance(value, float):
        raise NotADecision("a float has no place in the record: give a Decimal")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "; ".join(_text(each) for each in value)
    if isinstance(value, Reason):
        return value.says.format(**_texts(value))
    if isinstance(value, Place):
        return ", ".join((*([value.of] if value.of else ()), *(f"{name} {at}" for name, at in value.path)))
    return str(value)


def _need(holds: Any, says: str) -> None:
    if not holds:
        raise NotADecision(says)
