"""Words in a language: sentences by gettext; numbers, money, dates and times by CLDR; for pages, mails, papers and commands alike."""

from __future__ import annotations

import copy
import datetime as dt
import gettext
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_interval, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import NumberPattern, format_currency, format_percent

from remit.domain.line import Finding, Place, Rule
from remit.domain.money import Money, minor_unit
from remit.domain.pricing import BASES
from remit.domain.quality import ANSWERS, CATEGORIES, SEVERITIES
from remit.domain.reasons import N_, Reason
from remit.domain.record.words import VERDICTS
from remit.domain.sampling import STRATA
from remit.domain.taxation import CATEGORIES as TAX_CATEGORIES

Form = Literal["short", "medium", "long", "full"]

HOUSE = Path(__file__).resolve().parent.parent
HOURS_AND_MINUTES, HOURS, MINUTES = N_("{hours} h {minutes}"), N_("{hours} h"), N_("{minutes} min")
YES, NO = N_("yes"), N_("no")
PLACES = {
    "line": N_("line {at}"),
    "page": N_("page {at}"),
    "sheet": N_("sheet {at}"),
    "cell": N_("cell {at}"),
    "field": N_("field {at}"),
    "column": N_("column “{at}”"),
}
NOTHING = "–"
SIDES = {"client": N_("client"), "provider": N_("provider")}
VOCABULARIES: dict[str, Mapping[Any, str]] = {
    "basis": BASES,
    "tax_category": TAX_CATEGORIES,
    "side": SIDES,
    "verdict": VERDICTS,
    "category": CATEGORIES,
    "severity": SEVERITIES,
    "stratum": STRATA,
    "done": ANSWERS,
}
"""A value of such a name is a code of ours and is said by its word."""
SENTENCES_OF_OURS = frozenset({"step", "slot", "slots", "task", "service"})
"""A value of such a name is itself a sentence of the house or of a service line."""
MEANINGS = {"hint.cpv": "what", "hint.cpv_generic": "what", "hint.not_ours": "what", "hint.words": "where"}
"""By code of a reason, the value that is in words of ours there; elsewhere one of that name may be a stranger's text."""
LANGUAGES = frozenset({"language", "offered"})
"""A value of such a name is a code of a language, or several: said by CLDR's name in the reader's language."""
BETWEEN = "; "
"""Stands between several values where the record keeps them as one text."""
EXACT = Context(prec=200)
"""Wide enough that no figure of a hostile file makes CLDR's formatting raise; what is longer still is shown as it came."""
CODE_BESIDE_FIGURE = re.compile(r"(?<=[A-Z]{3})(?=\d)")


