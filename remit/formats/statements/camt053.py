"""CAMT.053 in every version, read by local names; amounts are signed by CdtDbtInd alone, for RvslInd only tells why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, cast

from lxml import etree

from remit.domain.line import Finding
from remit.formats.statements.values import Entry, Statement, StatementFile
from remit.formats.table.rules import found

_OTHER = {
    "BkToCstmrAcctRpt": "CAMT.052",
    "BkToCstmrDbtCdtNtfctn": "CAMT.054",
    "CstmrCdtTrfInitn": "PAIN.001",
    "CstmrDrctDbtInitn": "PAIN.008",
    "CstmrPmtStsRpt": "PAIN.002",
}
_AMOUNT = re.compile(r"\d{1,18}(\.\d{1,10})?")
_UNKNOWN = ("NOTPROVIDED", "NONREF", "NOT PROVIDED")

Element = etree._Element


def looks_like(data: bytes) -> bool:
    """Whether the bytes begin like a document in XML that names an ISO 20022 cash or payment message."""
    return any(name in data for name in (b"BkToCstmr", b"iso:std:iso:20022", b"CstmrCdtTrf", b"CstmrDrctDbt", b"CstmrPmtSts"))


def read(data: bytes) -> tuple[StatementFile | None, tuple[Finding, ...]]:
    """The statements of a message. A DOCTYPE is refused before anything is parsed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, (found("bank.broken_xml", getattr(error, "lineno", None) or 1, "", why=re.sub(r" \(<string>.*\)$", "", str(error))),)
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        return None, (found("bank.doctype", 1),)
    for element in root.iter(*map(_any_namespace, _OTHER)):
        return None, (found("bank.not_statement", _line(element), _name(element), what=_OTHER[_name(element)]),)
    findings: list[Finding] = []
    statements = tuple(_statement(element, findings) for element in root.iter("{*}Stmt"))
    if not statements:
        return None, (found("bank.nothing_inside", _line(root), "Stmt"),)
    encoding = (root.getroottree().docinfo.encoding or "utf-8").lower()
    return StatementFile(form="camt053", statements=statements, encoding=encoding, lines=data.count(b"\n") + 1), tuple(findings)


