"""The verbs of time that other tools measured: bring an export, say which work is meant, take it in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from annotated_types import Len, MaxLen
from django.db import IntegrityError, transaction

from remit.apps.agreements.time_terms import time_terms
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Upload, action, decide, own_audience
from remit.apps.organizations.models import Organization
from remit.apps.records import files, log
from remit.apps.records.context import By
from remit.apps.work import time_plan, timing
from remit.apps.work.loading import open_item
from remit.apps.work.models import TimeDraft, TimeEntry, TimeMapping, WorkItem
from remit.domain.calendars import zone_names
from remit.domain.plain import from_plain, to_plain
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import EvidenceFile
from remit.formats.durations import clock
from remit.formats.timesheets import Brought
from remit.formats.timesheets.read import Dates

NO_ZONE = Sentence("time.no_zone", N_("“{zone}” is no time zone. Name one such as Europe/Sofia."))
TAKEN = Sentence("time.taken", N_("This export was taken in already. Bring it again to see what is new."))
NOTHING_NEW = Sentence("time.nothing_new", N_("All of it is here already: there is nothing to take in."))
BROUGHT_FROM = Sentence("time.brought_from", N_("Brought from {file}"))
MEANWHILE = Sentence("time.meanwhile", N_("Something of it was entered in the meantime. Look at it again."))


def _read(*, by: By, at: datetime, file: Upload, zone: str, dates: Dates = "") -> Brought:
    return time_plan.read_upload(file, dates)


@action("time.brought", roles=(), prepare=_read)
def bring_time(*, by: By, at: datetime, file: Upload, zone: Annotated[str, MaxLen(60)], dates: Dates = "", prepared: Brought) -> Done:
    """Bring an export of a time tool (Toggl, Clockify, Harvest, Kimai, Tempo, or our sheet). It is read and kept; nothing is entered yet.

    `zone`: on whose clock the tool wrote its times. `dates`: day_first or month_first, where the file itself does not tell.
    """
    if zone not in zone_names():
        raise BadInput(zone=NO_ZONE(zone=zone))
    own = own_audience(by, at)
    kept = files.put(own, file.name, file.content, at)
    draft = TimeDraft(
        organization_id=by.organization,
        membership_id=by.reader,
        name=file.name,
        file=kept,
        zone=zone,
        brought=to_plain(prepared),
        brought_by_name=by.name,
        brought_at=at,
    )
    draft.save()
    return decide(by, at, "time.brought", draft, audiences=[own], files=(EvidenceFile(name=file.name, sha256=kept.sha256, media_type=kept.media_type),))


@action("time.mapped", roles=())
def map_time(*, by: By, at: datetime, called: Annotated[str, Len(1, 300)], item: UUID) -> Done:
    """Say which work is meant by what a time tool calls it (client / project / task): that of this item, month after month. Kept for the organization."""
    work = WorkItem.objects.select_related("engagement", "period").filter(id=item, engagement__provider=by.organization).first()
    if work is None:
        raise NotFound(item)
    Organization.objects.select_for_update().get(pk=by.organization)
    name = time_plan.compared(called)
    TimeMapping.objects.filter(organization=by.organization, called=name).delete()
    made = TimeMapping.objects.create(
        organization_id=by.organization,
        called=name,
        engagement_id=work.engagement_id,
        entity_id=work.period.entity_id,
        service=work.service,
        task=work.task,
        kept_by_name=by.name,
        kept_at=at,
    )
    return decide(by, at, "time.mapped", made, audiences=[own_audience(by, at)])


@action("time.imported", roles=())
def import_time(*, by: By, at: datetime, draft: UUID) -> Done:
    """Take in an export that was brought: all of its new rows or none. Rows that were taken in before are known again."""
    own = own_audience(by, at)
    # One at a time: whoever waited here works the plan out over what the other entered.
    Organization.objects.select_for_update().get(pk=by.organization)
    found = draft_of(by, draft)
    if found.taken_at is not None:
        raise Refuse(TAKEN(), about=found, audience=own)
    plan = time_plan.plan(by, at, brought_of(found), found.zone)
    if plan.errors:
        raise time_plan.faults(plan)
    if not plan.new:
        raise Refuse(NOTHING_NEW(), about=found, audience=own)
    for key in sorted({each.item.id for each in plan.new if each.item is not None}):
        open_item(key)
    _enter(by, at, own, plan, found)
    found.taken_at = at
    found.save(update_fields=["taken_at"])
    return decide(by, at, "time.imported", found, audiences=[own], files=(EvidenceFile(name=found.name, sha256=found.file.sha256),))


def draft_of(by: By, key: UUID) -> TimeDraft:
    """What the acting member's organization brought; a member's own where they are scoped."""
    found = TimeDraft.objects.select_related("file").filter(id=key, organization=by.organization).first()
    if found is None:
        raise NotFound(key)
    return found


def brought_of(draft: TimeDraft) -> Brought:
    """As it was read."""
    return from_plain(Brought, draft.brought)


def _enter(by: By, at: datetime, own: UUID, plan: time_plan.Plan, draft: TimeDraft) -> None:
    why = f"{BROUGHT_FROM.says.format(file=draft.name)}"[:300]
    new = sorted(plan.new, key=lambda each: (str(each.person.id) if each.person else "", each.row.line))
    rows = [_entry(by, at, each, why) for each in new]
    try:
        with transaction.atomic():
            TimeEntry.objects.bulk_create(rows)
    except IntegrityError as broken:
        # What the plan could not see: the person works elsewhere then too.
        raise Refuse(MEANWHILE(), about=draft, audience=own) from broken
    log.append_all(by, at, [_told(own, row) for row in rows])


def _entry(by: By, at: datetime, each: time_plan.Planned, why: str) -> TimeEntry:
    assert each.person is not None
    assert each.item is not None
    assert each.step is not None
    assert each.done_on is not None
    return TimeEntry(
        audience_id=each.item.audience_id,
        item=each.item,
        person=each.person,
        person_name=each.person.name,
        organization_id=by.organization,
        step=each.step.code,
        level=each.level,
        done_on=each.done_on,
        minutes=each.row.minutes,
        begins_at=each.begins_at,
        ends_at=each.ends_at,
        note=each.row.note,
        source="import",
        source_key=each.row.key,
        why="" if each.person.id == by.person else why,
        unbilled_why=each.row.unbilled or timing.unbilled_by_default(each.item),
        entered_by=by.user,
        entered_by_name=by.name,
        entered_at=at,
    )


def _told(own: UUID, row: TimeEntry) -> dict[str, Any]:
    hidden = time_terms(row.item.engagement.agreement).shown == "none"
    private = {"person": row.person_name, "time": f"{clock(row.minutes)} {row.done_on.isoformat()}", "note": row.note, "reason": row.why}
    where = {"audience": own} if hidden else {"audience": row.audience_id, "within": row.item.period.within()}
    return {"kind": "time.entered", "about": row, "private": private, **where}
