"""Fields from nodes of OCDS: texts with their line breaks back, money, periods, codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from remit.formats.notices import codes, rules
from remit.formats.notices.damage import repaired
from remit.formats.notices.fields import Pen, decimal, months_between
from remit.formats.notices.notice import Cpv, Field
from remit.formats.notices.tree import Node


@dataclass
class OcdsPen:
    """Writes down fields of one release."""

    pen: Pen
    breaks: list[Node] = field(default_factory=list)
    repaired: int = 0

    def text(self, node: Node) -> Field | None:
        """A text; line breaks that came as "rn" are put back, the source stays in `verbatim`."""
        if not node:
            return None
        raw = node.text
        clean, count = repaired(raw) if "rn" in raw else (raw, 0)
        self.repaired += count
        if count and not self.breaks:
            self.breaks.append(node)
        return self.pen.text(clean, node.place(), raw)

    def texts(self, *nodes: Node) -> tuple[Field, ...]:
        """Those of the texts that are given."""
        return tuple(found for node in nodes if (found := self.text(node)))

    def count_breaks(self, release: Node) -> None:
        """Say once how many line breaks were repaired, at the first."""
        if self.repaired:
            self.pen.doubt("notice.line_breaks", self.breaks[0].place(), count=self.repaired)

    def money(self, value: Node) -> Field | None:
        """`amount` and `currency`; a value object without amount says nothing."""
        amount = value["amount"] if value["amount"] else value["amountNet"]
        if not value or not amount:
            return None
        return self.pen.money(amount.text, value["currency"].text, amount.place())

    def number(self, node: Node) -> Field | None:
        """A count."""
        number = decimal(node.text) if node and not isinstance(node.value, dict | list) else None
        return Field(number, node.place(), node.text) if number is not None else None

    def day(self, node: Node) -> Field | None:
        """The date of a date-time."""
        return self.pen.day(node.text, node.place()) if node else None

    def instant(self, node: Node, zone: str = "") -> Field | None:
        """A date-time; without offset it is read in the buyer's zone, which is said."""
        if not node:
            return None
        on, _, at = node.text.partition("T") if "T" in node.text else node.text.partition(" ")
        found = self.pen.deadline(on, at, node.place(), zone)
        return Field(found.value, found.place, node.text, found.certainty, found.how) if found else None

    def language(self, node: Node) -> Field | None:
        """A language by its code."""
        return self.pen.coded(node.text, node.place(), codes.language, "language") if node else None

    def country(self, node: Node) -> Field | None:
        """A country by code or name; a name gives a derived value."""
        if not node:
            return None
        found = self.pen.coded(node.text, node.place(), codes.country, "country")
        if found and found.value != found.verbatim.upper():
            return Field(found.value, found.place, found.verbatim, "derived", rules.FROM_COUNTRY(text=found.verbatim))
        return found

    def country_of_region(self, node: Node) -> Field | None:
        """The country that a NUTS code begins with."""
        code = node.text if node else ""
        country = codes.country(code[:2]) if 2 < len(code) <= 5 and code.isascii() and code.isupper() else ""
        return Field(country, node.place(), code, "derived", rules.FROM_NUTS(code=code)) if country else None

    def cpv(self, node: Node) -> Cpv | None:
        """A classification of the scheme CPV, with the label that it carries."""
        if node["scheme"].text.upper() not in {"CPV", "EU-CPV", "CPVS"} or not node["id"]:
            return None
        return self.pen.cpv(node["id"].text, node["id"].place(), self.text(node["description"]))

    def period(self, period: Node) -> dict[str, Any]:
        """Start, end and months of a period: as given in days, else counted from the dates."""
        start, end = self.day(period["startDate"]), self.day(period["endDate"])
        duration = self.pen.duration(period["durationInDays"].text, "days", period["durationInDays"].place()) if period["durationInDays"] else None
        if duration is None and start and end and start.value <= end.value:
            duration = counted(start, end)
        return {"start": start, "end": end, "duration": duration}


def counted(start: Field, end: Field) -> Field:
    """Months from start to end, derived."""
    first, last = start.value, end.value
    assert isinstance(first, date)
    assert isinstance(last, date)
    return Field(months_between(first, last), end.place, f"{start.verbatim} to {end.verbatim}", "derived", rules.FROM_DATES())
