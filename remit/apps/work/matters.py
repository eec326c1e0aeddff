"""What went wrong, as both sides see it: where a matter stands, what is due of whom, and which notices the law asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.people import gate
from remit.apps.work.models import Matter, MatterStep
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import zone
from remit.domain.matters import ANSWER_WORKDAYS, CATEGORIES, ENDS, KINDS, SEVERITIES, STEPS, is_over, waits_for_answer
from remit.domain.rules import notices_of

OTHER = {"client": "provider", "provider": "client"}
CLOSES = {"hour": 17, "minute": 0, "second": 0, "microsecond": 0}
"""On the day on which an answer is due."""


@dataclass(frozen=True)
class Owed:
    """A notice that the law asks for, and what became of it: due, late, sent, sent late, or not owed."""

    id: str
    words: dict[str, str]
    to: str
    owed_by: str
    due_at: datetime
    source: str
    verified: bool
    step: MatterStep | None
    state: str


@dataclass(frozen=True)
class Stood:
    """A matter with its steps, oldest first."""

    row: Matter
    steps: tuple[MatterStep, ...]
    notices: tuple[Owed, ...]

    @property
    def codes(self) -> list[str]:
        return [step.step for step in self.steps]

    @property
    def is_over(self) -> bool:
        return is_over(self.row.kind, self.codes)

    @property
    def kind(self) -> str:
        return KINDS[self.row.kind]

    @property
    def category(self) -> str:
        return CATEGORIES[self.row.kind][self.row.category]

    @property
    def severity(self) -> str:
        return SEVERITIES[self.row.severity]

    @property
    def state(self) -> str:
        """The last word that ended it, or what it waits for."""
        ended = next((step for step in reversed(self.steps) if step.step in ENDS[self.row.kind]), None)
        return STEPS[ended.step] if ended else ""

    @property
    def answers(self) -> str:
        """The side whose answer is due now; empty where none is."""
        return OTHER[self.row.raised_side] if waits_for_answer(self.row.kind, self.codes) else ""

    @property
    def judges(self) -> str:
        """The side that looks at an answer now; empty where none waits."""
        if self.row.kind == "incident" or self.is_over or self.answers:
            return ""
        return self.row.raised_side


def stand(rows: QuerySet[Matter], at: datetime) -> list[Stood]:
    """Each with its steps, in two queries."""
    near = ("engagement__client", "engagement__provider", "engagement__agreement", "item")
    return [_stood(row, at) for row in rows.select_related(*near).prefetch_related("steps")]


def of_engagement(engagement: Any, at: datetime) -> list[Stood]:
    """All of an engagement, the newest first."""
    return stand(Matter.objects.filter(engagement=engagement).order_by("-raised_at"), at)


def still_open() -> QuerySet[Matter]:
    """Those of which the last word was not said."""
    ended = MatterStep.objects.filter(matter=OuterRef("pk"), step__in=frozenset().union(*ENDS.values()))
    return Matter.objects.filter(~Exists(ended))


def disputes_of(engagement: Any, invoice: str, at: datetime) -> list[Stood]:
    """Open disputes of an invoice; what they name of it is not due meanwhile."""
    found = stand(Matter.objects.filter(engagement=engagement, kind="dispute", invoice=invoice).order_by("raised_at"), at)
    return [each for each in found if not each.is_over]


def withheld(found: Iterable[Stood]) -> Decimal:
    """What of an invoice is not due, in its currency."""
    return sum((each.row.amount for each in found if each.row.amount is not None), Decimal(0))


def answer_due(running: Engagement, at: datetime) -> datetime:
    """By when the other side answers: in working days of the client's first entity."""
    facts = AgreedEntity.objects.filter(agreement=running.agreement_id).order_by("joins_on", "id").values_list("facts", flat=True).first() or {}
    clock = zone(facts.get("zone") or "UTC")
    day = calendar_of(facts).add(at.astimezone(clock).date(), ANSWER_WORKDAYS)
    return datetime(day.year, day.month, day.day, CLOSES["hour"], tzinfo=clock)


def notices(running: Engagement, kind: str, detected_at: datetime) -> list[dict[str, Any]]:
    """What the law asks for of each jurisdiction of the agreed entities, as the matter keeps it; each once."""
    rules, kept = gate.rule_sets(), {}
    for facts in AgreedEntity.objects.filter(agreement=running.agreement_id).values_list("facts", flat=True):
        law = rules.law(facts["country"], facts.get("subdivision") or "")
        for each in notices_of(rules.notices(law), kind, detected_at.date()):
            row = {name: getattr(each, name) for name in ("id", "to", "owed_by", "source", "verified", "sha256")}
            kept[each.id] = row | {"words": dict(each.words), "due_at": each.due_at(detected_at).isoformat()}
    return sorted(kept.values(), key=lambda row: (row["due_at"], row["id"]))


def _stood(row: Matter, at: datetime) -> Stood:
    steps = tuple(sorted(row.steps.all(), key=lambda step: (step.done_at, step.id)))
    return Stood(row, steps, tuple(_owed(kept, steps, at) for kept in row.notices))


def _owed(kept: dict[str, Any], steps: tuple[MatterStep, ...], at: datetime) -> Owed:
    step = next((each for each in steps if each.notice == kept["id"]), None)
    due_at = datetime.fromisoformat(kept["due_at"])
    if step is None:
        state = "late" if at > due_at else "due"
    elif step.step == "not_owed":
        state = "not_owed"
    else:
        state = "sent_late" if step.sent_at is not None and step.sent_at > due_at else "sent"
    return Owed(kept["id"], kept["words"], kept["to"], kept["owed_by"], due_at, kept["source"], kept["verified"], step, state)
