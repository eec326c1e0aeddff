"""Reading the sourcing stage: functions and their assessments, briefs, shortlists, and what was awarded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.organizations.acting import NotFound
from remit.apps.sourcing.models import Assessment, Award, Brief, Function, Shortlist
from remit.domain import brief as briefs_of
from remit.front.api.reading import read, reads
from remit.lines import lines


class AssessmentOut(Schema):
    """The verdict on each task: code, says, class, proposed, critical, decides, moved, reasons."""

    assessed_at: datetime
    jurisdiction: str
    tasks: list[dict[str, Any]]


class FunctionOut(Schema):
    """A function with its newest assessment."""

    id: UUID
    reference: str
    name: str
    service: str
    created_at: datetime
    assessment: AssessmentOut | None


class BriefOut(Schema):
    """A brief; `missing`: codes of the questions still to be answered. Each answer says where it came from."""

    id: UUID
    reference: str
    title: str
    service: str
    country: str
    version: int
    created_at: datetime
    completed_at: datetime | None
    missing: list[str]
    answers: dict[str, Any]
    notice: dict[str, Any]


class ShortlistOut(Schema):
    """The newest shortlist; `brief_version` is the one that it was drawn for."""

    id: UUID
    brief: str
    brief_version: int
    found_at: datetime
    method: dict[str, Any]
    candidates: list[dict[str, Any]]


class AwardOut(Schema):
    """An award as both sides may read it."""

    id: UUID
    client: str
    provider: str
    card: str
    terms: dict[str, Any]
    awarded_at: datetime


@reads.get("/functions", response=list[FunctionOut], operation_id="functions")
@read
def functions(request: HttpRequest, organization: Path[str]) -> list[FunctionOut]:
    """Functions, newest first."""
    return [_function(row) for row in _functions()]


@reads.get("/functions/{reference}", response=FunctionOut, operation_id="function")
@read
def function(request: HttpRequest, organization: Path[str], reference: Path[str]) -> FunctionOut:
    """One function."""
    return _function(_one(_functions().filter(reference=reference), reference))


@reads.get("/briefs", response=list[BriefOut], operation_id="briefs")
@read
def briefs(request: HttpRequest, organization: Path[str]) -> list[BriefOut]:
    """Briefs, newest first."""
    return [_brief(row) for row in Brief.objects.order_by("-created_at")]


@reads.get("/briefs/{reference}", response=BriefOut, operation_id="brief")
@read
def brief(request: HttpRequest, organization: Path[str], reference: Path[str]) -> BriefOut:
    """One brief."""
    return _brief(_one(Brief.objects.filter(reference=reference), reference))


@reads.get("/briefs/{reference}/shortlist", response=ShortlistOut, operation_id="shortlist")
@read
def shortlist(request: HttpRequest, organization: Path[str], reference: Path[str]) -> ShortlistOut:
    """The newest shortlist of a brief; 404 before one is drawn."""
    row = _one(Shortlist.objects.select_related("brief").filter(brief__reference=reference).order_by("-found_at", "-id"), reference)
    return ShortlistOut(
        id=row.id, brief=row.brief.reference, brief_version=row.brief_version, found_at=row.found_at, method=row.method, candidates=row.candidates
    )


@reads.get("/awards", response=list[AwardOut], operation_id="awards")
@read
def awards(request: HttpRequest, organization: Path[str]) -> list[AwardOut]:
    """Awards given and won, newest first."""
    rows = Award.objects.select_related("client", "provider", "card").order_by("-awarded_at")
    return [
        AwardOut(id=row.id, client=row.client.name, provider=row.provider.name, card=row.card.reference, terms=row.terms, awarded_at=row.awarded_at)
        for row in rows
    ]


def _functions() -> Any:
    return Function.objects.prefetch_related(Prefetch("assessments", Assessment.objects.order_by("-assessed_at", "-id"), to_attr="done")).order_by(
        "-created_at"
    )


def _function(row: Any) -> FunctionOut:
    newest = row.done[0] if row.done else None
    assessed = AssessmentOut(assessed_at=newest.assessed_at, jurisdiction=newest.jurisdiction, tasks=newest.tasks) if newest else None
    return FunctionOut(id=row.id, reference=row.reference, name=row.name, service=row.service, created_at=row.created_at, assessment=assessed)


def _brief(row: Brief) -> BriefOut:
    missing = briefs_of.missing(lines().get(row.service), row.plain())
    return BriefOut(
        id=row.id,
        reference=row.reference,
        title=row.title,
        service=row.service,
        country=row.country,
        version=row.version,
        created_at=row.created_at,
        completed_at=row.completed_at,
        missing=[question.code for question in missing],
        answers=row.answers,
        notice=row.notice_read,
    )


def _one(rows: Any, reference: str) -> Any:
    found = rows.first()
    if found is None:
        raise NotFound(reference)
    return found
