"""Reasons, findings and values as they are kept in a row, so that they can be said again later, in any language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from remit.domain.line import Finding, Place
from remit.domain.money import Money
from remit.domain.reasons import SENTENCES, Reason

UNKNOWN = "{code}"


def value_row(value: Any) -> Any:
    """A plain value as JSON: what JSON has no type for becomes an object that names the type."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case Decimal():
            return {"decimal": str(value)}
        case Money():
            return {"money": [str(value.amount), value.currency]}
        case Reason():
            return {"reason": reason_row(value)}
        case list() | tuple() | set() | frozenset():
            return [value_row(each) for each in value]
        case _:
            return str(value)


def value_of(row: Any) -> Any:
    """The value of such a row."""
    if isinstance(row, list):
        return [value_of(each) for each in row]
    if not isinstance(row, Mapping) or len(row) != 1:
        return row
    ((kind, held),) = row.items()
    match kind:
        case "instant":
            return datetime.fromisoformat(held)
        case "date":
            return date.fromisoformat(held)
        case "decimal":
            return Decimal(held)
        case "money":
            return Money(Decimal(held[0]), held[1])
        case "reason":
            return reason_of(held)
    return row


def reason_row(reason: Reason) -> dict[str, Any]:
    """A reason with its rule and its cure."""
    return {
        "code": reason.code,
        "values": {name: value_row(value) for name, value in reason.values.items()},
        "rule_id": reason.rule_id,
        "rule_source": reason.rule_source,
        "cure": reason_row(reason.cure) if reason.cure else None,
    }


def reason_of(row: Mapping[str, Any]) -> Reason:
    """The reason of such a row. Where the code has no sentence any more, the code itself is what can still be said."""
    code, values = row["code"], {name: value_of(value) for name, value in row["values"].items()}
    if code not in SENTENCES:
        SENTENCES.setdefault(UNKNOWN, UNKNOWN)
        code, values = UNKNOWN, {"code": code}
    cure = reason_of(row["cure"]) if row.get("cure") else None
    return Reason(code, values, row.get("rule_id", ""), row.get("rule_source", ""), cure)


def finding_row(finding: Finding) -> dict[str, Any]:
    """A finding with its place."""
    return {
        "code": finding.code,
        "path": [list(step) for step in finding.place.path],
        "values": {name: value_row(value) for name, value in finding.values.items()},
    }


def finding_of(row: Mapping[str, Any]) -> Finding:
    """The finding of such a row."""
    place = Place(path=tuple((name, at) for name, at in row["path"]))
    return Finding(row["code"], place, {name: value_of(value) for name, value in row["values"].items()})
