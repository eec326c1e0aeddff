"""Citations for which the library has no pattern: codes by section, the Constitution, rules of procedure, dockets, other countries, unknown reporters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from remit.formats.citations.tails import MONTHS, YEAR, parentheses
from remit.formats.citations.values import Citation, Edition, Kind

NUMBER = r"\d[\w–-]*(?:\.[\w–-]+)*(?:\([a-zA-Z0-9]+\))*"
SECTION = rf"(?:§§?|[Ss]ec(?:tion|\.)s?)\s*(?P<page>{NUMBER}(?:\s?(?:,|and|&|to)\s?{NUMBER})*(?:\s+et\s+seq\.)?)"
CODE = re.compile(rf"(?P<volume>\d{{1,4}})\s+(?P<reporter>U\.?\s?S\.?\s?C\.?(?:\s?[AS]\.)?|C\.?\s?F\.?\s?R\.?),?\s*{SECTION}")
CONSTITUTION = re.compile(r"U\.?\s?S\.?\s?Const\.?,?\s+(?P<part>amends?|art)\.?\s+(?P<page>[IVXLC]+|\d+)(?:,\s*§§?\s*\d+)?(?:,\s*cl\.\s*\d+)?")
RULE = re.compile(r"Fed\.?\s?R\.?\s?(?P<reporter>Civ|Crim|App|Bankr|Evid)\.?\s?(?:P\.?)?\s+(?P<page>\d+(?:\.\d+)?)(?:\([a-zA-Z0-9]+\))*")
DOCKET = re.compile(r"\bNos?\.\s?(?P<page>\d{1,2}[-–:]\d[\w–:-]*|\d{2,}[\w–:-]*)(?:,?\s*(?:slip\s+op\.?(?:\s*,?\s*at\s+(?P<pin>\d+(?:[-–]\d+)?))?))?")
FOREIGN = re.compile(
    r"\[(?P<year>(?:1[5-9]|20)\d\d)\]\s+(?:\d+\s+)?(?P<reporter>[A-Z][A-Za-z.]*(?:\s[A-Z(][A-Za-z.)]*){0,3})\s+(?P<page>\d+)(?:\s+\([A-Z][A-Za-z.]*\))?"
    r"|\b(?P<year2>(?:19|20)\d\d)\s+(?P<reporter2>SCC|ONCA|BCCA|ABCA|QCCA|FCA|FC|HCA|FCAFC|NSWCA|VSCA|NZSC|NZCA|ZACC|ZASCA|CanLII)\s+(?P<page2>\d+)"
)
UNKNOWN = re.compile(
    r"(?<![\w.$§-])(?P<volume>\d{1,4})\s+(?P<reporter>(?:[A-Z][\w.'’&]*|\d+(?:st|nd|rd|th|d)\b\.?|&|of)(?:\s?(?:[A-Z][\w.'’&]*|\d+(?:st|nd|rd|th|d)\b\.?|&|of|\([A-Z][\w.]*\))){0,6})"
    r"\s+(?:at\s+)?(?P<page>\d{1,5})(?![\w%])"
)
PINS = re.compile(r"(?:\s*,\s*(?:at\s+)?\d+(?:\s?[-–]\s?\d+)?)*")
MONTH = re.compile(MONTHS + "$")
NAMED = re.compile(r"\b(?:v\.|vs\.|In re|Ex parte|Matter of)\s[^;]{1,120},\s*$")
NAMED_WITHIN = 160
"""Letters before a citation in which the parties stand."""
JOURNAL = re.compile(r"\b(?:L\.\s?(?:Rev|J|Q)|J\.|Rev\.|Q\.|Law\s(?:Review|Journal))")
LIKE = re.compile(r"\.|\d(?:st|nd|rd|th|d)$")


def codes(text: str) -> Iterator[Citation]:
    """Sections of the United States Code and the Code of Federal Regulations, the Constitution, rules of procedure and evidence."""
    for found in CODE.finditer(text):
        kind: Kind = "statute" if found["reporter"].replace(" ", "").upper().startswith("U") else "regulation"
        name = "U.S.C." if kind == "statute" else "C.F.R."
        tail = parentheses(text, found.end(), len(text))
        yield _made(kind, text, found, max(found.end(), tail.written_end), volume=found["volume"], reporter=name, year=tail.year)
    for found in CONSTITUTION.finditer(text):
        yield _made("constitution", text, found, found.end(), volume=found["part"].rstrip("s"), reporter="U.S. Const.")
    for found in RULE.finditer(text):
        yield _made("rule", text, found, found.end(), volume=found["reporter"], reporter=f"Fed. R. {found['reporter']}.")


def foreign(text: str) -> Iterator[Citation]:
    """Neutral citations and law reports of other countries of the common law."""
    for found in FOREIGN.finditer(text):
        year, reporter, page = (found[name] or found[f"{name}2"] for name in ("year", "reporter", "page"))
        made = _made("foreign", text, found, found.end(), reporter=reporter, year=int(year))
        yield replace(made, page=page)


def dockets(text: str) -> Iterator[Citation]:
    """Slip opinions and docket numbers with a date."""
    for found in DOCKET.finditer(text):
        tail = parentheses(text, found.end(), len(text))
        if tail.year is None and "slip" not in found[0]:
            continue
        made = _made("docket", text, found, max(found.end(), tail.written_end), reporter="No.", year=tail.year)
        yield replace(made, court=tail.court, pinpoint=found["pin"] or "", notes=tail.notes)


def unknown(text: str) -> Iterator[Citation]:
    """What is written like a citation: a volume, a name, a page, and parentheses with a year after it or the parties before it."""
    for found in UNKNOWN.finditer(text):
        reporter = found["reporter"].strip()
        if MONTH.match(reporter) or not LIKE.search(reporter):
            continue
        pins = PINS.match(text, found.end())
        after = pins.end() if pins else found.end()
        tail = parentheses(text, after, len(text))
        if tail.year is None and not NAMED.search(text, max(0, found.start() - NAMED_WITHIN), found.start()):
            continue
        if tail.year is None and YEAR.fullmatch(found["page"]):
            continue
        kind: Kind = "journal" if JOURNAL.search(reporter) else "unknown"
        made = _made(kind, text, found, max(after, tail.written_end), volume=found["volume"], reporter=reporter, year=tail.year)
        yield replace(made, court=tail.court)


def _made(
    kind: Kind, text: str, found: re.Match[str], end: int, *, volume: str = "", reporter: str = "", year: int | None = None, editions: tuple[Edition, ...] = ()
) -> Citation:
    return Citation(
        kind=kind,
        written=" ".join(text[found.start() : end].split()),
        start=found.start(),
        end=end,
        opens=found.start(),
        volume=volume,
        reporter=reporter,
        page=(found["page"] or "").strip(),
        year=year,
        editions=editions,
    )
