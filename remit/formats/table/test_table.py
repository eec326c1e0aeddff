"""CSV and XLSX to rows and back, typed by questions, within limits."""

import io
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from remit.domain.line import Finding, Question
from remit.formats.table import RULES, Limits, Row, Table, neutral, read_table, typed, write_csv
from remit.formats.table.decode import decode

QUESTIONS = (Question("on", "", "date"), Question("sum", "", "money"), Question("text", "", required=False))
COLUMNS = {"on": "Datum", "sum": "Betrag", "text": "Text"}


def table(data: bytes | str, **how: Any) -> Table:
    read, findings = read_table(data.encode() if isinstance(data, str) else data, **how)
    assert read is not None, findings
    return read


def places(findings: tuple[Finding, ...]) -> list[tuple[str, int | None, str]]:
    return [(finding.code, finding.place.line, finding.place.field) for finding in findings]


def sheet(*rows: list[Any], title: str = "Sheet", more: dict[str, list[Any]] | None = None) -> bytes:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = title
    for row in rows:
        first.append(row)
    for name, row in (more or {}).items():
        book.create_sheet(name).append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@given(
    st.lists(st.lists(CELL, min_size=2, max_size=4).filter(lambda row: any(row)), min_size=1, max_size=6).filter(
        lambda rows: len({len(row) for row in rows}) == 1
    )
)
def test_what_is_written_reads_the_same_and_runs_nothing(rows: list[list[str]]) -> None:
    read = table(write_csv(rows), delimiter=",")
    assert [list(row.cells) for row in read.rows] == [[neutral(cell) for cell in row] for row in rows]
    for row in read.rows:
        for cell in row.cells:
            assert neutral(str(cell)) == cell


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "=HYPERLINK(1)", " =1"])
def test_formulas_are_written_as_text(text: str) -> None:
    assert write_csv([[text]]).decode("utf-8-sig").strip().strip('"').startswith("'")


def test_plain_values_are_written_plain() -> None:
    assert write_csv([[Decimal("-1E+3"), date(2024, 1, 2), None, "-12,50", True, 7]]) == b'\xef\xbb\xbf-1000,2024-01-02,,"-12,50",True,7\r\n'


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    text = f"Name{delimiter}Größe\nMüller{delimiter}1\nKäse{delimiter}2\n"
    read = table(text.encode(encoding))
    assert [row.cells for row in read.rows] == [("Name", "Größe"), ("Müller", "1"), ("Käse", "2")]
    assert read.delimiter == delimiter


def test_a_stated_encoding_is_believed_after_utf_8() -> None:
    assert decode("Ł".encode("cp1250"), "cp1250") == ("Ł", "cp1250", ())
    assert decode("Ł".encode(), "cp1250")[1] == "utf-8"
    assert decode(b"abc\xff", "base64")[1] == "cp1252"


def test_lines_of_records_that_span_lines() -> None:
    read = table('a,b\n"one\ntwo",2\n\n3,4\n')
    assert read.rows == (Row(1, ("a", "b")), Row(2, ("one\ntwo", "2")), Row(5, ("3", "4")))


def test_excels_own_first_line() -> None:
    assert table("sep=;\na;b,c\n1;2,3\n").rows == (Row(2, ("a", "b,c")), Row(3, ("1", "2,3")))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table.empty"),
        (b" \x0b\n", "table.empty"),
        (b"a,b\n1,\0\n", "table.not_text"),
        (b"PK\x03\x04junk", "table.broken_sheet"),
        (b"\xd0\xcf\x11\xe0", "table.old_sheet"),
    ],
)
def test_unreadable(data: bytes, code: str) -> None:
    read, findings = read_table(data)
    assert read is None
    assert [finding.code for finding in findings] == [code]


def test_limits() -> None:
    rows = b"a,b\n" * 20
    for limits, code in ((Limits(file_bytes=10), "table.too_large"), (Limits(rows=5), "table.too_many_rows"), (Limits(cells=9), "table.too_many_cells")):
        read, findings = read_table(rows, limits=limits)
        assert read is None
        assert findings[-1].code == code
    book = sheet(*([[1, 2]] * 20))
    for limits, code in ((Limits(rows=5), "table.too_many_rows"), (Limits(cells=9), "table.too_many_cells")):
        read, findings = read_table(book, limits=limits)
        assert (read, findings[-1].code) == (None, code)


def test_an_open_quotation_mark_is_said_where_it_opens() -> None:
    _, findings = read_table(b'a,b\n1,"2\n' + b"3,4\n" * 300)
    assert places(findings) == [("table.open_quote", 2, "")]


def test_a_cell_beyond_all_measure() -> None:
    _, findings = read_table(b"a,b\n1," + b"x" * 200_000 + b"\n3,4\n")
    assert places(findings) == [("table.broken_row", 2, "")]


