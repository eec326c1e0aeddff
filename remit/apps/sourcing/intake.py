"""Answers of a brief as they are kept: typed in or read from a notice, each with where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.models import Organization
from remit.apps.sourcing.models import QUOTES
from remit.domain import brief as briefs
from remit.domain.calendars import UnknownZone, zone
from remit.domain.line import Finding, Place, Question
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats import hostile
from remit.formats.notices import brief as notice_brief
from remit.formats.notices import reading
from remit.formats.notices.notice import Field, Notice, NoticeFile
from remit.lines import lines

NOT_ASKED = Sentence("brief.not_asked", N_("This brief has no question “{code}”."))
NOT_A_DATE = Sentence("brief.not_a_date", N_("{value} is no date. Write it as 2026-12-31."))
NOT_A_NUMBER = Sentence("brief.not_a_number", N_("{value} is no number that counts something."))
NOT_A_CHOICE = Sentence("brief.not_a_choice", N_("{value} is none of {choices}."))
NOT_MONEY = Sentence("brief.not_money", N_("{value} is no amount with a currency. Write it as 12000 EUR."))
NOT_A_TIME = Sentence("brief.not_a_time", N_("{value} is no time of day. Write it as 09:00."))
NOT_A_ZONE = Sentence("brief.not_a_zone", N_("{value} is no time zone. Write one such as Europe/Berlin."))
NOT_A_COUNTRY = Sentence("brief.not_a_country", N_("{value} is no country code of two letters, such as DE."))
NOT_READ = Sentence("notice.unreadable", N_("{name} cannot be read as a procurement notice."))
NOT_READ_AT = Sentence("notice.unreadable_at", N_("{name} cannot be read as a procurement notice; look at line {line}, {field}."))
NO_NOTICE = Sentence("notice.none_of_number", N_("{name} holds {count} notices, none of number {number}."))
CHOOSE = Sentence("notice.choose", N_("{name} holds {count} notices. Choose the number of one."))

SERVICES = {
    "bookkeeping": "bookkeeping", "payroll": "payroll", "audit": "audit_preparation", "tax": "tax_return", "legal": "legal_memo", "patents": "patent_drafting",
    "transcripts": "court_transcript", "research": "market_research", "data-entry": "data_entry", "call-centre": "call_centre",
    "investment": "investment_analysis", "benefits": "benefits_administration", "advice": "business_analysis", "component-supply": "component_supply",
}  # fmt: skip
"""The kind of service that a notice hints at, to the line that does it; translation has none yet, and is asked for."""
TOPICS = {"volume": "hours_a_month", "country": "client_country", "term": "term_months"}
"""Topic of a notice to the question beside which its words are shown, where the two have different names."""
FROM_NOTICE = {"service": "service", "client_country": "country", "start": "start", "term_months": "term", "budget": "budget"}
"""Question of a brief to the topic under which a notice may answer it. What a notice only quotes is shown beside the question, never taken as the answer."""
SECONDS, MEMORY = 10.0, 1 << 30


@dataclass(frozen=True)
class Read:
    """What a notice gives a brief. `quotes`: by question, the passages that do not answer it but bear on it."""

    title: str
    answers: dict[str, Any]
    doubts: list[dict[str, Any]]


def typed(answers: Mapping[str, Any], service: str = "") -> dict[str, Any]:
    """Answers checked by the kind of their question and marked as typed; an empty one takes the answer back. Raises BadInput for all faults at once.

    `service` is the brief's, unless the answers name another.
    """
    line = lines().get(str(answers.get("service") or service))
    asked = {question.code: question for question in briefs.questions(line)}
    for other in lines().values():
        asked |= {question.code: question for question in other.questions if question.at == "brief" and question.code not in asked}
    kept: dict[str, Any] = {}
    faults: dict[str, list[Reason]] = {}
    for code, value in answers.items():
        question = asked.get(code)
        if question is None:
            faults[code] = [NOT_ASKED(code=code)]
        elif value in (None, ""):
            kept[code] = {"value": None, "from": "typed"}
        else:
            answer = _checked(question, value)
            if isinstance(answer, Reason):
                faults[code] = [answer]
            else:
                kept[code] = {"value": answer, "from": "typed"}
    if faults:
        raise BadInput(faults)
    return kept


def kept(before: Mapping[str, Any], given: Mapping[str, Any], offered: Mapping[str, Any]) -> dict[str, Any]:
    """All answers after some were given: what was left as it was keeps where it came from, and what is taken as it was offered says by whom."""
    after = dict(before)
    for code, answer in given.items():
        if code in before and before[code]["value"] == answer["value"]:
            continue
        offer = offered.get(code)
        after[code] = dict(offer) if offer and offer["value"] == answer["value"] else answer
    return after


def offered(organization: Organization) -> dict[str, Any]:
    """What the client's own first site and its organization suggest: shown as such, and an answer only when the client saves it."""
    offers: dict[str, Any] = {"client_country": {"value": organization.country, "from": "organization", "of": organization.name}}
    site = organization.sites.order_by("id").first()
    if site is not None:
        offers["zone"] = {"value": site.zone, "from": "site", "of": site.name}
        windows = [window for day in site.hours for window in day]
        if windows:
            opens, closes = min(start for start, _ in windows), max(end for _, end in windows)
            for code, minute in (("opens", opens), ("closes", closes % 1440 if closes > 1440 else closes)):
                offers[code] = {"value": f"{minute // 60:02}:{minute % 60:02}", "from": "site", "of": site.name}
    return offers


