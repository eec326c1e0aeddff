"""Real samples against the values that their publisher expects, and what banks do differently."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from remit.domain.money import minor_unit
from remit.formats.statements import Statement, check, read

SAMPLES = sorted((Path(__file__).resolve().parents[4] / "shared" / "data" / "dev" / "bank_camt").glob("*.xml"))
BOOKED = {"opening", "closing"}


def walk(value: Any, kind: str) -> Iterator[dict[str, Any]]:
    """Every object of a class in the publisher's values."""
    if isinstance(value, dict):
        if str(value.get("__CLASS__", "")).endswith(f"\\{kind}"):
            yield value
        for inner in value.values():
            yield from walk(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, kind)


def amount(value: dict[str, Any]) -> Decimal:
    money = value["getAmount"]
    return Decimal(money["getAmount"]) * minor_unit(money["getCurrency"]["getCode"])


def day(value: dict[str, Any] | None) -> date | None:
    return date.fromisoformat(value["0"][:10]) if value else None


@pytest.mark.parametrize("path", [path for path in SAMPLES if path.with_suffix(".json").exists()], ids=lambda path: path.stem)
def test_reads_what_the_publisher_expects(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    file, _ = read(path.read_bytes())
    assert file is not None
    assert len(file.statements) == len(expected["getRecords"])
    ours = Counter((entry.amount, entry.currency, entry.booked_on, entry.value_on) for statement in file.statements for entry in statement.entries)
    theirs = list(walk(expected, "Entry"))
    assert theirs or not ours
    for entry in theirs:
        key = amount(entry), entry["getAmount"]["getCurrency"]["getCode"], day(entry["getBookingDate"]), day(entry["getValueDate"])
        assert ours[key] > 0
    for record in walk(expected, "Statement"):
        mine = next(statement for statement in file.statements if statement.reference == record["getId"])
        assert mine.account == record["getAccount"]["getIdentification"]
        assert (mine.account_form == "iban") is record["getAccount"]["__CLASS__"].endswith("IbanAccount")
        assert (mine.starts_on, mine.ends_on) == (day(record["getFromDate"]), day(record["getToDate"]))
        # The publisher calls PRCD opening too; OPBD comes first and is the one meant.
        balances = {balance["getType"]: balance for balance in reversed(record["getBalances"]) if balance["getType"] in BOOKED}
        for name, balance in balances.items():
            assert getattr(mine, name) == amount(balance)
            assert getattr(mine, f"{name}_on") == day(balance["getDate"])
        assert BOOKED - balances.keys() == {name for name in BOOKED if getattr(mine, name) is None}
    for party in walk(expected, "RelatedParty"):
        name = party["getRelatedPartyType"]["getName"]
        named = [entry.counterparty for statement in file.statements for entry in statement.entries]
        assert name in named or len(list(walk(expected, "RelatedParty"))) > len(named)


@pytest.mark.parametrize(
    ("name", "foots", "codes"),
    [
        ("camt053.v2.multi.statement.xml", [True, True], set()),
        ("camt053.v2.all-balance-types.xml", [False], {"bank.statement_foots"}),
        ("camt053.v2.minimal.xml", [None], {"bank.one_currency"}),
        ("camt53.only-Dt-with-DtTm.xml", [None], set()),
    ],
)
def test_what_the_samples_do(shared_data: Path, name: str, foots: list[bool | None], codes: set[str]) -> None:
    from remit.formats.statements import RULES

    file, reading = read((shared_data / "dev" / "bank_camt" / name).read_bytes())
    assert file is not None
    assert [statement.foots for statement in file.statements] == foots
    every = [*reading, *(finding for findings in check(file) for finding in findings)]
    assert {finding.code for finding in every if RULES[finding.code].severity == "error"} == codes


def test_the_broken_sample_holds_no_statement(shared_data: Path) -> None:
    file, findings = read((shared_data / "dev" / "bank_camt" / "camt053.v2.wrong.xml").read_bytes())
    assert file is None
    assert [finding.code for finding in findings] == ["bank.nothing_inside"]


def balance(kind: str, value: str, side: str = "CRDT", more: str = "") -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry>{more}</Tp><Amt Ccy="EUR">{value}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><DtTm>2024-01-31T23:00:00+01:00</DtTm></Dt></Bal>"
    )


def entry(value: str, side: str = "CRDT", inner: str = "", status: str = "<Sts><Cd>BOOK</Cd></Sts>") -> str:
    return f'<Ntry><Amt Ccy="EUR">{value}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}<BookgDt><Dt>2024-01-31</Dt></BookgDt>{inner}</Ntry>'


def document(*inner: str, space: str = ' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"', body: str = "BkToCstmrStmt") -> bytes:
    account = "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    return f"<Document{space}><{body}><Stmt><Id>1</Id>{account}{''.join(inner)}</Stmt></{body}></Document>".encode()


def one(*inner: str, **how: str) -> Statement:
    file, findings = read(document(*inner, **how))
    assert file is not None, findings
    return file.statements[0]


