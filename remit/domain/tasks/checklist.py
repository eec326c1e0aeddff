"""The checklist of process work: the steps of the procedure that the item follows, each done or departed from with a reason.

The procedure is frozen in the item's answers when the item is opened: `procedure = {reference, version, steps: [{number, says, exceptions}]}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from remit.domain.document import Block, Heading, Table
from remit.domain.line import Answers, Board, Cannot, Case, Command, Finding, Question, Rule, Work
from remit.domain.reasons import N_, Sentence
from remit.domain.tasks.procedure import ProcedureStep, of_rows

HOUSE = N_("House rule for process work")
DONE, OPEN = Sentence("checklist.done", N_("done")), Sentence("checklist.open", N_("to do"))
DEPARTED = Sentence("checklist.departed", N_("departed from: {why}"))
EXCEPT = Sentence("checklist.except", N_("{says} (except: {exceptions})"))

RULES = (
    Rule("procedure.step_open", "error", N_("Step {number} of the procedure is neither done nor departed from."), HOUSE, holds=N_("Every step is answered.")),
    Rule("procedure.departed", "note", N_("Step {number} of the procedure was departed from: {why}"), HOUSE),
    Rule("procedure.none", "note", N_("No procedure is on file for this task."), HOUSE),
    Rule("procedure.unknown", "error", N_("The procedure has no step {number}."), HOUSE),
    Rule("procedure.why", "error", N_("Whoever departs from a step says why."), HOUSE),
)
MOST_LETTERS = 2000


@dataclass(frozen=True)
class Ticked:
    """A step that was answered; `why` where it was departed from."""

    number: str
    why: str = ""


@dataclass(frozen=True)
class Checklist:
    """The answers so far, in the order given."""

    ticked: tuple[Ticked, ...] = ()

    @property
    def by_number(self) -> dict[str, Ticked]:
        """Each answered step."""
        return {each.number: each for each in self.ticked}


def steps(case: Case) -> tuple[ProcedureStep, ...]:
    """Those of the procedure that was frozen with the item."""
    kept = case.answers.get("procedure")
    return of_rows(kept.get("steps", ())) if isinstance(kept, Mapping) else ()


def start(case: Case) -> Checklist:
    """Nothing is done."""
    return Checklist()


def tick(case: Case, state: Checklist, values: Answers) -> Checklist:
    """A step is done."""
    return _answered(case, state, Ticked(_number(case, values)))


def depart(case: Case, state: Checklist, values: Answers) -> Checklist:
    """A step is left out or done otherwise, with the reason."""
    why = values.get("why")
    words = why.strip()[:MOST_LETTERS] if isinstance(why, str) else ""
    if not words:
        raise Cannot(Finding("procedure.why"))
    return _answered(case, state, Ticked(_number(case, values), words))


def untick(case: Case, state: Checklist, values: Answers) -> Checklist:
    """Take the answer back."""
    number = _number(case, values)
    if number not in state.by_number:
        raise Cannot(Finding("procedure.unknown", values={"number": number}))
    return replace(state, ticked=tuple(each for each in state.ticked if each.number != number))


def _number(case: Case, values: Answers) -> str:
    number = values.get("item")
    if not isinstance(number, str) or number not in {step.number for step in steps(case)}:
        raise Cannot(Finding("procedure.unknown", values={"number": str(number)[:20]}))
    return number


def _answered(case: Case, state: Checklist, given: Ticked) -> Checklist:
    if state.by_number.get(given.number) == given:
        raise Cannot(Finding("procedure.unknown", values={"number": given.number}))
    return replace(state, ticked=(*(each for each in state.ticked if each.number != given.number), given))


def show(case: Case, state: Checklist) -> Board:
    """The steps in order with their answers."""
    rows = [(step.number, (step.number, words(step), _said(state.by_number.get(step.number)))) for step in steps(case)]
    return Board(surface="table", columns=(N_("No."), N_("Step"), N_("State")), rows=rows, commands=tuple(each.code for each in COMMANDS))


def words(step: ProcedureStep) -> Any:
    """What the step says, with its exceptions."""
    return EXCEPT(says=step.says, exceptions="; ".join(step.exceptions)) if step.exceptions else step.says


def _said(given: Ticked | None) -> Any:
    return OPEN() if given is None else DEPARTED(why=given.why) if given.why else DONE()


def checks(case: Case) -> Iterator[Finding]:
    """Every step is answered; a departure is said."""
    state = case.state("checklist")
    given = state.by_number if isinstance(state, Checklist) else {}
    known = steps(case)
    if not known:
        yield Finding("procedure.none")
    for number in (step.number for step in known):
        if number not in given:
            yield Finding("procedure.step_open", values={"number": number})
        elif given[number].why:
            yield Finding("procedure.departed", values={"number": number, "why": given[number].why})


def written(case: Case, state: Checklist, say: Any) -> tuple[Block, ...]:
    """The checklist as part of a document."""
    rows = []
    for step in steps(case):
        said, told = _said(state.by_number.get(step.number)), words(step)
        rows.append((step.number, told if isinstance(told, str) else say(told.says, **told.values), say(said.says, **said.values)))
    return (Heading(say(N_("Procedure"))), Table((say(N_("No.")), say(N_("Step")), say(N_("State"))), tuple(rows))) if rows else ()


ROW = Question("item", N_("Step"), at="command")
COMMANDS = (
    Command("tick", N_("Done"), (ROW,), tick, key="d"),
    Command("depart", N_("Depart from it"), (ROW, Question("why", N_("Why"), at="command")), depart, key="e"),
    Command("untick", N_("Take the answer back"), (ROW,), untick, key="w"),
)
WORK = Work(Checklist, start, COMMANDS, show)
