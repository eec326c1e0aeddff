"""What a procurement notice gives a brief: answers that it holds, suggestions that it only hints at, doubts, and its own words with numbered marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from remit.apps.sourcing import kept
from remit.domain.brief import RELATIONSHIPS
from remit.domain.line import Finding, Place
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats import hostile
from remit.formats.notices import brief as notice_brief
from remit.formats.notices import reading, rules
from remit.formats.notices.notice import Field, Notice, Quote
from remit.lines import lines

NOT_READ = Sentence("notice.unreadable", N_("{name} cannot be read as a procurement notice: {problem}"))
NO_NOTICE = Sentence("notice.no_such_number", N_("{name} holds {count} notices, and none of number {number}."))
SEVERAL = Sentence("notice.several", N_("{name} holds {count} notices. Say which one: its number, from 1."))
BUSY = Sentence("notice.busy", N_("{place}: {finding}"))
ABOUT_NUMBER = (NO_NOTICE.code, SEVERAL.code)

TOPICS = {
    "service": "service", "client_country": "country", "start": "start", "term_months": "term", "budget": "budget", "level": "level", "hours_a_month": "volume",
    "software": "software", "confidentiality": "confidentiality", "relationship": "relationship",
}  # fmt: skip
"""Question of a brief to the topic under which a notice may answer it."""
SERVICES = {
    "audit": "audit_preparation", "benefits": "benefits_administration", "call-centre": "call_centre", "data-entry": "data_entry", "tax": "tax_return",
    "investment": "investment_analysis", "legal": "legal_memo", "patents": "patent_drafting", "research": "market_research", "advice": "business_analysis",
    "transcripts": "court_transcript", "component-supply": "component_supply",
}  # fmt: skip
"""The notice reader's word for a service to the line that comes nearest; a word that stands for itself is not listed."""
EXACT = ("bookkeeping", "payroll")
"""Words that mean one line of ours and no other; the rest only suggest one."""
SECONDS, MEMORY = 10.0, 1 << 30
MOST_TEXT, MOST_QUOTE = 8000, 600


@dataclass(frozen=True)
class Read:
    """What a notice gives a brief, as plain values: see `Brief.notice_read`."""

    title: str
    answers: dict[str, Any]
    notice: dict[str, Any]


def read_notice(name: str, content: bytes, number: int | None) -> Read | Reason:
    """What the notice of that number (from 1; None where the file holds one only) gives a brief, or why not. It takes `SECONDS` at most, in a process apart."""
    outcome = hostile.run_limited(given_by, content, name, number, seconds=SECONDS, memory_bytes=MEMORY)
    if isinstance(outcome, hostile.Answer):
        given: Read | Reason = outcome.value
        return given
    said = _said(outcome.finding)
    return BUSY(place=name, finding=said) if isinstance(outcome, hostile.Busy) else NOT_READ(name=name, problem=said)


def titles(name: str, content: bytes) -> list[str]:
    """The titles of the notices in a file, in its order; none where it cannot be read."""
    outcome = hostile.run_limited(titles_in, content, name, seconds=SECONDS, memory_bytes=MEMORY)
    return outcome.value if isinstance(outcome, hostile.Answer) else []


def titles_in(content: bytes, name: str) -> list[str]:
    """As `titles`, for a file that is read here."""
    file, _findings = reading.read(content, name)
    return [title_of(notice) for notice in file.notices] if file else []


def given_by(content: bytes, name: str, number: int | None) -> Read | Reason:
    """As `read_notice`, for a file that is read here; it is called in a process apart, and so this module knows no Django."""
    file, findings = reading.read(content, name)
    if file is None or not file.notices:
        return NOT_READ(name=name, problem=_said(findings[0]) if findings else "–")
    count = len(file.notices)
    if number is None and count > 1:
        return SEVERAL(name=name, count=count)
    number = 1 if number is None else number
    if not 1 <= number <= count:
        return NO_NOTICE(name=name, count=count, number=number)
    notice = file.notices[number - 1]
    paper = _Paper(notice)
    answers, offers = _answers(notice, paper)
    doubts = [kept.finding_row(finding) | {"mark": paper.at(finding.place)} for finding in notice.suspicions]
    about = {"name": name, "number": number, "of": count, "form": notice.form, "edition": notice.edition}
    facts = {code: kept.value_row(field.value) for code in ("kind", "stage", "id", "published", "deadline", "language") if (field := getattr(notice, code))}
    return Read(title_of(notice), answers, about | facts | {"offers": offers, "doubts": doubts, "passages": paper.passages})


def title_of(notice: Notice) -> str:
    """What it calls itself, at most 300 characters."""
    titles = (str(field.value).strip() for field in (notice.title, notice.heading, notice.reference, notice.id) if field)
    return next((title[:300] for title in titles if title), "–")


