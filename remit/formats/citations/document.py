"""All citations of a text, paragraph by paragraph: each judged, and those that stand for one before them tied to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from remit.domain.line import Finding
from remit.formats.citations.judging import judge, stands_for_another, verdict
from remit.formats.citations.reading import citations
from remit.formats.citations.rules import found
from remit.formats.citations.values import Citation, Judged


@dataclass(frozen=True)
class Paragraph:
    """Text with the line on which it begins; a line feed in it begins the next line. `is_quote`: set apart as a quotation; `is_note`: a footnote."""

    text: str
    line: int
    is_quote: bool = False
    is_heading: bool = False
    is_note: bool = False

    def line_at(self, offset: int) -> int:
        """The line of an offset in the text."""
        return self.line + self.text.count("\n", 0, offset)


def judged(paragraphs: Sequence[Paragraph], today_year: int) -> tuple[Judged, ...]:
    """In the order of the text. `today_year` is the year of the check: a citation of a later one fails."""
    made: list[Judged] = []
    for number, paragraph in enumerate(paragraphs):
        for citation in citations(paragraph.text):
            line = paragraph.line_at(citation.start)
            made.append(Judged(citation=citation, paragraph=number, line=line, findings=judge(citation, line, today_year)))
    return tuple(_tied(_dated(made)))


def _dated(made: Iterable[Judged]) -> list[Judged]:
    """A citation without year is held by another of the same page that has one."""
    known = list(made)
    dated = {one.citation.key for one in known if one.citation.year is not None and one.citation.kind == "case"}
    return [
        replace(one, findings=tuple(f for f in one.findings if f.code != "citation.no_year" or one.citation.key not in dated)) if one.findings else one
        for one in known
    ]


def _tied(made: list[Judged]) -> list[Judged]:
    done: list[Judged] = []
    known = _Known()
    for index, one in enumerate(made):
        refers_to, findings = None, one.findings
        if stands_for_another(one.citation):
            refers_to = known.meant(one.citation)
            findings = (*findings, *_of_antecedent(one, done[refers_to] if refers_to is not None else None))
            known.last = refers_to
        else:
            known.add(index, one.citation)
        done.append(replace(one, refers_to=refers_to, findings=findings, verdict=verdict(findings)))
    return done


class _Known:
    """The full citations so far, by volume and series and by the parties' names; the newest of two is meant."""

    def __init__(self) -> None:
        self.last: int | None = None
        self._volumes: dict[tuple[str, str], list[tuple[int, frozenset[str]]]] = {}
        self._names: dict[str, int] = {}

    def add(self, index: int, citation: Citation) -> None:
        """A citation in full, at that place among all."""
        self.last = index
        names = frozenset(_words(citation.name))
        for edition in citation.editions:
            self._volumes.setdefault((citation.volume, edition.series), []).append((index, names))
        self._names |= dict.fromkeys(names, index)

    def meant(self, citation: Citation) -> int | None:
        """The place of the full citation that is meant: for id. the last one cited, otherwise by volume and reporter, or by a party's name."""
        if citation.kind == "id":
            return self.last
        named = _words(citation.name)[-1:]
        if citation.kind == "supra":
            return self._names.get(named[0]) if named else None
        same = [found for edition in citation.editions for found in self._volumes.get((citation.volume, edition.series), ())]
        fitting = [index for index, names in same if named and named[0] in names]
        return max(fitting or [index for index, _ in same], default=None)


def _words(name: str) -> list[str]:
    return [plain for word in name.split() if (plain := word.strip(".,—–-").lower())]


def _of_antecedent(one: Judged, antecedent: Judged | None) -> tuple[Finding, ...]:
    written = one.citation.written
    if antecedent is None:
        return (found("citation.no_antecedent", one.line, citation=written),)
    if antecedent.verdict != "holds":
        return (found("citation.antecedent", one.line, citation=written, antecedent=antecedent.citation.written),)
    return ()
