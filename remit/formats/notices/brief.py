"""The questions of a brief, and which of them a notice answers; what it does not answer is asked."""

from __future__ import annotations

from remit.domain.line import Place
from remit.domain.reasons import N_
from remit.formats.notices import rules
from remit.formats.notices.notice import Field, Notice
from remit.formats.rules import shipped

QUESTIONS = {
    "service": N_("Service"),
    "entities": N_("Entities"),
    "country": N_("Client country"),
    "part": N_("Part of the country whose law holds"),
    "level": N_("Level"),
    "volume": N_("Volume"),
    "software": N_("Software"),
    "confidentiality": N_("Confidentiality"),
    "start": N_("Start"),
    "term": N_("Term"),
    "relationship": N_("Relationship"),
    "budget": N_("Budget"),
}
"""Code of each question of a brief to its words, in the brief's order."""
QUOTED = ("level", "volume", "software", "confidentiality", "relationship")


def answers(notice: Notice) -> dict[str, tuple[Field, ...]]:
    """The fields that answer each question; an empty tuple is a question to ask. Passages answer as quotes, for the client to confirm.

    Which part of the country is asked only where rules are on file by part.
    """
    found: dict[str, tuple[Field, ...]] = dict.fromkeys(QUESTIONS, ())
    if notice.hint.service:
        source = notice.cpv.code if notice.cpv else notice.title
        place, verbatim = (source.place, source.verbatim) if source else (Place(), "")
        found["service"] = (Field(notice.hint.service, place, verbatim, "derived", notice.hint.reasons[0]),)
    found["country"] = tuple(buyer.country for buyer in notice.buyers[:1] if buyer.country)
    if not any(shipped().parts(str(country.value)) for country in found["country"]):
        del found["part"]
    for topic in QUOTED:
        found[topic] = _quoted(notice, topic)
    found["confidentiality"] = (*notice.confidentiality, *found["confidentiality"])
    found["start"] = (notice.start,) if notice.start else _quoted(notice, "start")
    found["term"] = (notice.duration,) if notice.duration else (notice.end,) if notice.end else _quoted(notice, "term")
    ways = tuple(technique for technique in notice.techniques if technique.value != "electronic auction")
    on_call = tuple(Field("on call", way.place, way.verbatim, "derived", rules.FROM_TECHNIQUE()) for way in ways[:1])
    found["relationship"] = (*on_call, *found["relationship"])
    found["budget"] = (notice.value,) if notice.value and _is_budget(notice) else ()
    return found


def _quoted(notice: Notice, topic: str) -> tuple[Field, ...]:
    return tuple(Field(quote.text, quote.place, quote.text, "stated", rules.FROM_TEXT()) for quote in notice.quotes if quote.about == topic)


def _is_budget(notice: Notice) -> bool:
    """Not what is earned from others, and not a placeholder."""
    codes = {finding.code for finding in notice.suspicions if notice.value and finding.place == notice.value.place}
    return notice.concession is None and not codes & {"value.zero", "value.placeholder", "value.negative", "value.no_currency", "value.unknown_currency"}


def missing(notice: Notice) -> tuple[str, ...]:
    """The questions that the notice leaves open. Which entities the work concerns no notice says: the buyer need not be one of them."""
    return tuple(question for question, fields in answers(notice).items() if not fields)
