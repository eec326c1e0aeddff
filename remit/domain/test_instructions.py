"""Which standing instructions are offered for a question, and why."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from remit.domain.instructions import Known, matches

RENT = Known("a", "Which account takes the rent of the second warehouse?", "4210, cost centre 20", "", date(2027, 1, 1), None)
LEDGER = Known("b", "Where is the ledger?", "It comes on day two", "ledger", date(2027, 1, 1), date(2027, 4, 1))
ON = date(2027, 2, 3)


def test_the_same_question_in_other_words_is_found_and_says_by_what() -> None:
    (found,) = matches("The rent for our warehouse: which account is it?", "", [RENT, LEDGER], ON)
    assert found.known is RENT
    assert found.why.code == "instruction.same_words"
    assert found.why.values["words"] == "account, rent, warehouse, which"


def test_the_same_paper_comes_first() -> None:
    found = matches("Which account takes the rent of the second warehouse?", "ledger", [RENT, LEDGER], ON)
    assert [each.known.key for each in found] == ["b", "a"]
    assert found[0].why.code == "instruction.same_paper"


def test_another_matter_is_not_offered() -> None:
    assert matches("Who paid 3,164.00 on 28 January?", "", [RENT, LEDGER], ON) == []
    assert matches("", "", [RENT, LEDGER], ON) == []


def test_only_on_its_days() -> None:
    assert matches("The ledger?", "ledger", [LEDGER], date(2027, 3, 31))
    assert not matches("The ledger?", "ledger", [LEDGER], date(2027, 4, 1))
    assert not matches("The ledger?", "ledger", [LEDGER], date(2026, 12, 31))


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_question_matches_itself_or_has_no_words_and_order_is_stable(first: str, second: str) -> None:
    known = [Known(str(n), question, "", "", date(2027, 1, 1), None) for n, question in enumerate((first, second))]
    found = matches(first, "", known, ON)
    assert found == matches(first, "", list(reversed(known)), ON)
    assert all(0 < each.share <= 1 for each in found)
