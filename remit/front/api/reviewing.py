"""Reading procedures, plans of sampling, and what reviews looked at and found."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import NotFound
from remit.apps.work import boards, cases, findings, overrides, procedures, readers, sampled
from remit.apps.work.models import Deliverable, Procedure
from remit.apps.work.waiting import standing
from remit.domain.line import Finding, ServiceLine
from remit.front.api.reading import read, reads
from remit.front.api.work import item_of


class StepOut(Schema):
    """A step of a procedure, with what it does not hold for."""

    number: str
    says: str
    exceptions: list[str]


class VersionOut(Schema):
    """A version: proposed, coming, in_force, succeeded, declined, withdrawn (taken back) or ended. `id` is the proposal that is judged."""

    id: UUID
    number: int
    state: str
    valid_from: date
    owner: str
    owner_side: str
    why: str
    side: str
    written_by: str
    written_at: datetime
    steps: list[StepOut]
    steps_sha256: str


class ProcedureOut(Schema):
    """How a task is done, for an entity or (empty) for all; its versions, the newest first."""

    id: UUID
    reference: str
    task: str
    entity: str
    withdrawn_from: date | None
    versions: list[VersionOut]


class SamplingPlanOut(Schema):
    """A plan of sampling, its figures as shares of one. `fixed` is what each seed rests on besides the manifest's hash."""

    id: UUID
    work_class: str
    state: str
    confidence: Decimal
    margin: Decimal
    expected: Decimal
    limit: Decimal
    fixed: str
    valid_from: date
    side: str
    proposed_by: str


class DrawnOut(Schema):
    """A row that was drawn; `right` is empty while nobody has looked."""

    key: str
    says: list[str]
    right: bool | None
    note: str


class StratumOut(Schema):
    """A stratum of a sample: done or aside. `low` to `high` of the population are wrong, at the plan's confidence."""

    stratum: str
    population: int
    limit: int
    looked: int
    wrong: int
    low: int
    high: int
    rows: list[DrawnOut]


class FindingOut(Schema):
    """What a reviewer found, with what the preparer answered: fixed, disagreed, or nothing yet."""

    id: UUID
    number: int
    category: str
    severity: str
    says: str
    file: str
    file_sha256: str
    place: str
    step: str
    answer: str
    words: str


class ReviewOut(Schema):
    """A deliverable's review: what was drawn by which seed, what was found, the verdict; empty while there is none. `extent`: sample or full."""

    deliverable: UUID
    manifest_sha256: str
    verdict: str
    extent: str
    seed: str
    strata: list[StratumOut]
    findings: list[FindingOut]


class FailingOut(Schema):
    """A check that fails now. `least_level`: of whoever may let it pass, 0 where nobody may; `finding` is what they name; `let_pass_by` once somebody did."""

    check: str
    finding: str
    values: dict[str, Any]
    least_level: int
    let_pass_by: str


@reads.get("/engagements/{reference}/procedures", response=list[ProcedureOut], operation_id="procedures")
@read
def of_engagement(request: HttpRequest, organization: Path[str], reference: Path[str]) -> list[ProcedureOut]:
    """The procedures of an engagement, by task."""
    return [_procedure(row, request) for row in procedures.of_engagement(_engagement(reference))]


@reads.get("/procedures/{reference}", response=ProcedureOut, operation_id="procedure")
@read
def procedure(request: HttpRequest, organization: Path[str], reference: Path[str]) -> ProcedureOut:
    """One procedure with all its versions."""
    engagement = Engagement.objects.filter(procedures__reference=reference).first()
    if engagement is None:
        raise NotFound(reference)
    return _procedure(procedures.of_engagement(engagement).get(reference=reference), request)


@reads.get("/engagements/{reference}/sampling", response=list[SamplingPlanOut], operation_id="sampling_plans")
@read
def sampling(request: HttpRequest, organization: Path[str], reference: Path[str]) -> list[SamplingPlanOut]:
    """The plans of sampling of an engagement, the newest first."""
    plans = sampled.of_engagement(_engagement(reference), request.at.date())  # type: ignore[attr-defined]
    return [
        SamplingPlanOut(
            id=row.id,
            work_class=row.work_class,
            state=each["state"],
            confidence=row.confidence,
            margin=row.margin,
            expected=row.expected,
            limit=row.limit,
            fixed=row.fixed,
            valid_from=row.valid_from,
            side=row.side,
            proposed_by=row.proposed_by_name,
        )
        for each in plans["rows"]
        for row in (each["row"],)
    ]


