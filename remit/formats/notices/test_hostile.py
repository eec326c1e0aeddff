"""Junk, cut, flipped and hostile files: always an answer with line and field, never an exception."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.formats.notices.as_json import as_json
from remit.formats.notices.as_text import as_text
from remit.formats.notices.reading import read
from remit.formats.notices.rules import RULES
from remit.formats.words import Words

WORDS = Words("en")
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answered(data: bytes) -> None:
    """Either notices that can be written out, or at least one error that says where."""
    file, findings = read(data, "file")
    if file is None:
        assert any(RULES[finding.code].severity == "error" for finding in findings)
        for finding in findings:
            assert finding.place.line
            assert finding.place.field
            assert WORDS.finding(finding, RULES[finding.code]).encode()
    else:
        assert file.notices
        for notice in file.notices:
            assert json.dumps(as_json(notice, "file", findings, WORDS), ensure_ascii=False).encode()
            assert as_text(notice, "file", WORDS).encode()


def originals(shared_data: Path) -> list[bytes]:
    release = json.loads((shared_data / "demo" / "ocds_uk_kpo_demo.json").read_bytes())["releases"][8]
    names = ("dev/eforms/can_24_LSBU.xml", "dev/ted/048329-2019.xml", "dev/ted/303498-2021.xml", "dev/ted/140749-2018.xml")
    return [json.dumps(release, ensure_ascii=False).encode(), *((shared_data / name).read_bytes() for name in names)]


@QUICK
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_junk(data: bytes) -> None:
    answered(data)
    answered(b'{"ocid":"x","tag":["tender"],"tender":' + data + b"}")
    answered(b"<TED_EXPORT><FORM_SECTION>" + data + b"</FORM_SECTION></TED_EXPORT>")


@QUICK
@given(data=st.data())
def test_cut_and_flipped(shared_data: Path, data: st.DataObject) -> None:
    original = data.draw(st.sampled_from(originals(shared_data)))
    changed = bytearray(original[: data.draw(st.integers(0, len(original)))])
    for _ in range(data.draw(st.integers(0, 8))):
        if changed:
            changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    answered(bytes(changed))


NONSENSE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["2024-02-30", "CPV", "1e400", "EUR", "tender", "79211000"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "title", "amount", "currency", "value", "lots", "items", "startDate", "criteria"]), inner, max_size=4)
    ),
    max_leaves=8,
)
NAMES = ["tender", "awards", "contracts", "parties", "buyer", "planning", "tag", "date", "language", "relatedProcesses", "bids"]


@QUICK
@given(
    st.dictionaries(st.sampled_from(NAMES), NONSENSE, min_size=1),
    st.dictionaries(
        st.sampled_from(["title", "value", "lots", "items", "documents", "tenderPeriod", "awardCriteria", "classification", "submissionTerms", "techniques"]),
        NONSENSE,
    ),
)
def test_well_formed_nonsense(release: dict[str, Any], tender: dict[str, Any]) -> None:
    answered(json.dumps({"ocid": "ocds-1", "tag": ["tender"], **release}).encode())
    answered(json.dumps({"ocid": "ocds-1", "tag": ["tender"], "tender": tender}).encode())


BOMB = b'<?xml version="1.0"?>\n<!DOCTYPE TED_EXPORT [\n<!ENTITY a "aaaaaaaaaa">\n<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">\n]>\n<TED_EXPORT>&b;</TED_EXPORT>'


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "notice.empty_file", 1),
        (b" \n ", "notice.empty_file", 1),
        (BOMB, "notice.doctype", 2),
        (b"<!-- a -->\n\n<!DOCTYPE html><html/>", "notice.doctype", 3),
        ('<?xml version="1.0" encoding="UTF-16"?>\n<!DOCTYPE a><a/>'.encode("utf-16"), "notice.doctype", 2),
        (b"<TED_EXPORT>\n<a></b></TED_EXPORT>", "notice.malformed_xml", 2),
        (b"<TED_EXPORT>&bomb;</TED_EXPORT>", "notice.malformed_xml", 1),
        (b"<a>" * 100_000, "notice.malformed_xml", 1),
        (b"<Invoice/>", "notice.unknown_form", 1),
        (b"<TED_EXPORT/>", "notice.no_form", 1),
        (b'<TED_EXPORT><FORM_SECTION><F99_2014 FORM="F99"/></FORM_SECTION></TED_EXPORT>', "notice.unknown_form", 1),
        (b'{"ocid":"x",\n"tag":["tender"],}', "notice.malformed_json", 2),
        (b"[" * 100_000, "notice.too_deep", 1),
        (b'{"ocid":"x","tag":["tender"],\n"tender":{"value":{"amount":NaN}}}', "notice.not_a_number", 2),
        (b'{"ocid":"x","tag":["tender"],\n"tender":{"value":{"amount":-Infinity}}}', "notice.not_a_number", 2),
        ('{"ocid":"é"}'.encode("latin-1"), "notice.encoding", 1),
        (b'{"ocid":"x"}', "notice.no_release", 1),
        (b'{"hello":"world"}', "notice.unknown_form", 1),
        (b"%PDF-1.7", "notice.unknown_format", 1),
        (b"PK\x03\x04\x00\x00", "notice.unknown_format", 1),
        (b"null", "notice.unknown_format", 1),
    ],
)
def test_refused_at_its_line(data: bytes, code: str, line: int) -> None:
    file, findings = read(data, "bad")
    assert file is None
    assert [(finding.code, finding.place.line) for finding in findings] == [(code, line)]
    assert findings[0].place.field


def test_characters_that_no_text_may_hold() -> None:
    file, findings = read(b'{"ocid":"x","tag":["tender"],\n"tender":{"title":"a\\ud800b\\u0000c","description":"\\ud83d\\ude00"}}', "odd.json")
    assert file is not None
    assert [(finding.code, finding.place.line) for finding in findings] == [("notice.broken_text", 2)]
    (notice,) = file.notices
    assert notice.title
    assert notice.title.value == "a\ufffdb\ufffdc"
    assert notice.description
    assert notice.description.value == "\U0001f600"


@pytest.mark.parametrize("amount", ["1e999999999", "9" * 5000, '"12 apples"', "1e-50"])
def test_huge_and_odd_amounts(amount: str) -> None:
    file, _ = read(f'{{"ocid":"x","tag":["tender"],"tender":{{"value":{{"amount":{amount},"currency":"EUR"}}}}}}'.encode(), "huge.json")
    assert file is not None
    assert file.notices[0].value is None
    assert "value.impossible" in {finding.code for finding in file.notices[0].suspicions}


@pytest.mark.parametrize(
    "text", ["9,9," * 40_000, "a" * 200_000, "rn" * 60_000, "SAP. " * 40_000, "per month " * 20_000, "1 senior licensed auditor a year, " * 5_000]
)
def test_long_texts_take_no_longer_than_their_length(text: str) -> None:
    """Some ten times what it takes on a slow machine; a search that goes back over the text would take hours."""
    begun = time.perf_counter()
    answered(json.dumps({"ocid": "x", "tag": ["tender"], "tender": {"title": "T", "description": text}}).encode())
    assert time.perf_counter() - begun < 10


def test_a_name_that_stands_twice() -> None:
    file, findings = read(b'{"ocid":"x","tag":["tender"],"tender":{"title":"one",\n"title":"two"}}', "twice.json")
    assert file is not None
    assert [(finding.code, finding.values["key"], finding.place.line) for finding in findings] == [("notice.duplicate_key", "title", 2)]
    assert file.notices[0].title
    assert file.notices[0].title.value == "two"
