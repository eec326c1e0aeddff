"""The verbs of papers: bring one to an item, take it back, say how the columns of a kind of paper are read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Stale, Upload, action, decide
from remit.apps.records import files
from remit.apps.records.context import By, reading
from remit.apps.work import cases, delivery
from remit.apps.work.loading import may_bring, not_accepted, open_item
from remit.apps.work.models import ItemFile, WorkItem
from remit.apps.work.papers import Read, Source, entity_of, read, read_ahead
from remit.domain.line import Slot, Step
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.record.decision import EvidenceFile

TOO_LARGE = Sentence("paper.too_large", N_("{file} is larger than {most} MB; bring a shorter period."))
EMPTY = Sentence("paper.empty", N_("{file} is empty."))
TAKEN_OUT = Sentence("paper.enough", N_("{slot} takes {most} files at most; take one back first."))
PARTIES = Sentence("paper.parties", N_("Only client and provider bring papers."))


def read_apart(by: By, at: datetime, item: UUID, slot: str, name: str, content: bytes) -> Read | Reason | None:
    """The file as that item's slot reads it, or why reading was given up; None where there is no such item or slot to be seen. Outside a transaction."""
    read_ahead(by=by, at=at, item=item)
    with reading(by, at):
        work = WorkItem.objects.select_related("period__entity").filter(id=item).first()
        if work is None or slot not in {each.code for each in cases.line_of(work).slots}:
            return None
        source, entity = Source.of(work, slot, delivery.sha256(content), name), entity_of(work)
    return read(source, content, entity)


def _read_upload(*, by: By, at: datetime, item: UUID, slot: str, file: Upload) -> Read | Reason | None:
    try:
        name, content = sized(file)
    except BadInput:
        return None
    return read_apart(by, at, item, slot, name, content)


@action("paper.brought", roles=(), prepare=_read_upload)
def bring_paper(*, by: By, at: datetime, item: UUID, slot: str, file: Upload, prepared: Read | Reason | None) -> Done:
    """Bring a file to an item. It is read at once: what is malformed, of another account or month, or does not foot is refused with its line."""
    name, content = sized(file)
    work = open_item(item)
    kind = _slot(work, slot)
    may_bring(by, at, work, _step(work, slot))
    not_accepted(work)
    return take_in(by, at, work, kind, name, content, prepared)


@action("paper.taken_back", roles=())
def take_back_paper(*, by: By, at: datetime, paper: UUID) -> Done:
    """Take a file off an item; the record keeps that it was there."""
    brought = ItemFile.objects.filter(id=paper, superseded_at=None).first()
    if brought is None:
        raise NotFound(paper)
    work = open_item(brought.item_id)
    may_bring(by, at, work, _step(work, brought.slot))
    not_accepted(work)
    ItemFile.objects.filter(id=paper).update(superseded_at=at)
    return decide(by, at, "paper.taken_back", brought, within=work.period.within())


@action("mapping.kept", roles=())
def keep_mapping(*, by: By, at: datetime, item: UUID, slot: str, columns: dict[str, str]) -> Done:
    """Say which column holds which field of a slot's files; it is kept for the entity and used from now on."""
    work = open_item(item)
    kind = _slot(work, slot)
    may_bring(by, at, work, _step(work, slot))
    known = {question.code for question in kind.columns}
    if unknown := next((code for code in columns if code not in known), None):
        raise NotFound(unknown)
    entity = work.period.entity
    kept = dict(entity.answers.get(f"{slot}_mapping") or {}) | {"columns": {code: column for code, column in columns.items() if column}}
    entity.answers = entity.answers | {f"{slot}_mapping": kept}
    entity.save(update_fields=["answers"])
    return decide(by, at, "mapping.kept", work, within=work.period.within())


def sized(file: Upload) -> tuple[str, bytes]:
    """(name, bytes) of what came in; refuses what is empty or too large before anything looks at it. A name is its last part, in characters that print."""
    last = file.name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in last if letter.isprintable()).strip()[:200] or "file"
    if not file.content:
        raise BadInput(file=EMPTY(file=name))
    if len(file.content) > files.MOST_BYTES:
        raise BadInput(file=TOO_LARGE(file=name, most=files.MOST_BYTES // 2**20))
    return name, bytes(file.content)


def take_in(by: By, at: datetime, work: WorkItem, kind: Slot, name: str, content: bytes, got: Read | Reason | None) -> Done:
    """Keep a file that was read for a slot; BadInput with every error and its line where it does not belong, Stale where it was read for something else."""
    if isinstance(got, Reason):
        raise BadInput(file=got)
    if got is None or got.source != Source.of(work, kind.code, delivery.sha256(content), name):
        raise Stale
    line = cases.line_of(work)
    case = cases.case_of(work, at.date())
    found = (*got.found, *(kind.fits(got.value, case) if got.value is not None else ()))
    errors = [finding for finding in found if line.rule(finding.code).severity == "error"]
    if got.value is None or errors:
        raise BadInput({"file": delivery.refusals(found, line, name)})
    stored = files.put(work.audience_id, name, content, at)
    there = ItemFile.objects.filter(item=work, slot=kind.code, superseded_at=None)
    if kind.most == 1:
        there.update(superseded_at=at)
    else:
        there.filter(name=name).update(superseded_at=at)
        if there.count() >= kind.most:
            raise Refuse(TAKEN_OUT(slot=kind.says, most=kind.most), about=work)
    brought = ItemFile.objects.create(
        audience_id=work.audience_id,
        item=work,
        slot=kind.code,
        file=stored,
        name=name,
        findings=cases.rows_of(found, line),
        brought_by=by.user,
        brought_by_name=by.name,
        brought_at=at,
    )
    evidence = (EvidenceFile(name=name, sha256=stored.sha256, media_type=stored.media_type),)
    return decide(by, at, "paper.brought", brought, within=work.period.within(), files=evidence)


def _slot(work: WorkItem, code: str) -> Slot:
    found = next((each for each in cases.line_of(work).slots if each.code == code), None)
    if found is None:
        raise NotFound(code)
    return found


def _step(work: WorkItem, slot: str) -> Step:
    """The step that uses files of this slot."""
    return next(step for step in cases.line_of(work).steps if slot in step.slots)
