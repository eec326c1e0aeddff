"""The timeline of qualifications: what holds, what ran out, what was got in a year, in words as well."""

from datetime import date

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from remit.formats.pictures import Held, qualification_line
from remit.formats.words import Words

TODAY = date(2026, 11, 2)
days = st.dates(date(1950, 1, 1), date(2060, 1, 1))
some = st.lists(st.builds(Held, st.text(max_size=30), days, st.none() | days, st.sampled_from(["ok", "warn", "bad"]), st.booleans()), max_size=6)


def test_each_is_drawn_and_said() -> None:
    held = [
        Held("MBA, Business", date(2015, 1, 1), is_point=True),
        Held("CPA (US-NY)", date(2018, 3, 1), date(2026, 12, 31), "warn"),
        Held("Close 3", date(2024, 1, 1), date(2025, 1, 1), "bad"),
    ]
    drawn = qualification_line(held, TODAY, Words("en"), name="Ann <Smith>", key="q")
    assert "Qualifications of Ann &lt;Smith&gt;" in drawn
    assert "CPA (US-NY): from 1 Mar 2018 until before 31 Dec 2026" in drawn
    assert "MBA, Business: 2015" in drawn
    assert drawn.count('class="v-c4"') == 1
    assert "heute" in qualification_line(held, TODAY, Words("de"), name="Ann", key="q")


@given(some)
def test_whatever_is_held_it_is_xml_within_its_width(held: list[Held]) -> None:
    root = fromstring(qualification_line(held, TODAY, Words("en"), name="x", key="k"))
    for each in root.iter():
        for name in ("x", "x1", "x2", "width"):
            value = each.get(name)
            if value and value != "100%":
                assert -0.01 <= float(value.rstrip("%")) <= 100.01, (each.tag, name, value)
