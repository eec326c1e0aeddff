"""Leave from calendars and sheets: days and spans, repetitions within bounds, faults at their lines; nothing raises."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.formats.leave import RULES, kind_of, read, template

FIRST, LAST = date(2027, 1, 1), date(2028, 7, 1)


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n".replace("\n", "\r\n").replace("\r\r", "\r") for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{head}{body}END:VCALENDAR\r\n".encode()


def rows(data: bytes, name: str = "leave.ics"):
    answer = read(data, name, FIRST, LAST)
    assert not [each for each in answer.findings if RULES[each.code].severity == "error"], answer.findings
    return answer.rows


DAYS = "UID:1\nSUMMARY:Maya Petrova: Urlaub\nDTSTART;VALUE=DATE:20270212\nDTEND;VALUE=DATE:20270215\nATTENDEE:mailto:Maya@rila.example"
SPAN = "UID:2\nSUMMARY:Doctor\nCATEGORIES:Sick\nDTSTART;TZID=Europe/Sofia:20270301T090000\nDTEND;TZID=Europe/Sofia:20270301T110000"


def test_whole_days_are_half_open_and_spans_keep_their_zone():
    days, span = rows(calendar(DAYS, SPAN))
    assert (days.begins_on, days.ends_on, days.kind, days.mails) == (date(2027, 2, 12), date(2027, 2, 15), "holiday", ("maya@rila.example",))
    assert (span.begins_at.astimezone(UTC), span.kind, span.begins_on) == (datetime(2027, 3, 1, 7, tzinfo=UTC), "sick", None)
    assert span.line == 11


def test_repetitions_stay_within_the_window_and_keep_the_clock_through_its_change():
    weekly = "UID:3\nSUMMARY:Course\nDTSTART;TZID=Europe/Sofia:20260105T090000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;UNTIL=20270501T000000Z"
    found = rows(calendar(weekly))
    assert found[0].begins_at.date() >= date(2026, 12, 28)
    assert {row.begins_at.hour for row in found} == {9}
    assert {row.begins_at.astimezone(UTC).hour for row in found} == {6, 7}
    assert all(row.ends_at - row.begins_at == timedelta(hours=2) for row in found)
    assert found[-1].begins_at.date() <= date(2027, 5, 1)


def test_exceptions_moved_and_cancelled_events():
    daily = "UID:4\nSUMMARY:Away\nDTSTART;VALUE=DATE:20270301\nRRULE:FREQ=DAILY;COUNT=5\nEXDATE;VALUE=DATE:20270302"
    moved = "UID:4\nSUMMARY:Away\nRECURRENCE-ID;VALUE=DATE:20270304\nDTSTART;VALUE=DATE:20270310"
    gone = "UID:5\nSTATUS:CANCELLED\nSUMMARY:Away\nDTSTART;VALUE=DATE:20270301"
    answer = read(calendar(daily, moved, gone), "leave.ics", FIRST, LAST)
    assert sorted(row.begins_on.day for row in answer.rows) == [1, 3, 5, 10]
    assert answer.uids == ("4", "5")


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("UID:1\nSUMMARY:x", "leave.no_begin"),
        ("UID:1\nDTSTART;VALUE=DATE:20270212\nDTEND;VALUE=DATE:20270210", "leave.order"),
        ("UID:1\nDTSTART:20270212T090000Z\nDTEND:20270212T080000Z", "leave.order"),
        ("UID:1\nDTSTART;VALUE=DATE:20270212\nDTEND;VALUE=DATE:20300210", "leave.too_long"),
        ("UID:1\nDTSTART:20270212T090000Z\nDURATION:PT1M\nRRULE:FREQ=SECONDLY", "leave.recurs"),
        ("UID:1\nDTSTART;VALUE=DATE:20270101\nRRULE:FREQ=DAILY", "leave.too_often"),
    ],
)
def test_what_is_wrong_is_said_at_the_event(event, code):
    answer = read(calendar(SPAN, event), "leave.ics", FIRST, LAST)
    assert [(each.code, each.place.line) for each in answer.findings] == [(code, 11)]
    assert all(RULES[each.code] for each in answer.findings)


def test_what_is_past_is_left_out_and_counted():
    answer = read(calendar(DAYS, DAYS.replace("2027", "2024")), "leave.ics", FIRST, LAST)
    assert len(answer.rows) == 1
    assert [(each.code, each.values["count"]) for each in answer.findings] == [("leave.outside", 1)]


@pytest.mark.parametrize("data", [b"", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"x" * 3_000_000])
def test_no_calendar(data):
    assert read(data, "leave.ics", FIRST, LAST).findings


SHEET = "person,from,until,kind,note\nMaya Petrova,2027-02-12,2027-02-14,Urlaub,Rila mountains\nelena@rila.example,2027-03-01,,sick,\n"


def test_a_sheet_names_the_last_day():
    maya, elena = rows(SHEET.encode(), "leave.csv")
    assert (maya.person, maya.begins_on, maya.ends_on, maya.kind) == ("Maya Petrova", date(2027, 2, 12), date(2027, 2, 15), "holiday")
    assert (elena.mails, elena.ends_on, elena.kind) == (("elena@rila.example",), date(2027, 3, 2), "sick")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_is_read_and_holds_nobody(form):
    assert rows(template(form), f"leave.{form}") == ()


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("name,from\nx,2027-01-01\n", "leave.column_missing", 1, "person"),
        ("person,from\n,2027-01-01\n", "leave.value_missing", 2, "person"),
        ("person,from\nx,\n", "leave.value_missing", 2, "from"),
        ("person,from\nx,soon\n", "leave.not_date", 2, "from"),
        ("person,from,until\nx,2027-02-02,2027-02-01\n", "leave.order", 2, "until"),
        ("person,from,kind\nx,2027-02-02,mood\n", "leave.not_kind", 2, "kind"),
        ("person,from\nx,03/04/2027\n", "leave.date_ambiguous", 2, "from"),
    ],
)
def test_each_fault_of_a_sheet_at_its_line_and_column(text, code, line, column):
    answer = read(text.encode(), "leave.csv", FIRST, LAST)
    assert (code, line, column) in [(each.code, each.place.line, dict(each.place.path).get("column", "")) for each in answer.findings]


def test_kinds_by_word():
    assert [kind_of(text) for text in ("Annual leave", "krank gemeldet", "Elternzeit", "Schulung", "Отпуск", "Killing time", "")] == [
        "holiday", "sick", "family", "training", "holiday", "", "",
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([calendar(DAYS, SPAN), SHEET.encode(), b""]), st.integers(0, 500), st.sampled_from(["a.ics", "a.csv"]))
def test_nothing_raises(junk, data, at, name):
    answer = read(data[:at] + junk + data[at:], name, FIRST, LAST)
    assert all(each.code in RULES for each in answer.findings)
