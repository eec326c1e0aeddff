"""The preparer's working state: which items were put together and why others stay open; decisions by content key, never copies of inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from remit.domain.line import Answers, Cannot, Case, Finding
from remit.domain.reasons import N_
from remit.domain.reconciliation import Item
from remit.lines.bookkeeping.books import Books, books

KINDS = {
    "timing": N_("Timing: the bank books it in another period"),
    "entry": N_("Entry proposed for the ledger"),
    "error": N_("Error on one side, to be put right"),
    "question": N_("Question to the client"),
}
"""Why an item is open; a question alone leaves it unexplained until it is answered."""


@dataclass(frozen=True)
class Tied:
    """Items put together; `by_rule` where software suggested it and a person took it over."""

    statement: tuple[str, ...]
    ledger: tuple[str, ...]
    by_rule: bool = False
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """Why an item is open; `account` is the ledger account of a proposed entry."""

    kind: str
    words: str = ""
    account: str = ""


@dataclass(frozen=True)
class Preparation:
    """All decisions of the step; `answers` by the open item's key."""

    ties: tuple[Tied, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def matched(self) -> frozenset[str]:
        """The keys of all items put together, of either side."""
        return frozenset(key for tie in self.ties for key in (*tie.statement, *tie.ledger))


def start(case: Case) -> Preparation:
    """Nothing decided."""
    return Preparation()


def match(case: Case, state: Preparation, values: Answers) -> Preparation:
    """Put items together; their sums must be equal to the cent."""
    return match_many(case, state, (values,))


def match_many(case: Case, state: Preparation, many: tuple[Answers, ...]) -> Preparation:
    """As one after the other, in one pass over the books."""
    both = books(case)
    taken = set(state.matched)
    ties = []
    for values in many:
        tie = Tied(_keys(values, "statement"), _keys(values, "ledger"), values.get("by_rule") is True, _words(values, "note"))
        _check_tie(both, tie, taken)
        taken.update(tie.statement, tie.ledger)
        ties.append(tie)
    answers = {key: answer for key, answer in state.answers.items() if key not in taken}
    return replace(state, ties=(*state.ties, *ties), answers=answers)


def split(case: Case, state: Preparation, values: Answers) -> Preparation:
    """Take the group of an item apart again."""
    key = _words(values, "item")
    kept = tuple(tie for tie in state.ties if key not in tie.statement and key not in tie.ledger)
    if len(kept) == len(state.ties):
        raise Cannot(Finding("work.not_matched", values={"item": key}))
    return replace(state, ties=kept)


def explain(case: Case, state: Preparation, values: Answers) -> Preparation:
    """Say why an item is open; a later answer replaces an earlier one."""
    kind, words = _words(values, "kind"), _words(values, "words")
    if kind not in ("timing", "error", "question"):
        raise Cannot(Finding("work.unknown_kind", values={"kind": kind}))
    if not words:
        raise Cannot(Finding("work.no_words", values={}))
    _open_item(books(case), state, values)
    return replace(state, answers={**state.answers, _words(values, "item"): Answer(kind, words)})


def propose(case: Case, state: Preparation, values: Answers) -> Preparation:
    """Propose the ledger entry that an item of the statement lacks; it is posted in the ledger itself, after review."""
    both = books(case)
    item = _open_item(both, state, values)
    account = _words(values, "account")
    if item.key not in both.statement.by_key:
        raise Cannot(Finding("work.only_statement", values={"item": item.key}))
    if not account:
        raise Cannot(Finding("work.no_account", values={}))
    return replace(state, answers={**state.answers, item.key: Answer("entry", _words(values, "words"), account)})


def withdraw(case: Case, state: Preparation, values: Answers) -> Preparation:
    """Take the answer of an item back."""
    key = _words(values, "item")
    if key not in state.answers:
        raise Cannot(Finding("work.no_answer", values={"item": key}))
    return replace(state, answers={other: answer for other, answer in state.answers.items() if other != key})


def _check_tie(both: Books, tie: Tied, taken: set[str]) -> None:
    if not tie.statement or not tie.ledger:
        raise Cannot(Finding("work.two_sides", values={}))
    sides = ((tie.statement, both.statement.by_key), (tie.ledger, both.ledger.by_key))
    unknown = [key for keys, known in sides for key in keys if key not in known]
    if unknown:
        raise Cannot(*(Finding("work.unknown_item", values={"item": key}) for key in unknown))
    twice = [key for keys, _ in sides for key in keys if key in taken or keys.count(key) > 1]
    if twice:
        raise Cannot(*(Finding("work.already_matched", values={"item": key}) for key in twice))
    one, other = (sum((known[key].amount for key in keys), Decimal(0)) for keys, known in sides)
    if one != other:
        raise Cannot(Finding("work.sums_differ", values={"statement": one, "ledger": other, "apart": one - other}))


def _open_item(both: Books, state: Preparation, values: Answers) -> Item:
    key = _words(values, "item")
    item = both.statement.by_key.get(key) or both.ledger.by_key.get(key)
    if item is None:
        raise Cannot(Finding("work.unknown_item", values={"item": key}))
    if key in state.matched:
        raise Cannot(Finding("work.already_matched", values={"item": key}))
    return item


def _keys(values: Answers, field: str) -> tuple[str, ...]:
    given: Any = values.get(field, ())
    keys: Iterable[Any] = (given,) if isinstance(given, str) else given if isinstance(given, list | tuple) else ()
    return tuple(str(key) for key in keys if key)


def _words(values: Answers, field: str) -> str:
    given = values.get(field)
    return given.strip() if isinstance(given, str) else ""
