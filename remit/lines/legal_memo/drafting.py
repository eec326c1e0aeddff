"""What the drafter does: frame the question, write and order passages, say how each kept text is cited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from remit.domain.line import Answers, Cannot, Case, Finding
from remit.lines.legal_memo.kept import kept_papers
from remit.lines.legal_memo.memo import KINDS, PARTS, Draft, Passage, Tie


def start(case: Case) -> Draft:
    """Nothing written."""
    return Draft()


def frame(case: Case, state: Draft, values: Answers) -> Draft:
    """State the question, the jurisdiction and the day as of which the law is told; what is left empty stays as it is."""
    question, jurisdiction, on = (_words(values, name) for name in ("question", "jurisdiction", "law_as_of"))
    if not (question or jurisdiction or on):
        raise Cannot(Finding("work.empty"))
    parts = {**state.parts, "question": _text(question)} if question else state.parts
    return replace(state, parts=parts, jurisdiction=_text(jurisdiction) if jurisdiction else state.jurisdiction, law_as_of=_day(on) or state.law_as_of)


def add(case: Case, state: Draft, values: Answers) -> Draft:
    """A passage at the end of the discussion."""
    text, kind = _text(_words(values, "text")), _words(values, "kind") or "text"
    if kind not in KINDS:
        raise Cannot(Finding("work.unknown_kind", values={"kind": kind}))
    number = state.made + 1
    return replace(state, discussion=(*state.discussion, Passage(f"p{number}", kind, text)), made=number)


def add_many(case: Case, state: Draft, many: tuple[Answers, ...]) -> Draft:
    """As one after the other."""
    for values in many:
        state = add(case, state, values)
    return state


def write(case: Case, state: Draft, values: Answers) -> Draft:
    """Write a part, or a passage anew."""
    key, text = _words(values, "item"), _text(_words(values, "text"))
    if key in PARTS:
        return replace(state, parts={**state.parts, key: text})
    at = _place(state, key)
    return replace(state, discussion=tuple(replace(passage, text=text) if index == at else passage for index, passage in enumerate(state.discussion)))


def strike(case: Case, state: Draft, values: Answers) -> Draft:
    """Take a passage out of the discussion."""
    at = _place(state, _words(values, "item"))
    return replace(state, discussion=(*state.discussion[:at], *state.discussion[at + 1 :]))


def rise(case: Case, state: Draft, values: Answers) -> Draft:
    """Put a passage before the one that stands before it."""
    key = _words(values, "item")
    at = _place(state, key)
    if at == 0:
        raise Cannot(Finding("work.first", values={"item": key}))
    before, passage = state.discussion[at - 1], state.discussion[at]
    return replace(state, discussion=(*state.discussion[: at - 1], passage, before, *state.discussion[at + 1 :]))


def tie(case: Case, state: Draft, values: Answers) -> Draft:
    """Say by which citation a kept text is meant, and where in it."""
    key, citation = _words(values, "item"), _words(values, "citation")
    if key not in kept_papers(case):
        raise Cannot(Finding("work.unknown_authority", values={"item": key}))
    if not citation:
        raise Cannot(Finding("work.no_citation"))
    return replace(state, ties={**state.ties, key: Tie(citation, _words(values, "pinpoint"))})


def untie(case: Case, state: Draft, values: Answers) -> Draft:
    """Take that back."""
    key = _words(values, "item")
    if key not in state.ties:
        raise Cannot(Finding("work.not_tied", values={"item": key}))
    return replace(state, ties={other: kept for other, kept in state.ties.items() if other != key})


def _place(state: Draft, key: str) -> int:
    if key in PARTS:
        raise Cannot(Finding("work.fixed", values={"item": key}))
    at = next((index for index, passage in enumerate(state.discussion) if passage.key == key), None)
    if at is None:
        raise Cannot(Finding("work.unknown_passage", values={"item": key}))
    return at


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Cannot(Finding("work.empty"))
    return text


def _day(written: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Cannot(Finding("work.not_a_date", values={"value": written[:40]})) from None


def _words(values: Answers, name: str) -> str:
    given = values.get(name)
    return given.strip() if isinstance(given, str) else given.isoformat() if isinstance(given, date) else ""
