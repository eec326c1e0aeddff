"""What a brief takes over from a notice: nothing that it does not say, everything with its words and its place."""

from __future__ import annotations

import base64
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.apps.organizations.acting import BadInput
from remit.apps.sourcing import intake
from remit.apps.sourcing.kept import finding_of, value_of
from remit.apps.sourcing.models import Brief
from remit.domain.reasons import Reason
from remit.formats.notices import services
from remit.formats.notices.rules import RULES
from remit.lines import lines
from tests import world as worlds

TEXT = (
    "Running bookkeeping for two companies. About 1,900 invoices a month are recorded in SAP S/4HANA and DATEV. "
    "Accounting staff must be present: on-site presence in Munich every Tuesday."
)


def release(number: int = 1, **tender: Any) -> dict[str, Any]:
    """A made-up OCDS release."""
    return {
        "ocid": f"ocds-made-up-{number}", "id": f"{number}", "date": "2026-08-01T09:00:00+02:00", "language": "en", "tag": ["tender"],
        "initiationType": "tender",
        "buyer": {"name": "Halden Instruments GmbH", "id": "DE-1"},
        "parties": [{"id": "DE-1", "name": "Halden Instruments GmbH", "roles": ["buyer"], "address": {"locality": "München", "countryName": "Germany"}}],
        "tender": {
            "id": f"{number}", "title": f"Bookkeeping {number}", "description": TEXT, "status": "active", "mainProcurementCategory": "services",
            "classification": {"scheme": "CPV", "id": "79211100", "description": "Bookkeeping services"},
            "value": {"amount": 54000, "currency": "EUR"}, "tenderPeriod": {"endDate": "2026-09-01T12:00:00+02:00"},
            "contractPeriod": {"startDate": "2026-10-01T00:00:00+02:00", "endDate": "2028-09-30T00:00:00+02:00"},
        } | tender,
    }  # fmt: skip


def package(*releases: dict[str, Any]) -> bytes:
    return json.dumps({"uri": "https://example.org/p", "version": "1.1", "publishedDate": "2026-08-01T09:00:00Z", "releases": list(releases)}).encode()


def read(content: bytes, number: int | None = None) -> intake.Read:
    found = intake.read_notice("notice.json", content, number)
    assert isinstance(found, intake.Read), found
    return found


def test_what_it_says_is_an_answer_with_its_place() -> None:
    found = read(json.dumps(release()).encode())
    assert found.title == "Bookkeeping 1"
    assert {code: answer["value"] for code, answer in found.answers.items()} == {
        "service": "bookkeeping", "client_country": "DE", "start": "2026-10-01", "term_months": 24, "budget": {"amount": "54000", "currency": "EUR"},
    }  # fmt: skip
    assert all(answer["from"] == "notice" and answer["path"].startswith("/") and answer["quote"] and answer["mark"] for answer in found.answers.values())
    assert found.answers["start"]["certainty"] == "stated"
    assert (found.answers["term_months"]["certainty"], found.answers["term_months"]["how"]["code"]) == ("derived", "how.dates")
    assert value_of(found.notice["deadline"]).isoformat() == "2026-09-01T12:00:00+02:00"


def test_what_it_only_hints_at_stays_a_suggestion_and_the_rest_is_asked() -> None:
    found = read(json.dumps(release()).encode())
    (volume,) = found.notice["offers"]["hours_a_month"]
    assert volume["value"] is None
    assert "1,900 invoices a month" in volume["quote"]
    assert "hours_a_month" not in found.answers
    assert "DATEV" in found.notice["offers"]["software"][0]["quote"]
    assert not {"level", "language", "shared_min", "zone", "opens"} & set(found.answers)
    law = release(
        classification={"scheme": "CPV", "id": "79100000", "description": "Legal services"}, title="Legal advice", description="Legal advice in disputes."
    )
    hinted = read(json.dumps(law).encode())
    assert "service" not in hinted.answers
    assert [offer["value"] for offer in hinted.notice["offers"]["service"]] == ["legal_memo"]


