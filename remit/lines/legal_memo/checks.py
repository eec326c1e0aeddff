"""What must hold before a memo is handed in; pure functions over the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remit.domain.line import Case, Finding, Place
from remit.domain.quotations.compare import LEAST_WORDS, word_count
from remit.lines.legal_memo.kept import checked, is_cited_by, kept_papers, meant_by, passages
from remit.lines.legal_memo.memo import PARTS, Draft

CASES = ("case", "docket")
"""Kinds of citations whose text is to be kept."""


def written(case: Case) -> Draft:
    """The drafter's state; nothing written where the step has not begun."""
    state: Draft = case.state("draft") or Draft()
    return state


def framed(case: Case) -> Iterator[Finding]:
    """Question, jurisdiction and date of the law are stated."""
    state = written(case)
    if not state.parts.get("question"):
        yield Finding("memo.no_question", _at("question", "question"))
    if not state.jurisdiction:
        yield Finding("memo.no_jurisdiction", _at("question", "jurisdiction"))
    if state.law_as_of is None:
        yield Finding("memo.no_law_date", _at("question", "law_as_of"))


def whole(case: Case) -> Iterator[Finding]:
    """Every part has text."""
    state = written(case)
    for part in PARTS:
        if part != "question" and not state.parts.get(part):
            yield Finding(f"memo.no_{part}", _at(part, "text"))
    if not any(passage.kind != "heading" for passage in state.discussion):
        yield Finding("memo.no_discussion", _at("discussion", "text"))


def citations(case: Case) -> Iterator[Finding]:
    """Each citation against the tables of reporters and courts."""
    state = written(case)
    keys = [key for key, _, _ in passages(state)]
    for one in checked(case, state).citations:
        yield from (replace(finding, place=_at(keys[one.paragraph], finding.place.field or "citation")) for finding in one.findings)


def quotations(case: Case) -> Iterator[Finding]:
    """Each quotation letter by letter with the kept texts; one that nothing proves is an error, but for a few words."""
    state = written(case)
    keys = [key for key, _, _ in passages(state)]
    for one in checked(case, state).quotations:
        place = _at(keys[one.paragraph], "quotation")
        if one.verdict == "not compared" and one.quotation.closed and word_count(one.quotation.text) >= LEAST_WORDS:
            yield Finding("memo.unproven", place, {"quotation": one.findings[0].values["quotation"]})
        else:
            yield from (replace(finding, place=place) for finding in one.findings)


def authorities(case: Case) -> Iterator[Finding]:
    """Each case cited is kept with a pinpoint, each text kept is cited, and none is later than the law that is told."""
    state = written(case)
    papers, found = kept_papers(case), checked(case, state)
    keys = [key for key, _, _ in passages(state)]
    proven = {one.citation.key for key in papers for one in meant_by(case, state, key)}
    seen = set()
    for one in found.citations:
        if one.refers_to is not None or one.citation.key in seen:
            continue
        seen.add(one.citation.key)
        if one.citation.kind in CASES and one.citation.key not in proven and not _is_beside(one.citation.group, one.paragraph, proven, found.citations):
            yield Finding("memo.not_kept", _at(keys[one.paragraph], "citation"), {"citation": one.citation.written})
        if state.law_as_of is not None and one.citation.year is not None and one.citation.year > state.law_as_of.year:
            values = {"citation": one.citation.written, "law_as_of": state.law_as_of}
            yield Finding("memo.after_law", _at(keys[one.paragraph], "year"), values)
    for key, tie in sorted(state.ties.items()):
        if key not in papers:
            yield Finding("memo.authority_lost", _at(key, "authority"), {"citation": tie.citation})
        elif not tie.pinpoint:
            yield Finding("memo.no_pinpoint", _at(key, "pinpoint"), {"citation": tie.citation})
        if found.citations and not any(is_cited_by(one, tie.citation) for one in found.citations):
            yield Finding("memo.kept_uncited", _at(key, "authority"), {"citation": tie.citation})


def _is_beside(group: int, paragraph: int, proven: set[tuple[str, str, str]], found: tuple[object, ...]) -> bool:
    """Whether a parallel citation of the same decision is proven."""
    return any(one.citation.group == group and one.paragraph == paragraph and one.citation.key in proven for one in found)  # type: ignore[attr-defined]


def _at(key: str, field: str) -> Place:
    return Place("draft", (("item", key), ("field", field)))
