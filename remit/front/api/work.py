"""Reading the work stage: engagements, months, items with their papers and deliverables; and opening a file, which the record keeps."""

from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Schema
from ninja.responses import Status

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import NotFound, Refused
from remit.apps.records import files
from remit.apps.records.context import reading
from remit.apps.work import actions, matrix, months, readers
from remit.apps.work.models import Deliverable, ItemFile, Period, WorkItem
from remit.apps.work.opening import opened
from remit.apps.work.waiting import Standing, Wait, standing, with_standing
from remit.formats.words import Words
from remit.front.api.reading import read, reads


class EngagementOut(Schema):
    """A live relation, and what it runs under."""

    id: UUID
    reference: str
    agreement: str
    client: str
    provider: str
    service: str
    begins_on: date
    ends_on: date | None


class WaitOut(Schema):
    """What comes next: who it waits on since when, until when it is needed, and why, by code and in words."""

    item: str
    step: str
    on: str
    side: str
    since: datetime
    needed_at: datetime
    code: str
    says: str


class PeriodOut(Schema):
    """A month of an entity: open, closed, sealed or again (sealed once more after a reopening); half-open. `waits` is what blocks closing, in order."""

    id: UUID
    reference: str
    engagement: str
    entity: str
    begins_on: date
    ends_on: date
    close_due_at: datetime
    state: str
    closed_at: datetime | None
    sealed_at: datetime | None
    log_size: int | None
    checkpoint: str
    pack: UUID | None
    pack_sha256: str
    invoices: list[str]
    waits: list[WaitOut]


class PaperOut(Schema):
    """A file of an item or a deliverable; `id` opens it."""

    id: UUID
    slot: str
    name: str
    sha256: str
    size: int


class DeliverableOut(Schema):
    """What was handed in, with its verdicts; the manifest is opened by the deliverable's own id."""

    id: UUID
    number: int
    manifest_sha256: str
    made_by: str
    made_at: datetime
    files: list[PaperOut]
    checks: list[dict[str, Any]]
    quantities: list[dict[str, Any]]
    review: str
    reviewed_by: str
    reviewed_at: datetime | None
    acceptance: str
    accepted_by: str
    accepted_at: datetime | None


class ItemOut(Schema):
    """A work item: who is on which step, its papers, what it waits for."""

    id: UUID
    reference: str
    title: str
    service: str
    work_class: str
    period: str
    entity: str
    due_at: datetime
    people: dict[str, str]
    papers: list[PaperOut]
    wait: WaitOut | None


@reads.get("/engagements", response=list[EngagementOut], operation_id="engagements")
@read
def engagements(request: HttpRequest, organization: Path[str]) -> list[EngagementOut]:
    """Engagements, newest first."""
    rows = Engagement.objects.select_related("client", "provider", "agreement").order_by("-started_at")
    return [
        EngagementOut(
            id=row.id,
            reference=row.reference,
            agreement=row.agreement.reference,
            client=row.client.name,
            provider=row.provider.name,
            service=row.agreement.service,
            begins_on=row.begins_on,
            ends_on=row.ends_on,
        )
        for row in rows
    ]


@reads.get("/periods", response=list[PeriodOut], operation_id="periods")
@read
def periods(request: HttpRequest, organization: Path[str]) -> list[PeriodOut]:
    """Months, newest first."""
    return period_rows(Period.objects.order_by("-begins_on", "-id"))


@reads.get("/periods/{reference}", response=PeriodOut, operation_id="period")
@read
def period(request: HttpRequest, organization: Path[str], reference: Path[str]) -> PeriodOut:
    """One month of one entity."""
    found = period_rows(Period.objects.filter(reference=reference))
    if not found:
        raise NotFound(reference)
    return found[0]


@reads.get("/items", response=list[ItemOut], operation_id="items")
@read
def items(request: HttpRequest, organization: Path[str]) -> list[ItemOut]:
    """Work items by due time."""
    return [_item(standing(row)) for row in with_standing(WorkItem.objects.order_by("due_at", "id"))]


@reads.get("/items/{reference}", response=ItemOut, operation_id="item")
@read
def item(request: HttpRequest, organization: Path[str], reference: Path[str]) -> ItemOut:
    """One work item."""
    return _item(standing(item_of(reference)))


@reads.get("/items/{reference}/deliverables", response=list[DeliverableOut], operation_id="deliverables")
@read
def deliverables(request: HttpRequest, organization: Path[str], reference: Path[str]) -> list[DeliverableOut]:
    """What was handed in for an item, newest first."""
    about = item_of(reference)
    rows = Deliverable.objects.filter(item=about).defer("carry", "state").prefetch_related("files__file", "reviews", "acceptances").order_by("-number")
    working = standing(about).working
    return [_deliverable(row, withheld=readers.against(request.by, about, working, row) is not None) for row in rows]  # type: ignore[attr-defined]


