"""Real samples of both syntaxes, and the grammar where it is loose."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from remit.formats.statements import Statement, StatementFile, check, read


def sample(shared_data: Path, name: str) -> StatementFile:
    file, _ = read((shared_data / "dev" / "bank_ofx" / name).read_bytes())
    assert file is not None
    return file


@pytest.mark.parametrize(
    ("name", "account", "currency", "closing", "amounts"),
    [
        ("anzcc.ofx", "1234123412341234", "AUD", "-123.45", ["-5.50"]),
        ("bank_medium.ofx", "12300 000012345678", "CAD", "382.34", ["-6.60", "-316.67", "-22.00"]),
        ("checking.ofx", "1452687~7", "USD", "100.99", ["0.01", "-34.51", "-25.00"]),
        ("suncorp.ofx", "123456789", "AUD", "1234.12", ["-16.85"]),
        ("ofx-v102-empty-tags.ofx", "12345678", "AUD", None, ["12.34"]),
    ],
)
def test_samples(shared_data: Path, name: str, account: str, currency: str, closing: str | None, amounts: list[str]) -> None:
    statement = sample(shared_data, name).statements[0]
    assert (statement.account, statement.currency) == (account, currency)
    assert statement.closing == (None if closing is None else Decimal(closing))
    assert [entry.amount for entry in statement.entries] == [Decimal(amount) for amount in amounts]
    assert statement.opening is None
    assert statement.foots is None


def test_details_of_a_sample(shared_data: Path) -> None:
    entry = sample(shared_data, "bank_medium.ofx").statements[0].entries[0]
    assert (entry.line, entry.booked_on, entry.kind, entry.bank_reference) == (15, date(2009, 4, 1), "POS", "0000123456782009040100001")
    assert (entry.counterparty, entry.text) == ("MCDONALD'S #112", "POS MERCHANDISE;MCDONALD'S #112")
    check_paid = sample(shared_data, "checking.ofx").statements[0].entries[2]
    assert (check_paid.reference, check_paid.line) == ("319", 62)
    cdata = sample(shared_data, "suncorp.ofx").statements[0].entries[0]
    assert cdata.text == "EFTPOS WDL HANDYWAY ALDI STORE GEELONG WEST VICAU"


def test_two_accounts(shared_data: Path) -> None:
    file = sample(shared_data, "multiple_accounts2.ofx")
    assert [(statement.account, statement.closing) for statement in file.statements] == [("9100", Decimal(111)), ("9200", Decimal(222))]
    assert [[finding.code for finding in findings] for findings in check(file)] == [["bank.no_opening"], ["bank.no_opening"]]


def test_an_error_message_is_no_statement(shared_data: Path) -> None:
    file, findings = read((shared_data / "dev" / "bank_ofx" / "error_message.ofx").read_bytes())
    assert file is None
    assert (findings[0].code, findings[0].place.line, findings[0].values["message"]) == ("bank.bank_refused", 22, "General Server Error")


def test_an_empty_one_holds_none(shared_data: Path) -> None:
    file, findings = read((shared_data / "dev" / "bank_ofx" / "bank_small.ofx").read_bytes())
    assert file is None
    assert [finding.code for finding in findings] == ["bank.nothing_inside"]


def document(entries: str = "", currency: str = "EUR", tail: str = "<LEDGERBAL><BALAMT>1.00<DTASOF>20240131</LEDGERBAL>") -> bytes:
    return (
        f"OFXHEADER:100\nDATA:OFXSGML\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}\n<BANKACCTFROM><BANKID>1<BRANCHID><ACCTID>2<ACCTTYPE>"
        f"CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>20240101<DTEND>20240131{entries}</BANKTRANLIST>{tail}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode("cp1252")


def one(entries: str, **how: str) -> Statement:
    file, findings = read(document(entries, **how))
    assert file is not None, findings
    return file.statements[0]


def booked(amount: str, more: str = "", number: str = "1") -> str:
    return f"\n<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240103120000.000[-5:EST]<TRNAMT>{amount}<FITID>{number}{more}</STMTTRN>"


@pytest.mark.parametrize(("text", "amount"), [("-5.50", "-5.50"), ("+5", "5"), ("-5,50", "-5.50"), ("-1,234.56", "-1234.56"), (" 7.00 ", "7.00")])
def test_amounts(text: str, amount: str) -> None:
    assert one(booked(text)).entries[0].amount == Decimal(amount)


def test_an_empty_element_without_end_swallows_nothing() -> None:
    statement = one(booked("1.00", "<REFNUM><NAME>Käse &amp; Co<MEMO>"), currency="")
    assert statement.account == "2"
    assert statement.entries[0].counterparty == "Käse & Co"
    assert statement.starts_on == date(2024, 1, 1)
    assert statement.currency == ""


def test_a_wrong_amount_is_said_and_the_rest_read() -> None:
    file, findings = read(document(booked("1O.00") + booked("2.00", number="2")))
    assert file is not None
    assert [(finding.code, finding.place.line, finding.place.field) for finding in findings] == [("bank.field_wrong", 7, "TRNAMT")]
    assert [entry.amount for entry in file.statements[0].entries] == [Decimal(2)]


def test_a_repeated_id_is_a_duplicate() -> None:
    file, _ = read(document(booked("1.00") + booked("1.00")))
    assert file is not None
    assert [(finding.code, finding.place.line) for finding in check(file)[0]] == [("bank.no_opening", 5), ("bank.no_duplicate", 8)]


def test_a_cut_off_file_says_so() -> None:
    data = document(booked("1.00") + booked("2.00", number="2"))
    file, findings = read(data[: data.index(b"</BANKTRANLIST>")])
    assert file is not None
    assert "bank.tag_open" in [finding.code for finding in findings]
    assert len(file.statements[0].entries) == 2


def test_an_entity_declaration_is_refused() -> None:
    file, findings = read(b'<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY a "b">]>' + document())
    assert file is None
    assert [finding.code for finding in findings] == ["bank.doctype"]


def test_unclosed_comments_cost_no_time() -> None:
    file, _ = read(b"<OFX>" + b"<!-- <![CDATA[ <? " * 5000)
    assert file is None
