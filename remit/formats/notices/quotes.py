"""Passages of a notice about software, qualification, turnover and the like: quoted with their offsets, never interpreted."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from remit.formats.notices.notice import Field, Notice, Quote

MOST_PER_TOPIC = 6
LONGEST = 400


def _words(*patterns: str) -> re.Pattern[str]:
    """Each pattern at the beginning of a word; said once in front, since that lets the search skip most of a text."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})", re.IGNORECASE)


TOPICS = {
    "software": _words(
        r"software\b", r"SAP\b", r"S/4HANA\b", r"DATEV\b", r"Xero\b", r"QuickBooks\b", r"Oracle\b", r"Microsoft\b", r"Excel\b", r"Workday\b",
        r"Agresso\b", r"Unit4\b", r"Navision\b", r"ERP\b", r"CRM\b", r"logiciels?\b", r"oprogramowani", r"programvara\b", r"ohjelmisto", r"софтуер",
        r"λογισμικ",
    ),
    "turnover": _words(
        r"turnover\b", r"Umsatz", r"chiffres? d.affaires", r"fatturato\b", r"volumen (?:anual )?de negocio", r"obr[oó]t(?:u|y|ów)?\b",
        r"(?:jaar)?omzet\b", r"oms[æä]t(?:ning|tning)", r"liikevaihto", r"оборот", r"κύκλο\w* εργασιών", r"árbevétel", r"cifra de afaceri",
        r"promet\b",
    ),
    "qualification": _words(
        r"qualifi(?:ed|cations?)\b", r"chartered\b", r"accredit(?:ed|ation)\b", r"licen[cs]ed\b", r"ISO[ /]?(?:IEC )?\d{4,5}", r"registered with\b",
        r"professional (?:body|membership|indemnity)\b", r"Qualifikation", r"zugelassen", r"Berufshaftpflicht",
        r"qualifications? professionnelles?\b", r"abilitazion", r"uprawnieni", r"kwalifikacj", r"квалификац", r"képesít",
    ),
    "volume": _words(
        r"\d[\d.,  ]{0,15}(?:\s?(?:approx\.?|circa))?\s?(?:invoices?|transactions?|schools|employees|payslips|calls|pages|documents|hours|days|"
        r"accounts|users|sites|properties|patents|cases|claims|returns|records|students|learners|items|policies|vehicles|interviews|"
        r"Rechnungen|Mahnungen|Mitarbeiter\w*|Anträge|Stunden|Seiten|Fälle|factures|heures|salariés|dossiers|godzin|stron|pracowników|vnt\b)",
        r"\d[\d.,  ]{0,15}[\w ]{0,30}\b(?:per|a|each|every) (?:month|year|annum|week|day)\b",
        r"\d[\d.,  ]{0,15}[\w ]{0,30}\b(?:je|pro) (?:Monat|Jahr|Woche)\b", r"\d[\d.,  ]{0,15}[\w ]{0,30}\bpar (?:mois|an|semaine)\b",
    ),
    "level": _words(
        r"senior\b", r"junior\b", r"partner[- ]level\b", r"principal (?:consultant|lawyer|auditor)\b",
        r"lead (?:partner|lawyer|auditor|consultant)\b", r"years['’]? (?:of )?experience\b", r"Berufserfahrung\b",
    ),
    "confidentiality": _words(
        r"confidential", r"non-disclosure\b", r"GDPR\b", r"data protection\b", r"security clearance\b", r"vertraulich", r"Datenschutz", r"DSGVO\b",
        r"Verschwiegenheit", r"RGPD\b", r"RODO\b", r"poufn", r"classified information\b", r"Cyber Essentials\b", r"riservat", r"εμπιστευτικ",
        r"įslaptint",
    ),
    "relationship": _words(
        r"call[- ]offs?\b", r"as and when\b", r"ad[- ]hoc\b", r"retainer\b", r"framework agreement\b", r"dedicated team\b", r"panel of\b",
        r"secondment\b", r"Rahmenver(?:trag|einbarung)", r"accord[- ]cadre\b", r"umow\w+ ramow", r"raamovereenkomst\b", r"ramavtal", r"rammeaftale",
        r"puitesopimu", r"accordo quadro\b",
    ),
    "languages": _words(
        r"working language\b", r"fluent\b", r"read and write in\b", r"Arbeitssprache\b", r"Welsh language\b", r"langue de travail\b",
        r"lingua di lavoro\b",
    ),
    "term": _words(
        r"(?:period|term|duration|length) (?:of|is|will be)\b.{0,30}?\b(?:months?|years?)\b",
        r"(?:\d+|one|two|three|four|five|six|seven|eight|ten)[- ](?:months?|years?)[- ](?:period|term|contract|framework|agreement)\b",
        r"\d+ Jahre[n]? Laufzeit", r"Laufzeit (?:von|beträgt)\b", r"durée de\b.{0,30}?\b(?:mois|ans)\b", r"looptijd\b",
    ),
    "start": _words(
        r"(?:commenc|begin|start)(?:e|es|ing|s|n?ing)? (?:in|on|from|date)\b.{0,25}?\b20\d\d\b",
        r"(?:ab|Beginn:?) (?:dem )?\d{1,2}\.\d{1,2}\.20\d\d", r"à (?:compter|partir) du\b.{0,25}?\b20\d\d\b",
    ),
    "vat": _words(
        r"(?:excl?(?:uding|usive|\.)?|ex|plus|net of|without|incl?(?:uding|usive|\.)?)\.? (?:of )?VAT\b", r"VAT (?:excluded|included|exempt)",
        r"(?:ohne|inkl\.?|zzgl\.?|exkl\.?) (?:MwSt|USt)", r"hors taxes?\b", r"HTVA\b", r"TTC\b", r"bez (?:podatku )?VAT\b",
        r"IVA (?:esclusa|inclusa|excluido|incluido)\b",
    ),
    "presence": _words(
        r"on[- ]site (?:visits?|presence|attendance|support|staff|work|services?|delivery)\b",
        r"(?:attend|be present|presence|work(?:ed|ing)?|based|perform(?:ed)?|carried out|deliver(?:ed|y)?|held) (?:in person|on[- ]site|"
        r"on site|at (?:our|the|its) (?:premises|offices?|site|HQ))",
        r"physical presence\b", r"face[- ]to[- ]face\b", r"vor Ort\b", r"sur place\b", r"sur site\b", r"ter plaatse\b", r"på plats\b",
        r"paikan päällä\b", r"на място\b", r"in loco\b", r"at our HQ\b",
    ),
    "reserved": _words(
        r"statutory audit", r"audit opinion\b", r"external audit", r"legal advice\b", r"legal representation\b",
        r"represent\w* (?:in|before) (?:the )?courts?\b", r"solicitors?\b", r"barristers?\b", r"notar(?:y|ies|ial)\b", r"patent attorneys?\b",
        r"Rechtsberatung", r"Rechtsanw[aä]lt", r"Abschlussprüf", r"Wirtschaftsprüf", r"Steuerberat", r"conseil juridique", r"avocats?\b",
        r"commissaires? aux comptes\b", r"representation in court\b", r"advocaat", r"advocaten\b", r"radc\w+ prawn", r"obsług\w+ prawn",
    ),
    "revenue": _words(
        r"revenue[- ]generat(?:ing|ion)\b", r"(?:service|works) concession\b", r"concession (?:contract|agreement|fee)\b", r"contingency fee",
        r"no win[, -]+no fee\b", r"success fee\b", r"revenue[- ]shar", r"(?:retain|keep)s? \d+[.,]?\d* ?% of\b",
        r"percentage of (?:the )?(?:amounts?|sums?|savings|income|revenue)\b", r"at no cost to the (?:council|authority|client|contracting)",
        r"nil cost\b", r"income[- ]generating\b", r"behält \d+[.,]?\d* ?%", r"Erfolgshonorar", r"Konzession", r"redevance", r"koncesj",
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
    """The sentences that a topic's words stand in, the first few of each topic."""
    text = field.value
    spans: list[tuple[int, int]] = []
    for topic, words in TOPICS.items():
        at, found = 0, 0
        while found < MOST_PER_TOPIC and (match := words.search(text, at)):
            spans = spans or _sentences(text)
            first, last = spans[bisect.bisect_right(spans, (match.start(), len(text))) - 1]
            start, end = (first, max(last, match.end())) if last - first <= LONGEST else _window(text, match.start(), match.end(), first, last)
            yield Quote(topic, text[start:end], start, end, field.place)
            at, found = max(end, match.end()), found + 1


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
