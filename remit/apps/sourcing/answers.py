"""Answers of a brief as they are typed in: checked by the kind of their question, and marked with where they came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from remit.apps.organizations import places
from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.models import Organization, Site
from remit.apps.people.gate import parts, rule_sets
from remit.domain import brief as briefs
from remit.domain.calendars import UnknownZone, zone
from remit.domain.line import Question
from remit.domain.reasons import N_, Reason, Sentence
from remit.lines import lines

NOT_ASKED = Sentence("brief.not_asked", N_("This brief has no question “{code}”."))
NOT_ON_FILE = Sentence("brief.not_on_file", N_("Your organization has nothing on file that answers “{code}”."))
NOT_A_DATE = Sentence("brief.not_a_date", N_("{value} is no date. Write it as 2026-12-31."))
NOT_A_NUMBER = Sentence("brief.not_a_number", N_("{value} is no number that counts something."))
NOT_A_CHOICE = Sentence("brief.not_a_choice", N_("{value} is none of {choices}."))
NOT_YES_NO = Sentence("brief.not_yes_no", N_("{value} is neither yes nor no."))
NOT_MONEY = Sentence("brief.not_money", N_("{value} is no amount with a currency. Write it as 12000 EUR."))
NOT_A_TIME = Sentence("brief.not_a_time", N_("{value} is no time of day. Write it as 09:00."))
NOT_A_ZONE = Sentence("brief.not_a_zone", N_("{value} is no time zone. Write one such as Europe/Berlin."))
NOT_A_COUNTRY = Sentence("brief.not_a_country", N_("{value} is no country code of two letters, such as DE."))
NOT_A_LANGUAGE = Sentence("brief.not_a_language", N_("{value} is no language code of two letters, such as de."))
TOO_LONG = Sentence("brief.too_long", N_("At most {most} characters are kept here."))
NO_HOURS = Sentence("brief.no_hours", N_("The working day begins and ends at {value}: write 24:00 for midnight at its end."))

NOT_WHOLE = Sentence("brief.not_whole", N_("{value} is no whole number from {least} to {most}."))
NOT_NEAR = Sentence("brief.not_near", N_("{value} lies too far away: write a day from {least} to {most}."))

LARGEST, LONGEST = Decimal("1e12"), 2000
WHOLE = {"entities": (0, 10_000), "shared_min": (0, 1440), "term_months": (1, 600)}
"""Numbers that are counted, with their least and most."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def typed(answers: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Answers checked and marked as typed; an empty one takes the answer back. Raises BadInput for all faults at once.

    `known` are the plain answers that the brief has already.
    """
    known = known or {}
    country = str(answers.get("client_country") or known.get("client_country") or "").strip().upper()
    asked = _asked(str(answers.get("service") or known.get("service") or ""), country)
    kept: dict[str, Any] = {}
    faults: dict[str, list[Reason]] = {}
    if known.get("client_country") not in (None, country) and known.get(briefs.PART):
        # The part belonged to another country: it goes with it, also where a form sent it along.
        answers = {code: value for code, value in answers.items() if code != briefs.PART or value != known[briefs.PART]}
        kept[briefs.PART] = {"value": None, "from": "typed"}
    for code, value in answers.items():
        question = asked.get(code)
        if question is None:
            faults[code] = [NOT_ASKED(code=code)]
            continue
        answer = None if value is None or str(value).strip() == "" else checked(question, value)
        if isinstance(answer, Reason):
            faults[code] = [answer]
        else:
            kept[code] = {"value": answer, "from": "typed"}
    day = {code: kept[code]["value"] if code in kept else known.get(code) for code in ("opens", "closes")}
    if day["opens"] and day["opens"] == day["closes"]:
        faults["closes"] = [NO_HOURS(value=day["opens"])]
    if faults:
        raise BadInput(faults)
    return kept


def on_file(organization: Organization, site: Site | None) -> dict[str, Any]:
    """What the organization itself has on file for a brief: its country, and the zone and hours of its first site. Offered, and stored only when taken."""
    found = {"client_country": {"value": organization.country, "from": "organization"}}
    window = next((windows[0] for windows in site.hours if windows), None) if site else None
    if site is None or window is None:
        return found
    part = rule_sets().law(site.country, site.subdivision)
    if part != site.country == organization.country:
        found[briefs.PART] = {"value": part, "from": "site", "site": site.name}
    for code, value in (("zone", site.zone), ("opens", _clock(window[0])), ("closes", _clock(window[1], ends=True))):
        found[code] = {"value": value, "from": "site", "site": site.name}
    return found


def taken(codes: Iterable[str], organization: Organization, site: Site | None) -> dict[str, Any]:
    """The answers of those questions from what is on file. Raises BadInput for a question that nothing on file answers."""
    found = on_file(organization, site)
    if faults := {code: [NOT_ON_FILE(code=code)] for code in codes if code not in found}:
        raise BadInput(faults)
    return {code: found[code] for code in codes}


def checked(question: Question, value: Any) -> Any:
    """The answer as it is kept, or the reason why it cannot be one."""
    text = " ".join(str(value).split()) if not isinstance(value, str) else value.strip()
    match question.code:
        case "client_country":
            return text.upper() if text.upper() in _countries() else NOT_A_COUNTRY(value=text)
        case "opens" | "closes":
            return _time(text, question.code)
        case "zone":
            return _zone(text)
    match question.kind:
        case "date":
            return _date(text)
        case "number":
            return _number(text, question.code)
        case "money":
            return _money(value, text)
        case "language":
            return text.lower() if len(text) == 2 and text.isascii() and text.isalpha() else NOT_A_LANGUAGE(value=text)
        case "choice":
            choices = lines() if question.code == "service" else question.choices
            return text if text in choices else NOT_A_CHOICE(value=text, choices=", ".join(choices))
        case "yes":
            return text.lower() in YES if text.lower() in (*YES, *NO) else NOT_YES_NO(value=text)
    return text if len(text) <= LONGEST else TOO_LONG(most=LONGEST)


def _asked(service: str, country: str) -> dict[str, Question]:
    """Questions by code: those of the service first, then those that other services ask, for a brief whose service changes keeps its answers."""
    asked = {question.code: question for question in briefs.questions(lines().get(service), parts(country))}
    for line in lines().values():
        asked |= {question.code: question for question in line.questions if question.at == "brief" and question.code not in asked}
    return asked


@cache
def _countries() -> frozenset[str]:
    return frozenset(code for code, _name in places.countries())


def _clock(minutes: int, ends: bool = False) -> str:
    """A minute of the day as people write it; an end at midnight is 24:00."""
    return "24:00" if ends and minutes == 1440 else f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _time(text: str, code: str) -> Any:
    if text == "24:00" and code == "closes":
        return text
    found = CLOCK.fullmatch(text)
    return f"{int(found[1]):02}:{found[2]}" if found else NOT_A_TIME(value=text)


def _zone(text: str) -> Any:
    try:
        zone(text)
    except UnknownZone:
        return NOT_A_ZONE(value=text)
    return text


def _date(text: str) -> Any:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return NOT_A_DATE(value=text)
    return day.isoformat() if FIRST_DAY <= day <= LAST_DAY else NOT_NEAR(value=day, least=FIRST_DAY, most=LAST_DAY)


def _number(text: str, code: str) -> Any:
    number = _decimal(text)
    if number is None:
        return NOT_A_NUMBER(value=text)
    if code in WHOLE:
        least, most = WHOLE[code]
        return int(number) if number == int(number) and least <= number <= most else NOT_WHOLE(value=text, least=least, most=most)
    return int(number) if number == int(number) else str(number)


def _money(value: Any, text: str) -> Any:
    if isinstance(value, Mapping):
        text = f"{value.get('amount')} {value.get('currency')}"
    amount, _, currency = text.rpartition(" ")
    number, currency = _decimal(amount), currency.strip().upper()
    if number is None or currency not in {code for code, _name in places.currencies()}:
        return NOT_MONEY(value=text)
    return {"amount": str(number), "currency": currency}


def _decimal(text: str) -> Decimal | None:
    """Zero or more and not absurd; None else."""
    try:
        number = Decimal(text.strip().replace(",", ".") if text.count(",") == 1 and "." not in text else text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number < LARGEST else None
