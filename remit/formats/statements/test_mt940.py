"""Real samples of many banks against the values that their publisher expects, and the dialects of single fields."""

import base64
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from remit.formats.statements import check, read
from remit.formats.statements.details import details_of
from remit.formats.statements.mt940 import _fields, _message, _messages
from remit.formats.statements.values import Statement
from remit.formats.table.decode import decode

SAMPLES = sorted((Path(__file__).resolve().parents[4] / "shared" / "data" / "dev" / "bank_mt940").glob("*.sta"))
FOOTS = {
    "cmxl__mt940": [True, True, True],
    "jejik__abnamro": [False, False],
    "jejik__generic": [True, True],
    "jejik__ing": [False],
    "jejik__knab": [True, False],
    "jejik__postfinance": [True, False],
    "jejik__rabobank": [False, True, False, True],
    "jejik__rabobank-iban": [True, True],
    "jejik__sns": [True, True],
    "jejik__triodos": [False],
}
"""By hand from the samples: most are made anonymous so that they do not foot."""


def statements_of(path: Path) -> list[Statement]:
    """All messages, pieces of statements too."""
    text, _, _ = decode(path.read_bytes())
    assert text is not None
    return [_message(part, []).statement for part in _messages(_fields(text, []))]


def expected(path: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The publisher's values: the last statement's data, and every transaction in order."""
    text = path.with_suffix(".yml").read_text(encoding="utf-8")
    head, _, tail = text.partition("\ntransactions:")
    data = dict(re.findall(r"^  (\w+): (\S.*)$", head.partition("\ntags:")[0], re.MULTILINE))
    for name in ("opening", "closing"):
        balance = re.search(rf"final_{name}_balance: .*?\n      - '?(-?[\d.]+)'?\n      currency: (\w+)", head, re.DOTALL)
        if balance:
            data[name], data["currency"] = balance[1], balance[2]
    blocks = re.split(r"^- !!python/object:mt940.models.Transaction$", tail, flags=re.MULTILINE)[1:]
    return data, [plain(block) for block in blocks]


def plain(block: str) -> dict[str, Any]:
    values: dict[str, Any] = {name: value.strip("'\"") for name, value in re.findall(r"^    (\w+): ([^\n!]*)$", block, re.MULTILINE)}
    amount = re.search(r"decimal.Decimal\n      - '?(-?[\d.]+)'?", block)
    assert amount
    values["amount"] = Decimal(amount[1])
    for name in ("date", "entry_date"):
        coded = re.search(rf"^    {name}: .*\n    - !!binary \|\n      (\S+)$", block, re.MULTILINE)
        if coded:
            raw = base64.b64decode(coded[1])
            values[name] = date(raw[0] * 256 + raw[1], raw[2], raw[3])
    return values


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_reads_what_the_publisher_expects(path: Path) -> None:
    data, transactions = expected(path)
    statements = statements_of(path)
    entries = [entry for statement in statements for entry in statement.entries]
    assert len(entries) == len(transactions)
    for entry, wanted in zip(entries, transactions, strict=True):
        assert entry.amount == wanted["amount"]
        assert entry.value_on == wanted["date"]
        assert entry.booked_on == wanted.get("entry_date", wanted["date"])
        assert entry.booked_stated is ("entry_date" in wanted)
        assert entry.kind == wanted["id"]
        reference = wanted.get("end_to_end_reference") or wanted["customer_reference"].strip()
        if not entry.text.endswith("ISDT/2013-07-11"):
            assert entry.reference == ("" if reference in ("NONREF", "null") else reference)
        bank = wanted["bank_reference"]
        assert entry.bank_reference == ("" if bank in ("null", "NONREF") else bank)
        assert entry.counterparty_account == wanted.get("applicant_iban", "null").replace("null", "") or "applicant_iban" not in wanted
    last = statements[-1]
    if "account_identification" in data:
        assert data["account_identification"].strip("'").removesuffix("EUR").endswith(last.account)
    for name in ("opening", "closing"):
        if name in data and not getattr(last, f"{name}_partial"):
            assert getattr(last, name) == Decimal(data[name])
            assert last.currency == data["currency"]
    if data.get("statement_number", "null") != "null":
        assert last.number.split("/")[0] == data["statement_number"].strip("'").lstrip("0")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_foots_or_not_as_the_sample_does(path: Path) -> None:
    file, findings = read(path.read_bytes())
    if path.stem not in FOOTS:
        assert file is None
        assert [finding.code for finding in findings] == ["bank.fragment"]
        return
    assert file is not None
    assert [statement.foots for statement in file.statements] == FOOTS[path.stem]
    wrong = [any(finding.code == "bank.statement_foots" for finding in findings) for findings in check(file)]
    assert wrong == [not foots for foots in FOOTS[path.stem]]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_line_is_the_line_of_its_field(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    for statement in statements_of(path):
        for entry in statement.entries:
            assert lines[entry.line - 1].startswith(":61:")
        for name, tag in (("opening_line", ":60"), ("closing_line", ":62")):
            line = getattr(statement, name)
            assert line is None or lines[line - 1].startswith(tag)


def message(*fields: str, ends: str = "\n-\n") -> bytes:
    start = [":20:A", ":25:NL71RABO0123456789", ":28C:7/1", ":60F:C240101EUR100,00"]
    return ("\n".join([*start, *fields, ":62F:C240131EUR100,00"]) + ends).encode()


def one(*fields: str) -> Any:
    file, findings = read(message(*fields))
    assert file is not None, findings
    assert not findings
    return file.statements[0].entries[0]


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        (":61:2401020102C1,50NTRFNONREF", "1.50"),
        (":61:2401020102D1,50NTRFNONREF", "-1.50"),
        (":61:240102RC1,50NTRFNONREF", "-1.50"),
        (":61:240102RD1,50NTRFNONREF", "1.50"),
        (":61:2401020102DR1,50NTRFNONREF", "-1.50"),
        (":61:2401020102RDR1,50NTRFNONREF", "1.50"),
        (":61:2401020102CR,50NTRFNONREF", "0.50"),
        (":61:240102D1000,NMSC", "-1000"),
        (":61:2401020102D\n1,50NTRFNONREF", "-1.50"),
    ],
)
def test_marks_and_funds_code(field: str, amount: str) -> None:
    assert one(field).amount == Decimal(amount)


def test_the_year_of_an_entry_date_is_the_nearest() -> None:
    assert one(":61:2401021231C1,NTRFNONREF").booked_on == date(2023, 12, 31)
    assert one(":61:2312310102C1,NTRFNONREF").booked_on == date(2024, 1, 2)


def test_a_long_customer_reference() -> None:
    entry = one(":61:2207060706DR20,NTRFBIPI-dvT1FzfMqvzF5HaU4oetlH7SGRkonU//2022070616391534000")
    assert (entry.reference, entry.bank_reference) == ("BIPI-dvT1FzfMqvzF5HaU4oetlH7SGRkonU", "2022070616391534000")


def test_german_details() -> None:
    details = details_of(
        [["166?00GUTSCHRIFT?109249?20EREF+RE-2024-17?21SVWZ+Rechnung 17", " vom 2.1.?30DEUTDEFF?31DE89370400440532013000?32MUSTER GMBH?33 UND CO"]]
    )
    assert details.reference == "RE-2024-17"
    assert details.text == "GUTSCHRIFT Rechnung 17 vom 2.1."
    assert (details.counterparty, details.account) == ("MUSTER GMBH UND CO", "DE89370400440532013000")


def test_slashed_details() -> None:
    details = details_of([["/TRTP/SEPA OVERBOEKING/IBAN/NL71RABO0123456789/BIC/RABONL2U/NAME/J DOE", "/REMI/Factuur 12/EREF/NOTPROVIDED"]])
    assert (details.text, details.counterparty, details.account, details.reference) == ("Factuur 12", "J DOE", "NL71RABO0123456789", "")


def test_ing_counterparty() -> None:
    details = details_of([["/EREF/E1//CNTP/NL20INGB0001234567/INGBNL2A/J DOE/AMSTERDAM//REMI/USTD//Invoice 9/"]])
    assert (details.text, details.counterparty, details.account, details.reference) == ("Invoice 9", "J DOE", "NL20INGB0001234567", "E1")


def test_swift_blocks_and_crlf() -> None:
    body = message(":61:2401020102C1,50NTRFNONREF", ":86:hello", ends="\n-}").decode()
    wrapped = f"{{1:F01BANKDEFFXXXX0000000000}}{{2:I940BANKDEFFXXXXN}}{{4:\n{body}\n{{1:F01BANKDEFFXXXX0000000000}}{{4:\n{body}".replace("\n", "\r\n")
    file, findings = read(wrapped.encode("cp1252"))
    assert file is not None
    assert not findings
    assert [(len(statement.entries), statement.entries[0].text) for statement in file.statements] == [(1, "hello"), (1, "hello")]


def test_text_after_the_closing_balance_is_no_entrys() -> None:
    file, _ = read(message(":61:2401020102C1,50NTRFNONREF", ":86:mine").replace(b"\n-\n", b"\n:86:the statement's\n-\n"))
    assert file is not None
    assert file.statements[0].entries[0].text == "mine"


def test_a_wrong_field_is_said_at_its_line_and_the_rest_is_read(caplog: pytest.LogCaptureFixture) -> None:
    file, findings = read(message(":61:2401020102X1,50NTRFNONREF", ":86:bad", ":61:2401020102C2,00NTRFNONREF", ":86:good"))
    assert file is not None
    assert [(finding.code, finding.place.line, finding.place.field) for finding in findings] == [("bank.field_wrong", 5, ":61:")]
    assert [(entry.amount, entry.text) for entry in file.statements[0].entries] == [(Decimal(2), "good")]
    assert not caplog.records


def test_a_cut_off_statement_lacks_its_closing() -> None:
    file, findings = read(message(":61:2401020102C1,50NTRFNONREF").split(b":62F:")[0])
    assert file is not None
    assert [(finding.code, finding.place.field) for finding in findings] == [("bank.field_missing", ":62F:")]


def test_an_interim_report_has_no_balances_and_its_own_sums() -> None:
    data = b":20:A\n:25:1\n:28C:1\n:34F:EURD0,\n:13D:2401021200+0100\n:61:2401020102C1,50NTRFNONREF\n:90D:0EUR0,\n:90C:1EUR1,60\n-\n"
    file, findings = read(data)
    assert file is not None
    assert not findings
    assert [finding.code for finding in check(file)[0]] == ["bank.no_balances", "bank.in_stated"]
