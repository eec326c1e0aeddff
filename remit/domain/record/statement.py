"""A decision as bytes and back: an in-toto Statement v1 in RFC 8785 form. The bytes are the truth and are never built again from columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from remit.domain.record.canonical import NotCanonical, canonical, parse_canonical
from remit.domain.record.decision import (
    Actor,
    CheckedCredential,
    Coverage,
    Decision,
    EntryReference,
    EvidenceFile,
    NotADecision,
    ObjectReference,
    Rejected,
    RuleReference,
    StatedReason,
    TakenOver,
)

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:remit:decision:v1"
MOST_BYTES = 65_535
"""An entry of a tiled log carries its length in two bytes (C2SP tlog-tiles)."""


class StatementTooLarge(ValueError):
    """A statement over 65,535 bytes. What is long belongs into an evidence file."""


class NotAStatement(ValueError):
    """Bytes that are not a decision statement of this form."""


def encode(decision: Decision) -> bytes:
    """The canonical bytes of a decision, at most 65,535. Raises StatementTooLarge, or NotCanonical for a text that UTF-8 cannot carry."""
    subject: list[dict[str, Any]] = [{"uri": decision.object.id.urn, "digest": {"sha256": hashlib.sha256(canonical(_object(decision.object))).hexdigest()}}]
    subject += [{"name": file.name, "mediaType": file.media_type, "digest": {"sha256": file.sha256}} for file in decision.files]
    data = canonical({"_type": STATEMENT_TYPE, "subject": subject, "predicateType": PREDICATE_TYPE, "predicate": _predicate(decision)})
    if len(data) > MOST_BYTES:
        raise StatementTooLarge(f"the statement of {decision.kind} has {len(data)} bytes, {MOST_BYTES} are the most: put what is long into an evidence file")
    return data


def decode(data: bytes) -> Decision:
    """The decision that the bytes state. Raises NotAStatement where they are not exactly what `encode` gives."""
    try:
        value = parse_canonical(data)
        if value["_type"] != STATEMENT_TYPE or value["predicateType"] != PREDICATE_TYPE:
            raise NotAStatement(f"a statement of type {value['_type']!r}, {value['predicateType']!r}")
        decision = _decision(value["predicate"], value["subject"][1:])
        again = encode(decision)
    except (NotCanonical, NotADecision, StatementTooLarge, KeyError, TypeError, ValueError, IndexError, AttributeError) as fault:
        raise NotAStatement(f"not a decision statement: {fault}") from fault
    if again != data:
        raise NotAStatement("not a decision statement: it holds what this form does not know")
    return decision


def instant_text(instant: datetime) -> str:
    """RFC 3339 in UTC with Z; a fraction stands only where it is not zero, then with six digits."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def parse_instant(text: str) -> datetime:
    """The instant of `instant_text`."""
    if not text.endswith("Z"):
        raise NotAStatement(f"the instant {text!r} is not in UTC")
    return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)


def _predicate(decision: Decision) -> dict[str, Any]:
    return _present(
        log=str(decision.log),
        id=str(decision.id),
        kind=decision.kind,
        object=_object(decision.object),
        within=decision.within and _object(decision.within),
        outcome=decision.outcome,
        actor=_actor(decision.actor),
        on_behalf_of=decision.on_behalf_of and _actor(decision.on_behalf_of),
        overridden_by=[_actor(actor) for actor in decision.overridden_by],
        door=decision.door,
        credential=decision.credential and _plain(decision.credential, CheckedCredential),
        rules=[_plain(rule, RuleReference) for rule in decision.rules],
        reasons=[_reason(reason) for reason in decision.reasons],
        rejected=[_present(object=_object(other.object), reasons=[_reason(reason) for reason in other.reasons]) for other in decision.rejected],
        reviews=[_plain(entry, EntryReference) for entry in decision.reviews],
        supersedes=[_plain(entry, EntryReference) for entry in decision.supersedes],
        cites=[_plain(entry, EntryReference) for entry in decision.cites],
        covers=[_plain(head, Coverage) for head in decision.covers],
        origin=_origin(decision.taken_over),
        manifest=decision.manifest,
        commitments=dict(decision.commitments),
        idempotency_sha256=decision.idempotency_sha256,
        decided_at=instant_text(decision.decided_at),
        recorded_at=instant_text(decision.recorded_at),
        software=decision.software,
    )


