"""The verbs of a review under way: note a finding, drop one; and what a verdict makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Len, MaxLen
from pydantic import BaseModel, ConfigDict

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.records.context import By
from remit.apps.work import cases, findings, procedures, sampled
from remit.apps.work.actions.sampling import GIVEN
from remit.apps.work.loading import deliverable as of_key
from remit.apps.work.loading import is_newest, open_item, own_step, step_of
from remit.apps.work.models import Deliverable, FindingAnswer, FindingDraft, Review, ReviewFinding, WorkItem
from remit.domain.reasons import N_, Reason, Sentence

FOUND = Sentence("finding.found", N_("Finding {number}: {category}, {severity}"))
FOUND_STEP = Sentence("finding.found_step", N_("Finding {number}: {category}, {severity}, step {step}"))
ANSWERED = Sentence("finding.answered", N_("Finding {number}: {done}"))
NO_SUCH_FILE = Sentence("finding.file", N_("Deliverable {number} has no file {name}."))
NO_SUCH_STEP = Sentence("finding.step", N_("The item's procedure has no step {step}."))
NO_PROCEDURE = Sentence("finding.no_procedure", N_("The item carries no procedure whose step {step} could be cited."))
SAY_IT = Sentence("finding.says", N_("Say what was found."))
CRITICAL = Sentence("review.critical", N_("It cannot be passed with {count} critical findings: return it, or say of each what it is."))
UNANSWERED = Sentence("finding.unanswered", N_("Finding {number} is not answered: say that it is put right, or why not."))
NOT_OPEN = Sentence("finding.not_open", N_("It waits for no answer: it is of another item, of an earlier review, or answered already."))
TWICE = Sentence("finding.twice", N_("It is answered twice."))
WHY_NOT = Sentence("finding.why_not", N_("Whoever does not agree with a finding says why."))
SAMPLE_OPEN = Sentence("sample.open", N_("{looked} of the {size} rows that were drawn are looked at: look at the others, or review in full."))
SAMPLE_FAILS = Sentence("sample.fails", N_("The sample fails: {wrong} of {size} wrong, limit {limit} ({stratum}): return it or review in full."))
SAMPLE_HELD = Sentence("sample.held", N_("{stratum}: {wrong} of {size} wrong, limit {limit}, drawn from {population}; so {low} to {high} of all are wrong."))
IN_FULL_WHY = Sentence("review.in_full_why", N_("Who reviews in full where a sample was drawn says what was looked at."))
MANY = Sentence("finding.many", N_("A review holds {most} findings at most: return it with what there is."))
MOST_FINDINGS = 200

Category = Literal["figure", "missing", "unclear", "source", "format", "procedure", "other"]
Severity = Literal["critical", "major", "minor"]


class FindingIn(BaseModel):
    """A finding: of which kind, how bad, what; on which file (empty: the whole) and where in it; the step of the procedure that it cites."""

    model_config = ConfigDict(extra="forbid")
    category: Category
    severity: Severity
    says: Annotated[str, Len(1, 2000)]
    file: Annotated[str, MaxLen(200)] = ""
    place: Annotated[str, MaxLen(200)] = ""
    step: Annotated[str, MaxLen(16)] = ""


class AnswerIn(BaseModel):
    """What the preparer did about a finding: put right, or not agreed with why."""

    model_config = ConfigDict(extra="forbid")
    finding: UUID
    answer: Literal["fixed", "disagreed"]
    words: Annotated[str, MaxLen(2000)] = ""


@action("finding.noted", roles=())
def note_finding(
    *,
    by: By,
    at: datetime,
    deliverable: UUID,
    category: Category,
    severity: Severity,
    says: Annotated[str, Len(1, 2000)],
    file: Annotated[str, MaxLen(200)] = "",
    place: Annotated[str, MaxLen(200)] = "",
    step: Annotated[str, MaxLen(16)] = "",
) -> Done:
    """Note a finding while reviewing. One's own side alone sees it until the verdict; it dies with the bytes that it is about."""
    made, work = _under_review(by, at, deliverable)
    given = FindingIn(category=category, severity=severity, says=says, file=file, place=place, step=step)
    if FindingDraft.objects.filter(deliverable=made).count() >= MOST_FINDINGS:
        raise BadInput(says=MANY(most=MOST_FINDINGS))
    assert by.person is not None
    row = FindingDraft.objects.create(
        organization_id=by.organization,
        item=work,
        deliverable=made,
        noted_by=by.person,
        noted_by_name=by.name,
        noted_at=at,
        **_held(made, work, given),
    )
    return decide(by, at, "finding.noted", row, audiences=[own_audience(by, at)])


@action("finding.dropped", roles=())
def drop_finding(*, by: By, at: datetime, draft: UUID) -> Done:
    """Throw the draft of a finding away, also one whose bytes were superseded."""
    row = FindingDraft.objects.filter(id=draft, organization=by.organization).first()
    if row is None:
        raise NotFound(draft)
    work = open_item(row.item_id)
    step = cases.review_of(cases.line_of(work), step_of(work, row.deliverable.step))
    assert step is not None
    own_step(by, at, work, step)
    done = decide(by, at, "finding.dropped", row, audiences=[own_audience(by, at)])
    row.delete()
    return done


