"""A ledger export, CSV or XLSX, by the entity's mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, get_args, get_type_hints

from remit.domain.line import Finding, Question
from remit.domain.reasons import N_
from remit.formats.ledgers.values import Ledger, LedgerEntry, Mapped
from remit.formats.table.read import read_table
from remit.formats.table.recognise import recognise, titles
from remit.formats.table.rules import found
from remit.formats.table.typed import typed
from remit.formats.table.values import LIMITS, Limits, Record, Table

QUESTIONS: dict[str, Question] = {
    question.code: question
    for question in (
        Question("booked_on", N_("Date of the entry"), "date"),
        Question("account", N_("Account")),
        Question("counter_account", N_("Counter account"), required=False),
        Question("debit_account", N_("Account debited")),
        Question("credit_account", N_("Account credited")),
        Question("debit", N_("Debit"), "money", required=False),
        Question("credit", N_("Credit"), "money", required=False),
        Question("amount", N_("Amount"), "money"),
        Question("side", N_("Debit or credit")),
        Question("voucher", N_("Voucher"), required=False),
        Question("account_name", N_("Name of the account"), required=False),
        Question("text", N_("Text"), required=False),
        Question("reference", N_("Reference"), required=False),
        Question("counterparty", N_("Counterparty"), required=False),
        Question("currency", N_("Currency"), required=False),
    )
}
"""The columns that a mapping may name."""

TITLES = titles(
    """
    booked_on: booked on, booking date, posting date, date, entry date, transaction date, buchungsdatum, belegdatum, datum, ecrituredate, date comptable,
        дата
    debit_account: debit account, sollkonto, konto soll, soll konto
    credit_account: credit account, habenkonto, konto haben, haben konto
    account: account, account number, account no, account code, gl account, konto, kontonummer, sachkonto, comptenum, compte, сметка
    counter_account: counter account, contra account, offset account, gegenkonto, gegenkonto ohne bu schlüssel
    account_name: account name, account description, kontobezeichnung, kontoname, comptelib
    debit: debit, debit amount, soll, sollbetrag, debet, débit, дебит
    credit: credit, credit amount, haben, habenbetrag, crédit, кредит
    amount: amount, net amount, betrag, umsatz, umsatz ohne soll haben kz, montant, сума
    side: side, debit credit, d c, dc, soll haben kennzeichen, soll haben, s h, sens
    voucher: voucher, voucher number, voucher no, journal number, journal id, document number, document, entry number, entry, beleg, belegnummer,
        buchungsnummer, belegfeld 1, ecriturenum, документ
    text: text, description, memo, details, narrative, buchungstext, bezeichnung, ecriturelib, libellé, описание
    reference: reference, ref, external reference, invoice, invoice number, referenz, rechnungsnummer, pieceref, belegfeld 2
    counterparty: counterparty, name, partner, customer supplier, geschäftspartner
    currency: currency, ccy, währung, wkz umsatz, devise, валута
    """
)
"""The titles by which columns are recognised without a mapping, in lower case."""

_ALONE = (("booked_on", "account", "debit", "credit"), ("booked_on", "account", "amount"), ("booked_on", "debit_account", "credit_account", "amount"))
_WAYS = {
    "booking": (("debit_account", "credit_account", "amount"), ("account", "counter_account", "amount")),
    "side": (("account", "debit", "credit"), ("account", "amount")),
}
OPENING_VOUCHERS = frozenset(("eb", "ebw", "eröffnung", "sb", "ob", "opening", "an", "нс", "начално салдо"))
"""Vouchers by which programs enter the balances brought forward, in lower case; looked for only where no mapping names one."""
_DEBIT = frozenset(("d", "dr", "s", "soll", "debit", "debet", "дебит", "+"))
_CREDIT = frozenset(("c", "cr", "h", "haben", "credit", "crédit", "кредит", "-", "k"))

Read = tuple[Ledger | None, tuple[Finding, ...]]


def read(data: bytes, mapping: Mapped | None = None, *, limits: Limits = LIMITS) -> Read:
    """The ledger; without a mapping its columns are recognised by their titles. None: it is no table, or not one with these columns."""
    table, findings = read_table(data, sheet=mapping.sheet if mapping else "", limits=limits)
    if table is None:
        return None, findings
    is_recognised = mapping is None
    mapping = mapping or suggested(table)
    if mapping is None:
        first = table.rows[0].line if table.rows else None
        return None, (*findings, found("ledger.not_recognised", first))
    wrong = _wrong(mapping)
    if wrong:
        return None, (*findings, *wrong)
    records, typing = typed(table, _asked(mapping), mapping.columns, dates=mapping.dates, decimal=mapping.decimal)
    findings += typing
    if any(finding.code in ("table.no_header", "table.column_missing") for finding in typing):
        return None, findings
    if not records:
        return None, (*findings, found("ledger.no_entries"))
    problems: list[Finding] = []
    pairs = [(record, entry) for record in records for entry in _entries(record, mapping, problems)]
    if is_recognised:
        mapping = replace(mapping, opening_voucher=_opening_voucher(pairs))
        if mapping.opening_voucher:
            problems.append(
                found(
                    "ledger.opening_taken", next(e.line for _, e in pairs if e.voucher == mapping.opening_voucher), "voucher", voucher=mapping.opening_voucher
                )
            )
    ledger = _ledger(pairs, mapping)
    return replace(ledger, encoding=table.encoding, lines=table.lines), (*findings, *problems)


def suggested(table: Table) -> Mapped | None:
    """A mapping by the titles alone, to be confirmed and kept for the entity."""
    header, columns = recognise(table, TITLES, _ALONE)
    if header is None:
        return None
    if "debit" in columns and "credit" in columns:
        for field in ("amount", "side", "debit_account", "credit_account"):
            columns.pop(field, None)
    booking = "debit_account" in columns or ("counter_account" in columns and "debit" not in columns)
    return Mapped(columns=columns, row="booking" if booking else "side")


def _wrong(mapping: Mapped) -> tuple[Finding, ...]:
    """What makes the mapping itself unusable."""
    hints = get_type_hints(Mapped)
    findings = []
    for name in ("dates", "decimal", "sign", "row"):
        known, value = get_args(hints[name]), getattr(mapping, name)
        if value not in known:
            findings.append(found("ledger.mapping_unknown", None, name, name=name, value=str(value), known=", ".join(filter(None, known))))
    for field in mapping.columns:
        if field not in QUESTIONS:
            findings.append(found("ledger.mapping_unknown", None, field, name="column", value=field, known=", ".join(QUESTIONS)))
    lacking: list[list[str]] = []
    for way in _WAYS.get(mapping.row, ()):
        lacking.append([field for field in ("booked_on", *way) if field not in mapping.columns])
    if lacking and all(lacking):
        fewest = sorted(lacking, key=len)[0]
        findings.append(found("ledger.mapping_incomplete", None, "", fields=", ".join(fewest)))
    return tuple(findings)


def _asked(mapping: Mapped) -> Sequence[Question]:
    return [QUESTIONS[field] for field in mapping.columns]


def _entries(record: Record, mapping: Mapped, problems: list[Finding]) -> Iterator[LedgerEntry]:
    values = record.values
    if values.get("booked_on") is None:
        return
    debit, credit, problem = _sides(record, mapping)
    if problem:
        problems.append(problem)
        return
    account, counter = str(values.get("account") or ""), str(values.get("counter_account") or "")
    if "debit_account" in mapping.columns and mapping.row == "booking":
        account, counter = str(values.get("debit_account") or ""), str(values.get("credit_account") or "")
    common: dict[str, Any] = {name: values.get(name) or "" for name in ("voucher", "text", "reference", "counterparty")}
    common |= {"line": record.line, "booked_on": values["booked_on"], "currency": (values.get("currency") or mapping.currency).upper()}
    if account:
        yield LedgerEntry(account=account, counter_account=counter, account_name=values.get("account_name") or "", debit=debit, credit=credit, **common)
    if mapping.row == "booking" and counter:
        yield LedgerEntry(account=counter, counter_account=account, debit=credit, credit=debit, **common)


def _sides(record: Record, mapping: Mapped) -> tuple[Decimal, Decimal, Finding | None]:
    """Debit and credit of the row's account."""
    zero, values = Decimal(0), record.values
    if "amount" not in mapping.columns:
        debit, credit = values.get("debit") or zero, values.get("credit") or zero
        if debit and credit:
            return zero, zero, found("ledger.both_sides", record.line, "debit", debit=debit, credit=credit)
        if values.get("debit") is None and values.get("credit") is None:
            return zero, zero, found("ledger.no_amount", record.line, "debit")
        return debit, credit, None
    amount = values.get("amount")
    if amount is None:
        return zero, zero, found("ledger.no_amount", record.line, "amount")
    if "side" in mapping.columns:
        side = _side(str(values.get("side") or ""))
        if side is None:
            return zero, zero, found("ledger.side_unknown", record.line, "side", text=str(values.get("side") or ""))
        return (amount, zero, None) if side == "debit" else (zero, amount, None)
    signed = amount if mapping.sign == "debit_positive" else -amount
    return (signed, zero, None) if signed >= 0 else (zero, -signed, None)


