"""Any bytes at all: a value or a finding, never an error; told by content; within limits."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.formats.statements import RULES, check, read
from remit.formats.statements.read import Read
from remit.formats.table.values import Limits
from remit.formats.words import Words

DEV = Path(__file__).resolve().parents[4] / "shared" / "data" / "dev"
REAL = [path for kind in ("bank_mt940/*.sta", "bank_camt/*.xml", "bank_ofx/*.ofx") for path in sorted(DEV.glob(kind))] or [Path(__file__)]
WORDS = Words("en")


def sound(answer: Read) -> None:
    """What holds of every answer: None comes with an error, and everything found can be said."""
    file, findings = answer
    every = list(findings)
    if file is None:
        assert any(RULES[finding.code].severity == "error" for finding in findings)
    else:
        assert file.statements
        every += [finding for one in check(file) for finding in one]
    for finding in every:
        assert "{" not in RULES[finding.code].says.format(**finding.values) or "{" in str(finding.values)
        WORDS.finding(finding, RULES[finding.code])


@given(st.binary(max_size=400))
def test_junk(data: bytes) -> None:
    sound(read(data))


@given(
    st.sampled_from(
        [b":20:A\n:25:1\n:60F:", b"<OFX><STMTTRNRS><STMTRS>", b"OFXHEADER:100\n<OFX>", b"<Document><BkToCstmrStmt>", b"PK\x03\x04", b"Date,Amount\n"]
    ),
    st.text(max_size=200),
)
def test_junk_after_a_true_beginning(start: bytes, rest: str) -> None:
    sound(read(start + rest.encode("utf-8", "surrogatepass")))


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(REAL), st.data())
def test_real_files_cut_off(path: Path, data: st.DataObject) -> None:
    whole = path.read_bytes()
    sound(read(whole[: data.draw(st.integers(0, len(whole)))]))


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(REAL), st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_real_files_with_bytes_flipped(path: Path, flips: list[tuple[int, int]]) -> None:
    data = bytearray(path.read_bytes())
    for at, byte in flips:
        data[at % len(data)] = byte
    sound(read(bytes(data)))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table.empty"),
        (b"\xef\xbb\xbf \r\n", "table.empty"),
        (b"\0" * 100, "table.empty"),
        (b"hello", "bank.unknown_form"),
        (b"<html><body>Log in</body></html>", "bank.unknown_form"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "bank.unknown_form"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "table.not_text"),
        (b"PK\x03\x04 not really", "table.broken_sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "table.old_sheet"),
        (b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'><BkToCstmrStmt>", "bank.broken_xml"),
    ],
)
def test_what_is_no_statement(data: bytes, code: str) -> None:
    file, findings = read(data)
    assert file is None
    assert [finding.code for finding in findings] == [code]


def test_the_name_decides_nothing() -> None:
    data = b":20:A\n:25:1\n:60F:C240101EUR1,00\n:62F:C240102EUR1,00\n-\n"
    file, _ = read(data, "../../etc/passwd.ofx")
    assert file is not None
    assert file.form == "mt940"


def test_too_large_is_refused_unread() -> None:
    file, findings = read(b"x" * 1001, limits=Limits(file_bytes=1000))
    assert file is None
    assert [finding.code for finding in findings] == ["table.too_large"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-8"])
def test_encodings(encoding: str) -> None:
    text = ":20:A\n:25:1\n:60F:C240101EUR1,00\n:61:2401020102C1,00NTRFNONREF\n:86:Gebühr Käse\n:62F:C240102EUR2,00\n-\n"
    file, findings = read(text.encode(encoding))
    assert file is not None, findings
    assert (file.statements[0].entries[0].text, file.statements[0].foots) == ("Gebühr Käse", True)


def test_ten_thousand_lines_in_two_seconds() -> None:
    lines = [f":61:2401020102C1,00NTRFR{at}//B{at}\n:86:166?00GUTSCHRIFT?20EREF+E{at}?21SVWZ+Rechnung {at}?32Muster GmbH" for at in range(10_000)]
    data = "\n".join([":20:A", ":25:1", ":60F:C240101EUR0,00", *lines, ":62F:C240131EUR10000,01", "-"]).encode()
    begun = time.process_time()
    file, _ = read(data)
    assert file is not None
    assert [finding.code for finding in check(file)[0]] == ["bank.statement_foots"]
    assert time.process_time() - begun < 2


def test_no_heavy_library_at_the_start() -> None:
    heavy = ("openpyxl", "mt940", "lxml", "charset_normalizer", "numpy")
    script = f"import sys, remit.formats.statements, remit.formats.ledgers; print([name for name in {heavy} if name in sys.modules])"
    house = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=house).stdout.strip() == "[]"