def of_verdict(made: Deliverable, work: WorkItem, verdict: str, given: Sequence[FindingIn]) -> list[dict[str, Any]]:
    """All that goes with a verdict: the drafts first, then what is given with it. Refuses to pass what is critically wrong."""
    rows = [_fields(each.row) for each in findings.drafts(made)] + [_held(made, work, each) for each in given]
    if verdict == "passed" and (critical := sum(row["severity"] == "critical" for row in rows)):
        raise Refuse(CRITICAL(count=critical), about=work)
    return rows


def keep(review: Review, rows: Sequence[dict[str, Any]]) -> tuple[Reason, ...]:
    """Write the findings down with their verdict, end the drafts, and give what the record says of each."""
    made = [ReviewFinding(audience_id=review.audience_id, review=review, number=number, **row) for number, row in enumerate(rows, 1)]
    ReviewFinding.objects.bulk_create(made)
    FindingDraft.objects.filter(deliverable=review.deliverable_id).delete()
    return tuple(_told(row) for row in made)


def against_sample(made: Deliverable, work: WorkItem, in_full: bool, note: str) -> tuple[str, tuple[Reason, ...]]:
    """(what was looked at, what the record says of it); refuses to pass by a sample that is not looked at or fails."""
    found = sampled.of(made)
    if found is None:
        return "full", ()
    if in_full:
        if not note.strip():
            raise BadInput(note=IN_FULL_WHY())
        return "full", ()
    if not found.is_complete:
        raise Refuse(SAMPLE_OPEN(looked=found.looked, size=found.size), about=work)
    if found.failing:
        raise Refuse(*(_fails(each) for each in found.failing), about=work)
    return "sample", tuple(_held_sample(each) for each in found.strata)


def _held_sample(each: sampled.Stratum) -> Reason:
    drawn, result = each.result.drawn, each.result
    return SAMPLE_HELD(
        stratum=drawn.stratum, wrong=result.wrong, size=drawn.size, limit=drawn.limit, population=drawn.population, low=result.low, high=result.high
    )


def _fails(each: sampled.Stratum) -> Reason:
    return SAMPLE_FAILS(wrong=each.result.wrong, size=each.result.drawn.size, limit=each.result.drawn.limit, stratum=each.result.drawn.stratum)


def answers_for(work: WorkItem, given: Sequence[AnswerIn]) -> list[tuple[ReviewFinding, AnswerIn]]:
    """Each open finding with its answer. Refused while one has none."""
    waiting = {row.id: row for row in findings.unanswered(work)}
    by_finding = {each.finding: each for each in given}
    wrong = [NOT_OPEN()] if set(by_finding) - set(waiting) else []
    wrong += [TWICE()] if len(by_finding) != len(given) else []
    wrong += [WHY_NOT()] if any(each.answer == "disagreed" and not each.words.strip() for each in given) else []
    if wrong:
        raise BadInput({"answers": wrong})
    if missing := [row for key, row in waiting.items() if key not in by_finding]:
        raise Refuse(*(UNANSWERED(number=row.number) for row in missing), about=work)
    return [(row, by_finding[key]) for key, row in waiting.items()]


def keep_answers(by: By, at: datetime, made: Deliverable, answers: Sequence[tuple[ReviewFinding, AnswerIn]]) -> tuple[Reason, ...]:
    """Write the answers down beside the new bytes, and give what the record says of each."""
    FindingAnswer.objects.bulk_create(
        FindingAnswer(
            audience_id=made.audience_id,
            finding=row,
            deliverable=made,
            answer=each.answer,
            words=each.words.strip(),
            answered_by=by.person,
            answered_by_name=by.name,
            answered_at=at,
        )
        for row, each in answers
    )
    return tuple(ANSWERED(number=row.number, done=each.answer) for row, each in answers)


def _under_review(by: By, at: datetime, key: UUID) -> tuple[Deliverable, WorkItem]:
    """The newest bytes of an open item, in the hands of their reviewer, without a verdict yet."""
    made = of_key(key)
    work = open_item(made.item_id)
    step = cases.review_of(cases.line_of(work), step_of(work, made.step))
    assert step is not None
    own_step(by, at, work, step)
    is_newest(made, work)
    if given := made.reviews.first():
        raise Refuse(GIVEN(number=made.number, verdict=given.verdict), about=work)
    return made, work


def _held(made: Deliverable, work: WorkItem, given: FindingIn) -> dict[str, Any]:
    """The fields of a row, after what it names was found in the bytes and in the procedure."""
    sha256 = ""
    if given.file:
        named = {row.name: row.file.sha256 for row in made.files.select_related("file")}
        if given.file not in named:
            raise BadInput(file=NO_SUCH_FILE(number=made.number, name=given.file))
        sha256 = named[given.file]
    if given.step and given.step not in {step.number for step in procedures.steps_of(work)}:
        raise BadInput(step=(NO_SUCH_STEP if procedures.carried(work) else NO_PROCEDURE)(step=given.step))
    if not given.says.strip():
        raise BadInput(says=SAY_IT())
    return {
        "file_name": given.file,
        "file_sha256": sha256,
        "place": given.place.strip(),
        "category": given.category,
        "severity": given.severity,
        "says": given.says.strip(),
        "step_number": given.step,
    }


def _fields(row: FindingDraft) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("file_name", "file_sha256", "place", "category", "severity", "says", "step_number")}


def _told(row: ReviewFinding) -> Reason:
    said: dict[str, Any] = {"number": row.number, "category": row.category, "severity": row.severity}
    return FOUND_STEP(**said, step=row.step_number) if row.step_number else FOUND(**said)
