"""The service line as one task of it is done: its own steps or the house's, with sheet or checklist beside the working step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from remit.domain.document import Document, Facts, Heading, Table
from remit.domain.line import Answers, Case, Deliverable, Finding, Need, Paper, ServiceLine, Slot, Step, Task
from remit.domain.reasons import N_
from remit.domain.tasks import checklist, sheet

SHEET, CHECKLIST, PREPARE, REVIEW, RESULT = "sheet", "checklist", "prepare", "review", "result"
MOST_RESULTS = 30


@dataclass(frozen=True)
class Attached:
    """A file that goes out as it came; the house does not read it."""

    name: str


def _attached(paper: Paper, entity: Answers) -> tuple[Attached, tuple[Finding, ...]]:
    return Attached(paper.name), ()


RESULTS = Slot(RESULT, N_("What goes out"), _attached, Attached, most=MOST_RESULTS)


def slot_of(line: ServiceLine, code: str) -> Slot:
    """The slot of that code, of the line or of the house; KeyError where there is none."""
    return RESULTS if code == RESULT else line.slot(code)


@cache
def line_for(line: ServiceLine, task: str, work_class: str) -> ServiceLine:
    """The line with the steps of one task, as class `bpo` or `kpo` has it done. `task` empty, or one the line makes something of: the line's own steps.

    Knowledge work has the sheet beside its working step, unless the line's own working state is made for a task that no procedure covers.
    Process work has the checklist of the procedure. KeyError for a task that the line does not have.
    """
    working = next((step for step in line.steps if step.makes is not None and task in ("", step.task)), None)
    if working is None:
        return _house(line, line.task(task), work_class) if task else line
    if work_class == "kpo" and not line.task(working.task).procedure:
        return line
    aside = _aside(working.task, work_class, working.code, working.need)
    guarded = replace(working, checks=(*working.checks, _checks(work_class, is_house=False)))
    steps = tuple(guarded if step.code == working.code else step for step in line.steps)
    return replace(line, steps=(*steps, aside), rules=(*line.rules, *sheet.RULES, *checklist.RULES))


def aside_of(line: ServiceLine, step: Step) -> Step | None:
    """The sheet or checklist that is filled in beside a working step, by whoever is on that."""
    return next((each for each in line.steps if each.kind == "work" and each.of == step.code), None)


def _house(line: ServiceLine, task: Task, work_class: str) -> ServiceLine:
    """A task that the line makes nothing of by itself: done in the licensed system, its papers handed in here, reviewed by another."""
    need = Need(level=2, act=task.act)
    slot = replace(RESULTS, least=0 if work_class == "kpo" else 1)
    check, apart = _checks(work_class, is_house=True), Need(level=3, act=task.act, apart=(PREPARE,))
    working = Step(PREPARE, N_("Prepare"), task.code, need=need, slots=(RESULT,), checks=(check,), makes=_makes(task), due=(3, "workday"))
    reviewing = Step(REVIEW, N_("Review"), task.code, need=apart, kind="review", of=PREPARE, due=(1, "workday"))
    steps = (working, reviewing, _aside(task.code, work_class, PREPARE, need))
    rules = (*line.rules, *sheet.RULES, *checklist.RULES)
    return replace(line, steps=steps, slots=(slot,), rules=rules, count=lambda case: (), carry=None, carried=None, take_over=None)


def _aside(task: str, work_class: str, working: str, need: Need) -> Step:
    if work_class == "kpo":
        return Step(SHEET, N_("Sheet"), task, need=need, of=working, work=sheet.WORK)
    return Step(CHECKLIST, N_("Checklist"), task, need=need, of=working, work=checklist.WORK)


def _checks(work_class: str, *, is_house: bool) -> Any:
    """The checks of sheet or checklist. A line's own task that no procedure is on file for is done by its own steps: nothing to say of it."""

    def check(case: Case) -> Iterator[Finding]:
        if work_class == "kpo":
            yield from sheet.checks(case)
        elif is_house or checklist.steps(case):
            yield from checklist.checks(case)

    return check


def _makes(task: Task) -> Any:
    def make(case: Case, say: Any) -> Deliverable:
        papers = case.papers.get(RESULT, ())
        kept, ticked = case.state(SHEET), case.state(CHECKLIST)
        last = case.period[1] - timedelta(days=1)
        facts = Facts(((say(N_("Entity")), case.entity.get("name", "")), (say(N_("From")), case.period[0]), (say(N_("To")), last)))
        files = Table((say(N_("File")), "SHA-256"), tuple((paper.name, paper.sha256) for paper in papers), caption=say(N_("What goes out")))
        blocks = (
            Heading(say(task.says), 1),
            facts,
            *(sheet.written(kept, say) if isinstance(kept, sheet.Sheet) else ()),
            *(checklist.written(case, ticked if isinstance(ticked, checklist.Checklist) else checklist.Checklist(), say)),
            *((files,) if papers else ()),
        )
        title = f"{case.entity.get('name', '')} {case.period[0]:%Y-%m}".strip()
        document = Document(title=title, blocks=blocks, facts={"subject": task.code, "date": last.isoformat()})
        return Deliverable(document, {paper.name: (_bytes(paper),) for paper in papers})

    return make


def _bytes(paper: Paper) -> bytes:
    with paper.open() as file:
        return file.read()
