"""Two sheets for the gate alone, CSV or XLSX: people with what they are qualified for, and needs with what they ask. Every fault is named at line and column.

An empty cell, or a column that is not there, is unknown; a dash is none. Several values stand in one cell, parted by `;` or `|`. A range of dates is
written `2024-01-01..2026-12-31`, half-open: the second is the first day on which it no longer holds; either end may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, cast

from remit.domain import gate, line
from remit.domain.calendars import Calendar, UnknownCalendar, UnknownZone, WorkingHours, zone
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats.table import Cell, Limits, Row, read_table

LIMITS = Limits(file_bytes=20_000_000, rows=20_000, cells=400_000, unpacked_bytes=200_000_000)

UNKNOWN_COLUMN = Sentence("qualifications.unknown_column", N_("There is no column “{column}”; there are {columns}."))
COLUMN_TWICE = Sentence("qualifications.column_twice", N_("The column “{column}” stands twice."))
NO_COLUMN = Sentence("qualifications.no_column", N_("The column “{column}” is missing."))
NO_VALUE = Sentence("qualifications.no_value", N_("A value is asked for here."))
TWICE = Sentence("qualifications.twice", N_("“{name}” stands twice, first in line {line}."))
NO_SUCH_PERSON = Sentence("qualifications.no_such_person", N_("“{name}” is nobody of the sheet of people."))
NOT_READ = Sentence("qualifications.not_read", N_("“{value}” is not {kind}, such as {example}."))
TABLE = Sentence("qualifications.table", N_("The table cannot be read here: {code}."))
FORMULA = Sentence("qualifications.formula", N_("This is a formula, which is not worked out here: put its value."))
NO_ROWS = Sentence("qualifications.no_rows", N_("No line follows the titles."))

SPLIT = re.compile(r"\s*[;|\n]\s*")
DAY = r"\d{4}-\d{2}-\d{2}"
RANGE = re.compile(rf"(?:^|\s)(?P<since>{DAY})?\.\.(?P<until>{DAY})?$")
CREDENTIAL = re.compile(r"(?P<kind>\S.*?)\s*(?:@|\()\s*(?P<place>[A-Z]{2}(?:-[A-Z0-9]{1,3})?)\s*\)?")
PROOFS = {"verified": gate.Proof.VERIFIED, "pending": gate.Proof.PENDING, "failed": gate.Proof.FAILED, "stated": gate.Proof.SELF_DECLARED}
PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
KEPT_SINCE = datetime(1970, 1, 1, tzinfo=UTC)
"""A sheet says how a credential stands and not since when it was looked at."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, with line (from 1) and column title; the column is empty where the whole line or file is meant."""

    line: int
    column: str
    reason: Reason


@dataclass(frozen=True)
class Asked:
    """A line of the sheet of needs: its name, what is to be done, and the need."""

    name: str
    act: gate.Act
    need: gate.Need


class _Unread(Exception):
    def __init__(self, kind: str, example: str) -> None:
        super().__init__(kind)
        self.kind, self.example = kind, example


@dataclass(frozen=True)
class _Dates:
    since: date | None
    until: date | None


def read_people(data: bytes) -> tuple[tuple[gate.PersonFacts, ...], tuple[Fault, ...]]:
    """The people of a sheet, keyed by name; none where anything is at fault."""
    rows, faults = _rows(data, PEOPLE, "name")
    names = {row.values["name"] for row in rows}
    found = []
    for row in rows:
        values = row.values
        operator = values.get("operator") or ""
        if operator and operator not in names:
            faults.append(Fault(row.line, "operator", NO_SUCH_PERSON(name=operator)))
        hours = _hours(values, row, faults)
        found.append(
            gate.PersonFacts(
                key=values["name"],
                operator=operator,
                agent=bool(operator),
                levels=None if values.get("level") is None else (gate.Level(level=values["level"]),),
                experience=values.get("experience"),
                credentials=values.get("credentials"),
                languages=values.get("languages"),
                software=values.get("software"),
                hours=None if hours is None else (gate.Hours(hours=hours),),
                places=None if values.get("country") is None else (gate.Place(country=values["country"]),),
                degrees=values.get("degrees"),
                trainings=values.get("training"),
                systems=values.get("systems"),
                knows=values.get("knows"),
                memberships=tuple(gate.Membership(organization=name) for name in values.get("organization") or ()),
                walls=tuple(gate.Wall(against=name) for name in values.get("walls") or ()),
            )
        )
    return (() if faults else tuple(found)), tuple(faults)