def _name(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _line(element: Element) -> int:
    # lxml's stubs do not know the type.
    return cast(int | None, element.sourceline) or 1


@cache
def _any_namespace(path: str) -> str:
    return "/".join(f"{{*}}{step}" for step in path.split("/"))


def _all(element: Element | None, path: str) -> list[Element]:
    """Children by a path of local names."""
    return [] if element is None else element.findall(_any_namespace(path))


def _one(element: Element | None, *paths: str) -> Element | None:
    return next((child for path in paths for child in _all(element, path)), None)


def _text(element: Element | None, *paths: str) -> str:
    """The text of the first path that has one, its spaces evened out."""
    for path in paths:
        for child in _all(element, path):
            text = " ".join("".join(str(part) for part in child.itertext()).split())
            if text:
                return text
    return ""


def _statement(element: Element, findings: list[Finding]) -> Statement:
    iban, other = _text(element, "Acct/Id/IBAN"), _text(element, "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN", "Acct/Id/UPIC")
    if not iban and not other:
        findings.append(found("bank.field_missing", _line(element), "Acct/Id", field="Acct/Id"))
    balances = [balance for child in _all(element, "Bal") if (balance := _balance(child, findings))]
    currency = _text(element, "Acct/Ccy") or next((balance.currency for balance in balances), "")
    statement = Statement(
        line=_line(element),
        account=(iban or other).replace(" ", "") if iban else other,
        account_form="iban" if iban else "other" if other else "",
        bank=_text(element, "Acct/Svcr/FinInstnId/BICFI", "Acct/Svcr/FinInstnId/BIC", "Acct/Svcr/FinInstnId/Nm"),
        currency=currency,
        number=_numbered(element),
        reference=_text(element, "Id"),
        starts_on=_date(_text(element, "FrToDt/FrDtTm", "FrToDt/FrDt")),
        ends_on=_date(_text(element, "FrToDt/ToDtTm", "FrToDt/ToDt")),
        **_summary(element),
    )
    if not currency:
        findings.append(found("bank.currency_missing", _line(element), "Acct/Ccy"))
    opening = _first(balances, "OPBD") or _first(balances, "PRCD") or _first(balances, "ITBD")
    closing = _first(balances, "CLBD") or _last(balances, "ITBD", besides=opening)
    for side, balance in (("opening", opening), ("closing", closing)):
        if balance is None:
            continue
        other = "" if balance.currency == currency else balance.currency or "?"
        if other:
            findings.append(found("bank.one_currency", balance.line, "Bal/Amt", currency=balance.currency, other=currency))
        known: dict[str, Any] = {side: balance.amount, f"{side}_on": balance.on, f"{side}_line": balance.line, f"{side}_partial": balance.partial}
        known[f"{side}_currency"] = other
        statement = replace(statement, **known)
    return replace(statement, entries=tuple(_entries(element, currency, findings)))


def _numbered(element: Element) -> str:
    number = _text(element, "ElctrncSeqNb") or _text(element, "LglSeqNb")
    page = _text(element, "StmtPgntn/PgNb")
    number = number.lstrip("0")
    return f"{number}/{page}" if number and page else number


def _summary(element: Element) -> dict[str, Any]:
    """What the file states of its own entries; sums only where it gives both."""
    count = _text(element, "TxsSummry/TtlNtries/NbOfNtries")
    came, went = _decimal(_text(element, "TxsSummry/TtlCdtNtries/Sum")), _decimal(_text(element, "TxsSummry/TtlDbtNtries/Sum"))
    return {"count_stated": int(count) if count.isdigit() and len(count) < 10 else None, "in_stated": came, "out_stated": None if went is None else -went}


class _Balance:
    """One balance of a statement."""

    def __init__(self, element: Element, amount: Decimal) -> None:
        self.line = _line(element)
        self.kind = _text(element, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd")
        self.partial = self.kind == "ITBD" or _text(element, "Tp/SubTp/Cd", "Tp/SubTp/Prtry") in ("INTM", "ITBD")
        self.amount = amount
        amount_element = _one(element, "Amt")
        self.currency = amount_element.get("Ccy", "") if amount_element is not None else ""
        self.on = _date(_text(element, "Dt/Dt", "Dt/DtTm"))


def _balance(element: Element, findings: list[Finding]) -> _Balance | None:
    amount = _amount(element, findings, "Bal/Amt")
    return None if amount is None else _Balance(element, amount)


def _first(balances: list[_Balance], kind: str) -> _Balance | None:
    return next((balance for balance in balances if balance.kind == kind), None)


def _last(balances: list[_Balance], kind: str, *, besides: _Balance | None) -> _Balance | None:
    return next((balance for balance in reversed(balances) if balance.kind == kind and balance is not besides), None)


def _amount(element: Element, findings: list[Finding], field: str) -> Decimal | None:
    """Signed by CdtDbtInd; a finding where the amount or the indicator is none."""
    text, side = _text(element, "Amt"), _text(element, "CdtDbtInd")
    amount = _decimal(text)
    if amount is None:
        findings.append(found("bank.field_wrong", _line(element), field, text=text[:60], field=field))
        return None
    if side not in ("CRDT", "DBIT"):
        findings.append(found("bank.field_wrong", _line(element), "CdtDbtInd", text=side[:60], field="CdtDbtInd"))
        return None
    return amount if side == "CRDT" else -amount


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if _AMOUNT.fullmatch(text) else None
    except InvalidOperation:
        return None


def _date(text: str) -> date | None:
    """The day as written, of a date or a time."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _entries(statement: Element, currency: str, findings: list[Finding]) -> Iterator[Entry]:
    waiting: dict[str, int] = {}
    for element in _all(statement, "Ntry"):
        status = _text(element, "Sts/Cd", "Sts/Prtry", "Sts") or "BOOK"
        if status != "BOOK":
            waiting[status] = waiting.get(status, 0) + 1
            continue
        entry = _entry(element, currency, findings)
        if entry is not None:
            yield entry
    for status, count in waiting.items():
        findings.append(found("bank.not_booked", _line(statement), "Ntry/Sts", count=count, status=status))


def _entry(element: Element, currency: str, findings: list[Finding]) -> Entry | None:
    amount = _amount(element, findings, "Ntry/Amt")
    if amount is None:
        return None
    booked_on, value_on = _date(_text(element, "BookgDt/Dt", "BookgDt/DtTm")), _date(_text(element, "ValDt/Dt", "ValDt/DtTm"))
    if booked_on is None and value_on is None:
        findings.append(found("bank.field_missing", _line(element), "Ntry/BookgDt", field="BookgDt"))
        return None
    own = _one(element, "Amt")
    own_currency = own.get("Ccy", "") if own is not None else ""
    if own_currency != currency and currency:
        findings.append(found("bank.one_currency", _line(element), "Ntry/Amt", currency=own_currency, other=currency))
    reversal = _text(element, "RvslInd") in ("true", "1")
    entry = Entry(
        line=_line(element),
        booked_on=booked_on or value_on or date.min,
        booked_stated=booked_on is not None,
        value_on=value_on,
        amount=amount,
        currency=own_currency,
        bank_reference=_known(_text(element, "AcctSvcrRef")),
        kind=_kind(element),
        reversal=reversal,
        reference=_known(_text(element, "NtryRef")),
        text=_text(element, "AddtlNtryInf"),
    )
    payments = _all(element, "NtryDtls/TxDtls")
    if len(payments) == 1:
        return _with_payment(entry, payments[0])
    parts = tuple(_part(entry, payment) for payment in payments)
    words = entry.text or "; ".join(dict.fromkeys(part.text for part in parts if part.text))
    return replace(entry, parts=parts, text=words, reference=_known(_text(element, "NtryDtls/Btch/PmtInfId")) or entry.reference)


def _part(entry: Entry, payment: Element) -> Entry:
    """One payment of a batch: its own amount where it gives one in the entry's currency, else zero."""
    own = _one(payment, "Amt", "AmtDtls/TxAmt/Amt")
    amount = _decimal(" ".join((own.text or "").split())) if own is not None and own.get("Ccy") == entry.currency else None
    side = _text(payment, "CdtDbtInd") or ("CRDT" if entry.amount >= 0 else "DBIT")
    signed = Decimal(0) if amount is None else amount if side == "CRDT" else -amount
    bare = replace(entry, line=_line(payment), amount=signed, text="", reference="", bank_reference="", parts=())
    return _with_payment(bare, payment)


def _with_payment(entry: Entry, payment: Element) -> Entry:
    remittance = [" ".join("".join(str(part) for part in child.itertext()).split()) for child in _all(payment, "RmtInf/Ustrd")]
    structured = [_text(child, "CdtrRefInf/Ref") or _text(child, "RfrdDocInf/Nb") for child in _all(payment, "RmtInf/Strd")]
    more = _text(payment, "AddtlTxInf")
    # Into the account comes from a debtor; a return comes from the party that was paid.
    sides = ("Dbtr", "Cdtr") if (entry.amount >= 0) is not entry.reversal else ("Cdtr", "Dbtr")
    parties = [f"RltdPties/{prefix}{side}{inner}" for side in sides for prefix in ("", "Ultmt") for inner in ("/Nm", "/Pty/Nm", "/Agt/FinInstnId/Nm")]
    accounts = [f"RltdPties/{side}Acct/Id/{form}" for side in sides for form in ("IBAN", "Othr/Id")]
    references = [_known(_text(payment, path)) for path in ("Refs/EndToEndId", "Refs/InstrId", "Refs/ChqNb", "Refs/TxId", "Refs/PmtInfId")]
    words = [*remittance, *filter(None, structured), more]
    return replace(
        entry,
        text=" ".join(dict.fromkeys(filter(None, words))) or entry.text,
        reference=next(filter(None, references), "") or next(filter(None, structured), "") or entry.reference,
        bank_reference=entry.bank_reference or _known(_text(payment, "Refs/AcctSvcrRef")),
        counterparty=_text(payment, *parties),
        counterparty_account=_text(payment, *accounts).replace(" ", ""),
        kind=entry.kind or _kind(payment),
    )


def _known(reference: str) -> str:
    return "" if reference.upper() in _UNKNOWN else reference


def _kind(element: Element) -> str:
    code = [_text(element, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return "/".join(filter(None, code)) or _text(element, "BkTxCd/Prtry/Cd")
