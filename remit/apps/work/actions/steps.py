"""The verbs of a step's working state: give a command, take over what is suggested."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, JSONField, Value
from django.db.models.expressions import CombinedExpression

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Stale, action, decide
from remit.apps.records.context import By
from remit.apps.work import cases, delivery
from remit.apps.work.loading import not_accepted, open_item, own_step, step_of
from remit.apps.work.models import StepState, WorkItem
from remit.apps.work.papers import read_ahead
from remit.domain.line import Cannot, Step, Work
from remit.domain.reasons import N_, Sentence

UNKNOWN_COMMAND = Sentence("move.unknown", N_("This step knows no command “{command}”."))
NOT_PLAIN = Sentence("move.not_plain", N_("The values of a move are text, figures and lists of them, {most} kB at most, without control characters."))
NOTHING_SURE = Sentence("suggestions.none", N_("Nothing is suggested for which nothing else fits."))

MOST_VALUES_KB = 512
Given = list[tuple[str, dict[str, Any]]]


@action("step.moved", roles=(), prepare=read_ahead)
def move(*, by: By, at: datetime, item: UUID, step: str, command: str, values: dict[str, Any], version: int | None = None) -> Done:
    """Give one command of a step; the service line says whether the present state allows it."""
    _plain(values)
    work, asked, doing = _own(by, at, item, step)
    return _moved(by, at, work, asked, doing, [(command, values)], version)


@action("suggestions.taken", roles=(), prepare=read_ahead)
def take_suggestions(*, by: By, at: datetime, item: UUID, step: str, version: int | None = None) -> Done:
    """Take over every suggestion of software that nothing else fits; each is a move in the taker's name."""
    work, asked, doing = _own(by, at, item, step)
    case = cases.case_of(work, at.date())
    state = case.state(step) or doing.start(case)
    sure = [(suggested.command, dict(suggested.values)) for suggested in doing.suggest(case, state) if suggested.sure]
    if not sure:
        raise Refuse(NOTHING_SURE(), about=work)
    return _moved(by, at, work, asked, doing, sure, version)


def _plain(values: dict[str, Any]) -> None:
    """What the journal can keep: JSON without NaN and without characters that no page shows."""
    try:
        text = json.dumps(values, allow_nan=False, default=str)
    except ValueError:
        text = "\\u0000"
    if "\\u0000" in text or len(text) > MOST_VALUES_KB * 1024:
        raise BadInput(values=NOT_PLAIN(most=MOST_VALUES_KB))


def _own(by: By, at: datetime, item: UUID, code: str) -> tuple[WorkItem, Step, Work]:
    work = open_item(item)
    step = step_of(work, code)
    if step.work is None:
        raise NotFound(code)
    own_step(by, at, work, step)
    not_accepted(work)
    return work, step, step.work


def _moved(by: By, at: datetime, work: WorkItem, step: Step, doing: Work, given: Given, version: int | None) -> Done:
    # Neither is needed here, and a long month's journal is megabytes: what is new is put to it in the database.
    rows = StepState.objects.select_for_update().defer("journal", "state")
    row, _new = rows.get_or_create(item=work, step=step.code, defaults={"audience_id": work.audience_id, "changed_at": at})
    if version is not None and version != row.version:
        raise Stale
    case = cases.case_of(work, at.date())
    state = case.state(step.code) or doing.start(case)
    commands = {command.code: command for command in doing.commands}
    if unknown := next((name for name, _ in given if name not in commands), None):
        raise BadInput(command=UNKNOWN_COMMAND(command=unknown))
    try:
        if len({name for name, _ in given}) == 1 and (many := commands[given[0][0]].many) is not None:
            state = many(case, state, tuple(values for _, values in given))
        else:
            for name, values in given:
                state = commands[name].apply(case, state, values)
    except Cannot as cannot:
        raise BadInput({"values": delivery.as_reasons(cannot.findings, cases.line_of(work))}) from cannot
    row.state = cases.dump(state)
    moves = [{"command": name, "values": values, "person": str(by.person), "name": by.name, "at": at.isoformat()} for name, values in given]
    row.journal = CombinedExpression(F("journal"), "||", Value(moves, JSONField()), JSONField())
    row.version += 1
    row.changed_at = at
    row.save(update_fields=["state", "journal", "version", "changed_at"])
    return decide(by, at, "step.moved", row, within=work.period.within())
