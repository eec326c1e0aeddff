"""Typed answers: each kind is checked, all faults are said at once, and junk never passes as an answer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.models import Organization, Site
from remit.apps.sourcing.answers import on_file, taken, typed
from remit.domain import brief
from remit.lines import lines
from tests.world import ANSWERS


def faults(**answers: Any) -> dict[str, str]:
    with pytest.raises(BadInput) as bad:
        typed({"service": "bookkeeping"} | answers)
    return {code: reasons[0].code for code, reasons in bad.value.errors.items()}


def test_a_whole_brief_passes_and_its_need_can_be_asked() -> None:
    kept = {code: answer["value"] for code, answer in typed(ANSWERS).items()}
    assert kept["level"] == "2"
    assert kept["budget"] == {"amount": "110000", "currency": "EUR"}
    assert brief.missing(lines()["bookkeeping"], kept) == ()
    assert brief.need(lines()["bookkeeping"], kept, "c").shared_min == 240


@pytest.mark.parametrize(
    ("code", "value", "fault"),
    [
        ("nonsense", "1", "brief.not_asked"),
        ("bank_account", "DE17", "brief.not_asked"),
        ("client_country", "Germany", "brief.not_a_country"),
        ("client_country", "QQ", "brief.not_a_country"),
        ("language", "german", "brief.not_a_language"),
        ("level", "6", "brief.not_a_choice"),
        ("service", "astrology", "brief.not_a_choice"),
        ("zone", "Berlin", "brief.not_a_zone"),
        ("zone", "../etc/passwd", "brief.not_a_zone"),
        ("opens", "9", "brief.not_a_time"),
        ("opens", "24:00", "brief.not_a_time"),
        ("closes", "25:00", "brief.not_a_time"),
        ("start", "1.10.2026", "brief.not_a_date"),
        ("start", "0001-01-01", "brief.not_near"),
        ("term_months", "0", "brief.not_whole"),
        ("term_months", "1e9", "brief.not_whole"),
        ("shared_min", "240.5", "brief.not_whole"),
        ("shared_min", 1441, "brief.not_whole"),
        ("hours_a_month", "NaN", "brief.not_a_number"),
        ("hours_a_month", "-1", "brief.not_a_number"),
        ("hours_a_month", "1e400000", "brief.not_a_number"),
        ("budget", "12000", "brief.not_money"),
        ("budget", "12000 XYZ", "brief.not_money"),
        ("budget", {"amount": "-1", "currency": "EUR"}, "brief.not_money"),
        ("software", "x" * 2001, "brief.too_long"),
    ],
)
def test_what_is_no_answer_says_so(code: str, value: Any, fault: str) -> None:
    assert faults(**{code: value}) == {code: fault}


def test_all_faults_come_at_once_and_nothing_is_kept() -> None:
    assert set(faults(level="9", zone="x", start="soon", software="DATEV")) == {"level", "zone", "start"}


@pytest.mark.parametrize(
    ("code", "value", "kept"),
    [
        ("client_country", "de", "DE"), ("opens", "8:05", "08:05"), ("closes", "24:00", "24:00"), ("budget", "12 000,50 EUR".replace(" ", "", 1), None),
        ("hours_a_month", "12,5", "12.5"), ("hours_a_month", "0", 0), ("shared_min", "0", 0), ("software", "  ", None), ("language", "DE", "de"),
        ("inhouse_cost_year", "98000 eur", {"amount": "98000", "currency": "EUR"}),
    ],
)  # fmt: skip
def test_what_is_one_is_kept_plainly(code: str, value: Any, kept: Any) -> None:
    if code == "budget":
        kept = {"amount": "12000.50", "currency": "EUR"}
    assert typed({code: value})[code] == {"value": kept, "from": "typed"}


def test_a_day_that_begins_as_it_ends_is_none() -> None:
    assert faults(opens="09:00", closes="9:00") == {"closes": "brief.no_hours"}
    with pytest.raises(BadInput):
        typed({"closes": "09:00"}, {"opens": "09:00"})
    assert typed({"opens": "22:00", "closes": "06:00"})


codes = st.sampled_from([question.code for line in lines().values() for question in brief.questions(line)])


@given(st.dictionaries(codes, st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.text(max_size=3), max_size=2))))
def test_junk_is_an_answer_or_a_fault_and_never_an_error(answers: dict[str, Any]) -> None:
    wrong: set[str] = set()
    try:
        kept = typed(answers)
    except BadInput as bad:
        wrong, kept = set(bad.errors), {}
    assert wrong <= {*answers, "closes"}
    plain = {code: answer["value"] for code, answer in kept.items()}
    brief.need(lines()[plain.get("service") or "bookkeeping"], plain, "client")


def test_what_the_organization_has_on_file_is_offered_with_its_source() -> None:
    halden = Organization(name="Halden", country="DE")
    munich = Site(name="München", zone="Europe/Berlin", hours=[[], [[540, 1440]], [], [], [], [], []])
    assert on_file(halden, None) == {"client_country": {"value": "DE", "from": "organization"}}
    offered = on_file(halden, munich)
    assert {code: offer["value"] for code, offer in offered.items()} == {"client_country": "DE", "zone": "Europe/Berlin", "opens": "09:00", "closes": "24:00"}
    assert offered["zone"]["from"] == "site"
    assert taken(["opens"], halden, munich) == {"opens": offered["opens"]}
    night = on_file(halden, Site(name="Night", zone="Asia/Manila", hours=[[[1320, 1860]]] + [[]] * 6))
    assert (night["opens"]["value"], night["closes"]["value"]) == ("22:00", "07:00")
    with pytest.raises(BadInput):
        taken(["level"], halden, munich)


def test_a_country_whose_law_differs_by_part_is_asked_for_the_part() -> None:
    kept = typed({"service": "bookkeeping", "client_country": "GB", "client_part": "GB-SCT"})
    assert kept["client_part"] == {"value": "GB-SCT", "from": "typed"}
    for country, part in (("GB", "GB-TX"), ("DE", "GB-SCT"), ("DE", "DE-BY")):
        with pytest.raises(BadInput) as bad:
            typed({"client_country": country, "client_part": part})
        assert set(bad.value.errors) == {"client_part"}
    known = {"client_country": "GB", "client_part": "GB-SCT"}
    for posted in ({"client_country": "DE"}, {"client_country": "de", "client_part": "GB-SCT"}):
        assert typed(posted, known)["client_part"]["value"] is None, "the part goes with its country"
    assert "client_part" not in typed({"level": "2"}, known)
    leeds = Site(name="Leeds", country="GB", subdivision="ENG", zone="Europe/London", hours=[[[540, 1020]]] + [[]] * 6)
    assert on_file(Organization(name="Northwind", country="GB"), leeds)["client_part"] == {"value": "GB-EAW", "from": "site", "site": "Leeds"}
    assert "client_part" not in on_file(Organization(name="Halden", country="DE"), leeds)