def _side(text: str) -> Literal["debit", "credit"] | None:
    text = text.casefold().strip(". ")
    return "debit" if text in _DEBIT else "credit" if text in _CREDIT else None


def _opening_voucher(pairs: Sequence[tuple[Record, LedgerEntry]]) -> str:
    """The one voucher that has a known name and stands on the first day alone; nothing where that cannot be told."""
    first = min((entry.booked_on for _, entry in pairs), default=None)
    days: dict[str, set[object]] = {}
    for _, entry in pairs:
        if entry.voucher.casefold() in OPENING_VOUCHERS:
            days.setdefault(entry.voucher, set()).add(entry.booked_on)
    found_ones = [voucher for voucher, on in days.items() if on == {first}]
    return found_ones[0] if len(found_ones) == 1 else ""


def _ledger(pairs: Sequence[tuple[Record, LedgerEntry]], mapping: Mapped) -> Ledger:
    opening: dict[str, Decimal] = {}
    names: dict[str, str] = {}
    entries: list[LedgerEntry] = []
    for _, entry in pairs:
        if entry.account_name:
            names.setdefault(entry.account, entry.account_name)
        if mapping.opening_voucher and entry.voucher == mapping.opening_voucher:
            opening[entry.account] = opening.get(entry.account, Decimal(0)) + entry.amount
        else:
            entries.append(entry)
    currencies = {entry.currency for entry in entries if entry.currency}
    return Ledger(entries=tuple(entries), opening=opening, names=names, currency=currencies.pop() if len(currencies) == 1 else "")
