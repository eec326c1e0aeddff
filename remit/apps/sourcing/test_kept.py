"""What is kept in a row comes back as it was, and is said in the language of whoever reads it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from remit.apps.sourcing.kept import finding_of, finding_row, reason_of, reason_row, value_of, value_row
from remit.domain.gate.presence import HOURS, SHIFT
from remit.domain.line import Finding, Place
from remit.domain.money import Money
from remit.formats.words import Words

plain = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(), st.dates(), st.datetimes(timezones=st.just(UTC)), st.decimals(allow_nan=False),
    st.builds(Money, st.decimals(allow_nan=False, allow_infinity=False), st.sampled_from(("EUR", "JPY"))),
)  # fmt: skip


@given(st.one_of(plain, st.lists(plain)))
def test_a_value_comes_back_with_its_type(value: object) -> None:
    back = value_of(json.loads(json.dumps(value_row(value))))
    assert back == value
    assert type(back) is type(value)


def test_a_reason_is_said_in_any_language_with_its_units() -> None:
    reason = HOURS(asked_min=240, worst_on=date(2026, 3, 9), held_min=90, cure=SHIFT(), rule_id="asked.hours", rule_source="the brief")
    back = reason_of(json.loads(json.dumps(reason_row(reason))))
    assert back == reason
    assert "4 h" in Words("en").reason(back)
    assert "9 Mar 2026" in Words("en").reason(back)


def test_a_code_without_sentence_is_its_own_words() -> None:
    row = reason_row(HOURS(asked_min=1, held_min=0, worst_on=date(2026, 1, 1))) | {"code": "gate.of_old"}
    assert Words("en").reason(reason_of(row)) == "gate.of_old"


def test_a_finding_keeps_its_place() -> None:
    finding = Finding(
        "value.zero", Place(path=(("line", 3), ("field", "BT-27"))), {"value": Money(Decimal("0.00"), "EUR"), "at": datetime(2026, 1, 1, tzinfo=UTC)}
    )
    assert finding_of(json.loads(json.dumps(finding_row(finding)))) == finding
