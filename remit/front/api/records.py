"""Reading the record: the logs that one may read, their signed heads and checks, entries with their bytes and proofs."""

import base64
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest
from ninja import Path, Query, Schema

from remit.apps.organizations.acting import NotFound
from remit.apps.records import proving, timeline
from remit.apps.records.models import Audience, Entry
from remit.domain.reasons import Reason
from remit.formats.words import Words
from remit.front.api.reading import read, reads

MOST_ENTRIES = 200


class LogOut(Schema):
    """A log; `reference` is that of the brief, agreement or engagement that it belongs to, empty for one's own."""

    id: UUID
    kind: str
    reference: str
    says: str
    entries: int
    last_decided_at: datetime | None


class HeadOut(Schema):
    """The newest signed head. `checkpoint` is the signed note; `waiting` entries are not under it yet; `faults` are what does not hold of it."""

    log: UUID
    origin: str
    size: int
    root: str
    checkpoint: str
    rollup_index: int
    rollup_size: int
    rollup_signed_at: datetime
    waiting: int
    faults: list[str]


class CheckOut(Schema):
    """The whole log recomputed: what was compared, and what does not hold."""

    holds: bool
    entries: int
    heads: int
    openings: int
    faults: list[str]


class EntryOut(Schema):
    """An entry. `statement` are its exact bytes in base64; the leaf is SHA-256 over 0x00 and them. `opened` are the values kept apart that were not erased."""

    id: UUID
    log: UUID
    index: int | None
    kind: str
    outcome: str
    decided_at: datetime
    leaf: str
    statement: str
    opened: dict[str, str]


class ProofOut(Schema):
    """The path from an entry's leaf to the root of the newest signed head, recomputed."""

    index: int
    size: int
    root: str
    leaf: str
    path: list[str]
    holds: bool


@reads.get("/logs", response=list[LogOut], operation_id="logs")
@read
def logs(request: HttpRequest, organization: Path[str]) -> list[LogOut]:
    """The logs that the organization reads now, the last decided first."""
    rows: Any = timeline.with_titles(_readable(request).annotate(size=Count("entries"), last_at=timeline.last_decided()).order_by("-last_at"))
    return [_log(row, row.size, row.last_at) for row in rows]


@reads.get("/logs/{log}", response=HeadOut, operation_id="log")
@read
def log(request: HttpRequest, organization: Path[str], log: Path[UUID]) -> HeadOut:
    """The newest signed head of a log, with its signature and its place in the roll-up checked; 404 while nothing of it is signed."""
    found = proving.standing(_log_of(request, log))
    if found is None:
        raise NotFound(log)
    return HeadOut(
        log=log,
        origin=found.origin,
        size=found.size,
        root=found.root.hex(),
        checkpoint=found.note,
        rollup_index=found.rollup_index,
        rollup_size=found.rollup_size,
        rollup_signed_at=found.signed_at,
        waiting=found.waiting,
        faults=_said(request, found.faults),
    )


@reads.get("/logs/{log}/check", response=CheckOut, operation_id="check_log")
@read
def check_log(request: HttpRequest, organization: Path[str], log: Path[UUID]) -> CheckOut:
    """Recompute a whole log: every leaf, every signed head, the place in the roll-up, every value kept apart."""
    found = proving.check_log(_log_of(request, log))
    faults = _said(request, found.faults)
    return CheckOut(holds=found.holds, entries=found.entries, heads=found.heads, openings=found.openings, faults=faults)


@reads.get("/logs/{log}/entries", response=list[EntryOut], operation_id="entries")
@read
def entries(
    request: HttpRequest,
    organization: Path[str],
    log: Path[UUID],
    kind: str = "",
    outcome: str = "",
    text: str = "",
    start: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES)] = MOST_ENTRIES,
) -> list[EntryOut]:
    """Entries of a log in their order, those that wait for their place last; `start` counts from 0 among what the filter lets through."""
    found = timeline.searched(Entry.objects.filter(audience=_log_of(request, log)), kind, outcome, text.replace("\0", ""))
    rows = found.select_related("leaf").prefetch_related("openings").order_by("leaf__index", "id")
    return [_entry(row) for row in rows[start : start + limit]]


@reads.get("/entries/{entry}", response=EntryOut, operation_id="entry")
@read
def entry(request: HttpRequest, organization: Path[str], entry: Path[UUID]) -> EntryOut:
    """One entry."""
    return _entry(_entry_of(request, entry))


@reads.get("/entries/{entry}/proof", response=ProofOut, operation_id="entry_proof")
@read
def entry_proof(request: HttpRequest, organization: Path[str], entry: Path[UUID]) -> ProofOut:
    """That an entry stands in the signed log; 404 while no signed head covers it."""
    found = proving.inclusion(_entry_of(request, entry))
    if found is None:
        raise NotFound(entry)
    path = [step.hex() for step in found.path]
    return ProofOut(index=found.index, size=found.size, root=found.root.hex(), leaf=found.leaf.hex(), path=path, holds=found.holds)


def _readable(request: HttpRequest) -> Any:
    return timeline.readable(request.by, request.at)  # type: ignore[attr-defined]


def _log_of(request: HttpRequest, key: UUID) -> UUID:
    if not _readable(request).filter(id=key).exists():
        raise NotFound(key)
    return key


def _entry_of(request: HttpRequest, key: UUID) -> Entry:
    mine = _readable(request).values("id")
    found = Entry.objects.filter(id=key, audience__in=mine).select_related("leaf").prefetch_related("openings").first()
    if found is None:
        raise NotFound(key)
    return found


def _log(audience: Audience, size: int, last_at: datetime | None) -> LogOut:
    title = timeline.title(audience)
    return LogOut(id=audience.id, kind=audience.kind, reference=title.reference, says=title.says, entries=size, last_decided_at=last_at)


def _entry(row: Entry) -> EntryOut:
    leaf = getattr(row, "leaf", None)
    return EntryOut(
        id=row.id,
        log=row.audience_id,
        index=leaf.index if leaf else None,
        kind=row.kind,
        outcome=row.outcome,
        decided_at=row.decided_at,
        leaf=bytes(row.leaf_hash).hex(),
        statement=base64.b64encode(bytes(row.statement)).decode(),
        opened={opening.name: opening.value for opening in row.openings.all()},
    )


def _said(request: HttpRequest, faults: tuple[Reason, ...]) -> list[str]:
    words = Words(getattr(request, "LANGUAGE_CODE", "en"))
    return [words.reason(fault) for fault in faults]