def read_needs(data: bytes, people: Sequence[gate.PersonFacts] = ()) -> tuple[tuple[Asked, ...], tuple[Fault, ...]]:
    """The needs of a sheet; `people`: who may be named as having prepared."""
    rows, faults = _rows(data, NEEDS, "need")
    by_name = {person.key: person for person in people}
    found = []
    for row in rows:
        values = row.values
        prepared = []
        for name in values.get("prepared_by") or ():
            if name not in by_name:
                faults.append(Fault(row.line, "prepared_by", NO_SUCH_PERSON(name=name)))
                continue
            prepared.append(gate.Doer(person=name, interest=by_name[name].interest))
        degree_level, degree_fields = values.get("degree") or (0, ())
        languages = values.get("languages") or ()
        hours = _hours(values, row, faults)
        need = gate.Need(
            step=line.Need(level=values.get("level") or 1, act=values.get("act") or ""),
            field=values.get("field") or "",
            years=values.get("years") or 0,
            client=values.get("client") or "",
            provider=values.get("provider") or "",
            jurisdiction=values.get("jurisdiction") or "",
            zone=values.get("zone") or "UTC",
            languages=tuple((each.code, each.level) for each in languages if not each.skill),
            skills=tuple((each.code, each.level, each.skill) for each in languages if each.skill),
            software=tuple(each.code for each in values.get("software") or ()),
            systems=tuple(each.system for each in values.get("systems") or ()),
            trainings=tuple((each.code, each.version) for each in values.get("training") or ()),
            knows=tuple(each.jurisdiction for each in values.get("knows") or ()),
            degree_level=degree_level,
            degree_fields=degree_fields,
            credentials=tuple((each.kind, each.jurisdiction) for each in values.get("credentials") or ()),
            hours=hours,
            shared_min=values.get("shared_min") or 0,
            holds=values.get("holds") or (),
            places=values.get("places") or (),
            grants=values.get("grants") or (),
            prepared_by=tuple(prepared),
            until_on=values.get("until"),
            sources=tuple((condition, values["need"]) for condition in CONDITIONS),
        )
        found.append(Asked(values["need"], gate.Act(values.get("step") or "prepare"), need))
    return (() if faults else tuple(found)), tuple(faults)


CONDITIONS = ("level", "years", "degree", "credential", "language", "software", "system", "training", "knows", "hours", "apart", "person")


@dataclass(frozen=True)
class _Read:
    line: int
    values: Mapping[str, Any]


def _rows(data: bytes, columns: Mapping[str, Callable[[str], Any]], key: str) -> tuple[list[_Read], list[Fault]]:
    """The lines below the titles, typed; `key` is asked for in each and stands once."""
    table, findings = read_table(data, limits=LIMITS, refuse_formulas=True)
    if table is None or not table.rows:
        return [], [Fault(each.place.line or 1, each.place.field or "", TABLE(code=each.code)) for each in findings] or [Fault(1, "", NO_ROWS())]
    header, body = table.rows[0], table.rows[1:]
    titles = [_plain(cell) for cell in header.cells]
    faults = _titles(header, titles, columns, key)
    lines = {row.line for row in table.rows}
    faults += [Fault(each.place.line or 1, each.place.field or "", TABLE(code=each.code)) for each in findings if each.place.line in lines]
    rows: list[_Read] = []
    first: dict[str, int] = {}
    for row in body:
        if not any(str(cell).strip() for cell in row.cells):
            continue
        values: dict[str, Any] = {}
        for title, cell in zip(titles, row.cells, strict=False):
            if title in columns:
                _take(row, title, cell, columns[title], values, faults)
        name = values.get(key)
        if key in titles and not name and key not in {each.column for each in faults if each.line == row.line}:
            faults.append(Fault(row.line, key, NO_VALUE()))
        if name and (before := first.setdefault(name, row.line)) != row.line:
            faults.append(Fault(row.line, key, TWICE(name=name, line=before)))
        if name:
            rows.append(_Read(row.line, values))
    if not body:
        faults.append(Fault(header.line, "", NO_ROWS()))
    return rows, faults


