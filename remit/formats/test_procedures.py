"""Sheets of procedures: read by their titles or without, faults at their lines, and the same again when written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.tasks.procedure import ProcedureStep, steps_of
from remit.formats import procedures

STEPS = (
    ProcedureStep("1", "Load the statement", ()),
    ProcedureStep("1.1", "Compare, to the cent", ("a new account", "no statement came")),
    ProcedureStep("2", "Match", ()),
)


def test_what_is_written_is_read_the_same() -> None:
    brought = procedures.read(procedures.write(STEPS))
    assert brought.findings == ()
    assert steps_of(brought.rows) == (STEPS, ())


@pytest.mark.parametrize(
    "text",
    [
        "Nr;Schritt;Ausnahmen\n1;Load the statement;\n1.1;Compare, to the cent;a new account\n;;no statement came\n2;Match;\n",
        '1,Load the statement\n1.1,"Compare, to the cent",a new account|no statement came\n2,Match\n',
    ],
)
def test_titles_are_known_and_may_lack(text: str) -> None:
    assert steps_of(procedures.read(text.encode()).rows) == (STEPS, ())


def test_faults_stand_at_their_lines() -> None:
    rows = procedures.read(b"number,step,exceptions\n1,Load\n1,Again\n3.1,Part\n2,\n").rows
    found = {(fault.line, fault.why.code) for fault in steps_of(rows)[1]}
    assert found == {(3, "procedure.twice"), (4, "procedure.no_parent"), (5, "procedure.no_words"), (5, "procedure.order")}


def test_a_sheet_of_numbers_reads_as_steps() -> None:
    from remit.formats.table.test_table import sheet

    rows = procedures.read(sheet(["number", "step"], [1, "Load"], [1.1, "Compare"], [2, "Match"])).rows
    assert [(row.number, row.line) for row in rows] == [("1", 2), ("1.1", 3), ("2", 4)]


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    brought = procedures.read(data)
    assert brought.rows or brought.findings
