"""What the reader of time exports can find, in words."""

from __future__ import annotations

from remit.domain.line import Finding, Place, Rule
from remit.domain.reasons import N_
from remit.formats.hostile import RULES as HOSTILE
from remit.formats.table import RULES as TABLE

_OURS = "docs/time.md"
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "timesheet.unknown_tool",
            "error",
            N_("These columns are of no time tool that is known here ({tools}). Export the detailed report, or use our sheet. Found: {titles}"),
            _OURS,
        ),
        Rule("timesheet.value_missing", "error", N_("A value is missing."), _OURS),
        Rule("timesheet.not_date", "error", N_("“{text}” is no date."), _OURS),
        Rule("timesheet.date_ambiguous", "error", N_("“{text}” may be day/month or month/day, and nothing in the column tells. Say which."), _OURS),
        Rule("timesheet.not_time", "error", N_("“{text}” is no time of day."), _OURS),
        Rule("timesheet.not_duration", "error", N_("“{text}” is no duration of a day at most."), _OURS),
        Rule("timesheet.runs", "error", N_("The entry has neither an end nor a duration: it still runs. Stop it and export again."), _OURS),
        Rule("timesheet.order", "error", N_("It ends before it begins."), _OURS),
        Rule("timesheet.too_long", "error", N_("It is longer than a day."), _OURS),
        Rule("timesheet.too_short", "note", N_("It is less than a minute and is left out."), _OURS),
        Rule("timesheet.too_many", "error", N_("{count} more faults are not listed."), _OURS),
        *TABLE.values(),
        *HOSTILE.values(),
    )
}
"""By code."""


def found(code: str, line: int | None, column: str = "", **values: object) -> Finding:
    """A finding of ours at a line (from 1) and a column's title."""
    path: list[tuple[str, int | str]] = []
    if line is not None:
        path.append(("line", line))
    if column:
        path.append(("column", column))
    return Finding(f"timesheet.{code}", Place(path=tuple(path)), values)
