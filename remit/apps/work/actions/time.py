"""The verbs of time: start, stop and discard the timer; enter time by hand, correct it, withdraw it, fill in a week."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, NoReturn
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from django.db import DatabaseError, IntegrityError, transaction
from pydantic import BaseModel

from remit.apps.agreements.time_terms import time_terms
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.organizations.roles import lacks
from remit.apps.people import gate as people_gate
from remit.apps.people.models import Person
from remit.apps.records.context import By
from remit.apps.work import cases, needs, timing
from remit.apps.work.loading import open_item, step_of
from remit.apps.work.models import Assignment, TimeEntry, Timer, TimeWithdrawal, WorkItem
from remit.domain.calendars import zone
from remit.domain.gate import Verdict
from remit.domain.line import Step
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.timekeeping import DAY_MIN, floored, minutes_between
from remit.formats.durations import clock

NOT_PROVIDER = Sentence("time.provider", N_("Only the provider enters time on its work."))
NO_PERSON = Sentence("time.no_person", N_("{name} is nobody of the organization's people, so no time can be theirs."))
NOT_ON = Sentence("time.not_assigned", N_("{person} was on no step of {item} on {on}. Only who is assigned enters time."))
ASSIGN = Sentence("time.assign", N_("Have a manager assign them, or enter it for them with a reason."))
WHY_NEEDED = Sentence("time.why", N_("Who enters or changes somebody else's time says why."))
NOT_PLACED = Sentence("time.not_placed", N_("{person} did not work here on {on}: no level is on file for that day."))
FUTURE = Sentence("time.future", N_("It lies in the future."))
BEFORE = Sentence("time.before", N_("It lies before the engagement began on {on}."))
ORDER = Sentence("time.order", N_("It would end before it begins."))
BOTH_ENDS = Sentence("time.both_ends", N_("A span has a beginning and an end; else give the day and the minutes."))
EMPTY = Sentence("time.empty", N_("Give the minutes of a day, or from when until when."))
SHORT = Sentence("time.short", N_("That is less than a minute. Discard it, or let it run on."))
LONG = Sentence("time.long", N_("A span is a day at most: enter it in parts."))
OVERLAP = Sentence("time.overlap", N_("{person} has time from {begins_at} to {ends_at} on {item} already: nobody is in two places."))
ELSEWHERE = Sentence("time.elsewhere", N_("{person} is somewhere else at that time: nobody is in two places."))
OTHER_TIME = Sentence("time.other_time", N_("Give another time, or correct the entry that is there."))
DAY_FULL = Sentence("time.day_full", N_("With it {on} would have more than 24 hours of {person}."))
BILLED = Sentence("time.billed", N_("It stands on invoice {number} and is frozen."))
GONE = Sentence("time.gone", N_("It was corrected or withdrawn in the meantime."))
RUNS = Sentence("timer.runs", N_("Your timer runs on {item} since {since}."))
RUNS_ELSEWHERE = Sentence("timer.runs_elsewhere", N_("Your timer runs in another organization."))
STOP_IT = Sentence("timer.stop_it", N_("Stop or discard it first."))
NO_TIMER = Sentence("timer.none", N_("No timer of yours runs here."))
FORGOTTEN = Sentence("timer.forgotten", N_("It has run for more than 12 hours, since {since}. Say when you stopped, or discard it."))
AFTER_START = Sentence("timer.after_start", N_("It lies outside the time that the timer has run, since {since}."))

MANAGERS = ("manager",)
Note = Annotated[str, MaxLen(500)]
Why = Annotated[str, MaxLen(300)]
Minutes = Annotated[int, Ge(1), Le(DAY_MIN)]


@dataclass(frozen=True)
class Doer:
    """Whose time it is, on which step, billed at which level, and what the gate said of it."""

    person: Person
    step: Step
    level: int
    verdict: Verdict


@action("timer.started", roles=())
def start_timer(*, by: By, at: datetime, item: UUID, note: Note = "", switch: bool = False) -> Done:
    """Start your timer on an item that you are on. `switch`: stop the one that runs, and keep its time."""
    work = open_item(item)
    me = _myself(by, work)
    running = timing.timer_of(by)
    if running is not None:
        if not switch:
            raise Refuse(RUNS(item=running.item.reference, since=running.started_at, cure=STOP_IT()), about=work)
        _stop(by, at, running, None, "")
    who = doer(by, at, work, me, day_of(work, at), at)
    try:
        with transaction.atomic():
            made = Timer.objects.create(
                organization_id=by.organization, person_id=me, item=work, step=who.step.code, note=note.strip(), started_at=floored(at)
            )  # fmt: skip
    except IntegrityError as taken:
        raise Refuse(RUNS_ELSEWHERE(cure=STOP_IT()), about=work, audience=own_audience(by, at)) from taken
    return decide(by, at, "timer.started", made, audiences=[own_audience(by, at)], private={"note": note}, **people_gate.evidence(who.verdict))


@action("time.entered", roles=())
def stop_timer(*, by: By, at: datetime, note: Note = "", ends_at: datetime | None = None) -> Done:
    """Stop your timer; what it ran is entered. After more than 12 hours it asks when you stopped."""
    return _stop(by, at, _running(by, at), ends_at, note)


@action("timer.discarded", roles=())
def discard_timer(*, by: By, at: datetime) -> Done:
    """Let the timer go without entering its time."""
    timer = _running(by, at)
    done = decide(by, at, "timer.discarded", timer, audiences=[own_audience(by, at)])
    Timer.objects.filter(id=timer.id).delete()
    return done


@action("time.entered", roles=())
def enter_time(
    *,
    by: By,
    at: datetime,
    item: UUID,
    minutes: Minutes | None = None,
    done_on: date | None = None,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    note: Note = "",
    person: UUID | None = None,
    why: Why = "",
    level: Annotated[int, Ge(1), Le(5)] | None = None,
    unbilled_why: Why = "",
) -> Done:
    """Enter time by hand: minutes of a day (today where none is named), or from when until when. A manager enters it for others, with a reason."""
    work = open_item(item)
    spent = spell(work, at, minutes, done_on, begins_at, ends_at)
    whom = _whom(by, at, work, person, why, level)
    who = doer(by, at, work, whom, spent["done_on"], at)
    made = enter(by, at, work, who, "hand", spent, note=note, why=why, level=level, unbilled_why=unbilled_why)
    return told(by, at, "time.entered", made, **people_gate.evidence(who.verdict))


@action("time.corrected", roles=())
def correct_time(
    *,
    by: By,
    at: datetime,
    entry: UUID,
    minutes: Minutes | None = None,
    done_on: date | None = None,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    note: Note | None = None,
    item: UUID | None = None,
    why: Why = "",
    level: Annotated[int, Ge(1), Le(5)] | None = None,
    unbilled_why: Why | None = None,
) -> Done:
    """Put a corrected entry in an entry's place, which stays in the record; what is left out stays as it was. What is billed is frozen."""
    before, work = open_entry(entry)
    target = open_item(item) if item is not None and item != work.id else work
    _whom(by, at, work, before.person_id, why, level)
    keeps = all(given is None for given in (minutes, done_on, begins_at, ends_at))
    if keeps:
        minutes, done_on, begins_at, ends_at = before.minutes, before.done_on, before.begins_at, before.ends_at
    elif begins_at is None and ends_at is None:
        minutes, done_on = minutes or before.minutes, done_on or before.done_on
    spent = spell(target, at, minutes, done_on, begins_at, ends_at)
    who = doer(by, at, target, before.person_id, spent["done_on"], at)
    made = enter(
        by,
        at,
        target,
        who,
        before.source if keeps else "hand",
        spent,
        note=before.note if note is None else note,
        why=why,
        level=level or (before.level if before.done_on == spent["done_on"] else None),
        unbilled_why=before.unbilled_why if unbilled_why is None else unbilled_why,
        corrects=before,
    )
    return told(by, at, "time.corrected", made, **people_gate.evidence(who.verdict))


