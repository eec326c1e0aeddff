"""Leave: which absences hold, who sees of what kind they are, and what taking in a calendar or sheet would change."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from psycopg.types.range import TimestamptzRange

from remit.apps.organizations.acting import BadInput, Busy, Upload
from remit.apps.organizations.models import Membership, Site
from remit.apps.organizations.roles import role_for
from remit.apps.people.models import Absence, Person, Staff
from remit.apps.records.context import By
from remit.domain.calendars import zone
from remit.domain.line import Finding
from remit.domain.plain import from_plain, to_plain
from remit.domain.reasons import N_, SENTENCES, Reason, Sentence
from remit.formats import hostile
from remit.formats.leave import LIMITS, RULES, Brought, LeaveRow, read

SECONDS, MEMORY_BYTES = 15, 400_000_000
BACK, AHEAD = timedelta(days=31), timedelta(days=548)
"""What is read of a file: from a month ago to a year and a half ahead."""
KEEPERS = ("manager", "administrator")
SEE_KINDS = ("manager",)

BUSY = Sentence("leave.busy", N_("Too many files are being read at this moment. Try again in a few seconds."))
TOO_LARGE = Sentence("leave.too_large", N_("The file has more than {most} bytes. Send it in parts."))
NOBODY = Sentence("leave.nobody", N_("“{text}” names nobody who works here, by name or mail address."))
SEVERAL = Sentence("leave.several", N_("“{text}” names several people who work here."))


def standing(absences: QuerySet[Absence] | None = None) -> QuerySet[Absence]:
    """Those that were not withdrawn."""
    return (Absence.objects.all() if absences is None else absences).filter(withdrawal=None)


def sees_kinds(by: By, at: datetime) -> bool:
    """Whether whoever looks manages the organization's people; of their own leave everybody sees the kind."""
    return role_for(by, at, SEE_KINDS, {}) in SEE_KINDS


def keeps_leave(by: By, at: datetime) -> bool:
    """Whether whoever acts enters and withdraws others' leave."""
    return role_for(by, at, KEEPERS, {}) in KEEPERS


def employed(by: By, at: datetime) -> QuerySet[Person]:
    """Humans who work for the organization now, with where they work from."""
    here = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, person_id__isnull=False)
    placed = Prefetch("staff", Staff.objects.select_related("site").order_by("since"))
    return Person.objects.filter(id__in=here.values("person_id"), kind="human").prefetch_related(placed).order_by("name", "id")


def zones(by: By, people: Iterable[Person], on: date) -> dict[UUID, str]:
    """The clock of the site that each works from on a day; else of the organization's first. Reads `staff` with `site`."""
    first = Site.objects.filter(organization=by.organization).order_by("id").values_list("zone", flat=True).first() or "UTC"
    found = {}
    for person in people:
        placed = person.placed_on(on)
        found[person.id] = placed.site.zone if placed else first
    return found


def whole_days(begins_on: date, ends_on: date, zone_name: str) -> TimestamptzRange:
    """From midnight to midnight on a clock; `ends_on` is the first day back."""
    clock = zone(zone_name)
    return TimestamptzRange(datetime.combine(begins_on, time(), clock), datetime.combine(ends_on, time(), clock))


