"""What a file's row belongs to: paper, deliverable, answer or pack; with the item and step that the gate asks for when it is opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from remit.apps.records.keys import Row
from remit.apps.records.models import File
from remit.apps.records.timeline import Stored, opener
from remit.apps.work import cases
from remit.apps.work.models import AnswerFile, Deliverable, DeliverableFile, GivenPack, ItemFile, Receipt, WorkItem
from remit.domain.line import Step


@dataclass(frozen=True)
class Opened:
    """A file with the row that names it."""

    row: Row
    file: File
    name: str
    item: WorkItem
    step: Step
    made: Deliverable | None = None
    """The deliverable whose file it is."""
    is_open: bool = True
    """Whether it may be read by the whole audience, whoever alone may read what the step makes: a manifest names files and holds none."""


def opened(key: UUID) -> Opened | None:
    """By the key of a paper's row, of a deliverable (its manifest) or its files, an answer's file, a receipt or a given pack; None for what is not seen."""
    if brought := ItemFile.objects.select_related("file").filter(id=key).first():
        return _brought(brought)
    if part := DeliverableFile.objects.select_related("file", "deliverable").filter(id=key).first():
        return replace(_opened(part, part.file, part.name, part.deliverable.item_id), made=part.deliverable, is_open=False)
    if made := Deliverable.objects.select_related("manifest").filter(id=key).first():
        return _opened(made, made.manifest, "manifest.json", made.item_id)
    if sent := AnswerFile.objects.select_related("file", "answer__request").filter(id=key).first():
        return _opened(sent, sent.file, sent.name, sent.answer.request.item_id)
    if receipt := Receipt.objects.select_related("file", "filing").filter(id=key).first():
        return _opened(receipt, receipt.file, receipt.name, receipt.filing.item_id)
    if given := GivenPack.objects.select_related("pack", "sealing__closing").filter(id=key).first():
        item = WorkItem.objects.filter(period=given.sealing.closing.period_id).values_list("id", flat=True).first()
        return _opened(given, given.pack, given.name, item) if item else None
    return None


@opener
def rows_of(stored: set[Stored]) -> dict[Stored, UUID]:
    """The row by which each stored file is opened, for those that are a paper, a deliverable's file or manifest, a receipt or a pack; in one query."""
    found: dict[Stored, UUID] = {}
    if not stored:
        return found
    audiences, hashes = {audience for audience, _ in stored}, {sha256 for _, sha256 in stored}
    kept: list[Any] = [
        model.objects.filter(audience__in=audiences, **{f"{file}__sha256__in": hashes}).values_list("id", "audience", f"{file}__sha256")
        for model, file in ((ItemFile, "file"), (Deliverable, "manifest"), (DeliverableFile, "file"), (Receipt, "file"), (GivenPack, "pack"))
    ]
    found |= {(audience, sha256): key for key, audience, sha256 in kept[0].union(*kept[1:])}
    return {each: key for each, key in found.items() if each in stored}


def _brought(brought: ItemFile) -> Opened:
    """A paper: one of a slot that holds secrets is read by those alone who may read what is made of it."""
    found = _opened(brought, brought.file, brought.name, brought.item_id)
    slot = next((slot for slot in cases.line_of(found.item).slots if slot.code == brought.slot), None)
    return replace(found, is_open=slot is None or slot.holds != "secret")


def _opened(row: Row, file: File, name: str, item: UUID) -> Opened:
    work = WorkItem.objects.select_related("engagement__agreement", "period__entity").get(id=item)
    return Opened(row, file, name, work, cases.working_step(cases.line_of(work)))
