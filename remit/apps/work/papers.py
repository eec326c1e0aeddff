"""Papers are read in a process apart, under limits, as if they were hostile; values are kept for as long as they fit."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from remit.apps.organizations.acting import BadInput, Busy
from remit.apps.records import files
from remit.apps.records.context import By, reading
from remit.apps.work import kept, kept_invoice
from remit.apps.work.models import ItemFile, WorkItem
from remit.domain.line import Finding
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats import hostile
from remit.lines import apart

SECONDS, MEMORY_BYTES = 20.0, 512_000_000
"""What one paper may take; ten thousand lines take less than a second and 100 MB."""
KEPT_BYTES = 96_000_000
"""Values of papers that a process keeps, by their size on the way; ten thousand lines are 1 to 3 MB. In memory they are several times as large."""

GIVEN_UP = Sentence("paper.given_up", N_("{place}: {finding}"))
_LIMITS = {code: Sentence(code, rule.says) for code, rule in hostile.RULES.items()}


@dataclass(frozen=True)
class Source:
    """All that a reading depends on: whose slot it is, the bytes, their name, and the entity's answers as JSON."""

    service: str
    slot: str
    sha256: str
    name: str
    answers: str

    @staticmethod
    def of(item: WorkItem, slot: str, sha256: str, name: str) -> Source:
        """For a file of that item, by its entity's answers as they are now."""
        return Source(item.service, slot, sha256, name, json.dumps(entity_of(item), sort_keys=True, default=str))


@dataclass(frozen=True)
class Read:
    """What a file was read as: value or None, and all that was found."""

    source: Source
    value: Any
    found: tuple[Finding, ...]


def entity_of(item: WorkItem) -> dict[str, Any]:
    """The agreed entity's frozen facts with what the line asks of it."""
    entity = item.period.entity
    return entity.facts | {"name": entity.name} | entity.answers


def papers_of(item: WorkItem) -> QuerySet[ItemFile]:
    """The files in force, as they came."""
    return ItemFile.objects.filter(item=item, superseded_at=None).select_related("file").order_by("brought_at")


def read(source: Source, content: bytes, entity: Mapping[str, Any]) -> Read | Reason:
    """Read it now, or why it was given up. It takes `SECONDS` at most and asks no database, so call it outside a transaction where that is possible."""
    outcome = hostile.run_limited(
        apart.read, content, source.service, source.slot, source.name, source.sha256, dict(entity), seconds=SECONDS, memory_bytes=MEMORY_BYTES
    )
    if not isinstance(outcome, hostile.Answer):
        return given_up(outcome, source.name)
    value, found = outcome.value
    _kept.put(source, value, outcome.size + 1000)
    return Read(source, value, found)


def given_up(outcome: hostile.Refused, name: str) -> Reason:
    """Why reading a file was given up. Raises Busy where it was not begun."""
    finding = outcome.finding
    why = GIVEN_UP(place=name, finding=_LIMITS[finding.code](**finding.values))
    if isinstance(outcome, hostile.Busy):
        raise Busy(file=why)
    return why


def value(source: Source, row: ItemFile, entity: Mapping[str, Any]) -> Any:
    """What a stored file was read as, from what is kept, or read again. Raises Busy or BadInput where that is given up."""
    known = _kept.get(source)
    if known is not None:
        return known[0]
    got = read(source, files.read(row.file), entity)
    if isinstance(got, Reason):
        raise BadInput(file=got)
    return got.value


def read_ahead(*, by: By, at: datetime, item: UUID, **_given: Any) -> None:
    """Prepares an action on an item: its papers are read before the transaction opens, one at a time. Raises Busy or BadInput where that is given up."""
    with reading(by, at):
        work = WorkItem.objects.select_related("period__entity").filter(id=item).first()
        rows = list(papers_of(work)) if work else []
        sources = [Source.of(work, row.slot, row.file.sha256, row.name) for row in rows] if work else []
    if work is None:
        return
    for source, row in zip(sources, rows, strict=True):
        if source in _kept:
            continue
        with reading(by, at):
            content = files.read(row.file)
        got = read(source, content, entity_of(work))
        if isinstance(got, Reason):
            raise BadInput(file=got)


def look(kind: str, name: str, content: bytes) -> kept.Seen:
    """What a file that is kept as a first item is seen to hold; a finding says where that was given up. Raises Busy."""
    look_at = kept_invoice.looked_at if kind == "invoice" else kept.looked_at
    outcome = hostile.run_limited(look_at, content, kind, name, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
    if isinstance(outcome, hostile.Answer):
        seen: kept.Seen = outcome.value
        return seen
    given_up(outcome, name)
    return [], [kept.row_of(outcome.finding)]


class _Kept:
    """Values by their source, the least used forgotten first; safe to use from many threads."""

    def __init__(self) -> None:
        self._values: OrderedDict[Source, tuple[Any, int]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def __contains__(self, source: Source) -> bool:
        return source in self._values

    def get(self, source: Source) -> tuple[Any] | None:
        """The value in a tuple of one, for it may be None itself."""
        with self._lock:
            if source not in self._values:
                return None
            self._values.move_to_end(source)
            return (self._values[source][0],)

    def put(self, source: Source, value: Any, size: int) -> None:
        """Keep a value of that size; one that is larger than all may be is kept alone."""
        with self._lock:
            self._size += size - self._values.pop(source, (None, 0))[1]
            self._values[source] = (value, size)
            while self._size > KEPT_BYTES and len(self._values) > 1:
                self._size -= self._values.popitem(last=False)[1][1]


_kept = _Kept()