def test_any_namespace_prefix_and_envelope() -> None:
    prefixed = (
        b'<e:Envelope xmlns:e="urn:e"><n:Document xmlns:n="urn:iso:std:iso:20022:tech:xsd:camt.053.001.13"><n:BkToCstmrStmt><n:Stmt>'
        b"<n:Acct><n:Id><n:Othr><n:Id>12</n:Id></n:Othr></n:Id></n:Acct></n:Stmt></n:BkToCstmrStmt></n:Document></e:Envelope>"
    )
    file, _ = read(prefixed)
    assert file is not None
    assert (file.statements[0].account, file.statements[0].account_form) == ("12", "other")


def test_intermediate_balances_are_partial() -> None:
    statement = one(balance("ITBD", "10.00"), balance("ITBD", "12.00"), entry("2.00"))
    assert (statement.opening, statement.closing, statement.opening_partial, statement.closing_partial, statement.foots) == (10, 12, True, True, True)
    assert one(balance("OPBD", "1.00", more="<SubTp><Cd>INTM</Cd></SubTp>")).opening_partial


def test_the_balance_of_the_day_before_opens() -> None:
    assert one(balance("PRCD", "10.00", "DBIT"), balance("CLBD", "12.00")).opening == Decimal(-10)


def test_what_is_not_booked_does_not_count() -> None:
    data = document(balance("OPBD", "1.00"), balance("CLBD", "3.00"), entry("2.00"), entry("5.00", status="<Sts>PDNG</Sts>"))
    file, findings = read(data)
    assert file is not None
    assert file.statements[0].foots
    assert [(finding.code, finding.values["count"]) for finding in findings] == [("bank.not_booked", 1)]


def test_a_reversal_is_signed_by_its_side_alone() -> None:
    inner = "<RvslInd>true</RvslInd><NtryDtls><TxDtls><RltdPties><Cdtr><Pty><Nm>Paid in vain</Nm></Pty></Cdtr></RltdPties></TxDtls></NtryDtls>"
    booked = one(entry("2.00", "CRDT", inner)).entries[0]
    assert (booked.amount, booked.reversal, booked.counterparty) == (Decimal(2), True, "Paid in vain")


def test_a_batch_keeps_its_payments() -> None:
    def payment(value: str, name: str) -> str:
        parties = f"<RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties>"
        return f'<TxDtls><Refs><EndToEndId>E-{name}</EndToEndId></Refs><Amt Ccy="EUR">{value}</Amt><CdtDbtInd>CRDT</CdtDbtInd>{parties}</TxDtls>'

    details = f"<NtryDtls><Btch><PmtInfId>B1</PmtInfId></Btch>{payment('1.20', 'A')}{payment('0.80', 'B')}</NtryDtls>"
    statement = one(entry("2.00", "CRDT", details))
    booked = statement.entries[0]
    assert (booked.reference, statement.total) == ("B1", Decimal(2))
    assert [(part.amount, part.reference, part.counterparty) for part in booked.parts] == [(Decimal("1.20"), "E-A", "A"), (Decimal("0.80"), "E-B", "B")]
    file, _ = read(document(entry("2.10", "CRDT", details)))
    assert file is not None
    assert "bank.batch_sums" in [finding.code for finding in check(file)[0]]


def test_its_own_sums_are_checked() -> None:
    summary = "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries><TtlCdtNtries><Sum>3.00</Sum></TtlCdtNtries></TxsSummry>"
    file, _ = read(document(balance("OPBD", "1.00"), balance("CLBD", "4.00"), summary, entry("2.00")))
    assert file is not None
    assert [finding.code for finding in check(file)[0]] == ["bank.statement_foots", "bank.suspect_stated", "bank.count_stated", "bank.in_stated"]


@pytest.mark.parametrize(
    ("inner", "code", "field"),
    [
        ('<Ntry><Amt Ccy="EUR">1,00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>', "bank.field_wrong", "Ntry/Amt"),
        ('<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CREDIT</CdtDbtInd></Ntry>', "bank.field_wrong", "CdtDbtInd"),
        ('<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>', "bank.field_missing", "Ntry/BookgDt"),
        ('<Ntry><Amt Ccy="EUR">1e9</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>', "bank.field_wrong", "Ntry/Amt"),
        ('<Bal><Amt Ccy="EUR"/><CdtDbtInd>CRDT</CdtDbtInd></Bal>', "bank.field_wrong", "Bal/Amt"),
    ],
)
def test_a_wrong_element_is_said_at_its_line(inner: str, code: str, field: str) -> None:
    file, findings = read(document("\n\n", inner))
    assert file is not None
    assert [(finding.code, finding.place.field, finding.place.line) for finding in findings] == [(code, field, 3)]


@pytest.mark.parametrize("body", ["BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn", "CstmrCdtTrfInitn"])
def test_other_messages_are_named(body: str) -> None:
    file, findings = read(document(body=body))
    assert file is None
    assert [finding.code for finding in findings] == ["bank.not_statement"]


def test_a_doctype_is_refused_in_any_encoding() -> None:
    bomb = '<!DOCTYPE Document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + document("&b;").decode()
    for encoding in ("utf-8", "utf-16"):
        file, findings = read(f'<?xml version="1.0" encoding="{encoding}"?>\n{bomb}'.encode(encoding))
        assert file is None
        assert [finding.code for finding in findings] == ["bank.doctype"]


def test_lines_beyond_two_bytes() -> None:
    assert one("\n" * 70_000, entry("1.00")).entries[0].line == 70_001
