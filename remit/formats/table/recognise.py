"""Columns told by their titles, where nobody gave a mapping."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from remit.formats.table.values import Cell, Row, Table

_HEADER_WITHIN = 60


def titles(text: str) -> dict[str, tuple[str, ...]]:
    """Field to its titles, from lines `field: title, title`; a line without a colon goes on with the field before it."""
    found: dict[str, list[str]] = {}
    field = ""
    for line in text.strip().splitlines():
        name, colon, names = line.partition(":")
        field = name.strip() if colon else field
        found.setdefault(field, []).extend(title.strip() for title in (names if colon else line).split(",") if title.strip())
    return {field: tuple(names) for field, names in found.items()}


def recognise(table: Table, known: Mapping[str, Sequence[str]], needed: Sequence[Sequence[str]]) -> tuple[Row | None, dict[str, str]]:
    """The header row and the title of each field, or (None, {}).

    `known`: field to the titles it goes by, the surest first, in lower case; `needed`: the groups of fields any one of which is enough.
    The row that names most fields wins; a title serves one field only.
    """
    best: tuple[Row | None, dict[str, str]] = None, {}
    for row in table.rows[:_HEADER_WITHIN]:
        fields = _fields(row.cells, known)
        if any(all(field in fields for field in group) for group in needed) and len(fields) > len(best[1]):
            best = row, fields
    return best


def simple(cell: Cell) -> str:
    """A title without case, brackets, units or punctuation."""
    text = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", str(cell).casefold())
    return " ".join(re.sub(r"[^\w]+", " ", text.replace("_", " ")).split())


def _fields(cells: Iterable[Cell], known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    by_title = {simple(cell): str(cell) for cell in reversed(tuple(cells)) if cell != ""}
    fields: dict[str, str] = {}
    taken: set[str] = set()
    for field, names in known.items():
        for name in names:
            if name in by_title and name not in taken:
                fields[field] = by_title[name]
                taken.add(name)
                break
    return fields