def test_marks_stand_on_the_words_they_quote() -> None:
    notice = read(json.dumps(release()).encode()).notice
    by_number = {number: passage["text"][start:until] for passage in notice["passages"] for start, until, number in passage["marks"]}
    (volume,) = notice["offers"]["hours_a_month"]
    assert by_number[volume["mark"]] == volume["quote"]
    assert sorted(by_number) == list(range(1, len(by_number) + 1))
    for passage in notice["passages"]:
        spans = sorted((start, until) for start, until, _ in passage["marks"])
        assert all(0 <= start < until <= len(passage["text"]) for start, until in spans)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_doubts_keep_their_code_and_mark() -> None:
    found = read(json.dumps(release(value={"amount": 0, "currency": "EUR"})).encode())
    doubts = {row["code"]: row for row in found.notice["doubts"]}
    assert {"value.zero", "task.needs_presence"} <= set(doubts)
    assert "budget" not in found.answers
    assert all(finding_of(row).code in RULES for row in found.notice["doubts"])
    assert isinstance(doubts["task.needs_presence"]["mark"], int)


def test_of_several_notices_one_is_chosen() -> None:
    several = package(release(1), release(2), release(3))
    for number, code in ((None, "notice.several"), (0, "notice.no_such_number"), (4, "notice.no_such_number")):
        refused = intake.read_notice("n.json", several, number)
        assert isinstance(refused, Reason)
        assert refused.code == code
    assert read(several, 2).title == "Bookkeeping 2"
    assert (read(several, 3).notice["number"], read(several, 3).notice["of"]) == (3, 3)
    assert intake.titles("n.json", several) == ["Bookkeeping 1", "Bookkeeping 2", "Bookkeeping 3"]
    assert read(package(release(7))).title == "Bookkeeping 7"


def test_every_service_that_the_reader_names_leads_to_a_line_of_ours_or_to_none() -> None:
    named = {service for service, _words in services.OURS.values()}
    known = {intake.SERVICES.get(service, service) for service in named} - {"translation"}
    assert known <= set(lines())
    assert set(intake.SERVICES.values()) | set(intake.EXACT) <= set(lines())


@pytest.mark.parametrize(
    "content", [b"", b"{", b"<a/>", b"\x00\xff", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"[]", b'{"ocid": 1, "releases": []}', b"%PDF-1.7"]
)
def test_what_is_no_notice_says_so(content: bytes) -> None:
    refused = intake.read_notice("n", content, None)
    assert isinstance(refused, Reason)
    assert refused.code == "notice.unreadable"
    assert intake.titles("n", content) == []


@settings(max_examples=25, deadline=None)
@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=5).map(lambda v: json.dumps(v).encode())
)
def test_junk_is_never_an_error(content: bytes) -> None:
    assert isinstance(intake.read_notice("n", content, None), Reason | intake.Read)


def test_real_notices_are_read_and_none_is_invented(shared_data: Path) -> None:
    """Every answer is a value of the reader's own field, and the marks fit; among them those whose deadline names no zone."""
    files = sorted((shared_data / "dev" / "ted").glob("*.xml"))[::3] + sorted((shared_data / "dev" / "eforms").glob("c*.xml"))
    assert files
    for file in files:
        found = intake.read_notice(file.name, file.read_bytes(), 1)
        assert isinstance(found, intake.Read), (file.name, found)
        json.dumps(found.notice)
        assert set(found.answers) <= {"service", "client_country", "start", "term_months", "budget"}
        for passage in found.notice["passages"]:
            assert all(0 <= start < until <= len(passage["text"]) for start, until, _ in passage["marks"])


def test_a_notice_opens_a_brief_with_the_file_as_evidence(database: str) -> None:
    world = worlds.build()
    content = json.dumps(release())
    upload = {"name": "../../notice.json", "content": base64.b64encode(content.encode()).decode()}
    brief = world.do("petra", "import_notice", file=upload)
    with world.see("petra"):
        kept = Brief.objects.select_related("notice").get(id=brief.id)
        assert (kept.title, kept.service, kept.country, kept.notice.size) == ("Bookkeeping 1", "bookkeeping", "DE", len(content))
    several = base64.b64encode(package(release(1), release(2))).decode()
    with pytest.raises(BadInput) as bad:
        world.act("petra", "import_notice", file={"name": "n.json", "content": several})
    assert set(bad.value.errors) == {"number"}
    # An answer that is typed over is typed; what is left stays the notice's.
    world.do("petra", "answer_brief", brief=str(brief.id), answers={"start": "2026-11-01", "term_months": 24})
    with world.see("petra"):
        answers = Brief.objects.get(id=brief.id).answers
    assert (answers["start"]["from"], answers["term_months"]["from"]) == ("typed", "notice")
