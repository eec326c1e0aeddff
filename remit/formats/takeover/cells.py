"""A cell of a sheet as its column says, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from remit.domain.calendars import zone_names
from remit.domain.takeover import BANK, LEDGER, Credential, Does, OpenItem, Unbilled
from remit.formats.mail.servers import ADDRESS
from remit.formats.table import Cell
from remit.formats.takeover.columns import Column

BETWEEN = re.compile(r"[|\n]")
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:[.,]\d{1,6})?")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
_KIND_PARTS = 6


class Wrong(Exception):
    """What is wrong with a cell: the code of the rule, and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def cell_value(cell: Cell, column: Column, country: str = "") -> Any:
    """The value. Raises Wrong. `country`: of the same line, for numbers that each country gives in its own form."""
    return _KINDS[column.kind](cell, column, country)


def day(cell: Cell) -> date | None:
    """A date cell, or one written year first or with points; nothing that could be read in two ways."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _shown(cell)
    if match := _DAY.fullmatch(text):
        parts = match[1], match[2], match[3]
    elif match := _DOTTED.fullmatch(text):
        parts = match[3], match[2], match[1]
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def number(cell: Cell) -> Decimal | None:
    """A number cell, or digits with one decimal mark; none with marks of thousands, which would be guessed."""
    if isinstance(cell, Decimal):
        return cell if cell.is_finite() else None
    text = _shown(cell).replace("\u2212", "-")
    if not _NUMBER.fullmatch(text) or ("," in text and len(text.partition(",")[2]) == 3):
        return None
    return Decimal(text.replace(",", "."))


def _shown(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _text(cell: Cell, column: Column, country: str) -> str:
    text = " ".join(_shown(cell).split())
    if len(text) > column.most:
        raise Wrong("too_long", title=column.title, most=column.most)
    return text


def _mail(cell: Cell, column: Column, country: str) -> str:
    text = _shown(cell)
    if not ADDRESS.fullmatch(text) or len(text) > 254 or "." not in text.rpartition("@")[2]:
        raise Wrong("mail", text=text[:60])
    return text


def _level(cell: Cell, column: Column, country: str) -> int:
    text = _shown(cell)
    if text not in ("1", "2", "3", "4", "5"):
        raise Wrong("level", text=text[:60])
    return int(text)


def _number(cell: Cell, column: Column, country: str) -> Decimal:
    value = number(cell)
    if value is None:
        raise Wrong("number", text=_shown(cell)[:60])
    if value < column.least:
        raise Wrong("below", text=_shown(cell)[:60], least=column.least)
    if value > column.most:
        raise Wrong("above", text=_shown(cell)[:60], most=column.most)
    # The same number is the same value, however many zeros it is written with.
    return Decimal(f"{value.normalize():f}")


def _whole(cell: Cell, column: Column, country: str) -> int:
    value = _number(cell, column, country)
    if value != int(value):
        raise Wrong("number", text=_shown(cell)[:60])
    return int(value)


def _day(cell: Cell, column: Column, country: str) -> date:
    value = day(cell)
    if value is None:
        raise Wrong("date", text=_shown(cell)[:60])
    return value


def _month(cell: Cell, column: Column, country: str) -> date:
    if isinstance(cell, date):
        return date(cell.year, cell.month, 1)
    match = _MONTH.fullmatch(_shown(cell))
    if match is None or not 1 <= int(match[2]) <= 12 or not int(match[1]) >= 1:
        raise Wrong("month", text=_shown(cell)[:60])
    return date(int(match[1]), int(match[2]), 1)


@cache
def _countries() -> frozenset[str]:
    import pycountry

    return frozenset(each.alpha_2 for each in pycountry.countries)


@cache
def _currencies() -> frozenset[str]:
    from babel.core import get_global

    tender = get_global("territory_currencies").values()
    return frozenset(code for each in tender for code, _since, until, is_tender in each if until is None and is_tender)


def _country(cell: Cell, column: Column, country: str) -> str:
    text = _shown(cell).upper()
    if text not in _countries():
        raise Wrong("country", text=_shown(cell)[:60])
    return text


def _currency(cell: Cell, column: Column, country: str) -> str:
    text = _shown(cell).upper()
    if text not in _currencies():
        raise Wrong("currency", text=_shown(cell)[:60])
    return text


@cache
def _zones() -> frozenset[str]:
    return frozenset(zone_names())


def _zone(cell: Cell, column: Column, country: str) -> str:
    text = _shown(cell)
    if "/" not in text or text not in _zones():
        raise Wrong("zone", text=text[:60])
    return text


def _choice(cell: Cell, column: Column, country: str) -> str:
    text = _shown(cell).casefold()
    told = next((choice for choice in column.choices if choice.casefold() == text), None)
    if told is None:
        raise Wrong("choice", text=_shown(cell)[:60], choices=", ".join(column.choices))
    return told


def _vat(cell: Cell, column: Column, country: str) -> str:
    """By the rules of the country that the id begins with, else of the line's. Where none are known it is taken as it is."""
    from stdnum import get_cc_module
    from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

    text = _text(cell, column, country)
    letters = text[:2].upper()
    of = {"EL": "GR", "XI": "GB"}.get(letters, letters)
    if of not in _countries() or get_cc_module(of.lower(), "vat") is None:
        of = country
    rules = get_cc_module(of.lower(), "vat") if of in _countries() else None
    if rules is None:
        return text
    try:
        number_ = str(rules.validate(text))
        return letters + number_.removeprefix(letters) if letters.isalpha() else number_
    except ValidationError as fault:
        why = {InvalidChecksum: "its check digit is wrong", InvalidLength: "its length is wrong", InvalidFormat: "its form is wrong"}
        raise Wrong("vat", text=text[:40], country=of, why=why.get(type(fault), "a part of it is wrong")) from fault