@action("time.withdrawn", roles=())
def withdraw_time(*, by: By, at: datetime, entry: UUID, reason: Annotated[str, Len(1, 300)]) -> Done:
    """Withdraw an entry: it stays in the record and does not count any more. What is billed is frozen."""
    before, work = open_entry(entry)
    _whom(by, at, work, before.person_id, reason, None)
    return told(by, at, "time.withdrawn", withdraw(by, at, before, reason), entry=before)


class Cell(BaseModel):
    """What a day of an item comes to in all, in minutes; 0: nothing."""

    item: UUID
    on: date
    minutes: Annotated[int, Ge(0), Le(DAY_MIN)]


MOST_CELLS = 200


@action("time.filled_in", roles=())
def fill_time(*, by: By, at: datetime, cells: Annotated[list[Cell], Len(1, MOST_CELLS)]) -> Done:
    """Fill in days of the week, all or none: each cell says what its day comes to; what is entered by hand is corrected, withdrawn or added to fit."""
    faults: dict[str, list[Reason]] = {}
    last: Done | None = None
    for number, cell in enumerate(cells):
        try:
            last = _fill(by, at, cell) or last
        except NotFound:
            raise
        except BadInput as bad:
            faults[f"cells.{number}"] = [reason for reasons in bad.errors.values() for reason in reasons]
    if faults:
        raise BadInput(faults)
    if last is None:
        raise BadInput(cells=EMPTY())
    return last


