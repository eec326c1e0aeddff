"""The official rules, on real invoices, wrong ones and hostile ones."""

import io
import multiprocessing
import os
import re
import zlib
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from remit.formats.invoices.check import Checked, check
from remit.formats.invoices.papers import Unreadable

HEAD = '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">'


@pytest.fixture(scope="module")
def papers(shared_data):
    return sorted((shared_data / "dev" / "einvoice_en16931").rglob("*.xml"))


@pytest.fixture(scope="module")
def ubl(shared_data):
    return (shared_data / "dev" / "einvoice_en16931" / "ubl" / "ubl-tc434-example1.xml").read_bytes()


@pytest.fixture(scope="module")
def cii(shared_data):
    return (shared_data / "dev" / "einvoice_en16931" / "cii" / "CII_example1.xml").read_bytes()


def rules(data: bytes, flag: str = "fatal") -> set[str]:
    answer = check(data)
    assert isinstance(answer, Checked)
    return {broken.rule for broken in answer.broken if broken.flag == flag}


def test_the_published_examples_are_valid(papers):
    forms = set()
    for paper in papers:
        answer = check(paper.read_bytes())
        assert isinstance(answer, Checked), paper
        assert answer.valid, (paper, answer.broken)
        assert re.fullmatch(r"1\.3\.\d+", answer.rules_version)
        forms.add(answer.form)
    assert forms == {"UBL Invoice", "UBL CreditNote", "CII"}


def test_a_wrong_line_sum_breaks_br_co_10_at_its_line(ubl):
    wrong = re.sub(rb'(<cac:LegalMonetaryTotal>\s*<cbc:LineExtensionAmount currencyID="EUR">)', rb"\g<1>1", ubl)
    assert wrong != ubl
    answer = check(wrong)
    assert isinstance(answer, Checked)
    assert not answer.valid
    broken = {broken.rule: broken for broken in answer.broken}["BR-CO-10"]
    assert broken.place == "/Invoice/LegalMonetaryTotal"
    assert b"<cac:LegalMonetaryTotal>" in wrong.splitlines()[broken.line - 1]
    assert broken.says.startswith("Sum of Invoice line net amount")


def test_wrong_totals_in_cii(cii):
    wrong = re.sub(rb"(<ram:GrandTotalAmount>)", rb"\g<1>1", cii)
    assert {"BR-CO-15", "BR-CO-16"} <= rules(wrong)


def test_the_place_of_a_repeated_element_is_counted(ubl):
    lines = list(re.finditer(rb"<cbc:Name>[^<]*</cbc:Name>\s*(?=<cac:SellersItemIdentification>)", ubl))
    wrong = ubl[: lines[2].start()] + ubl[lines[2].end() :]
    found = check(wrong)
    assert isinstance(found, Checked)
    broken = next(broken for broken in found.broken if broken.rule == "BR-25")
    assert broken.place == "/Invoice/InvoiceLine[3]"
    assert b"InvoiceLine" in wrong.splitlines()[broken.line - 1]


def test_a_warning_leaves_an_invoice_valid(ubl):
    warned = re.sub(rb'schemeID="[^"]*"', b"", ubl)
    wanted = check(warned)
    assert isinstance(wanted, Checked)
    flags = {broken.flag for broken in wanted.broken}
    assert wanted.valid is ("fatal" not in flags)


def test_a_figure_that_is_no_number_is_named_and_nothing_reaches_the_terminal(ubl, cii, capfd):
    for data, tag in ((ubl, b"LineExtensionAmount"), (cii, b"LineTotalAmount")):
        wrong = re.sub(rb"(<\w+:" + tag + rb"[^>]*>)", rb"\g<1>x", data, count=1)
        answer = check(wrong)
        assert isinstance(answer, Checked)
        assert not answer.valid
        assert b"x" in wrong.splitlines()[next(broken.line for broken in answer.broken if broken.flag == "fatal") - 1]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "invoice.empty"),
        (b" \n\t", "invoice.empty"),
        (b"\x00\xff\x00", "invoice.not_xml"),
        (b"%PDF-1.7 nonsense", "invoice.pdf_broken"),
        (b"<a/>", "invoice.unknown_form"),
        (HEAD.encode(), "invoice.not_xml"),
        (HEAD.encode() + b"\xff\xfe</Invoice>", "invoice.not_xml"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "invoice.not_xml"),
        (b'<!DOCTYPE Invoice SYSTEM "file:///etc/passwd">' + HEAD.encode() + b"</Invoice>", "invoice.doctype"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "invoice.doctype"),
        ("<!DOCTYPE a []><a/>".encode("utf-16"), "invoice.doctype"),
        (b"<a>" * 100_000, "invoice.not_xml"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(data, code):
    answer = check(data)
    assert isinstance(answer, Unreadable)
    assert answer.reason.code == code
    assert answer.reason.cure


def test_an_entity_bomb_is_refused():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    for body in ("<a>&l11;</a>", '<a b="&l11;"/>'):
        answer = check(f'<!DOCTYPE a [<!ENTITY l0 "ha">{levels}]>{body}'.encode())
        assert isinstance(answer, Unreadable)
        assert answer.reason.code in ("invoice.doctype", "invoice.not_xml")


def test_truncated_and_flipped_files_never_raise(ubl, cii):
    for data in (ubl, cii):
        for cut in range(0, len(data), len(data) // 40):
            assert check(data[:cut] or b" ")
        for at in range(7, len(data), len(data) // 60):
            assert check(data[:at] + bytes([data[at] ^ 0x15]) + data[at + 1 :])


def test_the_xml_inside_a_pdf_is_checked(cii):
    import pikepdf

    pdf, kept = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.attachments["readme.xml"] = pikepdf.AttachedFileSpec(pdf, b"<a/>", filename="readme.xml")
    pdf.attachments["factur-x.xml"] = pikepdf.AttachedFileSpec(pdf, cii, filename="factur-x.xml")
    pdf.save(kept)
    answer = check(kept.getvalue())
    assert isinstance(answer, Checked)
    assert answer.valid
    assert answer.attached == "factur-x.xml"
    del pdf.attachments["factur-x.xml"], pdf.attachments["readme.xml"]
    pdf.save(bare := io.BytesIO())
    alone = check(bare.getvalue())
    assert isinstance(alone, Unreadable)
    assert alone.reason.code == "invoice.pdf_alone"


def test_an_attachment_that_unpacks_to_gigabytes_is_refused():
    import pikepdf

    pdf, kept = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.attachments["factur-x.xml"] = pikepdf.AttachedFileSpec(pdf, b"x", filename="factur-x.xml")
    stream = pdf.attachments["factur-x.xml"].get_file().obj
    stream.write(zlib.compress(b" " * 60_000_000), filter=pikepdf.Name.FlateDecode)
    pdf.save(kept, compress_streams=False)
    answer = check(kept.getvalue())
    assert isinstance(answer, Unreadable)
    assert answer.reason.code == "invoice.too_large"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_forked_after_a_check_is_told_so_and_does_not_crash(ubl):
    check(ubl)
    child = os.fork()
    if child == 0:
        try:
            check(ubl)
        except RuntimeError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_a_spawned_child_checks_too(ubl):
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(check, ubl).result(60).valid


def test_many_threads_check_at_once(ubl, cii):
    with ThreadPoolExecutor(4) as pool:
        assert all(answer.valid for answer in pool.map(check, [ubl, cii] * 10))
