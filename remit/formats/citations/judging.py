"""A citation against the tables: reporter, series, volume, year, court, pinpoint; offline, and saying why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from remit.domain.line import Finding
from remit.domain.reasons import N_, Sentence
from remit.formats.citations.courts import STATES, court, is_circuit, is_reported, reported
from remit.formats.citations.rules import RULES, found
from remit.formats.citations.series import FEDERAL_REGISTER_BEFORE, OLD, ROOM_YEARS, SERIES, Series, years_of
from remit.formats.citations.tails import runs_backwards
from remit.formats.citations.values import REFERRING, Citation, Edition, Verdict

SUPREME = Sentence("courts.supreme", N_("the Supreme Court of the United States"))
APPEALS = Sentence("courts.appeals", N_("the federal courts of appeals"))
FEDERAL = Sentence("courts.federal", N_("the lower federal courts"))
DISTRICTS = Sentence("courts.district", N_("the federal trial courts"))
OF_STATES = Sentence("courts.states", N_("courts of {states}"))
OTHERS = Sentence("courts.others", N_("other courts"))
REPORTED = {"supreme": SUPREME, "appeals": APPEALS, "federal": FEDERAL, "district": DISTRICTS}

MOST_U_S_C, MISSING_U_S_C, MOST_C_F_R = 54, (53,), 50
MOST_AMENDMENT, MOST_ARTICLE = 27, 7
RULES_OF = {"Civ": (1, 87), "Crim": (1, 62), "App": (1, 48), "Evid": (101, 1103), "Bankr": (1001, 9040)}
"""First and last rule of each set; numbers are left out between them."""
FIRST_U_S_C, FIRST_C_F_R = 1926, 1938
DISTRICT_COURTS_IN_F2D_UNTIL, EARLY_U_S = 1933, 4
"""The Federal Supplement began in 1932; the first four volumes of the U.S. Reports hold decisions of courts of Pennsylvania, too."""
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
MOST_STATES_SAID = 8


def judge(citation: Citation, line: int, today_year: int) -> tuple[Finding, ...]:
    """All that is wrong with a citation, or keeps it from being judged; nothing where it holds. What it refers to is not looked at here."""
    return tuple(Finding(one.code, one.place, {"citation": citation.written, **one.values}) for one in _judged(citation, line, today_year))


def verdict(findings: tuple[Finding, ...]) -> Verdict:
    """An error fails; a warning alone says that nothing can be judged."""
    severities = {RULES[finding.code].severity for finding in findings}
    return "fails" if "error" in severities else "cannot be judged" if "warning" in severities else "holds"


def _judged(one: Citation, line: int, today_year: int) -> Iterator[Finding]:
    if one.pinpoint and runs_backwards(one.pinpoint):
        yield found("citation.range", line, "pinpoint", pinpoint=one.pinpoint)
    if one.year is not None and one.year > today_year:
        yield found("citation.future", line, "year", year=str(one.year))
        return
    match one.kind:
        case "case" | "neutral" | "database":
            yield from _case(one, line)
        case "statute" | "regulation":
            yield from _code(one, line)
        case "constitution":
            number = _number(one.page)
            if not 1 <= number <= (MOST_AMENDMENT if one.volume.startswith("amend") else MOST_ARTICLE):
                yield found("citation.no_such_article", line)
        case "rule":
            first, last = RULES_OF[one.volume]
            if not first <= float(one.page) < last + 1:
                yield found("citation.no_such_rule", line)
        case "unknown":
            yield found("citation.unknown_reporter", line, "reporter", reporter=one.reporter)
        case "journal" if not one.editions:
            yield found("citation.journal_unknown", line, "reporter")
        case "foreign":
            yield found("citation.foreign", line, "reporter")
        case "docket":
            yield found("citation.docket", line, "reporter")
            yield from _court_exists(one, line)


def _case(one: Citation, line: int) -> Iterator[Finding]:
    tried = [list(_as_edition(one, edition, line)) for edition in one.editions] or [
        [found("citation.unknown_reporter", line, "reporter", reporter=one.reporter)]
    ]
    # A name that several reporters share is held to be the one that fits best.
    yield from min(tried, key=lambda findings: (sum(RULES[finding.code].severity == "error" for finding in findings), len(findings)))
    yield from _court_exists(one, line)
    if one.year is None and one.kind == "case":
        yield found("citation.no_year", line, "year")
    if one.kind == "case" and (first := _first_page(one.pinpoint)) and one.page.isdecimal() and first < int(one.page):
        yield found("citation.pinpoint", line, "pinpoint", pinpoint=one.pinpoint, page=one.page)


def _as_edition(one: Citation, edition: Edition, line: int) -> Iterator[Finding]:
    if one.kind in ("neutral", "database"):
        if one.year is not None and re.fullmatch(r"(?:1[6-9]|20)\d\d", one.volume) and int(one.volume) != one.year:
            yield found("citation.year_differs", line, "year", volume=one.volume, year=str(one.year))
    else:
        yield from _years(one, edition, line)
    yield from _court_reported(one, edition, line)


def _years(one: Citation, edition: Edition, line: int) -> Iterator[Finding]:
    series = SERIES.get(edition.series) or Series(edition.begins or 0, edition.ends)
    is_known = edition.series in SERIES
    volume = int(one.volume) if one.volume.isdecimal() else 0
    if series.volumes is not None and volume > series.volumes:
        yield found("citation.no_such_volume", line, "volume", reporter=edition.series, last=str(series.volumes))
    if one.year is None:
        return
    room = 0 if is_known else ROOM_YEARS + 1
    if one.year < series.begins - room and (is_known or series.begins > OLD):
        yield found("citation.before_series", line, "year", reporter=edition.series, begins=str(series.begins))
    elif series.ends is not None and one.year > series.ends + ROOM_YEARS:
        yield found("citation.after_series", line, "year", reporter=edition.series, ended=str(series.ends))
    elif volume and (years := years_of(volume, edition.series)) and not years[0] <= one.year <= years[1]:
        expected = str((years[0] + years[1]) // 2)
        yield found("citation.volume_year", line, "volume", volume=one.volume, reporter=edition.series, expected=expected, year=str(one.year))


def _court_reported(one: Citation, edition: Edition, line: int) -> Iterator[Finding]:
    named = court(one.court) if one.court else None
    code, courts = reported(edition.reporter, edition.series, edition.kind, list(edition.places))
    if named is None:
        if not one.court and code in ("appeals", "district", "federal") and one.year is not None:
            yield found("citation.no_court", line, "court", reporter=edition.series)
        return
    if not courts or (edition.series == "U.S." and one.volume.isdecimal() and int(one.volume) <= EARLY_U_S):
        return
    if edition.series == "F.2d" and named.kind == "district" and one.year is not None and one.year > DISTRICT_COURTS_IN_F2D_UNTIL:
        courts = courts - {"district"}
    if not is_reported(named, courts):
        yield found("citation.wrong_court", line, "court", reporter=edition.series, court=one.court, reported=_said(code, courts))
    if named.begins is not None and one.year is not None and one.year < named.begins:
        yield found("citation.court_then", line, "court", court=named.name, begins=str(named.begins))


def _court_exists(one: Citation, line: int) -> Iterator[Finding]:
    if one.court and court(one.court) is None:
        code = "citation.no_such_court" if is_circuit(one.court) else "citation.court_unknown"
        yield found(code, line, "court", court=one.court)


def _code(one: Citation, line: int) -> Iterator[Finding]:
    title = int(one.volume) if one.volume.isdecimal() else 0
    name = one.editions[0].series if one.editions else one.reporter
    if name == "U.S.C." and (not 1 <= title <= MOST_U_S_C or title in MISSING_U_S_C):
        yield found("citation.no_such_title", line, "title", reporter="U.S.C.", title=one.volume)
    if name == "C.F.R." and not 1 <= title <= MOST_C_F_R:
        yield found("citation.no_such_title", line, "title", reporter="C.F.R.", title=one.volume)
    begins = {"U.S.C.": FIRST_U_S_C, "C.F.R.": FIRST_C_F_R}.get(name)
    if begins and one.year is not None and one.year < begins:
        yield found("citation.before_series", line, "year", reporter=name, begins=str(begins))
    if name == "FR" and one.year is not None and title and title + FEDERAL_REGISTER_BEFORE != one.year:
        expected = str(title + FEDERAL_REGISTER_BEFORE)
        yield found("citation.volume_year", line, "volume", volume=one.volume, reporter=one.reporter, expected=expected, year=str(one.year))


def _said(code: str, courts: frozenset[str]) -> Any:
    """Which courts are reported, in words."""
    if code in REPORTED:
        return REPORTED[code]()
    names = sorted(STATES[state][0] for state in courts if state in STATES)
    return OF_STATES(states=", ".join(names)) if 0 < len(names) <= MOST_STATES_SAID else OTHERS()


def _first_page(pinpoint: str) -> int:
    plain = re.match(r"(?:at\s+|pp?\.\s+)?(\d+)", pinpoint)
    return int(plain[1]) if plain else 0


def _number(written: str) -> int:
    """A Roman or Arabic number; 0 for what is neither."""
    if written.isdecimal():
        return int(written)
    values = [ROMAN.get(sign, 0) for sign in written]
    return sum(-value if value < max(values[index:]) else value for index, value in enumerate(values))


def stands_for_another(citation: Citation) -> bool:
    """Whether it is short for a citation before it."""
    return citation.kind in REFERRING
