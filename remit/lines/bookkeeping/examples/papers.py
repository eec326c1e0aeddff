"""Writes the papers of the examples: CAMT.053 as a German bank sends it, MT940, and a ledger's CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker  # type: ignore[import-not-found]

from remit.lines.bookkeeping.examples.firms import Firm

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
SPELT = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "&": "+"}
E = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})


@dataclass(frozen=True, kw_only=True)
class Booked:
    """One entry of the bank; `parts` are the payments of a collective one: name, amount, reference."""

    on: date
    amount: Decimal
    text: str
    name: str = ""
    account: str = ""
    reference: str = ""
    kind: str = "ESCT"
    parts: tuple[tuple[str, Decimal, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Posted:
    """One side of a voucher; `amount` is signed, debit positive."""

    on: date
    voucher: str
    account: str
    amount: Decimal
    text: str
    name: str = ""
    reference: str = ""


def camt053(account: str, opening: Decimal, entries: Sequence[Booked], first_number: int, made_on: date) -> bytes:
    """One statement a booking day, numbered on."""
    document = E.Document(E.BkToCstmrStmt(E.GrpHdr(E.MsgId(f"{made_on:%Y%m%d}{first_number:04}"), E.CreDtTm(f"{made_on}T06:30:00+01:00"))))
    balance, row = opening, 0
    for at, (on, group) in enumerate(groupby(entries, key=lambda entry: entry.on)):
        day = list(group)
        closing = balance + sum((entry.amount for entry in day), Decimal(0))
        statement = E.Stmt(E.Id(f"{account[-10:]}-{on:%Y%m%d}"), E.ElctrncSeqNb(str(first_number + at)), E.CreDtTm(f"{on}T22:00:00+01:00"))
        statement.append(E.FrToDt(E.FrDtTm(f"{on}T00:00:00+01:00"), E.ToDtTm(f"{on}T23:59:59+01:00")))
        statement.append(E.Acct(E.Id(E.IBAN(account)), E.Ccy("EUR"), E.Svcr(E.FinInstnId(E.BICFI("ISARDEMMXXX"), E.Nm("Isar Bank")))))
        statement.extend((_balance("OPBD", balance, on), _balance("CLBD", closing, on)))
        for entry in day:
            row += 1
            statement.append(_entry(entry, f"{on:%y%m%d}{row:06}"))
        document[0].append(statement)
        balance = closing
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _signed(amount: Decimal) -> tuple[Any, Any]:
    return E.Amt(f"{abs(amount):.2f}", Ccy="EUR"), E.CdtDbtInd("CRDT" if amount >= 0 else "DBIT")


def _balance(code: str, amount: Decimal, on: date) -> Any:
    return E.Bal(E.Tp(E.CdOrPrtry(E.Cd(code))), *_signed(amount), E.Dt(E.Dt(on.isoformat())))


def _entry(entry: Booked, bank_reference: str) -> Any:
    family = ("RCDT" if entry.amount >= 0 else "ICDT") if entry.kind != "CHRG" else "MDOP"
    domain = "ACMT" if entry.kind == "CHRG" else "PMNT"
    element = E.Ntry(*_signed(entry.amount), E.Sts(E.Cd("BOOK")), E.BookgDt(E.Dt(entry.on.isoformat())), E.ValDt(E.Dt(entry.on.isoformat())))
    element.append(E.AcctSvcrRef(bank_reference))
    element.append(E.BkTxCd(E.Domn(E.Cd(domain), E.Fmly(E.Cd(family), E.SubFmlyCd(entry.kind)))))
    if entry.parts:
        batch = E.Btch(E.PmtInfId(entry.reference), E.NbOfTxs(str(len(entry.parts))), _signed(entry.amount)[0], _signed(entry.amount)[1])
        details = E.NtryDtls(batch, *(_payment(amount, name, "", name, reference) for name, amount, reference in entry.parts))
    else:
        details = E.NtryDtls(_payment(entry.amount, entry.text, entry.account, entry.name, entry.reference))
    element.append(details)
    element.append(E.AddtlNtryInf(entry.text))
    return element


def _payment(amount: Decimal, text: str, account: str, name: str, reference: str) -> Any:
    side = "Dbtr" if amount >= 0 else "Cdtr"
    payment = E.TxDtls(E.Refs(E.EndToEndId(reference or "NOTPROVIDED")), *_signed(amount))
    if name:
        parties = E.RltdPties(E(side, E.Pty(E.Nm(name))))
        if account:
            parties.append(E(f"{side}Acct", E.Id(E.IBAN(account))))
        payment.append(parties)
    payment.append(E.RmtInf(E.Ustrd(text)))
    return payment


def mt940(account: str, opening: Decimal, entries: Sequence[Booked], number: int, first: date, last: date, currency: str = "EUR") -> bytes:
    """One statement of the whole month, field 86 as German-speaking banks structure it; lines end as SWIFT wants."""
    balance = opening
    lines = [f":20:REMIT{first:%y%m}", f":25:{account}", f":28C:{number:05}/001", f":60F:{_mt_balance(opening, first, currency)}"]
    for at, entry in enumerate(entries, 1):
        balance += entry.amount
        mark = "C" if entry.amount >= 0 else "D"
        amount = f"{abs(entry.amount):.2f}".replace(".", ",")
        kind, reference = "NCHG" if entry.kind == "CHRG" else "NTRF", entry.reference[:16] or "NONREF"
        lines.append(f":61:{entry.on:%y%m%d}{entry.on:%m%d}{mark}{amount}{kind}{reference}//{entry.on:%y%m}{at:06}")
        lines += _details(entry)
    lines += [f":62F:{_mt_balance(balance, last, currency)}", "-"]
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def _mt_balance(amount: Decimal, on: date, currency: str) -> str:
    return f"{'C' if amount >= 0 else 'D'}{on:%y%m%d}{currency}{abs(amount):.2f}".replace(".", ",")


def _details(entry: Booked) -> list[str]:
    code = "808" if entry.kind == "CHRG" else "166" if entry.amount >= 0 else "177"
    text, name = _ascii(entry.text), _ascii(entry.name)
    fields = [f"?2{at}{text[start : start + 27]}" for at, start in enumerate(range(0, min(len(text), 270), 27))]
    fields += [f"?31{entry.account}"] * bool(entry.account) + [f"?32{name[:27]}"] * bool(name)
    line = f":86:{code}?00{'GUTSCHRIFT' if entry.amount >= 0 else 'UEBERWEISUNG'}" + "".join(fields)
    return [line[start : start + 65] for start in range(0, len(line), 65)]


def _ascii(text: str) -> str:
    """As banks spell what SWIFT's letters lack."""
    spelt = "".join(SPELT.get(letter, letter) for letter in text)
    return spelt.encode("ascii", "replace").decode()


def ledger_csv(firm: Firm, opening: Mapping[str, Decimal], first: date, postings: Iterable[Posted]) -> bytes:
    """Semicolons, decimal commas and days first, as accounting programs here export; opening balances are rows of one voucher."""
    columns: Mapping[str, str] = firm.mapping["columns"]  # type: ignore[assignment]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns.values())
    voucher = str(firm.mapping["opening_voucher"])
    openings = [Posted(on=first, voucher=voucher, account=account, amount=amount, text=voucher) for account, amount in sorted(opening.items()) if amount]
    for posted in (*openings, *postings):
        row = {
            "booked_on": f"{posted.on:%d.%m.%Y}",
            "voucher": posted.voucher,
            "account": posted.account,
            "account_name": firm.names[posted.account],
            "debit": _comma(posted.amount) if posted.amount > 0 else "",
            "credit": _comma(-posted.amount) if posted.amount <= 0 else "",
            "text": posted.text,
            "counterparty": posted.name,
            "reference": posted.reference,
        }
        writer.writerow([row[field] for field in columns])
    return out.getvalue().encode("utf-8-sig")


def _comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
