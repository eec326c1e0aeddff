"""Surfaces by made-up boards of no service: every row is shown somewhere, windows run on, and no app names a service."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict

import remit.apps
from remit.apps.work.boards import Look
from remit.apps.work.surfaces import NOT_BUILT, SURFACES, commands, surface_of
from remit.apps.work.surfaces.window import AT_ONCE, Window, shown
from remit.domain.line import Board, Cannot, Case, Command, Finding, Group, Move, Place, Question, Work
from remit.lines import lines

APPS = Path(remit.apps.__file__).parent
ITEM = Question("item", "Item", at="command")


@dataclass(frozen=True)
class Marks:
    """Which pairs were made."""

    pairs: tuple[tuple[str, str], ...] = ()


def pair(case: Case, state: Marks, values: Any) -> Marks:
    return Marks((*state.pairs, (values["left"][0], values["right"][0])))


def part(case: Case, state: Marks, values: Any) -> Marks:
    kept = tuple(each for each in state.pairs if values["item"] not in each)
    if kept == state.pairs:
        raise Cannot
    return Marks(kept)


def name(case: Case, state: Marks, values: Any) -> Marks:
    return state


BOTH = Command("pair", "Pair", (Question("left", "Left", "rows", at="command"), Question("right", "Right", "rows", at="command")), pair, key="m")
PART = Command("part", "Part", (ITEM,), part, key="s")
NAME = Command("name", "Name", (ITEM, Question("words", "Words", at="command"), Question("sure", "Sure", "yes", at="command")), name, key="n")
DOING = Work(Marks, lambda case: Marks(), (BOTH, PART, NAME), lambda case, state: Board(surface="pair", columns=(), rows=()))
CASE = Case(entity={}, period=(date(2027, 1, 1), date(2027, 2, 1)), on=date(2027, 2, 1))


def look(count: int, paired: int, surface: Any = "pair", suggested: tuple[Move, ...] = ()) -> Look:
    left = tuple((f"l{n}", (date(2027, 1, 1), f"left {n}", Decimal(n))) for n in range(count))
    right = tuple((f"r{n}", (date(2027, 1, 1), f"right {n}", Decimal(n))) for n in range(count))
    groups = tuple(Group(f"G{n}", (f"l{n}",), (f"r{n}",)) for n in range(paired))
    board = Board(surface=surface, columns=("Date", "Text", "Amount"), rows=left, right=right, groups=groups)
    state = Marks(tuple((f"l{n}", f"r{n}") for n in range(paired)))
    return Look(CASE, state, board, dict((*left, *right)), suggested, (), (), 1)


def test_each_row_is_in_a_group_or_open() -> None:
    laid = SURFACES["pair"].lay(look(7, 4), DOING, Window())
    assert [row["group"].key for row in laid["group_rows"]] == ["G0", "G1", "G2", "G3"]
    assert [[row["key"] for row in side["rows"]] for side in laid["sides"]] == [["l4", "l5", "l6"], ["r4", "r5", "r6"]]
    assert laid["open_count"] == 6
    assert (laid["matched"], laid["totals"]) == ([4, 4], [7, 7])
    assert laid["group_rows"][1]["left"] == [{"on": date(2027, 1, 1), "text": "left 1", "more": "", "amount": Decimal(1)}]


def test_the_line_says_which_commands_a_row_takes() -> None:
    laid = SURFACES["pair"].lay(look(3, 2), DOING, Window())
    assert laid["group_commands"] == [PART]
    assert laid["sides"][0]["rows"][0]["bare"] == []
    assert laid["both"]["command"] is BOTH
    assert [one["command"] for one in laid["filled"]] == [NAME]
    assert [field.code for field in laid["filled"][0]["fields"]] == ["words"]


def test_a_row_that_the_papers_lost_is_said() -> None:
    seen = look(2, 1)
    board = replace(seen.board, groups=(Group("G0", ("gone",), ("r0",)),))
    laid = SURFACES["pair"].lay(replace(seen, board=board), DOING, Window())
    assert laid["group_rows"][0]["left"] == [{"lost": True}]


def test_suggestions_stand_sure_ones_first() -> None:
    moves = (
        Move("pair", {"left": ["l0"], "right": ["r0"]}),
        Move("pair", {"left": ["l1"], "right": ["r1"]}, sure=True),
        Move("name", {"item": "l2", "words": "x"}),
    )
    laid = SURFACES["pair"].lay(look(3, 0, suggested=moves), DOING, Window())
    assert [row["move"].sure for row in laid["suggestions"]["rows"]] == [True, False]
    assert laid["sure_count"] == 1
    assert [bool(row["suggested"]) for row in laid["sides"][0]["rows"]] == [False, False, True]


@pytest.mark.parametrize("count", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE])
def test_windows_run_through_all_rows(count: int) -> None:
    rows, first, seen = list(range(count)), 0, []
    while True:
        part_shown = shown(rows, first)
        seen += part_shown.rows
        if part_shown.following is None:
            break
        first = part_shown.following
    assert seen == rows
    assert shown(rows, 10**6).rows == rows[(max(count - 1, 0)) // AT_ONCE * AT_ONCE :]
    assert shown(rows, 0, whole=True).rows == rows


@pytest.mark.parametrize("query", ["from=-1", "from=x", "from=99999999999999999999", "open=%00", "show=all", ""])
def test_any_query_gives_a_window(query: str) -> None:
    window = Window.asked(QueryDict(query))
    assert window.first >= 0
    assert window.whole == (query == "show=all")


def test_answers_are_read_by_the_fields() -> None:
    posted = QueryDict("item=l1&words=+seen+&sure=on&left=a&left=b&secret=1")
    assert commands.values(NAME, posted) == {"item": "l1", "words": "seen", "sure": True}
    assert commands.values(BOTH, posted) == {"left": ["a", "b"], "right": []}


@pytest.mark.parametrize("surface", ["table", "form", "text"])
def test_the_plainer_surfaces_lay_every_row(surface: str) -> None:
    seen = look(3, 0, surface)
    laid = surface_of(seen).lay(seen, DOING, Window())
    assert [row["key"] for row in laid["rows"]] == ["l0", "l1", "l2"]


@pytest.mark.parametrize("surface", ["player", "image"])
def test_what_is_not_built_is_said(surface: str) -> None:
    assert surface_of(look(0, 0, surface)) is NOT_BUILT


def test_a_passage_stands_with_what_is_found_and_suggested_of_it() -> None:
    said = Finding("x.y", Place("step", (("item", "l1"), ("field", "text"))))
    moves = (Move("name", {"item": "l1", "words": "x"}, said), Move("pair", {"left": ["l0"], "right": ["r0"]}, said, sure=True))
    seen = replace(look(3, 2, "text", moves), findings=(said, Finding("x.z")))
    laid = SURFACES["text"].lay(seen, DOING, Window())
    row = laid["rows"][1]
    assert (row["label"], row["paragraphs"], row["findings"]) == (date(2027, 1, 1), ["left 1"], [said])
    assert [one["values"] for one in row["suggested"]] == ['{"item": "l1", "words": "x"}']
    assert [one["command"] for one in laid["suggested"]] == [BOTH]
    assert laid["sure_count"] == 1
    assert [one["command"] for one in row["filled"]] == [NAME]
    assert row["bare"] == [PART]
    assert laid["rows"][2]["bare"] == []


def test_no_service_that_is_delivered_asks_for_a_surface_that_is_not_built() -> None:
    drawn = [step.work.show(CASE, step.work.start(CASE)).surface for line in lines().values() for step in line.steps if step.work]
    assert drawn
    assert set(drawn) <= set(SURFACES)


def test_every_template_of_a_surface_is_there() -> None:
    folder = APPS / "work" / "templates"
    for surface in (*SURFACES.values(), NOT_BUILT):
        assert (folder / surface.template).is_file()


def test_the_work_stage_names_no_service() -> None:
    """What an app must know of a line stands in the contract; a name would be a branch."""
    words = {word for code in lines() for word in (code, code.replace("_", " "))} - {"billing", "data entry", "data analysis", "payroll"}
    found = []
    for file in (APPS / "work").rglob("*"):
        if file.suffix not in (".py", ".html", ".sql") or file.name.startswith("test_") or "migrations" in file.parts:
            continue
        text = file.read_text(encoding="utf-8").lower()
        found += [f"{file.name}: {word}" for word in words if re.search(rf"\b{re.escape(word)}\b", text)]
    assert not found
