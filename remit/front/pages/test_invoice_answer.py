"""What the first page says about e-invoices, and how they are kept."""

from pathlib import Path

import pytest

from remit.apps.work.kept_invoice import looked_at
from remit.formats.invoices.test_ubl import invoice
from remit.formats.invoices.ubl import write_ubl
from remit.front.pages.check_invoice import invoice_answer

UBL = write_ubl(invoice())


def test_a_valid_invoice_says_what_it_is_and_what_that_does_not_show():
    answer = invoice_answer("invoice.xml", UBL)
    assert answer.holds
    assert answer.rows[0].amount
    assert answer.limits
    assert answer.keeps


def test_each_rule_broken_stands_with_its_code_and_its_line():
    answer = invoice_answer("invoice.xml", UBL.replace(b'PayableAmount currencyID="EUR">', b'PayableAmount currencyID="EUR">9', 1))
    assert not answer.holds
    assert "BR-CO-16" in {check.code for check in answer.checks}
    assert any(line.hit for line in answer.excerpt)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<a/>", b'<!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>', b"%PDF-1.7\nnothing", b"\x00\xff" * 500, b"PK\x03\x04" + b"0" * 200]
)
def test_what_is_no_invoice_is_said(data: bytes):
    answer = invoice_answer("junk", data)
    assert not answer.holds
    assert answer.title
    assert not answer.keeps


def test_invoices_of_the_standard_are_valid(shared_data: Path):
    files = sorted((shared_data / "dev" / "einvoice_en16931").rglob("*.xml"))[:6]
    assert files
    assert [invoice_answer(file.name, file.read_bytes()).kind for file in files] == ["invoice"] * len(files)


def test_kept_it_says_the_same():
    facts, findings = looked_at(UBL, "invoice", "invoice.xml")
    assert ["EN 16931", "valid"] in facts
    assert findings == []