@reads.get("/items/{reference}/deliverables/{number}/review", response=ReviewOut, operation_id="review_of_deliverable")
@read
def review(request: HttpRequest, organization: Path[str], reference: Path[str], number: Path[int]) -> ReviewOut:
    """What was drawn, looked at and found of a deliverable; nothing of it where the work is released to others alone."""
    about = item_of(reference)
    made = Deliverable.objects.filter(item=about, number=number).prefetch_related(findings.with_findings()).first()
    if made is None:
        raise NotFound(f"{reference}/{number}")
    given = next(iter(made.reviews.all()), None)
    hidden = readers.against(request.by, about, standing(about).working, made) is not None  # type: ignore[attr-defined]
    sample = None if hidden else sampled.of(made)
    return ReviewOut(
        deliverable=made.id,
        manifest_sha256=made.manifest_sha256,
        verdict=given.verdict if given else "",
        extent=given.extent if given else "",
        seed=sample.sample.seed if sample else "",
        strata=[_stratum(each) for each in sample.strata] if sample else [],
        findings=[] if hidden else [_finding(each) for each in findings.of_review(given)],
    )


@reads.get("/items/{reference}/failing", response=list[FailingOut], operation_id="failing_checks")
@read
def failing(request: HttpRequest, organization: Path[str], reference: Path[str]) -> list[FailingOut]:
    """The checks of an item that fail now, each with the hash under which it may be let pass; none while papers are missing."""
    at_work = standing(item_of(reference))
    line, step = at_work.line, at_work.working
    if readers.against(request.by, at_work.item, step) is not None:  # type: ignore[attr-defined]
        return []
    seen = boards.look(at_work.item, step, request.at.date())  # type: ignore[attr-defined]
    errors = [each for each in seen.findings if line.rule(each.code).severity == "error" and not seen.lacking]
    covered = overrides.of_step(at_work.item, step)
    return [_failing(each, line, covered) for each in errors]


def _failing(finding: Finding, line: ServiceLine, covered: overrides.Covered) -> FailingOut:
    sha256, need = overrides.sha256(finding, line), line.rule(finding.code).override
    (row,) = cases.rows_of([finding], line)
    passed = covered.get(sha256)
    return FailingOut(
        check=finding.code, finding=sha256, values=row["values"], least_level=need.level if need else 0, let_pass_by=passed.allowed_by_name if passed else ""
    )


def _engagement(reference: str) -> Engagement:
    found = Engagement.objects.filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def _procedure(row: Procedure, request: HttpRequest) -> ProcedureOut:
    gone = getattr(row, "withdrawal", None)
    return ProcedureOut(
        id=row.id,
        reference=row.reference,
        task=row.task,
        entity=row.entity.name if row.entity else "",
        withdrawn_from=gone.from_on if gone else None,
        versions=[_version(each) for each in procedures.stood(row, request.at.date())],  # type: ignore[attr-defined]
    )


def _version(each: procedures.Stood) -> VersionOut:
    row = each.row
    return VersionOut(
        id=row.id,
        number=row.number,
        state=each.state,
        valid_from=row.valid_from,
        owner=row.owner_name,
        owner_side=row.owner_side,
        why=row.why,
        side=row.side,
        written_by=row.written_by_name,
        written_at=row.written_at,
        steps=[StepOut(number=step.number, says=step.says, exceptions=list(step.exceptions)) for step in each.steps],
        steps_sha256=procedures.sha256(row.steps),
    )


def _stratum(each: sampled.Stratum) -> StratumOut:
    result = each.result
    return StratumOut(
        stratum=result.drawn.stratum,
        population=result.drawn.population,
        limit=result.drawn.limit,
        looked=result.looked,
        wrong=result.wrong,
        low=result.low,
        high=result.high,
        rows=[
            DrawnOut(key=row["key"], says=row["says"], right=row["look"].is_right if row["look"] else None, note=row["look"].note if row["look"] else "")
            for row in each.rows
        ],
    )


def _finding(each: findings.Found) -> FindingOut:
    row, answer = each.row, each.answer
    return FindingOut(
        id=row.id,
        number=row.number,
        category=row.category,
        severity=row.severity,
        says=row.says,
        file=row.file_name,
        file_sha256=row.file_sha256,
        place=row.place,
        step=row.step_number,
        answer=answer.answer if answer else "",
        words=answer.words if answer else "",
    )
