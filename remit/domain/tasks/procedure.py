"""The procedure that process work follows: numbered steps with exceptions; read from pasted text, held against its rules, compared with the version before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Literal

from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.redline import Changes, redline, words

MOST_STEPS, MOST_EXCEPTIONS = 300, 20
MOST_LETTERS = 1000
"""Of a step, and of each of its exceptions."""
ALIKE = 0.5
"""Steps that share at least so many words are one step that was changed; others were removed and added."""

AT = Sentence("procedure.at", N_("Line {line}: {fault}"))
NO_STEPS = Sentence("procedure.no_steps", N_("A procedure has at least one step."))
TOO_MANY = Sentence("procedure.too_many", N_("A procedure has {most} steps at most."))
NO_WORDS = Sentence("procedure.no_words", N_("Step {number} says nothing."))
TOO_LONG = Sentence("procedure.too_long", N_("Step {number} is longer than {most} characters: make two of it."))
BAD_NUMBER = Sentence("procedure.bad_number", N_("“{number}” is no number of a step: write 1, 1.1 or 2."))
TWICE = Sentence("procedure.twice", N_("Step {number} is there already."))
ORDER = Sentence("procedure.order", N_("Step {number} stands after step {before}."))
NO_PARENT = Sentence("procedure.no_parent", N_("Step {number} belongs to step {parent}, which is not there."))
EXCEPTION_FIRST = Sentence("procedure.exception_first", N_("An exception stands before the first step."))
MANY_EXCEPTIONS = Sentence("procedure.many_exceptions", N_("Step {number} has more than {most} exceptions."))
LONG_EXCEPTION = Sentence("procedure.long_exception", N_("An exception of step {number} is longer than {most} characters."))

NUMBER = re.compile(r"[1-9]\d{0,2}(?:\.[1-9]\d{0,2}){0,3}")
"""Four levels at most."""
NUMBERED = re.compile(r"(\d{1,3}(?:\.\d{1,3})+[.):]?\s+|\d{1,3}[.):]\s+|\d{1,3}\t+)(.*)")
BULLET = re.compile(r"[-–—*•]\s+(.*)")
WORD = re.compile(r"\w+")
EXCEPTION = re.compile(r"(?:[-–—*•]\s*)?(?:exceptions?|except|unless|ausnahmen?|au(?:ß|ss)er|sauf|изключени[ея]|освен)\s*:\s*(.*)", re.IGNORECASE)


@dataclass(frozen=True)
class ProcedureStep:
    """One step: `number` such as 1, 1.1 or 2; `exceptions` say when it is done otherwise."""

    number: str
    says: str
    exceptions: tuple[str, ...] = ()

    def row(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {"number": self.number, "says": self.says, "exceptions": list(self.exceptions)}


@dataclass(frozen=True)
class Written:
    """A step as somebody wrote it, in a line of text, row of a sheet or row of the page, counted from 1; the number may be empty."""

    line: int
    number: str
    says: str
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong, and in which line; 0 where it is the whole."""

    line: int
    why: Reason

    def said(self) -> Reason:
        """With its line, for a page or an answer."""
        return AT(line=self.line, fault=self.why) if self.line else self.why


def of_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[ProcedureStep, ...]:
    """Steps from what JSON kept."""
    return tuple(ProcedureStep(str(row["number"]), str(row["says"]), tuple(map(str, row.get("exceptions") or ()))) for row in rows)


