"""Codes that notices use, brought to one form: countries, languages, time zones, currencies."""

from __future__ import annotations

from functools import cache

from babel.core import get_global
from babel.numbers import list_currencies

# The EU writes these two its own way; the parts of the United Kingdom stand as countries in British notices.
COUNTRIES = {"UK": "GB", "EL": "GR", "1A": "XK"}
NAMES = {
    "united kingdom": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "cymru": "GB", "northern ireland": "GB", "great britain": "GB",
    "uk": "GB", "eng": "GB", "sct": "GB", "wls": "GB", "nir": "GB", "usa": "US", "deutschland": "DE", "france": "FR", "españa": "ES", "italia": "IT",
    "polska": "PL", "éire": "IE",
}  # fmt: skip
# Countries with several zones: the one of the seat of government; regions that keep another are told apart by their NUTS code.
MAIN_ZONE = {"DE": "Europe/Berlin", "ES": "Europe/Madrid", "PT": "Europe/Lisbon", "CY": "Asia/Nicosia", "UA": "Europe/Kyiv", "FR": "Europe/Paris"}
REGION_ZONE = {
    "ES70": "Atlantic/Canary", "ES63": "Africa/Ceuta", "PT20": "Atlantic/Azores", "PT30": "Atlantic/Madeira", "FRY1": "America/Guadeloupe",
    "FRY2": "America/Martinique", "FRY3": "America/Cayenne", "FRY4": "Indian/Reunion", "FRY5": "Indian/Mayotte",
}  # fmt: skip


@cache
def country(text: str) -> str:
    """ISO 3166 alpha-2 of a code (alpha-2, alpha-3, the EU's UK and EL) or an English name; empty where unknown."""
    import pycountry

    said = text.strip()
    code = COUNTRIES.get(said.upper(), said.upper())
    if len(code) == 2 and (pycountry.countries.get(alpha_2=code) or code == "XK"):
        return code
    if len(code) == 3 and (found := pycountry.countries.get(alpha_3=code)):
        return str(found.alpha_2)
    if said.casefold() in NAMES:
        return NAMES[said.casefold()]
    named = pycountry.countries.get(name=said) or pycountry.countries.get(common_name=said) if len(said) > 3 else None
    return str(named.alpha_2) if named else ""


@cache
def language(text: str) -> str:
    """The shortest ISO 639 code of a language, in lower case (ENG and EN give en); empty where unknown."""
    import pycountry

    code = text.strip().lower().replace("_", "-").partition("-")[0]
    found = (
        pycountry.languages.get(alpha_2=code) if len(code) == 2
        else pycountry.languages.get(alpha_3=code) or pycountry.languages.get(bibliographic=code) if len(code) == 3
        else None
    )  # fmt: skip
    return str(getattr(found, "alpha_2", None) or found.alpha_3) if found else ""


def zone(country: str, region: str = "") -> str:
    """The IANA zone whose clock a buyer in that country and NUTS region goes by; empty where it cannot be told."""
    for prefix, name in REGION_ZONE.items():
        if region.startswith(prefix):
            return name
    zones = get_global("territory_zones").get(country, ())
    return MAIN_ZONE.get(country) or (zones[0] if len(zones) == 1 else "")


@cache
def is_currency(code: str) -> bool:
    """Whether CLDR knows the ISO 4217 code."""
    return code in list_currencies()
