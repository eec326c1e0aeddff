"""What a service line may know of an item, put together from rows and files; and plain values back and forth."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from remit.apps.records import files
from remit.apps.work import papers, readers
from remit.apps.work.models import Assignment, Deliverable, ItemFile, StepState, WorkItem
from remit.apps.work.papers import entity_of, papers_of
from remit.domain.line import Case, Finding, Paper, Place, ServiceLine, Slot, Step
from remit.domain.plain import from_plain, to_plain
from remit.domain.tasks import line_for
from remit.lines import lines


def line_of(item: WorkItem) -> ServiceLine:
    """The service line that the item is done by, with the steps of its task as its class has them done."""
    return line_for(lines()[item.service], item.task, item.work_class)


def case_of(item: WorkItem, on: date) -> Case:
    """The item as the line sees it. Reads rows, and files whose values are not kept, so it runs inside a transaction."""
    line = line_of(item)
    entity = entity_of(item)
    brought: dict[str, list[Paper]] = defaultdict(list)
    for row in papers_of(item):
        brought[row.slot].append(paper_of(item, row, entity))
    # A step of the class that the item had before keeps its state, and is not looked at.
    steps = {step.code: step for step in line.steps}
    states = {
        row.step: (load(step.work.state, row.state),)
        for row in StepState.objects.filter(item=item).defer("journal")
        if row.state is not None and (step := steps.get(row.step)) is not None and step.work is not None
    }
    return Case(
        entity=entity,
        period=(item.period.begins_on, item.period.ends_on),
        on=on,
        answers=readers.answers_of(item),
        carried=load(line.carried, item.carried) if line.carried and item.carried is not None else None,
        papers={slot: tuple(found) for slot, found in brought.items()},
        states=states,
        handed_in=_handed_in(item, steps),
        people={row.step: row.person_name for row in Assignment.objects.filter(item=item, ended_at=None)},
    )


def _handed_in(item: WorkItem, steps: dict[str, Step]) -> dict[str, tuple[Any, ...]]:
    """The states that earlier deliverables were made from, of steps that still are."""
    made: dict[str, list[Any]] = defaultdict(list)
    for code, state in Deliverable.objects.filter(item=item).exclude(state=None).order_by("number").values_list("step", "state"):
        if (step := steps.get(code)) is not None and step.work is not None:
            made[code].append(load(step.work.state, state))
    return {code: tuple(states) for code, states in made.items()}


def paper_of(item: WorkItem, row: ItemFile, entity: dict[str, Any]) -> Paper:
    """A stored file with its value, as its slot reads these bytes by the entity's mapping."""
    value = papers.value(papers.Source.of(item, row.slot, row.file.sha256, row.name), row, entity)
    return Paper(row.name, row.file.sha256, lambda: io.BytesIO(files.read(row.file)), value)


def dump(value: Any) -> Any:
    """A frozen value as JSON can keep it."""
    return to_plain(value)


def load(kind: type | None, kept: Any) -> Any:
    """The value of that type again."""
    return None if kind is None or kept is None else from_plain(kind, kept)


def rows_of(findings: Iterable[Finding], line: ServiceLine) -> list[dict[str, Any]]:
    """Findings as rows keep them, each with the severity that its rule has now."""
    return [
        {
            "code": finding.code,
            "severity": line.rule(finding.code).severity,
            "path": [list(step) for step in finding.place.path],
            "of": finding.place.of,
            "values": {name: value if isinstance(value, (int, str)) else str(value) for name, value in finding.values.items()},
        }
        for finding in findings
    ]


def finding_of(row: dict[str, Any]) -> Finding:
    """A finding from its row."""
    return Finding(row["code"], Place(row.get("of", ""), tuple((name, at) for name, at in row["path"])), row["values"])


def working_step(line: ServiceLine) -> Step:
    """The step whose work makes the deliverable; a line of this edition has one."""
    return next(step for step in line.steps if step.makes is not None)


def delivers(line: ServiceLine) -> bool:
    """Whether the line's delivery is built: one that can only be assessed and briefed has no step that makes anything."""
    return any(step.makes is not None for step in line.steps)


def lacking(line: ServiceLine, step: Step, case: Case) -> list[Slot]:
    """Slots of a step that hold fewer files than they need."""
    return [slot for slot in line.slots if slot.code in step.slots and len(case.papers.get(slot.code, ())) < slot.least]


def review_of(line: ServiceLine, step: Step) -> Step | None:
    """The step that reviews what `step` makes."""
    return next((each for each in line.steps if each.kind == "review" and each.of == step.code), None)
