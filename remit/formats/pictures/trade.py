"""The trade-off: what each costs a year against the hours that it shares, a dot for each, bigger with a higher score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_compact_currency

from remit.domain.money import Money
from remit.domain.reasons import N_
from remit.formats.pictures.svg import label, percent, picture, text_of
from remit.formats.words import Words

TITLE = N_("Cost a year against hours together a day")
DOT = N_("{name}: {shared_min} together, {cost} a year")
HEIGHT, TOP, BOTTOM, AXIS = 176, 30, 140, 168
LEFT, RIGHT = 0.08, 0.94
NEAR, LABEL = 0.14, 14
"""Closer than this share of the width and this many pixels, two labels would cover each other."""


@dataclass(frozen=True)
class Dot:
    """One alternative. `score` is of 100."""

    name: str
    cost: Money
    shared_min: int
    score: Decimal
    is_best: bool = False


def trade(dots: Sequence[Dot], words: Words, *, key: str) -> str:
    """All costs in one currency; at least one dot. Axes begin and end at round figures around the dots."""
    costs, hours = [dot.cost.amount for dot in dots], [Decimal(dot.shared_min) / 60 for dot in dots]
    low, high, step = _round_axis(min(costs), max(costs))
    least, most = max(0, math.floor(min(hours) - Decimal("0.5"))), math.ceil(max(hours) + Decimal("0.5"))
    every = max(1, (most - least) // 4)
    parts = []
    for hour in range(least, most + 1, every):
        y = _y(Decimal(hour), least, most)
        parts.append(f'<line x1="{percent(LEFT)}" x2="97%" y1="{y:g}" y2="{y:g}" class="v-grid"/>')
        parts.append(label(LEFT - 0.01, y + 4, words.duration(hour * 60), "v-axis", "end"))
    tick = low
    while tick <= high:
        said = format_compact_currency(tick, dots[0].cost.currency, locale=words.locale, fraction_digits=0 if step >= 1000 or tick < 1000 else 1)
        parts.append(label(_x(tick, low, high), AXIS, str(said), "v-axis"))
        tick += step
    taken: list[tuple[float, float]] = []
    for dot, shared in sorted(zip(dots, hours, strict=True), key=lambda each: (each[0].cost.amount, each[0].name)):
        x, y, radius = _x(dot.cost.amount, low, high), _y(shared, least, most), 4 + 8 * float(dot.score) / 100
        css, said = "v-dot v-best" if dot.is_best else "v-dot", text_of(_said(dot, words))
        parts.append(f'<circle cx="{percent(x)}" cy="{y:g}" r="{radius:.1f}" class="{css}"><title>{said}</title></circle>')
        above, below = y - radius - 5, y + radius + 13
        at = below if any(abs(x - other) < NEAR and abs(above - height) < LABEL for other, height in taken) else above
        taken.append((x, at))
        parts.append(label(x, at, dot.name, "v-lab", "end" if x > 0.85 else "start" if x < 0.15 else "middle"))
    return picture("trade", HEIGHT, key, words.text(TITLE), "; ".join(_said(dot, words) for dot in dots), parts)


def _said(dot: Dot, words: Words) -> str:
    return words.text(DOT, name=dot.name, shared_min=dot.shared_min, cost=dot.cost)


def _round_axis(least: Decimal, most: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """(first, last, step) in 1, 2 or 5 times a power of ten, with the dots between and three to seven ticks."""
    width = max(most - least, most / 5, Decimal(1))
    power = Decimal(10) ** (len(str(int(width))) - 1)
    step = next(power * times / 10 for times in (2, 5, 10, 20, 50) if width / (power * times / 10) <= 5)
    first = (least / step).to_integral_value(rounding="ROUND_FLOOR") * step
    last = (most / step).to_integral_value(rounding="ROUND_CEILING") * step
    return (first if first < least else max(Decimal(0), first - step)), (last if last > most else last + step), step


def _x(cost: Decimal, low: Decimal, high: Decimal) -> float:
    return LEFT + (RIGHT - LEFT) * float((cost - low) / (high - low))


def _y(hour: Decimal, least: int, most: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * float((hour - least) / (most - least)), 1)
