"""Shared minutes: cases worked out by hand, the published transitions, and a minute-by-minute oracle."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.calendars import ZONES_VERSION, Calendar, UnknownZone, WorkingHours, overlap_min, overlap_year, shared_day, zone, zone_names, zones_by_country


def daily(text: str) -> WorkingHours:
    name, window = text.split()
    start, end = window.split("-")
    return WorkingHours.daily(name, time.fromisoformat(start), None if end == "24:00" else time.fromisoformat(end))


BY_HAND = [
    # New York is five hours behind UTC in November: its day is 19:30-03:30 in India, three hours before 22:30.
    ("Asia/Kolkata 13:30-22:30", "America/New_York 09:00-17:00", "2026-11-02", 180),
    # On the Friday before it is still four hours behind: 18:30-02:30.
    ("Asia/Kolkata 13:30-22:30", "America/New_York 09:00-17:00", "2026-10-30", 240),
    # Spring in New York: the window 01:00-05:00 lasts three hours; all of UTC's day covers it.
    ("America/New_York 01:00-05:00", "UTC 00:00-24:00", "2026-03-08", 180),
    # Autumn in New York: the same window lasts five.
    ("America/New_York 01:00-05:00", "UTC 00:00-24:00", "2026-11-01", 300),
    # Whole days of 23 and 25 hours.
    ("Europe/Berlin 00:00-24:00", "UTC 00:00-24:00", "2026-03-29", 1380),
    ("Europe/Berlin 00:00-24:00", "UTC 00:00-24:00", "2026-10-25", 1500),
    # Lord Howe moves by thirty minutes: 02:00 becomes 02:30 on 4 October 2026, and 02:00 becomes 01:30 on 5 April.
    ("Australia/Lord_Howe 00:00-06:00", "UTC 00:00-24:00", "2026-10-04", 330),
    ("Australia/Lord_Howe 00:00-06:00", "UTC 00:00-24:00", "2026-04-05", 390),
    # Casablanca keeps UTC in Ramadan 2026 (15 February to 22 March) and UTC+1 otherwise until September: 09:00-17:00 against Munich 09:00-18:00.
    ("Europe/Berlin 09:00-18:00", "Africa/Casablanca 09:00-17:00", "2026-02-13", 480),
    ("Europe/Berlin 09:00-18:00", "Africa/Casablanca 09:00-17:00", "2026-02-16", 480),
    ("Europe/Berlin 09:00-17:00", "Africa/Casablanca 09:00-17:00", "2026-02-16", 420),
    # Over midnight: Manila 22:00-07:00 is 10:00-19:00 in New York in summer (UTC-4), which shares 10:00-17:00.
    ("Asia/Manila 22:00-07:00", "America/New_York 09:00-17:00", "2026-07-01", 420),
    # The same from the other side: the window of the evening before still counts.
    ("America/New_York 09:00-17:00", "Asia/Manila 22:00-07:00", "2026-07-01", 420),
    # Date line: Kiritimati is a full day ahead of Honolulu, so the clocks agree.
    ("Pacific/Kiritimati 09:00-17:00", "Pacific/Honolulu 09:00-17:00", "2026-11-30", 480),
    # Apia never had 30 December 2011: an empty date.
    ("Pacific/Apia 00:00-24:00", "UTC 00:00-24:00", "2011-12-30", 0),
    # A window inside the skipped hour is read by the offset before the change (RFC 5545): 02:15-02:45 is 03:15-03:45, 07:15-07:45 UTC.
    ("America/New_York 02:15-02:45", "UTC 07:30-08:00", "2026-03-08", 15),
    # A window inside the repeated hour is its first pass: 01:15-01:45 EDT is 05:15-05:45 UTC.
    ("America/New_York 01:15-01:45", "UTC 05:30-06:00", "2026-11-01", 15),
    ("America/New_York 01:15-01:45", "UTC 06:00-07:00", "2026-11-01", 0),
    # B's windows of two days, 20:00-04:00, both touch A's day of 24 hours: 00:00-04:00 and 20:00-24:00.
    ("UTC 00:00-24:00", "UTC 20:00-04:00", "2026-05-05", 480),
    # Windows that only touch share nothing.
    ("Europe/London 09:00-13:00", "Europe/London 13:00-17:00", "2026-05-05", 0),
]


@pytest.mark.parametrize(("a", "b", "on", "minutes"), BY_HAND)
def test_by_hand(a: str, b: str, on: str, minutes: int) -> None:
    assert overlap_min(daily(a), daily(b), date.fromisoformat(on)) == minutes


def test_zones_are_the_pinned_ones() -> None:
    import tzdata  # type: ignore[import-untyped]

    assert tzdata.IANA_VERSION == ZONES_VERSION
    assert {"Africa/Casablanca", "Asia/Kolkata", "UTC"} <= zone_names()
    for name in ("Mars/Olympus", "../etc/passwd", "", "/etc/localtime", "asia/kolkata"):
        with pytest.raises(UnknownZone):
            zone(name)


def test_a_country_has_its_zones_under_todays_names() -> None:
    by_country = zones_by_country()
    assert by_country["IN"] == ("Asia/Kolkata",)
    assert by_country["NL"] == ("Europe/Amsterdam",)
    assert {name for names in by_country.values() for name in names} < zone_names()


def test_published_transitions(shared_data: Path) -> None:
    with (shared_data / "calendars" / "tz_transitions_2024_2027.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 60
    for row in rows:
        at = datetime.fromisoformat(row["utc_instant"])
        for instant, offset in ((at, row["offset_after_min"]), (at - timedelta(minutes=1), row["offset_before_min"])):
            if offset:
                assert instant.astimezone(zone(row["zone"])).utcoffset() == timedelta(minutes=int(offset)), row


ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Kiritimati", "Asia/Kathmandu"]
EDGES = [date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1), date(2026, 10, 4), date(2026, 4, 5), date(2026, 2, 15), date(2026, 3, 22)]
windows = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda window: window[0] != window[1])
places = st.builds(lambda name, window: (name, *window), st.sampled_from(ZONES), windows)
days = st.sampled_from(EDGES).flatmap(lambda day: st.integers(-2, 2).map(lambda n: day + timedelta(n))) | st.dates(date(2024, 1, 1), date(2027, 12, 31))


def minute_set(place: tuple[str, int, int], day: date) -> set[int]:
    """Every elapsed minute (since 1970) of the window that begins on the day, counted one by one in UTC."""
    name, start, end = place
    wall = [datetime.combine(day, time(minute // 60, minute % 60), zone(name)) for minute in (start, end)]
    if end < start:
        wall[1] += timedelta(1)
    first, last = (int(each.astimezone(UTC).timestamp()) // 60 for each in wall)
    minutes = set()
    while first < last:
        minutes.add(first)
        first += 1
    return minutes


def hours(place: tuple[str, int, int]) -> WorkingHours:
    name, start, end = place
    return WorkingHours.daily(name, time(start // 60, start % 60), time(end // 60, end % 60))


@settings(max_examples=150, deadline=None)
@given(places, places, days)
def test_as_counted_minute_by_minute(a: tuple[str, int, int], b: tuple[str, int, int], on: date) -> None:
    theirs = set().union(*(minute_set(b, on + timedelta(n)) for n in range(-3, 4)))
    assert overlap_min(hours(a), hours(b), on) == len(minute_set(a, on) & theirs)


@settings(max_examples=100, deadline=None)
@given(places, places, days, st.integers(1, 300))
def test_narrower_hours_never_share_more(a: tuple[str, int, int], b: tuple[str, int, int], on: date, cut: int) -> None:
    name, start, end = b
    length = (end - start) % 1440
    whole = overlap_min(hours(a), hours(b), on)
    if length > cut:
        assert overlap_min(hours(a), hours((name, start, (start + length - cut) % 1440)), on) <= whole
    assert 0 <= whole <= len(minute_set(a, on))


BAVARIA, KARNATAKA = Calendar("DE-BY"), Calendar("IN-KA")


def test_year() -> None:
    munich = WorkingHours.on_weekdays("Europe/Berlin", time(9), time(18), BAVARIA)
    bengaluru = WorkingHours.on_weekdays("Asia/Kolkata", time(10, 30), time(19, 30), KARNATAKA)
    year = overlap_year(munich, bengaluru, 2026)
    assert len(year.days) == 365
    assert [(stretch.day_from.isoformat(), stretch.shared_min) for stretch in year.stretches] == [("2026-01-02", 360), ("2026-03-30", 420), ("2026-10-26", 360)]
    assert (year.least_min, year.least_on, year.typical_min, year.most_min) == (360, date(2026, 1, 2), 420, 420)
    by_day = {day.on: day for day in year.days}
    assert by_day[date(2026, 1, 26)].kind == "off_b"
    assert by_day[date(2026, 1, 26)].holiday_b
    assert by_day[date(2026, 1, 26)].shared_min == 0
    assert by_day[date(2026, 10, 3)].kind == "off_a"
    assert by_day[date(2026, 1, 6)].holiday_a
    assert all(day.shared_min == overlap_min(munich, bengaluru, day.on) for day in year.days)


def test_weekends_differ() -> None:
    sofia = WorkingHours.on_weekdays("Europe/Sofia", time(9), time(17), Calendar("BG"))
    riyadh = WorkingHours.on_weekdays("Asia/Riyadh", time(8), time(16), Calendar("SA"))
    kinds = [shared_day(sofia, riyadh, date(2026, 6, 8) + timedelta(n)).kind for n in range(7)]
    assert kinds == ["normal", "normal", "normal", "normal", "off_b", "off_a", "off_a"]


def test_never_on_one_day() -> None:
    weekend = WorkingHours("UTC", ((), (), (), (), (), ((540, 1020),), ((540, 1020),)))
    week = WorkingHours("UTC", (((540, 1020),),) * 5 + ((), ()))
    year = overlap_year(weekend, week, 2026)
    assert (year.least_min, year.least_on, year.typical_min, year.stretches) == (None, None, None, ())


@pytest.mark.parametrize("window", [(-1, 60), (1440, 1500), (60, 60), (60, 30), (0, 1441)])
def test_windows_that_are_none(window: tuple[int, int]) -> None:
    with pytest.raises(ValueError):
        WorkingHours("UTC", ((window,),) * 7)


def test_same_start_and_end_is_said() -> None:
    with pytest.raises(ValueError, match="00:00-24:00"):
        WorkingHours.daily("UTC", time(9), time(9))


THROUGH_THE_CHANGES = {
    # New York changes twice a year, Chennai never does.
    ("America/New_York 09:00-17:00", "Asia/Kolkata 13:30-22:30"): {
        180: ("2024-03-08", "2024-11-04", "2025-03-07", "2025-11-03", "2026-03-06", "2026-11-02", "2027-03-12", "2027-11-08"),
        240: ("2024-03-11", "2024-11-01", "2025-03-10", "2025-10-31", "2026-03-09", "2026-10-30", "2027-03-15", "2027-11-05"),
    },
    ("Europe/London 09:00-17:00", "Asia/Manila 14:00-23:00"): {
        360: ("2024-03-28", "2024-10-28", "2025-03-28", "2025-10-27", "2026-03-27", "2026-10-26", "2027-03-26", "2027-11-01"),
        420: ("2024-04-01", "2024-10-25", "2025-03-31", "2025-10-24", "2026-03-30", "2026-10-23", "2027-03-29", "2027-10-29"),
    },
    # Casablanca went back an hour for Ramadan until 2026, and stands on Greenwich's hour from 20 September 2026 on.
    ("Europe/Berlin 09:00-17:00", "Africa/Casablanca 09:00-17:00"): {
        480: ("2024-03-08", "2024-10-28", "2025-02-21", "2025-10-27", "2026-02-13", "2026-03-23"),
        420: ("2024-03-11", "2024-04-15", "2025-02-24", "2025-04-07", "2026-02-16", "2026-03-30", "2026-09-18", "2026-10-26", "2027-03-26", "2027-11-01"),
        360: ("2024-04-01", "2025-03-31", "2026-09-21", "2027-03-29"),
    },
    ("Europe/Sofia 09:00-18:00", "Asia/Riyadh 08:00-17:00"): {
        420: ("2024-03-28", "2024-10-28", "2025-03-27", "2025-10-27", "2026-03-26", "2026-10-26", "2027-03-25", "2027-11-01"),
        480: ("2024-04-01", "2024-10-24", "2025-03-31", "2025-10-23", "2026-03-30", "2026-10-22", "2027-03-29", "2027-10-28"),
    },
}


@pytest.mark.parametrize("pair", THROUGH_THE_CHANGES, ids=" ".join)
def test_shared_minutes_are_exact_through_every_change_of_clocks_from_2024_to_2027(pair: tuple[str, str]) -> None:
    a, b = map(daily, pair)
    for minutes, days in THROUGH_THE_CHANGES[pair].items():
        assert {day: overlap_min(a, b, date.fromisoformat(day)) for day in days} == dict.fromkeys(days, minutes)


def test_friday_and_saturday_are_days_of_rest_in_riyadh() -> None:
    sofia = WorkingHours.on_weekdays("Europe/Sofia", time(9), time(18), Calendar("BG"))
    riyadh = WorkingHours.on_weekdays("Asia/Riyadh", time(8), time(17), Calendar("SA"))
    week = {
        shared_day(sofia, riyadh, date(2026, 11, 1) + timedelta(n)).on.isoformat(): shared_day(sofia, riyadh, date(2026, 11, 1) + timedelta(n))
        for n in range(7)
    }
    assert {on: (day.shared_min, day.kind) for on, day in week.items()} == {
        "2026-11-01": (0, "off_a"),
        **dict.fromkeys(("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"), (420, "normal")),
        "2026-11-06": (0, "off_b"),
        "2026-11-07": (0, "off_a"),
    }
