"""From words of a notice to values: amounts, dates, deadlines, durations, codes. What cannot be read becomes a finding, never a guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from remit.domain.line import Finding, Place
from remit.domain.money import Money
from remit.domain.reasons import Reason
from remit.formats.notices import codes, rules
from remit.formats.notices.notice import Cpv, Field

DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::?(\d{2})(?:[.,]\d+)?)?")
OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
AMOUNT = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d{1,3})?")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ ,.'’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?")
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
LARGEST = Decimal("1e15")
UNITS = {
    "MONTH": 1, "MONTHS": 1, "MON": 1, "YEAR": 12, "YEARS": 12, "ANN": 12, "QUARTER": 3,
    "DAY": 0, "DAYS": 0, "WEEK": -7, "WEEKS": -7, "WEE": -7,
}  # fmt: skip
"""Months in a unit; 0 for days, a negative number for so many days."""


@dataclass
class Pen:
    """Writes down fields while a notice is read, and keeps the findings made on the way."""

    findings: list[Finding] = field(default_factory=list)

    def doubt(self, code: str, place: Place, **values: object) -> None:
        """Keep a finding."""
        self.findings.append(Finding(code, place, values))

    def text(self, text: str, place: Place, verbatim: str = "") -> Field | None:
        """A text, or None where it is blank; characters that no database holds are replaced, and that is said."""
        clean, broken = NO_TEXT.subn("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n").strip())
        if not clean.strip():
            return None
        if broken:
            self.doubt("notice.broken_text", place)
        return Field(clean, place, clean if broken else verbatim or text)

    def money(self, text: str, currency: str, place: Place) -> Field | None:
        """An amount with its currency (empty where none is given, which is a finding)."""
        text, currency = text.strip(), currency.strip().upper()
        if not text:
            return None
        amount = decimal(text)
        if amount is None:
            self.doubt("value.impossible", place, text=_short(text))
            return None
        if not currency:
            self.doubt("value.no_currency", place, amount=str(amount))
        elif not codes.is_currency(currency):
            self.doubt("value.unknown_currency", place, currency=_short(currency))
            currency = ""
        return Field(Money(amount, currency), place, f"{text} {currency}".strip())

    def day(self, text: str, place: Place) -> Field | None:
        """A date; an offset behind it is kept in the verbatim text only."""
        text = text.strip()
        if not text:
            return None
        value = day(text)
        if value is None:
            self.doubt("date.impossible", place, text=_short(text))
            return None
        if value.year < 1990 or value.year > 2100 or value == date(2000, 1, 1):
            self.doubt("date.placeholder", place, date=value)
        return Field(value, place, text)

    def deadline(self, on: str, at: str, place: Place, zone: str = "") -> Field | None:
        """An instant where hour and zone are given, or the zone follows from the buyer's place; else the date alone."""
        found = self.day(on, place)
        if found is None:
            return None
        said = on.strip() if not at.strip() else f"{on.strip()} {at.strip()}"
        hour = clock(at)
        if hour is None:
            self.doubt("deadline.no_time", place, text=said)
            return Field(found.value, place, said)
        offset = _offset(at) or _offset(on)
        if offset is not None:
            return Field(datetime.combine(found.value, hour, offset), place, said)
        self.doubt("deadline.no_zone", place, text=said)
        if not zone:
            return Field(found.value, place, said)
        local = datetime.combine(found.value, hour, ZoneInfo(zone))
        # An offset is a plain value that a process of its own may hand back; a zone is not.
        return Field(local.replace(tzinfo=timezone(local.utcoffset() or timedelta(0))), place, said, "derived", rules.FROM_ZONE(zone=zone))

    def duration(self, count: str, unit: str, place: Place) -> Field | None:
        """Months, from a count and its unit."""
        said = f"{count.strip()} {unit.strip()}".strip()
        number = decimal(count)
        per = UNITS.get(unit.strip().upper())
        if not count.strip():
            return None
        if number is None or per is None or not 0 < number < 100_000:
            self.doubt("value.impossible", place, text=_short(said))
            return None
        if per > 0:
            how = None if per == 1 else rules.FROM_UNIT(count=number, unit=unit.strip().lower())
            return Field(number * per, place, said, "derived" if how else "stated", how)
        months, how = months_of_days(number * (-per or 1))
        return Field(months, place, said, "derived", how)

    def cpv(self, code: str, place: Place, label: Field | None = None) -> Cpv | None:
        """A CPV code without its check digit."""
        text = code.strip()
        if not text:
            return None
        digits = re.fullmatch(r"(\d{8})(?:-\d)?", text)
        if digits is None:
            self.doubt("cpv.malformed", place, text=_short(text))
            return None
        return Cpv(Field(digits[1], place, text), label)

    def coded(self, text: str, place: Place, read: Callable[[str], str], field: str) -> Field | None:
        """A country or language by its code; an unknown one is a finding."""
        if not text.strip():
            return None
        value = read(text)
        if not value:
            self.doubt("notice.unknown_code", place, text=_short(text), field=field)
            return None
        return Field(value, place, text.strip())


