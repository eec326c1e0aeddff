"""A memo checked: each citation judged, each quotation compared with the sources that are kept, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from remit.domain.line import Finding
from remit.domain.quotations import Compared, Quotation, Source, compare, quotations
from remit.domain.quotations.compare import ALIKE, LEAST_WORDS, word_count
from remit.formats.citations import Judged, Paragraph, judged
from remit.formats.citations.rules import RULES, found
from remit.formats.memos.values import Memo, Passage

QuoteVerdict = Literal["holds", "fails", "not compared"]
ATTRIBUTION = re.compile(r"\n\s*(?:—|–|--|-)\s*[^\n]+$")
"""The last line of a block quotation that only says whose it is."""
SOON_LETTERS = 240
"""Between a quotation and the citation that it is attributed to."""
NEAR = 4
"""Paragraphs before a block quotation among which its authority is looked for."""
LEAD_LETTERS = 3
"""A dash before the citation that says whose a block quotation is."""
ALIKE_ANOTHERS, ALIKE_UNSAID = 0.85, 0.75
"""How much must agree before a quotation counts as one of a kept source that was changed: more, where the authority cited is not kept, or none is cited."""
SAID_LETTERS = 90
HEAD_LETTERS = 6000
"""Where an authority names itself: its parties and its docket."""
SMALL = frozenset(
    ("the", "of", "and", "in", "re", "ex", "parte", "inc", "co", "corp", "llc", "ltd", "al", "et", "state", "people", "united", "states", "city", "county")
)


@dataclass(frozen=True)
class Quoted:
    """A quotation of the memo with what was found; `cited`: the place, among all citations, of the one that it is attributed to."""

    quotation: Quotation
    paragraph: int
    line: int
    is_block: bool
    verdict: QuoteVerdict
    findings: tuple[Finding, ...] = ()
    compared: Compared | None = None
    cited: int | None = None


@dataclass(frozen=True)
class Checked:
    """All citations and quotations of a text, in its order."""

    citations: tuple[Judged, ...]
    quotations: tuple[Quoted, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found, by line."""
        every = [finding for cited in self.citations for finding in cited.findings] + [finding for quoted in self.quotations for finding in quoted.findings]
        return tuple(sorted(every, key=lambda finding: finding.place.line or 0))

    @property
    def fails(self) -> bool:
        """Whether a citation or a quotation fails."""
        return any(RULES[finding.code].severity == "error" for finding in self.findings)


def check(memo: Memo, sources: Sequence[Source] | None, today_year: int) -> Checked:
    """`sources`: the texts of the kept authorities; None: none were given, so that no quotation is compared."""
    return check_paragraphs([paragraph(passage) for passage in memo.passages], sources, today_year)


def paragraph(passage: Passage) -> Paragraph:
    """A passage as citations are found in it."""
    return Paragraph(passage.text, passage.line, passage.kind == "quote", passage.kind == "heading", passage.kind == "footnote")


def check_paragraphs(paragraphs: Sequence[Paragraph], sources: Sequence[Source] | None, today_year: int) -> Checked:
    """The same for paragraphs from elsewhere."""
    cited = judged(paragraphs, today_year)
    by_docket = _with_dockets(cited, sources or ())
    return Checked(by_docket, tuple(_quoted(paragraphs, by_docket, sources)))


def identified(judged_one: Judged, cited: Sequence[Judged], sources: Sequence[Source]) -> tuple[Source, ...]:
    """The kept sources that a citation means, by the parties, docket or page that they name at their beginning, or by their file's name."""
    citation = _home(judged_one, cited).citation
    return tuple(source for source in sources if _names(source, citation.name, citation.volume, citation.reporter, citation.page, citation.kind == "docket"))


def _home(one: Judged, cited: Sequence[Judged]) -> Judged:
    """The full citation that one stands for; itself where it is one."""
    return cited[one.refers_to] if one.refers_to is not None else one


def _names(source: Source, name: str, volume: str, reporter: str, page: str, is_docket: bool) -> bool:
    head = source.text[:HEAD_LETTERS]
    if is_docket:
        return _plain(page) in _plain(head)
    first, _, _second = name.partition(" v")
    parties = [word for word in re.findall(r"[a-z]{3,}", first.lower()) if word not in SMALL]
    if not parties:
        return False
    caption = re.search(rf"\b{re.escape(parties[-1])}\b[^\n]{{0,80}}(?:\n[^\n]{{0,80}})?\bv(?:s)?\.\s", head, re.IGNORECASE)
    in_name = parties[-1] in re.findall(r"[a-z]+", source.name.lower())
    # An opinion names many others in its running text; its own caption is set in capitals or stands in the first lines.
    return in_name or (caption is not None and (caption[0].split()[0].isupper() or head.count("\n", 0, caption.start()) < 4))


def _plain(text: str) -> str:
    return re.sub(r"[\u2010-\u2015]", "-", text)


def _with_dockets(cited: tuple[Judged, ...], sources: Sequence[Source]) -> tuple[Judged, ...]:
    """A docket that a kept source bears holds."""
    made = []
    for one in cited:
        if one.citation.kind == "docket" and one.verdict == "cannot be judged" and identified(one, cited, sources):
            rest = tuple(finding for finding in one.findings if finding.code != "citation.docket")
            one = replace(one, findings=rest, verdict="holds") if not rest else one
        made.append(one)
    return tuple(made)