def _answers(notice: Notice, paper: _Paper) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """(answers, suggestions by question): an answer is what the notice says or what follows from it; passages and hints are for the client to read."""
    found = notice_brief.answers(notice)
    answers: dict[str, Any] = {}
    offers: dict[str, list[dict[str, Any]]] = {}
    for code, topic in TOPICS.items():
        for field in found[topic]:
            value, sure = _value(code, field, notice)
            mark = _mark(field, paper)
            if sure and value is not None and code not in answers:
                answers[code] = mark | {"value": value, "from": "notice"}
            else:
                offers.setdefault(code, []).append(mark | {"value": value, "says": kept.value_row(field.value)})
    return answers, {code: marks for code, marks in offers.items() if code not in answers}


def _value(code: str, field: Field, notice: Notice) -> tuple[Any, bool]:
    """(the answer as a brief keeps it or None, whether the notice really says so)."""
    value = field.value
    match code:
        case "service":
            line = SERVICES.get(value, value)
            return (line, value in EXACT and notice.hint.verdict == "likely") if line in lines() else (None, False)
        case "client_country":
            return (value, True) if isinstance(value, str) and len(value) == 2 else (None, False)
        case "start":
            return (value.isoformat(), True) if type(value) is date else (None, False)
        case "term_months":
            whole = isinstance(value, int | Decimal) and value == int(value) and 1 <= value <= 600
            return (int(value), True) if whole else (None, False)
        case "budget":
            fits = isinstance(value, Money) and value.currency and value.amount >= 0
            return ({"amount": str(value.amount), "currency": value.currency}, True) if fits else (None, False)
        case "relationship":
            return next((known for known, words in RELATIONSHIPS.items() if words == value), None), False
    return None, False


def _mark(field: Field, paper: _Paper) -> dict[str, Any]:
    """Where a field stands in the notice, in its own words, and how sure it is."""
    path = dict(field.place.path)
    mark: dict[str, Any] = {
        "mark": paper.mark(field),
        "field": str(path.get("field", "")),
        "line": path.get("line"),
        "path": str(path.get("xpath") or path.get("pointer") or ""),
        "quote": field.verbatim[:MOST_QUOTE],
        "certainty": field.certainty,
    }
    return mark | ({"how": kept.reason_row(field.how)} if field.how else {})


class _Paper:
    """The passages of a notice that answers, suggestions or doubts point at: {field, line, text, marks: [[from, until, number]]}, in characters, half-open."""

    def __init__(self, notice: Notice) -> None:
        self.passages: list[dict[str, Any]] = []
        self._by_place: dict[Place, dict[str, Any]] = {}
        self._fields = {field.place: field for field in _fields(notice)} | {field.place: field for field in notice.texts()}
        self._quotes = {(quote.place, quote.text): quote for quote in notice.quotes}
        self._numbers = 0

    def mark(self, field: Field) -> int:
        """The number of the mark on the words of a field, or on the passage that it quotes."""
        passage = self._passage(field.place, field.verbatim)
        quote = self._quotes.get((field.place, field.verbatim))
        start, until = (quote.start, quote.end) if quote else (0, len(passage["text"]))
        if until > len(passage["text"]):
            passage, start, until = self._add(field.place, field.verbatim), 0, min(len(field.verbatim), MOST_TEXT)
        return self._marked(passage, start, until)

    def at(self, place: Place) -> int | None:
        """The number of the mark at a doubt's place: one that is there, else one on the field there; None where no text stands."""
        known = self._by_place.get(place)
        if known and known["marks"]:
            return int(known["marks"][0][2])
        field = self._fields.get(place)
        return self.mark(field) if field and field.verbatim.strip() else None

    def _passage(self, place: Place, words: str) -> dict[str, Any]:
        if place in self._by_place:
            return self._by_place[place]
        whole = self._fields.get(place)
        text = whole.value if whole and isinstance(whole.value, str) and words in whole.value else words
        return self._add(place, text)

    def _add(self, place: Place, text: str) -> dict[str, Any]:
        passage: dict[str, Any] = {"field": place.field, "line": place.line, "text": text[:MOST_TEXT], "marks": []}
        self.passages.append(passage)
        self._by_place.setdefault(place, passage)
        return passage

    def _marked(self, passage: dict[str, Any], start: int, until: int) -> int:
        """Marks that would overlap become one."""
        for held in passage["marks"]:
            if start < held[1] and held[0] < until:
                held[0], held[1] = min(held[0], start), max(held[1], until)
                return int(held[2])
        self._numbers += 1
        passage["marks"].append([start, until, self._numbers])
        return self._numbers


def _fields(value: Any) -> Iterator[Field]:
    """Every field anywhere in a notice."""
    if isinstance(value, Field):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _fields(each)
    elif is_dataclass(value) and not isinstance(value, Quote | Finding | type):
        for each in fields(value):
            yield from _fields(getattr(value, each.name))


def _said(finding: Finding) -> Reason | str:
    """A finding as a reason, so that it can be said in any language."""
    rule = rules.RULES.get(finding.code) or hostile.RULES.get(finding.code)
    return Sentence(finding.code, rule.says)(**finding.values) if rule else finding.code
