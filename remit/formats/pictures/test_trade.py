"""The scatter of cost against hours: every dot inside, in the order of its figures, and said in words."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from remit.domain.money import Money
from remit.formats.pictures.trade import BOTTOM, TOP, Dot, trade
from remit.formats.words import Words

DOTS = st.lists(
    st.builds(
        Dot,
        name=st.text(min_size=1, max_size=30),
        cost=st.decimals(0, 10**9, places=2).map(lambda amount: Money(amount, "EUR")),
        shared_min=st.integers(0, 1440),
        score=st.decimals(0, 100, places=1),
    ),
    min_size=1,
    max_size=12,
)


@given(dots=DOTS)
def test_every_dot_lies_inside_and_in_order(dots: list[Dot]) -> None:
    root = etree.fromstring(trade(dots, Words("en"), key="k").encode())
    circles = list(root.iter("circle"))
    assert len(circles) == len(dots)
    across = [float(str(circle.get("cx"))[:-1]) for circle in circles]
    assert all(0 <= x <= 100 for x in across)
    assert all(TOP <= float(str(circle.get("cy"))) <= BOTTOM for circle in circles)
    ordered = sorted(dots, key=lambda dot: (dot.cost.amount, dot.name))
    assert across == sorted(across)
    heights = [float(str(circle.get("cy"))) for circle in circles]
    for one, other, y, z in zip(ordered, ordered[1:], heights, heights[1:], strict=False):
        assert (one.shared_min >= other.shared_min) == (y <= z) or y == z


def test_what_is_drawn_is_said() -> None:
    dots = [Dot("Rila", Money(Decimal(204_280), "EUR"), 480, Decimal(91), True), Dot("Kaveri", Money(Decimal(142_480), "EUR"), 360, Decimal(77))]
    root = etree.fromstring(trade(dots, Words("en"), key="k").encode())
    assert root[1].text == "Rila: 8 h together, €204,280.00 a year; Kaveri: 6 h together, €142,480.00 a year"
    kaveri, rila = root.iter("circle")
    assert float(str(rila.get("r"))) > float(str(kaveri.get("r")))
    assert rila.get("class") == "v-dot v-best"
