"""Statements as tables, CSV or XLSX: columns by a mapping or by their titles; a running balance gives opening, closing and the very line at fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from remit.domain.line import Finding, Question
from remit.domain.reasons import N_
from remit.formats.statements.values import Entry, Statement, StatementFile, is_iban
from remit.formats.table.cells import number
from remit.formats.table.recognise import recognise, simple, titles
from remit.formats.table.rules import found
from remit.formats.table.typed import typed
from remit.formats.table.values import Record, Row, Table

TITLES = titles(
    """
    booked_on: booking date, posting date, posted date, booked on, transaction date, date, buchungstag, buchungsdatum, buchung, datum, boekdatum,
        date comptable, date operation, fecha, дата
    value_on: value date, valuta, valutadatum, wertstellung, wert, valuta datum, rentedatum, date valeur, date de valeur, вальор
    debit: debit, debit amount, paid out, money out, withdrawal, withdrawals, soll, lastschrift, belastung, af, débit, дебит
    credit: credit, credit amount, paid in, money in, deposit, deposits, haben, gutschrift, bij, crédit, кредит
    amount: amount, transaction amount, betrag, umsatz, bedrag, montant, importe, сума
    side: debit credit, soll haben, af bij, d c, s h, dc, credit debit indicator
    balance: balance, running balance, balance after, balance after transaction, saldo, saldo nach buchung, saldo na mutatie, solde, салдо
    counterparty: counterparty, counterparty name, name, payee, beneficiary, auftraggeber empfänger, begünstigter zahlungspflichtiger,
        name zahlungsbeteiligter, empfänger, naam tegenpartij, naam, контрагент
    counterparty_account: counterparty account, counterparty iban, kontonummer iban, iban zahlungsbeteiligter, tegenrekening
    text: text, description, details, narrative, memo, transaction description, verwendungszweck, buchungstext, mededelingen, omschrijving, libellé,
        libelle, concepto, основание
    reference: reference, end to end reference, kundenreferenz, ref, referenz, référence, референция
    bank_reference: bank reference, transaction id, transaction reference, bankreferenz, volgnummer
    account: account, account number, iban, auftragskonto, konto, rekening, compte, сметка
    currency: currency, ccy, währung, munt, devise, валута
    kind: type, transaction type, umsatzart, mutatiesoort, code
    """
)
"""The titles by which columns are recognised without a mapping, in lower case; the surest first."""

_ALONE = (("booked_on", "amount"), ("booked_on", "debit", "credit"), ("value_on", "amount"))
_QUESTIONS = {
    "booked_on": Question("booked_on", N_("Booked on"), "date"),
    "value_on": Question("value_on", N_("Value date"), "date", required=False),
    "amount": Question("amount", N_("Amount"), "money"),
    "debit": Question("debit", N_("Money out"), "money", required=False),
    "credit": Question("credit", N_("Money in"), "money", required=False),
    "balance": Question("balance", N_("Balance after"), "money", required=False),
}
_OUT, _IN = frozenset(("d", "dr", "dbit", "debit", "s", "soll", "af", "-")), frozenset(("c", "cr", "crdt", "credit", "h", "haben", "bij", "+"))
_OPENING = re.compile(r"(opening|start|anfangs|begin|alter )[ -]?(balance|saldo|kontostand)|solde (initial|précédent)|начално салдо", re.IGNORECASE)
_CLOSING = re.compile(r"(closing|end|schluss|eind|neuer )[ -]?(balance|saldo|kontostand)|endsaldo|solde final|крайно салдо", re.IGNORECASE)
_ACCOUNT = re.compile(r"(account|konto|rekening|compte|iban|сметка)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How an account's export is laid out; what is empty is found from the file. `columns`: our field (a key of `TITLES`) to the column's title."""

    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Literal["iso", "day_first", "month_first", ""] = ""
    decimal: Literal[",", ".", ""] = ""
    sheet: str = ""
    delimiter: str = ""
    account: str = ""
    currency: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None


PLAIN = Layout()
"""Everything found from the file."""


def read(table: Table, layout: Layout = PLAIN) -> tuple[StatementFile | None, tuple[Finding, ...]]:
    """The statements in a table, one an account; None where its columns are not those of a statement."""
    columns = {name: title for name, title in layout.columns.items() if name in TITLES}
    if not columns:
        _, columns = recognise(table, TITLES, _ALONE)
    if "booked_on" not in columns and "value_on" in columns:
        columns["booked_on"] = columns.pop("value_on")
    if not any(all(name in columns for name in group) for group in _ALONE):
        return None, (found("bank.not_recognised", table.rows[0].line if table.rows else None),)
    table, edges = _edges(table, columns)
    questions = [_QUESTIONS.get(name) or Question(name, name, required=False) for name in columns]
    records, typing = typed(table, questions, columns, dates=layout.dates, decimal=layout.decimal)
    if any(finding.code in ("table.no_header", "table.column_missing") for finding in typing):
        return None, typing
    findings = [finding for finding in typing if finding.code != "table.formula"]
    entries = [(record, entry) for record in records if (entry := _entry(record, layout, findings))]
    accounts = list(dict.fromkeys(str(record.values.get("account") or "") for record, _ in entries)) or [""]
    statements = []
    for account in accounts:
        own = [pair for pair in entries if str(pair[0].values.get("account") or "") == account]
        statements.append(_statement(own, account, layout, edges, findings))
    return StatementFile(form="table", statements=tuple(statements), encoding=table.encoding, lines=table.lines), tuple(findings)


