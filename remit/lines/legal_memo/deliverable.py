"""What the attorney receives: the memo with its table of authorities and what was checked, and a redline against the version before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from remit.domain.document import Block, Document, Facts, Heading, Paragraph, Revised, Table
from remit.domain.line import Case, Deliverable
from remit.domain.reasons import N_
from remit.domain.redline import redline
from remit.formats.citations import RULES
from remit.formats.document.docx import write_docx
from remit.formats.document.pdf import write_pdf
from remit.formats.memos.check import Checked, table_of_authorities
from remit.lines.legal_memo.checks import written
from remit.lines.legal_memo.kept import FIRST, checked, is_cited_by, kept_papers, passages, standing_for
from remit.lines.legal_memo.memo import PARTS, Draft

Say = Callable[..., str]
WORK_PRODUCT = N_("Attorney work product. Privileged and confidential. Prepared at the direction of the attorney named below, for that attorney alone.")
NO_ADVICE = N_("This memo is no advice to the client. Advice to the client is a reserved act, which the responsible attorney does or does not do.")
VERDICTS = {
    "holds": N_("holds"),
    "fails": N_("fails"),
    "cannot be judged": N_("cannot be judged"),
    "not compared": N_("not compared"),
}
QUOTATION_LETTERS = 120


def make(case: Case, say: Say) -> Deliverable:
    """The memo, and a redline where it was handed in before; nothing in them depends on the moment of making."""
    state, found = written(case), checked(case, written(case))
    subject = f"{case.entity.get('name', '')} {case.period[0]:%Y-%m}".strip()
    facts = {"subject": say(N_("Attorney work product")), "date": case.on.isoformat(), "author": case.people.get("draft", "")}
    blocks: tuple[Block, ...] = (
        Heading(say(N_("Memorandum")), 1),
        Paragraph(say(WORK_PRODUCT), "warning"),
        Facts(
            (
                (say(N_("To")), str(case.answers.get("attorney") or "–")),
                (say(N_("From")), case.people.get("draft") or "–"),
                (say(N_("Client")), case.entity.get("name", "")),
                (say(N_("Jurisdiction")), state.jurisdiction),
                (say(N_("Date of the law")), state.law_as_of),
                (say(N_("Date")), case.on),
            )
        ),
        *_body(state, say),
        *_authorities(case, state, found, say),
        *_checked(found, say),
        Paragraph(say(NO_ADVICE), "note"),
    )
    document = Document(title=" ".join((say(N_("Memorandum")), subject)).strip(), blocks=blocks, facts=facts)
    return Deliverable(document, dict(_redlines(case, state, facts, say)), forms=("pdf", "docx"))


def _body(state: Draft, say: Say) -> Iterator[Block]:
    for part in FIRST:
        yield Heading(say(PARTS[part]))
        yield from _paragraphs(state.parts.get(part, ""))
    yield Heading(say(N_("Discussion")))
    for passage in state.discussion:
        if passage.kind == "heading":
            yield Heading(passage.text, 3)
        else:
            yield from _paragraphs(passage.text, passage.kind)
    yield Heading(say(PARTS["conclusion"]))
    yield from _paragraphs(state.parts.get("conclusion", ""))


def _paragraphs(text: str, kind: str = "text") -> Iterator[Block]:
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            yield Paragraph(" ".join(paragraph.split()), "quote" if kind == "quote" else "plain")


def _authorities(case: Case, state: Draft, found: Checked, say: Say) -> Iterator[Block]:
    """Each authority once, with its pinpoints and the file that is kept of it."""
    yield Heading(say(N_("Table of authorities")))
    rows = []
    papers = kept_papers(case)
    for judged, _ in table_of_authorities(found):
        at = dict.fromkeys(one.citation.pinpoint for one in standing_for(found.citations, judged) if one.citation.pinpoint)
        tied = next((key for key, tie in state.ties.items() if is_cited_by(judged, tie.citation)), "")
        paper = papers.get(tied)
        cited = ", ".join(part for part in (judged.citation.name, judged.citation.written) if part)
        kept = (paper.name, paper.sha256) if paper else (say(N_("not kept")), "")
        rows.append((cited, "; ".join(at) or (state.ties[tied].pinpoint if tied else ""), *kept))
    columns = tuple(say(column) for column in (N_("Authority"), N_("Pinpoint"), N_("Kept as"), N_("SHA-256")))
    if rows:
        yield Table(columns, tuple(rows))
    else:
        yield Paragraph(say(N_("The memo cites no authority.")), "note")


def _checked(found: Checked, say: Say) -> Iterator[Block]:
    """Every citation and quotation with its verdict, and why."""
    yield Heading(say(N_("What was checked")))
    yield Paragraph(
        say(
            N_(
                "Citations were checked offline against tables of reporters and courts, quotations letter by letter against the kept texts. That an authority"
                " says what it is cited for, and that it is still good law, was not checked by a program."
            )
        ),
        "note",
    )
    rows: list[tuple[Any, ...]] = [(one.citation.written, say(VERDICTS[one.verdict]), _why(one.findings, say)) for one in found.citations]
    for quoted in found.quotations:
        text = " ".join(quoted.quotation.text.split())
        shown = text if len(text) <= QUOTATION_LETTERS else f"{text[: QUOTATION_LETTERS - 1]}…"
        source = quoted.compared.source if quoted.compared else None
        where = f"{source.name}:{quoted.compared.line}" if source and quoted.compared and quoted.verdict == "holds" else _why(quoted.findings, say)
        rows.append((f"“{shown}”", say(VERDICTS[quoted.verdict]), where))
    if rows:
        yield Table(tuple(say(column) for column in (N_("As written"), N_("Verdict"), N_("Why, or where it stands"))), tuple(rows))


def _why(findings: tuple[Any, ...], say: Say) -> str:
    return " ".join(say(RULES[finding.code].says, **finding.values) for finding in findings)


def _redlines(case: Case, state: Draft, facts: dict[str, str], say: Say) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    """Against the newest version that was handed in before, as DOCX with tracked changes and as PDF."""
    versions = case.handed_in.get("draft", ())
    if not versions:
        return
    number = len(versions) + 1
    title = say(N_("Redline of version {number} against version {before}"), number=number, before=number - 1)
    blocks = tuple(Revised(changes) for changes in redline(_texts(versions[-1]), _texts(state)))
    document = Document(title=title, blocks=(Heading(title, 1), Paragraph(say(WORK_PRODUCT), "warning"), *blocks), facts=facts)
    yield f"redline-{number - 1}-{number}.docx", (write_docx(document),)
    yield f"redline-{number - 1}-{number}.pdf", (write_pdf(document),)


def _texts(state: Draft) -> list[str]:
    return [part for _, _, text in passages(state) for part in text.split("\n\n") if part.strip()]
