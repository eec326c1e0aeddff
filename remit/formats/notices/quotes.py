"""Passages of a notice about software, qualification, turnover and the like: quoted with their offsets, never interpreted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from remit.formats.notices.notice import Field, Notice, Quote

MOST_PER_TOPIC = 6
LONGEST = 400
BEGIN = r"\b"


def _words(*patterns: str) -> re.Pattern[str]:
    """Each pattern at the beginning of a word; said once in front, since that lets the search skip most of a text."""
    return re.compile(rf"\b(?:{'|'.join(pattern.removeprefix(BEGIN) for pattern in patterns)})", re.IGNORECASE)


TOPICS = {
    "software": _words(
        r"\bsoftware\b", r"\bSAP\b", r"\bS/4HANA\b", r"\bDATEV\b", r"\bXero\b", r"\bQuickBooks\b", r"\bOracle\b", r"\bMicrosoft\b", r"\bExcel\b", r"\bWorkday\b",
        r"\bAgresso\b", r"\bUnit4\b", r"\bNavision\b", r"\bERP\b", r"\bCRM\b", r"\blogiciels?\b", r"\boprogramowani", r"\bprogramvara\b", r"\bohjelmisto",
        r"софтуер", r"λογισμικ",
    ),
    "turnover": _words(
        r"\bturnover\b", r"\bUmsatz", r"chiffres? d.affaires", r"\bfatturato\b", r"volumen (?:anual )?de negocio", r"\bobr[oó]t(?:u|y|ów)?\b", r"\b(?:jaar)?omzet\b",
        r"\boms[æä]t(?:ning|tning)", r"\bliikevaihto", r"\bоборот", r"κύκλο\w* εργασιών", r"\bárbevétel", r"\bcifra de afaceri", r"\bpromet\b",
    ),
    "qualification": _words(
        r"\bqualifi(?:ed|cations?)\b", r"\bchartered\b", r"\baccredit(?:ed|ation)\b", r"\blicen[cs]ed\b", r"\bISO[ /]?(?:IEC )?\d{4,5}", r"\bregistered with\b",
        r"\bprofessional (?:body|membership|indemnity)\b", r"\bQualifikation", r"\bzugelassen", r"\bBerufshaftpflicht", r"\bqualifications? professionnelles?\b",
        r"\babilitazion", r"\buprawnieni", r"\bkwalifikacj", r"\bквалификац", r"\bképesít",
    ),
    "volume": _words(
        r"\b\d[\d.,  ]*(?:\s?(?:approx\.?|circa))?\s?(?:invoices?|transactions?|schools|employees|payslips|calls|pages|documents|hours|days|accounts|users|sites|"
        r"properties|patents|cases|claims|returns|records|students|learners|items|policies|vehicles|interviews|Rechnungen|Mahnungen|Mitarbeiter\w*|Anträge|Stunden|"
        r"Seiten|Fälle|factures|heures|salariés|dossiers|godzin|stron|pracowników|vnt\b)",
        r"\b\d[\d.,  ]*[\w ]{0,30}\b(?:per|a|each|every) (?:month|year|annum|week|day)\b", r"\b\d[\d.,  ]*[\w ]{0,30}\b(?:je|pro) (?:Monat|Jahr|Woche)\b",
        r"\b\d[\d.,  ]*[\w ]{0,30}\bpar (?:mois|an|semaine)\b",
    ),
    "level": _words(r"\bsenior\b", r"\bjunior\b", r"\bpartner[- ]level\b", r"\bprincipal (?:consultant|lawyer|auditor)\b", r"\blead (?:partner|lawyer|auditor|consultant)\b", r"\byears['’]? (?:of )?experience\b", r"\bBerufserfahrung\b"),
    "confidentiality": _words(
        r"\bconfidential", r"\bnon-disclosure\b", r"\bGDPR\b", r"\bdata protection\b", r"\bsecurity clearance\b", r"\bvertraulich", r"\bDatenschutz", r"\bDSGVO\b",
        r"\bVerschwiegenheit", r"\bRGPD\b", r"\bRODO\b", r"\bpoufn", r"\bclassified information\b", r"\bCyber Essentials\b", r"\briservat", r"εμπιστευτικ", r"\bįslaptint",
    ),
    "relationship": _words(
        r"\bcall[- ]offs?\b", r"\bas and when\b", r"\bad[- ]hoc\b", r"\bretainer\b", r"\bframework agreement\b", r"\bdedicated team\b", r"\bpanel of\b", r"\bsecondment\b",
        r"\bRahmenver(?:trag|einbarung)", r"\baccord[- ]cadre\b", r"\bumow\w+ ramow", r"\braamovereenkomst\b", r"\bramavtal", r"\brammeaftale", r"\bpuitesopimu", r"\baccordo quadro\b",
    ),
    "languages": _words(r"\bworking language\b", r"\bfluent\b", r"\bread and write in\b", r"\bArbeitssprache\b", r"\bWelsh language\b", r"\blangue de travail\b", r"\blingua di lavoro\b"),
    "term": _words(
        r"\b(?:period|term|duration|length) (?:of|is|will be)\b.{0,30}?\b(?:months?|years?)\b", r"\b(?:\d+|one|two|three|four|five|six|seven|eight|ten)[- ](?:months?|years?)[- ](?:period|term|contract|framework|agreement)\b",
        r"\b\d+ Jahre[n]? Laufzeit|Laufzeit (?:von|beträgt)\b", r"\bdurée de\b.{0,30}?\b(?:mois|ans)\b", r"\blooptijd\b",
    ),
    "start": _words(r"\b(?:commenc|begin|start)(?:e|es|ing|s|n?ing)? (?:in|on|from|date)\b.{0,25}?\b20\d\d\b", r"\b(?:ab|Beginn:?) (?:dem )?\d{1,2}\.\d{1,2}\.20\d\d", r"\bà (?:compter|partir) du\b.{0,25}?\b20\d\d\b"),
    "vat": _words(r"\b(?:excl?(?:uding|usive|\.)?|ex|plus|net of|without|incl?(?:uding|usive|\.)?)\.? (?:of )?VAT\b", r"\bVAT (?:excluded|included|exempt)", r"(?:ohne|inkl\.?|zzgl\.?|exkl\.?) (?:MwSt|USt)", r"\bhors taxes?\b|\bHTVA\b|\bTTC\b", r"\bbez (?:podatku )?VAT\b", r"\bIVA (?:esclusa|inclusa|excluido|incluido)\b"),
    "presence": _words(
        r"\bon[- ]site (?:visits?|presence|attendance|support|staff|work|services?|delivery)\b", r"\b(?:attend|be present|presence|work(?:ed|ing)?|based|perform(?:ed)?|carried out|deliver(?:ed|y)?|held) (?:in person|on[- ]site|on site|at (?:our|the|its) (?:premises|offices?|site|HQ))",
        r"\bphysical presence\b", r"\bface[- ]to[- ]face\b", r"\bvor Ort\b", r"\bsur place\b", r"\bsur site\b", r"\bter plaatse\b", r"\bpå plats\b", r"\bpaikan päällä\b", r"\bна място\b", r"\bin loco\b", r"\bat our HQ\b",
    ),
    "reserved": _words(
        r"\bstatutory audit", r"\baudit opinion\b", r"\bexternal audit", r"\blegal advice\b", r"\blegal representation\b", r"\brepresent\w* (?:in|before) (?:the )?courts?\b", r"\bsolicitors?\b", r"\bbarristers?\b",
        r"\bnotar(?:y|ies|ial)\b", r"\bpatent attorneys?\b", r"\bRechtsberatung", r"\bRechtsanw[aä]lt", r"\bAbschlussprüf", r"\bWirtschaftsprüf", r"\bSteuerberat", r"\bconseil juridique", r"\bavocats?\b",
        r"\bcommissaires? aux comptes\b", r"\brepresentation in court\b", r"\badvocaat|\badvocaten\b", r"\bradc\w+ prawn", r"\bobsług\w+ prawn",
    ),
    "revenue": _words(
        r"\brevenue[- ]generat(?:ing|ion)\b", r"\b(?:service|works) concession\b", r"\bconcession (?:contract|agreement|fee)\b", r"\bcontingency fee", r"\bno win[, -]+no fee\b", r"\bsuccess fee\b", r"\brevenue[- ]shar", r"\b(?:retain|keep)s? \d+[.,]?\d* ?% of\b", r"\bpercentage of (?:the )?(?:amounts?|sums?|savings|income|revenue)\b",
        r"\bat no cost to the (?:council|authority|client|contracting)", r"\bnil cost\b", r"\bincome[- ]generating\b", r"behält \d+[.,]?\d* ?%", r"\bErfolgshonorar", r"\bKonzession", r"\bredevance", r"\bkoncesj",
    ),
}  # fmt: skip
STOP = re.compile(r"(?<=[.;!?])\s+(?=[^\W\d_a-z]|[•*–—-]|\d)|\n+")
WHOLE = {"qualification", "turnover"}
"""Topics for which a requirement that the notice sets apart is quoted as it stands."""


def passages(notice: Notice) -> tuple[Quote, ...]:
    """The passages by topic, each once, at most six a topic; offsets count characters of the field's value."""
    found: dict[str, dict[str, Quote]] = {}
    for topic, field in notice.requirements:
        if topic in WHOLE:
            _keep(found, Quote(topic, field.value, 0, len(field.value), field.place))
    for field in notice.texts():
        for quote in _in(field):
            _keep(found, quote)
    return tuple(quote for topic in found.values() for quote in topic.values())


