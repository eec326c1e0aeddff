"""Results known again by the very values they were made from."""

from dataclasses import replace
from datetime import date

from remit.domain.identity import Known
from remit.domain.line import Case


def test_made_once_for_the_same_values_and_facts() -> None:
    made: list[object] = []

    def make(values: list[int]) -> int:
        made.append(values)
        return len(values)

    known, values = Known(2), [1, 2, 3]
    assert [known.get(make, values), known.get(make, values)] == [3, 3]
    assert len(made) == 1
    assert known.get(make, [1, 2, 3]) == 3, "equal is not the same"
    known.get(make, values, facts="other account")
    assert len(made) == 3
    known.get(make, values)
    assert len(made) == 4, "only the newest are kept"


def test_a_case_derives_once_and_a_changed_one_anew() -> None:
    def days(case: Case) -> list[date]:
        return [case.on]

    case = Case(entity={}, period=(date(2026, 1, 1), date(2026, 2, 1)), on=date(2026, 2, 2))
    assert case.once(days) is case.once(days)
    assert replace(case, on=date(2026, 3, 1)).once(days) == [date(2026, 3, 1)]