def _decision(predicate: Mapping[str, Any], files: list[Mapping[str, Any]]) -> Decision:
    given: dict[str, Any] = dict(predicate)
    origin = given.pop("origin")
    each: Callable[[str, Callable[[Any], Any]], None] = partial(_convert_each, given)
    for name in ("reviews", "supersedes", "cites"):
        each(name, partial(_value, EntryReference))
    each("rules", partial(_value, RuleReference))
    each("covers", partial(_value, Coverage))
    each("overridden_by", partial(_value, Actor))
    each("reasons", _stated)
    each("rejected", lambda other: Rejected(object=_value(ObjectReference, other["object"]), reasons=tuple(map(_stated, other.get("reasons", ())))))
    one: dict[str, type] = {
        "object": ObjectReference,
        "within": ObjectReference,
        "actor": Actor,
        "on_behalf_of": Actor,
        "credential": CheckedCredential,
    }
    for name, kind in one.items():
        if name in given:
            given[name] = _value(kind, given[name])
    given["log"], given["id"] = UUID(given["log"]), UUID(given["id"])
    given["decided_at"], given["recorded_at"] = parse_instant(given["decided_at"]), parse_instant(given["recorded_at"])
    given["files"] = tuple(EvidenceFile(name=file["name"], sha256=file["digest"]["sha256"], media_type=file["mediaType"]) for file in files)
    if origin["kind"] == "taken_over":
        given["taken_over"] = TakenOver(asserted_on=date.fromisoformat(origin["asserted_on"]), source_sha256=origin["source_sha256"])
    return Decision(**given)


def _origin(taken_over: TakenOver | None) -> dict[str, str]:
    if taken_over is None:
        return {"kind": "decided"}
    return {"kind": "taken_over", "asserted_on": taken_over.asserted_on.isoformat(), "source_sha256": taken_over.source_sha256}


def _object(reference: ObjectReference) -> dict[str, str]:
    return {"kind": reference.kind, "id": str(reference.id), "reference": reference.reference}


def _actor(actor: Actor) -> dict[str, Any]:
    return _plain(actor, Actor)


def _reason(reason: StatedReason) -> dict[str, Any]:
    return _present(
        code=reason.code,
        values=dict(reason.values),
        says=reason.says,
        rule_id=reason.rule_id,
        rule_source=reason.rule_source,
        cure=reason.cure and _reason(reason.cure),
    )


def _stated(given: Mapping[str, Any]) -> StatedReason:
    return StatedReason(**{**given, "cure": _stated(given["cure"]) if "cure" in given else None})


def _present(**fields: Any) -> dict[str, Any]:
    """Without what is not there: an absent field and an empty one are the same statement, so only one form of it exists. Zero is there."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _plain(value: Any, kind: type) -> dict[str, Any]:
    """A flat dataclass as JSON values: UUID and date as text, integers as they are."""
    fields = {name: getattr(value, name) for name in kind.__dataclass_fields__}  # type: ignore[attr-defined]
    return _present(**{name: item if item is None or isinstance(item, int) else str(item) for name, item in fields.items()})


def _value(kind: type, given: Mapping[str, Any]) -> Any:
    """The reverse of `_plain`, by the field's declared type."""
    read: dict[str, Callable[[Any], Any]] = {"UUID": UUID, "UUID | None": UUID, "date | None": date.fromisoformat}
    declared = kind.__dataclass_fields__  # type: ignore[attr-defined]
    return kind(**{name: read.get(declared[name].type, lambda item: item)(item) for name, item in given.items()})


def _convert_each(given: dict[str, Any], name: str, convert: Callable[[Any], Any]) -> None:
    if name in given:
        given[name] = tuple(convert(item) for item in given[name])
