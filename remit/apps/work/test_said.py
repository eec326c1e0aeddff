"""A reason goes into the record as text and comes back as values that can be said in any language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from remit.apps.records.said import Recorded, recorded
from remit.apps.work.actions.deliverables import CHECKS_FAIL
from remit.apps.work.delivery import within
from remit.domain import selection  # noqa: F401 - its sentences
from remit.domain.line import Finding, Place
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.record.decision import StatedReason, stated
from remit.formats.words import Words
from remit.lines import lines

ANY = Sentence("test.any", N_("{one} and {two}"))
PLACE = Place("statement", (("line", 12), ("field", "amount")), "0" * 64)


def test_a_failing_check_is_read_back_in_the_readers_language_with_its_place() -> None:
    line = lines()["bookkeeping"]
    rule = next(rule for rule in line.rules if rule.severity == "error" and "{" not in rule.says)
    written = stated(CHECKS_FAIL(findings=within(Finding(rule.code, PLACE), line)))
    assert written.values["findings"] == f"statement, line 12, field amount: {rule.says}"
    assert written.values["findings.finding.code"] == rule.code
    assert rule.says in written.says
    german = Words("de").reason(recorded(written))
    assert Words("de").text(rule.says) in german
    assert "Zeile 12" in german
    assert rule.says not in german


def test_values_keep_their_kind_where_their_form_says_it() -> None:
    at = datetime(2027, 1, 31, 17, tzinfo=UTC)
    for value in (date(2027, 1, 31), at, Decimal("1234.50"), Money(Decimal("12.50"), "EUR")):
        assert recorded(stated(ANY(one=value, two="1200"))).values == {"one": value, "two": "1200"}
    assert Words("de").reason(recorded(stated(ANY(one=Decimal("1234.50"), two="1200")))) == "1.234,50 and 1200"


@pytest.mark.parametrize("text", ["2027-02-31", "9999-99-99T00:00+00:00", "1.2.3", "12 eur", "", "line 12", "a, b, c"])
def test_what_only_looks_like_a_value_stays_text(text: str) -> None:
    assert recorded(StatedReason(code="test.any", values={"one": text, "two": "x"}, says="x")).values["one"] == text


def test_a_reason_whose_sentence_is_gone_is_said_as_it_was_written() -> None:
    gone = recorded(StatedReason(code="test.gone", values={"one": "1"}, says="It {was} so."))
    assert isinstance(gone, Recorded)
    assert Words("de").reason(gone) == "It {was} so."


def test_a_step_named_in_a_sentence_is_a_sentence_of_ours() -> None:
    step = lines()["bookkeeping"].steps[0].says
    said = Words("de").reason(Reason("select.nobody", {"step": (step,)}))
    assert Words("de").text(step) != step
    assert Words("de").text(step) in said
