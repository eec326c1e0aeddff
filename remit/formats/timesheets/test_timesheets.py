"""Exports of time tools: told by their titles, read by each tool's own form, faults at line and column; nothing raises."""
# ruff: noqa: DTZ001 - tools write the time of a clock on the wall

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.formats.durations import clock, duration_min
from remit.formats.timesheets import RULES, read, template
from remit.formats.timesheets.read import clock_time

TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()\n"
    "Elena Koleva,elena@rila.example,Halden,Monthly close,Prepare,Bank entries,Yes,2026-11-03,09:25:02,2026-11-03,10:00:07,00:35:05,,\n"
    "Elena Koleva,elena@rila.example,Halden,Monthly close,,WI-7K3F-9QXM accruals,No,2026-11-03,23:30:00,2026-11-04,00:45:00,01:15:00,,\n"
)
CLOCKIFY = (
    "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,Start Time,End Date,End Time,Duration (h),Duration (decimal),"
    "Billable Rate (USD),Billable Amount (USD)\n"
    "Close,Halden,Entries,,Elena Koleva,,elena@rila.example,,Yes,11/13/2026,09:00:00 AM,11/13/2026,01:30:00 PM,04:30:00,4.50,50.00,225.00\n"
)
HARVEST = (
    "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,Last Name,Employee Id,Roles,Employee?,Billable Rate,"
    "Billable Amount,Cost Rate,Cost Amount,Currency,External Reference URL\n"
    "2026-11-03,Halden,Close,HAL,Review,Second look,1.33,Yes,No,No,Arun,Iyer,,,Yes,,,,,EUR,\n"
    '26.01.2027,Halden,Close,"",Review,Komma,"7,5",No,No,No,Arun,Iyer,,,Yes,,,,,EUR,\n'
)
KIMAI = (
    "Date,From,To,Duration,Rate,Internal rate,User,Username,Customer,Project,Activity,Description,Exported,Billable,Tags\n"
    "2026-11-03,09:00,10:30,5400,0,0,Elena Koleva,elena,Halden,Close,Coding,Entries,no,1,\n"
    "2026-11-04,,,3600,0,0,Elena Koleva,elena,Halden,Close,Coding,By hand,no,0,\n"
)
TEMPO = (
    "Issue Key,Issue summary,Hours,Work date,Username,Full name,Period,Account Key,Account Name,Activity Name,Work Description,Project Key,Project Name\n"
    "HAL-12,Close October,2.25,2026-11-03 09:00,elena,Elena Koleva,1126,HAL,Halden,Work,Matched the rest,HAL,Halden\n"
)


def rows(text: str, **more):
    answer = read(text.encode(), "export.csv", **more)
    assert not answer.errors, answer.findings
    return answer


def test_toggl_spans_and_what_is_not_billable():
    answer = rows(TOGGL)
    first, night = answer.rows
    assert answer.tool == "toggl"
    assert (first.person, first.mail, first.called) == ("Elena Koleva", "elena@rila.example", ("Halden", "Monthly close", "Prepare"))
    assert (first.begins, first.ends, first.minutes) == (datetime(2026, 11, 3, 9, 25), datetime(2026, 11, 3, 10), 35)
    assert (night.item, night.minutes, night.ends, night.unbilled) == ("WI-7K3F-9QXM", 75, datetime(2026, 11, 4, 0, 45), "Not billable (Toggl Track)")


def test_clockify_by_twelve_hours_and_month_first():
    (row,) = rows(CLOCKIFY).rows
    assert (row.begins, row.ends, row.minutes) == (datetime(2026, 11, 13, 9), datetime(2026, 11, 13, 13, 30), 270)


def test_harvest_decimal_hours_and_points_in_dates():
    first, second = rows(HARVEST).rows
    assert (first.person, first.done_on, first.minutes, first.begins) == ("Arun Iyer", date(2026, 11, 3), 80, None)
    assert (second.done_on, second.minutes, second.unbilled) == (date(2027, 1, 26), 450, "Not billable (Harvest)")


def test_kimai_spans_and_seconds():
    first, second = rows(KIMAI).rows
    assert (first.minutes, first.begins) == (90, datetime(2026, 11, 3, 9))
    assert (second.minutes, second.begins, second.unbilled) == (60, None, "Not billable (Kimai)")


def test_tempo_by_issue():
    (row,) = rows(TEMPO).rows
    assert (row.person, row.minutes, row.done_on, row.called) == ("Elena Koleva", 135, date(2026, 11, 3), ("Halden", "HAL", "HAL-12"))


