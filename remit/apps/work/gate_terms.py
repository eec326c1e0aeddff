"""What an engagement adds to the gate, as the gate reads it; and the rules that it asks under, for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.people.gate import rule_sets
from remit.apps.work.models import BreakGlass, Observing, Permission
from remit.domain.gate import Broken, Grant, Observed
from remit.domain.reasons import N_
from remit.domain.rules import Rule, RuleSet
from remit.lines import lines

CONDITIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "level": (N_("Level"), ("gate.level", "gate.unknown_level")),
    "years": (N_("Years in the field"), ("gate.years", "gate.unknown_experience")),
    "degree": (N_("Degree"), ("gate.degree", "gate.unknown_degree")),
    "language": (N_("Languages"), ("gate.language", "gate.unknown_language", "gate.language_skill")),
    "software": (N_("Programs"), ("gate.software", "gate.unknown_software")),
    "system": (N_("Accounts in the client’s systems"), ("gate.system", "gate.unknown_system")),
    "training": (N_("Training passed"), ("gate.training", "gate.training_version", "gate.unknown_training")),
    "knows": (N_("Known law"), ("gate.knows", "gate.unknown_knows")),
    "hours": (N_("Shared hours"), ("gate.hours", "gate.hours_no_day", "gate.unknown_hours")),
}
"""What of the gate an engagement may observe beside rules: its words, and the codes that then only warn."""


@dataclass(frozen=True)
class InForce:
    """A rule in force; `observed` where the engagement only observes it."""

    rule_set: RuleSet
    rule: Rule
    observed: Observing | None

    @property
    def words(self) -> Mapping[str, str]:
        """What it asks, by language."""
        return self.rule.words


def law_of(engagement: Engagement) -> str:
    """Whose law holds: that of the agreement's first entity."""
    facts = AgreedEntity.objects.filter(agreement=engagement.agreement_id).order_by("joins_on", "id").values_list("facts", flat=True).first() or {}
    return rule_sets().law(str(facts.get("country", "")), facts.get("subdivision") or "", "") if facts else ""


def grants_of(engagement: Engagement) -> tuple[Grant, ...]:
    """The permissions on file. One query."""
    rows = Permission.objects.filter(engagement=engagement, withdrawn_at=None).select_related("file")
    return tuple(
        Grant(
            kind=row.kind,
            key=str(row.id),
            countries=tuple(row.countries),
            saw_sha256=row.file.sha256 if row.file else "",
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    )


def observed_of(engagement: Engagement) -> tuple[Observed, ...]:
    """What is only observed, by the codes that then warn. One query."""
    rows = Observing.objects.filter(engagement=engagement, ended_at=None)
    return tuple(
        Observed(code=code, valid_from=row.valid_from, valid_until=row.valid_until)
        for row in rows
        for code in (CONDITIONS[row.what][1] if row.what in CONDITIONS else (row.what,))
    )


def broken_of(engagement: Engagement) -> tuple[Broken, ...]:
    """Where the glass is broken, by two persons. One query."""
    rows = BreakGlass.objects.filter(engagement=engagement, confirmed_at__isnull=False)
    return tuple(Broken(person=str(row.person_id), code=row.code, start_at=row.confirmed_at, end_at=row.until_at) for row in rows)


def acts_of(engagement: Engagement) -> set[str]:
    """The reserved acts that the service's tasks and steps are."""
    line = lines()[engagement.agreement.service]
    return {each for each in (*(task.act for task in line.tasks), *(step.need.act for step in line.steps)) if each}


def in_force(engagement: Engagement, on: date) -> list[InForce]:
    """Rules of the law that touch the service on a day, nearest first; each once."""
    law, observed = law_of(engagement), {row.what: row for row in Observing.objects.filter(engagement=engagement, ended_at=None)}
    found: dict[str, InForce] = {}
    for act in sorted(acts_of(engagement)) or [""]:
        for rule_set, rule in rule_sets().asked(law, act, on):
            found.setdefault(rule.id, InForce(rule_set, rule, observed.get(rule.id)))
    return list(found.values())


def kinds() -> list[str]:
    """Kinds of permissions that some rule on file asks for."""
    asked = (kind for each in rule_sets().sets for rule in each.rules for kind in (*rule.asks.consents, *rule.asks.mechanisms))
    return sorted(set(asked))


def always_binds(what: str) -> bool:
    """Of a rule's id: whether it cannot be observed, also where no rule of that id is on file."""
    rules = [rule for each in rule_sets().sets for rule in each.rules if rule.id == what]
    return not rules or any(rule.always_binds for rule in rules)


def permissions_of(engagement: Engagement, at: datetime) -> list[tuple[Permission, str]]:
    """Each with its state: in force, to come, over, withdrawn; the open ones first."""
    today = at.date()
    found = []
    for row in Permission.objects.filter(engagement=engagement).select_related("file").order_by("-valid_from", "kind"):
        over = row.valid_until is not None and row.valid_until <= today
        state = "withdrawn" if row.withdrawn_at else "over" if over else "to_come" if row.valid_from > today else "in_force"
        found.append((row, state))
    return sorted(found, key=lambda pair: ("in_force", "to_come", "over", "withdrawn").index(pair[1]))
