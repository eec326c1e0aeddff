"""Pasted prices: what is read, and every fault at its line and column."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from remit.apps.organizations.views.card_lines import COLUMNS, read
from remit.lines import lines


def at(text: str) -> list[tuple[int, int, str]]:
    rows, faults = read(text, lines())
    assert not (rows and not faults)
    return [(fault.line, fault.column, fault.reason.code) for fault in faults]


def test_lines_are_read_whatever_parts_their_columns() -> None:
    wanted = [{"service": "bookkeeping", "level": 2, "basis": "unit", "measure": "entry", "price": Decimal("0.85")}]
    assert read("service,level,basis,measure,price\n\nbookkeeping,2,unit,entry,0.85\n", lines()) == (wanted, [])
    assert read("bookkeeping;2;unit;entry;0,85", lines()) == (wanted, [])
    assert read("bookkeeping\t2\tunit\tentry\t0.85\r\n", lines()) == (wanted, [])


def test_each_fault_names_its_line_and_column() -> None:
    assert at("nonsense,2,hour,,1") == [(1, 1, "card_line.service")]
    assert at("bookkeeping,0,hour,,1") == [(1, 2, "card_line.level")]
    assert at("bookkeeping,2,day,,1") == [(1, 3, "card_line.basis")]
    assert at("bookkeeping,2,unit,,1") == [(1, 4, "card_line.measure")]
    assert at("bookkeeping,2,hour,,-1") == [(1, 5, "card_line.price")]
    assert at("bookkeeping,2,hour,,NaN") == [(1, 5, "card_line.price")]
    assert at("bookkeeping,2,hour,,1e99") == [(1, 5, "card_line.price")]
    assert at("bookkeeping,2,hour") == [(1, 3, "card_line.columns")]
    assert at("service,level,basis,measure,price") == [(1, 1, "card_line.empty")]
    assert at("x\n" * 2_001) == [(1, 1, "card_line.long")]
    _rows, faults = read("bookkeeping,2,hour,,1\nbookkeeping,2,hour,,2", lines())
    assert [(fault.line, fault.reason.code, fault.reason.values["first"]) for fault in faults] == [(2, "card_line.twice", 1)]


@given(st.text(max_size=400) | st.lists(st.sampled_from(["bookkeeping", "2", "hour", "", "1.5", '"', "\0", ";", "\n"])).map(",".join))
def test_no_text_makes_it_stumble(text: str) -> None:
    rows, faults = read(text, lines())
    assert rows or faults
    assert all(set(row) == set(COLUMNS) for row in rows)
    assert all(fault.line >= 1 and fault.column >= 1 for fault in faults)
