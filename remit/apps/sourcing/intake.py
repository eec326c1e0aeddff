"""Answers of a brief as they are kept: typed in or read from a notice, each with where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from remit.apps.organizations.acting import BadInput
from remit.domain import brief as briefs
from remit.domain.calendars import UnknownZone, zone
from remit.domain.line import Finding, Question
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats import hostile
from remit.formats.notices import brief as notice_brief
from remit.formats.notices import reading, rules
from remit.formats.notices.notice import Field, Notice
from remit.formats.words import Words
from remit.lines import lines

NOT_ASKED = Sentence("brief.not_asked", N_("This brief has no question “{code}”."))
NOT_A_DATE = Sentence("brief.not_a_date", N_("{value} is no date. Write it as 2026-12-31."))
NOT_A_NUMBER = Sentence("brief.not_a_number", N_("{value} is no number that counts something."))
NOT_A_CHOICE = Sentence("brief.not_a_choice", N_("{value} is none of {choices}."))
NOT_MONEY = Sentence("brief.not_money", N_("{value} is no amount with a currency. Write it as 12000 EUR."))
NOT_A_TIME = Sentence("brief.not_a_time", N_("{value} is no time of day. Write it as 09:00."))
NOT_A_ZONE = Sentence("brief.not_a_zone", N_("{value} is no time zone. Write one such as Europe/Berlin."))
NOT_A_COUNTRY = Sentence("brief.not_a_country", N_("{value} is no country code of two letters, such as DE."))
NO_NOTICE = N_("it holds {count} notices, none of number {number}")

FROM_NOTICE = {"service": "service", "client_country": "country", "start": "start", "term_months": "term", "budget": "budget"}
"""Question of a brief to the topic under which a notice may answer it. What a notice only quotes is shown beside the question, never taken as the answer."""
SECONDS, MEMORY = 10.0, 1 << 30


@dataclass(frozen=True)
class Read:
    """What a notice gives a brief."""

    title: str
    answers: dict[str, Any]
    doubts: list[dict[str, Any]]


def typed(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers checked by the kind of their question and marked as typed; an empty one takes the answer back. Raises BadInput for all faults at once."""
    service = lines().get(str(answers.get("service") or ""))
    asked = {question.code: question for question in briefs.questions(service)}
    for line in lines().values():
        asked |= {question.code: question for question in line.questions if question.at == "brief" and question.code not in asked}
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


def read_notice(name: str, content: bytes, number: int) -> Read | str:
    """What the notice of that number (from 1) gives a brief, or why it cannot be read, in English."""
    words = Words("en")
    answer = hostile.run_limited(reading.read, content, name, seconds=SECONDS, memory_bytes=MEMORY)
    if not isinstance(answer, hostile.Answer):
        return _said(answer.finding, words)
    file, findings = answer.value
    if file is None:
        return "; ".join(_said(finding, words) for finding in findings)
    if not 1 <= number <= len(file.notices):
        return NO_NOTICE.format(count=len(file.notices), number=number)
    notice = file.notices[number - 1]
    return Read(_title(notice), _answers(notice), [_doubt(finding) for finding in notice.suspicions])


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
    quotes = {topic: [_mark(field) for field in fields] for topic, fields in found.items() if fields and topic in notice_brief.QUOTED}
    return kept | ({"quotes": {"value": quotes, "from": "notice"}} if quotes else {})


def _from_notice(code: str, field: Field) -> Any:
    value = field.value
    match code:
        case "service":
            return value if value in lines() else None
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


def _said(finding: Finding, words: Words) -> str:
    rule = rules.RULES.get(finding.code) or hostile.RULES.get(finding.code)
    return words.finding(finding, rule) if rule else finding.code


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
