"""Decisions to bytes and back: one form, nothing lost, nothing unknown let through."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.money import Money
from remit.domain.reasons import Sentence
from remit.domain.record import decision as d
from remit.domain.record.canonical import NotCanonical, canonical, parse_canonical
from remit.domain.record.commitment import commit, opens
from remit.domain.record.statement import NotAStatement, StatementTooLarge, decode, encode, instant_text

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SAID = TEXT.filter(bool)
SHA = st.binary(min_size=32, max_size=32).map(bytes.hex)
IDS = st.uuids()
OBJECTS = st.builds(d.ObjectReference, kind=st.sampled_from(["period", "work_item"]), id=IDS, reference=SAID)
AGENT = st.one_of(st.just((None, None)), st.tuples(IDS, IDS))
ACTORS = st.builds(
    lambda who, pair, role: d.Actor(organization=who[0], user=who[1], person=who[2], agent=pair[0], operator=pair[1], guest_link=who[3], role=role),
    st.tuples(*[st.none() | IDS] * 4).filter(any),
    AGENT,
    st.sampled_from(["", "preparer", "reviewer"]),
)
REASONS = st.recursive(
    st.builds(d.StatedReason, code=SAID, values=st.dictionaries(st.sampled_from(["a", "b"]), TEXT), says=SAID, rule_id=TEXT, rule_source=TEXT),
    lambda inner: st.builds(d.StatedReason, code=SAID, says=SAID, cure=inner),
    max_leaves=3,
)
ENTRIES = st.lists(st.builds(d.EntryReference, log=IDS, leaf=SHA), max_size=2).map(tuple)
INSTANTS = st.datetimes(timezones=st.just(UTC))
DECISIONS = st.builds(
    d.Decision,
    log=IDS,
    id=IDS,
    kind=st.sampled_from(["deliverable.reviewed", "brief.signed"]),
    object=OBJECTS,
    within=st.none() | OBJECTS,
    outcome=st.sampled_from(["allowed", "refused", "observed"]),
    actor=ACTORS,
    on_behalf_of=st.none() | ACTORS,
    door=st.sampled_from(d.DOORS),
    decided_at=INSTANTS,
    recorded_at=INSTANTS,
    software=st.just("remit 0.1.0"),
    credential=st.none()
    | st.builds(
        d.CheckedCredential,
        id=IDS,
        kind=SAID,
        issuer=TEXT,
        jurisdiction=TEXT,
        proof_state=SAID,
        valid_from=st.none() | st.dates(),
        valid_until=st.none() | st.dates(),
        seen_sha256=SHA,
    ),
    rules=st.lists(st.builds(d.RuleReference, id=SAID, version=SAID, sha256=SHA), max_size=2).map(tuple),
    reasons=st.lists(REASONS, max_size=2).map(tuple),
    rejected=st.lists(st.builds(d.Rejected, object=OBJECTS, reasons=st.lists(REASONS, max_size=1).map(tuple)), max_size=2).map(tuple),
    reviews=ENTRIES,
    supersedes=ENTRIES,
    cites=ENTRIES,
    taken_over=st.none() | st.builds(d.TakenOver, asserted_on=st.dates(), source_sha256=SHA),
    idempotency_sha256=st.just("") | SHA,
    commitments=st.dictionaries(st.sampled_from(["actor_name", "number"]), SHA),
    files=st.lists(st.builds(d.EvidenceFile, name=SAID, sha256=SHA, media_type=st.just("text/csv")), max_size=2).map(tuple),
)
PLAIN = d.Decision(
    log=UUID(int=1),
    id=UUID(int=2),
    kind="brief.signed",
    object=d.ObjectReference(kind="brief", id=UUID(int=3), reference="BR-7K3F-9QXM"),
    outcome="allowed",
    actor=d.Actor(person=UUID(int=4), organization=UUID(int=5), role="requester"),
    door="page",
    decided_at=datetime(2026, 1, 31, 9, 0, tzinfo=UTC),
    recorded_at=datetime(2026, 1, 31, 9, 0, 0, 250_000, tzinfo=UTC),
    software="remit 0.1.0",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(max_codepoint=126), max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(DECISIONS)
def test_a_decision_survives_its_bytes(decision: d.Decision) -> None:
    data = encode(decision)
    assert decode(data) == decision
    assert b"\n" not in data, "one entry is one line of a pack"


def test_the_form_is_frozen() -> None:
    """These bytes stand in packs that were given away: a change here is a new form with a new predicate type."""
    assert encode(PLAIN) == (
        b'{"_type":"https://in-toto.io/Statement/v1","predicate":{"actor":{"organization":"00000000-0000-0000-0000-000000000005",'
        b'"person":"00000000-0000-0000-0000-000000000004","role":"requester"},"decided_at":"2026-01-31T09:00:00Z","door":"page",'
        b'"id":"00000000-0000-0000-0000-000000000002","kind":"brief.signed","log":"00000000-0000-0000-0000-000000000001",'
        b'"object":{"id":"00000000-0000-0000-0000-000000000003","kind":"brief","reference":"BR-7K3F-9QXM"},"origin":{"kind":"decided"},'
        b'"outcome":"allowed","recorded_at":"2026-01-31T09:00:00.250000Z","software":"remit 0.1.0"},"predicateType":"urn:remit:decision:v1",'
        b'"subject":[{"digest":{"sha256":"79f802d431d404e9ebaeeb1a5205de474e7181aefc0f12e0ead976ab7608ec62"},"uri":"urn:uuid:00000000-0000-0000-0000-000000000003"}]}'
    )


@given(DECISIONS, st.data())
def test_no_changed_byte_reads_as_the_same_decision(decision: d.Decision, data: st.DataObject) -> None:
    good = encode(decision)
    at, bit = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(0, 7))
    changed = good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :]
    try:
        other = decode(changed)
    except NotAStatement:
        return
    assert other != decision
    assert encode(other) == changed


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"door":"page"', '"door": "page"'),
        lambda text: text.replace('"door":"page"', '"door":"window"'),
        lambda text: text.replace('"door":"page"', '"door":"page","extra":"x"'),
        lambda text: text.replace('"door":"page"', '"door":"page","door":"page"'),
        lambda text: text.replace('"door":"page"', '"door":1.5'),
        lambda text: text.replace(":v1", ":v2"),
        lambda text: text.replace("decided_at", "decided_on"),
        lambda text: text[:-1],
        lambda text: "[" * 100_000,
        lambda text: "null",
        lambda text: "",
    ],
)
def test_what_the_form_does_not_know_is_refused(change) -> None:
    with pytest.raises(NotAStatement):
        decode(change(encode(PLAIN).decode()).encode())


def test_too_large_is_said() -> None:
    long = replace(PLAIN, reasons=(d.StatedReason(code="x", says="y" * 66_000),))
    with pytest.raises(StatementTooLarge, match="65535 are the most"):
        encode(long)


@pytest.mark.parametrize(
    "field",
    [
        {"kind": "signed"},
        {"outcome": "maybe"},
        {"door": "window"},
        {"decided_at": PLAIN.decided_at.replace(tzinfo=None)},
        {"outcome": "overridden"},
        {"outcome": "overridden", "overridden_by": (d.Actor(person=UUID(int=1)), d.Actor(person=UUID(int=1)))},
        {"manifest": "a" * 64},
        {"covers": (d.Coverage(log=UUID(int=1), size=1, root="a" * 64),)},
        {"commitments": {"name": "a"}},
        {"commitments": {"Name": "a" * 64}},
    ],
)
def test_a_decision_that_may_not_be(field: dict) -> None:
    with pytest.raises(d.NotADecision):
        replace(PLAIN, **field)


def test_an_agent_is_never_without_its_operator() -> None:
    with pytest.raises(d.NotADecision):
        d.Actor(agent=UUID(int=1))


def test_a_reason_is_written_with_values_as_text() -> None:
    late = Sentence("test_record_late", "{amount} was due on {day}.")
    reason = d.stated(late(amount=Money(Decimal("12.50"), "EUR"), day=date(2026, 1, 31), cure=late(amount=1, day="Monday")))
    assert reason.values == {"amount": "12.50 EUR", "day": "2026-01-31"}
    assert reason.says == "12.50 EUR was due on 2026-01-31."
    assert reason.cure is not None
    assert reason.cure.says == "1 was due on Monday."
    with pytest.raises(d.NotADecision):
        d.stated(late(amount=1.5, day=""))


def test_instants_are_utc() -> None:
    assert instant_text(datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))) == "2026-03-29T01:30:00Z"


@given(JSON)
def test_canonical_json_survives_itself(value: object) -> None:
    data = canonical(value)
    assert parse_canonical(data) == value
    assert json.loads(data) == value


@given(JSON)
def test_canonical_json_is_that_of_another_implementation(value: object) -> None:
    rfc8785 = pytest.importorskip("rfc8785", reason="rfc8785, a second implementation, is not installed")
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, 2**53, {"é": 1}, {1: 1}, "\ud800", [Decimal(1)], object()])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_a_commitment_opens_only_by_its_salt_and_value() -> None:
    salt = bytes(range(16))
    sealed = commit(salt, "Maya Dimitrova")
    assert sealed == hashlib.sha256(salt + b"Maya Dimitrova").hexdigest()
    assert opens(sealed, salt, "Maya Dimitrova")
    assert not opens(sealed, salt, "Maya Dimitrov")
    assert not opens(sealed, bytes(16), "Maya Dimitrova")
    assert not opens(sealed, b"", "Maya Dimitrova")
    with pytest.raises(ValueError, match="16 bytes"):
        commit(b"short", "x")
