"""One question put to the gate, and what a condition answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from remit.domain.calendars import zone
from remit.domain.gate.facts import Credential, PersonFacts, Proof, Verification
from remit.domain.gate.need import Act, Need
from remit.domain.reasons import Reason
from remit.domain.rules import Equal, Rule, RuleSet, RuleSets


@dataclass(frozen=True)
class Relied:
    """A credential that a condition rests on: whose, in which state, and by which verification."""

    holder: str
    credential: Credential
    proof: Proof
    look: Verification | None
    equal: Equal | None = None
    """The rule by which the title counts as the one asked for, where it is another."""


@dataclass(frozen=True)
class Outcome:
    """A condition that holds, refuses, or only wants to be known; `binds`: an engagement may not merely observe it."""

    kind: Literal["holds", "refuses", "notes"]
    reason: Reason
    binds: bool = False
    relied: Relied | None = None


Outcomes = Iterator[Outcome]


@dataclass(frozen=True)
class Asking:
    """May `person` do `act` for `need` at `at`, under these rules?"""

    person: PersonFacts
    act: Act
    need: Need
    at: datetime
    rules: RuleSets

    @cached_property
    def on(self) -> date:
        """The day on the client's clock."""
        return self.at.astimezone(zone(self.need.zone)).date()

    @cached_property
    def in_force(self) -> tuple[tuple[RuleSet, Rule], ...]:
        """Rules for this act and day that touch this class of data and these places."""
        found = self.rules.asked(self.need.jurisdiction, self.need.step.act, self.on)
        return tuple((each, rule) for each, rule in found if self._touches(rule))

    @cached_property
    def equals(self) -> tuple[Equal, ...]:
        """Titles from elsewhere that count here for this act on this day."""
        return tuple(equal for _set, equal in self.rules.equals(self.need.jurisdiction, self.need.step.act, self.on))

    def _touches(self, rule: Rule) -> bool:
        if rule.data and not set(rule.data) & set(self.need.holds):
            return False
        return not rule.outside or self.countries is None or any(country not in rule.outside for country in self.countries)

    @cached_property
    def countries(self) -> tuple[str, ...] | None:
        """Where the person works from on the day, and servers, backups and viewers; None where any of it is unknown."""
        places = [place.country for place in self.person.places or () if place.holds_on(self.on)]
        if not places or self.need.places is None:
            return None
        return tuple(sorted({*places, *self.need.places}))


def by_rule(rule: Rule) -> dict[str, Any]:
    """What a reason takes over from a rule: id, source, and since when it holds."""
    return {"rule_id": rule.id, "rule_source": rule.source, "rule_from": rule.valid_from}
