"""The papers of a memo: the authorities, kept as bytes with their text, and a draft that is brought."""

from __future__ import annotations

from collections.abc import Iterator

from remit.domain.line import Answers, Case, Finding, Found, Paper, Place, Slot
from remit.domain.reasons import N_
from remit.formats import memos
from remit.formats.memos import AuthorityText, Memo, sources

MOST_AUTHORITIES = 60


def read_authority(paper: Paper, entity: Answers) -> tuple[AuthorityText | None, Found]:
    """The text of an opinion, statute or record: TXT, HTML, PDF or DOCX."""
    with paper.open() as file:
        return sources.read(file.read(sources.MOST_BYTES + 1))


def read_draft(paper: Paper, entity: Answers) -> tuple[Memo | None, Found]:
    """A memo in Markdown or DOCX."""
    with paper.open() as file:
        return memos.read(file.read())


def authority_fits(text: AuthorityText, case: Case) -> Iterator[Finding]:
    """It is not kept already."""
    if any(paper.value == text for paper in case.papers.get("authority", ())):
        yield Finding("memo.kept_twice", Place(path=(("line", 1), ("field", "text"))), {})


def draft_fits(memo: Memo, case: Case) -> Iterator[Finding]:
    """It has the parts of a memo under headings, or nothing of it could be taken over."""
    parts = memo.parts()
    if "question" not in parts and "discussion" not in parts:
        yield Finding("memo.no_parts", Place(path=(("line", 1), ("field", "heading"))), {})


SLOTS = (
    Slot("authority", N_("Authorities"), read_authority, AuthorityText, fits=authority_fits, least=0, most=MOST_AUTHORITIES),
    Slot("draft", N_("Draft memo"), read_draft, Memo, fits=draft_fits, least=0, holds="secret"),
)
