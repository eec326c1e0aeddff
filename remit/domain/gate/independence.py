"""Conditions on who stands for whom: membership, walls, four eyes, agents."""

from __future__ import annotations

from collections.abc import Iterable

from remit.domain.gate.asking import Asking, Outcome, Outcomes, by_rule
from remit.domain.gate.need import Act, Doer
from remit.domain.reasons import N_, Reason, Sentence

MEMBERSHIP = Sentence("gate.membership", N_("They are not a member of the organization that is to do the work on {on}."))
HELD_MEMBERSHIP = Sentence("gate.held.membership", N_("Membership in force"))
WALL = Sentence("gate.wall", N_("A wall bars this person from this client or matter."))
WALL_SITE = Sentence("gate.wall_site", N_("A wall bars this site from this client or matter."))
HELD_WALL = Sentence("gate.held.wall", N_("No wall"))
SAME_PERSON = Sentence("gate.preparer_is_reviewer", N_("Preparer and reviewer would be the same person."))
SAME_INTEREST = Sentence("gate.interest", N_("Preparer and reviewer stand for one interest: an agent and its operator are one."))
SAME_ORGANIZATION = Sentence("gate.same_organization", N_("A rule asks for preparer and reviewer from different organizations."))
APART = Sentence("gate.apart", N_("They did a step of this work from which this step must stay apart."))
HELD_APART = Sentence("gate.held.apart", N_("Preparer and reviewer differ"))
NAMED = Sentence("gate.named", N_("This step is kept for another person."))
AGENT = Sentence("gate.agent_may_not", N_("A software agent may draft; it may not review or sign."))
OPERATOR = Sentence("gate.unknown_operator", N_("The agent has no human operator who answers for it."))

JOIN = Sentence("gate.cure.membership", N_("Record the membership, or choose a member."))
UNTIL = Sentence("gate.cure.wall_ends", N_("The wall ends at {end_at}; until then choose someone else."))
ELSE = Sentence("gate.cure.someone_else", N_("Choose someone else."))
REVIEWER = Sentence("gate.cure.other_reviewer", N_("Name another person as preparer or reviewer first."))
HUMAN = Sentence("gate.cure.human", N_("Give this step to a person."))
NAME_OPERATOR = Sentence("gate.cure.operator", N_("Name the person who answers for the agent."))

HOUSE = "Remit: preparer and reviewer differ in person and in interest"


def membership(asking: Asking) -> Outcomes:
    """A tie in force to the organization that is bound to do the work."""
    if not asking.need.provider:
        return
    if any(tie.organization == asking.need.provider and tie.holds_on(asking.on) for tie in asking.person.memberships):
        yield Outcome("holds", HELD_MEMBERSHIP(), True)
    else:
        yield Outcome("refuses", MEMBERSHIP(on=asking.on, rule_id="house.membership", rule_source="Remit: memberships", cure=JOIN()), True)


def walls(asking: Asking) -> Outcomes:
    """Every wall in force against the client, its group, the entity or the thread."""
    barred = {asking.need.client, *asking.need.against} - {""}
    standing = [wall for wall in asking.person.walls if wall.against in barred and wall.holds_at(asking.at)]
    for wall in standing:
        cure = UNTIL(end_at=wall.end_at) if wall.end_at else ELSE()
        says = WALL if wall.of == "person" else WALL_SITE
        yield Outcome("refuses", says(rule_id="house.wall", rule_source="Remit: walls", start_at=wall.start_at, end_at=wall.end_at, cure=cure), True)
    if barred and not standing:
        yield Outcome("holds", HELD_WALL(), True)


def four_eyes(asking: Asking) -> Outcomes:
    """Preparer and reviewer differ in person and interest; a rule may ask for another organization."""
    others = {Act.PREPARE: asking.need.reviewed_by, Act.REVIEW: asking.need.prepared_by}.get(asking.act, ())
    apart = [rule for _, rule in asking.in_force if rule.asks.apart == "organization"]
    mine = {tie.organization for tie in asking.person.memberships if tie.holds_on(asking.on)}
    reasons = list(_same(asking, others))
    if apart and any(other.organization in mine for other in others):
        reasons += [SAME_ORGANIZATION(cure=REVIEWER(), **by_rule(rule)) for rule in apart]
    if any(_one(asking, other) for other in asking.need.apart):
        reasons.append(APART(rule_id="asked.apart", rule_source=asking.need.source("apart"), cure=ELSE()))
    yield from (Outcome("refuses", reason, True) for reason in reasons)
    if (others or asking.need.apart) and not reasons:
        yield Outcome("holds", HELD_APART(), True)


def _same(asking: Asking, others: Iterable[Doer]) -> Iterable[Reason]:
    said = {"rule_id": "house.four_eyes", "rule_source": HOUSE}
    if any(other.person == asking.person.key for other in others):
        yield SAME_PERSON(cure=REVIEWER(), **said)
    if any(other.person != asking.person.key and _one(asking, other) for other in others):
        yield SAME_INTEREST(cure=REVIEWER(), **said)


def _one(asking: Asking, other: Doer) -> bool:
    return bool({asking.person.key, asking.person.interest} & {other.person, other.interest})


def named(asking: Asking) -> Outcomes:
    """A step kept for one person."""
    if asking.need.person and asking.need.person != asking.person.key:
        yield Outcome("refuses", NAMED(rule_id="asked.person", rule_source=asking.need.source("person"), cure=ELSE()), True)


def agent(asking: Asking) -> Outcomes:
    """An agent drafts under a human operator and neither reviews nor signs."""
    if not asking.person.agent:
        return
    if asking.act in (Act.REVIEW, Act.SIGN):
        yield Outcome("refuses", AGENT(rule_id="house.agent", rule_source="Remit: agents", cure=HUMAN()), True)
    if not asking.person.operator:
        yield Outcome("refuses", OPERATOR(rule_id="house.agent", rule_source="Remit: agents", cure=NAME_OPERATOR()), True)
