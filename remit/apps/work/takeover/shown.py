"""What the preview shows: counts as a picture, each change by name, and the lines of a sheet in which something is wrong, beside the cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from remit.apps.work.takeover.reading import Read, entity_columns
from remit.domain.line import Finding
from remit.domain.reasons import N_
from remit.domain.takeover import Plan, plain
from remit.formats.takeover import SHEETS
from remit.lines import lines

STATES = {"new": N_("new"), "changed": N_("changed"), "unchanged": N_("unchanged"), "left": N_("left as it is")}
KINDS = {
    "people": N_("People"),
    "sites": N_("Sites"),
    "clients": N_("Clients"),
    "engagements": N_("Engagements"),
    "entities": N_("Entities"),
    "prices": N_("Prices"),
    "requests": N_("Open questions"),
    "unbilled": N_("Unbilled work"),
    "open_items": N_("Open items"),
}
SHEET_WORDS = {"people": N_("People"), "prices": N_("Prices"), "calendar": N_("Work calendar")}
CHANGES = {
    "name": N_("name"),
    "mail": N_("mail"),
    "level": N_("level"),
    "site": N_("site"),
    "hours": N_("hours"),
    "languages": N_("languages"),
    "software": N_("software"),
    "services": N_("services"),
    "credentials": N_("credentials"),
    "roles": N_("roles"),
}
MOST_LINES = 60
WIDE = 300
"""Width of the longest bar in the picture's own units."""


@dataclass(frozen=True)
class Bar:
    """One kind of thing: its segments as (state, word, count, from, width)."""

    says: str
    total: int
    segments: tuple[tuple[str, str, int, int, int], ...]


@dataclass(frozen=True)
class Cell:
    """A cell with what is wrong in it."""

    text: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class FaultySheet:
    """The lines of a sheet in which something is wrong; `columns` are the first and those at fault, `whole` concerns no line."""

    name: str
    says: str
    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...], tuple[Finding, ...]], ...]
    whole: tuple[Finding, ...]
    more: int


def bars(plan: Plan) -> list[Bar]:
    """Of every kind that there is; the longest fills the picture."""
    counts = plan.counts()
    found = {kind: [(state, counts.get(f"{kind}.{state}", 0)) for state in STATES] for kind in KINDS}
    most = max((sum(count for _, count in parts) for parts in found.values()), default=0) or 1
    made = []
    for kind, parts in found.items():
        total, start, segments = sum(count for _, count in parts), 0, []
        for state, count in parts:
            if count:
                width = max(3, round(WIDE * count / most))
                segments.append((state, STATES[state], count, start, width))
                start += width
        if total:
            made.append(Bar(KINDS[kind], total, tuple(segments)))
    return made


def sheets(read: Read, findings: Iterable[Finding]) -> list[FaultySheet]:
    """Each sheet with something wrong in it; what belongs to no sheet stands under a name of its own."""
    by_of: dict[str, list[Finding]] = defaultdict(list)
    for each in findings:
        by_of[each.place.of].append(each)
    brought = {each.sheet: each for each in read.sheets if each.sheet}
    return [_sheet(of, brought[of].name if of in brought else of, brought.get(of), found) for of, found in by_of.items()]


def _sheet(of: str, name: str, brought: Any, found: list[Finding]) -> FaultySheet:
    says = SHEET_WORDS.get(of, of)
    titles = brought.grid.titles if brought else ()
    at_fault: dict[int, list[Finding]] = defaultdict(list)
    cells = dict(brought.grid.rows) if brought else {}
    whole = []
    for each in found:
        line = each.place.line
        if line is not None and line in cells:
            at_fault[line].append(each)
        else:
            whole.append(each)
    faulty = {plain(_column(each)) for each in found}
    shown = [at for at, title in enumerate(titles) if at == 0 or plain(title) in faulty]
    rows = []
    for line in sorted(at_fault)[:MOST_LINES]:
        texts, here = cells[line], at_fault[line]
        row = tuple(Cell(texts[at] if at < len(texts) else "", tuple(each for each in here if plain(_column(each)) == plain(titles[at]))) for at in shown)
        rest = tuple(each for each in here if plain(_column(each)) not in {plain(titles[at]) for at in shown})
        rows.append((line, row, rest))
    return FaultySheet(name, says, tuple(titles[at] for at in shown), tuple(rows), tuple(whole), max(0, len(at_fault) - MOST_LINES))


def _column(finding: Finding) -> str:
    return next((str(at) for name, at in finding.place.path if name == "column"), "")


def people(plan: Plan) -> list[dict[str, Any]]:
    """Those of lines without error by name, those that change first."""
    order = list(STATES)
    return [
        {
            "name": each.row.name,
            "state": each.state,
            "says": STATES[each.state],
            "level": each.row.level,
            "site": each.row.site,
            "changes": [CHANGES[name] for name in each.changes],
        }
        for each in sorted(plan.right_people, key=lambda each: (order.index(each.state), plain(each.row.name)))
    ]


def engagements(plan: Plan) -> list[dict[str, Any]]:
    """Those of lines without error by client, with what comes along."""
    return [
        {
            "client": each.client,
            "is_enrolled": plan.clients[plain(each.client)].is_enrolled,
            "service": lines()[each.service].says if each.service in lines() else each.service,
            "state": each.state,
            "says": STATES[each.state],
            "entities": [row.entity for row in each.rows],
            "month": min(row.first_month for row in each.rows),
            "prices": len(each.prices),
            "requests": sum(len(row.requests) for row in each.rows),
            "unbilled": sum(len(row.unbilled) for row in each.rows),
            "open_items": sum(len(row.open_items) for row in each.rows),
            "contract": each.contract,
        }
        for each in plan.right_engagements
    ]


def columns() -> list[dict[str, Any]]:
    """The sheets with their columns, as the page explains them; `further` are answers to what single services ask."""
    return [
        {"code": sheet, "says": SHEET_WORDS[sheet], "columns": columns, "further": entity_columns() if sheet == "calendar" else ()}
        for sheet, columns in SHEETS.items()
    ]