def of_text(text: str) -> tuple[tuple[Written, ...], tuple[Fault, ...]]:
    """Numbered text as steps: 1., 1.1, 2) begin one; a dash under a numbered step begins a part of it; “Except: …” belongs to the step before.

    Other lines go on with what stands before them; where nothing is numbered, each line is a step.
    """
    lines = [(at, line.strip()) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    is_numbered = any(NUMBERED.match(line) for _, line in lines)
    found: list[Written] = []
    faults: list[Fault] = []
    parts, top = 0, ""
    for at, line in lines:
        if given := EXCEPTION.fullmatch(line):
            if found:
                found[-1] = replace(found[-1], exceptions=(*found[-1].exceptions, given[1].strip()))
            else:
                faults.append(Fault(at, EXCEPTION_FIRST()))
        elif given := NUMBERED.fullmatch(line):
            top, parts = given[1].strip().rstrip(".):"), 0
            found.append(Written(at, top, given[2].strip()))
        elif given := BULLET.fullmatch(line):
            parts += 1
            found.append(Written(at, f"{top}.{parts}" if top else "", given[1].strip()))
        elif is_numbered and found:
            found[-1] = _continued(found[-1], line)
        else:
            found.append(Written(at, "", line))
    return tuple(found), tuple(faults)


def _continued(step: Written, line: str) -> Written:
    if step.exceptions:
        return replace(step, exceptions=(*step.exceptions[:-1], f"{step.exceptions[-1]} {line}".strip()))
    return replace(step, says=f"{step.says} {line}".strip())


def steps_of(written: Iterable[Written]) -> tuple[tuple[ProcedureStep, ...], tuple[Fault, ...]]:
    """What was written as steps, and every fault with its line. A step without number gets the one that follows, on the level of the step before."""
    steps: list[ProcedureStep] = []
    faults: list[Fault] = []
    for each in written:
        before = steps[-1].number if steps else ""
        exceptions = tuple(said for one in each.exceptions if (said := one.strip()))
        step = ProcedureStep(each.number.strip().rstrip(".)") or following(before), each.says.strip(), exceptions)
        faults += [Fault(each.line, why) for why in _wrong(step, before, {one.number for one in steps})]
        steps.append(step)
    if not steps:
        faults.append(Fault(0, NO_STEPS()))
    if len(steps) > MOST_STEPS:
        faults.append(Fault(0, TOO_MANY(most=MOST_STEPS)))
    return tuple(steps), tuple(faults)


def following(number: str) -> str:
    """The next number on the same level; 1 where there is none before, or what stands there is none."""
    if not NUMBER.fullmatch(number):
        return "1"
    parent, dot, last = number.rpartition(".")
    return f"{parent}{dot}{int(last) + 1}"


def _wrong(step: ProcedureStep, before: str, there: set[str]) -> Iterable[Reason]:
    number = step.number[:20]
    if not NUMBER.fullmatch(step.number):
        yield BAD_NUMBER(number=number)
    elif step.number in there:
        yield TWICE(number=number)
    else:
        if NUMBER.fullmatch(before) and _place(step.number) < _place(before):
            yield ORDER(number=number, before=before)
        parent = step.number.rpartition(".")[0]
        if parent and parent not in there:
            yield NO_PARENT(number=number, parent=parent)
    if not step.says:
        yield NO_WORDS(number=number)
    if len(step.says) > MOST_LETTERS:
        yield TOO_LONG(number=number, most=MOST_LETTERS)
    if len(step.exceptions) > MOST_EXCEPTIONS:
        yield MANY_EXCEPTIONS(number=number, most=MOST_EXCEPTIONS)
    if any(len(each) > MOST_LETTERS for each in step.exceptions):
        yield LONG_EXCEPTION(number=number, most=MOST_LETTERS)


def _place(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]


@dataclass(frozen=True)
class Difference:
    """A step of either version once: `before` and `after` are its numbers, empty where it is not there; `says` and `exceptions` as a redline."""

    kind: Literal["same", "moved", "changed", "added", "removed"]
    before: str
    after: str
    says: Changes
    exceptions: tuple[Changes, ...] = ()


def compare(before: Sequence[ProcedureStep], after: Sequence[ProcedureStep]) -> tuple[Difference, ...]:
    """Both versions step by step, in order: what stayed, got another number, was changed, added or removed."""
    found: list[Difference] = []
    matcher = SequenceMatcher(None, [step.says for step in before], [step.says for step in after], autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            found += [_both(old, new) for old, new in zip(before[a1:a2], after[b1:b2], strict=True)]
        else:
            found += _replaced(before[a1:a2], after[b1:b2])
    return tuple(found)


def _replaced(gone: Sequence[ProcedureStep], come: Sequence[ProcedureStep]) -> Iterable[Difference]:
    at = 0
    for new in come:
        like = next((index for index in range(at, len(gone)) if _alike(gone[index].says, new.says)), None)
        if like is None:
            yield Difference("added", "", new.number, words("", new.says), redline((), new.exceptions))
            continue
        yield from map(_removed, gone[at:like])
        yield _both(gone[like], new)
        at = like + 1
    yield from map(_removed, gone[at:])


def _removed(old: ProcedureStep) -> Difference:
    return Difference("removed", old.number, "", words(old.says, ""), redline(old.exceptions, ()))


def _both(old: ProcedureStep, new: ProcedureStep) -> Difference:
    is_same = (old.says, old.exceptions) == (new.says, new.exceptions)
    kind: Literal["same", "moved", "changed"] = "changed" if not is_same else "same" if old.number == new.number else "moved"
    return Difference(kind, old.number, new.number, words(old.says, new.says), redline(old.exceptions, new.exceptions))


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, WORD.findall(one.casefold()), WORD.findall(other.casefold()), autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def unchanged(before: Iterable[ProcedureStep], after: Iterable[ProcedureStep]) -> frozenset[str]:
    """The numbers of the steps that are in both with the same words and exceptions: what was answered there still holds."""
    return frozenset(step.number for step in set(before) & set(after))
