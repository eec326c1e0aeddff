"""What taking in an export of a time tool would enter: each row's person, item and time; what is there already; and what is wrong, at line and column."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Prefetch

from remit.apps.organizations.acting import BadInput, Busy, Upload
from remit.apps.organizations.roles import covers, granted
from remit.apps.people import gate as people_gate
from remit.apps.people.models import Person
from remit.apps.records.context import By
from remit.apps.work import cases, needs, timesheets, timing
from remit.apps.work.models import Assignment, Closing, TimeEntry, TimeMapping, WorkItem
from remit.apps.work.places import of_item
from remit.domain.calendars import zone
from remit.domain.gate import Act
from remit.domain.gate import check as judge
from remit.domain.line import Finding, Step
from remit.domain.plain import from_plain, to_plain
from remit.domain.reasons import N_, SENTENCES, Reason, Sentence
from remit.domain.timekeeping import DAY_MIN
from remit.formats import hostile
from remit.formats.timesheets import LIMITS, RULES, Brought, TimeRow, read
from remit.formats.timesheets.read import Dates

SECONDS, MEMORY_BYTES = 15, 400_000_000
BUSY = Sentence("time.busy", N_("Too many files are being read at this moment. Try again in a few seconds."))
TOO_LARGE = Sentence("time.too_large", N_("The file has more than {most} bytes. Export it in parts."))
WHO = Sentence("time.who", N_("“{text}” is nobody who works here, by name or mail address."))
TWO_OF_THEM = Sentence("time.two_of_them", N_("Several people are called {text}. The export must name their mail addresses."))
NOT_YOURS = Sentence("time.not_yours", N_("It is {person}'s time: only a manager brings it for them."))
NO_ITEM = Sentence("time.no_item", N_("There is no item {reference} of yours."))
UNMAPPED = Sentence("time.unmapped", N_("Nobody has said which work “{called}” is."))
NONE_THERE = Sentence("time.none_there", N_("Of the work that “{called}” is, no item was there on {on}."))
CLOSED = Sentence("time.month_closed", N_("The month of {item} is closed: nothing more may be added."))
NOT_ON = Sentence("time.was_not_on", N_("{person} was on no step of {item} on {on}."))
NO_LEVEL = Sentence("time.no_level", N_("{person} did not work here on {on}."))
FUTURE = Sentence("time.lies_ahead", N_("It lies in the future."))
BEFORE = Sentence("time.lies_before", N_("It lies before the engagement began on {on}."))
TWO_PLACES = Sentence("time.two_places", N_("It overlaps line {other}: {person} would be in two places."))
THERE = Sentence("time.there", N_("{person} has time on {item} then already."))
FULL = Sentence("time.full", N_("With it {on} would have more than 24 hours of {person}."))


COLUMNS = {
    "person": ("person", "mail", "last"),
    "project": ("project", "item", "task", "client"),
    "item": ("item", "task", "note", "project"),
    "date": ("begins_on",),
    "from": ("begins", "begins_on"),
    "duration": ("duration",),
}
"""What we call a column, and where it may stand in an export."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: the column is the export's own title, or what we call it."""

    line: int | None
    column: str
    reason: Reason
    is_error: bool = True


@dataclass
class Planned:
    """A row with all that entering it needs; `state` new, known or faulty."""

    row: TimeRow
    person: Person | None = None
    item: WorkItem | None = None
    step: Step | None = None
    level: int = 0
    done_on: date | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    state: Literal["new", "known", "faulty"] = "new"
    verdict: Any = None


@dataclass
class Plan:
    """All rows, all problems, and the names of work that nobody has said what they are: [(as shown, as compared, rows)]."""

    rows: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unmapped: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """What keeps it from being taken in."""
        return [each for each in self.problems if each.is_error]

    @property
    def new(self) -> list[Planned]:
        """Rows that would be entered."""
        return [each for each in self.rows if each.state == "new"]

    @property
    def counts(self) -> dict[str, int]:
        """Rows and minutes by state."""
        found: dict[str, int] = {"new": 0, "known": 0, "faulty": 0, "minutes": 0}
        for each in self.rows:
            found[each.state] += 1
            found["minutes"] += each.row.minutes if each.state == "new" else 0
        return found