def _quoted(paragraphs: Sequence[Paragraph], cited: tuple[Judged, ...], sources: Sequence[Source] | None) -> Iterator[Quoted]:
    standing: dict[int, list[int]] = {}
    for index, one in enumerate(cited):
        standing.setdefault(one.paragraph, []).append(index)
    for number, paragraph_of in enumerate(paragraphs):
        if paragraph_of.is_heading:
            continue
        here, following = standing.get(number, []), []
        if number + 1 < len(paragraphs) and (paragraph_of.is_quote or paragraphs[number + 1].is_note):
            following = standing.get(number + 1, [])
        for quotation in _of_paragraph(paragraph_of, [cited[index] for index in here]):
            is_before = paragraph_of.is_quote and number + 1 < len(paragraphs) and not paragraphs[number + 1].is_quote
            at = _attributed(quotation, here, following, cited, is_before)
            if at is None and paragraph_of.is_quote:
                at = next((standing[earlier][-1] for earlier in range(number - 1, max(-1, number - NEAR), -1) if earlier in standing), None)
            yield _judge(quotation, number, paragraph_of, at, cited, sources)


def _of_paragraph(paragraph_of: Paragraph, cited: Sequence[Judged]) -> tuple[Quotation, ...]:
    text = paragraph_of.text
    if not paragraph_of.is_quote:
        return quotations(text)
    block = ATTRIBUTION.sub("", text)
    # A citation after the quoted words belongs to the memo, not to the source; one in their midst is the source's own.
    last = next((one for one in reversed(cited) if not re.search(r"\w", re.sub(r"\([^()]*\)", "", text[one.citation.end :]))), None)
    if last is not None and last.citation.opens <= LEAD_LETTERS:
        return ()
    if last is not None:
        block = block[: min(len(block), last.citation.opens)]
    begin = len(block) - len(block.lstrip())
    stripped = block.strip()
    if stripped[:1] in '“"' and stripped[-1:] in '”"' and len(stripped) > 2:
        return (Quotation(stripped[1:-1], begin, begin + len(stripped)),)
    return (Quotation(stripped, begin, begin + len(stripped)),) if stripped else ()


def _judge(quotation: Quotation, number: int, where: Paragraph, at: int | None, cited: tuple[Judged, ...], sources: Sequence[Source] | None) -> Quoted:
    line = where.line_at(quotation.start)
    said = _short(quotation.text)
    made = Quoted(quotation, number, line, where.is_quote, "not compared", cited=at)
    if not quotation.closed:
        return replace(made, findings=(found("quotation.open", line, "quotation", quotation=said),))
    if sources is None:
        return replace(made, findings=(found("quotation.not_compared", line, "quotation", quotation=said),))
    meant = identified(cited[at], cited, sources) if at is not None else ()
    is_anothers = at is not None and not meant and bool(_home(cited[at], cited).citation.name)
    alike = ALIKE if meant else ALIKE_ANOTHERS if is_anothers else ALIKE_UNSAID
    compared = compare(quotation.text, (*meant, *(source for source in sources if source not in meant)), alike)
    verdict, findings = _verdict(compared, said, line, quotation.text, meant)
    return replace(made, verdict=verdict, findings=findings, compared=compared)


def _verdict(compared: Compared, said: str, line: int, text: str, meant: tuple[Source, ...]) -> tuple[QuoteVerdict, tuple[Finding, ...]]:
    if compared.verdict in ("same", "nothing"):
        return "holds", ()
    if compared.verdict == "differs" and compared.source is not None:
        values = {"quotation": said, "source": _place(compared)}
        if not compared.written and not compared.reads:
            return "fails", (found("quotation.points", line, "quotation", **values),)
        return "fails", (found("quotation.differs", line, "quotation", written=compared.written or "–", reads=compared.reads or "–", **values),)
    if meant and word_count(text) >= LEAST_WORDS:
        return "fails", (found("quotation.absent", line, "quotation", quotation=said, source=", ".join(source.name for source in meant)),)
    return "not compared", (found("quotation.not_kept", line, "quotation", quotation=said),)


def _place(compared: Compared) -> str:
    """Name and line of the source; a place of a text, not words to be translated."""
    assert compared.source is not None
    return f"{compared.source.name}:{compared.line}"


def _attributed(quotation: Quotation, here: list[int], following: list[int], cited: tuple[Judged, ...], is_before_text: bool) -> int | None:
    """The citation that follows soon in the paragraph; else the one before; else the first of the paragraph after (a footnote, the text after a block)."""
    after = next((index for index in here if cited[index].citation.start >= quotation.end - 1), None)
    if after is not None and cited[after].citation.opens - quotation.end <= SOON_LETTERS:
        return after
    if is_before_text and following and cited[following[0]].citation.opens < SAID_LETTERS:
        return following[0]
    before = next((index for index in reversed(here) if cited[index].citation.end <= quotation.start), None)
    return before if before is not None else next(iter(following), None)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SAID_LETTERS else words[: SAID_LETTERS - 1].rstrip() + "…"


def table_of_authorities(checked: Checked) -> tuple[tuple[Judged, tuple[int, ...]], ...]:
    """Each authority cited in full once, cases by name, then the rest, with the lines on which it or what refers to it stands."""
    lines: dict[int, list[int]] = {}
    first: dict[object, int] = {}
    for index, one in enumerate(checked.citations):
        home = one.refers_to if one.refers_to is not None else index
        if checked.citations[home].citation.kind in ("short", "id", "supra"):
            continue
        key = (*checked.citations[home].citation.key, checked.citations[home].citation.kind)
        lines.setdefault(first.setdefault(key, home), []).append(one.line)
    rows = [(checked.citations[home], tuple(sorted(set(at)))) for home, at in lines.items()]
    order = {"case": 0, "neutral": 0, "database": 0, "docket": 0, "constitution": 1, "statute": 2, "regulation": 3, "rule": 4}
    return tuple(sorted(rows, key=lambda row: (order.get(row[0].citation.kind, 5), row[0].citation.name.lower(), row[0].citation.written)))


__all__ = ["Checked", "Quoted", "check", "check_paragraphs", "identified", "table_of_authorities"]
