"""Packs: the engagement's whole log under a signed checkpoint, with the papers of one period or of all."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import IO
from uuid import UUID

from django.db.models import QuerySet

from remit.apps.agreements.models import Engagement
from remit.apps.records import files, log, proofs
from remit.apps.records.models import Entry, File
from remit.apps.work import cases
from remit.apps.work.models import Deliverable, DeliverableFile, ItemFile, Period, Sealing
from remit.domain.record.checkpoint import Head, parse_note
from remit.domain.record.decision import Coverage, ObjectReference
from remit.domain.record.statement import decode
from remit.formats.packs.write import PackContents, PackedFile, write_pack

MOST_EARLIER = 100
"""Packs given before, the newest ones, whose roll-ups a pack proves to have grown from."""


@dataclass(frozen=True)
class SignedHead:
    """What of the log is signed, and the roll-up's checkpoint that it stands under."""

    coverage: Coverage
    checkpoint: str


@dataclass(frozen=True)
class Packed:
    """A pack's name and bytes."""

    name: str
    content: bytes


def head(period: Period) -> SignedHead | None:
    """The signed head that covers the period's closing; None while there is none."""
    covered, logged = proofs.coverage(period.audience_id), proofs.packed_log(period.audience_id)
    if not _is_placed(period, "period.closed") or covered is None or logged is None:
        return None
    return SignedHead(covered, logged.head.checkpoint.decode())


def _is_placed(period: Period, kind: str) -> bool:
    newest = Entry.objects.filter(audience=period.audience_id, kind=kind, object_id=period.id, outcome="allowed").order_by("-decided_at").first()
    return newest is not None and proofs.covers(period.audience_id, newest.id)


def pack(period: Period, at: datetime) -> Packed | None:
    """The pack of a sealed period, its seal inside; None while the seal is not under a signed checkpoint."""
    if not _is_placed(period, "period.sealed"):
        return None
    return _packed(period.audience_id, period.within(), files_of(period), f"{period.reference}-{period.begins_on:%Y-%m}.zip", at)


def whole(engagement: Engagement, at: datetime) -> Packed | None:
    """Everything of an engagement: its whole log as far as it is signed, with every file that it names. None while nothing of it is signed."""
    covers = ObjectReference(kind="engagement", id=engagement.id, reference=engagement.reference)
    held = list(File.objects.filter(audience=engagement.audience_id).exclude(id__in=_withheld(engagement)).order_by("sha256"))
    return _packed(engagement.audience_id, covers, held, f"{engagement.reference}-{at:%Y-%m-%d}.zip", at)


def _packed(audience: UUID, covers: ObjectReference, within: list[File], name: str, at: datetime) -> Packed | None:
    logged, covered, key = proofs.packed_log(audience), proofs.coverage(audience), proofs.key()
    if logged is None or covered is None or key is None:
        return None
    named = _named(audience, covered.size)
    contents = PackContents(
        origin=key.name,
        covers=covers,
        key=key,
        logs=(logged,),
        made_at=at,
        software=log.SOFTWARE,
        files=[PackedFile(sha256=file.sha256, open=partial(_open, file)) for file in within if file.sha256 in named],
        left_out=sorted(named - {file.sha256 for file in within}),
        openings=proofs.openings(audience, covered.size),
        earlier=proofs.grown_from(_handed_out(audience), _size(logged.head.checkpoint)),
    )
    out = io.BytesIO()
    write_pack(out, contents)
    return Packed(name, out.getvalue())


def files_of(period: Period) -> list[File]:
    """The papers of a period: what was brought, made and billed in it, and the terms that it was done under."""
    papers = ItemFile.objects.filter(item__period=period)
    keys = set(papers.values_list("file", flat=True)) - _secret_papers(papers)
    keys |= set(Deliverable.objects.filter(item__period=period).values_list("manifest", flat=True))
    keys |= set(DeliverableFile.objects.filter(deliverable__item__period=period, deliverable__readers=[]).values_list("file", flat=True))
    if terms := period.engagement.agreement.terms_id:
        keys.add(terms)
    # Invoices are rows of an app above this one; their papers are known by the entries that name the period.
    entries = Entry.objects.filter(audience=period.audience_id, kind__startswith="invoice.", outcome="allowed")
    hashes = {file.sha256 for entry in entries if (said := decode(bytes(entry.statement))).within and said.within.id == period.id for file in said.files}
    keys |= set(File.objects.filter(audience=period.audience_id, sha256__in=hashes).values_list("id", flat=True))
    return list(File.objects.filter(id__in=keys).order_by("sha256"))


def _withheld(engagement: Engagement) -> set[UUID]:
    """Files that are for single readers: a pack, which goes to the parties, names them by hash and leaves them out."""
    made = DeliverableFile.objects.filter(deliverable__item__engagement=engagement).exclude(deliverable__readers=[])
    return set(made.values_list("file", flat=True)) | _secret_papers(ItemFile.objects.filter(item__engagement=engagement))


def _secret_papers(papers: QuerySet[ItemFile]) -> set[UUID]:
    """Papers of slots that hold secrets, of steps that have readers of their own."""
    found = set()
    for paper in papers.select_related("item"):
        line = cases.line_of(paper.item)
        slots = {slot.code for slot in line.slots if slot.holds == "secret"}
        if any(step.readers and paper.slot in step.slots and paper.slot in slots for step in line.steps):
            found.add(paper.file_id)
    return found


def _handed_out(audience: UUID) -> set[int]:
    """Sizes of the roll-ups that the parties got before: those that seals name, and those that may have been in packs."""
    sealed = {_size(text.encode()) for text in Sealing.objects.filter(audience_id=audience).values_list("checkpoint", flat=True)}
    packs = Entry.objects.filter(audience=audience, kind__in=("pack.given", "pack.exported"), outcome="allowed").order_by("-id")
    return sealed | proofs.rolls_about(audience, packs.values_list("id", flat=True)[:MOST_EARLIER])


def _size(checkpoint: bytes) -> int:
    return Head.parse(parse_note(checkpoint).text).size


def _named(audience: UUID, size: int) -> set[str]:
    """Hashes of every file that an entry of the log names."""
    statements = Entry.objects.filter(leaf__audience=audience, leaf__index__lt=size).values_list("statement", flat=True)
    return {file.sha256 for statement in statements for file in decode(bytes(statement)).files}


def _open(file: File) -> IO[bytes]:
    return io.BytesIO(files.read(file))
