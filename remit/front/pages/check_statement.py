"""The answer about a bank statement: does it foot, is none missing, is nothing there twice; with the line at fault and the lines round it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remit.domain.line import Finding
from remit.domain.money import minor_unit
from remit.formats.hostile import RULES as LIMITS
from remit.formats.statements.rules import RULES as STATEMENTS
from remit.formats.statements.values import Entry, Statement, StatementFile
from remit.formats.table.decode import decode
from remit.front.pages import reading
from remit.front.pages.checks import Answer, Check, Line, Mark, Row, lines_around, unreadable, words

RULES = {**STATEMENTS, **LIMITS}
SHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
FORMS = {"mt940": "MT940", "camt053": "CAMT.053", "ofx": "OFX", "table": "CSV, XLSX"}
MISSING = ("bank.no_gap", "bank.number_missing")
TWICE = ("bank.no_duplicate", "bank.statement_twice", "bank.looks_alike")
FOOTING = ("bank.statement_foots", "bank.no_balances", "bank.no_opening", "bank.no_closing")
MOST_ENTRIES = 9
MOST_CHECKS = 9
SHORT_LINES = 14
"""A statement of fewer lines is shown whole."""
TEXT_LINES = 6
"""How far below an entry its text may reach."""


def answer(name: str, file: StatementFile | None, read: Sequence[Finding], checked: Sequence[Sequence[Finding]], text: str) -> Answer:
    """`read` was found in reading the file, `checked` in each of its statements; `text` is the file as read by eye, empty where it is none."""
    if file is None:
        return _unreadable(name, read, text)
    findings = [*read, *chain.from_iterable(checked)]
    base = Answer(kind="statement", name=name, holds=True, icon="check", title="", read=_read(file), checks=_checks(file, findings), keeps=True)
    unfooted = next((at for at, one in enumerate(file.statements) if one.foots is False), None)
    if unfooted is not None:
        return _unfooted(base, file, unfooted, checked[unfooted], text)
    errors = [one for one in findings if _mark(one) == "bad"]
    if errors:
        line = errors[0].place.line
        title = _("It does not hold: look at line %(line)s") % {"line": line} if line else _("It does not hold")
        return replace(base, holds=False, icon="alert-triangle", title=title, says=_said(errors[:1]), excerpt=_excerpt(text, errors))
    if len(file.statements) == 1:
        base = _summed(base, file.statements[0])
    if not any(one.foots for one in file.statements):
        return replace(
            base,
            title=_("It is read; it cannot be footed"),
            icon="info-circle",
            says=_("Every entry was read, but the file does not give both balances, so that nothing proves them complete."),
        )
    says = ngettext(
        "Opening and %(entries)s entries give the closing balance.",
        "In each of the %(count)s statements opening and entries give the closing balance.",
        len(file.statements),
    )
    entries = sum(len(statement.entries) for statement in file.statements)
    says %= {"entries": words().number(entries), "count": words().number(len(file.statements))}
    return replace(base, title=_("It foots"), says=says)


def _unreadable(name: str, findings: Sequence[Finding], text: str) -> Answer:
    first = next((one for one in findings if one.place.line), None)
    title = _("It cannot be read as a bank statement")
    if first:
        title = _("It cannot be read: look at line %(line)s") % {"line": first.place.line}
    return unreadable("statement", name, title, _said(findings[:1]), _listed(findings), _excerpt(text, [first] if first else []))


def _unfooted(base: Answer, file: StatementFile, at: int, findings: Sequence[Finding], text: str) -> Answer:
    statement = file.statements[at]
    suspects = [one for one in findings if one.code.startswith("bank.suspect_")]
    apart = [one for one in findings if one.code == "bank.statement_foots"]
    line = next((one.place.line for one in (*suspects, *apart) if one.place.line), None)
    which = _("Statement %(number)s of %(count)s.") % {"number": at + 1, "count": len(file.statements)} if len(file.statements) > 1 else ""
    return replace(
        _summed(base, statement, suspects),
        holds=False,
        icon="equal-not",
        title=_("Does not foot: look at line %(line)s") % {"line": line} if line else _("Does not foot"),
        says=f"{which} {_said([*apart[:1], *suspects[:1]])}".strip(),
        excerpt=_excerpt(text, suspects or apart, statement),
    )


def _read(file: StatementFile) -> str:
    lines = ngettext("%(count)s line", "%(count)s lines", file.lines) % {"count": words().number(file.lines)}
    return f"{FORMS[file.form]}, {lines}"


def _said(findings: Iterable[Finding]) -> str:
    return " ".join(words().finding(one, RULES[one.code]) if one.code in RULES else one.code for one in findings)


def _mark(finding: Finding) -> Mark:
    rule = RULES.get(finding.code)
    return "bad" if rule is None or rule.severity == "error" else "warn" if rule.severity == "warning" else "note"


def _excerpt(text: str, findings: Sequence[Finding], statement: Statement | None = None) -> tuple[Line, ...]:
    """The lines round the first finding, or all of a short statement; what the finding names is marked, also where the text below the line says it."""
    finding = findings[0] if findings else None
    if not text or finding is None or finding.place.line is None:
        return ()
    at = finding.place.line
    marks = [form for key in ("amount", "text", "closing") if key in finding.values for form in _spellings(str(finding.values[key]))]
    hits, wanted = [at], _spellings(str(finding.values.get("wanted", "")))
    if finding.code == "bank.suspect_text":
        below = enumerate(text.split("\n")[at : at + TEXT_LINES], start=at + 1)
        hits += [number for number, line in below if any(form in line for form in wanted)][:1]
    span = (statement.opening_line, statement.closing_line) if statement and statement.opening_line and statement.closing_line else None
    return lines_around(text, hits, (*marks, *wanted), span if span and span[1] - span[0] < SHORT_LINES else None)


def _spellings(amount: str) -> tuple[str, ...]:
    """How a bank may write an amount or text that a finding names: with a comma or a point, with or without marks between thousands."""
    bare = amount.lstrip("-+")
    if not re.fullmatch(r"\d+(\.\d+)?", bare):
        return (bare,) if bare else ()
    grouped = f"{Decimal(bare):,}"
    return tuple(dict.fromkeys((bare, bare.replace(".", ","), grouped, grouped.translate(str.maketrans(",.", ".,")), grouped.replace(",", " "))))


def _listed(findings: Iterable[Finding]) -> tuple[Check, ...]:
    return tuple(Check(_said([one]), _mark(one), words().place(one.place), one.code) for one in findings)[:MOST_CHECKS]


def _checks(file: StatementFile, findings: Sequence[Finding]) -> tuple[Check, ...]:
    codes = {one.code for one in findings}
    statements, entries = len(file.statements), sum(len(one.entries) for one in file.statements)
    footing = [one for one in file.statements if one.foots is not None]
    held = sum(1 for one in footing if one.foots)
    asked = []
    if footing:
        says = _("%(held)s of %(count)s statements foot") % {"held": words().number(held), "count": words().number(statements)}
        asked.append(Check(says, "" if held == statements else "bad" if held < len(footing) else "note", code="bank.statement_foots"))
    else:
        asked.append(Check(_("No balances to foot by"), "note", code="bank.cannot_foot"))
    if statements > 1 and not codes.intersection(MISSING):
        asked.append(Check(_("None is missing"), note=_("each opens as the one before closed"), code="bank.no_gap"))
    if not codes.intersection(TWICE):
        count = ngettext("%(count)s entry", "%(count)s entries", entries) % {"count": words().number(entries)}
        asked.append(Check(_("No entry twice"), note=count, code="bank.no_duplicate"))
    shown = [one for one in findings if one.code not in FOOTING and not one.code.startswith("bank.suspect_")]
    rest = len(shown) - MOST_CHECKS
    if rest > 0:
        more = Check(ngettext("and %(count)s more finding", "and %(count)s more findings", rest) % {"count": rest}, "note")
        return (*asked, *_listed(shown), more)
    return (*asked, *_listed(shown))


def _summed(base: Answer, statement: Statement, suspects: Sequence[Finding] = ()) -> Answer:
    """With opening, entries (round the suspect, where there are many) and closing as rows."""
    faults = {one.place.line: one for one in suspects}
    places = -int(minor_unit(statement.currency).as_tuple().exponent) if statement.currency else 2
    entries = statement.entries
    rows: list[Row] = []
    at = next((index for index, entry in enumerate(entries) if entry.line in faults), 0)
    first = max(0, min(at - MOST_ENTRIES // 2, len(entries) - MOST_ENTRIES))
    if statement.opening is not None:
        rows.append(_balance(_("Opening"), statement.opening, statement.opening_line, places, faults))
    rows += _omitted(entries[:first], places)
    rows += [_entry(entry, places, faults.get(entry.line)) for entry in entries[first : first + MOST_ENTRIES]]
    rows += _omitted(entries[first + MOST_ENTRIES :], places)
    if statement.opening is not None:
        rows.append(Row(_("Opening and entries"), _amount(statement.opening + statement.total, places), mark="sum"))
    if statement.closing is not None:
        rows.append(_balance(_("Closing in the file"), statement.closing, statement.closing_line, places, faults))
    if statement.apart:
        rows.append(Row(_("Apart"), _amount(abs(statement.apart), places), mark="sum apart"))
    # The word stands by itself: what is marked within an f-string reaches no catalogue.
    word = _("Statement")
    named, day = f"{word} {statement.number}".strip(), statement.closing_on or statement.ends_on
    return replace(base, rows=tuple(rows), unit=statement.currency, caption=f"{named}, {words().date(day)}" if day else named)


def _balance(says: str, amount: Decimal, line: int | None, places: int, faults: Container[int | None]) -> Row:
    return Row(says, _amount(amount, places), line, mark="fault" if line and line in faults else "")


def _entry(entry: Entry, places: int, fault: Finding | None) -> Row:
    wanted = fault.values.get("wanted") if fault else None
    note = _("should be %(wanted)s") % {"wanted": _signed(wanted, places)} if wanted else ""
    says = entry.counterparty or " ".join(entry.text.split())[:60] or entry.reference or _("Entry")
    return Row(says, _signed(entry.amount, places), entry.line, note, "fault" if fault else "")


def _omitted(entries: Sequence[Entry], places: int) -> list[Row]:
    if not entries:
        return []
    says = ngettext("… %(count)s more entry", "… %(count)s more entries", len(entries)) % {"count": words().number(len(entries))}
    return [Row(says, _signed(sum((entry.amount for entry in entries), Decimal(0)), places))]


def _amount(amount: Decimal, places: int) -> str:
    return words().number(amount, max(places, -int(amount.as_tuple().exponent)))


def _signed(amount: Decimal, places: int) -> str:
    return f"{'−' if amount < 0 else '+'} {_amount(abs(amount), places)}"


def statement_answer(name: str, data: bytes) -> Answer:
    """`data` is the statement as it was uploaded; it is read in a process of its own, as if it were hostile."""
    found = reading.apart(reading.statement, data, name)
    if isinstance(found, Finding):
        return answer(name, None, (found,), (), "")
    file, read, checks = found
    # A sheet is no text: its rows are named, but there is nothing to show by lines.
    text = "" if data.startswith(SHEETS) else decode(data)[0] or ""
    return answer(name, file, read, checks, text)
