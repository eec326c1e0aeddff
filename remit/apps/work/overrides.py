"""Failing checks that a qualified person let pass: which findings of a step are covered now, and what is said of them on paper."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from remit.apps.work import cases
from remit.apps.work.models import CheckOverride, WorkItem
from remit.domain.document import Document, Heading, Paragraph, Table
from remit.domain.line import Finding, Rule, ServiceLine, Step
from remit.domain.reasons import N_
from remit.domain.record.canonical import canonical

Covered = Mapping[str, CheckOverride]
"""By the hash of the finding."""
TITLE = N_("Passed in spite of a failing check")
MEANS = N_("A qualified person let it pass as it was found then; the values stand in the manifest.")
COLUMNS = (N_("Check"), N_("What was found"), N_("Reason"), N_("Let pass by"), N_("Asked by"), N_("When"))


def sha256(finding: Finding, line: ServiceLine) -> str:
    """Of code, place and values: another value, another finding."""
    (row,) = cases.rows_of([finding], line)
    return hashlib.sha256(canonical({name: row[name] for name in ("code", "of", "path", "values")})).hexdigest()


def of_step(item: WorkItem, step: Step) -> Covered:
    """What was let pass on a step of an item, whether or not it is still found."""
    rows = CheckOverride.objects.filter(item=item, step=step.code).order_by("allowed_at")
    return {row.finding_sha256: row for row in rows}


def failing(findings: Iterable[Finding], line: ServiceLine, covered: Covered) -> list[Finding]:
    """The errors that nobody let pass as they are now."""
    return [each for each in findings if line.rule(each.code).severity == "error" and not is_covered(each, line, covered)]


def used(findings: Iterable[Finding], line: ServiceLine, covered: Covered) -> list[tuple[Finding, CheckOverride]]:
    """The errors that were let pass, each with who did."""
    errors = [each for each in findings if line.rule(each.code).severity == "error"]
    return [(each, covered[sha256(each, line)]) for each in errors if is_covered(each, line, covered)]


def is_covered(finding: Finding, line: ServiceLine, covered: Covered) -> bool:
    """A rule that may no longer be overridden covers nothing."""
    return bool(covered) and line.rule(finding.code).override is not None and sha256(finding, line) in covered


def as_step(working: Step, rule: Rule) -> Step:
    """What the gate asks of whoever lets it pass: the rule's own need, apart from whoever does the work."""
    assert rule.override is not None
    apart = tuple({*rule.override.apart, working.code})
    return Step(f"override:{rule.code}", rule.says, working.task, need=replace(rule.override, apart=apart), kind="review", of=working.code)


def printed(document: Document, overridden: Iterable[tuple[Finding, CheckOverride]], line: ServiceLine, say: Callable[..., str]) -> Document:
    """The document with a part that names what was let pass, by whom and why; unchanged where nothing was."""
    rows = [
        (each.code, say(line.rule(each.code).says, **each.values), row.reason, row.allowed_by_name, row.asked_by_name, row.allowed_at)
        for each, row in overridden
    ]
    if not rows:
        return document
    part = (Heading(say(TITLE)), Paragraph(say(MEANS)), Table(tuple(say(column) for column in COLUMNS), tuple(rows)))
    return replace(document, blocks=(*document.blocks, *part))


def listed(overridden: Iterable[tuple[Finding, CheckOverride]]) -> list[dict[str, Any]]:
    """The same as a manifest names it."""
    return [
        {
            "code": row.code,
            "finding": row.finding_sha256,
            "values": {name: str(value) for name, value in row.finding["values"].items()},
            "reason": row.reason,
            "allowed_by": row.allowed_by_name,
            "asked_by": row.asked_by_name,
            "at": row.allowed_at.isoformat(),
        }
        for _finding, row in overridden
    ]
