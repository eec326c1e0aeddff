"""The verbs of taking over: bring the files, take the relations over; and import people alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from annotated_types import Len

from remit.apps.agreements import taking_over
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Upload, action, decide, own_audience
from remit.apps.organizations.models import Organization
from remit.apps.people import importing
from remit.apps.records import files, log
from remit.apps.records.context import By
from remit.apps.records.keys import uuid7
from remit.apps.records.models import File
from remit.apps.work.models import TakeoverDraft
from remit.apps.work.takeover import months, reading
from remit.apps.work.takeover.known import engagements_by_client, known
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import EvidenceFile
from remit.domain.takeover import Plan, plain

DONE_BEFORE = Sentence("takeover.done_before", N_("These files were taken over already. Bring them again to see what would change now."))
NOTHING = Sentence("takeover.nothing", N_("All that the files say is here already: there is nothing to take over."))
PEOPLE_ALONE = Sentence("takeover.people_alone", N_("{file} is no sheet of people."))
BRINGERS = ("administrator",)


def _read_uploads(*, by: By, at: datetime, files: list[Upload], adds_to: UUID | None = None) -> reading.Read:
    return reading.read_all(files)


@action("takeover.brought", roles=BRINGERS, prepare=_read_uploads)
def bring_takeover(
    *, by: By, at: datetime, files: Annotated[list[Upload], Len(1, reading.MOST_FILES)], adds_to: UUID | None = None, prepared: reading.Read
) -> Done:
    """Bring the contracts and sheets of running relations. They are read and kept for the organization alone; nothing is made of them yet.

    `adds_to`: what was brought before, whose files stay unless one of the same name or sheet is brought now.
    """
    own = own_audience(by, at)
    earlier = TakeoverDraft.objects.filter(id=adds_to, organization=by.organization).first() if adds_to else None
    if adds_to and earlier is None:
        raise NotFound(adds_to)
    stored, evidence = _store(own, files, at)
    brought = reading.together(reading.of_kept(earlier.brought), prepared) if earlier else prepared
    sheets = {each.name: each.sheet for each in brought.sheets}
    rows = [{"name": name, "sha256": file.sha256, "file": str(file.id), "sheet": sheets.get(name, "")} for name, file in stored]
    if earlier:
        there = set(sheets) | {each.name for each in brought.contracts}
        rows += [row for row in earlier.files if row["name"] in there and row["name"] not in {new["name"] for new in rows}]
    draft = TakeoverDraft(organization_id=by.organization, files=rows, brought=reading.kept(brought), brought_by_name=by.name, brought_at=at)
    draft.save()
    return decide(by, at, "takeover.brought", draft, audiences=[own], files=evidence)


@action("takeover.carried_out", roles=BRINGERS)
def take_over(*, by: By, at: datetime, takeover: UUID) -> Done:
    """Take over what the files say: people, clients, agreements, engagements and their open months, all or nothing."""
    draft = TakeoverDraft.objects.select_for_update().filter(id=takeover, organization=by.organization).first()
    if draft is None:
        raise NotFound(takeover)
    own = own_audience(by, at)
    if draft.carried_out_at is not None:
        raise Refuse(DONE_BEFORE(), about=draft, audience=own)
    _one_at_a_time(by)
    brought = reading.of_kept(draft.brought)
    plan = reading.planned(brought, known(by, at, brought))
    if plan.errors:
        raise reading.faults(plan)
    if plan.changes_nothing:
        raise Refuse(NOTHING(), about=draft, audience=own)
    _carry_out(by, at, own, plan, draft)
    draft.carried_out_at = at
    draft.save(update_fields=["carried_out_at"])
    evidence = tuple(EvidenceFile(name=row["name"], sha256=row["sha256"]) for row in draft.files)
    return decide(by, at, "takeover.carried_out", draft, audiences=[own], files=evidence)


def _read_one(*, by: By, at: datetime, file: Upload) -> reading.Read:
    return reading.read_all([file])


@action("people.imported", roles=("administrator",), prepare=_read_one)
def import_people(*, by: By, at: datetime, file: Upload, prepared: reading.Read) -> Done:
    """Add and change people as a sheet says: what is the same stays, and nothing is kept where a cell is wrong."""
    if any(each.sheet not in ("", "people") for each in prepared.sheets) or prepared.contracts:
        raise BadInput(file=PEOPLE_ALONE(file=file.name))
    _one_at_a_time(by)
    plan = reading.planned(prepared, known(by, at, prepared))
    if plan.errors:
        raise reading.faults(plan)
    own = own_audience(by, at)
    if plan.changes_nothing:
        raise Refuse(NOTHING(), audience=own)
    _stored, evidence = _store(own, [file], at)
    done = importing.carry_out(by, at, own, plan, engagements_by_client(by))
    log.append_all(by, at, done.entries)
    return decide(by, at, "people.imported", Organization.objects.get(pk=by.organization), audiences=[own], files=evidence)


def _one_at_a_time(by: By) -> None:
    """Whoever waited here works the plan out over what the other made: the same files brought twice give one set of rows."""
    Organization.objects.select_for_update().get(pk=by.organization)


def _store(own: UUID, uploads: Iterable[Upload], at: datetime) -> tuple[list[tuple[str, File]], tuple[EvidenceFile, ...]]:
    stored = [(upload.name, files.put(own, upload.name, upload.content[: files.MOST_BYTES + 1], at)) for upload in uploads]
    return stored, tuple(EvidenceFile(name=name, sha256=file.sha256, media_type=file.media_type) for name, file in stored)


def _carry_out(by: By, at: datetime, own: UUID, plan: Plan, draft: TakeoverDraft) -> None:
    new = [each for each in plan.engagements if each.state == "new"]
    keys = {(plain(each.client), each.service): uuid7() for each in new}
    running = engagements_by_client(by)
    for (client, _service), key in keys.items():
        running.setdefault(client, []).append(key)
    imported = importing.carry_out(by, at, own, plan, running)
    log.append_all(by, at, imported.entries)
    if not new:
        return
    everybody = {plain(each.name): each.key for each in importing.known_people(by, at)} | imported.people
    clients, registered = taking_over.register_clients(by, at, plan)
    taken = taking_over.take_over(by, at, new, clients, keys, _contracts(draft, {each.contract for each in new}), everybody)
    months.open_months(by, at, plan, taken, everybody)
    log.append_all(by, at, [*registered, *taken.entries])


def _contracts(draft: TakeoverDraft, names: set[str]) -> dict[str, bytes]:
    rows = {row["name"]: row["file"] for row in draft.files if row["name"] in names}
    stored = File.objects.in_bulk([UUID(key) for key in rows.values()])
    return {name: files.read(stored[UUID(key)]) for name, key in rows.items()}
