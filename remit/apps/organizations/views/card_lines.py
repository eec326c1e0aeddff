"""Prices of a rate card, pasted as text: read line by line, each fault with its line and column."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from remit.domain.line import ServiceLine
from remit.domain.pricing import BASES
from remit.domain.reasons import N_, Reason, Sentence

COLUMNS = ("service", "level", "basis", "measure", "price")
MOST_LINES, MOST_CHARACTERS = 2_000, 200_000
SERVICE = Sentence("card_line.service", N_("{value} is no service here. The services are: {known}."))
LEVEL = Sentence("card_line.level", N_("{value} is no level: a level is a number from 1 to 5."))
BASIS = Sentence("card_line.basis", N_("{value} is no basis. The bases are: {known}."))
MEASURE = Sentence("card_line.measure", N_("{service} has no measure {value}. Its measures are: {known}."))
PRICE = Sentence("card_line.price", N_("{value} is no price: write a number such as 34.50, not below 0."))
FEW = Sentence("card_line.columns", N_("This line has {count} columns; it needs five: service, level, basis, measure, price."))
TWICE = Sentence("card_line.twice", N_("Line {first} prices the same already."))
EMPTY = Sentence("card_line.empty", N_("There is no price in it."))
LONG = Sentence("card_line.long", N_("That is too much for one card: {most} lines at most."))


@dataclass(frozen=True)
class Fault:
    """What is wrong at a line and column, both counted from 1."""

    line: int
    column: int
    reason: Reason


def read(text: str, services: Mapping[str, ServiceLine]) -> tuple[list[dict[str, object]], list[Fault]]:
    """The lines as the action wants them, and all faults. Columns are parted by comma, semicolon or tab; a first line of headings is passed over."""
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES:
        return [], [Fault(1, 1, LONG(most=MOST_LINES))]
    delimiter = max("\t;,", key=text.partition("\n")[0].count)
    rows: list[dict[str, object]] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.replace("\0", " ").splitlines(), start=1):
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        if not any(cells) or (number == 1 and cells[0].lower() == COLUMNS[0]):
            continue
        row, found = _row(cells, number, delimiter, services)
        faults += found
        if row is None:
            continue
        same = tuple(str(row[name]) for name in COLUMNS[:4])
        if same in seen:
            faults.append(Fault(number, 1, TWICE(first=seen[same])))
        seen.setdefault(same, number)
        rows.append(row)
    if not rows and not faults:
        faults.append(Fault(1, 1, EMPTY()))
    return rows, faults


def _row(cells: list[str], number: int, delimiter: str, services: Mapping[str, ServiceLine]) -> tuple[dict[str, object] | None, list[Fault]]:
    if len(cells) != len(COLUMNS):
        return None, [Fault(number, len(cells), FEW(count=len(cells)))]
    service, level, basis, measure, price = cells
    faults = []
    line = services.get(service)
    if line is None:
        faults.append(Fault(number, 1, SERVICE(value=service, known=", ".join(services))))
    if level not in ("1", "2", "3", "4", "5"):
        faults.append(Fault(number, 2, LEVEL(value=level)))
    if basis not in BASES:
        faults.append(Fault(number, 3, BASIS(value=basis, known=", ".join(BASES))))
    measures = list(line.measures) if line else []
    if line and (measure or basis == "unit") and measure not in measures:
        faults.append(Fault(number, 4, MEASURE(service=service, value=measure or "–", known=", ".join(measures))))
    amount = _price(price, delimiter)
    if amount is None:
        faults.append(Fault(number, 5, PRICE(value=price)))
    if faults:
        return None, faults
    return {"service": service, "level": int(level), "basis": basis, "measure": measure, "price": amount}, []


def _price(text: str, delimiter: str) -> Decimal | None:
    if delimiter != "," and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < Decimal(10) ** 10 else None