def _titles(header: Row, titles: list[str], columns: Mapping[str, Any], key: str) -> list[Fault]:
    faults = []
    for at, title in enumerate(titles):
        if title and title not in columns:
            faults.append(Fault(header.line, title, UNKNOWN_COLUMN(column=title, columns=", ".join(columns))))
        elif title and title in titles[:at]:
            faults.append(Fault(header.line, title, COLUMN_TWICE(column=title)))
    return [*faults, *([Fault(header.line, key, NO_COLUMN(column=key))] if key not in titles else [])]


def _plain(cell: Cell) -> str:
    return "_".join(str(cell).strip().casefold().split())


def _take(row: Row, title: str, cell: Cell, reader: Callable[[str], Any], values: dict[str, Any], faults: list[Fault]) -> None:
    text = _text(cell)
    if not text:
        return
    if isinstance(cell, str) and cell.startswith("="):
        faults.append(Fault(row.line, title, FORMULA()))
        return
    try:
        values[title] = reader(text)
    except _Unread as unread:
        faults.append(Fault(row.line, title, NOT_READ(value=text[:80], kind=unread.kind, example=unread.example)))


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f")
    return str(cell).strip()


def _hours(values: Mapping[str, Any], row: _Read, faults: list[Fault]) -> WorkingHours | None:
    """Zone, window and calendar together; None where the window is unknown."""
    if values.get("hours") is None:
        return None
    start, end = values["hours"]
    name = values.get("zone")
    if name is None:
        faults.append(Fault(row.line, "zone", NO_VALUE()))
        return None
    calendar = values.get("holidays")
    if calendar is not None:
        return WorkingHours.on_weekdays(name, start, end, calendar)
    window = WorkingHours.daily(name, start, end).weekly[0]
    return WorkingHours(name, (window,) * 5 + ((), ()))


# Readers of a cell. Each raises _Unread with what would be right.