def _fill(by: By, at: datetime, cell: Cell) -> Done | None:
    work = open_item(cell.item)
    me = _myself(by, work)
    there = list(timing.standing().filter(item=work, person=me, done_on=cell.on).order_by("entered_at", "id"))
    hand = next((row for row in there if row.begins_at is None and not hasattr(row, "billed")), None)
    rest = sum(row.minutes for row in there if row is not hand)
    wanted = cell.minutes - rest
    if wanted < 0:
        raise BadInput(minutes=LESS(least=clock(rest), item=work.reference, on=cell.on))
    if wanted == (hand.minutes if hand else 0):
        return None
    if wanted == 0 and hand is not None:
        return told(by, at, "time.withdrawn", withdraw(by, at, hand, "0"), entry=hand)
    spent = spell(work, at, wanted, cell.on, None, None)
    who = doer(by, at, work, me, cell.on, at)
    note, unbilled = (hand.note, hand.unbilled_why) if hand else ("", "")
    made = enter(by, at, work, who, "hand", spent, note=note, unbilled_why=unbilled, corrects=hand, level=hand.level if hand else None)
    return told(by, at, "time.corrected" if hand else "time.entered", made, **people_gate.evidence(who.verdict))


LESS = Sentence("time.less", N_("{on} has {least} on {item} that was measured, brought or billed: it cannot be less."))


def open_entry(key: UUID) -> tuple[TimeEntry, WorkItem]:
    """An entry that stands and is not billed, with its item, locked and open."""
    found = TimeEntry.objects.filter(id=key).values_list("item", flat=True).first()
    if found is None:
        raise NotFound(key)
    work = open_item(found)
    entry = TimeEntry.objects.select_related("billed", "withdrawal").get(id=key)
    if hasattr(entry, "billed"):
        raise Refuse(BILLED(number=entry.billed.number), about=work)
    if hasattr(entry, "withdrawal") or TimeEntry.objects.filter(corrects=entry).exists():
        raise Refuse(GONE(), about=work)
    return entry, work


def spell(work: WorkItem, at: datetime, minutes: int | None, done_on: date | None, begins_at: datetime | None, ends_at: datetime | None) -> dict[str, Any]:
    """Day, minutes and ends as a row keeps them; BadInput where they do not fit together."""
    if begins_at is not None or ends_at is not None:
        if begins_at is None or ends_at is None:
            raise BadInput(ends_at=BOTH_ENDS())
        begins_at, ends_at = floored(begins_at), floored(ends_at)
        if ends_at < begins_at:
            raise BadInput(ends_at=ORDER())
        if ends_at == begins_at:
            raise BadInput(ends_at=SHORT())
        if ends_at > at:
            raise BadInput(ends_at=FUTURE())
        minutes, done_on = minutes_between(begins_at, ends_at), day_of(work, begins_at)
        if minutes > DAY_MIN:
            raise BadInput(ends_at=LONG())
    if not minutes:
        raise BadInput(minutes=EMPTY())
    done_on = done_on or day_of(work, at)
    if done_on > day_of(work, at):
        raise BadInput(done_on=FUTURE())
    if done_on < work.engagement.begins_on:
        raise BadInput(done_on=BEFORE(on=work.engagement.begins_on))
    return {"minutes": minutes, "done_on": done_on, "begins_at": begins_at, "ends_at": ends_at}


