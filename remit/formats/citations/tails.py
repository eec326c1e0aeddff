"""What follows a citation: pinpoints, and the parentheses with court and year."""

from __future__ import annotations

import re
from dataclasses import dataclass

PAGES = r"\*?\d+(?:\.\d+)?[a-z]?(?:\s?[-–—]+\s?\*?\d+)?(?:\s?(?:&\s?)?nn?\.\s?\d+(?:\s?[-–—]\s?\d+)?)?"
PINPOINT = re.compile(rf"(?:\s*,)?\s*(?:(?:at|pp?\.)\s+)?(?:(?:¶¶?|§§?)\s*)?({PAGES}|[ivxlc]+\b)(?![\w.]*\s+[A-Z][A-Za-z.]+\s+\d)")
AT = re.compile(rf"\s*,?\s*(?:at\s+|(?=[¶§]))((?:¶¶?|§§?)?\s*{PAGES}(?:\s*,\s*{PAGES})*(?:\([a-z0-9]+\))*)")
NOTE = re.compile(r"\s*,?\s*note\s+\d+")
BRACKETED = re.compile(r"\s*([(\[])((?:[^()\[\]]|\[[^\[\]]*\]|\([^()]*\))*)[)\]]")
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|2[01]\d\d)(?!\d)")
MONTHS = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
DATE = re.compile(rf"\s*{MONTHS}\s*\d{{0,2}}\s*,?\s*$")
YEAR_BEFORE = re.compile(r"\((1[5-9]\d\d|2[01]\d\d)\)\s*$")
MOST_TAIL = 600
"""Letters after a citation that are looked at."""
SPAN = re.compile(r"\*?(\d+)\s?[-–—]+\s?\*?(\d+)")


@dataclass(frozen=True)
class Tail:
    """Read from one offset to `end`; `written_end`: where the parentheses with the year end; `notes`: further ones, such as internal marks omitted."""

    end: int
    written_end: int
    pinpoint: str = ""
    year: int | None = None
    court: str = ""
    notes: str = ""


def pinpoints(text: str, at: int, limit: int) -> tuple[int, str]:
    """(where they end, what they say) of the pinpoints that follow a full citation, up to `limit`."""
    said: list[str] = []
    while found := PINPOINT.match(text, at, min(limit, at + MOST_TAIL)):
        separated = text[at : found.start(1)].strip()
        if not separated or (said and not separated.startswith(",")):
            break
        said.append(found[0].strip(" ,"))
        at = found.end()
    return at, ", ".join(said)


def parentheses(text: str, at: int, limit: int) -> Tail:
    """The parentheses that follow at once: the first that holds a year, and those after it that are not themselves a citation."""
    year, court, notes, written_end = None, "", [], at
    while found := BRACKETED.match(text, at, min(limit, at + MOST_TAIL)):
        inner = " ".join(found[2].split())
        dated = _dated(inner) if year is None else None
        if dated is not None:
            year, court = dated
            written_end = found.end()
        elif year is None and (found[1] == "[" or not inner):
            break
        else:
            notes.append(inner)
        at = found.end()
    return Tail(at, written_end, "", year, court, "; ".join(notes))


def runs_backwards(pinpoint: str) -> bool:
    """Whether a range of pages ends before it begins; 495-96 is short for 495-496."""
    for first, last in SPAN.findall(pinpoint):
        whole = last if len(last) >= len(first) else first[: len(first) - len(last)] + last
        if int(whole) < int(first):
            return True
    return False


def _dated(inner: str) -> tuple[int, str] | None:
    """(year, court), where parentheses give them: what follows the year, such as a subsequent history, is neither."""
    years = list(YEAR.finditer(inner))
    if not years:
        return None
    last = years[-1]
    before, after = inner[: last.start()], inner[last.end() :].strip()
    if after and not after.startswith((",", ")", ";")):
        return None
    if len(before.split()) > 12 or '"' in before or "“" in before:
        return None
    return int(last[1]), DATE.sub("", before).strip(" ,")
