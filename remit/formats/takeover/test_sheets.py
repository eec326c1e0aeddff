"""The sheets' reader: templates that read back, faults named at line and column, and no file that makes it raise."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.line import Finding
from remit.domain.takeover import Credential, Does, OpenItem, Unbilled
from remit.formats.takeover import RULES, SHEETS, assemble, read, template
from remit.formats.takeover.cells import Wrong, cell_value
from remit.formats.takeover.columns import Column

PERSON = {"name": "Maya Petrova", "mail": "maya@x.example", "level": "3", "site": "Sofia"}
PRICE = {
    "client": "Halden GmbH", "service": "bookkeeping", "level": "2", "basis": "hour", "price": "38.50", "currency": "EUR", "valid from": "2026-01-01",
}  # fmt: skip

HOURS = Unbilled(date(2026, 12, 10), "hour", Decimal("2.5"))


def csv_of(*rows: dict[str, str]) -> bytes:
    titles = list(rows[0])
    return "\n".join([";".join(titles), *(";".join(f'"{row.get(title, "")}"' for title in titles) for row in rows)]).encode()


def placed(findings: tuple[Finding, ...]) -> list[tuple[str, int | None, str]]:
    return [(each.code, each.place.line, next((str(at) for name, at in each.place.path if name == "column"), "")) for each in findings]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("sheet", list(SHEETS))
def test_a_template_is_read_as_its_sheet_and_its_example_is_not(sheet: str, form: Any) -> None:
    asked = (Column("chart_of_accounts", "chart of accounts", "Chart", "own", choices=("own",)),) if sheet == "calendar" else ()
    found = read(template(sheet, form, more=asked), f"x.{form}", ("chart_of_accounts",))
    assert (found.sheet, found.findings, found.lines_read) == (sheet, (), 0)


@pytest.mark.parametrize("sheet", list(SHEETS))
def test_the_example_of_a_template_is_right(sheet: str) -> None:
    lines = template(sheet, "csv").decode("utf-8-sig").splitlines()
    found = read("\n".join([lines[0], lines[2].replace("# ", "", 1)]).encode(), "x.csv")
    assert found.findings == ()
    assert len(found.people + found.prices + found.calendar) == 1


def test_cells_become_values() -> None:
    row = PERSON | {
        "hours": "38,5",
        "languages": "de C1 | en B2",
        "credentials": "Bilanzbuchhalter; IHK; DE; 4; 2016-06-01; 2030-01-01",
        "works for": "Halden: prepare | Marin",
    }
    (person,) = read(csv_of(row), "people.csv").people
    assert (person.hours, person.languages) == (Decimal("38.5"), (("de", "C1"), ("en", "B2")))
    assert person.credentials == (Credential("Bilanzbuchhalter", "IHK", "DE", "4", date(2016, 6, 1), date(2030, 1, 1)),)
    assert person.does == (Does("Halden", "prepare"), Does("Marin"))


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"level": "0"}, "level", "level"),
        ({"level": "senior"}, "level", "level"),
        ({"mail": "maya"}, "mail", "mail"),
        ({"name": ""}, "value_missing", "name"),
        ({"name": "x" * 121}, "too_long", "name"),
        ({"hours": "1,234"}, "number", "hours"),
        ({"hours": "=20+20"}, "formula", "hours"),
        ({"languages": "german C1"}, "language", "languages"),
        ({"credentials": "Bilanz; IHK; DE; 1; 2016-02-30"}, "credential", "credentials"),
        ({"roles": "signatory"}, "choice", "roles"),
        ({"works for": "Halden:"}, "does", "works for"),
        ({"site zone": "Europe/Sofja"}, "zone", "site zone"),
        ({"site country": "BGR"}, "country", "site country"),
        ({"shoe size": "43"}, "column_unknown", "shoe size"),
    ],
)
def test_what_is_wrong_is_named_at_its_column(change: dict[str, str], code: str, column: str) -> None:
    found = read(csv_of(PERSON | {"hours": "", "languages": "", "credentials": "", "roles": "", "works for": ""} | change), "people.csv")
    assert placed(found.findings) == [(f"takeover.{code}", 1 if code == "column_unknown" else 2, column)]
    assert found.people == () or code == "column_unknown"


def test_every_error_of_a_sheet_at_once() -> None:
    rows = [PRICE | {"currency": ""}, PRICE | {"valid from": "2026-02-30"}, PRICE | {"currency": "EUX", "price": "much"}, PRICE]
    found = read(csv_of(*rows), "prices.csv")
    assert placed(found.findings) == [
        ("takeover.value_missing", 2, "currency"),
        ("takeover.date", 3, "valid from"),
        ("takeover.number", 4, "price"),
        ("takeover.currency", 4, "currency"),
    ]
    assert [price.line for price in found.prices] == [5]


def test_a_formula_in_a_workbook_is_refused_by_its_cell_even_with_a_stored_result() -> None:
    from openpyxl import Workbook

    book = Workbook()
    page: Any = book.active
    page.append(list(PRICE))
    page.append(list(PRICE.values()))
    page["E2"] = "=19.25*2"
    book.save(out := io.BytesIO())
    found = read(out.getvalue(), "prices.xlsx")
    assert placed(found.findings) == [("takeover.formula", 2, "price")]
    assert found.findings[0].values["cell"] == "E2"
    assert found.prices == ()


def test_dates_and_numbers_of_a_workbook_are_taken_as_they_are() -> None:
    from openpyxl import Workbook

    book = Workbook()
    page: Any = book.active
    page.append(list(PRICE))
    page.append([*list(PRICE.values())[:4], 38.5, "EUR", date(2026, 1, 1)])
    book.save(out := io.BytesIO())
    (price,) = read(out.getvalue(), "prices.xlsx").prices
    assert (price.price, price.valid_from, price.level) == (Decimal("38.5"), date(2026, 1, 1), 2)


def test_files_that_are_no_sheet_say_so() -> None:
    assert [each.code for each in read(b"", "a.csv").findings] == ["table.empty"]
    assert placed(read(csv_of(PERSON | {"name": "Müller"}).decode().encode("latin-1"), "a.csv").findings) == [("takeover.encoding", 2, "")]
    assert [each.code for each in read(b"a,b\n1,2\n", "a.csv").findings] == ["takeover.which_sheet"]
    without = {title: text for title, text in PRICE.items() if title != "currency"}
    assert placed(read(csv_of(without), "a.csv").findings) == [("takeover.column_missing", 1, "currency")]
    many = read(csv_of(*[PERSON] * 3100), "a.csv")
    assert [each.code for each in many.findings] == ["table.too_many_rows"]


def test_two_files_of_one_sheet() -> None:
    _sheets, findings = assemble([read(csv_of(PERSON), "a.csv"), read(csv_of(PERSON), "b.csv")], {})
    assert [each.code for each in findings] == ["takeover.sheet_twice"]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("unbilled", "2026-12-11 entry 120 3 | 2026-12-10 hour 2.5", (HOURS, Unbilled(date(2026, 12, 11), "entry", Decimal(120), 3))),
        ("open_items", "bank 2026-12-28 -12.50 Fee of the bank", (OpenItem("bank", date(2026, 12, 28), Decimal("-12.5"), "Fee of the bank"),)),
        ("month", "2027-01", date(2027, 1, 1)),
        ("day", "31.1.2027", date(2027, 1, 31)),
        ("vat", "DE 136 695 976", "DE136695976"),
        ("vat", "136695976", "136695976"),
        ("iban", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("country", "de", "DE"),
    ],
)  # fmt: skip
def test_kinds_of_cells(kind: Any, cell: str, value: object) -> None:
    assert cell_value(cell, Column("x", "x", "", "", kind), "DE") == value


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("unbilled", "2026-02-30 hour 1"), ("unbilled", "2026-12-10 hour -1"), ("unbilled", "hour"), ("open_items", "till 2026-12-28 1 x"),
        ("open_items", "bank"),
        ("month", "2027-13"), ("day", "01/02/2027"), ("vat", "DE136695977"), ("iban", "DE00"), ("currency", "EUX"), ("number", "1.234,50"),
    ],
)  # fmt: skip
def test_kinds_of_cells_that_are_wrong(kind: Any, cell: str) -> None:
    with pytest.raises(Wrong) as wrong:
        cell_value(cell, Column("x", "x", "", "", kind), "DE")
    assert f"takeover.{wrong.value.code}" in RULES


@given(st.binary(max_size=400), st.sampled_from(["", "name;mail;level;site\n", "client,service,level,basis,price,currency,valid from\n"]))
def test_no_bytes_make_it_raise(junk: bytes, head: str) -> None:
    found = read(head.encode() + junk, "x.csv")
    assert all(each.code in RULES for each in found.findings)
