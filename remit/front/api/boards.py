"""What the API tells of a step that is being worked at: its board as the page of the item shows it, what is suggested, and what checks find."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Schema

from remit.apps.organizations.acting import NotFound
from remit.apps.work import boards, cases, readers
from remit.apps.work.waiting import standing
from remit.domain.line import Finding, Group, Move, ServiceLine
from remit.domain.reasons import Reason
from remit.formats.words import Words
from remit.front.api.reading import read, reads
from remit.front.api.schema import words_of
from remit.front.api.work import item_of

Cell = str | int | bool | None


class RowOut(Schema):
    """`key` is what commands and findings name; a cell for each column. Amounts are texts with a point, days are ISO 8601."""

    key: str
    cells: list[Cell]


class GroupOut(Schema):
    """Rows of both sides that belong together, by their keys, and why."""

    key: str
    left: list[str]
    right: list[str]
    why: str
    by_hand: bool
    note: str


class SuggestedOut(Schema):
    """A command that software suggests. `sure`: it may be taken with others at one stroke (`take-suggestions`)."""

    command: str
    values: dict[str, Any]
    why: str
    sure: bool


class FoundOut(Schema):
    """What a check found; `severity`: error, warning or note."""

    check: str
    severity: str
    path: dict[str, str]
    values: dict[str, str]


class BoardOut(Schema):
    """A step of an item now. `version` counts the moves; `lacking` are slots without a file. Nothing of it is shown to whom the work is not released."""

    item: str
    step: str
    version: int
    surface: str
    withheld: bool
    columns: list[str]
    rows: list[RowOut]
    right: list[RowOut]
    groups: list[GroupOut]
    commands: list[str]
    lacking: list[str]
    suggested: list[SuggestedOut]
    findings: list[FoundOut]


@reads.get("/items/{reference}/board", response=BoardOut, operation_id="board")
@read
def board_of(request: HttpRequest, organization: Path[str], reference: Path[str], step: Annotated[str, Query(max_length=40)] = "") -> BoardOut:
    """The board of a step; of the step that is worked at where none is named."""
    at_work = standing(item_of(reference))
    chosen = next((each for each in at_work.line.steps if each.code == step), None) if step else at_work.working
    if chosen is None:
        raise NotFound(step)
    by, at, words = request.by, request.at, words_of(request)  # type: ignore[attr-defined]
    seen = boards.look(at_work.item, chosen, at.date())
    is_withheld = readers.against(by, at_work.item, chosen) is not None
    if is_withheld:
        seen = boards.withheld(seen)
    laid = seen.board
    return BoardOut(
        item=at_work.item.reference,
        step=chosen.code,
        version=seen.version,
        surface=laid.surface,
        withheld=is_withheld,
        columns=[words.text(each) for each in laid.columns],
        rows=[_row(key, cells, words) for key, cells in laid.rows],
        right=[_row(key, cells, words) for key, cells in laid.right],
        groups=[_group(each, words) for each in laid.groups],
        commands=[each.code for each in chosen.work.commands] if chosen.work else [],
        lacking=[slot.code for slot in seen.lacking],
        suggested=[_suggested(each, words) for each in seen.suggested],
        findings=[_found(each, at_work.line) for each in seen.findings],
    )


def _cell(value: Any, words: Words) -> Cell:
    if isinstance(value, Reason):
        return words.reason(value)
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)


def _row(key: str, cells: tuple[Any, ...], words: Words) -> RowOut:
    return RowOut(key=key, cells=[_cell(each, words) for each in cells])


def _group(group: Group, words: Words) -> GroupOut:
    why = words.reason(group.why) if group.why else ""
    return GroupOut(key=group.key, left=list(group.left), right=list(group.right), why=why, by_hand=group.by_hand, note=group.note)


def _suggested(move: Move, words: Words) -> SuggestedOut:
    return SuggestedOut(command=move.command, values=dict(move.values), why=move.why.code if move.why else "", sure=move.sure)


def _found(finding: Finding, line: ServiceLine) -> FoundOut:
    (row,) = cases.rows_of([finding], line)
    path, values = ({str(name): str(value) for name, value in dict(row[part]).items()} for part in ("path", "values"))
    return FoundOut(check=finding.code, severity=row["severity"], path=path, values=values)
