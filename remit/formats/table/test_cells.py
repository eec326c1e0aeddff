"""Numbers and dates as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.formats.table.cells import Mark, Order, day, marks, number, order_of

AMOUNTS = st.decimals(Decimal("-9999999.99"), Decimal("9999999.99"), places=2)


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1,234.56", "", "1234.56"),
        ("1.234,56", "", "1234.56"),
        ("1'234.56", "", "1234.56"),
        ("1\u00a0234,56", "", "1234.56"),
        ("1 234 567,8", "", "1234567.8"),
        ("1,23,456.70", ".", "123456.70"),
        ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"),
        ("1.234.567", "", "1234567"),
        ("-12", "", "-12"),
        ("12-", "", "-12"),
        ("\u221212", "", "-12"),
        ("(12.50)", "", "-12.50"),
        ("€ 12,50", "", "12.50"),
        ("12.50 EUR", "", "12.50"),
        ("-$1,000.00", "", "-1000.00"),
        (".5", "", "0.5"),
        ("5.", "", "5"),
        ("007", "", "7"),
    ],
)
def test_numbers(text: str, mark: Mark, value: str) -> None:
    assert number(text, mark) == Decimal(value)


@pytest.mark.parametrize("text", ["", "-", "abc", "1e9", "1,2,3", "1.2.3", "12.34.56", "1,,2", "--1", "NaN", "Infinity", "1 2", "9" * 41, "0x1", "١٢"])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


@given(AMOUNTS)
def test_every_amount_reads_in_both_writings(amount: Decimal) -> None:
    english = f"{amount:,}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert number(english) == number(german) == number(english, ".") == number(german, ",") == amount


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.234", "2,50"], ","),
        (["1,234", "2.50"], "."),
        (["1,234", "12"], None),
        (["1,234,567", "5,000"], "."),
        (["1", "22"], ""),
        (["0,500"], ","),
        (["1234,567"], ","),
        ([], ""),
    ],
)
def test_the_mark_of_a_column(texts: list[str], mark: str | None) -> None:
    assert marks(texts) == mark


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("2024-01-31", "", date(2024, 1, 31)),
        ("20240131", "", date(2024, 1, 31)),
        ("2024-01-31T10:00:00+01:00", "", date(2024, 1, 31)),
        ("31.01.2024", "", date(2024, 1, 31)),
        ("31.1.24", "month_first", date(2024, 1, 31)),
        ("01/02/2024", "day_first", date(2024, 2, 1)),
        ("01/02/2024", "month_first", date(2024, 1, 2)),
        ("1/2/24 10:30", "month_first", date(2024, 1, 2)),
        ("31-Jan-2024", "", date(2024, 1, 31)),
        ("3. März 2024", "", date(2024, 3, 3)),
        ("Jan 31, 2024", "", date(2024, 1, 31)),
        ("31 янв 2024", "", date(2024, 1, 31)),
    ],
)
def test_dates(text: str, order: Order, value: date) -> None:
    assert day(text, order) == value


@pytest.mark.parametrize("text", ["", "31.02.2024", "2024-13-01", "13/13/2024", "yesterday", "1.1", "2024", "x" * 50])
def test_what_is_no_date(text: str) -> None:
    assert day(text) is None


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["01/02/2024", "13/02/2024"], "day_first"),
        (["01/02/2024", "01/13/2024"], "month_first"),
        (["01/13/2024", "13/01/2024"], None),
        (["01/02/2024"], None),
        (["01/02/2024", "02/02/2024", "03/02/2024", "01/03/2024"], "day_first"),
        (["02/01/2024", "02/02/2024", "02/03/2024", "03/01/2024"], "month_first"),
        (["2024-01-02"], "iso"),
        (["01.02.2024"], "iso"),
        (["02/02/2024"], "day_first"),
        ([], "iso"),
    ],
)
def test_the_order_of_a_column(texts: list[str], order: str | None) -> None:
    assert order_of(texts) == order


@given(st.text(max_size=60))
def test_any_text_reads_or_not(text: str) -> None:
    number(text)
    day(text)
    marks([text])
    order_of([text])
