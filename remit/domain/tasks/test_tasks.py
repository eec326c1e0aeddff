"""Sheet, checklist and the steps of the house: pure, replayable, and never above what the procedure or the sheet holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.line import Cannot, Case, Command, Finding, ServiceLine, Step, Task
from remit.domain.plain import from_plain, to_plain
from remit.domain.tasks import CHECKLIST, RESULT, SHEET, aside_of, checklist, line_for, sheet

OWN = Task("own", "Own", procedure=True, one_answer=True, zone=2)
JUDGED = Task("judged", "Judged", procedure=False, one_answer=False, zone=5)
OTHER = Task("other", "Other", procedure=True, one_answer=True, zone=3, act="run_bookkeeping")


def line(task: Task = OWN) -> ServiceLine:
    working = Step("work", "Work", task.code, makes=lambda case, say: None)  # type: ignore[arg-type,return-value]
    return ServiceLine(
        code="x",
        field="y",
        says="X",
        edition=1,
        levels={1: "one"},
        tasks=(OWN, JUDGED, OTHER),
        steps=(working, Step("look", "Look", task.code, kind="review", of="work")),
    )


def case(steps: list[dict[str, str]] | None = None, **states: Any) -> Case:
    answers = {"procedure": {"reference": "PC-1", "version": 1, "steps": steps}} if steps is not None else {}
    return Case(
        entity={"name": "E"}, period=(date(2026, 10, 1), date(2026, 11, 1)), on=date(2026, 11, 3), answers=answers, states={k: (v,) for k, v in states.items()}
    )


def codes(found: Any) -> set[str]:
    return {each.code for each in found}


def test_a_task_of_the_line_keeps_its_steps_and_gets_sheet_or_checklist_beside_them() -> None:
    for work_class, aside in (("kpo", SHEET), ("bpo", CHECKLIST)):
        made = line_for(line(), "", work_class)
        assert [step.code for step in made.steps] == ["work", "look", aside]
        found = aside_of(made, made.step("work"))
        assert found is not None
        assert found.code == aside
        assert made.step("work").makes is line().steps[0].makes or made.step("work").makes is not None
    judged = line_for(line(JUDGED), "", "kpo")
    assert aside_of(judged, judged.step("work")) is None, "the line's own state is the reasoning where no procedure covers the task"


def test_another_task_is_prepared_and_reviewed_by_two_people_who_may() -> None:
    made = line_for(line(), "other", "bpo")
    assert [step.code for step in made.steps] == ["prepare", "review", CHECKLIST]
    assert made.step("prepare").need.act == made.step("review").need.act == "run_bookkeeping"
    assert made.step("review").need.apart == ("prepare",)
    assert made.slot(RESULT).least == 1
    assert line_for(line(), "other", "kpo").slot(RESULT).least == 0
    with pytest.raises(KeyError):
        line_for(line(), "no such task", "bpo")


def test_process_work_is_not_handed_in_while_a_step_is_open() -> None:
    steps = [{"number": "1", "says": "Open"}, {"number": "2", "says": "Close"}]
    check = line_for(line(), "other", "bpo").step("prepare").checks[0]
    assert codes(check(case(steps))) == {"procedure.step_open"}
    half = checklist.tick(case(steps), checklist.Checklist(), {"item": "1"})
    assert [found.values["number"] for found in check(case(steps, checklist=half)) if found.code == "procedure.step_open"] == ["2"]
    whole = checklist.depart(case(steps), half, {"item": "2", "why": "The bank was shut"})
    assert codes(check(case(steps, checklist=whole))) == {"procedure.departed"}
    assert codes(check(case())) == {"procedure.none"}
    with pytest.raises(Cannot):
        checklist.depart(case(steps), half, {"item": "2", "why": "  "})
    with pytest.raises(Cannot):
        checklist.tick(case(steps), half, {"item": "3"})


def test_the_sheet_says_what_it_lacks_until_it_concludes() -> None:
    check = line_for(line(), "", "kpo").step("work").checks[-1]
    assert codes(check(case())) == {"sheet.no_question", "sheet.no_source", "sheet.one_option", "sheet.no_conclusion"}
    state = sheet.Sheet()
    for act, values in (
        (sheet.ask, {"question": "May it be capitalised?"}),
        (sheet.cite, {"says": "IAS 38", "more": "paragraph 57"}),
        (sheet.weigh, {"says": "Yes"}),
        (sheet.weigh, {"says": "No", "more": "research phase"}),
        (sheet.conclude, {"conclusion": "No", "option": "2"}),
    ):
        state = act(case(), state, values)
    assert codes(check(case(sheet=state))) == set()
    assert state.chosen == "o3"
    dropped = sheet.drop(case(), state, {"item": "o3"})
    assert (dropped.chosen, dropped.conclusion) == ("", "No")
    assert sheet.weigh(case(), dropped, {"says": "Later"}).options[-1].key == "o4", "a key is never used twice"
    for wrong in ("0", "3", "x", "²"):
        with pytest.raises(Cannot):
            sheet.conclude(case(), state, {"conclusion": "No", "option": wrong})


NONSENSE = st.dictionaries(
    st.sampled_from(["item", "why", "question", "says", "more", "conclusion", "option"]),
    st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.lists(st.text(max_size=3), max_size=3),
)
COMMANDS = {**{("sheet", c.code): (sheet.WORK, c) for c in sheet.COMMANDS}, **{("checklist", c.code): (checklist.WORK, c) for c in checklist.COMMANDS}}


def applied(command: Command, on: Case, state: Any, values: dict[str, Any]) -> Any:
    try:
        return command.apply(on, state, values)
    except Cannot as cannot:
        return cannot


@given(st.lists(st.tuples(st.sampled_from(sorted(COMMANDS)), NONSENSE), max_size=12))
def test_nonsense_gives_a_state_or_a_reason_that_the_rules_know_and_every_state_survives_json(moves: list[tuple[tuple[str, str], dict[str, Any]]]) -> None:
    given_case = case([{"number": "1", "says": "Open"}])
    known = {rule.code for rule in (*sheet.RULES, *checklist.RULES)}
    states: dict[str, Any] = {"sheet": sheet.Sheet(), "checklist": checklist.Checklist()}
    for key, values in moves:
        work, command = COMMANDS[key]
        before = states[key[0]]
        after = applied(command, given_case, before, values)
        if isinstance(after, Cannot):
            assert codes(after.findings) <= known
            continue
        states[key[0]] = after
        assert from_plain(work.state, to_plain(states[key[0]])) == states[key[0]]
        assert command.apply(given_case, before, values) == states[key[0]], "pure"
        tuple(work.show(given_case, states[key[0]]).rows)
    for found in (*sheet.checks(case(sheet=states["sheet"])), *checklist.checks(given_case)):
        assert isinstance(found, Finding)
        assert found.code in known
