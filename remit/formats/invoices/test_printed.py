"""The paper of an invoice shows the figures of its UBL, in the reader's language."""

from datetime import date

import pytest
from lxml import etree, html

from remit.domain.invoicing import credit
from remit.formats.document.html import write_html
from remit.formats.document.pdf import write_pdf
from remit.formats.invoices.printed import invoice_document
from remit.formats.invoices.test_ubl import TREATMENTS, invoice
from remit.formats.invoices.ubl import CBC, write_ubl
from remit.formats.words import Words


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_paper_shows_every_amount_of_the_ubl(language):
    drawn = invoice(TREATMENTS[0])
    paper = html.fragment_fromstring(write_html(invoice_document(drawn, language)), create_parent=True).text_content()
    amounts = [one.text for one in etree.fromstring(write_ubl(drawn)).iter(f"{{{CBC}}}*") if one.get("currencyID")]
    assert len(amounts) > 10
    for amount in amounts:
        whole, _, decimals = amount.partition(".")
        assert Words(language).number(int(whole)) + (f"{',' if language == 'de' else '.'}{decimals:0<2}" if decimals or not whole else "") in paper


def test_the_paper_names_what_each_line_rests_on_and_why_no_vat_falls():
    page = write_html(invoice_document(invoice()))
    for said in ("RL-2027-0006", "WI-1", "A-7", "RC-1 (2)", "Reverse charge", "DE02120300000000202051", "12 Mar 2027", "BG131305822", "&lt;Halle&gt;"):
        assert said in page


def test_a_credit_note_names_the_invoice_and_why():
    page = write_html(invoice_document(credit(invoice(), "CN-1", date(2027, 3, 1), "Hours counted twice")))
    assert "Credit note CN-1" in page
    assert "RL-2027-0006" in page
    assert "Hours counted twice" in page
    assert "To pay by" not in page


def test_it_prints_the_same_pdf_twice():
    first, second = (write_pdf(invoice_document(invoice(), "de")) for _ in range(2))
    assert first == second
    assert first.startswith(b"%PDF-")
