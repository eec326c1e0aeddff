"""`remit reconcile`: a bank statement against the ledger of its month, without a database."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from remit.domain.line import Case, Finding, Paper, Place
from remit.domain.plain import to_plain
from remit.domain.reconciliation import Item
from remit.formats.ledgers import Ledger
from remit.formats.statements import StatementFile
from remit.formats.words import Words
from remit.lines.bookkeeping.board import bridge_table, label, suggest, why_matched
from remit.lines.bookkeeping.books import Books, books
from remit.lines.bookkeeping.checks import opening
from remit.lines.bookkeeping.intake import read_ledger, read_statement
from remit.lines.bookkeeping.line import LINE
from remit.lines.bookkeeping.preparation import Preparation, match_many

UNREADABLE, OPEN = 2, 1


@click.command("reconcile")
@click.argument("statement", type=click.Path(path_type=Path))
@click.argument("ledger", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help="The ledger's columns, as JSON.")
@click.option("--account", default="", help="The ledger account of the bank; found by its amounts where it is not given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def command(statement: Path, ledger: Path, mapping: Path | None, account: str, as_json: bool) -> None:
    """Reconcile a bank STATEMENT with the LEDGER of its month.

    STATEMENT is MT940, CAMT.053, OFX, CSV or XLSX; LEDGER is CSV or XLSX. Exit status 0: everything ties; 1: items are open, or something does not
    foot; 2: a file cannot be read.
    """
    words = Words("en")
    entity: dict[str, Any] = {"ledger_mapping": _mapping(mapping)} if mapping else {}
    given, found = _read(statement, read_statement, entity, words)
    journal, also = _read(ledger, read_ledger, entity, words)
    bank = account or _bank_account(given, journal)
    if not mapping:
        journal, opened = _opened(given, journal, bank)
        also += opened
    case = _case(given, journal, bank, entity)
    state = match_many(case, Preparation(), tuple(move.values for move in suggest(case, Preparation()) if move.sure))
    both = books(case)
    also += opening(case)
    told = _told(case, both, state, [*((statement, finding) for finding in found), *((ledger, finding) for finding in also)], words)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _as_text(told, case, both, state, words))
    sys.exit(0 if told["ties"] else OPEN)


def _mapping(path: Path) -> Any:
    try:
        mapping = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        _refuse(f"{path}:1: mapping: {error}")
    if not isinstance(mapping, dict):
        _refuse(f"{path}:1: mapping: an object is wanted")
    return mapping if "columns" in mapping else {"columns": mapping}


def _read(path: Path, reader: Any, entity: dict[str, Any], words: Words) -> tuple[Any, list[Finding]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        _refuse(f"{path}:0: file: {error.strerror}")
    value, findings = reader(Paper(path.name, hashlib.sha256(data).hexdigest(), lambda: io.BytesIO(data)), entity)
    findings = list(findings)
    if value is None:
        _refuse(*(_line(path, finding, words) for finding in findings))
    return value, findings


def _refuse(*lines: str) -> Any:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(UNREADABLE)


def _line(path: Path, finding: Finding, words: Words) -> str:
    return f"{path}:{finding.place.line or 0}: {finding.place.field}: {words.finding(finding, LINE.rule(finding.code))}"


def _case(given: StatementFile, journal: Ledger, bank: str, entity: dict[str, Any]) -> Case:
    """One period that holds every entry of either side."""
    days = [entry.booked_on for statement in given.statements for entry in statement.entries] + [entry.booked_on for entry in journal.entries]
    first, last = min(days), max(days)
    currency = next((statement.currency for statement in given.statements if statement.currency), journal.currency)
    return Case(
        entity={**entity, "bank_ledger_account": bank, "currency": currency},
        period=(first, last + timedelta(days=1)),
        on=last,
        papers={"statement": (Paper("", "", io.BytesIO, given),), "ledger": (Paper("", "", io.BytesIO, journal),)},
    )


def _bank_account(given: StatementFile, journal: Ledger) -> str:
    """The account that shares most amounts with the statement; on a tie the first."""
    amounts = Counter(entry.amount for statement in given.statements for entry in statement.entries)
    shared = {account: sum((amounts & Counter(entry.amount for entry in journal.of(account))).values()) for account in journal.accounts}
    return max(shared, key=lambda account: shared[account], default="")


def _opened(given: StatementFile, journal: Ledger, bank: str) -> tuple[Ledger, list[Finding]]:
    """Without a mapping: the voucher that enters just the statement's opening into the bank account on the first day is the opening balances."""
    opening = given.statements[0].opening
    first = min((entry.booked_on for entry in journal.entries), default=None)
    booked = {entry.amount for statement in given.statements for entry in statement.entries}
    fits = [entry for entry in journal.of(bank) if entry.amount == opening and entry.booked_on == first and entry.voucher and entry.amount not in booked]
    if len(fits) != 1 or journal.opening:
        return journal, []
    voucher = fits[0].voucher
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for entry in journal.entries:
        if entry.voucher == voucher:
            balances[entry.account] += entry.amount
    entries = tuple(entry for entry in journal.entries if entry.voucher != voucher)
    place = Place(path=(("line", fits[0].line), ("field", "voucher")))
    return replace(journal, entries=entries, opening=dict(balances)), [Finding("ledger.opening_taken", place, {"voucher": voucher})]


