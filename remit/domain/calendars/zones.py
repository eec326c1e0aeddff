"""Time zones from the pinned tzdata wheel alone, so that an answer never depends on the machine's own tables."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]

zoneinfo.reset_tzpath(())
ZoneInfo.clear_cache()

ZONES_VERSION: str = tzdata.IANA_VERSION
"""Version of the zone tables, e.g. 2026f: shown, and recorded with every decision that rests on hours."""


class UnknownZone(ValueError):
    """A name that the pinned tables do not hold."""


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; `UnknownZone` for any other text, folders and machine files included."""
    if name not in zone_names():
        raise UnknownZone(name)
    return ZoneInfo(name)


@cache
def zone_names() -> frozenset[str]:
    """All names in the pinned tables, links included."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@cache
def zones_by_country() -> Mapping[str, tuple[str, ...]]:
    """Today's names alone (Asia/Kolkata, not Asia/Calcutta) by ISO 3166-1 country, in the order of the pinned `zone.tab`."""
    found: dict[str, tuple[str, ...]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _coordinates, name = line.split("\t")[:3]
            found[country] = (*found.get(country, ()), name)
    return found