def _edges(table: Table, columns: Mapping[str, str]) -> tuple[Table, dict[str, tuple[str, int]]]:
    """What stands above the header and below the entries: account, opening and closing balance; the table without such rows."""
    titles = {simple(title) for title in columns.values()}
    header = next((row for row in table.rows if titles <= {simple(cell) for cell in row.cells}), None)
    edges: dict[str, tuple[str, int]] = {}
    kept: list[Row] = []
    for row in table.rows:
        words = " ".join(str(cell) for cell in row.cells)
        filled = [str(cell) for cell in row.cells if cell != ""]
        name = "opening" if _OPENING.search(words) else "closing" if _CLOSING.search(words) else ""
        above = header is not None and row.line < header.line
        if name and row is not header and len(filled) <= 4 and number(filled[-1]) is not None:
            edges[name] = filled[-1], row.line
        elif above and len(filled) >= 2 and _ACCOUNT.search(filled[0]):
            edges.setdefault("account", (filled[1], row.line))
        elif not above:
            kept.append(row)
    return replace(table, rows=tuple(kept)), edges


def _entry(record: Record, layout: Layout, findings: list[Finding]) -> Entry | None:
    values = record.values
    if values.get("booked_on") is None:
        return None
    amount = values.get("amount")
    if "amount" not in values:
        debit, credit = values.get("debit"), values.get("credit")
        if debit is None and credit is None:
            findings.append(found("table.value_missing", record.line, "amount"))
            return None
        # Banks write what went out with and without a sign.
        amount = (credit or Decimal(0)) - abs(debit or Decimal(0))
    elif amount is not None and values.get("side"):
        side = str(values["side"]).casefold().strip(". ")
        if side not in _OUT | _IN:
            findings.append(found("table.not_choice", record.line, "side", text=str(values["side"])[:60], choices="D, C"))
            return None
        amount = abs(amount) if side in _IN else -abs(amount)
    if amount is None:
        return None
    text: dict[str, Any] = {
        name: str(values.get(name) or "") for name in ("text", "reference", "counterparty", "counterparty_account", "bank_reference", "kind")
    }
    return Entry(
        line=record.line,
        booked_on=values["booked_on"],
        value_on=values.get("value_on"),
        amount=amount,
        currency=(str(values.get("currency") or "") or layout.currency).upper(),
        **text,
    )


def _statement(pairs: Sequence[tuple[Record, Entry]], account: str, layout: Layout, edges: Mapping[str, tuple[str, int]], findings: list[Finding]) -> Statement:
    entries = tuple(entry for _, entry in pairs)
    account = account or layout.account or edges.get("account", ("", 0))[0]
    plain = account.replace(" ", "")
    currencies = {entry.currency for entry in entries if entry.currency}
    currency = next(iter(currencies)) if len(currencies) == 1 else layout.currency
    for entry in entries:
        if len(currencies) > 1 and entry.currency != entries[0].currency:
            findings.append(found("bank.one_currency", entry.line, "currency", currency=entry.currency, other=entries[0].currency))
    if not currency:
        findings.append(found("bank.currency_missing", entries[0].line if entries else None, "currency"))
    statement = Statement(
        line=entries[0].line if entries else 1,
        account=plain if is_iban(plain) else account,
        account_form="iban" if is_iban(plain) else "other" if account else "",
        currency=currency,
        opening=layout.opening,
        closing=layout.closing,
        entries=entries,
    )
    statement = _from_running(statement, pairs, findings)
    for name in ("opening", "closing"):
        value = number(edges[name][0], layout.decimal) if name in edges else None
        if value is not None and getattr(layout, name) is None:
            known: dict[str, Any] = {name: value, f"{name}_line": edges[name][1]}
            statement = replace(statement, **known)
    return statement


def _from_running(statement: Statement, pairs: Sequence[tuple[Record, Entry]], findings: list[Finding]) -> Statement:
    """Opening and closing from the balance after each line, oldest first or newest first; a line where it does not run is said."""
    chain: list[tuple[Entry, Decimal]] = [(entry, record.values["balance"]) for record, entry in pairs if record.values.get("balance") is not None]
    if not chain or len(chain) < len(pairs):
        return statement
    upward, downward = _breaks(chain), _breaks(chain[::-1])
    if len(downward) < len(upward):
        chain, upward = chain[::-1], downward
    for entry, reached, balance in upward:
        findings.append(found("bank.balance_runs", entry.line, "balance", balance=balance, reached=reached, apart=reached - balance))
    (first, after_first), (last, after_last) = chain[0], chain[-1]
    opening = statement.opening if statement.opening is not None else after_first - first.amount
    closing = statement.closing if statement.closing is not None else after_last
    return replace(statement, opening=opening, opening_line=first.line, closing=closing, closing_line=last.line)


def _breaks(chain: Sequence[tuple[Entry, Decimal]]) -> list[tuple[Entry, Decimal, Decimal]]:
    """Each entry whose balance is not the one before plus its amount: entry, what was reached, what is given."""
    steps = ((entry, before + entry.amount, balance) for (_, before), (entry, balance) in pairwise(chain))
    return [(entry, reached, balance) for entry, reached, balance in steps if reached != balance]
