"""Procedures: text turned into steps, every fault at its line, versions compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.tasks.procedure import MOST_STEPS, ProcedureStep, Written, compare, following, of_rows, of_text, steps_of, unchanged

TEXT = """
1. Load the statement
   of the month
1.1 Compare the opening balance
Except: the bank changed its format
2) Match by reference
- amounts first
- then dates
Ausnahme: Sammelüberweisung
"""


def steps(*rows: tuple[str, str, tuple[str, ...]]) -> tuple[ProcedureStep, ...]:
    return tuple(ProcedureStep(*row) for row in rows)


def test_numbered_text_becomes_steps() -> None:
    written, faults = of_text(TEXT)
    found, more = steps_of(written)
    assert (faults, more) == ((), ())
    assert found == steps(
        ("1", "Load the statement of the month", ()),
        ("1.1", "Compare the opening balance", ("the bank changed its format",)),
        ("2", "Match by reference", ()),
        ("2.1", "amounts first", ()),
        ("2.2", "then dates", ("Sammelüberweisung",)),
    )


def test_lines_without_numbers_are_steps() -> None:
    found, faults = steps_of(of_text("Load it\n\nCompare 2027 with 2026\n")[0])
    assert not faults
    assert [(step.number, step.says) for step in found] == [("1", "Load it"), ("2", "Compare 2027 with 2026")]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("Except: never", 1, "procedure.exception_first"),
        ("1. One\n1. Again", 2, "procedure.twice"),
        ("2. Two\n\n1. One", 3, "procedure.order"),
        ("1. One\n2.1 Part", 2, "procedure.no_parent"),
        ("1. One\n0. Nought", 2, "procedure.bad_number"),
        ("1. " + "x" * 1001, 1, "procedure.too_long"),
    ],
)
def test_a_fault_is_said_at_its_line(text: str, line: int, code: str) -> None:
    written, faults = of_text(text)
    all_faults = (*faults, *steps_of(written)[1])
    assert (line, code) in [(fault.line, fault.why.code) for fault in all_faults]


def test_a_procedure_has_steps_and_not_too_many() -> None:
    assert [fault.why.code for fault in steps_of(())[1]] == ["procedure.no_steps"]
    many = tuple(Written(at, "", f"Do {at}") for at in range(1, MOST_STEPS + 2))
    assert [fault.why.code for fault in steps_of(many)[1]] == ["procedure.too_many"]


def test_empty_numbers_follow_on_their_level() -> None:
    assert [following(number) for number in ("", "1", "1.9", "2.1.3", "soon")] == ["1", "2", "1.10", "2.1.4", "1"]


def test_versions_are_compared_step_by_step() -> None:
    before = steps(("1", "Load the statement", ()), ("2", "Compare the opening balance", ()), ("3", "Ring the bank", ()), ("4", "Match by reference", ()))
    after = steps(
        ("1", "Load the statement", ()),
        ("2", "Check the account number first", ()),
        ("3", "Compare the opening balance to the cent", ()),
        ("4", "Match by reference", ("charges",)),
    )
    assert [(each.kind, each.before, each.after) for each in compare(before, after)] == [
        ("same", "1", "1"),
        ("added", "", "2"),
        ("changed", "2", "3"),
        ("removed", "3", ""),
        ("changed", "4", "4"),
    ]
    assert unchanged(before, after) == {"1"}
    assert [each.kind for each in compare(before[:1], steps(("2", "Load the statement", ())))] == ["moved"]


SAYS = st.text(st.characters(min_codepoint=33, max_codepoint=1200), min_size=1, max_size=30)
STEPS = st.lists(st.tuples(SAYS, st.lists(SAYS, max_size=2).map(tuple)), max_size=12).map(
    lambda rows: tuple(ProcedureStep(str(at), says, exceptions) for at, (says, exceptions) in enumerate(rows, 1))
)


@given(STEPS, STEPS)
def test_a_comparison_holds_each_version_whole(before: tuple[ProcedureStep, ...], after: tuple[ProcedureStep, ...]) -> None:
    found = compare(before, after)
    assert [each.before for each in found if each.before] == [step.number for step in before]
    assert [each.after for each in found if each.after] == [step.number for step in after]
    assert ["".join(part.text for part in each.says if part.kind != "out") for each in found if each.after] == [step.says for step in after]
    assert unchanged(before, before) == {step.number for step in before}
    assert of_rows(step.row() for step in before) == before


@given(st.text(max_size=300))
def test_any_text_is_read_or_said_to_be_wrong(text: str) -> None:
    written, faults = of_text(text)
    found, more = steps_of(written)
    assert found or faults or more
    assert all(0 <= fault.line <= len(text.splitlines()) for fault in (*faults, *more))
