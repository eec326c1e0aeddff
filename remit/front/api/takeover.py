"""Reading what was brought to take running relations over: the plan, with every finding at its file, line and column."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.roles import lacks
from remit.apps.work.actions.takeover import BRINGERS
from remit.apps.work.models import TakeoverDraft
from remit.apps.work.takeover.known import known
from remit.apps.work.takeover.reading import of_kept, planned
from remit.apps.work.takeover.telling import plan_json
from remit.front.api.reading import read, reads


class FindingOut(Schema):
    """What is wrong, where, and how it is mended; `severity` is error, warning or note."""

    file: str
    sheet: str
    line: int | None
    column: str
    code: str
    severity: str
    says: str


class PersonPlanOut(Schema):
    """A person of the sheet: new, changed or unchanged; `changes` names what differs."""

    name: str
    state: str
    changes: list[str]


class EngagementPlanOut(Schema):
    """An engagement of the sheets: new, unchanged, or left as it is."""

    client: str
    service: str
    state: str
    entities: list[str]


class TakeoverOut(Schema):
    """What taking over would make, change and leave; nothing can be taken over while a finding is an error.

    `counts` leaves lines with errors out; `faulty` says how many those are, by sheet.
    """

    id: UUID
    reference: str
    carried_out_at: datetime | None
    counts: dict[str, int]
    faulty: dict[str, int]
    people: list[PersonPlanOut]
    engagements: list[EngagementPlanOut]
    findings: list[FindingOut]


@reads.get("/takeovers/{reference}", response=TakeoverOut, operation_id="takeover")
@read
def takeover(request: HttpRequest, organization: Path[str], reference: Path[str]) -> dict[str, object]:
    """What taking over the files of TO-7K3F-9QXM would make, change and leave."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    draft = TakeoverDraft.objects.filter(reference=reference, organization=by.organization).first()
    if draft is None or lacks(by, at, BRINGERS) is not None:
        raise NotFound(reference)
    brought = of_kept(draft.brought)
    plan = planned(brought, known(by, at, brought))
    return {"id": draft.id, "reference": draft.reference, "carried_out_at": draft.carried_out_at, **plan_json(plan, brought)}