def day_of(work: WorkItem, at: datetime) -> date:
    """The day on the entity's clock."""
    return at.astimezone(zone(work.period.entity.facts["zone"])).date()


def doer(by: By, at: datetime, work: WorkItem, person: UUID, on: date, now: datetime) -> Doer:
    """Whoever was on a step of the item that day, as the gate sees them then; a manager's own say stands in for the assignment. Refuses with all reasons."""
    found = Person.objects.filter(id=person).for_facts().first()
    if found is None:
        raise NotFound(person)
    ends = datetime.combine(on + timedelta(1), time(), zone(work.period.entity.facts["zone"]))
    held = _held(work, person, ends)
    if held is None and person == by.person:
        raise Refuse(NOT_ON(person=found.name, item=work.reference, on=on, cure=ASSIGN()), about=work)
    step = _step(work, held)
    # By the facts of the day on which it was done: what lapses later leaves it valid.
    verdict = needs.must_pass(person, work, step, min(now, ends - timedelta(seconds=1)))
    level = timing.level_on(found, on)
    if level is None:
        raise Refuse(NOT_PLACED(person=found.name, on=on), about=work)
    return Doer(found, step, level, verdict)


def _held(work: WorkItem, person: UUID, ends: datetime) -> Assignment | None:
    rows = Assignment.objects.filter(item=work, person=person, assigned_at__lt=ends).order_by("-assigned_at")
    return next((row for row in rows if row.ended_at is None or row.ended_at > ends - timedelta(1)), None)


def _step(work: WorkItem, held: Assignment | None) -> Step:
    line = cases.line_of(work)
    if held is not None and held.step in {step.code for step in line.steps}:
        return step_of(work, held.step)
    return cases.working_step(line)


def enter(
    by: By,
    at: datetime,
    work: WorkItem,
    who: Doer,
    source: str,
    spent: dict[str, Any],
    *,
    note: str = "",
    why: str = "",
    level: int | None = None,
    unbilled_why: str = "",
    corrects: TimeEntry | None = None,
) -> TimeEntry:
    """Store an entry; what the database does not allow is refused in words."""
    with explained(work, who.person.id, who.person.name, spent):
        return TimeEntry.objects.create(
            audience_id=work.audience_id,
            item=work,
            person=who.person,
            person_name=who.person.name,
            organization_id=by.organization,
            step=who.step.code,
            level=level or who.level,
            note=note.strip(),
            source=source,
            why=why.strip(),
            unbilled_why=unbilled_why.strip() or timing.unbilled_by_default(work),
            corrects=corrects,
            entered_by=by.user,
            entered_by_name=by.name,
            entered_at=at,
            **spent,
        )


def withdraw(by: By, at: datetime, entry: TimeEntry, reason: str) -> TimeWithdrawal:
    """A row beside the entry."""
    with explained(entry.item, entry.person_id, entry.person_name, {"done_on": entry.done_on}):
        return TimeWithdrawal.objects.create(
            audience_id=entry.audience_id, item_id=entry.item_id, entry=entry, reason=reason, withdrawn_by=by.user, withdrawn_by_name=by.name, withdrawn_at=at
        )


