"""The citations of a paragraph: the paragraph is cut into citation sentences, each of which is parsed alone, and what follows each is read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

from remit.formats.citations import others
from remit.formats.citations.library import Token, tokens
from remit.formats.citations.tails import AT, NOTE, YEAR_BEFORE, Tail, parentheses, pinpoints
from remit.formats.citations.values import Citation, Kind

PARALLEL = re.compile(r"\s*,?\s*[\[(]?\s*")
KINDS: dict[str, Kind] = {"specialty_west": "database", "specialty_lexis": "database", "neutral": "neutral"}
PREFIX = re.compile(r"(?:In re|Ex parte|(?:In the )?Matter of)\s+$")
DATED = re.compile(r"\([^()]{0,120}\b(?:1[5-9]|2[01])\d\d\)")
SIGNAL = re.compile(r"(?:(?:But |But, )?(?:[Ss]ee(?:,? also|,? e\.g\.,?)?|Cf\.|Accord|Compare|Under|As in|In(?! re\b)|E\.g\.,?|Contra|And|The)\s+)+")
VERSUS = re.compile(r"\sv(?:s)?\.?\s(?=[A-Z])")
SENTENCE_END = re.compile(r"[a-z]{3,}\.\s+[A-Z][a-z]+\s[a-z]")
BETWEEN = ("of", "the", "and", "&", "for", "at", "ex", "rel.", "de", "la", "von", "van", "on", "by")
ABBREVIATED = frozenset(
    (
        *("Univ.", "Inc.", "Corp.", "Ltd.", "Educ.", "Assn.", "Cnty.", "Mfg.", "Bros.", "Mrs.", "Indus.", "Elec.", "Ins.", "Sch.", "Dist.", "Hosp.", "Ctr."),
        *("Serv.", "Servs.", "Sys.", "Tech.", "Transp.", "Twp.", "Sec.", "Auth.", "Cas.", "Fed.", "Fin.", "Found.", "Gen.", "Govt.", "Grp.", "Hous."),
        *("Indep.", "Inst.", "Lab.", "Mach.", "Mgmt.", "Mun.", "Mut.", "Pac.", "Prod.", "Prods.", "Prop.", "Props.", "Pub.", "Reg.", "Ref.", "Sav.", "Soc."),
        *("Tel.", "Util.", "Vill.", "Comm.", "Coll.", "Mem.", "Med.", "Nat.", "Ass.", "Bldg.", "Chem.", "Distrib.", "Dev.", "Eng.", "Enter.", "Env.", "Exch."),
        *("Guar.", "Harv.", "Mort.", "Org.", "Pharm.", "Prof.", "Rel.", "Sur.", "Tex.", "Cal.", "Ala.", "Ariz.", "Ark.", "Colo.", "Conn.", "Del.", "Fla."),
        *("Ill.", "Ind.", "Kan.", "Mass.", "Mich.", "Minn.", "Miss.", "Mont.", "Neb.", "Nev.", "Okla.", "Tenn.", "Wash.", "Wis.", "Wyo.", "Haw."),
    )
)
"""Words of parties' names that end in a point without ending a sentence."""
MOST_NAME = 160
SHORT = re.compile(r".{1,60}?\bat\s+(\*?\d+)")


