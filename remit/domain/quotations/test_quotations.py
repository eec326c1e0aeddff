"""Quotations: found by their marks, and compared with what is kept; the slip opinion is a real one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.quotations import Source, compare, quotations

KEPT = Source(
    "opinion",
    "The court held that a univer-\nsity must clearly demonstrate that its “ ‘purpose or interest is\nboth constitutionally permissible and substan-\n"
    "\n\f\n\ntial.’ ” Strict scrutiny is a searching examination, and\nthe Government bears the burden.\n",
)


@pytest.mark.parametrize(
    "written",
    [
        "a university must clearly demonstrate",
        "a university must clearly demonstrate that its “purpose or interest is both constitutionally permissible and substantial.”",
        "[A] university must clearly demonstrate that its 'purpose or interest is both constitutionally permissible",
        "a university must . . . demonstrate that its purpose",
        "a university must […] demonstrate that its purpose",
        "a university must ... demonstrate that [the program’s] purpose",
        "a university must clearly demonstrate[] that its purpose",
        "The court held . . . . Strict scrutiny is a searching examination",
        "Strict scrutiny is a searching examination,",
        "Strict scrutiny is a searching examination, and the [g]overnment bears the burden.",
        "substantial",
    ],
)
def test_what_is_kept_is_the_same(written: str) -> None:
    assert compare(written, [KEPT]).verdict == "same"


@pytest.mark.parametrize(
    ("written", "wrote", "reads"),
    [
        ("a university must plainly demonstrate that its purpose", "plainly", "clearly"),
        ("a university must demonstrate that its purpose", "", "clearly"),
        ("Strict scrutiny is a very searching examination, and the Government", "very", ""),
        ("Strict scrutiny is a searching examination and the Government bears", "examination", "examination,"),
        ("strict scrutiny is a searching examination, and the Government", "strict", "Strict"),
        ("A university must clearly demonstrate . . . Strict scrutiny is a searching inquiry, and the Government bears", "A", "a"),
        ("a university must clearly demonstrate . . . Strict scrutiny is a searching inquiry, and the Government bears", "inquiry", "examination"),
    ],
)
def test_what_is_not_is_told_by_the_word(written: str, wrote: str, reads: str) -> None:
    found = compare(written, [KEPT])
    assert (found.verdict, found.written.rstrip(",."), found.reads) == ("differs", wrote, reads)


def test_the_place_is_told() -> None:
    found = compare("Strict scrutiny is a searching examination", [KEPT])
    assert (found.line, found.page) == (7, 2)


def test_a_sentence_runs_on_over_footnotes_at_the_foot_of_a_page() -> None:
    kept = Source("notes", "so many institutions across the Nation,1 the University\n——————\n  1 See the brief for others.\n\fhas taken care to follow it.\n")
    assert compare("across the Nation, the University has taken care to follow it", [kept]).verdict == "same"
    assert compare("See the brief for others", [kept]).verdict == "same"
    assert compare("across the Nation, the University has taken pains to follow it", [kept]).reads == "care"


def test_order_counts() -> None:
    assert compare("Strict scrutiny is a searching examination . . . a university must clearly demonstrate", [KEPT]).verdict == "differs"


def test_nothing_like_it_is_absent_and_nothing_to_compare_is_said() -> None:
    assert compare("It is emphatically the province and duty of the judicial department.", [KEPT]).verdict == "absent"
    assert compare("[…]", [KEPT]).verdict == "nothing"


@given(st.integers(0, 60), st.integers(4, 12))
def test_any_stretch_is_found_and_any_changed_word_in_it_is(first: int, count: int) -> None:
    words = (KEPT.text.replace("-\n\n\f\n\n", "").replace("-\n", "") * 3).split()[first % 20 :][:count]
    whole = Source("whole", " ".join(words) + " and more of it.")
    assert compare(" ".join(words), [whole]).verdict == "same"
    changed = [*words]
    changed[len(words) // 2] = "unheardof"
    found = compare(" ".join(changed), [whole])
    assert found.verdict in ("differs", "absent")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said “one ‘two’ three” and “four.”", ["one ‘two’ three", "four."]),
        ('He said "one \'two\' three" and "four."', ["one 'two' three", "four."]),
        ("“Outer “inner” outer”", ["Outer “inner” outer"]),
        ("The program (the “University”) and (“Title VII”) say “so.”", ["so."]),
        ('Six feet 5" tall', []),
        ("“Never closed", ["Never closed"]),
        ("no quotation", []),
        ('(quoting "a b c")', ["a b c"]),
    ],
)
def test_quotations_are_found_by_their_marks(text: str, found: list[str]) -> None:
    assert [one.text for one in quotations(text)] == found
    assert all(text[one.start] in '“"' for one in quotations(text))


@given(st.text(alphabet="ab \"“”‘’'.()[]", max_size=60))
def test_any_text_gives_quotations(text: str) -> None:
    for one in quotations(text):
        assert 0 <= one.start < one.end <= len(text)
        compare(one.text, [KEPT])


def test_on_a_real_slip_opinion(shared_data: Path) -> None:
    kept = Source("slip", (shared_data / "demo" / "legal" / "scotus_slip_opinion_2012_term.txt").read_text("utf-8"))
    exact = "the reviewing court must ultimately be satisfied that no workable race-neutral alternatives would produce the educational benefits of diversity"
    assert compare(exact.replace("the", "[T]he", 1), [kept]).verdict == "same"
    found = compare("The reviewing court must ultimately be persuaded that no workable race-neutral alternatives would produce", [kept])
    assert (found.verdict, found.written, found.reads) == ("differs", "persuaded", "satisfied")
