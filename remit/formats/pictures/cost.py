"""The cost bar: what a year costs, part by part, against what it costs in-house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from remit.domain.money import Money
from remit.domain.reasons import N_
from remit.formats.pictures.svg import picture, rect
from remit.formats.words import Words

TITLE = N_("Total {total}")
PART = N_("{name}: {amount}")
IN_HOUSE = N_("In-house: {amount}")
HEIGHT = 16
GAP = 0.001


@dataclass(frozen=True)
class Part:
    """A share of the total, said already in the reader's language; colour 1 fee, 2 own management, 3 broker, 4 transition."""

    name: str
    amount: Money
    colour: Literal[1, 2, 3, 4]


def cost_bar(parts: Sequence[Part], in_house: Money | None, words: Words, *, key: str) -> str:
    """Widths are shares of the in-house cost, or of the total where that is more or nothing is known of it; amounts are not negative, in one currency."""
    if not parts:
        raise ValueError("a bar of nothing")
    total = Money.total((part.amount for part in parts), parts[0].amount.currency)
    whole = in_house.amount if in_house is not None and total < in_house else total.amount
    drawn, x = [], 0.0
    for part in parts:
        width = float(part.amount.amount / whole) if whole else 0.0
        said = words.text(PART, name=part.name, amount=part.amount)
        drawn.append(rect(x, max(0.0, width - GAP), 0, HEIGHT, f"v-c{part.colour}", title=said))
        x += width
    if in_house is not None and total < in_house:
        drawn.append(rect(x, 1 - x, 0.5, HEIGHT - 1, "v-save"))
    described = [words.text(PART, name=part.name, amount=part.amount) for part in parts]
    if in_house is not None:
        described.append(words.text(IN_HOUSE, amount=in_house))
    return picture("cost", HEIGHT, key, words.text(TITLE, total=total), "; ".join(described), drawn)