def read_upload(upload: Upload, dates: Dates) -> Brought:
    """The export, read in a process apart, outside a transaction. Raises Busy, BadInput."""
    if len(upload.content) > LIMITS.file_bytes:
        raise BadInput(file=TOO_LARGE(most=LIMITS.file_bytes))
    outcome = hostile.run_limited(read, upload.content, upload.name, dates, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
    if isinstance(outcome, hostile.Busy):
        raise Busy(file=BUSY())
    if isinstance(outcome, hostile.Answer):
        return from_plain(Brought, to_plain(outcome.value))
    return Brought(name=upload.name, sha256=hashlib.sha256(upload.content).hexdigest(), findings=(outcome.finding,))


def reason_of(finding: Finding) -> Reason:
    """A finding as a reason, said by its rule's sentence."""
    SENTENCES.setdefault(finding.code, RULES[finding.code].says)
    return Reason(finding.code, finding.values)


def called(row: TimeRow) -> str:
    """Client, project and task as shown."""
    return " / ".join(part for part in row.called if part)[:300]


def compared(text: str) -> str:
    """A name as it is kept and compared."""
    return " ".join(text.casefold().split())


def faults(plan: Plan) -> BadInput:
    """The errors as a door says them: by line and column."""
    by_place: dict[str, list[Reason]] = {}
    for each in plan.errors:
        by_place.setdefault(".".join(str(part) for part in (each.line, each.column) if part not in (None, "")) or "file", []).append(each.reason)
    return BadInput(by_place)


def plan(by: By, at: datetime, brought: Brought, zone_name: str) -> Plan:
    """The plan, in a fixed number of queries and one for each item's gate."""
    made = Plan()
    for finding in brought.findings:
        column = next((str(place) for name, place in finding.place.path if name == "column"), "")
        made.problems.append(Problem(finding.place.line, column, reason_of(finding), RULES[finding.code].severity == "error"))
    rows = [Planned(row) for row in brought.rows if row.minutes > 0]
    made.rows = rows
    _people(by, at, rows, made)
    _items(by, rows, made)
    _known(by, rows)
    _times(rows, zone_name, at, made)
    _allowed(by, at, rows, made)
    _places(rows, made)
    titles = dict(brought.titles)
    made.problems = [replace(each, column=_titled(each.column, titles)) for each in sorted(made.problems, key=lambda each: each.line or 0)]
    return made


def _titled(column: str, titles: dict[str, str]) -> str:
    """The export's own title of a column that we call so."""
    return next((titles[name] for name in COLUMNS.get(column, ()) if name in titles), column)


def _bad(made: Plan, each: Planned, column: str, reason: Reason) -> None:
    each.state = "faulty"
    made.problems.append(Problem(each.row.line, column, reason))


def _people(by: By, at: datetime, rows: Sequence[Planned], made: Plan) -> None:
    """By mail address, else by name; a row that names nobody is whoever brings it."""
    by_mail: dict[str, Person] = {}
    by_name: dict[str, list[Person]] = defaultdict(list)
    by_key: dict[UUID, Person] = {}
    for person in timesheets.people(by, at):
        by_key[person.id] = person
        by_name[compared(person.name)].append(person)
        if person.email:
            by_mail[person.email.casefold()] = person
    for each in rows:
        text = each.row.mail or each.row.person
        found = by_mail.get(each.row.mail.casefold()) if each.row.mail else None
        alike = by_name.get(compared(each.row.person), []) if each.row.person else []
        if found is None and len(alike) == 1:
            found = alike[0]
        if found is None and not text and by.person is not None:
            found = by_key.get(by.person)
        if found is None:
            _bad(made, each, "person", TWO_OF_THEM(text=text[:80]) if len(alike) > 1 else WHO(text=text[:80]))
        each.person = found


def _items(by: By, rows: Sequence[Planned], made: Plan) -> None:
    """By the reference in the row, else by what the tool calls the work, kept once: the newest item of that work that was there on the day."""
    related = WorkItem.objects.filter(engagement__provider=by.organization).select_related(
        "engagement__agreement", "engagement__client", "period__entity", "period__engagement"
    )
    related = related.prefetch_related(Prefetch("period__closings", Closing.objects.filter(reopening=None)))
    references = {item.reference: item for item in related.filter(reference__in={each.row.item for each in rows if each.row.item})}
    mappings = {row.called: row for row in TimeMapping.objects.filter(organization=by.organization, called__in={compared(called(each.row)) for each in rows})}
    series = _series(related, mappings.values())
    unmapped: dict[str, tuple[str, int]] = {}
    for each in rows:
        if each.row.item:
            each.item = references.get(each.row.item)
            if each.item is None:
                _bad(made, each, "item", NO_ITEM(reference=each.row.item))
            continue
        name = called(each.row)
        mapping = mappings.get(compared(name))
        if mapping is None:
            unmapped[compared(name)] = (name, unmapped.get(compared(name), ("", 0))[1] + 1)
            _bad(made, each, "project", UNMAPPED(called=name or "–"))
            continue
        ends = datetime.combine(each.row.done_on + timedelta(1), datetime.min.time(), UTC)
        each.item = next((item for item in series.get(mapping.id, ()) if item.created_at < ends), None)
        if each.item is None:
            _bad(made, each, "project", NONE_THERE(called=name, on=each.row.done_on))
    made.unmapped = [(name, key, count) for key, (name, count) in sorted(unmapped.items())]


def _series(items: Any, mappings: Iterable[TimeMapping]) -> dict[UUID, list[WorkItem]]:
    """Items of each mapping's work, the newest month first."""
    wanted = list(mappings)
    found: dict[UUID, list[WorkItem]] = {row.id: [] for row in wanted}
    by_work = {(row.engagement_id, row.entity_id, row.service, row.task): row.id for row in wanted}
    rows = items.filter(engagement__in={row.engagement_id for row in wanted}, period__entity__in={row.entity_id for row in wanted})
    for item in rows.order_by("-period__begins_on", "-created_at"):
        key = by_work.get((item.engagement_id, item.period.entity_id, item.service, item.task))
        if key is not None:
            found[key].append(item)
    return found


def _known(by: By, rows: Sequence[Planned]) -> None:
    """Rows that were taken in before, also where their entry was corrected or withdrawn since."""
    there = set(TimeEntry.objects.filter(organization=by.organization, source_key__in=[each.row.key for each in rows]).values_list("person", "source_key"))
    for each in rows:
        if each.person is not None and (each.person.id, each.row.key) in there:
            each.state = "known"


def _times(rows: Sequence[Planned], zone_name: str, at: datetime, made: Plan) -> None:
    """The tool's clock becomes instants; the day is that of the entity's clock."""
    clock = zone(zone_name)
    for each in rows:
        row = each.row
        each.done_on = row.done_on
        if row.begins is not None and row.ends is not None:
            each.begins_at, each.ends_at = row.begins.replace(tzinfo=clock).astimezone(UTC), row.ends.replace(tzinfo=clock).astimezone(UTC)
            if each.item is not None:
                each.done_on = each.begins_at.astimezone(zone(each.item.period.entity.facts["zone"])).date()
        if each.state != "new" or each.item is None:
            continue
        engagement = each.item.engagement
        if (each.ends_at or datetime.combine(row.done_on, datetime.min.time(), clock)) > at:
            _bad(made, each, "date", FUTURE())
        elif each.done_on < engagement.begins_on:
            _bad(made, each, "date", BEFORE(on=engagement.begins_on))


def _allowed(by: By, at: datetime, rows: Sequence[Planned], made: Plan) -> None:
    """Month open, assigned that day (or a manager brings it), a level on the day, and through the gate as of that day."""
    grants = [grant for grant in granted(by, at) if grant.role == "manager"]
    held: dict[tuple[UUID, UUID], list[Assignment]] = defaultdict(list)
    items = {each.item.id for each in rows if each.item is not None}
    for row in Assignment.objects.filter(item__in=items).order_by("-assigned_at"):
        held[row.item_id, row.person_id].append(row)
    asked: dict[Any, Any] = {}
    for each in rows:
        if each.state != "new" or each.item is None or each.person is None or each.done_on is None:
            continue
        item, person, on = each.item, each.person, each.done_on
        manages = any(covers(grant, (of_item(item),)) for grant in grants)
        if item.period.closings.all():
            _bad(made, each, "item", CLOSED(item=item.reference))
            continue
        if person.id != by.person and not manages:
            _bad(made, each, "person", NOT_YOURS(person=person.name))
            continue
        ends = datetime.combine(on + timedelta(1), datetime.min.time(), zone(item.period.entity.facts["zone"]))
        on_it = _on(held[item.id, person.id], ends)
        if on_it is None and person.id == by.person:
            _bad(made, each, "item", NOT_ON(person=person.name, item=item.reference, on=on))
            continue
        level = timing.level_on(person, on)
        if level is None:
            _bad(made, each, "person", NO_LEVEL(person=person.name, on=on))
            continue
        each.step, each.level = _step(item, on_it), level
        each.verdict = _verdict(each, min(at, ends - timedelta(seconds=1)), asked)
        if not each.verdict.allowed:
            for reason in each.verdict.reasons:
                _bad(made, each, "person", reason)


def _on(rows: Sequence[Assignment], ends: datetime) -> Assignment | None:
    return next((row for row in rows if row.assigned_at < ends and (row.ended_at is None or row.ended_at > ends - timedelta(1))), None)


def _step(item: WorkItem, on_it: Assignment | None) -> Step:
    line = cases.line_of(item)
    there = {step.code: step for step in line.steps}
    return there.get(on_it.step) if on_it is not None and on_it.step in there else cases.working_step(line)  # type: ignore[return-value]


def _verdict(each: Planned, at: datetime, asked: dict[Any, Any]) -> Any:
    """The gate's, once for a person, item and day."""
    assert each.item is not None
    assert each.person is not None
    assert each.step is not None
    need = asked.get((each.item.id, each.step.code))
    if need is None:
        need = asked[each.item.id, each.step.code] = needs.need_of(each.item, each.step)
    key = (each.item.id, each.step.code, each.person.id, each.done_on)
    if key not in asked:
        act = Act.REVIEW if each.step.kind == "review" else Act.PREPARE
        asked[key] = judge(each.person.facts(), act, need, at, people_gate.rule_sets())
    return asked[key]


def _places(rows: Sequence[Planned], made: Plan) -> None:
    """Nobody is in two places, in the file and with what is there; and a day has 24 hours."""
    new = [each for each in rows if each.state == "new"]
    people = {each.person.id for each in new if each.person is not None}
    days = [each.done_on for each in new if each.done_on is not None]
    if not days:
        return
    there = timing.standing(TimeEntry.objects.filter(person__in=people, done_on__gte=min(days) - timedelta(1), done_on__lte=max(days) + timedelta(1)))
    spans: dict[UUID, list[tuple[datetime, datetime, int | None, str]]] = defaultdict(list)
    minutes: dict[tuple[UUID, date], int] = defaultdict(int)
    for entry in there.select_related("item"):
        minutes[entry.person_id, entry.done_on] += entry.minutes
        if entry.begins_at is not None and entry.ends_at is not None:
            spans[entry.person_id].append((entry.begins_at, entry.ends_at, None, entry.item.reference))
    for each in new:
        assert each.person is not None
        assert each.done_on is not None
        if each.begins_at is not None and each.ends_at is not None:
            hit = next((span for span in spans[each.person.id] if span[0] < each.ends_at and each.begins_at < span[1]), None)
            if hit is not None:
                of = THERE(person=each.person.name, item=hit[3]) if hit[2] is None else TWO_PLACES(other=hit[2], person=each.person.name)
                _bad(made, each, "from", of)
                continue
            spans[each.person.id].append((each.begins_at, each.ends_at, each.row.line, ""))
        minutes[each.person.id, each.done_on] += each.row.minutes
        if minutes[each.person.id, each.done_on] > DAY_MIN:
            _bad(made, each, "duration", FULL(on=each.done_on, person=each.person.name))
