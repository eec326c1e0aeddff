"""Statements as tables: exports of several banks' kinds, a mapping, and a balance that runs."""

import io
from datetime import date
from decimal import Decimal

from openpyxl import Workbook

from remit.formats.statements import Layout, Statement, StatementFile, check, read


def of(text: str, encoding: str = "utf-8", layout: Layout | None = None) -> StatementFile:
    file, findings = read(text.encode(encoding), layout=layout or Layout())
    assert file is not None, findings
    return file


def one(text: str, encoding: str = "utf-8", layout: Layout | None = None) -> Statement:
    return of(text, encoding, layout).statements[0]


GERMAN = """Girokonto;DE89370400440532013000
Zeitraum;01.01.2024 - 31.01.2024

Buchungstag;Wertstellung;Auftraggeber/Empfänger;Verwendungszweck;Betrag (EUR);Saldo nach Buchung;Währung
31.01.2024;31.01.2024;Müller GmbH;Rechnung 7;-1.250,00;848,50;EUR
15.01.2024;16.01.2024;Kunde AG;RE 2024-1;98,50;2.098,50;EUR
02.01.2024;02.01.2024;Kunde AG;Anfang;1.000,00;2.000,00;EUR
"""


def test_a_german_export_newest_first() -> None:
    statement = one(GERMAN, "cp1252")
    assert (statement.account, statement.account_form, statement.currency) == ("DE89370400440532013000", "iban", "EUR")
    assert (statement.opening, statement.closing, statement.foots) == (Decimal("1000.00"), Decimal("848.50"), True)
    first = statement.entries[0]
    assert (first.line, first.booked_on, first.amount, first.counterparty, first.text) == (
        5,
        date(2024, 1, 31),
        Decimal("-1250.00"),
        "Müller GmbH",
        "Rechnung 7",
    )
    assert statement.entries[1].value_on == date(2024, 1, 16)


def test_the_running_balance_shows_the_very_line() -> None:
    file, findings = read(GERMAN.replace("98,50;2.098,50", "98,05;2.098,50").encode("cp1252"))
    assert file is not None
    assert [(finding.code, finding.place.line) for finding in findings] == [("bank.balance_runs", 6)]
    assert [finding.code for finding in check(file)[0]] == ["bank.statement_foots", "bank.suspect_transposed"]


def test_debit_and_credit_columns() -> None:
    statement = one("Date,Description,Paid out,Paid in\n03/01/2024,Coffee,2.50,\n31/01/2024,Salary,,1000.00\n")
    assert [entry.amount for entry in statement.entries] == [Decimal("-2.50"), Decimal("1000.00")]
    assert statement.foots is None


def test_a_column_of_sides() -> None:
    header = '"Datum","Naam","Rekening","Af Bij","Bedrag (EUR)"\n'
    rows = '"20240131","Bakker","NL71RABO0123456789","Af","2,50"\n"20240130","Baas","NL71RABO0123456789","Bij","10,00"\n'
    statement = one(header + rows)
    assert [entry.amount for entry in statement.entries] == [Decimal("-2.50"), Decimal("10.00")]
    assert (statement.account, statement.account_form) == ("NL71RABO0123456789", "iban")


def test_opening_and_closing_rows() -> None:
    statement = one("Date;Text;Amount\n;Opening balance;100.00\n2024-01-02;In;5.00\n;Closing balance;105.00\n")
    assert (statement.opening, statement.opening_line, statement.closing, statement.closing_line) == (Decimal(100), 2, Decimal(105), 4)
    assert (len(statement.entries), statement.foots) == (1, True)


def test_a_mapping_and_balances_given() -> None:
    layout = Layout(
        columns={"booked_on": "Tag", "amount": "Wert"}, dates="month_first", decimal=".", opening=Decimal(1), closing=Decimal(4), currency="USD", account="7"
    )
    statement = one("Tag,Wert\n01/02/2024,1.00\n01/03/2024,2.00\n", layout=layout)
    assert [entry.booked_on for entry in statement.entries] == [date(2024, 1, 2), date(2024, 1, 3)]
    assert (statement.foots, statement.currency, statement.account) == (True, "USD", "7")


def test_several_accounts_are_several_statements() -> None:
    file = of("Account;Date;Amount;Currency\nA;2024-01-02;1.00;EUR\nB;2024-01-02;2.00;USD\nA;2024-01-03;3.00;EUR\n")
    assert [(statement.account, statement.currency, len(statement.entries)) for statement in file.statements] == [("A", "EUR", 2), ("B", "USD", 1)]


def test_doubtful_dates_are_not_guessed() -> None:
    _, findings = read(b"Date,Amount\n01/02/2024,1.00\n01/02/2024,2.00\n")
    assert [(finding.code, finding.place.line, finding.place.field) for finding in findings if finding.code.startswith("table")] == [
        ("table.date_ambiguous", 2, "booked_on")
    ]


def test_a_sheet() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Date", "Description", "Amount", "Balance"])
    sheet.append([date(2024, 1, 2), "=1+1", 1.1, 101.1])
    sheet.append([date(2024, 1, 3), "x", -0.3, 100.8])
    out = io.BytesIO()
    book.save(out)
    file, _ = read(out.getvalue())
    assert file is not None
    assert (file.statements[0].opening, file.statements[0].closing, file.statements[0].foots) == (Decimal("100.0"), Decimal("100.8"), True)


def test_other_tables_are_not_statements() -> None:
    file, findings = read(b"Name,City\nA,B\n")
    assert file is None
    assert [(finding.code, finding.place.line) for finding in findings] == [("bank.not_recognised", 1)]