def titles(name: str, content: bytes) -> list[str]:
    """The titles of the notices in a file, in its order; empty where it cannot be read."""
    file, _faults = _notices(name, content)
    return [_title(notice) for notice in file.notices] if file else []


def read_notice(name: str, content: bytes, number: int | None) -> Read:
    """What the notice of that number (from 1; none is needed where there is one notice) gives a brief. Raises BadInput, with what is wrong with the file."""
    file, faults = _notices(name, content)
    if file is None:
        place = faults[0].place if faults else Place()
        said = NOT_READ_AT(name=name, line=place.line, field=place.field) if place.line and place.field else NOT_READ(name=name)
        raise BadInput({"file": [said, *(Reason(finding.code, finding.values) for finding in faults)]})
    count = len(file.notices)
    if number is None and count > 1:
        raise BadInput(number=CHOOSE(name=name, count=count))
    if not 1 <= (number or 1) <= count:
        raise BadInput(number=NO_NOTICE(name=name, count=count, number=number or 1))
    notice = file.notices[(number or 1) - 1]
    return Read(_title(notice), _answers(notice), [_doubt(finding) for finding in notice.suspicions])


def _notices(name: str, content: bytes) -> tuple[NoticeFile | None, tuple[Finding, ...]]:
    answer = hostile.run_limited(reading.read, content, name, seconds=SECONDS, memory_bytes=MEMORY)
    return answer.value if isinstance(answer, hostile.Answer) else (None, (answer.finding,))


def _title(notice: Notice) -> str:
    titles = [field for field in (notice.title, notice.heading, notice.reference, notice.id) if field and str(field.value).strip()]
    return str(titles[0].value).strip()[:300] if titles else "–"


def _answers(notice: Notice) -> dict[str, Any]:
    found = notice_brief.answers(notice)
    kept: dict[str, Any] = {}
    for code, topic in FROM_NOTICE.items():
        for field in found[topic]:
            value = _from_notice(code, field)
            if value is not None:
                kept[code] = _mark(field) | {"value": value}
                break
    quotes = {
        TOPICS.get(topic, topic): [_mark(field) for field in fields] for topic, fields in found.items() if fields and TOPICS.get(topic, topic) not in kept
    }
    return kept | ({QUOTES: {"value": quotes, "from": "notice"}} if quotes else {})


def _from_notice(code: str, field: Field) -> Any:
    value = field.value
    match code:
        case "service":
            return SERVICES.get(str(value))
        case "client_country":
            return value if isinstance(value, str) and len(value) == 2 else None
        case "start":
            return value.isoformat() if isinstance(value, date) else None
        case "term_months":
            return int(value) if isinstance(value, (int, Decimal)) and value == int(value) and value > 0 else None
        case "budget":
            return {"amount": str(value.amount), "currency": value.currency} if isinstance(value, Money) else None
    return None


def _mark(field: Field) -> dict[str, Any]:
    path = "/".join(f"{name} {at}" for name, at in field.place.path)
    mark = {"from": "notice", "path": path, "quote": field.verbatim[:600], "certainty": field.certainty}
    return mark | ({"how": {"code": field.how.code, "values": {name: str(value) for name, value in field.how.values.items()}}} if field.how else {})


def _doubt(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "path": [list(step) for step in finding.place.path],
        "values": {name: str(value) for name, value in finding.values.items()},
    }


def _checked(question: Question, value: Any) -> Any:
    text = str(value).strip()
    match question.code:
        case "client_country":
            return text.upper() if len(text) == 2 and text.isalpha() else NOT_A_COUNTRY(value=text)
        case "opens" | "closes":
            try:
                return text if text == "24:00" else time.fromisoformat(text).strftime("%H:%M")
            except ValueError:
                return NOT_A_TIME(value=text)
        case "zone":
            try:
                zone(text)
            except UnknownZone:
                return NOT_A_ZONE(value=text)
            return text
    match question.kind:
        case "date":
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                return NOT_A_DATE(value=text)
        case "number":
            try:
                number = Decimal(text)
            except InvalidOperation:
                return NOT_A_NUMBER(value=text)
            if not number.is_finite() or number < 0:
                return NOT_A_NUMBER(value=text)
            return int(number) if number == int(number) else str(number)
        case "money":
            return _money(value, text)
        case "choice" if question.choices and text not in question.choices:
            return NOT_A_CHOICE(value=text, choices=", ".join(question.choices))
        case "yes":
            return text.lower() in ("1", "true", "yes", "on")
    return text[:2000]


def _money(value: Any, text: str) -> Any:
    if isinstance(value, Mapping):
        text = f"{value.get('amount')} {value.get('currency')}"
    amount, _, currency = text.partition(" ")
    try:
        number = Decimal(amount)
    except InvalidOperation:
        return NOT_MONEY(value=text)
    if not number.is_finite() or number < 0 or len(currency.strip()) != 3:
        return NOT_MONEY(value=text)
    return {"amount": str(number), "currency": currency.strip().upper()}
