"""Amounts, days and months as notices write them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.formats.notices import codes
from remit.formats.notices.fields import clock, day, decimal, months_between, months_of_days


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0681\u00a0100", "1681100"),
        ("1,234,567.8", "1234567.8"),
        ("1.234.567", "1234567"),
        ("49 700", "49700"),
        ("-3", "-3"),
        ("1E+3", "1000"),
        ("", None),
        ("12 EUR", None),
        ("1e99", None),
        ("NaN", None),
        ("1" * 70, None),
    ],
)
def test_amounts(text: str, value: str | None) -> None:
    assert decimal(text) == (Decimal(value) if value else None)


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=2))
def test_a_plain_amount_reads_as_itself(amount: Decimal) -> None:
    assert decimal(format(amount, "f")) == amount


def test_days_and_hours() -> None:
    assert day("2024-05-27+02:00") == date(2024, 5, 27)
    assert day("20240527") == date(2024, 5, 27)
    assert day("2024-02-30") is None
    assert day("27.5.2024") is None
    hour = clock("9:05")
    assert hour is not None
    assert hour.isoformat() == "09:05:00"
    assert clock("25:00") is None


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2019, 1, 1), date(2020, 12, 31), "24"),
        (date(2024, 12, 13), date(2027, 12, 13), "36"),  # the anniversary is given as the end
        (date(2016, 3, 1), date(2018, 3, 31), "25"),
        (date(2024, 2, 1), date(2024, 2, 29), "1"),
        (date(2020, 11, 1), date(2024, 3, 30), "40.9"),
    ],
)
def test_months_between(start: date, end: date, months: str) -> None:
    assert months_between(start, end) == Decimal(months)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), st.integers(0, 5000))
def test_months_grow_with_the_end(start: date, days: int) -> None:
    assert Decimal(0) <= months_between(start, start + timedelta(days=days)) <= Decimal(days + 1) / 28 + 1


@pytest.mark.parametrize(("days", "months"), [(365, "12"), (1095, "36"), (1461, "48"), (1080, "36"), (720, "24"), (100, "3.3")])
def test_months_of_days(days: int, months: str) -> None:
    assert months_of_days(Decimal(days))[0] == Decimal(months)


def test_codes() -> None:
    assert [codes.country(text) for text in ("GBR", "UK", "EL", "England", "Germany", "DE", "Other", "")] == ["GB", "GB", "GR", "GB", "DE", "DE", "", ""]
    assert [codes.language(text) for text in ("ENG", "en", "EN_GB", "ger", "CAT", "xx", "?")] == ["en", "en", "en", "de", "ca", "", ""]
    assert codes.zone("PL") == "Europe/Warsaw"
    assert codes.zone("PT", "PT200") == "Atlantic/Azores"
    assert codes.zone("US") == ""
