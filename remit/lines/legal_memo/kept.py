"""The memo beside the texts that are kept of its authorities: what is checked, and what is found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from remit.domain.line import Case, Paper
from remit.domain.quotations import Source
from remit.formats.citations import Judged, Paragraph, judged
from remit.formats.memos.check import Checked, check_paragraphs, identified
from remit.lines.legal_memo.memo import Draft

KEY_LETTERS = 16
"""Of a text's hash, by which its row is named."""
CHECKS_KEPT = 32
FIRST = ("question", "answer", "facts")
"""Parts before the discussion; the conclusion comes after it."""


def kept_papers(case: Case) -> Mapping[str, Paper]:
    """The papers of the authorities by the beginning of their hash."""
    return {paper.sha256[:KEY_LETTERS]: paper for paper in case.papers.get("authority", ())}


def kept_sources(case: Case) -> tuple[Source, ...]:
    """Their texts, as quotations are compared with them."""
    return tuple(Source(paper.name, paper.value.text) for paper in case.papers.get("authority", ()) if paper.value is not None)


def passages(state: Draft) -> tuple[tuple[str, str, str], ...]:
    """(key, kind, text) of all that is written, in the order in which it reads."""
    before = [(key, "text", state.parts[key]) for key in FIRST if state.parts.get(key)]
    after = [("conclusion", "text", state.parts["conclusion"])] if state.parts.get("conclusion") else []
    return (*before, *((passage.key, passage.kind, passage.text) for passage in state.discussion), *after)


def checked(case: Case, state: Draft) -> Checked:
    """All citations and quotations of the memo; the paragraph of each is the place of its passage in `passages`."""
    return _checked(passages(state), kept_sources(case), case.on.year)


@lru_cache(maxsize=CHECKS_KEPT)
def _checked(written: tuple[tuple[str, str, str], ...], sources: tuple[Source, ...], year: int) -> Checked:
    paragraphs = [Paragraph(text, 1, kind == "quote", kind == "heading") for _, kind, text in written]
    return check_paragraphs(paragraphs, sources, year)


def meant_by(case: Case, state: Draft, key: str) -> tuple[Judged, ...]:
    """The citations in full by which the memo means a kept text: as the drafter tied it, else as the text names itself."""
    found = checked(case, state)
    full = [one for one in found.citations if one.refers_to is None and one.citation.kind not in ("short", "id", "supra")]
    tied = state.ties.get(key)
    if tied is not None:
        return tuple(one for one in full if is_cited_by(one, tied.citation))
    paper = kept_papers(case).get(key)
    if paper is None or paper.value is None:
        return ()
    source = Source(paper.name, paper.value.text)
    return tuple(one for one in full if identified(one, found.citations, (source,)))


def standing_for(found: tuple[Judged, ...], one: Judged) -> tuple[Judged, ...]:
    """All citations of the same page of the same volume, in full or in short."""
    return tuple(each for each in found if (found[each.refers_to] if each.refers_to is not None else each).citation.key == one.citation.key)


def is_cited_by(one: Judged, written: str) -> bool:
    """Whether a citation is of the page that the words name, whatever pinpoints either gives; where they name none, whether they are the same."""
    keys = _keys(written)
    return one.citation.key in keys if keys else "".join(written.split()).lower() == "".join(one.citation.written.split()).lower()


@lru_cache(maxsize=256)
def _keys(written: str) -> frozenset[tuple[str, str, str]]:
    return frozenset(one.citation.key for one in judged([Paragraph(written, 1)], 9999))
