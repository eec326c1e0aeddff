"""Ledger exports of several layouts by their mapping, and the law that every voucher balances."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from remit.formats.ledgers import RULES, Ledger, Mapped, check, read
from remit.formats.table import write_csv

ROWS = (
    b"Date,Voucher,Account,Account name,Debit,Credit,Text\n2024-01-02,1,1200,Bank,119.00,,in\n"
    b"2024-01-02,1,8400,Sales,,100.00,sale\n2024-01-02,1,1776,VAT,,19.00,tax\n"
)


def of(data: bytes, mapping: Mapped | None = None) -> Ledger:
    ledger, findings = read(data, mapping)
    assert ledger is not None, findings
    assert not findings
    return ledger


def places(data: bytes, mapping: Mapped | None = None) -> list[tuple[str, int | None, str]]:
    return [(finding.code, finding.place.line, finding.place.field) for finding in read(data, mapping)[1]]


def test_recognised_by_its_titles() -> None:
    ledger = of(ROWS)
    first = ledger.entries[0]
    assert (first.line, first.booked_on, first.voucher, first.account, first.amount, first.text) == (2, date(2024, 1, 2), "1", "1200", Decimal(119), "in")
    assert ledger.names == {"1200": "Bank", "8400": "Sales", "1776": "VAT"}
    assert (ledger.accounts, [entry.credit for entry in ledger.of("1776")]) == (("1200", "1776", "8400"), [Decimal(19)])
    assert check(ledger) == ()


def test_a_voucher_that_does_not_balance() -> None:
    findings = check(of(ROWS.replace(b"19.00,tax", b"19.01,tax")))
    assert [(finding.code, finding.place.line, finding.values["apart"]) for finding in findings] == [("ledger.balances", 2, Decimal("-0.01"))]
    assert "{" not in RULES["ledger.balances"].says.format(**findings[0].values)


SIGNED = st.decimals(Decimal("-9999.99"), Decimal("9999.99"), places=2).filter(bool)


@given(st.lists(st.lists(SIGNED, min_size=1, max_size=4), min_size=1, max_size=5), st.data())
def test_balanced_vouchers_stay_so_and_one_changed_cent_shows(vouchers: list[list[Decimal]], data: st.DataObject) -> None:
    lines = [(number, 1000 + at, amount) for number, amounts in enumerate(vouchers, start=1) for at, amount in enumerate([*amounts, -sum(amounts)])]
    header = ("booked_on", "voucher", "account", "amount")
    mapping = Mapped(columns={name: name for name in header}, decimal=".")
    rows = [(date(2024, 1, 2), number, account, amount) for number, account, amount in lines]
    assert check(of(write_csv([header, *rows]), mapping)) == ()
    at = data.draw(st.integers(0, len(rows) - 1))
    rows[at] = (*rows[at][:3], rows[at][3] + Decimal("0.01"))
    assert [(finding.code, finding.values["voucher"]) for finding in check(of(write_csv([header, *rows]), mapping))] == [("ledger.balances", str(rows[at][1]))]


def test_a_booking_a_row_with_sides() -> None:
    data = (
        "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;Konto;Gegenkonto (ohne BU-Schlüssel);Belegdatum;Belegfeld 1;Buchungstext\n"
        "1.100,00;S;1200;8400;02.01.2024;R1;Miete\n50,00;H;1200;4980;03.01.2024;R2;Büro\n"
    ).encode("cp1252")
    ledger = of(data)
    assert [(entry.account, entry.counter_account, entry.amount, entry.line) for entry in ledger.entries] == [
        ("1200", "8400", Decimal("1100.00"), 2),
        ("8400", "1200", Decimal("-1100.00"), 2),
        ("1200", "4980", Decimal("-50.00"), 3),
        ("4980", "1200", Decimal("50.00"), 3),
    ]
    assert check(ledger) == ()


def test_accounts_debited_and_credited() -> None:
    ledger = of(b"Date;Debit account;Credit account;Amount\n2024-01-02;1200;8400;5.50\n")
    assert [(entry.account, entry.debit, entry.credit) for entry in ledger.entries] == [("1200", Decimal("5.50"), 0), ("8400", 0, Decimal("5.50"))]


def test_a_mapping_kept_as_json() -> None:
    mapping = Mapped(
        columns={"booked_on": "Tag", "account": "Kto", "amount": "Wert", "voucher": "Nr"},
        dates="month_first",
        decimal=",",
        sign="credit_positive",
        currency="eur",
        opening_voucher="EB",
    )
    assert Mapped.of(json.loads(json.dumps(mapping.as_dict()))) == mapping
    ledger = of(b"Nr;Tag;Kto;Wert\nEB;01/01/2024;1200;-7,00\nEB;01/01/2024;0800;7,00\n1;01/02/2024;1200;-5,00\n1;01/02/2024;8400;5,00\n", mapping)
    assert ledger.opening == {"1200": Decimal("7.00"), "0800": Decimal("-7.00")}
    assert [(entry.account, entry.amount, entry.currency, entry.booked_on) for entry in ledger.entries] == [
        ("1200", Decimal("5.00"), "EUR", date(2024, 1, 2)),
        ("8400", Decimal("-5.00"), "EUR", date(2024, 1, 2)),
    ]
    assert (ledger.currency, check(ledger)) == ("EUR", ())


def test_a_sheet_with_accounts_as_numbers() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Date", "Voucher", "Account", "Debit", "Credit"], [date(2024, 1, 2), 1, 1200, 1.1, None], [date(2024, 1, 2), 1, 8400, None, 1.1]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert [(entry.account, entry.voucher, entry.amount) for entry in of(out.getvalue()).entries] == [
        ("1200", "1", Decimal("1.1")),
        ("8400", "1", Decimal("-1.1")),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (b"2024-01-02,1,1200,5.00,6.00\n", [("ledger.both_sides", 2, "debit")]),
        (b"2024-01-02,1,1200,,\n", [("ledger.no_amount", 2, "debit")]),
        (b"2024-01-02,1,1200,0,0\n", []),
        (b"2024-01-02,1,1200,-5.00,\n", []),
        (b"2024-01-02,1,,5.00,\n", [("table.value_missing", 2, "account")]),
        (b"someday,1,1200,5.00,\n", [("table.not_date", 2, "booked_on")]),
        (b"2024-01-02,1,1200,five,\n", [("table.not_number", 2, "debit"), ("ledger.no_amount", 2, "debit")]),
        (b"", [("ledger.no_entries", None, "")]),
    ],
)
def test_what_is_wrong_is_said_at_its_line_and_field(row: bytes, expected: list[tuple[str, int, str]]) -> None:
    assert places(b"Date,Voucher,Account,Debit,Credit\n" + row) == expected


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (Mapped(columns={"booked_on": "Date"}), "ledger.mapping_incomplete"),
        (Mapped(columns={"booked_on": "Date", "account": "Account", "amount": "Amount", "colour": "X"}), "ledger.mapping_unknown"),
        (Mapped(columns={"booked_on": "Date", "account": "Account", "amount": "Amount"}, dates="martian"), "ledger.mapping_unknown"),  # type: ignore[arg-type]
        (Mapped(columns={"booked_on": "Date", "account": "Account", "amount": "Betrag"}), "table.column_missing"),
    ],
)
def test_a_mapping_that_does_not_do(mapping: Mapped, code: str) -> None:
    ledger, findings = read(b"Date,Account,Amount\n2024-01-02,1200,5.00\n", mapping)
    assert ledger is None
    assert [finding.code for finding in findings] == [code]


def test_not_a_ledger() -> None:
    assert places(b"Name,City\nA,B\n") == [("ledger.not_recognised", 1, "")]
    assert read(b"Name,City\nA,B\n")[0] is None


def test_one_account_alone_and_no_vouchers() -> None:
    assert [finding.code for finding in check(of(b"Date,Account,Amount\n2024-01-02,1200,5.00\n"))] == ["ledger.one_account"]
    two = b"Date,Account,Amount\n2024-01-02,1200,5.00\n2024-01-02,8400,-5.01\n"
    assert [finding.code for finding in check(of(two))] == ["ledger.no_vouchers", "ledger.total_balances"]


def test_currencies_are_checked_apart() -> None:
    data = b"Date,Voucher,Account,Amount,Currency\n2024-01-02,1,1200,5.00,EUR\n2024-01-02,1,8400,-5.00,usd\n"
    assert [finding.code for finding in check(of(data))] == ["ledger.currencies", "ledger.balances", "ledger.balances"]


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    ledger, findings = read(b"Date,Voucher,Account,Debit,Credit\n" + data)
    if ledger is not None:
        check(ledger)
    else:
        assert findings
