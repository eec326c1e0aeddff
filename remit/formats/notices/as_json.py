"""A notice as plain JSON values: every field with where it came from, what is missing, what is doubtful."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from remit.domain.line import Finding, Place
from remit.domain.money import Money
from remit.domain.reasons import Reason
from remit.formats.notices import brief
from remit.formats.notices.notice import Field, Notice, Quote
from remit.formats.notices.rules import RULES
from remit.formats.words import Words

APART = {"form", "edition", "hint", "missing", "suspicions", "quotes", "requirements"}


def as_json(notice: Notice, file: str, findings: tuple[Finding, ...], words: Words) -> dict[str, Any]:
    """One object a notice; amounts are decimal strings, dates ISO 8601, `from` names field, path in the file and line."""
    named = {field.name: getattr(notice, field.name) for field in dataclasses.fields(notice) if field.name not in APART}
    return {
        "file": file,
        "form": notice.form,
        "edition": notice.edition,
        "fields": {name: plain(value, words) for name, value in named.items() if value not in (None, (), "")},
        "brief": {question: plain(fields, words) for question, fields in brief.answers(notice).items() if fields},
        "missing": list(notice.missing),
        "service_hint": {
            "service": notice.hint.service or None,
            "verdict": notice.hint.verdict,
            "reasons": [plain(reason, words) for reason in notice.hint.reasons],
            "also": list(notice.hint.also),
        },
        "quotes": [plain(quote, words) for quote in notice.quotes],
        "suspicions": [finding_as_json(finding, words) for finding in notice.suspicions],
        "file_findings": [finding_as_json(finding, words) for finding in findings],
    }


def finding_as_json(finding: Finding, words: Words) -> dict[str, Any]:
    """Code, severity, sentence and place of a finding."""
    rule = RULES[finding.code]
    return {"code": finding.code, "severity": rule.severity, "says": words.finding(finding, rule), "from": plain(finding.place, words)}


def plain(value: Any, words: Words) -> Any:
    """Any value of a notice in plain JSON."""
    match value:
        case Field():
            said = {"value": plain(value.value, words), "certainty": value.certainty, "from": plain(value.place, words)}
            if value.verbatim != value.value:
                said["verbatim"] = value.verbatim
            if value.how:
                said["how"] = plain(value.how, words)
            return said
        case Place():
            return {{"pointer": "path", "xpath": "path"}.get(name, name): at for name, at in value.path}
        case Quote():
            return {"about": value.about, "text": value.text, "start": value.start, "end": value.end, "from": plain(value.place, words)}
        case Reason():
            return {"code": value.code, "says": words.reason(value)}
        case Money():
            return {"amount": str(value.amount), "currency": value.currency or None}
        case Decimal():
            return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else str(value)
        case datetime() | date():
            return value.isoformat()
        case tuple() | list():
            return [plain(member, words) for member in value]
        case _ if dataclasses.is_dataclass(value):
            members = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            return {name: plain(member, words) for name, member in members.items() if member not in (None, (), "")}
        case _:
            return value
