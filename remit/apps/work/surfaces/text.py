"""The surface `text`: passages to be read from top to bottom, each with what is found of it and what may be done with it."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from remit.apps.work.boards import Look
from remit.apps.work.surfaces import commands
from remit.apps.work.surfaces.window import Window, shown
from remit.domain.line import Finding, Move, Work


def lay(look: Look, doing: Work, window: Window) -> dict[str, Any]:
    """A window of passages, the forms for the whole, and what is suggested: on a passage, or for the whole."""
    part = shown(tuple(look.board.rows), window.first, window.whole)
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in look.findings:
        found[_row_of(finding)].append(finding)
    on_row: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for move in look.suggested:
        on_row[str(move.values.get(commands.ITEM, ""))].append(_suggested(move, doing))
    filled, bare = commands.filled(doing), commands.bare(doing)
    rows = [
        {
            "key": key,
            "label": cells[0],
            "text": cells[1],
            "paragraphs": str(cells[1]).split("\n\n") if cells[1] else [],
            "state": cells[-1] if len(cells) > 2 else None,
            "findings": found.get(key, []),
            "suggested": on_row.get(key, []),
            "bare": [command for command in bare if commands.is_possible(command, look, key)],
            "filled": [one for one in filled if commands.may_be_asked(one["command"], look, key)],
        }
        for key, cells in part.rows
    ]
    forms = [{"command": command, "fields": commands.asked(command)} for command in doing.commands if command not in commands.on_rows(doing)]
    return {
        "part": part,
        "rows": rows,
        "forms": forms,
        "suggested": on_row.get("", []),
        "sure_count": sum(1 for move in look.suggested if move.sure),
    }


def _row_of(finding: Finding) -> str:
    """The row that a finding is about, or nothing."""
    return next((str(at) for name, at in finding.place.path if name == commands.ITEM), "")


def _suggested(move: Move, doing: Work) -> dict[str, Any]:
    command = next((each for each in doing.commands if each.code == move.command), None)
    return {"command": command, "values": json.dumps(dict(move.values)), "why": move.why, "said": commands.values_said(command, move.values)}