def upcoming(by: By, at: datetime, people: Iterable[UUID] | None = None, until: datetime | None = None) -> list[Absence]:
    """Absences that hold and are not over, the next first."""
    rows = standing(Absence.objects.filter(organization=by.organization, during__endswith__gt=at))
    if people is not None:
        rows = rows.filter(person__in=list(people))
    if until is not None:
        rows = rows.filter(during__startswith__lt=until)
    return list(rows.select_related("person").order_by("during", "id")[:500])


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line of the file, or why it is left out."""

    line: int | None
    column: str
    reason: Reason
    is_error: bool = True


@dataclass(frozen=True)
class Planned:
    """A row with whose it is and when; `state` new or known."""

    row: LeaveRow
    person: Person
    during: TimestamptzRange
    state: Literal["new", "known"]


@dataclass
class Plan:
    """What would be entered, what is there already, what the calendar no longer says, and what is wrong."""

    rows: list[Planned] = field(default_factory=list)
    gone: list[Absence] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """What keeps it from being taken in."""
        return [each for each in self.problems if each.is_error]

    @property
    def new(self) -> list[Planned]:
        """What would be entered."""
        return [each for each in self.rows if each.state == "new"]


def window(at: datetime) -> tuple[date, date]:
    """The days of a file that are read."""
    return (at - BACK).date(), (at + AHEAD).date()


def read_upload(upload: Upload, at: datetime) -> Brought:
    """The file, read in a process apart, outside a transaction. Raises Busy, BadInput."""
    if len(upload.content) > LIMITS.file_bytes:
        raise BadInput(file=TOO_LARGE(most=LIMITS.file_bytes))
    outcome = hostile.run_limited(read, upload.content, upload.name, *window(at), seconds=SECONDS, memory_bytes=MEMORY_BYTES)
    if isinstance(outcome, hostile.Busy):
        raise Busy(file=BUSY())
    if isinstance(outcome, hostile.Answer):
        return from_plain(Brought, to_plain(outcome.value))
    return Brought(name=upload.name, sha256=hashlib.sha256(upload.content).hexdigest(), findings=(outcome.finding,))


def plan(by: By, at: datetime, brought: Brought, person: UUID | None = None) -> Plan:
    """The plan, in a fixed number of queries. `person`: all of it is theirs."""
    made = Plan()
    for finding in brought.findings:
        column = next((str(place) for name, place in finding.place.path if name == "column"), "")
        made.problems.append(Problem(finding.place.line, column, _reason(finding), RULES[finding.code].severity == "error"))
    people = list(employed(by, at))
    names = _Names(people, person)
    clocks = zones(by, people, at.date())
    there = _there(by, brought)
    wanted: set[tuple[str, UUID, datetime, datetime]] = set()
    for row in brought.rows:
        whose = names.of(row)
        if isinstance(whose, Reason):
            # A team's calendar holds more than leave: what names nobody is left out, and said.
            made.problems.append(Problem(row.line, "person", whose, brought.form != "calendar"))
            continue
        during = _during(row, clocks[whose.id])
        assert during.lower is not None
        assert during.upper is not None
        key = (row.uid, whose.id, during.lower, during.upper)
        if key in wanted:
            continue
        wanted.add(key)
        made.rows.append(Planned(row, whose, during, "known" if key in there else "new"))
    made.problems.sort(key=lambda each: each.line or 0)
    made.gone = [] if made.errors else [row for key, row in there.items() if row is not None and key[0] and key not in wanted and key[3] > at]
    return made


def faults(plan: Plan) -> BadInput:
    """The errors as a door says them: by line and column."""
    by_place: dict[str, list[Reason]] = {}
    for each in plan.errors:
        by_place.setdefault(".".join(str(part) for part in (each.line, each.column) if part not in (None, "")) or "file", []).append(each.reason)
    return BadInput(by_place)


class _Names:
    """Whose a row is: by mail address, by name, or by a name that stands in an event's text."""

    def __init__(self, people: Sequence[Person], only: UUID | None) -> None:
        self.only = next((person for person in people if person.id == only), None)
        self.by_mail = {person.email.casefold(): person for person in people if person.email}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            self.by_name[_plain(person.name)].append(person)

    def of(self, row: LeaveRow) -> Person | Reason:
        """The person, or why there is none."""
        if self.only is not None:
            return self.only
        text = row.person or row.said or ", ".join(row.mails)
        named = self.by_name.get(_plain(row.person), []) if row.person else self._in(row.said)
        if not named:
            named = list({self.by_mail[mail].id: self.by_mail[mail] for mail in row.mails if mail in self.by_mail}.values())
        if len(named) == 1:
            return named[0]
        return SEVERAL(text=text[:80]) if named else NOBODY(text=text[:80])

    def _in(self, said: str) -> list[Person]:
        text = _plain(said)
        return [person for name, people in self.by_name.items() for person in people if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


def _there(by: By, brought: Brought) -> dict[tuple[str, UUID, datetime, datetime], Absence | None]:
    """What is kept already, by event, person and time; None where it was withdrawn by hand and is not entered again."""
    rows = Absence.objects.filter(organization=by.organization).filter(Q(source_uid__in=brought.uids) if brought.form == "calendar" else Q(source_uid=""))
    return {
        (row.source_uid, row.person_id, row.during.lower, row.during.upper): None if hasattr(row, "withdrawal") else row
        for row in rows.select_related("withdrawal", "person")
    }


def _during(row: LeaveRow, zone_name: str) -> TimestamptzRange:
    if row.begins_on is not None and row.ends_on is not None:
        return whole_days(row.begins_on, row.ends_on, zone_name)
    assert row.begins_at is not None
    assert row.ends_at is not None
    # A time without a zone is that of the clock on the person's wall.
    begins, ends = (each if each.tzinfo else each.replace(tzinfo=zone(zone_name)) for each in (row.begins_at, row.ends_at))
    return TimestamptzRange(begins, ends)


def _reason(finding: Finding) -> Reason:
    SENTENCES.setdefault(finding.code, RULES[finding.code].says)
    return Reason(finding.code, finding.values)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def shown(absence: Absence, zone_name: str) -> dict[str, Any]:
    """First and last day away, or the span, for a sentence."""
    if absence.begins_on is not None and absence.ends_on is not None:
        return {"first": absence.begins_on, "last": absence.ends_on - timedelta(1), "is_days": True}
    clock = zone(zone_name)
    return {"first": absence.during.lower.astimezone(clock), "last": absence.during.upper.astimezone(clock), "is_days": False}
