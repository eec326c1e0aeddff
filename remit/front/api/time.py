"""Reading time and leave: entries of items, one's timer, the plan of an export; who is away."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.organizations.acting import NotFound
from remit.apps.people import leave
from remit.apps.people.models import LeaveDraft
from remit.apps.work import time_plan, timesheets, timing
from remit.apps.work.actions.time_import import brought_of
from remit.apps.work.models import TimeDraft, TimeEntry, WorkItem
from remit.domain.plain import from_plain
from remit.formats.leave import Brought
from remit.formats.words import Words
from remit.front.api.reading import read, reads

MOST = 2_000


class TimeOut(Schema):
    """An entry that counts. `invoice` is set once it is billed, `unbilled_why` where it is not to be."""

    id: UUID
    item: str
    person: str
    level: int
    step: str
    done_on: date
    minutes: int
    begins_at: datetime | None
    ends_at: datetime | None
    note: str
    source: str
    unbilled_why: str
    invoice: str


class TimerOut(Schema):
    """One's timer; after 12 hours it is `forgotten`, and stopping it asks when."""

    item: str
    started_at: datetime
    minutes: int
    forgotten: bool
    note: str


class ProblemOut(Schema):
    """What is wrong, where."""

    line: int | None
    column: str
    code: str
    says: str
    is_error: bool


class TimePlanOut(Schema):
    """What taking in an export would enter."""

    id: UUID
    reference: str
    name: str
    taken_at: datetime | None
    new: int
    known: int
    faulty: int
    minutes: int
    unmapped: list[str]
    problems: list[ProblemOut]


class AbsenceOut(Schema):
    """Who is away when; `kind` and `note` are empty unless it is one's own leave or one manages the people."""

    id: UUID
    person: str
    begins_at: datetime
    ends_at: datetime
    begins_on: date | None
    ends_on: date | None
    kind: str
    note: str


class LeavePlanOut(Schema):
    """What taking in a calendar or sheet would enter and withdraw."""

    id: UUID
    reference: str
    name: str
    taken_at: datetime | None
    new: int
    known: int
    gone: int
    problems: list[ProblemOut]


@reads.get("/items/{reference}/time", response=list[TimeOut], operation_id="item_time")
@read
def item_time(request: HttpRequest, organization: Path[str], reference: Path[str]) -> list[TimeOut]:
    """Time of an item, the newest first; the client reads what was agreed to be shown."""
    item = WorkItem.objects.select_related("engagement__agreement").filter(reference=reference).first()
    if item is None:
        raise NotFound(reference)
    is_provider = request.by.organization == item.engagement.provider_id  # type: ignore[attr-defined]
    return [time_out(row) for row in timing.of_item(item, "provider" if is_provider else "client").entries]


@reads.get("/time", response=list[TimeOut], operation_id="time")
@read
def time(request: HttpRequest, organization: Path[str], begins_on: date | None = None, ends_on: date | None = None, everyone: bool = False) -> list[TimeOut]:
    """One's own time of the days from `begins_on` (this Monday) until before `ends_on` (a week later); with `everyone`, for managers, everybody's."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    begins_on = begins_on or timesheets.monday("", at.date())
    ends_on = ends_on or min(begins_on, date(9999, 1, 1)) + timedelta(timesheets.DAYS)
    rows = TimeEntry.objects.filter(organization=by.organization, done_on__gte=begins_on, done_on__lt=ends_on)
    if not (everyone and leave.sees_kinds(by, at)):
        rows = rows.filter(person=by.person)
    return [time_out(row) for row in timing.standing(rows).select_related("item", "billed").order_by("done_on", "id")[:MOST]]


@reads.get("/timer", response=list[TimerOut], operation_id="timer")
@read
def timer(request: HttpRequest, organization: Path[str]) -> list[TimerOut]:
    """One's timer; an empty list where none runs here."""
    shown = timing.shown_timer(request.by, request.at)  # type: ignore[attr-defined]
    running = shown["timer"]
    if running is None:
        return []
    return [
        TimerOut(item=running.item.reference, started_at=running.started_at, minutes=shown["timer_min"], forgotten=shown["timer_forgotten"], note=running.note)
    ]


@reads.get("/time-exports/{reference}", response=TimePlanOut, operation_id="time_export")
@read
def time_export(request: HttpRequest, organization: Path[str], reference: Path[str]) -> TimePlanOut:
    """What taking in an export that was brought would enter, with every problem at its line and column."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    draft = TimeDraft.objects.filter(reference=reference, organization=by.organization).first()
    if draft is None:
        raise NotFound(reference)
    plan = time_plan.plan(by, at, brought_of(draft), draft.zone)
    return TimePlanOut(
        id=draft.id,
        reference=draft.reference,
        name=draft.name,
        taken_at=draft.taken_at,
        unmapped=[name for name, _key, _count in plan.unmapped],
        problems=[_problem(each) for each in plan.problems],
        **plan.counts,
    )


@reads.get("/leave", response=list[AbsenceOut], operation_id="leave")
@read
def absences(request: HttpRequest, organization: Path[str]) -> list[AbsenceOut]:
    """Absences that hold and are not over."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    sees = leave.sees_kinds(by, at)
    return [
        AbsenceOut(
            id=row.id,
            person=row.person.name,
            begins_at=row.during.lower,
            ends_at=row.during.upper,
            begins_on=row.begins_on,
            ends_on=row.ends_on,
            kind=row.kind if sees or row.person_id == by.person else "",
            note=row.note if sees or row.person_id == by.person else "",
        )
        for row in leave.upcoming(by, at)
    ]


@reads.get("/leave-files/{reference}", response=LeavePlanOut, operation_id="leave_file")
@read
def leave_file(request: HttpRequest, organization: Path[str], reference: Path[str], person: UUID | None = None) -> LeavePlanOut:
    """What taking in a calendar or sheet that was brought would enter and withdraw; `person`: all of it is theirs."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    draft = LeaveDraft.objects.filter(reference=reference, organization=by.organization).first()
    if draft is None or not leave.keeps_leave(by, at):
        raise NotFound(reference)
    plan = leave.plan(by, at, from_plain(Brought, draft.brought), person)
    return LeavePlanOut(
        id=draft.id,
        reference=draft.reference,
        name=draft.name,
        taken_at=draft.taken_at,
        new=len(plan.new),
        known=len(plan.rows) - len(plan.new),
        gone=len(plan.gone),
        problems=[_problem(each) for each in plan.problems],
    )


def _problem(each: time_plan.Problem | leave.Problem) -> ProblemOut:
    return ProblemOut(line=each.line, column=each.column, code=each.reason.code, says=Words("en").reason(each.reason), is_error=each.is_error)


def time_out(row: TimeEntry) -> TimeOut:
    """An entry as it is read over the API and by the command."""
    billed = getattr(row, "billed", None)
    return TimeOut(
        id=row.id,
        item=row.item.reference,
        person=row.person_name,
        level=row.level,
        step=row.step,
        done_on=row.done_on,
        minutes=row.minutes,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        note=row.note,
        source=row.source,
        unbilled_why=row.unbilled_why,
        invoice=billed.number if billed is not None else "",
    )
