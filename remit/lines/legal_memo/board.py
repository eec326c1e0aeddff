"""How the drafter's memo is shown, and what software suggests for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from remit.domain.document import Facts, Table
from remit.domain.line import Board, Case, Finding, Move
from remit.domain.reasons import N_, Sentence
from remit.formats.memos import Memo
from remit.formats.memos import Passage as Read
from remit.lines.legal_memo.kept import FIRST, checked, kept_papers, meant_by, standing_for
from remit.lines.legal_memo.memo import KINDS, PARTS, Draft

COLUMNS = (N_("Part"), N_("Text"), N_("State"))
MISSING = Sentence("passage.missing", N_("not written yet"))
TIED = Sentence("authority.tied", N_("cited as {citation}, at {pinpoint}"))
TIED_WHOLE = Sentence("authority.tied_whole", N_("cited as {citation}, no pinpoint"))
UNTIED = Sentence("authority.untied", N_("no citation given yet"))
HOLD = Sentence("verdicts.hold", N_("hold"))
FAIL = Sentence("verdicts.fail", N_("fail"))
UNJUDGED = Sentence("verdicts.unjudged", N_("cannot be judged, or were not compared"))
CITATIONS, QUOTATIONS = N_("Citations"), N_("Quotations")


def show(case: Case, state: Draft) -> Board:
    """The memo from question to conclusion, then the texts that are kept; above it how citations and quotations stand."""
    return Board(
        surface="text",
        columns=COLUMNS,
        rows=tuple(_rows(case, state)),
        above=(
            Facts(((N_("Jurisdiction"), state.jurisdiction or MISSING()), (N_("Date of the law"), state.law_as_of or MISSING()))),
            verdicts(case, state),
        ),
        commands=("frame", "add", "write", "strike", "rise", "tie", "untie"),
    )


def verdicts(case: Case, state: Draft) -> Table:
    """How many citations and quotations hold, fail, and could not be judged."""
    found = checked(case, state)

    def counts(verdicts: list[str]) -> tuple[int, int, int]:
        holding, failing = verdicts.count("holds"), verdicts.count("fails")
        return holding, failing, len(verdicts) - holding - failing

    cited, quoted = counts([one.verdict for one in found.citations]), counts([one.verdict for one in found.quotations])
    rows = tuple((label(), one, other) for label, one, other in zip((HOLD, FAIL, UNJUDGED), cited, quoted, strict=True))
    return Table(("", CITATIONS, QUOTATIONS), rows, caption=N_("Checked against tables and kept texts"), align=("start", "end", "end"))


def suggest(case: Case, state: Draft) -> Iterator[Move]:
    """What brief and draft already say where the memo has nothing, and how each kept text is cited."""
    memo: Memo | None = case.one("draft")
    parts = memo.parts() if memo else {}
    question = parts.get("question", ())
    if not state.parts.get("question") and question:
        yield Move("frame", {"question": _joined(question)}, _from(question[0]), sure=True)
    elif not state.parts.get("question") and isinstance(case.answers.get("question"), str) and case.answers["question"].strip():
        yield Move("frame", {"question": case.answers["question"]}, Finding("memo.from_brief"), sure=True)
    framing = {name: value for name in ("jurisdiction", "law_as_of") if (value := _said(case, name)) and not getattr(state, name)}
    if framing:
        yield Move("frame", framing, Finding("memo.from_brief"), sure=True)
    for part in ("answer", "facts", "conclusion"):
        if not state.parts.get(part) and parts.get(part):
            yield Move("write", {"item": part, "text": _joined(parts[part])}, _from(parts[part][0]), sure=True)
    if not state.discussion:
        for passage in parts.get("discussion", ()):
            kind = passage.kind if passage.kind in KINDS else "text"
            yield Move("add", {"kind": kind, "text": _joined((passage,))}, _from(passage), sure=True)
    yield from _ties(case, state)


def _ties(case: Case, state: Draft) -> Iterator[Move]:
    found = checked(case, state).citations
    for key in kept_papers(case):
        if key in state.ties:
            continue
        meant = meant_by(case, state, key)
        first = {one.citation.key: one for one in reversed(meant)}
        for one in reversed(first.values()):
            pinpoints = dict.fromkeys(each.citation.pinpoint for each in standing_for(found, one) if each.citation.pinpoint)
            cited = ", ".join(part for part in (one.citation.name, one.citation.written) if part)
            values = {"item": key, "citation": cited, "pinpoint": ", ".join(pinpoints)}
            yield Move("tie", values, Finding("memo.names_itself"), sure=len(first) == 1)


def _rows(case: Case, state: Draft) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for key in FIRST:
        yield _part(state, key)
    for passage in state.discussion:
        yield passage.key, (KINDS[passage.kind], passage.text, None)
    yield _part(state, "conclusion")
    for key, paper in kept_papers(case).items():
        tie = state.ties.get(key)
        says = UNTIED() if tie is None else TIED(citation=tie.citation, pinpoint=tie.pinpoint) if tie.pinpoint else TIED_WHOLE(citation=tie.citation)
        yield key, (N_("Authority"), paper.name, says)


def _part(state: Draft, key: str) -> tuple[str, tuple[Any, ...]]:
    text = state.parts.get(key, "")
    return key, (PARTS[key], text, None if text else MISSING())


def _joined(passages: tuple[Read, ...]) -> str:
    """Line ends of the draft's file are spaces; its paragraphs stay apart."""
    return "\n\n".join(" ".join(passage.text.split()) for passage in passages)


def _from(passage: Read) -> Finding:
    return Finding("memo.from_draft", values={"line": passage.line})


def _said(case: Case, name: str) -> str:
    """An answer of the brief, where it can be one: a day must be a day."""
    given = case.answers.get(name)
    if isinstance(given, date):
        return given.isoformat()
    text = given.strip() if isinstance(given, str) else ""
    if name == "law_as_of" and text:
        try:
            date.fromisoformat(text)
        except ValueError:
            return ""
    return text