@contextmanager
def explained(work: WorkItem, key: UUID, person: str, spent: dict[str, Any]) -> Iterator[None]:
    """What the database refuses, in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as broken:
        _refuse(broken, work, key, person, spent)


def _refuse(broken: DatabaseError, work: WorkItem, key: UUID, person: str, spent: dict[str, Any]) -> NoReturn:
    constraint = getattr(getattr(broken.__cause__, "diag", None), "constraint_name", "") or ""
    match constraint:
        case "person_works_in_one_place":
            there = timing.standing().filter(person=key, begins_at__lt=spent["ends_at"], ends_at__gt=spent["begins_at"]).select_related("item").first()
            if there is None or there.begins_at is None or there.ends_at is None:
                raise Refuse(ELSEWHERE(person=person, cure=OTHER_TIME()), about=work) from broken
            zoned = [each.astimezone(zone(work.period.entity.facts["zone"])) for each in (there.begins_at, there.ends_at)]
            raise Refuse(OVERLAP(person=person, begins_at=zoned[0], ends_at=zoned[1], item=there.item.reference, cure=OTHER_TIME()), about=work) from broken
        case "day_has_24_hours":
            raise Refuse(DAY_FULL(person=person, on=spent["done_on"], cure=OTHER_TIME()), about=work) from broken
        case "billed_time_is_frozen" | "time_does_not_stand" | "work_timeentry_corrects_id_key" | "work_timewithdrawal_entry_id_key":
            raise Refuse(GONE(), about=work) from broken
    raise broken


def told(by: By, at: datetime, kind: str, row: Any, *, entry: TimeEntry | None = None, **evidence: Any) -> Done:
    """The decision, in the log of whoever is shown time: both sides, or the provider alone."""
    of = entry or row
    work = of.item
    hidden = time_terms(work.engagement.agreement).shown == "none"
    private = {"person": of.person_name, "time": f"{clock(of.minutes)} {of.done_on.isoformat()}", "note": of.note, "reason": getattr(row, "reason", of.why)}
    where: dict[str, Any] = {"audiences": [own_audience(by, at)]} if hidden else {"within": work.period.within()}
    return decide(by, at, kind, row, private=private, **where, **evidence)


def _whom(by: By, at: datetime, work: WorkItem, person: UUID | None, why: str, level: int | None) -> UUID:
    """Whose time it is: one's own, or for a manager with a reason somebody else's; a level other than one's own is a manager's to say."""
    if by.organization != work.engagement.provider_id:
        raise Refuse(NOT_PROVIDER(), about=work)
    if (person is None or person == by.person) and level is None:
        return _myself(by, work)
    if lack := lacks(by, at, MANAGERS, entity=work.period.entity.entity_id, engagement=work.engagement_id, service=work.service):
        raise Refuse(lack, about=work)
    if not why.strip():
        raise BadInput(why=WHY_NEEDED())
    return person or _myself(by, work)


def _myself(by: By, work: WorkItem) -> UUID:
    if by.organization != work.engagement.provider_id:
        raise Refuse(NOT_PROVIDER(), about=work)
    if by.person is None:
        raise Refuse(NO_PERSON(name=by.name), about=work)
    return by.person


def _running(by: By, at: datetime) -> Timer:
    """The timer of whoever acts, locked by their person: two clicks stop it once."""
    if by.person is not None:
        Person.objects.select_for_update(no_key=True).filter(id=by.person).first()
    timer = timing.timer_of(by)
    if timer is None:
        raise Refuse(NO_TIMER(), audience=own_audience(by, at))
    return timer


def _stop(by: By, at: datetime, timer: Timer, ends_at: datetime | None, note: str) -> Done:
    work = open_item(timer.item_id)
    if ends_at is None and timing.is_forgotten(timer, at):
        raise BadInput(ends_at=FORGOTTEN(since=timer.started_at))
    if ends_at is not None and not timer.started_at < ends_at <= at:
        raise BadInput(ends_at=AFTER_START(since=timer.started_at))
    spent = spell(work, at, None, None, timer.started_at, ends_at or at)
    who = doer(by, at, work, timer.person_id, spent["done_on"], at)
    made = enter(by, at, work, who, "timer", spent, note=note or timer.note)
    Timer.objects.filter(id=timer.id).delete()
    return told(by, at, "time.entered", made, **people_gate.evidence(who.verdict))