def _told(case: Case, both: Books, state: Preparation, found: list[tuple[Path, Finding]], words: Words) -> dict[str, Any]:
    matched = state.matched
    bridge = both.bridge(matched)
    on_statement, in_ledger = both.open_statement(matched), both.open_ledger(matched)
    said = [_as_json(path, finding, words) for path, finding in found]
    suggestions = [
        {"command": move.command, "values": dict(move.values), "code": move.why.code, "says": words.finding(move.why, LINE.rule(move.why.code))}
        for move in suggest(case, state)
        if move.why
    ]
    groups = [
        {"statement": to_plain(both.on_statement(tie.statement)), "ledger": to_plain(both.in_ledger(tie.ledger)), "why": words.reason(why_matched(both, tie))}
        for tie in state.ties
    ]
    return {
        "account": case.entity["bank_ledger_account"],
        "currency": case.entity["currency"],
        "bridge": {
            "statement": to_plain(bridge.statement) | {"reconciled": str(bridge.statement.reconciled)},
            "ledger": to_plain(bridge.ledger) | {"reconciled": str(bridge.ledger.reconciled)},
            "apart": str(bridge.apart),
        },
        "groups": groups,
        "open": {"statement": to_plain(on_statement), "ledger": to_plain(in_ledger)},
        "suggestions": suggestions,
        "findings": said,
        "ties": not (on_statement or in_ledger or bridge.apart or any(finding["severity"] == "error" for finding in said)),
    }


def _as_json(path: Path, finding: Finding, words: Words) -> dict[str, Any]:
    rule = LINE.rule(finding.code)
    place = {"file": str(path), "line": finding.place.line, "field": finding.place.field}
    return {**place, "code": finding.code, "severity": rule.severity, "says": words.finding(finding, rule)}


def _as_text(told: dict[str, Any], case: Case, both: Books, state: Preparation, words: Words) -> str:
    lines = [f"{finding['file']}:{finding['line'] or 0}: {finding['field']}: {finding['severity']}: {finding['says']}" for finding in told["findings"]]
    table = bridge_table(both, state, case.entity["currency"])
    lines += ["", f"{told['account']} {told['currency']}".strip()]
    lines += [_columns(words, row) for row in (table.columns, *table.rows, table.totals)]
    lines += ["", f"Matched: {len(state.ties)} groups"]
    for number, (tie, group) in enumerate(zip(state.ties, told["groups"], strict=True), 1):
        lines.append(f"G-{number:03} {len(tie.statement)}:{len(tie.ledger)}  {group['why']}")
        lines += [f"    statement {_item(item, words)}" for item in both.on_statement(tie.statement)]
        lines += [f"    ledger    {_item(item, words)}" for item in both.in_ledger(tie.ledger)]
    matched = state.matched
    for side, items in (("statement", both.open_statement(matched)), ("ledger", both.open_ledger(matched))):
        lines += ["", f"Only in the {side}: {len(items)}"]
        for item in items:
            lines.append(f"    {_item(item, words)}")
            lines += [f"        ? {said['says']}" for said in told["suggestions"] if item.key in _named(said["values"])]
    lines += ["", "Everything ties." if told["ties"] else "Not everything ties."]
    return "\n".join(lines).lstrip("\n")


def _named(values: dict[str, Any]) -> tuple[str, ...]:
    """The items that a suggestion is about."""
    return (values.get("item", ""), *values.get("statement", ()), *values.get("ledger", ()))


def _item(item: Item, words: Words) -> str:
    return f"{item.on}  {words.number(item.amount):>14}  {label(item)} {item.reference}".rstrip()


def _columns(words: Words, row: tuple[Any, ...]) -> str:
    cells = [words.number(cell) if isinstance(cell, Decimal) else words.value(cell) for cell in row]
    return f"{cells[0]:<34}" + "".join(f"{cell:>18}" for cell in cells[1:])
