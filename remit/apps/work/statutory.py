"""By when the law asks for what an item ends in: frozen with the item from the rule in force; and how it stands beside the agreed date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from remit.apps.people import gate
from remit.apps.work.models import Filing, Period, WorkItem
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import zone
from remit.domain.line import Task
from remit.domain.rules import deadline_of, due_on

FILED, SENT, TO_FILE, LATE = "filed", "sent", "to_file", "late"


def frozen(period: Period, task: Task, every_months: int) -> dict[str, Any]:
    """The deadline of a task for a period that ends with this month, as the item keeps it; empty where no rule is on file."""
    facts = period.entity.facts
    rules = gate.rule_sets()
    found = deadline_of(rules.deadlines(rules.law(facts["country"], facts.get("subdivision") or "")), task.code, task.act, every_months, period.ends_on)
    if found is None:
        return {}
    kept = {name: getattr(found, name) for name in ("id", "sha256", "authority", "source", "verified")}
    return kept | {"words": dict(found.words), "due_on": due_on(found, period.ends_on, calendar_of(facts)).isoformat()}


def law_due_at(item: WorkItem) -> datetime | None:
    """The end of the last day, on the entity's clock; None where the law asks for nothing that is on file."""
    day = item.deadline.get("due_on")
    if not day:
        return None
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), zone(item.period.entity.facts["zone"]))


@dataclass(frozen=True)
class Date:
    """One filing: what the law says, what was agreed, and where it stands. `room_days` from the agreed day to the law's."""

    item: WorkItem
    by_law: date
    source: str
    verified: bool
    words: dict[str, str]
    authority: str
    filing: Filing | None
    state: str
    room_days: int


def date_of(item: WorkItem, filing: Filing | None, at: datetime) -> Date | None:
    """None for an item that ends in no filing. Without its receipt it is late from the end of the law's day on, sent or not."""
    ends = law_due_at(item)
    if ends is None:
        return None
    by_law = date.fromisoformat(item.deadline["due_on"])
    receipt = getattr(filing, "receipt", None) if filing else None
    counts = receipt.received_at if receipt else at
    state = LATE if counts >= ends else FILED if receipt else SENT if filing else TO_FILE
    agreed = item.due_at.astimezone(zone(item.period.entity.facts["zone"])).date()
    kept = item.deadline
    return Date(item, by_law, kept["source"], kept["verified"], kept["words"], kept["authority"], filing, state, (by_law - agreed).days)
