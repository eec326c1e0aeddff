"""The decisions on an item in words: the entries about it and its rows, who decided, and what they said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from remit.apps.organizations.models import GuestLink, Organization
from remit.apps.records.log import reasons_of
from remit.apps.records.models import Entry
from remit.apps.work.models import (
    Acceptance,
    Answer,
    Assignment,
    CheckOverride,
    Deliverable,
    DeliverableFile,
    Filing,
    Handover,
    InstructionUse,
    ItemFile,
    OpeningTime,
    ProcedureAdoption,
    Receipt,
    Reminder,
    Request,
    RequestWithdrawal,
    Review,
    ReviewSample,
    Settlement,
    StepState,
    WorkItem,
)
from remit.domain.reasons import Reason
from remit.domain.record import statement, words
from remit.domain.record.decision import Decision

MOST = 40


@dataclass(frozen=True)
class Told:
    """One entry in words."""

    entry: Entry
    says: str
    by: str
    house: str
    at: datetime
    outcome: str
    reasons: tuple[Reason, ...]
    files: tuple[str, ...]
    verdict: str
    index: int | None
    actors: tuple[UUID, ...] = ()
    """Person and log-in of whoever decided."""


def of_item(item: WorkItem) -> tuple[list[Told], int]:
    """(the newest entries about the item, its period and its rows, newest first; how many there are)."""
    made = list(Deliverable.objects.filter(item=item).values_list("id", flat=True))
    keys = {item.id, item.period_id, *made}
    keys |= set(OpeningTime.objects.filter(period=item.period_id).values_list("id", flat=True))
    for of_item in (Assignment.objects, ItemFile.objects, StepState.objects, CheckOverride.objects):
        keys |= set(of_item.filter(item=item).values_list("id", flat=True))
    for of_made in (Review.objects, Acceptance.objects, DeliverableFile.objects, ReviewSample.objects):
        keys |= set(of_made.filter(deliverable__in=made).values_list("id", flat=True))
    sent = list(Filing.objects.filter(item=item).values_list("id", flat=True))
    keys |= {*sent, *Receipt.objects.filter(filing__in=sent).values_list("id", flat=True)}
    for asked in (
        GuestLink.objects.filter(about_id=item.id),
        Request.objects.filter(item=item),
        Answer.objects.filter(request__item=item),
        Settlement.objects.filter(answer__request__item=item),
        Reminder.objects.filter(request__item=item),
        InstructionUse.objects.filter(item=item),
    ):
        keys |= set(asked.values_list("id", flat=True))
    entries = Entry.objects.filter(audience=item.audience_id, object_id__in=keys)
    newest = list(entries.select_related("leaf").prefetch_related("openings").order_by("-decided_at", "-id")[:MOST])
    return told(newest, names_on(item)), entries.count()


def told(entries: list[Entry], names: Mapping[UUID, str]) -> list[Told]:
    """Entries in words, with the names that are to be seen."""
    decisions = [statement.decode(bytes(entry.statement)) for entry in entries]
    houses = dict(Organization.objects.filter(pk__in={d.actor.organization for d in decisions if d.actor.organization}).values_list("pk", "name"))
    return [_told(entry, decision, names, houses) for entry, decision in zip(entries, decisions, strict=True)]


def _told(entry: Entry, decision: Decision, names: Mapping[UUID, str], houses: Mapping[Any, str]) -> Told:
    actor = decision.actor
    leaf = getattr(entry, "leaf", None)
    opened = {opening.name: opening.value for opening in entry.openings.all()}
    return Told(
        entry=entry,
        says=words.KINDS.get(entry.kind, entry.kind),
        by=next((names[key] for key in (actor.person, actor.user) if key and key in names), opened.get("guest", "")),
        house=houses.get(actor.organization, ""),
        at=entry.decided_at,
        outcome=entry.outcome,
        reasons=reasons_of(decision),
        files=tuple(file.name for file in decision.files if file.name != "manifest.json"),
        verdict=opened.get("verdict", "") or opened.get("person", "") or opened.get("reason", ""),
        index=leaf.index if leaf else None,
        actors=tuple(key for key in (actor.person, actor.user) if key is not None),
    )


def names_on(item: WorkItem) -> dict[UUID, str]:
    """The names of who acted on an item, by user and person, from its own rows: both sides see the same."""
    pairs = [
        Assignment.objects.filter(item=item).values_list("person", "person_name"),
        ItemFile.objects.filter(item=item).values_list("brought_by", "brought_by_name"),
        Deliverable.objects.filter(item=item).values_list("made_by", "made_by_name"),
        Review.objects.filter(deliverable__item=item).values_list("reviewed_by", "reviewed_by_name"),
        Acceptance.objects.filter(deliverable__item=item).values_list("accepted_by", "accepted_by_name"),
        CheckOverride.objects.filter(item=item).values_list("allowed_by", "allowed_by_name"),
        ProcedureAdoption.objects.filter(item=item).values_list("adopted_by", "adopted_by_name"),
        Filing.objects.filter(item=item).values_list("told_by", "told_by_name"),
        Receipt.objects.filter(filing__item=item).values_list("brought_by", "brought_by_name"),
        Request.objects.filter(item=item).values_list("asked_by", "asked_by_name"),
        Answer.objects.filter(request__item=item).values_list("answered_by", "answered_by_name"),
        Settlement.objects.filter(answer__request__item=item).values_list("settled_by", "settled_by_name"),
        Handover.objects.filter(request__item=item).values_list("passed_by", "passed_by_name"),
        RequestWithdrawal.objects.filter(request__item=item).values_list("withdrawn_by", "withdrawn_by_name"),
        InstructionUse.objects.filter(item=item).values_list("used_by", "used_by_name"),
    ]
    return {key: name for found in pairs for key, name in found if key is not None and name}