def _many(each: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    def read(text: str) -> tuple[Any, ...]:
        return () if text in ("-", "–") else tuple(each(part) for part in SPLIT.split(text) if part)

    return read


def _dated(text: str) -> tuple[str, dict[str, date | None]]:
    """What stands before the range of dates, and the range."""
    found = RANGE.search(text)
    if found is None:
        return text, {}
    try:
        since, until = (date.fromisoformat(part) if part else None for part in (found["since"], found["until"]))
    except ValueError as wrong:
        raise _Unread(N_("a range of dates"), "2024-01-01..2026-12-31") from wrong
    return text[: found.start()].strip(), {"valid_from": since, "valid_until": until}


def _name(text: str) -> str:
    return text


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise _Unread(N_("a whole number"), f"{least} - {most}")
        return int(text)

    return read


def _place(text: str) -> str:
    if not PLACE.fullmatch(text):
        raise _Unread(N_("a country or part of one"), "DE, US-NY")
    return text


def _zone(text: str) -> str:
    try:
        zone(text)
    except UnknownZone as wrong:
        raise _Unread(N_("a time zone"), "Europe/Sofia") from wrong
    return text


def _window(text: str) -> tuple[time, time]:
    found = WINDOW.fullmatch(text)
    try:
        assert found is not None
        start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        assert start != end
    except (AssertionError, ValueError) as wrong:
        raise _Unread(N_("a daily window"), "09:00-18:00") from wrong
    return start, end


def _calendar(text: str) -> Calendar:
    calendar = Calendar(text.upper())
    try:
        calendar.holiday(date(2026, 1, 1))
    except UnknownCalendar as wrong:
        raise _Unread(N_("a country or part of one whose holidays are known"), "IN-KA, US-NY") from wrong
    return calendar


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise _Unread(N_("a date"), "2026-12-31") from wrong


def _language(text: str) -> gate.Language:
    words, dates = _dated(text)
    parts = words.split()
    if (
        len(parts) not in (2, 3)
        or not re.fullmatch("[a-z]{2,3}", parts[0])
        or parts[1].upper() not in gate.CEFR
        or parts[2:] not in ([], ["speech"], ["writing"])
    ):
        raise _Unread(N_("a language with its level"), "de C1; en B2 speech")
    return gate.Language(code=parts[0], level=parts[1].upper(), skill=cast(Any, parts[2] if parts[2:] else ""), **dates)


def _credential(text: str) -> gate.Credential:
    words, proof = text, gate.Proof.SELF_DECLARED
    head, _, last = text.rpartition(" ")
    if last in PROOFS:
        words, proof = head, PROOFS[last]
    words, dates = _dated(words.strip())
    found = CREDENTIAL.fullmatch(words)
    if found is None:
        raise _Unread(N_("a credential"), "CPA @ US-NY 2020-01-01..2026-12-31 verified")
    return gate.Credential.stated(found["kind"], found["place"], dates.get("valid_from"), dates.get("valid_until"), proof, KEPT_SINCE)


def _experience(text: str) -> gate.Experience:
    words, dates = _dated(text)
    since = dates.get("valid_from")
    if not words or since is None:
        raise _Unread(N_("a field with the dates worked in it"), "bookkeeping 2018-03-01..")
    return gate.Experience(field=words, start_on=since, end_on=dates.get("valid_until"))


def _degree(text: str) -> gate.Degree:
    level, _, rest = text.partition(" ")
    field, _, title = rest.partition(":")
    if level not in ("5", "6", "7", "8") or not field.strip():
        raise _Unread(N_("a degree by ISCED level and field"), "7 Business: MBA")
    return gate.Degree(level=int(level), field=field.strip(), title=title.strip())


def _degree_asked(text: str) -> tuple[int, tuple[str, ...]]:
    level, _, rest = text.partition(" ")
    if level not in ("5", "6", "7", "8"):
        raise _Unread(N_("a degree by ISCED level and fields"), "6 Law / Accounting")
    return int(level), tuple(part.strip() for part in rest.split("/") if part.strip())


def _software(text: str) -> gate.Software:
    words, dates = _dated(text)
    return gate.Software(code=words, **dates)


def _system(text: str) -> gate.SystemAccess:
    words, dates = _dated(text)
    return gate.SystemAccess(system=words, **dates)


def _training(text: str) -> gate.Training:
    words, dates = _dated(text)
    code, _, version = words.rpartition(" v")
    return gate.Training(code=code or version, version=version if code else "", **dates)


def _knows(text: str) -> gate.Knows:
    words, dates = _dated(text)
    return gate.Knows(jurisdiction=_place(words), **dates)


def _grant(text: str) -> gate.Grant:
    words, dates = _dated(text)
    kind, *countries = words.replace(",", " ").split()
    return gate.Grant(kind=kind, countries=tuple(map(_place, countries)), valid_from=dates.get("valid_from"), valid_until=dates.get("valid_until"))


def _step(text: str) -> str:
    if text.casefold() not in {each.value for each in gate.Act}:
        raise _Unread(N_("a step"), ", ".join(each.value for each in gate.Act))
    return text.casefold()


PEOPLE: Mapping[str, Callable[[str], Any]] = {
    "name": _name, "mail": _name, "site": _name, "role": _name, "level": _whole(1, 5), "organization": _many(_name), "country": _place, "zone": _zone,
    "hours": _window, "holidays": _calendar, "languages": _many(_language), "software": _many(_software), "credentials": _many(_credential),
    "experience": _many(_experience), "degrees": _many(_degree), "training": _many(_training), "systems": _many(_system), "knows": _many(_knows),
    "walls": _many(_name), "operator": _name,
}  # fmt: skip
"""Columns of the sheet of people; mail, site and role are read past, so that the sheet that people are imported from may be given."""
NEEDS: Mapping[str, Callable[[str], Any]] = {
    "need": _name, "step": _step, "act": _name, "client": _name, "provider": _name, "jurisdiction": _place, "level": _whole(1, 5), "field": _name,
    "years": _whole(0, 60), "degree": _degree_asked, "languages": _many(_language), "software": _many(_software), "systems": _many(_system),
    "training": _many(_training), "knows": _many(_knows), "credentials": _many(_credential), "zone": _zone, "hours": _window, "holidays": _calendar,
    "shared_min": _whole(0, 1440), "holds": _many(_name), "places": _many(_place), "grants": _many(_grant), "prepared_by": _many(_name), "until": _day,
}  # fmt: skip
"""Columns of the sheet of needs: `step` is what is done (prepare, review, sign, read, bill), `act` the reserved act that it is, where it is one."""
