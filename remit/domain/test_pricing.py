"""The card of the day, and amounts rounded once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.pricing import Band, CardLine, Price, RateCard, card_of_day, price, rounded
from remit.domain.reasons import Reason

DAY = date(2027, 6, 1)


def card(name: str, begins: date, rate: str, **more) -> RateCard:
    line = CardLine(id=f"{name}/1", service="bookkeeping", level=3, basis="hour", price=Decimal(rate))
    return RateCard(**{"id": name, "version": 1, "currency": "EUR", "valid_from": begins, "lines": (line,), **more})


def ask(cards, on, level=3, basis="hour", variant=""):
    return price(cards, "bookkeeping", level, basis, "", variant, on)


OLD, NEW = card("old", date(2027, 1, 1), "34"), card("new", DAY, "36")


def test_a_raise_from_the_first_of_june_holds_from_that_day_on():
    assert ask([NEW, OLD], date(2027, 5, 31)).line.price == 34
    assert ask([NEW, OLD], DAY).line.price == 36


def test_before_the_first_card_and_after_the_last_there_is_none():
    assert ask([OLD], date(2026, 12, 31)).code == "billing.no_card"
    ended = card("old", date(2027, 1, 1), "34", valid_until=DAY)
    assert isinstance(ask([ended], date(2027, 5, 31)), Price)
    assert ask([ended], DAY).code == "billing.no_card"


def test_a_predecessor_does_not_come_back_when_its_successor_ends():
    short = card("new", DAY, "36", valid_until=date(2027, 7, 1))
    assert ask([OLD, short], date(2027, 7, 1)).code == "billing.no_card"


@pytest.mark.parametrize("asked", [{"level": 4}, {"basis": "unit"}, {"variant": "weekend"}])
def test_off_the_card_is_a_reason_with_a_cure(asked):
    reason = ask([OLD], DAY, **asked)
    assert isinstance(reason, Reason)
    assert reason.code == "billing.off_card"
    assert reason.values["card"] == "old"
    assert reason.cure


def test_zero_is_a_price():
    assert ask([card("free", DAY, "0")], DAY).line.price == 0


@pytest.mark.parametrize("rate", ["-0.01", "NaN", "Infinity"])
def test_a_price_is_never_below_zero_or_no_number(rate):
    with pytest.raises(ValueError, match="zero or more"):
        card("bad", DAY, rate)


def test_a_card_has_one_price_for_one_work():
    line = OLD.lines[0]
    with pytest.raises(ValueError, match="two prices"):
        card("twice", DAY, "1", lines=(line, CardLine(id="other", service="bookkeeping", level=3, basis="hour", price=Decimal(9))))


def test_bands_price_the_whole_quantity():
    line = CardLine(id="x", service="s", level=1, basis="unit", price=Decimal(10), bands=(Band(Decimal(500), Decimal(7)), Band(Decimal(100), Decimal(9))))
    assert [line.price_at(Decimal(count)) for count in (99, 100, 499, 500)] == [10, 9, 9, 7]


@pytest.mark.parametrize(("amount", "currency", "said"), [("0.005", "EUR", "0.01"), ("2.675", "EUR", "2.68"), ("0.5", "JPY", "1"), ("1.2345", "BHD", "1.23")])
def test_amounts_round_half_up_to_two_decimals_at_most(amount, currency, said):
    assert str(rounded(Decimal(amount), currency).amount) == said


@given(st.lists(st.integers(0, 800), min_size=1, max_size=8, unique=True), st.integers(-10, 900), st.integers(0, 900))
def test_a_later_card_never_moves_an_earlier_day(starts, day, later):
    origin = date(2026, 1, 1)
    cards = [card(str(start), origin + timedelta(days=start), str(start)) for start in starts]
    on = origin + timedelta(days=day)
    successor = card("later", max(on + timedelta(days=1), origin + timedelta(days=later)), "999")
    assert card_of_day(cards, on) == card_of_day([*cards, successor], on) == card_of_day([successor, *reversed(cards)], on)