@dataclass(frozen=True)
class Words:
    """How things are said in `language` (a BCP 47 tag); cheap to make, since catalogues and locales are kept.

    A language without catalogue says its sentences in English; one unknown to CLDR formats as English does.
    """

    language: str

    @cached_property
    def locale(self) -> Locale:
        """The CLDR locale; plain English is taken as British, whose dates (22 Jan 2027) nobody reads the wrong way round."""
        return _locale(self.language)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, the way the script runs."""
        return self.locale.text_direction

    def text(self, msgid: str, **values: Any) -> str:
        """`msgid` in the language; the names it holds in braces are filled with `values`, each said in the language too."""
        translated = _catalogue(self.language).gettext(msgid) if msgid else ""
        return self._filled(translated, values) if values else translated

    def plural(self, one: str, many: str, count: int, **values: Any) -> str:
        """`one` or `many` by the language's own rule of plurals; both may name `{count}`."""
        return self._filled(_catalogue(self.language).ngettext(one, many, count), {"count": count, **values})

    def reason(self, reason: Reason) -> str:
        """The sentence of a reason, without its source and cure."""
        values = reason.values
        if (name := MEANINGS.get(reason.code, "")) in values:
            values = {**values, name: self.text(str(values[name]))}
        return self._filled(self.text(reason.says), values)

    def finding(self, finding: Finding, rule: Rule) -> str:
        """The rule's sentence, filled with what was found, without the place."""
        return self._filled(self.text(rule.says), finding.values)

    def place(self, place: Place) -> str:
        """Such as "ledger, line 12, field amount"; empty where nothing is known."""
        steps = (self.text(PLACES[name], at=str(at)) if name in PLACES else f"{name} {at}" for name, at in place.path)
        return ", ".join((*([place.of] if place.of else ()), *steps))

    def number(self, number: Decimal | int, places: int | None = None) -> str:
        """With exactly `places` decimals (rounded half up where fewer than it has), or with as many as it has."""
        number = Decimal(number)
        if not _sayable(number):
            return str(number)
        shown = _places(number) if places is None else places
        with localcontext(EXACT):
            return str(self._pattern(shown).apply(_rounded(number, shown), self.locale))

    def percent(self, share: Decimal, places: int = 1) -> str:
        """A share of one, such as 0.885, as 88.5 %."""
        return str(format_percent(_rounded(share, places + 2), locale=self.locale, decimal_quantization=False))

    def money(self, money: Money) -> str:
        """With the currency's own decimals, or more where a price has more (0.0125)."""
        if not _sayable(money.amount):
            return str(money)
        with localcontext(EXACT):
            amount = _rounded(money.amount, max(_places(minor_unit(money.currency)), _places(money.amount.normalize())))
            said = str(format_currency(amount, money.currency, locale=self.locale, decimal_quantization=False))
        return CODE_BESIDE_FIGURE.sub("\N{NO-BREAK SPACE}", said)

    def date(self, on: dt.date, form: Form = "medium") -> str:
        """A date by CLDR."""
        return str(format_date(on, form, locale=self.locale))

    def month(self, on: dt.date) -> str:
        """The month that holds a date, such as January 2027."""
        return str(format_skeleton("yMMMM", on, locale=self.locale))

    def span(self, start: dt.date, until: dt.date) -> str:
        """A half-open span of dates, said with its last day."""
        last = dt.date.fromordinal(max(start, until).toordinal() - (until > start))
        return str(format_interval(start, last, "yMMMd", locale=self.locale))

    def instant(self, at: dt.datetime, zone: str = "UTC", form: Form = "medium") -> str:
        """Date, time to the minute and zone, on the clocks of `zone` (an IANA name); ValueError for a time without zone."""
        if at.tzinfo is None:
            raise ValueError("a time without zone is no instant")
        local = at.astimezone(ZoneInfo(zone))
        clock = format_time(local, "short", tzinfo=local.tzinfo, locale=self.locale)
        named, offset = (format_datetime(local, form, tzinfo=local.tzinfo, locale=self.locale) for form in ("z", "ZZZZ"))
        # CLDR's French calls the winter time of Eastern Europe EEST, which others read as its summer time: the offset says what is meant.
        is_offset = named[:1] in "+-" or (self.locale.language == "fr" and named in ("EEST", "EEDT"))
        # And it calls UTC "TU", beside times of other places that count from "UTC".
        named = {"TU": "UTC"}.get(named, named)
        return f"{format_date(local, form, locale=self.locale)}, {clock} {offset if is_offset else named}"

    def language_name(self, code: str) -> str:
        """Of a language by its code (BCP 47), such as German for `de`; what is no such code stays as it is."""
        return str(self.locale.languages.get(code.replace("-", "_"), code))

    def duration(self, minutes: int) -> str:
        """Minutes as "8 h 30", "8 h" or "45 min"."""
        sign, (hours, rest) = "-" if minutes < 0 else "", divmod(abs(minutes), 60)
        if not hours:
            return sign + self.text(MINUTES, minutes=str(rest))
        return sign + (self.text(HOURS_AND_MINUTES, hours=self.number(hours), minutes=f"{rest:02}") if rest else self.text(HOURS, hours=self.number(hours)))

    def list(self, items: Iterable[Any]) -> str:
        """ "a, b and c"."""
        return str(format_list([self.value(item) for item in items], locale=self.locale))

    def value(self, value: Any, zone: str = "UTC") -> str:
        """Any plain value by its type; text stays as it is, since it is somebody's own."""
        match value:
            case None:
                return NOTHING
            case bool():
                return self.text(YES if value else NO)
            case int() | Decimal():
                return self.number(value)
            case Money():
                return self.money(value)
            case dt.datetime():
                return self.instant(value, zone)
            case dt.date():
                return self.date(value)
            case Reason():
                return self.reason(value)
            case Place():
                return self.place(value)
            case list() | tuple() | set() | frozenset():
                return self.list(sorted(value, key=str) if isinstance(value, set | frozenset) else value)
            case _:
                return str(value)

    def _filled(self, template: str, values: Mapping[str, Any]) -> str:
        """A name that the values lack stays visible in its braces."""
        said = _Said()
        for name, value in values.items():
            said[name] = self._named(name, value)
        return template.format_map(said)

    def _named(self, name: str, value: Any) -> str:
        """A name that ends in `_min` holds minutes, one with a vocabulary a code; steps and languages are said in the reader's language."""
        if name.endswith("_min") and isinstance(value, int):
            return self.duration(value)
        if name == "month" and isinstance(value, dt.date):
            return self.month(value)
        if name in SENTENCES_OF_OURS or name in LANGUAGES:
            several = value.split(BETWEEN) if isinstance(value, str) else value if isinstance(value, tuple | list) else [value]
            return self.list([(self.text if name in SENTENCES_OF_OURS else self.language_name)(str(each)) for each in several])
        word = VOCABULARIES.get(name, {}).get(value) if isinstance(value, str) else None
        return self.text(word) if word else self.value(value)

    def _pattern(self, places: int) -> NumberPattern:
        pattern: NumberPattern = copy.copy(self.locale.decimal_formats[None])
        pattern.frac_prec = (places, places)
        return pattern


class _Said(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _sayable(number: Decimal) -> bool:
    return number.is_finite() and abs(number.adjusted()) + _places(number) < EXACT.prec / 2


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@cache
def _locale(language: str) -> Locale:
    for tag in (language, language.replace("_", "-").partition("-")[0]):
        if tag == "en":
            break
        try:
            return Locale.parse(tag.replace("-", "_"))
        except (ValueError, UnknownLocaleError):
            continue
    return Locale.parse("en_GB")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """The house's catalogue, then each service line's own; in a file of its own each, since a line is one folder."""
    primary, _, region = language.replace("_", "-").partition("-")
    names = [f"{primary.lower()}_{region.upper()}", primary.lower()] if region else [primary.lower()]
    first = gettext.translation("django", HOUSE / "locale", names, fallback=True)
    for folder in sorted(HOUSE.glob("lines/*/locale")):
        first.add_fallback(gettext.translation("django", folder, names, fallback=True))
    return first
