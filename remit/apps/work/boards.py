"""A step's working state as its page shows it: the board laid out, what is suggested and found. Kept in the process for as long as nothing changes."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

from remit.apps.work import cases
from remit.apps.work.models import StepState, WorkItem
from remit.apps.work.papers import entity_of, papers_of
from remit.domain.line import Board, Case, Finding, Move, Slot, Step, Work

NOTHING = Board(surface="form", columns=(), rows=())
"""Of a step that is done outside: its papers are all that there is to see."""
KEPT = 16
"""Boards that a process keeps: one of ten thousand lines takes seconds to lay out and a few megabytes to keep."""


@dataclass(frozen=True)
class Look:
    """All of one step, computed once: `board` has its rows as tuples, `rows` finds the cells of a key on either side."""

    case: Case
    state: Any
    board: Board
    rows: dict[str, tuple[Any, ...]]
    suggested: tuple[Move, ...]
    findings: tuple[Finding, ...]
    lacking: tuple[Slot, ...]
    version: int


def withheld(seen: Look) -> Look:
    """The same for who may not read it: nothing of what is written, found or suggested."""
    return replace(seen, board=replace(seen.board, rows=(), right=(), groups=(), above=()), rows={}, suggested=(), findings=())


_kept: OrderedDict[Any, Look] = OrderedDict()
_lock = Lock()


def look(item: WorkItem, step: Step, on: date) -> Look:
    """The step now. What it depends on is its key: papers, mapping, version of the state, day; so that nobody sees another's or an older one."""
    states = tuple(StepState.objects.filter(item=item).order_by("step").values_list("step", "version", "changed_at"))
    version = next((number for code, number, _ in states if code == step.code), 0)
    papers = tuple((row.slot, row.name, row.file.sha256) for row in papers_of(item))
    facts = json.dumps([item.answers, entity_of(item)], sort_keys=True, default=str)
    key = (item.id, step.code, item.work_class, on, states, papers, facts)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    laid = _laid(item, step, on, version)
    with _lock:
        _kept[key] = laid
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return laid


def _laid(item: WorkItem, step: Step, on: date, version: int) -> Look:
    case = cases.case_of(item, on)
    doing = step.work
    state = (case.state(step.code) or doing.start(case)) if doing else None
    shown = _whole(doing, case, state) if doing else NOTHING
    findings = tuple(finding for check in step.checks for finding in check(case))
    lacking = tuple(cases.lacking(cases.line_of(item), step, case))
    suggested = () if lacking or doing is None else tuple(doing.suggest(case, state))
    rows = {key: cells for side in (shown.rows, shown.right) for key, cells in side}
    return Look(case, state, shown, rows, suggested, findings, lacking, version)


def _whole(doing: Work, case: Case, state: Any) -> Board:
    shown = doing.show(case, state)
    return replace(shown, rows=tuple(shown.rows), right=tuple(shown.right), groups=tuple(shown.groups))
