"""The surface `pair`: two sides, what belongs together and why, what stays open on either side, and what software suggests."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from remit.apps.work.boards import Look
from remit.apps.work.surfaces import commands
from remit.apps.work.surfaces.window import Window, shown
from remit.domain.line import Group, Move, Work
from remit.domain.reasons import Reason

MOST_SUGGESTED = 50


def lay(look: Look, doing: Work, window: Window) -> dict[str, Any]:
    """Open rows of either side, groups a window at a time, suggestions."""
    board = look.board
    groups = list(board.groups)
    taken = {key for group in groups for key in (*group.left, *group.right)}
    both = commands.on_sides(doing)
    sides = commands.sides(both) if both else []
    on_row = {move.values[commands.ITEM]: move for move in look.suggested if isinstance(move.values.get(commands.ITEM), str)}
    open_sides = []
    open_count = 0
    for index, rows in enumerate((board.rows, board.right)):
        left_open = [(key, cells) for key, cells in rows if key not in taken]
        part = shown(left_open, window.open_first, window.whole)
        open_count += part.count
        side = sides[index] if index < len(sides) else None
        listed = [_open(key, cells, look, doing, on_row.get(key)) for key, cells in part.rows]
        open_sides.append({"field": side, "part": part, "rows": listed})
    window_of_groups = shown(groups, window.first, window.whole)
    return {
        "columns": _columns(board.columns, [*board.rows, *board.right]),
        "sides": open_sides,
        "open_count": open_count,
        "groups": window_of_groups,
        "group_rows": [_group(group, look) for group in window_of_groups.rows],
        "group_commands": _on_groups(look, doing, groups),
        "kinds": _kinds(groups),
        "matched": [sum(1 for key, _ in rows if key in taken) for rows in (board.rows, board.right)],
        "totals": [sum(1 for _ in rows) for rows in (board.rows, board.right)],
        "both": {"command": both, "fields": commands.asked(both)} if both else None,
        "filled": commands.filled(doing),
        "suggestions": _pairs(look, doing),
        "sure_count": sum(1 for move in look.suggested if move.sure),
    }


def _columns(titles: tuple[str, ...], rows: list[tuple[str, tuple[Any, ...]]]) -> list[dict[str, Any]]:
    """Titles, each with whether figures stand under it."""
    first = rows[0][1] if rows else ()
    return [{"says": title, "is_figure": index < len(first) and isinstance(first[index], Decimal)} for index, title in enumerate(titles)]


def _open(key: str, cells: tuple[Any, ...], look: Look, doing: Work, move: Move | None) -> dict[str, Any]:
    """An open row. Its last cell is its state; what stands before it is the answer, or the room for one."""
    last = len(cells) - 1
    laid = [{"value": cell, "kind": _kind(cell, index, last), "is_answer": index == last - 1} for index, cell in enumerate(cells)]
    return {
        "key": key,
        "cells": laid,
        "label": next((cell for cell in cells if isinstance(cell, str) and cell), key),
        "amount": str(next((cell for cell in reversed(cells) if isinstance(cell, Decimal)), "")),
        "is_answered": last > 0 and cells[last - 1] not in (None, ""),
        "suggested": _suggested(move, look, doing),
        "bare": _bare(look, doing, key),
    }


def _kind(cell: Any, index: int, last: int) -> str:
    if isinstance(cell, Reason):
        return "state" if index == last else "reason"
    if cell is None or cell == "":
        return "nothing"
    return "day" if isinstance(cell, date) else "figure" if isinstance(cell, Decimal) else "text"


def _group(group: Group, look: Look) -> dict[str, Any]:
    left, right = ([_short(look.rows.get(key)) for key in keys] for keys in (group.left, group.right))
    return {"group": group, "left": left, "right": right, "first": next(iter((*group.left, *group.right)), "")}


def _short(cells: tuple[Any, ...] | None) -> dict[str, Any]:
    """A row in few words: its first date, its first text, its last figure. A row that the papers no longer hold is said to be lost."""
    if cells is None:
        return {"lost": True}
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    return {
        "on": next((cell for cell in cells if isinstance(cell, date)), None),
        "text": texts[0] if texts else "",
        "more": next((text for text in texts[1:] if text not in texts[0]), ""),
        "amount": next((cell for cell in reversed(cells) if isinstance(cell, Decimal)), None),
    }


def _kinds(groups: list[Group]) -> list[dict[str, Any]]:
    """How many groups are one to one, one to many and so on."""
    counted = Counter((_one_or_many(group.left), _one_or_many(group.right)) for group in groups)
    return [{"left": left, "right": right, "count": count} for (left, right), count in counted.most_common()]


def _one_or_many(keys: tuple[str, ...]) -> str:
    return "1" if len(keys) == 1 else "n"


def _on_groups(look: Look, doing: Work, groups: list[Group]) -> list[Any]:
    """Commands that may be given on a group, asked of the first: all are groups alike."""
    key = next((key for group in groups for key in (*group.left, *group.right) if key in look.rows), "")
    return [command for command in commands.bare(doing) if key and commands.is_possible(command, look, key)]


def _bare(look: Look, doing: Work, key: str) -> list[Any]:
    return [command for command in commands.bare(doing) if commands.is_possible(command, look, key)]


def _suggested(move: Move | None, look: Look, doing: Work) -> dict[str, Any] | None:
    if move is None:
        return None
    command = next((each for each in doing.commands if each.code == move.command), None)
    return {"command": command, "values": json.dumps(dict(move.values)), "why": move.why, "said": commands.values_said(command, move.values)}


def _pairs(look: Look, doing: Work) -> dict[str, Any]:
    """Suggested groups, the sure ones first."""
    both = commands.on_sides(doing)
    fields = [field.code for field in commands.sides(both)] if both else []
    moves = [move for move in look.suggested if both and move.command == both.code]
    moves.sort(key=lambda move: not move.sure)
    listed = [
        {
            "move": move,
            "values": json.dumps(dict(move.values)),
            "left": [_short(look.rows.get(key)) for key in move.values[fields[0]]],
            "right": [_short(look.rows.get(key)) for key in move.values[fields[1]]],
        }
        for move in moves[:MOST_SUGGESTED]
    ]
    return {"rows": listed, "count": len(moves)}