def decimal(text: str) -> Decimal | None:
    """A plain or grouped number of at most 15 digits before the point; None for anything else."""
    text = text.strip()
    if len(text) > 60:
        return None
    if GROUPED.fullmatch(text):
        whole, fraction = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", text).groups() if not re.search(r"[.,]\d{3}$", text) else (text, None)  # type: ignore[union-attr]
        text = re.sub(r"[^\d+-]", "", whole) + (f".{fraction}" if fraction else "")
    elif not AMOUNT.fullmatch(text):
        return None
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < LARGEST and int(value.as_tuple().exponent) > -10 else None


def day(text: str) -> date | None:
    """The date that a text begins with (2024-05-27 or 20240527); None where there is none or it cannot be."""
    found = DAY.match(text.strip())
    if not found:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def clock(text: str) -> time | None:
    """The hour of day that a text begins with; 24:00 is no hour of that day and is read as 23:59."""
    found = CLOCK.match(text.strip())
    if not found:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return time(23, 59) if (hour, minute) == (24, 0) else time(hour, minute, second)
    except ValueError:
        return None


def _offset(text: str) -> timezone | None:
    found = OFFSET.search(text.strip())
    if not found or DAY.fullmatch(text.strip()):
        return None
    if found[1] == "Z":
        return UTC
    digits = found[1].replace(":", "")
    minutes = int(digits[1:3]) * 60 + int(digits[3:])
    return timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes)) if minutes < 24 * 60 else None


def months_of_days(days: Decimal) -> tuple[Decimal, Reason]:
    """Months in so many days. Publishers turn months into days at 30 a month or years at 365; either way back, where it comes out whole."""
    if days % 365 == 0 or (days > 365 * 3 and (days - 1) % 365 == 0):
        return days // 365 * 12, rules.FROM_DAYS_365(days=days)
    if days % 30 == 0:
        return days / 30, rules.FROM_DAYS_30(days=days)
    return (days * 12 / Decimal("365.25")).quantize(Decimal("0.1")), rules.FROM_DAYS(days=days)


def months_between(start: date, end: date) -> Decimal:
    """Months from the first to the last day, both included; whole where the day after the end is the same day of a month, else to a tenth."""
    after = end + timedelta(days=1) if end < date.max else end
    whole = (after.year - start.year) * 12 + after.month - start.month
    if after.day == start.day or end.day == start.day:  # many notices give the anniversary itself as the end
        return Decimal(whole if after.day == start.day else (end.year - start.year) * 12 + end.month - start.month)
    return (Decimal((after - start).days) * 12 / Decimal("365.25")).quantize(Decimal("0.1"))


def _short(text: str) -> str:
    text = " ".join(text.split())
    text = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return text if len(text) <= 60 else text[:57] + "..."
