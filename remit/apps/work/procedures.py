"""Procedures of an engagement: which version is in force for an item, how it is frozen with it, and where each version stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from remit.apps.agreements.models import Engagement
from remit.apps.records.context import By
from remit.apps.work import cases
from remit.apps.work.models import Period, Procedure, ProcedureVersion, WorkItem
from remit.domain.calendars import zone
from remit.domain.reasons import N_
from remit.domain.record.canonical import canonical
from remit.domain.tasks.procedure import Difference, ProcedureStep, compare, of_rows
from remit.lines import lines

WRITERS = ("manager", "requester", "preparer", "approver", "signatory", "administrator")
JUDGES = ("manager", "requester", "approver", "signatory", "administrator")
STATES = {
    "proposed": N_("waits for the other side"),
    "coming": N_("agreed, not in force yet"),
    "in_force": N_("in force"),
    "succeeded": N_("succeeded"),
    "declined": N_("declined"),
    "withdrawn": N_("taken back"),
    "ended": N_("withdrawn"),
}

JUDGED = {"agreed": N_("Agreed by"), "declined": N_("Declined by"), "withdrawn": N_("Taken back by")}


def side_of(by: By, engagement: Engagement) -> str:
    """`client`, `provider`, or nothing for a third party."""
    return "client" if by.organization == engagement.client_id else "provider" if by.organization == engagement.provider_id else ""


def task_of(item: WorkItem) -> str:
    """The task that an item is of, also where it is the one that the line itself makes something of."""
    return item.task or cases.working_step(lines()[item.service]).task


def day_of(period: Period, at: datetime) -> date:
    """The day of an instant by the entity's clock."""
    return at.astimezone(zone(period.entity.facts["zone"])).date()


def agreed(engagement: UUID) -> QuerySet[ProcedureVersion]:
    """Versions that both sides agreed, with their procedures, in a fixed number of queries."""
    return ProcedureVersion.objects.filter(procedure__engagement=engagement, verdict__verdict="agreed").select_related("procedure__withdrawal")


def in_force(versions: Iterable[ProcedureVersion], task: str, entity: UUID, on: date) -> ProcedureVersion | None:
    """Of an engagement's agreed versions the one for a task and an agreed entity on a day: the entity's own before that for all, then the newest."""
    found = [each for each in versions if each.procedure.task == task and each.procedure.entity_id in (None, entity) and holds(each, on)]
    return max(found, key=lambda each: (each.procedure.entity_id is not None, each.valid_from, each.number), default=None)


def holds(version: ProcedureVersion, on: date) -> bool:
    """Whether an agreed version has begun, and its procedure was not withdrawn."""
    gone = getattr(version.procedure, "withdrawal", None)
    return version.valid_from <= on and (gone is None or on < gone.from_on)


def for_item(item: WorkItem, at: datetime) -> ProcedureVersion | None:
    """The version that an item opened now would carry."""
    return in_force(agreed(item.engagement_id), task_of(item), item.period.entity_id, day_of(item.period, at))


def frozen(version: ProcedureVersion | None) -> dict[str, Any]:
    """As an item keeps it among its answers; empty where there is none."""
    if version is None:
        return {}
    kept = {
        "reference": version.procedure.reference,
        "version": version.number,
        "valid_from": version.valid_from.isoformat(),
        "owner": version.owner_name,
        "steps": version.steps,
    }
    return {"procedure": kept}


def carried(item: WorkItem) -> dict[str, Any]:
    """What is frozen with the item; empty where nothing is."""
    kept = item.answers.get("procedure")
    return kept if isinstance(kept, dict) else {}


def steps_of(item: WorkItem) -> tuple[ProcedureStep, ...]:
    """The steps of the procedure that the item carries."""
    return of_rows(carried(item).get("steps", ()))


def newer(item: WorkItem, at: datetime) -> ProcedureVersion | None:
    """The version in force now, where the item carries another or none."""
    found, kept = for_item(item, at), carried(item)
    return None if found is None or (kept.get("reference"), kept.get("version")) == (found.procedure.reference, found.number) else found


def sha256(steps: Any) -> str:
    """Of the steps, in canonical JSON: what an entry of the record names."""
    return hashlib.sha256(canonical({"steps": steps})).hexdigest()


@dataclass(frozen=True)
class Stood:
    """A version, and where it stands."""

    row: ProcedureVersion
    state: str
    steps: tuple[ProcedureStep, ...]

    @property
    def says(self) -> str:
        """Its state in words."""
        return STATES[self.state]

    @property
    def judged(self) -> str:
        """What was said to it, in words; empty while it waits."""
        return JUDGED[self.verdict.verdict] if self.verdict else ""

    @property
    def verdict(self) -> Any:
        """What the other side said; None while it waits."""
        return getattr(self.row, "verdict", None)


def of_engagement(engagement: Engagement) -> QuerySet[Procedure]:
    """All of it, with versions and verdicts, in a fixed number of queries."""
    return (
        Procedure.objects.filter(engagement=engagement)
        .select_related("entity", "withdrawal")
        .prefetch_related("versions__verdict")
        .order_by("task", "begun_at")
    )


def stood(procedure: Procedure, on: date) -> list[Stood]:
    """Its versions, newest first, from what `of_engagement` fetched."""
    rows = sorted(procedure.versions.all(), key=lambda row: -row.number)
    for row in rows:
        row.procedure = procedure
    valid = [row for row in rows if getattr(getattr(row, "verdict", None), "verdict", "") == "agreed"]
    now = max((row for row in valid if row.valid_from <= on), key=lambda row: (row.valid_from, row.number), default=None)
    return [Stood(row, _state(row, now, on), of_rows(row.steps)) for row in rows]


def _state(row: ProcedureVersion, now: ProcedureVersion | None, on: date) -> str:
    verdict = getattr(row, "verdict", None)
    if verdict is None:
        return "proposed"
    if verdict.verdict != "agreed":
        return str(verdict.verdict)
    gone = getattr(row.procedure, "withdrawal", None)
    if gone is not None and gone.from_on <= on:
        return "ended"
    return "in_force" if row is now else "coming" if row.valid_from > on else "succeeded"


def before(rows: list[Stood], row: Stood) -> Stood | None:
    """The newest earlier version that was agreed."""
    return next((each for each in rows if each.row.number < row.row.number and each.verdict is not None and each.verdict.verdict == "agreed"), None)


def against(rows: list[Stood], row: Stood) -> tuple[Difference, ...]:
    """A version beside the agreed one before it; all of the first is added."""
    earlier = before(rows, row)
    return compare(earlier.steps if earlier else (), row.steps)


def reach(entity: UUID | None) -> Q:
    """Of one entity, or (none) of all."""
    return Q(entity=None) if entity is None else Q(entity=entity)
