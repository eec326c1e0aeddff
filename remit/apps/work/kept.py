"""What a file that is kept as a first item is seen to hold, by the readers of its form."""

from __future__ import annotations

from typing import Any

from remit.domain.line import Finding, Rule
from remit.domain.reasons import N_
from remit.formats import statements
from remit.formats.hostile import RULES as LIMITS
from remit.formats.packs import verify
from remit.formats.statements.rules import RULES as STATEMENTS
from remit.formats.statements.values import StatementFile

RULES: dict[str, Rule] = {**STATEMENTS, **LIMITS}
MOST_FINDINGS = 50
FORM, ACCOUNT, ENTRIES, OPENING, CLOSING = N_("File format"), N_("Account"), N_("Entries"), N_("Opening"), N_("Closing")
CHECK = N_("Checked")
FOOTS = N_("it foots: opening and entries give the closing balance")
NOT_FOOTED = N_("it does not foot: opening and entries do not give the closing balance")
UNPROVEN = N_("the file does not give both balances, so nothing proves its entries complete")
COVERS, ORIGIN, PROOF = N_("Covers"), N_("From"), N_("Proof")
HOLDS, FAILS, NO_PACK = N_("holds"), N_("fails"), N_("not a pack")

Facts = list[list[Any]]
Seen = tuple[Facts, list[dict[str, Any]]]
"""(pairs of label and value, findings as rows)."""


def looked_at(content: bytes, kind: str, name: str) -> Seen:
    """What is seen in a file. Never raises on what is in it; it is called in a process apart, and so this module knows no Django."""
    return _pack(content) if kind == "pack" else _statement(name, content)


def _statement(name: str, content: bytes) -> Seen:
    file, found = statements.read(content, name)
    checked = [finding for each in statements.check(file) for finding in each] if file else []
    return _facts(file), [row_of(finding) for finding in (*found, *checked)][:MOST_FINDINGS]


def _facts(file: StatementFile | None) -> Facts:
    if file is None or not file.statements:
        return []
    first, last = file.statements[0], file.statements[-1]
    count = sum(len(statement.entries) for statement in file.statements)
    balances = [[label, f"{amount} {first.currency}"] for label, amount in ((OPENING, first.opening), (CLOSING, last.closing)) if amount is not None]
    footing = [one.foots for one in file.statements]
    proof = NOT_FOOTED if False in footing else FOOTS if all(footing) else UNPROVEN
    return [[CHECK, proof], [FORM, file.form.upper()], [ACCOUNT, first.account], [ENTRIES, count], *balances]


def _pack(content: bytes) -> Seen:
    report = verify.check(content)
    if report.unreadable:
        return [[PROOF, NO_PACK]], []
    covers = report.covers.get("reference", "")
    return [[PROOF, FAILS if report.failed else HOLDS], [COVERS, covers], [ORIGIN, report.origin], [ENTRIES, report.entries]], []


def row_of(finding: Finding) -> dict[str, Any]:
    """A finding as the row keeps it."""
    rule = RULES.get(finding.code)
    return {
        "code": finding.code,
        "severity": rule.severity if rule else "error",
        "of": finding.place.of,
        "path": [list(step) for step in finding.place.path],
        "values": {key: value if isinstance(value, int | str) else str(value) for key, value in finding.values.items()},
    }
