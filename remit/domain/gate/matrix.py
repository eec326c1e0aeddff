"""Many people against many needs at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from remit.domain.gate.facts import PersonFacts
from remit.domain.gate.need import Act, Need
from remit.domain.gate.verdict import Verdict, check
from remit.domain.rules import RuleSets


def judged(people: Sequence[PersonFacts], needs: Sequence[tuple[Act, Need, datetime]], rules: RuleSets) -> Iterator[tuple[int, list[Verdict]]]:
    """For each need its number and the verdict on every person, in their order; each pair is what `check` says of it."""
    for number, (act, need, at) in enumerate(needs):
        yield number, [check(person, act, need, at, rules) for person in people]


def uncovered(people: Sequence[PersonFacts], needs: Sequence[tuple[Act, Need, datetime]], rules: RuleSets) -> list[int]:
    """Numbers of the needs that nobody may do."""
    return [number for number, verdicts in judged(people, needs, rules) if not any(verdict.allowed for verdict in verdicts)]