def citations(text: str) -> tuple[Citation, ...]:
    """In the order of the text, which is one paragraph; line ends count as spaces."""
    flat = re.sub(r"\s", " ", text)
    own = [*others.codes(flat), *others.foreign(flat)]
    kept = _apart(own, ())
    codes = _Taken(kept)
    # What stands in parentheses with a year is read here; the library takes far longer for it than for all else.
    first = [token for token in tokens(DATED.sub(lambda dated: " " * len(dated[0]), flat)) if not codes.overlaps(token)]
    found = [*kept, *_groups(flat, first)]
    found += _apart(list(others.dockets(flat)), found)
    found += _apart(list(others.unknown(flat)), found)
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _groups(text: str, found: list[Token]) -> Iterator[Citation]:
    """Citations of one decision side by side are one group, read with what stands after the last of them."""
    at, done, number = 0, 0, 0
    while at < len(found):
        group = [found[at]]
        ends = [_after(text, found, at)]
        while found[at].kind == "case" and at + 1 < len(found) and found[at + 1].kind == "case" and _is_parallel(text, ends[-1][0], found[at + 1].start):
            at += 1
            group.append(found[at])
            ends.append(_after(text, found, at))
        limit = found[at + 1].start if at + 1 < len(found) else len(text)
        tail = parentheses(text, _closed(text, ends[-1][0]), limit) if group[0].kind in ("case", "journal", "law", "short") else Tail(ends[-1][0], ends[-1][0])
        sentence = _alone(text[done : ends[-1][0]], done, group)
        number += 1
        opens = _name_opens(text, sentence.get(group[0].start, group[0]))
        for index, token in enumerate(group):
            made = _citation(text, token, ends[index], tail, is_last=index == len(group) - 1, group=number)
            yield replace(made, opens=opens, name=_name(text, opens, group[0]), year=made.year or _year_before(text, group[0]))
        done = max(tail.end, ends[-1][0])
        at += 1


def _alone(sentence: str, offset: int, group: list[Token]) -> dict[int, Token]:
    """The tokens of one citation sentence parsed by itself, by where they stand in the paragraph."""
    again = {token.start + offset: token for token in tokens(sentence)}
    return {
        token.start: replace(again[token.start], start=token.start, end=token.end, opens=again[token.start].opens + offset)
        for token in group
        if token.start in again and again[token.start].kind == token.kind
    }


def _citation(text: str, token: Token, after: tuple[int, str], tail: Tail, *, is_last: bool, group: int) -> Citation:
    kind = _kind(token)
    end = max(after[0], tail.written_end) if is_last else after[0]
    page = token.groups.get("page") or token.groups.get("section") or ""
    volume = token.groups.get("volume") or token.groups.get("title") or token.groups.get("chapter") or ""
    return Citation(
        kind=kind,
        written=_written(text[token.start : end]),
        start=token.start,
        end=end,
        opens=token.opens,
        volume=volume,
        reporter=" ".join(token.groups.get("reporter", "").split()),
        page=page,
        pinpoint=after[1],
        year=tail.year,
        court=tail.court,
        notes=tail.notes,
        editions=token.editions,
        group=group,
    )


def _kind(token: Token) -> Kind:
    if token.kind == "case":
        kinds = {edition.kind for edition in token.editions}
        return KINDS.get(kinds.pop(), "case") if len(kinds) == 1 else "case"
    if token.kind == "law":
        return "regulation" if any(edition.kind.startswith("admin") for edition in token.editions) else "statute"
    return {"journal": "journal", "short": "short", "id": "id", "supra": "supra"}[token.kind]  # type: ignore[return-value]


def _after(text: str, found: list[Token], at: int) -> tuple[int, str]:
    """(end, pinpoint) of a token with the pinpoints after it, as far as the next token."""
    token = found[at]
    limit = found[at + 1].start if at + 1 < len(found) else len(text)
    if token.kind == "case":
        end, pinpoint = pinpoints(text, token.end, limit)
        return end, pinpoint.removeprefix("at ")
    if token.kind == "short":
        page = token.groups.get("page") or ""
        # The library's own end falls short of a range.
        whole = SHORT.match(text, token.start, limit)
        begins, ends = (whole.start(1), whole.end()) if whole else (token.end, token.end)
        more = re.compile(r"(?:\s?[-–—]\s?\*?\d+)?(?:\s?(?:&\s?)?nn?\.\s?\d+(?:[-–]\d+)?)?").match(text, ends, limit)
        end = more.end() if more else ends
        return end, text[begins:end] or page
    if token.kind in ("id", "supra"):
        end = token.end
        if note := NOTE.match(text, end, limit):
            end = note.end()
        said = AT.search(text[token.start : end])
        if follows := AT.match(text, end, limit):
            return follows.end(), follows[1].strip()
        start_of_range = re.compile(r"\s?[-–—]\s?\d+").match(text, end, limit)
        end = start_of_range.end() if said and start_of_range else end
        return end, (said[1] + text[token.end : end] if said and start_of_range else said[1] if said else "")
    return token.end, ""


