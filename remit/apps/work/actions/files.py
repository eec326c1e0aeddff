"""The verbs of files: open one, which the record keeps; keep one as a first item, and use it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Upload, action, decide, own_audience
from remit.apps.organizations.may import May
from remit.apps.organizations.roles import missing
from remit.apps.records import files
from remit.apps.records.context import By, reading
from remit.apps.work import cases, kept, needs, readers
from remit.apps.work.actions.papers import read_apart, sized, take_in
from remit.apps.work.loading import may_bring, open_item
from remit.apps.work.models import KeptFile
from remit.apps.work.opening import opened
from remit.apps.work.papers import Read, look
from remit.apps.work.places import of_item
from remit.domain.gate import Act
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.record.decision import EvidenceFile

USED = Sentence("kept.used", N_("{file} was used already."))
NOT_WHOLE = Sentence("kept.not_whole", N_("What is kept before there is work belongs to the whole organization, and {name} may act for a part of it only."))
BRING = Sentence("kept.bring", N_("Bring the file to the item that it belongs to."))
READERS = ("manager", "administrator", "signatory", "biller")
"""Who of a provider reads its clients' files without being a person whom the gate knows."""


@action("file.opened", roles=())
def open_file(*, by: By, at: datetime, file: UUID) -> Done:
    """Look into a file of an item, a deliverable or a pack; the look is in the record before the bytes go out. `file` is the key of the row that names it."""
    found = opened(file)
    if found is None:
        raise NotFound(file)
    if not found.is_open and (why := readers.against(by, found.item, found.step, found.made)):
        raise Refuse(why, about=found.item)
    if by.organization == found.item.engagement.provider_id:
        if by.person is not None:
            needs.must_pass(by.person, found.item, found.step, at, Act.READ)
        elif not May(by, at).reaches(READERS, of_item(found.item)):
            raise Refuse(missing(by, READERS), about=found.item)
    evidence = (EvidenceFile(name=found.name, sha256=found.file.sha256, media_type=found.file.media_type),)
    return decide(by, at, "file.opened", found.row, files=evidence, audiences=[found.file.audience_id])


def _look(*, by: By, at: datetime, file: Upload, kind: str) -> kept.Seen | None:
    try:
        name, content = sized(file)
    except BadInput:
        return None
    return look(kind, name, content)


@action("file.kept", roles=(), prepare=_look)
def keep_file(*, by: By, at: datetime, file: Upload, kind: Literal["statement", "pack", "invoice"], prepared: kept.Seen | None) -> Done:
    """Keep a file as a first item: stored for the organization alone, with what its reader finds, until there is work that it belongs to."""
    if by.scoped:
        raise Refuse(NOT_WHOLE(name=by.name, cure=BRING()))
    name, content = sized(file)
    audience = own_audience(by, at)
    stored = files.put(audience, name, content, at)
    assert prepared is not None
    facts, findings = prepared
    row = KeptFile(organization_id=by.organization, file=stored, name=name, kind=kind, facts=facts, findings=findings, kept_by_name=by.name, kept_at=at)
    row.save()
    evidence = (EvidenceFile(name=name, sha256=stored.sha256, media_type=stored.media_type),)
    return decide(by, at, "file.kept", row, audiences=[audience], files=evidence)


def _read_kept(*, by: By, at: datetime, kept_file: UUID, item: UUID, slot: str) -> Read | Reason | None:
    with reading(by, at):
        row = KeptFile.objects.select_related("file").filter(id=kept_file, organization=by.organization, used_at=None).first()
        content = files.read(row.file) if row else b""
    return read_apart(by, at, item, slot, row.name, content) if row else None


@action("file.used", roles=(), prepare=_read_kept)
def use_kept_file(*, by: By, at: datetime, kept_file: UUID, item: UUID, slot: str, prepared: Read | Reason | None) -> Done:
    """Bring a kept file to an item, where it is read again as that item's own; a file that does not belong there is refused and stays kept."""
    row = KeptFile.objects.select_for_update(of=("self",)).select_related("file").filter(id=kept_file, organization=by.organization).first()
    if row is None:
        raise NotFound(kept_file)
    if row.used_at is not None:
        raise BadInput(kept_file=USED(file=row.name))
    work = open_item(item)
    line = cases.line_of(work)
    wanted = next((each for each in line.slots if each.code == slot), None)
    if wanted is None:
        raise NotFound(slot)
    may_bring(by, at, work, next(step for step in line.steps if slot in step.slots))
    content = files.read(row.file)
    done = take_in(by, at, work, wanted, row.name, content, prepared)
    row.used_for, row.used_at = work, at
    row.save(update_fields=["used_for", "used_at"])
    decide(by, at, "file.used", row, audiences=[own_audience(by, at)])
    return done
