"""A team against what its engagements ask: who may prepare and review where, which of it nobody may, and who has no work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.models import Membership
from remit.apps.people.gate import rule_sets
from remit.apps.people.models import Person
from remit.apps.records.context import By
from remit.apps.work.models import Assignment
from remit.apps.work.needs import need_of_engagement
from remit.apps.work.pending import open_items
from remit.domain.gate import Act, Need, Verdict
from remit.domain.gate.matrix import judged
from remit.domain.reasons import N_

STEPS = {Act.PREPARE: N_("prepare"), Act.REVIEW: N_("review")}


@dataclass(frozen=True)
class Row:
    """What one engagement asks for one step, with the verdict on everybody in the order of `Coverage.people`."""

    engagement: Engagement
    act: Act
    need: Need
    verdicts: tuple[Verdict, ...]

    @property
    def says(self) -> str:
        """The step in a word."""
        return STEPS[self.act]

    @property
    def able(self) -> int:
        """How many may."""
        return sum(verdict.allowed for verdict in self.verdicts)

    @property
    def why_not(self) -> list[Any]:
        """Where nobody may: the reasons that refuse most people, each once."""
        counted = Counter(code for verdict in self.verdicts for code in verdict.codes)
        first = {reason.code: reason for verdict in self.verdicts for reason in verdict.reasons}
        return [{"reason": first[code], "count": count} for code, count in counted.most_common(4)]


@dataclass(frozen=True)
class Coverage:
    """The matrix; `without_work`: humans on no open step."""

    people: tuple[Person, ...]
    rows: tuple[Row, ...]
    without_work: tuple[Person, ...]

    @property
    def uncovered(self) -> tuple[Row, ...]:
        """What nobody may do."""
        return tuple(row for row in self.rows if not row.able)


def staff_of(by: By, at: datetime) -> list[Person]:
    """Everybody who works for the acting organization now, with what the gate must know, by name."""
    here = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, person_id__isnull=False, since__lte=at)
    return list(Person.objects.filter(id__in=here.values("person_id")).for_facts().order_by("name", "id"))


def coverage(by: By, at: datetime) -> Coverage:
    """Of the running engagements that the acting organization provides; those who may most first."""
    people = staff_of(by, at)
    today = at.date()
    running = Engagement.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), provider=by.organization).select_related("agreement", "client", "provider")
    asked = [(each, *need_of_engagement(each, act.value)) for each in running.order_by("client__name", "started_at") for act in STEPS]
    facts = [person.facts() for person in people]
    verdicts = dict(judged(facts, [(act, need, at) for _each, act, need in asked], rule_sets()))
    counts = {person.id: sum(verdicts[number][column].allowed for number in verdicts) for column, person in enumerate(people)}
    order = sorted(range(len(people)), key=lambda column: (-counts[people[column].id], people[column].name))
    rows = tuple(Row(each, act, need, tuple(verdicts[number][column] for column in order)) for number, (each, act, need) in enumerate(asked))
    busy: set[UUID] = set(Assignment.objects.filter(ended_at=None, item__in=open_items().values("id")).values_list("person_id", flat=True))
    idle = tuple(person for person in people if person.kind == "human" and person.id not in busy)
    return Coverage(tuple(people[column] for column in order), rows, idle)
