"""What was done in a person's name: prepared, reviewed, let pass, filed; and what became of it. The client's names can be left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from remit.apps.work.models import CheckOverride, Deliverable, Filing, Review
from remit.domain.reasons import N_

ACTS = {
    "prepared": N_("prepared"),
    "passed": N_("reviewed and passed"),
    "returned": N_("reviewed and returned"),
    "let_pass": N_("let a failing check pass"),
    "filed": N_("filed with an authority"),
}
STATES = {
    "stands": N_("accepted, stands"),
    "open": N_("not accepted yet"),
    "superseded": N_("superseded by later bytes"),
    "wrong": N_("found wrong after acceptance"),
}
COLUMNS = ("at", "act", "service", "task", "client", "entity", "country", "month", "item", "deliverable", "manifest_sha256", "state")


@dataclass(frozen=True)
class Signed:
    """One act in a person's name. `manifest_sha256` names the exact bytes; `state` is what became of them."""

    at: datetime
    act: str
    service: str
    task: str
    client: str
    entity: str
    country: str
    month: date
    item: str
    deliverable: int
    manifest_sha256: str
    state: str

    def row(self, *, names: bool = True) -> dict[str, Any]:
        """As CSV and JSON tell it; without `names`, nothing names the client, its entity or its item."""
        told = {name: getattr(self, name) for name in COLUMNS}
        told |= {"at": self.at.isoformat(), "month": f"{self.month:%Y-%m}"}
        return told if names else told | dict.fromkeys(("client", "entity", "item"), "")


def of_person(person: UUID) -> list[Signed]:
    """Everything that whoever asks may read of it, the newest first, in four queries."""
    found = [*_prepared(person), *_reviewed(person), *_let_pass(person), *_filed(person)]
    return sorted(found, key=lambda each: each.at, reverse=True)


NEAR = ("item__engagement__client", "item__period__entity", "reopening")


def _prepared(person: UUID) -> Iterator[Signed]:
    rows = Deliverable.objects.filter(made_by=person).select_related(*NEAR).prefetch_related("acceptances", "item__deliverables")
    for made in rows.defer("checks", "quantities", "carry", "state"):
        yield _signed(made, made.made_at, "prepared")


def _reviewed(person: UUID) -> Iterator[Signed]:
    near = [f"deliverable__{name}" for name in NEAR]
    rows = Review.objects.filter(reviewed_by=person).select_related(*near).prefetch_related("deliverable__acceptances", "deliverable__item__deliverables")
    for given in rows:
        yield _signed(given.deliverable, given.reviewed_at, given.verdict)


def _let_pass(person: UUID) -> Iterator[Signed]:
    for row in CheckOverride.objects.filter(allowed_by=person).select_related("item__engagement__client", "item__period__entity"):
        yield _of_item(row.item, row.allowed_at, "let_pass", 0, row.finding_sha256, "stands")


def _filed(person: UUID) -> Iterator[Signed]:
    near = [f"deliverable__{name}" for name in NEAR]
    rows = Filing.objects.filter(sent_by=person).select_related(*near).prefetch_related("deliverable__acceptances", "deliverable__item__deliverables")
    for sent in rows:
        yield _signed(sent.deliverable, sent.sent_at, "filed")


def _signed(made: Deliverable, at: datetime, act: str) -> Signed:
    return _of_item(made.item, at, act, made.number, made.manifest_sha256, _state(made))


def _of_item(item: Any, at: datetime, act: str, number: int, sha256: str, state: str) -> Signed:
    entity, begins_on = item.period.entity, item.period.begins_on
    country = str(entity.facts.get("country", ""))
    return Signed(at, act, item.service, item.task, item.engagement.client.name, entity.name, country, begins_on, item.reference, number, sha256, state)


def _state(made: Deliverable) -> str:
    if getattr(made, "reopening", None) is not None:
        return "wrong"
    if any(each.verdict == "accepted" for each in made.acceptances.all()):
        return "stands"
    return "superseded" if any(other.number > made.number for other in made.item.deliverables.all()) else "open"
