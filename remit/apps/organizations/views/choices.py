"""What a form offers to choose from, in the reader's language: countries, currencies, zones, languages, services, roles."""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from remit.apps.organizations import places
from remit.formats.words import Words
from remit.lines import lines

Choices = list[tuple[str, str]]
FIRST_CURRENCIES = ("EUR", "GBP", "USD", "CHF", "INR", "BGN", "MAD")
NONE: tuple[str, str] = ("", "–")


def countries() -> Choices:
    """Countries by their names."""
    return list(places.countries(get_language() or "en"))


def currencies() -> Choices:
    """Currencies by code and name, the most used first."""
    known = places.currencies(get_language() or "en")
    said = {code: f"{code} – {name}" for code, name in known}
    return [(code, said[code]) for code in (*(code for code in FIRST_CURRENCIES if code in said), *(code for code in said if code not in FIRST_CURRENCIES))]


def zones() -> Choices:
    """Time zones of places."""
    return [(name, name.replace("_", " ")) for name in places.zones()]


def languages() -> Choices:
    """Languages with a two-letter code, by their names."""
    return _languages(get_language() or "en")


@cache
def _languages(language: str) -> Choices:
    named = Words(language).locale.languages
    return sorted(((code, str(name)) for code, name in named.items() if len(code) == 2), key=lambda pair: pair[1])


def services() -> Choices:
    """The services that this installation knows."""
    words = Words(get_language() or "en")
    return [(line.code, words.text(line.says)) for line in lines().values()]


def roles() -> Choices:
    """Roles, each with what it lets one do."""
    return [
        ("administrator", _("Administrator: members, roles, entities, cards")),
        ("signatory", _("Signatory: awards and signs")),
        ("approver", _("Approver: awards, accepts and closes, up to a limit")),
        ("manager", _("Manager: staffs the work, keeps people and sites")),
        ("requester", _("Requester: writes briefs, brings papers, opens months")),
        ("preparer", _("Preparer: does the work")),
        ("reviewer", _("Reviewer: checks the work of another")),
        ("evaluator", _("Evaluator: rates services and bids")),
        ("biller", _("Biller: draws invoices")),
        ("auditor", _("Auditor: reads engagements and their records")),
        ("reader", _("Reader: reads")),
    ]


def role_word(role: str) -> str:
    """The name of a role alone."""
    return next((says.partition(":")[0] for code, says in roles() if code == role), role)


def country_word(code: str) -> str:
    """The name of a country."""
    return str(Words(get_language() or "en").locale.territories.get(code, code))