@reads.post("/files/{file}", operation_id="open_file_content", response={200: Any, 403: dict[str, Any]})
def open_file_content(request: HttpRequest, organization: Path[str], file: Path[UUID]) -> Any:
    """The bytes of a paper, deliverable or pack. POST, for the look is committed to the record before they go out."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    result = actions.open_file(by=by, at=at, file=file)
    if isinstance(result, Refused):
        words = Words(getattr(request, "LANGUAGE_CODE", "en"))
        return Status(403, {"reasons": [{"code": each.code, "says": words.reason(each)} for each in result.reasons], "entry": str(result.entry)})
    with reading(by, at):
        found = opened(file)
        if found is None:
            raise NotFound(file)
        content = files.read(found.file)
    answer = HttpResponse(content, content_type=found.file.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return answer


def item_of(reference: str) -> WorkItem:
    """The item of that reference, as it stands."""
    found = with_standing(WorkItem.objects.filter(reference=reference)).first()
    if found is None:
        raise NotFound(reference)
    return found


def period_rows(rows: Any) -> list[PeriodOut]:
    """Months as they are read over the API and by the command, in the order of `rows`."""
    found = list(rows.select_related("engagement", "entity").prefetch_related(months.with_closings()))
    laid = matrix.matrix_of(found)
    drawn = matrix.invoices(found)
    return [_period(row, [number for number, _ in drawn.get(row.period.id, [])]) for row in laid.rows]


def _period(row: matrix.Row, invoices: list[str]) -> PeriodOut:
    sealing: Any = row.sealing
    given: Any = row.given
    waits = sorted((wait for each in row.standings for wait in each.waits), key=lambda wait: wait.needed_at)
    return PeriodOut(
        id=row.period.id,
        reference=row.period.reference,
        engagement=row.period.engagement.reference,
        entity=row.period.entity.name,
        begins_on=row.period.begins_on,
        ends_on=row.period.ends_on,
        close_due_at=row.period.close_due_at,
        state=months.state_of(row.period),
        closed_at=row.closing.closed_at if row.closing else None,
        sealed_at=sealing.sealed_at if sealing else None,
        log_size=sealing.log_size if sealing else None,
        checkpoint=sealing.checkpoint if sealing else "",
        pack=given.id if given else None,
        pack_sha256=given.pack.sha256 if given else "",
        invoices=invoices,
        waits=[_wait(wait) for wait in waits],
    )


def _wait(wait: Wait) -> WaitOut:
    return WaitOut(
        item=wait.item.reference,
        step=wait.step,
        on=wait.on,
        side=wait.side,
        since=wait.since,
        needed_at=wait.needed_at,
        code=wait.why.code,
        says=Words("en").reason(wait.why),
    )


def _item(found: Standing) -> ItemOut:
    row = found.item
    return ItemOut(
        id=row.id,
        reference=row.reference,
        title=row.title,
        service=row.service,
        work_class=row.work_class,
        period=row.period.reference,
        entity=row.period.entity.name,
        due_at=row.due_at,
        people={step: held.person_name for step, held in found.on.items()},
        papers=[_paper(paper) for paper in found.papers],
        wait=_wait(found.wait) if found.wait else None,
    )


def _paper(row: ItemFile) -> PaperOut:
    return PaperOut(id=row.id, slot=row.slot, name=row.name, sha256=row.file.sha256, size=row.file.size)


def _deliverable(row: Deliverable, *, withheld: bool) -> DeliverableOut:
    """What the checks found quotes the work: it is not told where the work is withheld."""
    review: Any = next(iter(row.reviews.all()), None)
    acceptance: Any = next(iter(row.acceptances.all()), None)
    return DeliverableOut(
        id=row.id,
        number=row.number,
        manifest_sha256=row.manifest_sha256,
        made_by=row.made_by_name,
        made_at=row.made_at,
        files=[PaperOut(id=part.id, slot="", name=part.name, sha256=part.file.sha256, size=part.file.size) for part in row.files.all()],
        checks=[] if withheld else row.checks,
        quantities=row.quantities,
        review=review.verdict if review else "",
        reviewed_by=review.reviewed_by_name if review else "",
        reviewed_at=review.reviewed_at if review else None,
        acceptance=acceptance.verdict if acceptance else "",
        accepted_by=acceptance.accepted_by_name if acceptance else "",
        accepted_at=acceptance.accepted_at if acceptance else None,
    )