def test_our_own_sheet_is_read_from_its_template():
    assert rows(template().decode("utf-8-sig")).rows == ()
    (row,) = rows("item;date;duration;note\nWI-7K3F-9QXM;2026-11-03;90 min;Call\n").rows
    assert (row.item, row.minutes, row.note) == ("WI-7K3F-9QXM", 90, "Call")


def test_a_workbook_with_real_dates_and_times():
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.append(["item", "date", "from", "until", "duration", "note"])
    page.append(["WI-7K3F-9QXM", date(2026, 11, 3), datetime(2026, 11, 3, 9), datetime(2026, 11, 3, 10, 15), None, "=1+1"])
    page.append(["WI-7K3F-9QXM", date(2026, 11, 4), None, None, 1.5, "Call"])
    book.save(kept := io.BytesIO())
    answer = read(kept.getvalue(), "time.xlsx")
    assert [finding.code for finding in answer.errors] == ["table.formula_refused"]
    assert [row.minutes for row in answer.rows][-1] == 90


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a,b\n1,2\n", "timesheet.unknown_tool", 1, ""),
        ("item,date,duration\nWI,2026-13-40,1:00\n", "timesheet.not_date", 2, "date"),
        ("item,date,duration\nWI,,1:00\n", "timesheet.value_missing", 2, "date"),
        ("item,date,duration\nWI,2026-11-03,soon\n", "timesheet.not_duration", 2, "duration"),
        ("item,date,duration\nWI,2026-11-03,25:00\n", "timesheet.not_duration", 2, "duration"),
        ("item,date,from,until\nWI,2026-11-03,9 o'clock,10:00\n", "timesheet.not_time", 2, "from"),
        ("item,date,from,until,duration\nWI,2026-11-03,09:00,,\n", "timesheet.runs", 2, "duration"),
        ("item,date,duration\nWI,03/04/2026,1:00\nWI,03/04/2026,1:00\n", "timesheet.date_ambiguous", 2, "date"),
    ],
)
def test_each_fault_at_its_line_and_column(text, code, line, column):
    answer = read(text.encode(), "export.csv")
    places = [(each.code, each.place.line, dict(each.place.path).get("column", "")) for each in answer.errors]
    assert (code, line, column) in places


def test_dates_that_nothing_tells_apart_are_read_as_told():
    text = "item,date,duration\nWI,03/04/2026,1:00\n"
    assert rows(text, dates="day_first").rows[0].done_on == date(2026, 4, 3)
    assert rows(text, dates="month_first").rows[0].done_on == date(2026, 3, 4)


def test_a_row_is_known_again_and_equal_rows_are_two():
    once, again = rows(TOGGL), rows(TOGGL)
    assert [row.key for row in once.rows] == [row.key for row in again.rows]
    line = TOGGL.splitlines()[1]
    twice = rows(f"{TOGGL}{line}\n")
    assert len({row.key for row in twice.rows}) == 3
    assert {row.key for row in once.rows} < {row.key for row in twice.rows}


@settings(max_examples=150)
@given(st.binary(max_size=400), st.sampled_from(["", TOGGL, CLOCKIFY, KIMAI]), st.integers(0, 600))
def test_nothing_raises(junk, text, at):
    data = text.encode()
    answer = read(data[:at] + junk + data[at:], "junk.csv")
    assert all(each.code in RULES for each in answer.findings)


@given(st.integers(1, 1440))
def test_what_is_written_in_a_field_is_read_again(minutes):
    assert duration_min(clock(minutes)) == minutes
    assert duration_min(f"{minutes} min") == minutes
    assert duration_min(f"{minutes // 60}h {minutes % 60}m") == minutes


DURATIONS = [("1.5", 90), ("1,25", 75), ("0:00:29", 0), ("0:00:30", 1), ("24:00", 1440), ("24:01", None), ("", None), ("-1", None), ("soon", None)]


@pytest.mark.parametrize(("text", "minutes"), DURATIONS)
def test_durations(text, minutes):
    assert duration_min(text) == minutes


def test_times_of_day():
    assert [clock_time(text) for text in ("12:00 AM", "12:15 PM", "9:05 pm", "24:00", "13:00 PM", "x")] == [
        datetime(1, 1, 1, 0).time(), datetime(1, 1, 1, 12, 15).time(), datetime(1, 1, 1, 21, 5).time(), None, None, None,
    ]  # fmt: skip
