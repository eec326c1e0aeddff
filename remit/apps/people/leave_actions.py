"""The verbs of leave: enter one's own, withdraw it, bring a calendar or sheet, take it in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import MaxLen
from psycopg.types.range import TimestamptzRange

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Upload, action, decide, own_audience
from remit.apps.organizations.models import Organization
from remit.apps.organizations.roles import missing
from remit.apps.people import leave
from remit.apps.people.models import Absence, AbsenceWithdrawal, LeaveDraft, Person
from remit.apps.records import log
from remit.apps.records.context import By
from remit.domain.plain import from_plain, to_plain
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import EvidenceFile
from remit.formats.leave import Brought

NO_PERSON = Sentence("leave.no_person", N_("{name} is nobody of the organization's people, so no leave can be theirs."))
WHEN = Sentence("leave.when", N_("Give the first day away, or from when until when."))
ORDER = Sentence("leave.ends_first", N_("It would end before it begins."))
LONG = Sentence("leave.too_long_here", N_("Leave is entered for 400 days at most."))
THERE = Sentence("leave.there", N_("{person} is away then already."))
WITHDRAWN = Sentence("leave.withdrawn", N_("It was withdrawn already."))
TAKEN = Sentence("leave.taken", N_("This file was taken in already. Bring it again to see what is new."))
NOTHING_NEW = Sentence("leave.nothing_new", N_("All of it is here already: there is nothing to take in."))
OTHERWISE = N_("The calendar says otherwise")
Kind = Literal["holiday", "sick", "family", "training", "other"]
MOST = timedelta(days=400)


@action("leave.entered", roles=())
def enter_leave(
    *,
    by: By,
    at: datetime,
    begins_on: date | None = None,
    last_on: date | None = None,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    kind: Kind = "holiday",
    note: Annotated[str, MaxLen(300)] = "",
    person: UUID | None = None,
) -> Done:
    """Say when you are away: whole days, the last one included, or hours. A manager says it for others. It keeps you from being booked."""
    who = _whose(by, at, person)
    clock = leave.zones(by, [who], at.date())[who.id]
    days: tuple[date | None, date | None] = (None, None)
    if begins_on is not None:
        last = last_on or begins_on
        if last < begins_on:
            raise BadInput(last_on=ORDER())
        if last - begins_on >= MOST:
            raise BadInput(last_on=LONG())
        during, days = leave.whole_days(begins_on, last + timedelta(1), clock), (begins_on, last + timedelta(1))
    elif begins_at is not None and ends_at is not None:
        if ends_at <= begins_at:
            raise BadInput(ends_at=ORDER())
        if ends_at - begins_at >= MOST:
            raise BadInput(ends_at=LONG())
        during = TimestamptzRange(begins_at, ends_at)
    else:
        raise BadInput(begins_on=WHEN())
    if leave.standing(Absence.objects.filter(person=who, organization=by.organization, during__contains=during)).exists():
        raise BadInput(begins_on=THERE(person=who.name))
    made = _absence(by, at, who, during, days, kind, note, "form", "")
    made.save()
    return decide(by, at, "leave.entered", made, audiences=[own_audience(by, at)], private=_private(made))


@action("leave.withdrawn", roles=())
def withdraw_leave(*, by: By, at: datetime, absence: UUID, reason: Annotated[str, MaxLen(300)] = "") -> Done:
    """Withdraw leave, one's own or as a manager another's; it stays on file and does not hold any more."""
    found = Absence.objects.select_related("person").filter(id=absence, organization=by.organization).first()
    if found is None:
        raise NotFound(absence)
    _whose(by, at, found.person_id)
    # The person's row is locked, so that two clicks withdraw it once.
    Person.objects.select_for_update(no_key=True).filter(id=found.person_id).first()
    if AbsenceWithdrawal.objects.filter(absence=found).exists():
        raise Refuse(WITHDRAWN(), about=found, audience=own_audience(by, at))
    made = AbsenceWithdrawal.objects.create(
        organization_id=by.organization, absence=found, reason=reason, withdrawn_by=by.user, withdrawn_by_name=by.name, withdrawn_at=at
    )
    return decide(by, at, "leave.withdrawn", made, audiences=[own_audience(by, at)], private=_private(found))


def _read(*, by: By, at: datetime, file: Upload) -> Brought:
    return leave.read_upload(file, at)


@action("leave.brought", roles=leave.KEEPERS, prepare=_read)
def bring_leave(*, by: By, at: datetime, file: Upload, prepared: Brought) -> Done:
    """Bring a calendar (iCalendar) or a sheet (CSV, XLSX) of leave. It is read, a month back and a year and a half ahead; nothing is entered yet."""
    own = own_audience(by, at)
    draft = LeaveDraft(
        organization_id=by.organization, name=file.name, sha256=prepared.sha256, brought=to_plain(prepared), brought_by_name=by.name, brought_at=at
    )
    draft.save()
    return decide(by, at, "leave.brought", draft, audiences=[own], files=(EvidenceFile(name=file.name, sha256=prepared.sha256),))


@action("leave.imported", roles=leave.KEEPERS)
def import_leave(*, by: By, at: datetime, draft: UUID, person: UUID | None = None) -> Done:
    """Take in leave that was brought, all or nothing. What is here already is known; what a calendar says no longer is withdrawn.

    `person`: all of it is theirs, as of a calendar of their own.
    """
    own = own_audience(by, at)
    # One at a time: whoever waited here works the plan out over what the other entered.
    Organization.objects.select_for_update().get(pk=by.organization)
    found = LeaveDraft.objects.filter(id=draft, organization=by.organization).first()
    if found is None:
        raise NotFound(draft)
    if found.taken_at is not None:
        raise Refuse(TAKEN(), about=found, audience=own)
    if person is not None and not leave.employed(by, at).filter(id=person).exists():
        raise NotFound(person)
    plan = leave.plan(by, at, from_plain(Brought, found.brought), person)
    if plan.errors:
        raise leave.faults(plan)
    if not plan.new and not plan.gone:
        raise Refuse(NOTHING_NEW(), about=found, audience=own)
    source = "calendar" if found.brought.get("form") == "calendar" else "sheet"
    new = sorted(plan.new, key=lambda each: (str(each.person.id), each.row.line))
    rows = [
        _absence(by, at, each.person, each.during, (each.row.begins_on, each.row.ends_on), each.row.kind, each.row.note, source, each.row.uid) for each in new
    ]
    Absence.objects.bulk_create(rows)
    gone = [
        AbsenceWithdrawal(organization_id=by.organization, absence=row, reason=OTHERWISE, withdrawn_by=by.user, withdrawn_by_name=by.name, withdrawn_at=at)
        for row in plan.gone
    ]
    AbsenceWithdrawal.objects.bulk_create(gone)
    log.append_all(by, at, [{"audience": own, "kind": "leave.entered", "about": row, "private": _private(row)} for row in rows])
    log.append_all(by, at, [{"audience": own, "kind": "leave.withdrawn", "about": row, "private": _private(row.absence)} for row in gone])
    found.taken_at = at
    found.save(update_fields=["taken_at"])
    return decide(by, at, "leave.imported", found, audiences=[own], files=(EvidenceFile(name=found.name, sha256=found.sha256),))


def _whose(by: By, at: datetime, person: UUID | None) -> Person:
    """One's own, or as a keeper of people somebody else's."""
    key = person or by.person
    if key is None:
        raise Refuse(NO_PERSON(name=by.name), audience=own_audience(by, at))
    if key != by.person and not leave.keeps_leave(by, at):
        raise Refuse(missing(by, leave.KEEPERS), audience=own_audience(by, at))
    found = leave.employed(by, at).filter(id=key).first()
    if found is None:
        raise NotFound(key)
    return found


def _absence(
    by: By,
    at: datetime,
    who: Person,
    during: TimestamptzRange,
    days: tuple[date | None, date | None],
    kind: str,
    note: str,
    source: str,
    uid: str,
) -> Absence:
    return Absence(
        organization_id=by.organization,
        person=who,
        during=during,
        begins_on=days[0],
        ends_on=days[1],
        kind=kind,
        note=note.strip(),
        source=source,
        source_uid=uid,
        entered_by=by.user,
        entered_by_name=by.name,
        entered_at=at,
    )


def _private(row: Absence) -> dict[str, str]:
    """Whose and when; of what kind it is stands in no entry."""
    return {"person": row.person.name, "time": f"{row.during.lower:%Y-%m-%d} – {row.during.upper:%Y-%m-%d}"}
