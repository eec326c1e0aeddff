"""Documents in four formats: what is in them, that they are the same twice, and that text stays text."""

import io
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from remit.domain.document import Bars, Document, Facts, Heading, Paragraph, Plate, Revised, Table
from remit.domain.money import Money
from remit.domain.redline import words
from remit.formats.document.docx import write_docx
from remit.formats.document.html import write_html
from remit.formats.document.pdf import write_pdf
from remit.formats.document.xlsx import write_xlsx

NASTY = '<b>&"\' *b* #read("/etc/passwd") $x$ @ref {x}'
BINARY = {"pdf": write_pdf, "xlsx": write_xlsx, "docx": write_docx}


def document(rows: int = 3, *, text: str = NASTY, language: str = "en") -> Document:
    table = Table(
        ("No", "What", "On", "At", "Amount"),
        tuple((index, text, date(2027, 1, 22), datetime(2027, 1, 22, 14, 40, tzinfo=UTC), Money(Decimal("1234.50"), "EUR")) for index in range(rows)),
        "Lines",
        (None, "Total", None, None, Money(Decimal("1234.50") * rows, "EUR")),
    )
    return Document(
        title=f"Report {text}",
        blocks=(
            Heading("Report", 1),
            Paragraph(f"First\nsecond {text}"),
            *(Paragraph(text, style) for style in ("note", "warning", "quote")),
            Facts((("Account", text), ("Opening", Money(Decimal("-5"), "EUR")), ("Share", Decimal("0.25")), ("None", None))),
            Heading("Skips a level", 3),
            table,
            Bars((("a", Decimal(3)), ("b", Money(Decimal(6), "EUR")), ("c", Decimal(-1))), "Chart", "h"),
            Plate(("   Q.  Why?", "A.    Because."), 7),
            Revised(words(f"Kept, gone {text}", f"Kept, come {text}")),
        ),
        language=language,
        zone="Europe/Berlin",
        facts={"author": text, "date": "2027-02-10", "subject": "a test"},
    )


def test_html_is_semantic_escaped_and_without_style():
    page = write_html(document(), top=2)
    tree = html.fragment_fromstring(page, create_parent="main")
    assert not tree.xpath("//b|//script|//*[@style]")
    assert tree.findtext("h2") == "Report"
    assert [cell.get("class") for cell in tree.xpath("//table[1]//thead/tr/th")] == ["num", None, None, None, "num"]
    assert tree.xpath("string(//tbody/tr[1]/td[2])") == NASTY
    assert tree.xpath("string(//tbody/tr[1]/td[4])") == "22 Jan 2027, 15:40 CET"
    assert tree.xpath("string(//tfoot/tr[@class='sum']/td[5])") == "€3,703.50"
    assert tree.xpath("//rect/@width") == ["50.00%", "100.00%", "0.00%"]
    assert tree.xpath("string(//pre)").splitlines() == ["7     Q.  Why?", "8  A.    Because."]


def test_figures_follow_the_documents_language():
    assert "1.234,50\xa0€" in write_html(document(language="de"))


def test_a_pdf_is_tagged_titled_and_repeats_heads():
    import pikepdf

    with pikepdf.open(io.BytesIO(write_pdf(document(200, language="de")))) as pdf:
        assert len(pdf.pages) > 3
        assert str(pdf.Root.Lang) == "de"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo["/Title"]) == f"Report {NASTY}"
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        kinds = _kinds(pdf.Root.StructTreeRoot)
    assert {"/H1", "/H2", "/Table", "/THead", "/TH", "/TD", "/Caption"} <= kinds
    assert "/H3" not in kinds


def test_a_pdf_needs_no_font_of_the_machine_unless_the_script_asks():
    import pikepdf

    for text, claimed in (("Ελληνικά, български, naïve €", True), ("नमस्ते 漢字 مرحبا \U0001f600", False)):
        with pikepdf.open(io.BytesIO(write_pdf(document(text=text)))) as pdf:
            assert ("pdfuaid:part" in pdf.open_metadata()) is claimed


def test_a_workbook_keeps_types_and_reads_no_text_as_formula():
    from openpyxl import load_workbook

    formulas = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "#N/A", "2027-01-22", "007")
    rows = tuple((text, Decimal("1234.50"), Money(Decimal("0.1"), "EUR"), date(2027, 1, 22), datetime(2027, 1, 22, 14, 40, tzinfo=UTC), 5) for text in formulas)
    made = Document("T", (Table(("Text", "Figure", "Money", "On", "At", "Count"), rows, "Lines"),), zone="Europe/Berlin")
    sheet = load_workbook(io.BytesIO(write_xlsx(made)))["Lines"]
    for text, row in zip(formulas, sheet.iter_rows(min_row=2), strict=True):
        assert (row[0].value, row[0].data_type) == (text, "s")
        assert [cell.value for cell in row[1:3]] == [1234.5, 0.1]
        assert [cell.value.isoformat() for cell in row[3:5]] == ["2027-01-22T00:00:00", "2027-01-22T15:40:00"]
        assert [cell.number_format for cell in row[1:5]] == ["#,##0.00", '#,##0.00 "EUR"', "yyyy-mm-dd", 'yyyy-mm-dd hh:mm "CET"']
    assert sheet["A2"].quotePrefix
    assert sheet.freeze_panes == "A2"