def _is_parallel(text: str, end: int, start: int) -> bool:
    gap = PARALLEL.fullmatch(text[end:start])
    return gap is not None and start > end


def _closed(text: str, at: int) -> int:
    """Past the bracket that Californian practice puts around a parallel citation."""
    return at + 1 if text[at : at + 1] == "]" else at


def _written(text: str) -> str:
    words = " ".join(text.split())
    return words if "[" in words else words.removesuffix("]")


def _name_opens(text: str, token: Token) -> int:
    """Where the parties' names begin: as the library saw it, or back from a “v.” that it overlooked; without a signal, with what stands for a second party."""
    opens = token.opens
    if token.kind == "case" and " v" not in text[opens : token.start]:
        opens = _from_versus(text, token.start, opens)
    before = PREFIX.search(text[max(0, opens - 20) : opens])
    if before:
        return opens - len(before[0])
    signal = SIGNAL.match(text, opens, token.start)
    return signal.end() if signal else opens


def _from_versus(text: str, until: int, otherwise: int) -> int:
    """Back over the words of the first party's name: capitals, and small words that stand between them."""
    sentence = text[max(0, until - MOST_NAME) : until]
    versus = [found.start() for found in VERSUS.finditer(sentence)]
    if not versus or re.search(r"[\[(;]", sentence[versus[-1] :]) or SENTENCE_END.search(sentence[versus[-1] + 4 :]):
        return otherwise
    opens = versus[-1]
    for word in reversed(list(re.finditer(r"\S+", sentence[: versus[-1]]))):
        if word[0].endswith(".") and word[0].count(".") == 1 and len(word[0]) > 4 and word[0] not in ABBREVIATED:
            break
        if word[0] in ("Yes.", "No."):
            break
        if word[0][0].isupper() or word[0][0].isdigit():
            opens = word.start()
        elif word[0].strip(",") not in BETWEEN:
            break
        if word[0][0] in '(“"' or word[0][-1] in ";:":
            break
    return max(0, until - MOST_NAME) + opens


def _name(text: str, opens: int, token: Token) -> str:
    if token.kind in ("short", "supra"):
        return token.name
    return re.sub(r"\s*\(\d{4}\)$", "", text[opens : token.start].strip(" ,(")).strip(" ,(")


def _year_before(text: str, token: Token) -> int | None:
    """Californian practice puts the year after the parties."""
    before = YEAR_BEFORE.search(text[max(0, token.start - 10) : token.start]) if token.kind == "case" else None
    return int(before[1]) if before else None


class _Taken:
    """Stretches of the text that are taken, none of which overlaps another."""

    def __init__(self, stretches: Iterable[Token | Citation]) -> None:
        ordered = sorted((one.start, one.end) for one in stretches)
        self._starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]

    def overlaps(self, one: Token | Citation) -> bool:
        """Whether one lies across another."""
        at = bisect_left(self._starts, one.end) - 1
        return at >= 0 and self._ends[at] > one.start


def _apart(new: list[Citation], known: Iterable[Citation]) -> list[Citation]:
    """Those that overlap neither what is known nor each other; the first of two wins."""
    taken = _Taken(known)
    kept: list[Citation] = []
    for one in sorted(new, key=lambda each: (each.start, -each.end)):
        if not taken.overlaps(one) and (not kept or kept[-1].end <= one.start):
            kept.append(one)
    return kept
