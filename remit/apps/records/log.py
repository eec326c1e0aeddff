"""Appending to the record: a plain insert of entry and queue row in the action's own transaction; no lock, no key."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Model

import remit
from remit.apps.records.context import By
from remit.apps.records.keys import uuid7
from remit.apps.records.models import Entry, Opening
from remit.apps.records.said import Recorded, recorded
from remit.domain.reasons import Reason
from remit.domain.record import commitment, statement
from remit.domain.record.decision import Actor, Decision, ObjectReference, stated
from remit.domain.record.tree import leaf_hash

SOFTWARE = f"remit {remit.__version__}"
APPEND = (
    "with queued as (insert into records_queued (entry, audience, leaf_hash) values (%s, %s, %s)) "
    "insert into records_entry (id, audience_id, kind, outcome, object_kind, object_id, statement, leaf_hash, decided_at) "
    "values (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
"""Entry and queue row in one statement."""
CAME = "came."
"""How the codes begin that say how somebody came in."""


def append(
    by: By,
    at: datetime,
    *,
    kind: str,
    outcome: str,
    about: Model | None,
    audiences: Iterable[UUID],
    reasons: Iterable[Reason] = (),
    private: Mapping[str, str] | None = None,
    **fields: Any,
) -> list[UUID]:
    """Append one entry a log and give their keys.

    `fields` are further fields of `Decision`; `private` are personal values, kept as commitments with their openings apart.
    """
    written = [
        _written(by, at, audience, kind=kind, outcome=outcome, about=about, reasons=reasons, private=private, **fields) for audience in dict.fromkeys(audiences)
    ]
    for each in written:
        row, encoded, leaf = each.entry, each.statement, each.leaf
        with connection.cursor() as cursor:
            cursor.execute(APPEND, [row.id, row.audience_id, leaf, row.id, row.audience_id, kind, outcome, row.object_kind, row.object_id, encoded, leaf, at])
    if openings := [opening for each in written for opening in each.openings]:
        Opening.objects.bulk_create(openings)
    return [each.entry.id for each in written]


def append_all(by: By, at: datetime, decisions: Iterable[Mapping[str, Any]]) -> list[UUID]:
    """Append many entries in their order, each for one audience, in three statements: each is a mapping of `audience` and what `append` takes.

    For what is made by the hundred in one action; the queue takes them in the same order.
    """
    written = [_written(by, at, **decision) for decision in decisions]
    if not written:
        return []
    rows = [each.entry for each in written]
    queued: list[Any] = [[row.id for row in rows], [row.audience_id for row in rows], [each.leaf for each in written]]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into records_queued (entry, audience, leaf_hash) "
            "select e, a, h from unnest(%s::uuid[], %s::uuid[], %s::bytea[]) with ordinality as t(e, a, h, n) order by n",
            queued,
        )
    Entry.objects.bulk_create(rows)
    Opening.objects.bulk_create([opening for each in written for opening in each.openings])
    return [row.id for row in rows]


@dataclass(frozen=True)
class _Written:
    entry: Entry
    statement: bytes
    leaf: bytes
    openings: list[Opening]


def _written(
    by: By,
    at: datetime,
    audience: UUID,
    *,
    kind: str,
    about: Model | None,
    outcome: str = "allowed",
    reasons: Iterable[Reason] = (),
    private: Mapping[str, str] | None = None,
    **fields: Any,
) -> _Written:
    # A guest has no log-in to be named by later.
    personal = ({"guest": by.name} if by.link else {}) | dict(private or {})
    salted = {name: (secrets.token_bytes(commitment.SALT_BYTES), value) for name, value in personal.items() if value}
    entry = uuid7()
    decision = Decision(
        log=audience,
        id=entry,
        kind=kind,
        outcome=outcome,
        object=reference_of(about, by),
        actor=actor_of(by),
        on_behalf_of=_away(by),
        door=by.door,
        decided_at=at,
        recorded_at=at if settings.DEMO else datetime.now(UTC),
        software=SOFTWARE,
        reasons=tuple(stated(reason) for reason in (*reasons, *by.came)),
        commitments={name: commitment.commit(salt, value) for name, (salt, value) in salted.items()},
        **fields,
    )
    encoded = statement.encode(decision)
    leaf = leaf_hash(encoded)
    row = Entry(
        id=entry,
        audience_id=audience,
        kind=kind,
        outcome=outcome,
        object_kind=decision.object.kind,
        object_id=decision.object.id,
        statement=encoded,
        leaf_hash=leaf,
        decided_at=at,
    )
    openings = [Opening(audience_id=audience, entry_id=entry, name=name, salt=salt, value=value) for name, (salt, value) in salted.items()]
    return _Written(row, encoded, leaf, openings)


def read(entry: UUID) -> Decision:
    """The decision of an entry, from its bytes."""
    return statement.decode(bytes(Entry.objects.get(id=entry).statement))


def reasons(entry: UUID) -> tuple[Reason, ...]:
    """Why an entry came out as it did, to be said again in any language; how the actor came in stands in the record alone."""
    return tuple(reason for reason in reasons_of(read(entry)) if not reason.code.startswith(CAME))


def reasons_of(decision: Decision) -> tuple[Recorded, ...]:
    """The same of a decision at hand."""
    return tuple(recorded(reason) for reason in decision.reasons)


def actor_of(by: By) -> Actor:
    """Who acts, by keys only."""
    return Actor(organization=by.organization, user=by.user, person=by.person, guest_link=by.link, role=by.role)


def _away(by: By) -> Actor | None:
    away = by.on_behalf_of
    return Actor(organization=by.organization, user=away.user, person=away.person) if away else None


def reference_of(about: Model | None, by: By) -> ObjectReference:
    """What a decision is about: a row by its short reference, number or key; without one, the acting organization."""
    if about is None:
        return ObjectReference(kind="organization", id=by.organization, reference=str(by.organization))
    shown = getattr(about, "reference", "") or getattr(about, "number", "") or about.pk
    return ObjectReference(kind=str(about._meta.model_name), id=about.pk, reference=str(shown))
