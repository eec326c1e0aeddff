"""Commands of a step as forms: which apply to a row, what they ask, and how their answers are read from what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from remit.apps.work.boards import Look
from remit.domain.line import Cannot, Command, Work

ITEM = "item"
"""The field by which a command names the one row that it is given on."""
SAMPLES = {"date": "2027-01-01", "number": "1", "money": "1"}
"""An answer of each kind that is not words."""


def on_rows(doing: Work) -> list[Command]:
    """Commands that name one row."""
    return [command for command in doing.commands if any(field.code == ITEM for field in command.fields)]


def on_sides(doing: Work) -> Command | None:
    """The command that takes rows of both sides, if there is one."""
    return next((command for command in doing.commands if len(sides(command)) == 2), None)


def sides(command: Command) -> list[Any]:
    """The fields that take rows."""
    return [field for field in command.fields if field.kind == "rows"]


def asked(command: Command) -> list[Any]:
    """The fields that a person fills in, beside the rows."""
    return [field for field in command.fields if field.code != ITEM and field.kind not in ("rows", "yes")]


def is_possible(command: Command, look: Look, key: str) -> bool:
    """Whether a command without further fields may be given on a row now; the service line itself says so."""
    try:
        command.apply(look.case, look.state, {ITEM: key})
    except Cannot:
        return False
    return True


def may_be_asked(command: Command, look: Look, key: str) -> bool:
    """Whether a command with fields may be given on a row, asked with an answer of each kind."""
    given: dict[str, Any] = {ITEM: key}
    for field in asked(command):
        given[field.code] = next(iter(field.choices)) if field.choices else SAMPLES.get(field.kind, "x")
    try:
        command.apply(look.case, look.state, given)
    except Cannot:
        return False
    return True


def bare(doing: Work) -> list[Command]:
    """Commands on a row that ask nothing more."""
    return [command for command in on_rows(doing) if not asked(command)]


def filled(doing: Work) -> list[dict[str, Any]]:
    """Commands on a row that ask something, with what they ask."""
    return [{"command": command, "fields": asked(command)} for command in on_rows(doing) if asked(command)]


def values(command: Command, posted: Any) -> dict[str, Any]:
    """A form's answers, typed by the command's fields; what was left empty is left out."""
    given: dict[str, Any] = {}
    for field in command.fields:
        if field.kind == "rows":
            given[field.code] = posted.getlist(field.code)
        elif field.kind == "yes":
            given[field.code] = posted.get(field.code) in ("on", "true", "yes")
        elif (text := posted.get(field.code, "").strip()) != "":
            given[field.code] = text
    return given


def values_said(command: Command | None, given: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What a move says beside its rows, by the words of its fields."""
    if command is None:
        return [(name, value) for name, value in given.items()]
    known = {field.code: field for field in command.fields}
    said = []
    for name, value in given.items():
        field = known.get(name)
        if field is None or field.code == ITEM or field.kind in ("rows", "yes") or value in ("", None):
            continue
        said.append((field.says, field.choices.get(value, value) if isinstance(value, str) else value))
    return said