def _iban(cell: Cell, column: Column, country: str) -> str:
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    text = _shown(cell)
    try:
        return str(IBAN(text).compact)
    except SchwiftyException as fault:
        raise Wrong("iban", text=text[:42]) from fault


def _parts(cell: Cell) -> list[str]:
    return [part for part in (" ".join(each.split()) for each in BETWEEN.split(_shown(cell))) if part]


def _names(cell: Cell, column: Column, country: str) -> tuple[str, ...]:
    parts = dict.fromkeys(_parts(cell))
    if column.choices:
        return tuple(sorted({_choice(part, column, country) for part in parts}))
    for part in parts:
        if len(part) > column.most:
            raise Wrong("too_long", title=column.title, most=column.most)
    return tuple(sorted(parts, key=str.casefold))


def _texts(cell: Cell, column: Column, country: str) -> tuple[str, ...]:
    parts = tuple(_parts(cell))
    if any(len(part) > column.most for part in parts):
        raise Wrong("too_long", title=column.title, most=column.most)
    return parts


def _languages(cell: Cell, column: Column, country: str) -> tuple[tuple[str, str], ...]:
    spoken: dict[str, str] = {}
    for part in _parts(cell):
        code, _, level = part.partition(" ")
        if not (len(code) == 2 and code.isascii() and code.isalpha() and level.upper() in _CEFR) or code.lower() in spoken:
            raise Wrong("language", text=part[:60])
        spoken[code.lower()] = level.upper()
    return tuple(sorted(spoken.items()))


def _credentials(cell: Cell, column: Column, country: str) -> tuple[Credential, ...]:
    held = []
    for part in _parts(cell):
        fields = [each.strip() for each in part.split(";")]
        fields += [""] * (_KIND_PARTS - len(fields))
        kind, issuer, jurisdiction, number_, since, until = fields[:_KIND_PARTS]
        begins, ends = day(since), day(until) if until else None
        if not kind or not issuer or begins is None or (until and ends is None) or any(fields[_KIND_PARTS:]) or not 2 <= len(jurisdiction) <= 8:
            raise Wrong("credential", text=part[:80])
        if len(kind) > 80 or len(issuer) > 120 or len(number_) > 40 or jurisdiction[:2].upper() not in _countries():
            raise Wrong("credential", text=part[:80])
        held.append(Credential(kind, issuer, jurisdiction.upper(), number_, begins, ends))
    return tuple(sorted(held, key=lambda each: (each.kind, each.issuer, each.jurisdiction, each.number, each.valid_from)))


def _does(cell: Cell, column: Column, country: str) -> tuple[Does, ...]:
    found = []
    for part in _parts(cell):
        client, colon, step = part.rpartition(":")
        if not colon:
            client, step = part, ""
        if not client.strip() or (colon and not step.strip()) or len(part) > column.most:
            raise Wrong("does", text=part[:60])
        found.append(Does(client.strip(), step.strip().casefold()))
    return tuple(sorted(found, key=lambda each: (each.client.casefold(), each.step)))


def _unbilled(cell: Cell, column: Column, country: str) -> tuple[Unbilled, ...]:
    found = []
    for part in _parts(cell):
        words = part.split()
        on = day(words[0])
        quantity = number(words[2]) if len(words) in (3, 4) else None
        level = words[3] if len(words) == 4 else "0"
        if on is None or quantity is None or not 0 < quantity <= 1_000_000 or level not in ("0", "1", "2", "3", "4", "5"):
            raise Wrong("unbilled", text=part[:60])
        found.append(Unbilled(on, words[1].casefold(), Decimal(f"{quantity.normalize():f}"), int(level)))
    return tuple(sorted(found, key=lambda each: (each.on, each.what, each.level, each.quantity)))


def _open_items(cell: Cell, column: Column, country: str) -> tuple[OpenItem, ...]:
    found = []
    for part in _parts(cell):
        side, _, rest = part.partition(" ")
        words = rest.split(" ", 2)
        on, amount = day(words[0]), number(words[1]) if len(words) > 1 else None
        if side.casefold() not in (BANK, LEDGER) or on is None or amount is None or len(words) < 3 or len(words[2]) > column.most:
            raise Wrong("open_item", text=part[:60])
        found.append(OpenItem(side.casefold(), on, Decimal(f"{amount.normalize():f}"), words[2]))
    return tuple(sorted(found, key=lambda each: (each.side, each.on, each.amount, each.text)))


_KINDS: dict[str, Callable[[Cell, Column, str], Any]] = {
    "text": _text,
    "mail": _mail,
    "level": _level,
    "number": _number,
    "whole": _whole,
    "day": _day,
    "month": _month,
    "country": _country,
    "currency": _currency,
    "zone": _zone,
    "choice": _choice,
    "vat": _vat,
    "iban": _iban,
    "names": _names,
    "languages": _languages,
    "credentials": _credentials,
    "does": _does,
    "texts": _texts,
    "unbilled": _unbilled,
    "open_items": _open_items,
}
