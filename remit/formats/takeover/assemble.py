"""All files of a take-over together: the three sheets and the contracts, with what cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from remit.domain.line import Finding
from remit.domain.takeover import Sheets, found
from remit.formats.takeover.read import Brought


def assemble(brought: Sequence[Brought], contracts: Mapping[str, str]) -> tuple[Sheets, tuple[Finding, ...]]:
    """The sheets as one value, and every finding of the readers. `contracts`: SHA-256 by file name."""
    findings: list[Finding] = []
    by_sheet: dict[str, Brought] = {}
    for each in sorted(brought, key=lambda one: one.name):
        findings += each.findings
        if not each.sheet:
            continue
        first = by_sheet.setdefault(each.sheet, each)
        if first is not each:
            findings.append(found("sheet_twice", each.sheet, file=each.name, other=first.name, sheet=each.sheet))
    sheets = Sheets(
        people=tuple(row for each in by_sheet.values() for row in each.people),
        prices=tuple(row for each in by_sheet.values() for row in each.prices),
        calendar=tuple(row for each in by_sheet.values() for row in each.calendar),
        names={sheet: each.name for sheet, each in by_sheet.items()},
        sources={sheet: each.sha256 for sheet, each in by_sheet.items()},
        contracts=dict(contracts),
        grids={sheet: each.grid for sheet, each in by_sheet.items()},
        lines_read={sheet: each.lines_read for sheet, each in by_sheet.items()},
    )
    return sheets, tuple(findings)
