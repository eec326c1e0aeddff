"""A plan and its findings as plain values, for the API and the command line."""

from __future__ import annotations

from typing import Any

from remit.apps.work.takeover.reading import Read
from remit.domain.line import Finding
from remit.domain.takeover import Plan
from remit.formats.takeover import RULES
from remit.formats.words import Words


def finding_json(finding: Finding, read: Read) -> dict[str, Any]:
    """A finding by file, sheet, line, column, code and words."""
    names = {each.sheet: each.name for each in read.sheets if each.sheet}
    rule = RULES.get(finding.code)
    column = next((str(at) for name, at in finding.place.path if name == "column"), "")
    return {
        "file": names.get(finding.place.of, finding.place.of),
        "sheet": finding.place.of if finding.place.of in names else "",
        "line": finding.place.line,
        "column": column,
        "code": finding.code,
        "severity": rule.severity if rule else "error",
        "says": Words("en").finding(finding, rule) if rule else finding.code,
    }


def plan_json(plan: Plan, read: Read) -> dict[str, Any]:
    """A plan as plain values."""
    return {
        "counts": {name: count for name, count in plan.counts().items() if count},
        "faulty": dict(plan.faulty),
        "people": [{"name": each.row.name, "state": each.state, "changes": list(each.changes)} for each in plan.people],
        "engagements": [
            {"client": each.client, "service": each.service, "state": each.state, "entities": [row.entity for row in each.rows]} for each in plan.engagements
        ],
        "findings": [finding_json(each, read) for each in plan.findings],
    }