def test_typed() -> None:
    records, findings = typed(table("Konto 12;;\nDATUM ;Text;Betrag\n31.01.2024;Miete;-1.250,00\n01.02.2024;;5\n"), QUESTIONS, COLUMNS)
    assert not findings
    assert [record.line for record in records] == [3, 4]
    assert records[0].values == {"on": date(2024, 1, 31), "sum": Decimal("-1250.00"), "text": "Miete"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2024-01-02;x;t\n", [("table.not_number", 2, "sum")]),
        ("32.01.2024;1,5;t\n", [("table.not_date", 2, "on")]),
        (";1,5;t\n", [("table.value_missing", 2, "on")]),
        ("2024-01-02;1,5\n", [("table.ragged", 2, "")]),
        ("2024-01-02;1,5;t;more\n", [("table.ragged", 2, "")]),
        ("2024-01-02;1,5;t;\n", []),
        ("2024-01-02;1,5;=1+1\n", [("table.formula", 2, "text")]),
        ("2024-01-02;1,5;-12\n", []),
        ("01/02/2024;1,5;t\n", [("table.date_ambiguous", 2, "on")]),
        ("2024-01-02;1,500;t\n2024-01-02;2,500;t\n", [("table.number_ambiguous", 2, "sum")]),
    ],
)
def test_what_is_wrong_is_said_at_its_line_and_field(rows: str, expected: list[tuple[str, int, str]]) -> None:
    _, findings = typed(table("Datum;Betrag;Text\n" + rows), QUESTIONS, COLUMNS)
    assert places(findings) == expected
    for finding in findings:
        assert "{" not in RULES[finding.code].says.format(**finding.values)


def test_headers() -> None:
    assert places(typed(table("Datum;Text\n2024-01-01;x\n"), QUESTIONS, COLUMNS)[1]) == [("table.column_missing", 1, "sum")]
    assert places(typed(table("a;b\n1;2\n"), QUESTIONS, COLUMNS)[1]) == [("table.no_header", None, "")]
    assert places(typed(table("Datum;Betrag;betrag\n2024-01-01;1;2\n"), QUESTIONS, COLUMNS)[1]) == [("table.header_twice", 1, "Betrag")]


def test_choices_and_yes() -> None:
    asked = (Question("side", "", "choice", choices=("D", "C")), Question("paid", "", "yes"))
    records, findings = typed(table("side,paid\nD,Ja\nX,vielleicht\n"), asked)
    assert records[0].values == {"side": "D", "paid": True}
    assert places(findings) == [("table.not_choice", 3, "side"), ("table.not_choice", 3, "paid")]


def test_a_sheets_own_types() -> None:
    first = [datetime.fromisoformat("2024-01-31"), 0.1 + 0.2, "Müller"]
    data = sheet(["Datum", "Betrag", "Text"], first, [date(2024, 2, 1), 5, None], [20240203, "1.250,50", 12])
    read = table(data)
    assert read.rows[1].cells == (date(2024, 1, 31), Decimal("0.3"), "Müller")
    records, findings = typed(read, QUESTIONS, COLUMNS)
    assert not findings
    assert [(record.values["on"], record.values["sum"], record.values["text"]) for record in records] == [
        (date(2024, 1, 31), Decimal("0.3"), "Müller"),
        (date(2024, 2, 1), Decimal(5), ""),
        (date(2024, 2, 3), Decimal("1250.50"), "12"),
    ]


def test_sheets_by_name() -> None:
    data = sheet(["a"], title="One", more={"Two": ["b"]})
    assert table(data).rows[0].cells == ("a",)
    assert table(data, sheet="Two").rows[0].cells == ("b",)
    read, findings = read_table(data, sheet="Three")
    assert (read, findings[0].code, findings[0].values["sheets"]) == (None, "table.no_such_sheet", "One, Two")


def test_a_formula_without_result_and_an_error_cell() -> None:
    _, findings = read_table(sheet(["a", "b"], ["=1+1", "#DIV/0!"]))
    assert places(findings) == [("table.formula_unread", 2, "A"), ("table.cell_error", 2, "B")]


def rezipped(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


def test_a_zip_bomb_is_not_opened() -> None:
    bomb = rezipped(sheet(["a"]), "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 5_000_000)
    read, findings = read_table(bomb, limits=Limits(ratio=50))
    assert (read, findings[0].code) == (None, "table.unpacks_too_large")


def test_entities_in_a_sheet_are_refused() -> None:
    evil = rezipped(sheet(["a"]), "xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>')
    read, findings = read_table(evil)
    assert (read, findings[0].code) == (None, "table.doctype")


@pytest.mark.parametrize("attributes", ['r="99999999999"', 'r="1000000"'])
@pytest.mark.parametrize("content", ["<v>1</v>", "<f>1+1</f>", ""])
def test_far_rows_and_columns_cost_no_time(attributes: str, content: str) -> None:
    far = f"<row {attributes}><c r='ZZZ1'>{content}</c></row>".encode()
    inside = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>" + far * 300 + b"</sheetData></worksheet>"
    begun = time.process_time()
    read, findings = read_table(rezipped(sheet(["a"]), "xl/worksheets/sheet1.xml", inside), limits=Limits(cells=100_000))
    assert time.process_time() - begun < 5
    assert read is not None or findings


WHOLE = sheet(["Datum", "Betrag"], [date(2024, 1, 1), 1.5])


@given(st.data())
def test_damaged_sheets(data: st.DataObject) -> None:
    damaged = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(4, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    read, findings = read_table(bytes(damaged[: data.draw(st.integers(4, len(damaged)))]))
    assert read is not None or findings


def test_what_we_write_a_spreadsheet_reads() -> None:
    read = table(sheet(["a", "b"], [neutral("=1+1"), "x"]))
    assert read.rows[1].cells == ("'=1+1", "x")
    assert load_workbook(io.BytesIO(sheet([neutral("=1+1")]))).active["A1"].data_type == "s"  # type: ignore[index]


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    read, findings = read_table(data)
    assert read is not None or findings
    if read is not None:
        typed(read, QUESTIONS, COLUMNS)
