"""The answer about a bank statement: does it foot, is none missing, is nothing there twice; with the line at fault and the lines round it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remit.domain.line import Finding
from remit.domain.money import minor_unit
from remit.formats.statements.rules import RULES
from remit.formats.statements.values import Entry, Statement, StatementFile
from remit.front.pages.checks import Answer, Check, Line, Mark, Row, lines_around, unreadable, words

FORMS = {"mt940": "MT940", "camt053": "CAMT.053", "ofx": "OFX", "table": "CSV, XLSX"}
MISSING = ("bank.no_gap", "bank.number_missing")
TWICE = ("bank.no_duplicate", "bank.statement_twice", "bank.looks_alike")
FOOTING = ("bank.statement_foots", "bank.cannot_foot")
MOST_ENTRIES = 9
MOST_CHECKS = 9


def answer(name: str, file: StatementFile | None, findings: Sequence[Finding], text: str) -> Answer:
    """`text` is the file as it is read by eye, empty where it is no text; the lines of `findings` count in it."""
    if file is None:
        return _unreadable(name, findings, text)
    errors = [one for one in findings if _mark(one) == "bad"]
    unfooted = next((one for one in file.statements if one.foots is False), None)
    base = {"kind": "statement", "name": name, "read": _read(file), "checks": _checks(file, findings), "keeps": True}
    if unfooted is not None:
        return _unfooted(base, file, unfooted, findings, text)
    if errors:
        line = errors[0].place.line
        title = _("It does not hold: look at line %(line)s") % {"line": line} if line else _("It does not hold")
        return Answer(**base, holds=False, icon="alert-triangle", title=title, says=_said(errors[:1]), excerpt=_excerpt(text, errors[:1]))
    entries = sum(len(one.entries) for one in file.statements)
    if not any(one.foots for one in file.statements):
        says = _("Every entry was read, but the file gives no balances to prove them by.")
        return Answer(**base, holds=True, icon="check", title=_("It is read; it cannot be footed"), says=says, **_sum(file.statements[0]) if len(file.statements) == 1 else {})
    says = ngettext("Opening and %(entries)s entries give the closing balance.", "In each of the %(count)s statements opening and entries give the closing balance.", len(file.statements))
    shown = _sum(file.statements[0]) if len(file.statements) == 1 else {}
    return Answer(**base, holds=True, icon="check", title=_("It foots"), says=says % {"entries": words().number(entries), "count": words().number(len(file.statements))}, **shown)


def _unreadable(name: str, findings: Sequence[Finding], text: str) -> Answer:
    first = next((one for one in findings if one.place.line), None)
    title = _("It cannot be read: look at line %(line)s") % {"line": first.place.line} if first and first.place.line else _("It cannot be read as a bank statement")
    return unreadable("statement", name, title, _said(findings[:1]), _listed(findings), _excerpt(text, [first] if first else []))


def _unfooted(base: dict[str, object], file: StatementFile, statement: Statement, findings: Sequence[Finding], text: str) -> Answer:
    last = _last_line(file, statement)
    own = [one for one in findings if one.place.line is not None and statement.line <= one.place.line <= last]
    suspects = [one for one in own if one.code.startswith("bank.suspect_")]
    foots = [one for one in own if one.code == "bank.statement_foots"]
    at = next((one.place.line for one in (*suspects, *foots) if one.place.line), statement.closing_line)
    which = ""
    if len(file.statements) > 1:
        which = _("Statement %(number)s of %(count)s.") % {"number": file.statements.index(statement) + 1, "count": len(file.statements)} + " "
    title = _("Does not foot: look at line %(line)s") % {"line": at} if at else _("Does not foot")
    return Answer(
        **base,  # type: ignore[arg-type]
        holds=False,
        icon="equal-not",
        title=title,
        says=which + _said([*foots[:1], *suspects[:1]]),
        excerpt=_excerpt(text, suspects[:1] or foots[:1], at),
        **_sum(statement, suspects[:1]),  # type: ignore[arg-type]
    )


def _last_line(file: StatementFile, statement: Statement) -> int:
    later = [one.line for one in file.statements if one.line > statement.line]
    return min(later) - 1 if later else 2**31


def _read(file: StatementFile) -> str:
    lines = ngettext("%(count)s line", "%(count)s lines", file.lines) % {"count": words().number(file.lines)}
    return f"{FORMS[file.form]}, {lines}"


def _said(findings: Iterable[Finding]) -> str:
    return " ".join(words().finding(one, RULES[one.code]) if one.code in RULES else one.code for one in findings)


def _mark(finding: Finding) -> Mark:
    rule = RULES.get(finding.code)
    return "bad" if rule is None or rule.severity == "error" else "warn" if rule.severity == "warning" else "note"


def _excerpt(text: str, findings: Sequence[Finding], at: int | None = None) -> tuple[Line, ...]:
    hits = [at or one.place.line for one in findings[:1] if at or one.place.line]
    marks = [str(one.values[key]) for one in findings for key in ("amount", "text", "closing") if key in one.values]
    return lines_around(text, [hit for hit in hits if hit], [form for mark in marks for form in _spellings(mark)]) if text else ()


def _spellings(amount: str) -> tuple[str, ...]:
    """How a bank may write an amount or text that a finding names."""
    bare = amount.lstrip("-+")
    return (bare, bare.replace(".", ","))


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


def _sum(statement: Statement, suspects: Sequence[Finding] = ()) -> dict[str, object]:
    """Opening, entries (round the suspect, where there are many) and closing as rows."""
    faults = {one.place.line: one for one in suspects}
    places = -int(minor_unit(statement.currency).as_tuple().exponent) if statement.currency else 2
    entries, rows = statement.entries, []
    at = next((index for index, entry in enumerate(entries) if entry.line in faults), 0)
    first = max(0, min(at - MOST_ENTRIES // 2, len(entries) - MOST_ENTRIES))
    shown = entries[first : first + MOST_ENTRIES]
    if statement.opening is not None:
        rows.append(Row(_("Opening"), _amount(statement.opening, places), statement.opening_line, mark="fault" if statement.opening_line in faults else ""))
    rows += [*_omitted(entries[:first], places)]
    for entry in shown:
        fault = faults.get(entry.line)
        note = _("should be %(wanted)s") % {"wanted": words().value(fault.values["wanted"])} if fault and "wanted" in fault.values else ""
        says = entry.counterparty or entry.text.replace("\n", " ")[:60] or entry.reference or _("Entry")
        rows.append(Row(says, _signed(entry.amount, places), entry.line, note, "fault" if fault else ""))
    rows += [*_omitted(entries[first + MOST_ENTRIES :], places)]
    if statement.opening is not None:
        rows.append(Row(_("Opening and entries"), _amount(statement.opening + statement.total, places), mark="sum"))
    if statement.closing is not None:
        rows.append(Row(_("Closing in the file"), _amount(statement.closing, places), statement.closing_line, mark="fault" if statement.closing_line in faults else ""))
    if statement.apart:
        rows.append(Row(_("Apart"), _amount(abs(statement.apart), places), mark="sum apart"))
    named = " ".join(filter(None, (_("Statement"), statement.number)))
    day = statement.closing_on or statement.ends_on
    return {"rows": tuple(rows), "unit": statement.currency, "caption": f"{named}, {words().date(day)}" if day else named}


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
    from remit.formats.statements.read import read

    file, findings = read(data, name)
    return answer(name, file, tuple(findings), data.decode("utf-8", "replace"))
