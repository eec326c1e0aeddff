"""Redlines: both versions can be read back, and what changed is told by the word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from remit.domain.redline import Change, redline, words

PARAGRAPHS = st.lists(st.text(alphabet="ab .\n", max_size=24), max_size=6)


@given(PARAGRAPHS, PARAGRAPHS)
def test_both_versions_can_be_read_back(before: list[str], after: list[str]) -> None:
    made = redline(before, after)
    kept = ["".join(change.text for change in changes if change.kind != "in") for changes in made]
    come = ["".join(change.text for change in changes if change.kind != "out") for changes in made]
    assert [text for text in kept if text] == [text for text in before if text]
    assert [text for text in come if text] == [text for text in after if text]


def test_one_changed_word() -> None:
    assert words("The court held so.", "The panel held so.") == (
        Change("same", "The "),
        Change("out", "court"),
        Change("in", "panel"),
        Change("same", " held so."),
    )


def test_a_paragraph_put_in_leaves_the_others_alone() -> None:
    made = redline(["One.", "Two."], ["One.", "A new thought between them.", "Two."])
    assert made == ((Change("same", "One."),), (Change("in", "A new thought between them."),), (Change("same", "Two."),))


def test_a_paragraph_that_is_rewritten_goes_out_and_comes_in_whole() -> None:
    made = redline(["The facts are plain."], ["Nobody has asked about standing yet"])
    assert [change.kind for changes in made for change in changes] in (["in", "out"], ["out", "in"])


def test_nothing_changed_is_all_the_same() -> None:
    assert {change.kind for changes in redline(["a b", "c"], ["a b", "c"]) for change in changes} == {"same"}
