"""Countries, currencies and time zones as an organization may name them, with their names in a language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from pydantic import AfterValidator

from remit.domain.calendars import zone_names, zones_by_country

_EURO_SINCE_2026 = {"BG"}
"""Which the table of territories does not know yet."""
_DAYS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))
_NO_COUNTRY = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


@cache
def countries(language: str = "en") -> tuple[tuple[str, str], ...]:
    """Code (ISO 3166-1) and name of every country, by name."""
    names = Locale.parse(language).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY]
    return tuple(sorted(found, key=lambda each: each[1].casefold()))


@cache
def currencies(language: str = "en") -> tuple[tuple[str, str], ...]:
    """Code (ISO 4217) and name of every currency that is legal tender somewhere now, by code."""
    names = Locale.parse(language).currencies
    current = {code for tender in get_global("territory_currencies").values() for code, _since, until, is_tender in tender if until is None and is_tender}
    return tuple((code, names.get(code, code)) for code in sorted(current))


@cache
def zones() -> tuple[str, ...]:
    """Time zones by place (Europe/Berlin) under today's names, in order of names."""
    return tuple(sorted({name for names in zones_by_country().values() for name in names}))


def is_zone(name: str) -> bool:
    """Whether a name is one of a zone, an older one (Asia/Calcutta) included."""
    return name in zone_names()


@cache
def currency_of(country: str) -> str:
    """The currency of a country by code, the newest where it has several; empty where it has none."""
    if country in _EURO_SINCE_2026:
        return "EUR"
    tender = [(since, code) for code, since, until, is_tender in get_global("territory_currencies").get(country, ()) if until is None and is_tender]
    return max(tender)[1] if tender else ""


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """Time zones of a country by place, in order of names; of those whose clocks agree in winter and in summer, the first of the tables."""
    found: dict[tuple[timedelta | None, ...], str] = {}
    for name in zones_by_country().get(country, ()):
        found.setdefault(tuple(day.replace(tzinfo=ZoneInfo(name)).utcoffset() for day in _DAYS), name)
    return tuple(sorted(found.values()))


@cache
def language_of(country: str) -> str:
    """The official language that most people of a country speak, by its code of two letters; empty where none is official."""
    spoken = get_global("territory_languages").get(country, {})
    official = [(facts["population_percent"], code) for code, facts in spoken.items() if facts["official_status"] == "official" and len(code) == 2]
    return max(official)[1] if official else ""


@cache
def _known(table: Callable[[], tuple[tuple[str, str], ...]]) -> frozenset[str]:
    return frozenset(code for code, _name in table())


def _country(code: str) -> str:
    if code not in _known(countries):
        raise ValueError("write a country as its two letters, such as DE")
    return code


def _currency(code: str) -> str:
    if code not in _known(currencies):
        raise ValueError("write a currency as its three letters, such as EUR")
    return code


Country = Annotated[str, AfterValidator(_country)]
Currency = Annotated[str, AfterValidator(_currency)]
