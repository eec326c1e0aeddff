"""The worked examples of a service line: files, moves and what must come of them; demo, docs, screenshots and tests read the same."""

from __future__ import annotations

import hashlib
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from typing import Any

from remit.domain.line import Cannot, Case, Finding, Move, Paper, ServiceLine
from remit.lines import lines


@dataclass(frozen=True)
class Given:
    """A file of an example, and the codes that it is refused for, with line and field; empty where it is taken.

    `late`: comes after the moves; `taken_back`: goes then.
    """

    slot: str
    name: str
    data: bytes
    refused: tuple[tuple[str, int | None, str], ...] = ()
    late: bool = False
    taken_back: bool = False

    @property
    def paper(self) -> Paper:
        """As a slot reads it."""
        return Paper(self.name, hashlib.sha256(self.data).hexdigest(), lambda: io.BytesIO(self.data))


@dataclass(frozen=True)
class Made:
    """One move of a step, or (`take`) all suggestions that are sure; `cannot` names the rule by which it must be refused. `hand_in`: a deliverable is made."""

    step: str
    command: str = ""
    values: Mapping[str, Any] | None = None
    take: bool = False
    hand_in: bool = False
    cannot: str = ""


@dataclass(frozen=True, kw_only=True)
class Example:
    """One case as its folder tells it. `after` names the case whose `carry` comes in; `expects` holds `findings`, `quantities` and what a line adds."""

    line: str
    name: str
    says: str
    entity: Mapping[str, Any]
    answers: Mapping[str, Any]
    period: tuple[date, date]
    on: date
    after: str
    papers: tuple[Given, ...]
    moves: tuple[Made, ...]
    expects: Mapping[str, Any]


@dataclass(frozen=True)
class Played:
    """What came of an example: the case, each paper's findings, the first rule that each refused move breaks, the findings of the checks, the moves made."""

    case: Case
    papers: tuple[tuple[Given, tuple[Finding, ...]], ...]
    refused: tuple[str, ...]
    findings: tuple[Finding, ...]
    journal: tuple[tuple[str, Move], ...]


def names(line: str) -> tuple[str, ...]:
    """The cases of a line, sorted; none where it has no examples yet."""
    folder = files("remit.lines") / line / "examples"
    return tuple(sorted(case.name for case in folder.iterdir() if (case / "case.toml").is_file())) if folder.is_dir() else ()


def load(line: str, name: str) -> Example:
    """One case with the bytes of its files; FileNotFoundError where there is none."""
    folder = files("remit.lines") / line / "examples" / name
    told = tomllib.loads((folder / "case.toml").read_text("utf-8"))
    papers = []
    for paper in told.get("papers", ()):
        refused = tuple((found["code"], found.get("line"), found.get("field", "")) for found in paper.get("refused", ()))
        data = (folder / paper["file"]).read_bytes()
        papers.append(Given(paper["slot"], paper["file"], data, refused, paper.get("late", False), paper.get("taken_back", False)))
    return Example(
        line=line,
        name=name,
        says=told["says"],
        entity=told.get("entity", {}),
        answers=told.get("answers", {}),
        period=(told["period"]["from"], told["period"]["until"]),
        on=told["on"],
        after=told.get("after", ""),
        papers=tuple(papers),
        moves=tuple(Made(**move) for move in told.get("moves", ())),
        expects=told.get("expects", {}),
    )


def play(line: str, name: str) -> Played:
    """The case from its files to its findings, as an app would drive it; the cases before it first."""
    example, service = load(line, name), lines()[line]
    case = Case(entity=example.entity, period=example.period, on=example.on, answers=example.answers, carried=_carried(service, example))
    papers = []
    for given in (given for given in example.papers if not given.late):
        case, findings = receive(service, case, given)
        papers.append((given, findings))
    refused: list[str] = []
    journal: list[tuple[str, Move]] = []
    for made in example.moves:
        if made.hand_in:
            case = replace(case, handed_in={**case.handed_in, made.step: (*case.handed_in.get(made.step, ()), case.state(made.step))})
            continue
        for move in _moves(service, case, made):
            try:
                case = after(service, case, made.step, move)
            except Cannot as cannot:
                refused.append(cannot.findings[0].code)
                continue
            journal.append((made.step, move))
    for given in (given for given in example.papers if given.late):
        case, findings = receive(service, case, given)
        papers.append((given, findings))
    for given in (given for given in example.papers if given.taken_back):
        kept = tuple(paper for paper in case.papers.get(given.slot, ()) if paper.sha256 != given.paper.sha256)
        case = replace(case, papers={**case.papers, given.slot: kept})
    found = tuple(finding for step in service.steps for check in step.checks for finding in check(case))
    return Played(case, tuple(papers), tuple(refused), found, tuple(journal))


def receive(service: ServiceLine, case: Case, given: Given) -> tuple[Case, tuple[Finding, ...]]:
    """The case with the file in its slot, unless it cannot be read or an error refuses it; and all that was found."""
    slot = service.slot(given.slot)
    value, reading = slot.read(given.paper, case.entity)
    findings = (*reading, *(slot.fits(value, case) if value is not None else ()))
    if value is None or any(service.rule(finding.code).severity == "error" for finding in findings):
        return case, findings
    kept = (*case.papers.get(slot.code, ()), replace(given.paper, value=value))[-slot.most :]
    return replace(case, papers={**case.papers, slot.code: kept}), findings


def after(service: ServiceLine, case: Case, step: str, *moves: Move) -> Case:
    """The case after moves of a step's only pass; Cannot is passed on. Moves of one command that has `many` are made at one stroke."""
    work = service.step(step).work
    assert work is not None, step
    state = case.state(step) if case.states.get(step) else work.start(case)
    commands = {command.code: command for command in work.commands}
    many = commands[moves[0].command].many if moves and len({move.command for move in moves}) == 1 else None
    if many is not None:
        state = many(case, state, tuple(move.values for move in moves))
    else:
        for move in moves:
            state = commands[move.command].apply(case, state, move.values)
    return replace(case, states={**case.states, step: (state,)})


def _moves(service: ServiceLine, case: Case, made: Made) -> Iterable[Move]:
    if not made.take:
        return (Move(made.command, made.values or {}),)
    work = service.step(made.step).work
    assert work is not None, made.step
    state = case.state(made.step) if case.states.get(made.step) else work.start(case)
    return tuple(move for move in work.suggest(case, state) if move.sure)


def _carried(service: ServiceLine, example: Example) -> Any:
    if not example.after or service.carry is None:
        return None
    return service.carry(play(example.line, example.after).case)
