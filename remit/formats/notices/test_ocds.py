"""OCDS: facts read by eye in real releases, packages and records of every shape, and the repair of lost line breaks."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from remit.domain.money import Money
from remit.formats.notices.damage import repaired
from remit.formats.notices.notice import Notice, NoticeFile
from remit.formats.notices.reading import read


def file_of(value: Any) -> NoticeFile:
    file, findings = read(json.dumps(value).encode(), "made.json")
    assert file is not None, findings
    return file


def release(**more: Any) -> dict[str, Any]:
    return {"ocid": "ocds-1", "id": "1", "date": "2024-03-01T00:00:00Z", "tag": ["tender"], "tender": {"title": "T", "description": "D"}, **more}


def one(**more: Any) -> Notice:
    return file_of(release(**more)).notices[0]


def codes_of(notice: Notice) -> set[str]:
    return {finding.code for finding in notice.suspicions}


@pytest.fixture(scope="module")
def demo(shared_data: Path) -> NoticeFile:
    file, findings = read((shared_data / "demo" / "ocds_uk_kpo_demo.json").read_bytes(), "demo.json")
    assert file is not None
    assert findings == ()
    return file


def test_an_award_for_a_financial_model(demo: NoticeFile) -> None:
    notice = demo.notices[0]
    assert notice.stage.value == "award"
    assert notice.title
    assert notice.title.value == "WNC PFI Finance Remodelling"
    assert dict(notice.title.place.path) == {"line": 21, "pointer": "/releases/0/tender/title", "field": "tender/title"}
    (buyer,) = notice.buyers
    assert buyer.name
    assert buyer.name.value == "West Northamptonshire Council"
    assert buyer.country
    assert (buyer.country.value, buyer.country.verbatim, buyer.country.certainty) == ("GB", "England", "derived")
    assert notice.cpv
    assert notice.cpv.code.value == "66170000"
    assert notice.value
    assert notice.value.value == Money(Decimal(35000), "GBP")
    assert notice.start
    assert notice.start.value == date(2025, 2, 27)
    assert notice.published
    assert notice.published.value == datetime(2025, 3, 11, 13, 9, 16, tzinfo=UTC)
    (award,) = notice.awards
    assert [supplier.name.value for supplier in award.suppliers] == ["RSM UK Ltd"]
    assert notice.hint.service == "investment"


def test_a_platform_is_no_legal_service(demo: NoticeFile) -> None:
    notice = demo.notices[1]
    assert notice.title
    assert notice.title.value == "Lexis +"
    assert notice.hint.service == ""
    assert "object.product" in codes_of(notice)
    assert "service" in notice.missing


def test_lots_criteria_and_days(demo: NoticeFile) -> None:
    notice = demo.notices[8]
    assert notice.title
    assert notice.title.value == "HR & Legal Advice Support Services"
    assert [(c.kind.value, c.weight.value, c.lot) for c in notice.criteria if c.weight] == [("quality", "70%", "1"), ("price", "30%", "1")]
    assert notice.duration
    assert (notice.duration.value, notice.duration.verbatim) == (36, "1080 days")
    assert notice.lots[0].renewals[0].value == "Up to 2 periods of 12 months each"
    assert [language.value for language in notice.languages] == ["en", "cy"]
    assert notice.deadline
    assert notice.deadline.value == datetime(2025, 3, 24, 12, tzinfo=UTC)
    assert notice.more[0].value.startswith("eTenderWales access codes:\nProject_58645\nItt_115836\nNOTE:")
    assert notice.more[0].verbatim.startswith("eTenderWales access codes:rn Project_58645rn Itt_115836rn NOTE:")
    assert "task.needs_presence" in codes_of(notice)


def test_vat_where_the_text_says_it(demo: NoticeFile) -> None:
    notice = demo.notices[11]
    assert notice.value
    assert notice.value.value == Money(Decimal("160000.0"), "GBP")
    assert notice.vat
    assert (notice.vat.value, notice.vat.certainty) == ("excluded", "derived")
    assert "exclusive of VAT" in notice.vat.verbatim


def test_the_large_file_is_read_whole(shared_data: Path) -> None:
    file, findings = read((shared_data / "dev" / "ocds_uk_other_dev.json").read_bytes(), "other.json")
    assert file is not None
    assert len(file.notices) == 211
    assert findings == ()
    assert all(notice.title and notice.buyers and notice.cpv for notice in file.notices)
    works = [notice for notice in file.notices if notice.nature and notice.nature.value == "works"]
    assert len(works) == 36
    assert all(notice.hint.verdict == "none" and "object.works" in codes_of(notice) for notice in works)


def test_packages_records_and_single_releases() -> None:
    full = release()
    for whole in (
        full,
        [full],
        {"releases": [full]},
        {"records": [{"ocid": "ocds-1", "compiledRelease": full}]},
        {"records": [{"ocid": "ocds-1", "releases": [full]}]},
    ):
        assert [notice.title and notice.title.value for notice in file_of(whole).notices] == ["T"]


def test_a_record_of_links_only() -> None:
    linked = {"ocid": "ocds-2", "releases": [{"url": "https://example.invalid/1", "date": "2024-01-01T00:00:00Z", "tag": ["tender"]}]}
    file, findings = read(json.dumps({"records": [linked]}).encode(), "links.json")
    assert file is None
    assert [(finding.code, finding.values["count"]) for finding in findings] == [("notice.linked_only", 1)]
    file, findings = read(json.dumps({"records": [linked, {"ocid": "ocds-1", "compiledRelease": release()}]}).encode(), "links.json")
    assert file is not None
    assert len(file.notices) == 1
    assert [finding.code for finding in findings] == ["notice.linked_record"]


@pytest.mark.parametrize(
    ("tags", "status", "stage"),
    [
        (["planning"], "planned", "planning"),
        (["tender"], "active", "tender"),
        (["tender"], "cancelled", "cancelled"),
        (["tenderUpdate"], "active", "change"),
        (["award", "contract"], "complete", "contract"),
        (["tenderCancellation"], "cancelled", "cancelled"),
        (["compiled"], "active", "tender"),
    ],
)
def test_stages(tags: list[str], status: str, stage: str) -> None:
    assert one(tag=tags, tender={"title": "T", "status": status}).stage.value == stage


def test_the_same_release_twice() -> None:
    file, findings = read(json.dumps({"releases": [release(), release()]}).encode(), "twice.json")
    assert file is not None
    first, second = file.notices
    assert findings == ()
    assert "notice.duplicate_id" not in codes_of(first)
    assert "notice.duplicate_id" in codes_of(second)


def test_criteria_of_the_extensions() -> None:
    criteria = {"criteria": [{"type": "price", "numbers": [{"number": 40, "weight": "percentageExact"}]}]}
    notice = one(tender={"title": "T", "awardCriteria": criteria})
    assert [(c.kind.value, c.weight.value) for c in notice.criteria if c.weight] == [("price", "40")]
    core = one(tender={"title": "T", "awardCriteria": "priceOnly"})
    assert [c.kind.value for c in core.criteria] == ["priceOnly"]


def test_wrong_types_are_said_and_passed_over() -> None:
    notice = one(tender={"title": {"en": "T"}, "value": {"amount": "12.50", "currency": "EUR"}, "lots": "none", "tenderPeriod": []})
    assert notice.title is None
    assert notice.value
    assert notice.value.value == Money(Decimal("12.50"), "EUR")
    wrong = [finding for finding in notice.suspicions if finding.code == "notice.wrong_type"]
    assert {dict(finding.place.path)["pointer"] for finding in wrong} == {"/tender/title", "/tender/lots", "/tender/tenderPeriod"}


@pytest.mark.parametrize(
    ("tender", "expected"),
    [
        ({"value": {"amount": 0, "currency": "GBP"}}, "value.zero"),
        ({"value": {"amount": 1, "currency": "GBP"}}, "value.placeholder"),
        ({"value": {"amount": 99999, "currency": "GBP"}}, "value.placeholder"),
        ({"value": {"amount": -5, "currency": "GBP"}}, "value.negative"),
        ({"value": {"amount": 1000}}, "value.no_currency"),
        ({"value": {"amount": 1000, "currency": "QQQ"}}, "value.unknown_currency"),
        ({"contractPeriod": {"startDate": "2025-02-01T00:00:00Z", "endDate": "2024-02-01T00:00:00Z"}}, "date.end_before_start"),
        ({"contractPeriod": {"startDate": "2025-02-30T00:00:00Z"}}, "date.impossible"),
        ({"tenderPeriod": {"endDate": "2024-02-01T12:00:00Z"}}, "deadline.past"),
        ({"tenderPeriod": {"endDate": "2024-04-01T12:00:00"}}, "deadline.no_zone"),
        ({"classification": {"scheme": "CPV", "id": "30200000"}, "mainProcurementCategory": "services"}, "cpv.product_code"),
        ({"classification": {"scheme": "CPV", "id": "7921"}}, "cpv.malformed"),
        ({"mainProcurementCategory": "works"}, "object.works"),
        ({"mainProcurementCategory": "goods"}, "object.supplies"),
        ({"legalBasis": {"scheme": "CELEX", "id": "32014L0023"}}, "price.is_revenue"),
        (
            {"value": {"amount": 5000, "currency": "EUR"}, "lots": [{"id": str(n), "value": {"amount": 4000, "currency": "EUR"}} for n in (1, 2)]},
            "value.lots_differ",
        ),
    ],
)
def test_doubts(tender: dict[str, Any], expected: str) -> None:
    sound = {"title": "Bookkeeping", "description": "Monthly bookkeeping of the accounts.", "tenderPeriod": {"endDate": "2024-04-01T12:00:00Z"}}
    assert expected not in codes_of(one(tender=sound))
    notice = one(tender={**sound, **tender})
    (found,) = [finding for finding in notice.suspicions if finding.code == expected]
    assert found.place.line == 1
    assert found.place.field


def test_a_text_in_another_language_than_stated() -> None:
    german = (
        "Die Stadt sucht für die Jahre 2025 und 2026 ein Unternehmen, das die Buchhaltung der Stadtwerke führt und die Abschlüsse mit den Prüfern abstimmt, "
        "wobei die Unterlagen im Haus bleiben und nicht an Dritte gegeben werden."
    )
    assert "text.language_differs" in codes_of(one(language="en", tender={"title": "T", "description": german}))
    assert "text.language_differs" not in codes_of(one(language="de", tender={"title": "T", "description": german}))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("25 Farringdon StreetrnLondonrnEC4A 4AB", "25 Farringdon Street\nLondon\nEC4A 4AB"),
        ("access codes:rn Project_58645rn Itt_115836", "access codes:\nProject_58645\nItt_115836"),
        ("our HQ inrn Pontypridd", "our HQ in\nPontypridd"),
        ("The northern return of a modern concern", "The northern return of a modern concern"),
        ("Woburn Road, Eastern Region.rnEnd", "Woburn Road, Eastern Region.\nEnd"),
        ("one.rnrnTwo", "one.\n\nTwo"),
    ],
)
def test_line_breaks_that_came_as_letters(raw: str, clean: str) -> None:
    assert repaired(raw)[0] == clean
