"""What the first page says about bank statements."""

from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from remit.front.pages.check_statement import statement_answer

APART = b""":20:STARTUMS
:25:70020270/0012345678
:28C:7/1
:60F:C270111EUR18204,55
:61:2701120112C4310,00NTRFNONREF
:86:166?20RE 27-0118?32Lindner Feinmechanik
:61:2701120112D1140,00NTRFNONREF
:86:177?20RG 88213?21EUR 1.410,00?32Weiss Werkzeuge
:61:2701120112D96,40NCHGNONREF
:86:808?20Entgelt
:62F:C270112EUR21008,15
-
"""


def test_a_statement_that_does_not_foot_names_the_line_and_what_proves_it():
    answer = statement_answer("umsaetze.sta", APART)
    assert not answer.holds
    assert "line 7" in answer.title
    assert [(row.says, row.amount) for row in answer.rows if row.mark == "fault"] == [("Weiss Werkzeuge", "− 1,140.00")]
    assert answer.rows[-1].amount == "270.00"
    hits = [line for line in answer.excerpt if line.hit]
    assert [line.number for line in hits] == [7, 8]
    assert hits[0].marked == "1140,00"
    assert any(check.code == "bank.statement_foots" and check.mark == "bad" for check in answer.checks)


def test_with_the_right_amount_it_foots():
    answer = statement_answer("umsaetze.sta", APART.replace(b"D1140,00", b"D1410,00"))
    assert answer.holds
    assert answer.title == "It foots"
    assert all(check.mark in ("", "note") for check in answer.checks)


def test_it_is_said_in_german():
    with translation.override("de"):
        answer = statement_answer("umsaetze.sta", APART)
    assert answer.rows[-1].amount == "270,00"


@pytest.mark.parametrize("data", [b"", b"\0" * 5000, b"hello", b"PK\x03\x04junk", b"<!DOCTYPE x [<!ENTITY a 'b'>]><Document/>", b"\xff\xfe\x00", APART[:150]])
def test_junk_is_answered_in_words(data: bytes):
    answer = statement_answer("../../etc/<b>x", data)
    assert not answer.holds
    assert answer.title
    assert answer.checks
    shown = render_to_string("pages/answer.html", {"answer": answer.timed(0.2)})
    assert "&lt;b&gt;x" in shown


def test_every_real_statement_is_answered(shared_data: Path):
    files = [path for path in sorted(shared_data.glob("dev/bank_*/*")) if path.suffix in (".sta", ".xml", ".ofx")]
    assert len(files) > 20
    for path in files:
        answer = statement_answer(path.name, path.read_bytes())
        assert answer.title
        assert all(check.says for check in answer.checks), path.name
        assert path.name in render_to_string("pages/answer.html", {"answer": answer.timed(0.2)})
