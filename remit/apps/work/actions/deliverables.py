"""The verbs of a deliverable: hand it in, review it, accept it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Len, MaxLen

from remit.apps.organizations.acting import BadInput, Done, Refuse, action, decide, own_audience
from remit.apps.organizations.deputies import own_work
from remit.apps.organizations.roles import over_limit
from remit.apps.records.context import By
from remit.apps.work import cases, delivery, needs, overrides, readers, sampled
from remit.apps.work.actions.reviewing import AnswerIn, FindingIn, against_sample, answers_for, keep, keep_answers, of_verdict
from remit.apps.work.loading import deliverable as of_key
from remit.apps.work.loading import is_newest, not_accepted, open_item, own_step, step_of
from remit.apps.work.models import Acceptance, Deliverable, Review, ReviewSample, WorkItem
from remit.apps.work.papers import read_ahead
from remit.apps.work.places import of_item
from remit.apps.work.waiting import standing, with_standing
from remit.apps.work.worth import worth
from remit.domain.reasons import N_, Reason, Sentence

CHECKS_FAIL = Sentence("deliverable.checks", N_("It cannot be handed in while these checks fail: {findings}"))
PAPERS_MISSING = Sentence("deliverable.papers", N_("It cannot be handed in without: {slots}"))
NOT_PASSED = Sentence("acceptance.not_passed", N_("Deliverable {number} has not been passed by a reviewer."))
VERDICT_GIVEN = Sentence("review.given", N_("These bytes were {verdict} already."))
NOTE_NEEDED = Sentence("review.note", N_("Who returns work says why."))
DRAWN = Sentence("sample.drawn", N_("{stratum}: {size} of {population} rows drawn to be looked at, limit {limit}; seed {seed}"))
NOT_CLIENT = Sentence("acceptance.client", N_("Only the client accepts."))
QUESTIONS_OPEN = Sentence("acceptance.questions", N_("It cannot be accepted while questions hold it: {count}."))
SETTLE_THEM = Sentence("acceptance.settle_them", N_("Answer them and have the answers accepted, or have whoever asked take them back."))

Note = Annotated[str, MaxLen(4000)]


@action("deliverable.handed_in", roles=(), prepare=read_ahead)
def hand_in(*, by: By, at: datetime, item: UUID, answers: Annotated[list[AnswerIn], Len(0, 200)] = []) -> Done:  # noqa: B006
    """Make the deliverable from the step's state: checks run, the files are rendered once, hashed and stored under one manifest.

    Each finding of the last review is answered with it. A check that fails as a qualified person let it pass does not hold it. What is to be looked at in
    review is drawn now, by the plan then agreed.
    """
    work = open_item(item)
    line = cases.line_of(work)
    step = cases.working_step(line)
    own_step(by, at, work, step)
    not_accepted(work)
    case = cases.case_of(work, at.date())
    if lacking := cases.lacking(line, step, case):
        raise Refuse(PAPERS_MISSING(slots=[slot.says for slot in lacking]), about=work)
    if step.readers and not readers.named(work, step):
        raise Refuse(readers.NOT_NAMED(cure=readers.NAME_THEM()), about=work)
    found = [finding for check in step.checks for finding in check(case)]
    covered = overrides.of_step(work, step)
    if errors := overrides.failing(found, line, covered):
        raise Refuse(*(CHECKS_FAIL(findings=delivery.within(each, line)) for each in errors), about=work)
    answered = answers_for(work, answers)
    passed = overrides.used(found, line, covered)
    made, manifest, papers = delivery.make(work, line, step, case, found, by, at, passed)
    told = (*keep_answers(by, at, made, answered), *_drawn(sampled.draw_for(made, work, line, step, case, at)))
    return decide(
        by,
        at,
        "deliverable.handed_in",
        made,
        within=work.period.within(),
        files=(manifest, *papers),
        manifest=manifest.sha256,
        reasons=told,
        cites=tuple(entry for _, row in passed for entry in delivery.entries_of("check.overridden", row.id)),
        private={"answer": "\n".join(each.words.strip() for _, each in answered if each.words.strip())},
    )


def _drawn(sample: ReviewSample | None) -> list[Reason]:
    kept = sample.strata if sample is not None else ()
    return [
        DRAWN(stratum=each["stratum"], size=len(each["rows"]), population=each["population"], limit=each["limit"], seed=sample.seed)  # type: ignore[union-attr]
        for each in kept
    ]


@action("deliverable.reviewed", roles=(), second_factor=True)
def review(
    *,
    by: By,
    at: datetime,
    deliverable: UUID,
    verdict: Literal["passed", "returned"],
    note: Note = "",
    findings: Annotated[list[FindingIn], Len(0, 200)] = [],  # noqa: B006
    in_full: bool = False,
) -> Done:
    """Pass or return exactly these bytes. The reviewer is another person of another interest than whoever prepared, and passes the gate now.

    What was noted goes with the verdict, and `findings` too. Where a sample was drawn, it is passed by that, or `in_full` with a note of what was looked at.
    """
    made = of_key(deliverable)
    work = open_item(made.item_id)
    step = cases.review_of(cases.line_of(work), step_of(work, made.step))
    assert step is not None
    _is_anothers(by, work, made)
    own_step(by, at, work, step)
    is_newest(made, work)
    if given := made.reviews.first():
        raise Refuse(VERDICT_GIVEN(verdict=given.verdict), about=work)
    noted = of_verdict(made, work, verdict, findings)
    if not noted:
        _says_why(verdict, note)
    extent, held = against_sample(made, work, in_full, note) if verdict == "passed" else ("", ())
    delivery.still_the_same(made)
    assert by.person is not None
    row = Review.objects.create(
        audience_id=made.audience_id,
        deliverable=made,
        manifest_sha256=made.manifest_sha256,
        verdict=verdict,
        note=note,
        extent=extent,
        reviewed_by=by.person,
        reviewed_by_name=by.name,
        reviewed_at=at,
    )
    told = (*held, *keep(row, noted))
    private = {"note": note, "verdict": verdict, "findings": "\n".join(each["says"] for each in noted)}
    return decide(by, at, "deliverable.reviewed", row, within=work.period.within(), **delivery.reviewing(made), reasons=told, private=private)


@action("deliverable.accepted", roles=("approver", "signatory"), second_factor=True)
def accept(*, by: By, at: datetime, deliverable: UUID, verdict: Literal["accepted", "returned"] = "accepted", note: Note = "") -> Done:
    """The client accepts, or returns with a reason, a deliverable whose newest bytes a reviewer passed."""
    made = of_key(deliverable)
    work = open_item(made.item_id)
    if by.organization != work.engagement.client_id:
        raise Refuse(NOT_CLIENT(), about=work)
    if why := readers.against(by, work, step_of(work, made.step), made):
        raise Refuse(why, about=work)
    is_newest(made, work)
    _is_anothers(by, work, made)
    if not _is_passed(made):
        raise Refuse(NOT_PASSED(number=made.number), about=work)
    _says_why(verdict, note)
    if given := made.acceptances.first():
        raise Refuse(VERDICT_GIVEN(verdict=given.verdict), about=work)
    delivery.still_the_same(made)
    if verdict == "accepted" and (held := standing(with_standing(WorkItem.objects.filter(id=work.id)).get()).questions):
        raise Refuse(QUESTIONS_OPEN(count=len(held), cure=SETTLE_THEM()), *(wait.why for wait in held), about=work)
    if verdict == "accepted" and (against := over_limit(by, at, accept.roles, worth(made), of_item(work))):
        raise Refuse(against, about=work, audience=own_audience(by, at))
    row = Acceptance.objects.create(
        audience_id=made.audience_id,
        deliverable=made,
        manifest_sha256=made.manifest_sha256,
        verdict=verdict,
        note=note,
        accepted_by=by.user,
        accepted_by_name=by.name,
        accepted_at=at,
    )
    return decide(by, at, "deliverable.accepted", row, within=work.period.within(), **delivery.accepting(made), private={"note": note, "verdict": verdict})


def _is_anothers(by: By, work: WorkItem, made: Deliverable) -> None:
    """A deputy judges neither their own work nor that of whoever they act for."""
    if against := own_work(by, needs.who_did(work, step_of(work, made.step))):
        raise Refuse(against, about=work)


def _is_passed(made: Deliverable) -> bool:
    return made.reviews.filter(verdict="passed", manifest_sha256=made.manifest_sha256).exists()


def _says_why(verdict: str, note: str) -> None:
    if verdict == "returned" and not note.strip():
        raise BadInput(note=NOTE_NEEDED())
