"""The gate itself: may this person do this act, here, for this client, now?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from remit.domain.calendars import ZONES_VERSION
from remit.domain.gate import ability, credentials, independence, presence
from remit.domain.gate.asking import Asking, Outcome, Outcomes
from remit.domain.gate.facts import PersonFacts, Profile
from remit.domain.gate.need import Act, Need
from remit.domain.reasons import Reason
from remit.domain.rules import RuleSets

Condition = Callable[[Asking], Outcomes]
UNBREAKABLE = frozenset(
    (
        *("gate.preparer_is_reviewer", "gate.interest", "gate.same_organization", "gate.apart", "gate.agent_may_not", "gate.unknown_operator"),
        *("gate.membership", "gate.named", "gate.capacity"),
    )
)
"""Four eyes, agents, membership and being in one place: nobody breaks these, whoever says so."""

PROFILE: tuple[Condition, ...] = (
    ability.level, ability.years, credentials.asked_by_brief, credentials.reserved, ability.languages, ability.software, presence.hours, presence.places,
)  # fmt: skip
"""What an anonymous market row can be asked; the provider's own gate asks the rest by the bid and at staffing."""
PERSON: tuple[Condition, ...] = (
    independence.membership, independence.agent, independence.named, *PROFILE, ability.degree, ability.skills, ability.systems, ability.trainings,
    ability.knows, independence.walls, independence.four_eyes, presence.capacity,
)  # fmt: skip
CONDITIONS: Mapping[Act, tuple[Condition, ...]] = {
    Act.READ: (independence.membership, independence.walls, presence.places),
    Act.PREPARE: PERSON,
    Act.REVIEW: PERSON,
    Act.SIGN: PERSON,
    Act.BILL: (independence.membership, independence.walls),
}
"""What each act is asked for. Work already done is asked again as it was done: with its own act and instant."""


@dataclass(frozen=True, kw_only=True)
class RuleRef:
    """A rule as it was read."""

    jurisdiction: str
    id: str
    edition: int
    sha256: str
    set_sha256: str
    source: str
    valid_from: date
    verified: bool


@dataclass(frozen=True, kw_only=True)
class CredentialRef:
    """A credential as it was relied on, whose, and the evidence that its verifier saw."""

    holder: str
    key: str
    kind: str
    jurisdiction: str
    proof: str
    verified_by: str
    verified_at: datetime | None
    saw_sha256: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was looked at."""

    person: str
    act: Act
    reserved_act: str
    client: str
    at: datetime
    on: date
    rules: tuple[RuleRef, ...]
    credentials: tuple[CredentialRef, ...]
    zones_version: str = ZONES_VERSION


@dataclass(frozen=True)
class Verdict:
    """All that refuses, at once; what this engagement only observes and what is good to know; what holds; what was looked at."""

    allowed: bool
    reasons: tuple[Reason, ...]
    observed: tuple[Reason, ...]
    held: tuple[Reason, ...]
    checked: Checked
    warned: tuple[Reason, ...] = ()
    """Of `observed` what would have refused, had the engagement not merely observed it: it goes into the record."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of what refuses, in order."""
        return tuple(reason.code for reason in self.reasons)


def check(person: PersonFacts, act: Act, need: Need, at: datetime, rules: RuleSets) -> Verdict:
    """The verdict at an aware instant; dated facts are judged on that instant's day in the client's zone."""
    return _judge(Asking(person, act, need, at, rules), CONDITIONS[act])


def check_profile(profile: Profile, need: Need, at: datetime, rules: RuleSets, act: Act = Act.PREPARE) -> Verdict:
    """The same for a market row: only what a row can say, with the same reasons, and no name to leak.

    Where a rule lets others work under a responsible person, pass the provider's own rows as `need.responsible`.
    """
    person = PersonFacts(
        key="",
        levels=profile.levels,
        experience=profile.experience,
        credentials=profile.credentials,
        languages=profile.languages,
        software=profile.software,
        hours=profile.hours,
        places=profile.places,
    )
    return _judge(Asking(person, act, need, at, rules), PROFILE)


def _judge(asking: Asking, conditions: tuple[Condition, ...]) -> Verdict:
    if asking.at.utcoffset() is None:
        raise ValueError("the gate asks at an aware instant")
    outcomes = [outcome for condition in conditions for outcome in condition(asking)]
    reasons: list[Reason] = []
    warned: list[Reason] = []
    for each in outcomes:
        if each.kind == "refuses":
            heap = warned if _only_observed(asking, each) else reasons
            heap.extend([each.reason] if each.reason not in heap else [])
    noted = tuple(each.reason for each in outcomes if each.kind == "notes")
    held = tuple(each.reason for each in outcomes if each.kind == "holds")
    return Verdict(not reasons, tuple(reasons), (*noted, *warned), held, _checked(asking, outcomes), tuple(warned))


def _only_observed(asking: Asking, outcome: Outcome) -> bool:
    """Whether the engagement, on that day, merely observes it: reserved acts, walls and consents always bind, unless the glass was broken."""
    names = (outcome.reason.code, outcome.reason.rule_id)
    if outcome.reason.code not in UNBREAKABLE and any(
        each.person == asking.person.key and each.code in names and each.holds_at(asking.at) for each in asking.need.broken
    ):
        return True
    return not outcome.binds and any(each.code in (outcome.reason.code, outcome.reason.rule_id) and each.holds_on(asking.on) for each in asking.need.observed)


def _checked(asking: Asking, outcomes: list[Outcome]) -> Checked:
    rules = tuple(
        RuleRef(
            jurisdiction=each.jurisdiction,
            id=rule.id,
            edition=rule.edition,
            sha256=rule.sha256,
            set_sha256=each.sha256,
            source=rule.source,
            valid_from=rule.valid_from,
            verified=rule.verified,
        )
        for each, rule in asking.in_force
    )
    equals = {each.relied.equal.id for each in outcomes if each.relied is not None and each.relied.equal is not None}
    rules += tuple(
        RuleRef(
            jurisdiction=each.jurisdiction,
            id=equal.id,
            edition=1,
            sha256=equal.sha256,
            set_sha256=each.sha256,
            source=equal.source,
            valid_from=equal.valid_from,
            verified=equal.verified,
        )
        for each, equal in asking.rules.equals(asking.need.jurisdiction, asking.need.step.act, asking.on)
        if equal.id in equals
    )
    relied = tuple(
        CredentialRef(
            holder=each.holder,
            key=each.credential.key,
            kind=each.credential.kind,
            jurisdiction=each.credential.jurisdiction,
            proof=each.proof.value,
            verified_by=each.look.by if each.look else "",
            verified_at=each.look.at if each.look else None,
            saw_sha256=each.look.saw_sha256 if each.look else "",
        )
        for each in (outcome.relied for outcome in outcomes)
        if each is not None
    )
    return Checked(
        person=asking.person.key,
        act=asking.act,
        reserved_act=asking.need.step.act,
        client=asking.need.client,
        at=asking.at,
        on=asking.on,
        rules=rules,
        credentials=relied,
    )