def test_a_figure_too_long_for_a_workbook_stays_exact_as_text():
    from openpyxl import load_workbook

    long = Decimal("12345678901234567.89")
    made = Document("T", (Table(("Figure",), ((long,), (Decimal("NaN"),)), "Lines"),))
    assert [row[0] for row in load_workbook(io.BytesIO(write_xlsx(made)))["Lines"].values] == ["Figure", "12,345,678,901,234,567.89", "NaN"]


def test_sheets_have_lawful_and_different_names():
    from openpyxl import load_workbook

    made = Document("T", tuple(Table(("a",), (), "a/b:c*" + "x" * 40) for _ in range(12)))
    names = load_workbook(io.BytesIO(write_xlsx(made))).sheetnames
    assert len({name.lower() for name in names}) == 13
    assert all(len(name) <= 31 for name in names)


def test_a_docx_has_headings_and_repeated_heads():
    from docx import Document as Docx

    made = Docx(io.BytesIO(write_docx(document(language="de"))))
    assert (made.paragraphs[0].style.name, made.paragraphs[0].text) == ("Heading 1", "Report")
    table = made.tables[0]
    assert [cell.text for cell in table.rows[1].cells][1:3] == [NASTY, "22.01.2027"]
    assert len(table.rows) == 5
    assert table._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader")
    assert made.styles.element.xpath("//w:rPrDefault//w:lang/@w:val") == ["de"]
    assert made.core_properties.modified.date() == date(2027, 2, 10)


def test_a_redline_is_marked_in_each_form():
    import zipfile

    from lxml import etree

    made = document()
    assert "Kept, <del>gone</del><ins>come</ins> &lt;b&gt;" in write_html(made)
    body = etree.fromstring(zipfile.ZipFile(io.BytesIO(write_docx(made))).read("word/document.xml"))
    w = body.nsmap["w"]
    tracked = list(body.iter(f"{{{w}}}del", f"{{{w}}}ins"))
    assert [(etree.QName(one).localname, etree.tostring(one, method="text", with_tail=False)) for one in tracked] == [("del", b"gone"), ("ins", b"come")]
    assert len({one.get(f"{{{w}}}id") for one in tracked}) == 2
    assert {one.get(f"{{{w}}}date") for one in tracked} == {"2027-02-10T00:00:00Z"}


@pytest.mark.parametrize("form", BINARY)
def test_the_same_bytes_under_another_hash_seed_and_at_another_time(form):
    code = f"import sys\nfrom remit.formats.document.test_document import BINARY, document\nsys.stdout.buffer.write(BINARY['{form}'](document()))"
    runs = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env={"PYTHONHASHSEED": seed, "TZ": zone})
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert {run.stdout for run in runs} == {BINARY[form](document())}


def test_a_late_zip_time_does_not_show():
    import zipfile

    for write in (write_xlsx, write_docx):
        with zipfile.ZipFile(io.BytesIO(write(document()))) as kept:
            assert {member.date_time for member in kept.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("form", [*BINARY, "html"])
def test_an_empty_document_and_odd_tables_are_written(form):
    write = {**BINARY, "html": write_html}[form]
    assert isinstance(write(Document("", ())), (bytes, str))
    assert write(Document("x", (Table((), ()), Table(("a", "b"), ((1,), (1, 2, 3))), Bars(()), Facts(()), Plate(())), facts={"date": "soon"}))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_written_and_html_gives_it_back(text):
    made = Document(text, (Paragraph(text), Table((text,), ((text,),), text)), facts={"author": text})
    for write in BINARY.values():
        assert write(made)
    assert "\x00" not in write_html(made)


def _kinds(element) -> set[str]:
    """The structure types of a tagged PDF's tree."""
    import pikepdf

    found, todo = set(), [element]
    while todo:
        one = todo.pop()
        if isinstance(one, pikepdf.Array):
            todo.extend(one)
        elif isinstance(one, pikepdf.Dictionary):
            if "/S" in one:
                found.add(str(one.S))
            if "/K" in one:
                todo.append(one.K)
    return found
