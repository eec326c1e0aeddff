"""Where the demonstration's prices come from: the spread between levels as published, at a made-up anchor for each place."""

from decimal import Decimal

SOURCE = "Levels and spread: GSA schedule 70 ceiling rates, February 2017 (CC0), by least years of experience; the anchor is made up"

MEDIAN_BY_LEVEL = {1: Decimal("73.30"), 2: Decimal("87.00"), 3: Decimal("109.64"), 4: Decimal("138.78"), 5: Decimal("173.38")}
"""US dollars an hour. 3,888 labor categories with a price an hour: medians of those asking at most 1, 2-4, 5-8, 9-12 and more years."""


def hourly(anchor: Decimal) -> dict[int, Decimal]:
    """Prices by level where level 2 costs `anchor`, as far apart as the published medians, to half a unit."""
    return {level: (anchor * median / MEDIAN_BY_LEVEL[2] * 2).quantize(Decimal(1)) / 2 for level, median in MEDIAN_BY_LEVEL.items()}


def card(service: str, anchor: Decimal, units: dict[str, Decimal] | None = None, unit_level: int = 2) -> list[dict[str, object]]:
    """The lines of a card: five hourly prices, and prices by the unit where there are any."""
    lines: list[dict[str, object]] = [{"service": service, "level": level, "basis": "hour", "price": str(price)} for level, price in hourly(anchor).items()]
    lines += [{"service": service, "level": unit_level, "basis": "unit", "measure": measure, "price": str(price)} for measure, price in (units or {}).items()]
    return lines
