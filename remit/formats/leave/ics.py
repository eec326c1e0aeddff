"""Events of an iCalendar file (RFC 5545): whole days and spans, repetitions within a window, exceptions and cancellations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from remit.domain.line import Finding
from remit.formats.leave.rules import found
from remit.formats.leave.values import LeaveRow, kind_of

MOST_ROWS, MOST_TIMES, MOST_DAYS = 400, 200, 400
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
Window = tuple[date, date]
"""First day that is read, and the first that is not."""


class _Fault(Exception):
    """What is wrong with one event."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def read_ics(data: bytes, window: Window) -> tuple[tuple[LeaveRow, ...], tuple[str, ...], tuple[Finding, ...]]:
    """(rows, every uid that is spoken of, findings). Events outside the window are left out and counted."""
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(data, multiple=True)
    except Exception as broken:
        return (), (), (found("broken", None, why=_why(broken)),)
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if not events:
        return (), (), (found("no_event", None),)
    lines = [number for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1) if line.strip().upper() == "BEGIN:VEVENT"]
    return _read(events, lines + [0] * len(events), window, any(str(calendar.get("METHOD", "")).upper() == "CANCEL" for calendar in calendars))


def _read(
    events: Sequence[Any], lines: Sequence[int], window: Window, all_cancelled: bool
) -> tuple[tuple[LeaveRow, ...], tuple[str, ...], tuple[Finding, ...]]:
    rows: list[LeaveRow] = []
    findings: list[Finding] = []
    uids: dict[str, None] = {}
    outside = 0
    moved = {(_uid(event), _local(event.get("RECURRENCE-ID").dt)) for event in events if _has_time(event, "RECURRENCE-ID")}
    for event, line in zip(events, lines, strict=False):
        uid = _uid(event)
        if uid:
            uids[uid] = None
        if all_cancelled or str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        try:
            for begins, ends in _times(event, moved, window):
                if _local(ends).date() < window[0] or _local(begins).date() >= window[1]:
                    outside += 1
                    continue
                rows.append(_row(event, line, uid, begins, ends))
                if len(rows) > MOST_ROWS:
                    return (), tuple(uids), (*findings, found("too_many", line, most=MOST_ROWS))
        except _Fault as fault:
            findings.append(found(fault.code, line, "", **fault.values))
        except (ValueError, TypeError, AttributeError, OverflowError) as broken:
            findings.append(found("broken", line, why=_why(broken)))
    if outside:
        findings.append(found("outside", None, count=outside, first=window[0], last=window[1]))
    return tuple(rows), tuple(uids), tuple(findings)


def _times(event: Any, moved: set[tuple[str, datetime]], window: Window) -> Iterator[tuple[Any, Any]]:
    """(begin, end) of each time that it takes place: dates for whole days, else datetimes."""
    if not _has_time(event, "DTSTART"):
        raise _Fault("no_begin")
    begins = event.get("DTSTART").dt
    length = _length(event, begins)
    if length < timedelta(0) or (not length and isinstance(begins, datetime)):
        raise _Fault("order")
    if length > timedelta(days=MOST_DAYS):
        raise _Fault("too_long", most=MOST_DAYS)
    if event.get("RRULE") is None or event.get("RECURRENCE-ID") is not None:
        yield begins, begins + length
        return
    left_out = {_local(each.dt) for dates in _listed(event.get("EXDATE")) for each in dates.dts}
    count = 0
    for local in _repeated(event, begins, window, length):
        if local in left_out or (_uid(event), local) in moved:
            continue
        count += 1
        if count > MOST_TIMES:
            raise _Fault("too_often", most=MOST_TIMES)
        start = local.date() if not isinstance(begins, datetime) else local.replace(tzinfo=begins.tzinfo)
        yield start, start + length


def _repeated(event: Any, begins: Any, window: Window, length: timedelta) -> Iterator[datetime]:
    """By the rule, on the event's own clock, from shortly before the window to its end."""
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

    rule = event.get("RRULE")
    text = rule.to_ical().decode()
    if isinstance(rule, list) or str(rule.get("FREQ", [""])[0]).upper() not in FREQUENCIES or any(name in rule for name in ("BYSECOND", "BYMINUTE", "BYHOUR")):
        raise _Fault("recurs", text=text[:80])
    if until := rule.get("UNTIL"):
        last = until[0]
        if isinstance(last, datetime):
            last = last.astimezone(getattr(begins, "tzinfo", None) or UTC).replace(tzinfo=None) if last.tzinfo else last
        else:
            last = datetime.combine(last, time.max)
        parts = [part for part in text.split(";") if not part.startswith("UNTIL=")]
        text = ";".join([*parts, f"UNTIL={last:%Y%m%dT%H%M%S}"])
    start = _local(begins)
    repeated = rrulestr(text, dtstart=start)
    since = datetime.combine(window[0], time()) - length
    yield from repeated.between(max(since, start), datetime.combine(window[1], time()), inc=True)


def _length(event: Any, begins: Any) -> timedelta:
    if _has_time(event, "DTEND"):
        ends = event.get("DTEND").dt
        if isinstance(ends, datetime) != isinstance(begins, datetime):
            raise _Fault("order")
        length = ends - begins
    elif event.get("DURATION") is not None:
        length = event.get("DURATION").dt
    else:
        length = timedelta(0)
    if not isinstance(begins, datetime):
        return max(length, timedelta(days=1)) if length >= timedelta(0) else length
    assert isinstance(length, timedelta)
    return length


def _row(event: Any, line: int, uid: str, begins: Any, ends: Any) -> LeaveRow:
    said = " ".join(str(event.get("SUMMARY", "")).split())[:200]
    categories = " ".join(str(part) for each in _listed(event.get("CATEGORIES")) for part in getattr(each, "cats", [each]))
    people = [*_listed(event.get("ORGANIZER")), *_listed(event.get("ATTENDEE"))]
    is_day = not isinstance(begins, datetime)
    return LeaveRow(
        line=line,
        begins_on=begins if is_day else None,
        ends_on=ends if is_day else None,
        begins_at=None if is_day else begins.replace(second=0, microsecond=0),
        ends_at=None if is_day else ends.replace(second=0, microsecond=0),
        mails=tuple(dict.fromkeys(str(each).casefold().removeprefix("mailto:")[:200] for each in people))[:20],
        said=said,
        kind=kind_of(categories, said) or "other",
        note=said[:300],
        uid=uid,
    )


def _uid(event: Any) -> str:
    return str(event.get("UID", ""))[:255]


def _has_time(event: Any, name: str) -> bool:
    return isinstance(getattr(event.get(name), "dt", None), date)


def _local(at: Any) -> datetime:
    """On its own clock, without the zone: as repetitions are counted."""
    return at.replace(tzinfo=None) if isinstance(at, datetime) else datetime.combine(at, time())


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _why(broken: Exception) -> str:
    return " ".join(str(broken).split())[:120] or type(broken).__name__
