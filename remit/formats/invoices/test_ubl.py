"""What is drawn is valid by the official rules, in every treatment of VAT, and the same twice."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from remit.domain.invoicing import Invoice, Terms, Work, credit, draw
from remit.domain.pricing import CardLine, RateCard
from remit.domain.taxation import Party, TaxTreatment
from remit.formats.invoices.check import Checked, check
from remit.formats.invoices.ubl import CAC, CBC, write_ubl

SELLER = Party(
    name="Rila Ledger OOD",
    country="BG",
    street="ul. Shipka 7",
    city="Sofia",
    postcode="1504",
    vat_id="BG131305822",
    registration="131305822",
    tax_number="22/815/0815",
    address="131305822",
    scheme="0204",
    email="bills@rila.example",
)
BUYER = Party(name="Halden Instruments GmbH & Söhne <Halle>", country="DE", city="Halle", vat_id="DE136695976", registration="HRB 1234")
TREATMENTS = [
    TaxTreatment(category="S", rate=Decimal("20")),
    TaxTreatment(category="S", rate=Decimal("5.5")),
    TaxTreatment(category="Z"),
    TaxTreatment(category="E", exemption="Exempt under article 132 of Directive 2006/112/EC"),
    TaxTreatment(category="AE", exemption="Reverse charge", exemption_code="VATEX-EU-AE"),
    TaxTreatment(category="K", exemption="Intra-community supply", exemption_code="VATEX-EU-IC"),
    TaxTreatment(category="G", exemption_code="VATEX-EU-G"),
    TaxTreatment(category="O", exemption="Not subject to VAT", exemption_code="VATEX-EU-O"),
]


def invoice(
    tax: TaxTreatment = TREATMENTS[4], *, quantity: Decimal = Decimal("142.5"), price: Decimal = Decimal("34"), currency: str = "EUR", says: str = "Bookkeeping"
) -> Invoice:
    lines = (
        CardLine(id="1", service="bookkeeping", level=3, basis="hour", price=price),
        CardLine(id="2", service="returns", level=3, basis="unit", price=Decimal("0.3333"), measure="return"),
    )
    card = RateCard(id="RC-1", version=2, currency=currency, valid_from=date(2027, 1, 1), lines=lines)
    terms = Terms(
        engagement="E",
        agreement="AG-2026-031",
        entities=frozenset({"halden"}),
        currency=currency,
        cards=(card,),
        tax=tax,
        term_from=date(2027, 1, 1),
        iban="DE02120300000000202051",
        bic="BYLADEM1001",
    )
    work = Work(
        id="w1",
        item="WI-1",
        engagement="E",
        entity="halden",
        says=says,
        service="bookkeeping",
        level=3,
        basis="hour",
        quantity=quantity,
        on=date(2027, 1, 20),
        acceptance="A-7",
    )
    counted = replace(work, id="w2", item="WI-2", service="returns", basis="unit", measure="return", quantity=Decimal(7), detail="January")
    drawn = draw("RL-2027-0006", date(2027, 2, 10), SELLER, BUYER, terms, [work, counted])
    assert drawn.invoice, (drawn.obstacles, drawn.refused)
    return drawn.invoice


@pytest.mark.parametrize("tax", TREATMENTS, ids=lambda tax: f"{tax.category}{tax.rate}")
@pytest.mark.parametrize("kind", ["invoice", "credit_note"])
def test_every_treatment_is_valid_without_warning(tax, kind):
    written = write_ubl(invoice(tax) if kind == "invoice" else credit(invoice(tax), "CN-1", date(2027, 3, 1), "Hours counted twice"))
    answer = check(written)
    assert isinstance(answer, Checked)
    assert answer.broken == ()
    assert answer.form == {"invoice": "UBL Invoice", "credit_note": "UBL CreditNote"}[kind]


def test_without_bank_account_and_with_the_barest_parties_it_is_valid():
    bare = invoice(TREATMENTS[0])
    bare = replace(bare, iban="", bic="", agreement="", seller=Party(name="S", country="BG", vat_id="BG131305822"), buyer=Party(name="B", country="DE"))
    assert check(write_ubl(bare)).broken == ()


def test_a_line_names_its_item_acceptance_and_card_line():
    line = etree.fromstring(write_ubl(invoice())).find(f"{{{CAC}}}InvoiceLine")
    properties = {one.findtext(f"{{{CBC}}}Name"): one.findtext(f"{{{CBC}}}Value") for one in line.iter(f"{{{CAC}}}AdditionalItemProperty")}
    assert properties == {"work item": "WI-1", "acceptance": "A-7", "rate card": "RC-1, version 2, line 1"}
    assert line.findtext(f".//{{{CBC}}}StartDate") == "2027-01-20"


def test_a_changed_amount_no_longer_holds():
    assert "BR-CO-10" in {broken.rule for broken in check(write_ubl(invoice()).replace(b"4845.00", b"4845.01", 1)).broken}


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(TREATMENTS),
    st.decimals("0.001", "99999", places=3),
    st.decimals("0", "99999", places=4),
    st.sampled_from(["EUR", "JPY", "BHD", "INR"]),
    st.text(min_size=1, max_size=40).filter(lambda text: text.strip().isprintable() and text.strip()),
)
def test_whatever_is_drawn_is_valid(tax, quantity, price, currency, says):
    answer = check(write_ubl(invoice(tax, quantity=quantity, price=price, currency=currency, says=says)))
    assert isinstance(answer, Checked)
    assert answer.valid, answer.broken


def test_control_characters_of_a_name_are_left_out():
    assert b"<cbc:Name>ab</cbc:Name>" in write_ubl(invoice(says="a\x00\x1fb\ufffe"))


def test_the_same_bytes_under_another_hash_seed():
    code = "import sys\nfrom remit.formats.invoices.test_ubl import invoice, write_ubl\nsys.stdout.buffer.write(write_ubl(invoice()))"
    runs = [subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env={"PYTHONHASHSEED": seed}) for seed in ("1", "2")]
    assert {run.stdout for run in runs} == {write_ubl(invoice())}
