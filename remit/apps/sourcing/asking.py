"""The questions of a brief as its page asks them: what was answered and where that came from, what is missing and why it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale

from remit.apps.organizations import places
from remit.apps.people.gate import parts
from remit.apps.sourcing.kept import reason_of
from remit.apps.sourcing.models import Brief
from remit.domain import brief as briefs
from remit.domain.line import Question
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason
from remit.formats.notices import rules, services
from remit.formats.words import Words
from remit.lines import lines

READ_BY = (rules, services)
"""Notices are read in a process of their own; the sentences of how must be known here as well."""
WHY = {
    "service": N_("It decides which tasks, credentials and prices count."),
    "client_country": N_("Which acts are reserved, and which providers come into question, follows from it."),
    "client_part": N_("The rules on reserved acts differ from part to part."),
    "entities": N_("Each company is closed, checked and billed on its own."),
    "level": N_("Prices are quoted by level, and nobody below it passes."),
    "hours_a_month": N_("Prices by the hour become a cost a year by it."),
    "language": N_("Only people who work in it pass."),
    "language_level": N_("Only people who hold it at this level or better pass."),
    "software": N_("Only people who know it pass."),
    "confidentiality": N_("It decides which rules on secrecy hold for the people."),
    "zone": N_("The hours that you share are counted on your clock."),
    "opens": N_("The hours that you share are counted from it."),
    "closes": N_("The hours that you share are counted until then."),
    "shared_min": N_("A provider that shares less of your day is out, whatever the season."),
    "start": N_("People, licences and cards must hold on that day."),
    "term_months": N_("The agreement ends with it."),
    "relationship": N_("It shapes the agreement: team, notice, commitment."),
    "budget": N_("Yours alone: no provider sees it."),
    "inhouse_cost_year": N_("Yours alone. Without it no saving can be computed or checked."),
}
"""Why a question is asked, by its code; a service line's own questions say it in their words."""
WHY_OWN = N_("The service asks it to plan and price the work.")
LANGUAGES = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hi", "hr", "hu", "it", "ja", "ko", "lt", "lv", "mt", "nl", "no", "pl", "pt", "ro", "ru",
    "sk", "sl", "sr", "sv", "ta", "te", "tr", "uk", "zh", "ar", "he", "vi", "id", "fil", "af",
)  # fmt: skip
"""Languages offered to choose from."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question as it is shown. `value` fills its input, `said` is the answer in words, `offer` what the house has on file for it."""

    question: Question
    number: int
    shows: str
    choices: tuple[tuple[str, str], ...]
    value: str
    said: str
    answer: Mapping[str, Any] | None
    offer: str
    offered_by: str
    why: str
    hints: tuple[Hint, ...] = ()
    errors: list[str] = field(default_factory=list)

    @property
    def is_missing(self) -> bool:
        """Required, and without answer."""
        return self.question.required and self.answer is None

    @property
    def name(self) -> str:
        """Of the input."""
        return f"q-{self.question.code}"


@dataclass(frozen=True)
class Hint:
    """A passage of the notice that bears on a question without answering it; `suggests` is the answer that it points to, in words, or nothing."""

    mark: int
    quote: str
    suggests: str
    how: Reason | None


@dataclass(frozen=True)
class Passage:
    """A piece of the notice's own text; each part with the number of its mark, or none."""

    field: str
    line: int | None
    parts: tuple[tuple[str, int | None], ...]


def passages(brief: Brief) -> list[Passage]:
    """The notice's own words around its marks."""
    return [Passage(each["field"], each["line"], tuple(_parts(each["text"], each["marks"]))) for each in brief.notice_read.get("passages", [])]


def _parts(text: str, marks: Iterable[tuple[int, int, int]]) -> Iterator[tuple[str, int | None]]:
    begins = 0
    for start, until, number in sorted(marks):
        if start > begins:
            yield text[begins:start], None
        yield text[start:until], number
        begins = until
    if begins < len(text):
        yield text[begins:], None


def questions(
    brief: Brief, offers: Mapping[str, Any], words: Words, errors: Mapping[str, list[str]] | None = None, posted: Mapping[str, str] | None = None
) -> list[Asked]:
    """All questions of the brief; `offers` are what the house has on file, `posted` inputs that came back with errors."""
    asked = []
    for number, question in enumerate(briefs.questions(lines().get(brief.service), parts(brief.country, words.locale.language)), 1):
        answer = brief.answers.get(question.code)
        offer = offers.get(question.code) if answer is None else None
        held = answer or offer
        value = plain_text(held["value"]) if held else ""
        asked.append(
            Asked(
                question=question,
                number=number,
                shows=shows(question),
                choices=choices(question, words),
                value=(posted or {}).get(f"q-{question.code}", value),
                said=said(question, answer["value"], words) if answer else "",
                answer=answer,
                offer=plain_text(offer["value"]) if offer else "",
                offered_by=source(offer, words) if offer else "",
                why=WHY.get(question.code, WHY_OWN),
                hints=tuple(_hint(question, each, words) for each in brief.notice_read.get("offers", {}).get(question.code, [])),
                errors=(errors or {}).get(question.code, []),
            )
        )
    return asked


def _hint(question: Question, offer: Mapping[str, Any], words: Words) -> Hint:
    suggests = said(question, offer["value"], words) if offer["value"] not in (None, "") else ""
    return Hint(offer["mark"], offer["quote"], suggests, reason_of(offer["how"]) if offer.get("how") else None)


def shows(question: Question) -> str:
    """The kind of input."""
    if question.code in ("service", "client_country", "zone") or question.kind in ("choice", "language", "yes"):
        return "select" if question.code != "zone" else "zone"
    if question.code in ("opens", "closes"):
        return "time"
    return {"number": "number", "date": "date", "money": "money"}.get(question.kind, "text")


def choices(question: Question, words: Words) -> tuple[tuple[str, str], ...]:
    """Value and words of each, in the reader's language."""
    language = str(words.locale)
    if question.code == "service":
        return tuple(sorted(((code, words.text(line.says)) for code, line in lines().items()), key=lambda each: each[1]))
    if question.code == "client_country":
        return places.countries(words.locale.language)
    if question.kind == "language":
        return _languages(language)
    if question.kind == "yes":
        return (("yes", words.value(True)), ("no", words.value(False)))
    return tuple((code, words.text(says)) for code, says in question.choices.items())


def said(question: Question, value: Any, words: Words) -> str:
    """An answer in words."""
    named = dict(choices(question, words))
    if isinstance(value, bool):
        return words.value(value)
    if str(value) in named:
        return f"{value} {named[str(value)]}" if str(value).isdecimal() else named[str(value)]
    if isinstance(value, Mapping):
        return words.money(Money(Decimal(value["amount"]), value["currency"]))
    if question.kind == "date":
        return words.date(date.fromisoformat(value))
    if question.kind == "number":
        return words.duration(int(value)) if question.code.endswith("_min") else words.number(Decimal(str(value)))
    return str(value)


def plain_text(value: Any) -> str:
    """An answer as its input holds it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return f"{value['amount']} {value['currency']}"
    return "" if value is None else str(value)


FROM = {
    "typed": N_("typed"),
    "notice": N_("the notice"),
    "site": N_("your site {site}"),
    "organization": N_("your organization"),
    "function": N_("the function"),
}


def source(answer: Mapping[str, Any], words: Words) -> str:
    """Where an answer came from, in words."""
    return words.text(FROM[answer["from"]], site=answer.get("site", ""))


@cache
def _languages(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(language).languages
    return tuple(sorted(((code, names.get(code, code)) for code in LANGUAGES), key=lambda each: each[1].casefold()))
