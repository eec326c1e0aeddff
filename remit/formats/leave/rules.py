"""What the readers of leave can find, in words."""

from __future__ import annotations

from remit.domain.line import Finding, Place, Rule
from remit.domain.reasons import N_
from remit.formats.hostile import RULES as HOSTILE
from remit.formats.table import RULES as TABLE

_ICAL, _OURS = "RFC 5545", "docs/time.md"
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("leave.not_calendar", "error", N_("This is no calendar (iCalendar), and no table either."), _ICAL),
        Rule("leave.broken", "error", N_("The calendar cannot be read: {why}."), _ICAL),
        Rule("leave.no_event", "error", N_("The calendar holds no event."), _ICAL),
        Rule("leave.no_begin", "error", N_("The event has no beginning."), _ICAL),
        Rule("leave.order", "error", N_("It ends before it begins."), _ICAL),
        Rule("leave.too_long", "error", N_("It lasts longer than {most} days."), _OURS),
        Rule("leave.recurs", "error", N_("“{text}” is no rule of repetition that is read here: by day, week, month or year."), _ICAL),
        Rule("leave.too_often", "error", N_("It comes back more than {most} times in the time that is read. Export single events."), _OURS),
        Rule("leave.too_many", "error", N_("There are more than {most} events in the time that is read. Send the file in parts."), _OURS),
        Rule("leave.outside", "note", N_("{count} events lie before {first} or from {last} on and are left out."), _OURS),
        Rule("leave.column_missing", "error", N_("There is no column “{title}”."), _OURS),
        Rule("leave.value_missing", "error", N_("A value is missing."), _OURS),
        Rule("leave.not_date", "error", N_("“{text}” is no date."), _OURS),
        Rule("leave.date_ambiguous", "error", N_("“{text}” may be day/month or month/day, and nothing in the column tells. Write it as 2027-01-31."), _OURS),
        Rule("leave.not_kind", "error", N_("“{text}” is no kind of leave: holiday, sick, family, training or other."), _OURS),
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
    return Finding(f"leave.{code}", Place(path=tuple(path)), values)
