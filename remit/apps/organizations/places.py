"""Countries, currencies and time zones as an organization may name them, with their names in a language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Annotated

from babel import Locale
from babel.core import get_global
from pydantic import AfterValidator

from remit.domain.calendars import zone_names

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
    """Time zones by place (Europe/Berlin), in order of names."""
    return tuple(sorted(name for name in zone_names() if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))))


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
