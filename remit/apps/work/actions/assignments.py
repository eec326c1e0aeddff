"""The verbs of whoever is assigned: accept an assignment, or decline it with a reason and without penalty."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import MaxLen

from remit.apps.organizations.acting import BadInput, Done, Refuse, action, decide
from remit.apps.records.context import By
from remit.apps.work.actions.staffing import take_off
from remit.apps.work.loading import ASSIGN, NOBODY, open_item, step_of
from remit.apps.work.models import Assignment, AssignmentAnswer, Deliverable, WorkItem
from remit.domain.line import Step
from remit.domain.reasons import N_, Sentence

NOT_YOURS = Sentence("assignment.not_yours", N_("{step} is with {person}: only they answer."))
ANSWERED = Sentence("assignment.answered", N_("You have accepted it already. Have a manager take you off it."))
BEGUN = Sentence("assignment.begun", N_("You have handed in deliverable {number} of it. Have a manager take you off it."))
WHY = Sentence("assignment.why", N_("Say which reason it is."))

Reason = Literal["", "time", "skill", "conflict", "health", "other"]


@action("assignment.accepted", roles=())
def accept_assignment(*, by: By, at: datetime, item: UUID, step: str) -> Done:
    """Say that one does it. Work may begin without saying so."""
    work, _asked, mine = _mine(by, item, step)
    if hasattr(mine, "answer"):
        raise Refuse(ANSWERED(), about=work)
    return _answered(by, at, work, mine, "accepted", "", "")


@action("assignment.declined", roles=())
def decline_assignment(*, by: By, at: datetime, item: UUID, step: str, reason: Reason = "", note: Annotated[str, MaxLen(1000)] = "") -> Done:
    """Say that one does not do it, and why: the step has nobody then, and a manager finds somebody. It counts nowhere against the person."""
    work, asked, mine = _mine(by, item, step)
    if not reason:
        raise BadInput(reason=WHY())
    if hasattr(mine, "answer"):
        raise Refuse(ANSWERED(), about=work)
    made = Deliverable.objects.filter(item=work, made_by=by.person).order_by("-number").first() if asked.kind == "work" else None
    if made is not None:
        raise Refuse(BEGUN(number=made.number), about=work)
    done = _answered(by, at, work, mine, "declined", reason, note.strip())
    take_off(Assignment.objects.filter(id=mine.id), at)
    return done


def _mine(by: By, item: UUID, step: str) -> tuple[WorkItem, Step, Assignment]:
    work = open_item(item)
    asked = step_of(work, step)
    held = Assignment.objects.select_related("answer").filter(item=work, step=step, ended_at=None).first()
    if held is None:
        raise Refuse(NOBODY(step=asked.says, cure=ASSIGN()), about=work)
    if by.person is None or held.person_id != by.person:
        raise Refuse(NOT_YOURS(step=asked.says, person=held.person_name), about=work)
    return work, asked, held


def _answered(by: By, at: datetime, work: WorkItem, held: Assignment, answer: str, reason: str, note: str) -> Done:
    row = AssignmentAnswer.objects.create(audience_id=work.audience_id, assignment=held, answer=answer, reason=reason, answered_at=at)
    private = {"person": held.person_name} | ({"reason": reason} if reason else {}) | ({"note": note} if note else {})
    return decide(by, at, f"assignment.{answer}", row, within=work.period.within(), private=private)