def _keep(found: dict[str, dict[str, Quote]], quote: Quote) -> None:
    topic = found.setdefault(quote.about, {})
    if len(topic) < MOST_PER_TOPIC and not any(quote.text in kept for kept in topic):
        topic[quote.text] = quote


def _in(field: Field) -> Iterator[Quote]:
    """The sentences that a topic's words stand in."""
    text = field.value
    ends: list[tuple[int, int]] | None = None
    for topic, words in TOPICS.items():
        for match in words.finditer(text):
            if ends is None:
                ends = _sentences(text)
            start, end = next(span for span in ends if span[1] >= match.end() or span[1] > match.start())
            if end - start > LONGEST:
                start, end = _window(text, match.start(), match.end(), start, end)
            yield Quote(topic, text[start:end], start, end, field.place)


def _sentences(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for stop in STOP.finditer(text):
        spans.append((start, stop.start()))
        start = stop.end()
    return [*spans, (start, len(text))]


def _window(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """The words round a match, of a sentence too long to quote whole."""
    left = max(first, start - LONGEST // 2)
    right = min(last, max(end, left + LONGEST))
    if left > first:
        left = min(start, text.find(" ", left, start) + 1 or left)
    if right < last:
        right = max(end, text.rfind(" ", end, right)) if " " in text[end:right] else right
    return left, right
