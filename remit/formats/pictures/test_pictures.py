"""Pictures: well-formed, escaped, in the house's classes, within their width, and true to the figures."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from remit.domain.calendars import Calendar, WorkingHours, overlap_min, overlap_year
from remit.domain.money import Money
from remit.formats.pictures import Part, cost_bar, overlap_strip, year_strip
from remit.formats.pictures.now import Place, now_strip, together, windows_on
from remit.formats.words import Words

WORDS = Words("en")
MUNICH = WorkingHours.on_weekdays("Europe/Berlin", time(9), time(18), Calendar("DE-BY"))
BENGALURU = WorkingHours.on_weekdays("Asia/Kolkata", time(10, 30), time(19, 30), Calendar("IN-KA"))
NAMES = "viz strip year cost v-axis v-grid v-night v-over v-client v-staff v-off v-inbar v-oncl v-lab v-nw v-c1 v-c2 v-c3 v-c4 v-save v-bed v-now now"
CLASSES = set(NAMES.split(" "))
EURO = [Part("Fee", Money(Decimal(176_800), "EUR"), 1), Part("Own", Money(Decimal(12_376), "EUR"), 2)]


def drawn(svg: str) -> etree._Element:
    root = etree.fromstring(svg.encode())
    for element in root.iter():
        assert "style" not in element.attrib
        assert set((element.get("class") or "").split()) <= CLASSES
        x, width = element.get("x"), element.get("width")
        if element.tag == "rect" and x is not None and width is not None:
            assert 0 <= float(x[:-1]) <= float(x[:-1]) + float(width[:-1]) <= 100.02
    named = (root.get("aria-labelledby") or "").split()
    assert root.get("role") == "img"
    assert [root[0].get("id"), root[1].get("id")] == named
    assert root[0].text
    assert root[1].text
    return root


def boxes(root: etree._Element, css: str) -> list[tuple[str, str]]:
    return [(element.get("x") or "", element.get("width") or "") for element in root.iter("rect") if element.get("class") == css]


def test_strip_as_in_the_look() -> None:
    root = drawn(overlap_strip(MUNICH, BENGALURU, date(2026, 11, 10), WORDS, client_name="you", staff_name="Kaveri", key="kaveri"))
    assert boxes(root, "v-client") == [("37.50%", "37.50%")]
    assert boxes(root, "v-off") == [("25.00%", "12.50%")]
    assert boxes(root, "v-staff") == boxes(root, "v-over") == [("37.50%", "25.00%")]
    assert root[1].text == "On client time: client 09:00 to 18:00, Kaveri 06:00 to 15:00, together 6 h a day."


def test_strip_over_midnight() -> None:
    night = WorkingHours.daily("America/New_York", time(20), time(5))
    root = drawn(overlap_strip(night, MUNICH, date(2026, 11, 10), WORDS, client_name="you", staff_name="M", key="n"))
    assert boxes(root, "v-client") == [("0.00%", "20.83%"), ("83.33%", "16.67%")]
    assert "20:00 to 24:00" in (root[1].text or "")


def test_hostile_names() -> None:
    hostile = '<script>"&\x00\x1f'
    for svg in (
        overlap_strip(MUNICH, BENGALURU, date(2026, 11, 10), WORDS, client_name=hostile, staff_name=hostile, key='x" onload="'),
        year_strip(overlap_year(MUNICH, BENGALURU, 2026), WORDS, client_name=hostile, staff_name=hostile, key="<"),
        cost_bar([Part(hostile, Money(Decimal(1), "EUR"), 1)], None, WORDS, key="'"),
    ):
        assert "<script" not in svg
        drawn(svg)


def test_year_names_the_least_day() -> None:
    year = overlap_year(MUNICH, BENGALURU, 2026)
    root = drawn(year_strip(year, WORDS, client_name="Halden", staff_name="Kaveri", key="y"))
    assert len(boxes(root, "v-staff")) == 3
    assert "The least day is 2 Jan 2026 with 6 h." in [element.text for element in root.iter("text")]
    heights = [float(element.get("height") or 0) for element in root.iter("rect") if element.get("class") == "v-staff"]
    assert heights[1] == pytest.approx(52)
    assert heights[0] / heights[1] == pytest.approx(6 / 7, abs=0.001)
    assert len(boxes(root, "v-night")) == sum(1 for day in year.days if day.holiday_a or day.holiday_b)


def test_year_without_a_common_day() -> None:
    weekend = WorkingHours("UTC", ((), (), (), (), (), ((540, 1020),), ()))
    root = drawn(year_strip(overlap_year(weekend, MUNICH, 2026), WORDS, client_name="a", staff_name="b", key="y"))
    assert root[1].text is not None
    assert root[1].text.startswith("They never work on the same day.")


def test_cost() -> None:
    root = drawn(cost_bar(EURO, Money(Decimal(369_200), "EUR"), WORDS, key="c"))
    assert boxes(root, "v-c1") == [("0.00%", "47.79%")]
    assert boxes(root, "v-c2") == [("47.89%", "3.25%")]
    assert boxes(root, "v-save") == [("51.24%", "48.76%")]
    dear = drawn(cost_bar(EURO, Money(Decimal(100), "EUR"), WORDS, key="c"))
    assert boxes(dear, "v-save") == []
    assert boxes(dear, "v-c2")[0][1] == "6.44%"
    drawn(cost_bar([Part("Fee", Money(Decimal(0), "EUR"), 1)], None, WORDS, key="c"))
    with pytest.raises(ValueError):
        cost_bar([], None, WORDS, key="c")


def test_german() -> None:
    svg = cost_bar(EURO, None, Words("de"), key="c")
    assert "189.176,00" in svg


clocks = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))
zones = st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati", "Asia/Kathmandu"])
places = st.tuples(zones, clocks, clocks).filter(lambda place: place[1] != place[2]).map(lambda place: WorkingHours.daily(*place))


@settings(max_examples=60, deadline=None)
@given(places, places, st.sampled_from([date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1), date(2026, 6, 1)]))
def test_any_strip(client: WorkingHours, staff: WorkingHours, on: date) -> None:
    svg = overlap_strip(client, staff, on, WORDS, client_name="you", staff_name="they", key="k")
    drawn(svg)
    assert WORDS.duration(overlap_min(client, staff, on)) in svg


def test_classes_are_in_the_stylesheet() -> None:
    sheet = Path(__file__).resolve().parents[2] / "front" / "static" / "remit" / "viz.css"
    if not sheet.exists():
        pytest.skip("the stylesheet is not here")
    known = set(re.findall(r"\.(v-[a-z0-9]+)", sheet.read_text(encoding="utf-8")))
    assert {name for name in CLASSES if name.startswith("v-")} <= known


SOFIA = WorkingHours.on_weekdays("Europe/Sofia", time(9), time(18), Calendar("BG"))
NOW = datetime(2027, 2, 10, 8, 40, tzinfo=UTC)


def test_the_present_runs_through_every_place_on_one_clock() -> None:
    places = [Place("Munich", "Halden", MUNICH, "client"), Place("Sofia", "3 people", SOFIA), Place("Bengaluru", "2 people", BENGALURU)]
    root = drawn(now_strip(places, NOW, "Europe/Berlin", WORDS, clock_name="Berlin", key="k"))
    assert root[0].text == "Working hours today on Berlin time, now 09:40"
    assert root[1].text == "Munich 09:40: 09:00 to 18:00. Sofia 10:40: 08:00 to 17:00. Bengaluru 14:10: 06:00 to 15:00."
    lines = root.findall("{*}line") or root.findall("line")
    assert len(lines) == 3
    assert len({line.get("x1") for line in lines}) == 1


def test_what_all_share_is_in_every_window() -> None:
    windows = [windows_on(hours, NOW.date(), "Europe/Berlin") for hours in (MUNICH, SOFIA, BENGALURU)]
    assert together(windows) == [(540, 900)]
    assert together([]) == []
    assert together([*windows, []]) == []
    assert windows_on(MUNICH, date(2027, 2, 13), "Europe/Berlin") == [], "a Saturday"


@given(st.integers(1767225600, 1830297600), st.sampled_from(["Pacific/Auckland", "America/Los_Angeles", "UTC", "Asia/Kolkata"]))
@settings(max_examples=60, deadline=None)
def test_any_instant_on_any_clock_stays_within_the_picture(second: int, clock: str) -> None:
    night = WorkingHours.daily("Asia/Manila", time(22), time(6))
    places = [Place("A", "", MUNICH), Place("B", "", night), Place("C", "", BENGALURU)]
    drawn(now_strip(places, datetime.fromtimestamp(second, UTC), clock, WORDS, clock_name="x", key="k"))
