"""What the gate asks of whoever acts on an item: the brief's terms, the engagement's people and rules, the item's step and who did what on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from remit.apps.agreements.cards import level_of
from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.acting import NotFound, Refuse
from remit.apps.people import gate
from remit.apps.people.models import Person
from remit.apps.work import cases, gate_terms, systems
from remit.apps.work.models import Assignment, StepState, WorkItem
from remit.domain import brief as briefs
from remit.domain.gate import Act, Doer, Need, Responsible, Verdict
from remit.domain.gate import check as judge
from remit.domain.line import Step
from remit.lines import lines

Hours = tuple[datetime, datetime]
"""Concrete hours, half-open."""


def need_of(item: WorkItem, step: Step) -> Need:
    """The need for one step of an item, in the words of the gate."""
    need = need_with(
        item,
        step,
        responsible=_responsible(item.engagement),
        prepared_by=_doers(item, step) if step.kind == "review" else (),
        reviewed_by=_reviewers(item, step) if step.kind == "work" else (),
    )
    names, accounts = systems.asked_of(item.engagement)
    return replace(
        need,
        systems=names,
        accounts=accounts if names else None,
        grants=gate_terms.grants_of(item.engagement),
        observed=gate_terms.observed_of(item.engagement),
        broken=gate_terms.broken_of(item.engagement),
    )


def need_with(
    item: WorkItem, step: Step, *, responsible: tuple[Responsible, ...] = (), prepared_by: tuple[Doer, ...] = (), reviewed_by: tuple[Doer, ...] = ()
) -> Need:
    """The same where it is known who answers for the work and who does it; asks the database nothing but what the item has not loaded."""
    engagement = item.engagement
    agreement = engagement.agreement
    line = cases.line_of(item)
    base = briefs.need(line, agreement.needs, str(engagement.client_id))
    asked = briefs.for_step(base, step, level_of(agreement))
    facts = item.period.entity.facts
    return replace(
        asked,
        provider=str(engagement.provider_id),
        against=(str(item.period.entity.entity_id), str(engagement.thread_id), str(engagement.id)),
        jurisdiction=gate.rule_sets().law(facts["country"], facts.get("subdivision") or "", base.jurisdiction),
        responsible=responsible,
        prepared_by=prepared_by,
        reviewed_by=reviewed_by,
        sources=tuple((condition, f"{agreement.reference}") for condition in briefs.ASKED),
    )


def need_of_engagement(engagement: Engagement, act: str) -> tuple[Act, Need]:
    """What an engagement asks for an act, before there is an item: `act` is a step (prepare, review, sign, read, bill) or a reserved act by its code.

    It is asked under the law of the agreement's first entity.
    """
    agreement = engagement.agreement
    line = lines()[agreement.service]
    known = next((each for each in Act if each.value == act), None)
    steps = [step for step in briefs.steps_of_provider(line) if step.kind == ("review" if known is Act.REVIEW else "work")]
    asked = briefs.need(line, agreement.needs, str(engagement.client_id))
    if steps:
        asked = briefs.for_step(asked, steps[0], level_of(agreement))
    if known is None:
        asked = replace(asked, step=replace(asked.step, act=act))
    facts = AgreedEntity.objects.filter(agreement=agreement).order_by("joins_on", "id").values_list("facts", flat=True).first() or {}
    law = gate.rule_sets().law(facts["country"], facts.get("subdivision") or "", asked.jurisdiction) if facts else asked.jurisdiction
    names, accounts = systems.asked_of(engagement)
    need = replace(
        asked,
        provider=str(engagement.provider_id),
        against=(str(engagement.thread_id), str(engagement.id)),
        jurisdiction=law,
        responsible=_responsible(engagement),
        systems=names,
        accounts=accounts if names else None,
        grants=gate_terms.grants_of(engagement),
        observed=gate_terms.observed_of(engagement),
        broken=gate_terms.broken_of(engagement),
        sources=tuple((condition, f"{agreement.reference}") for condition in briefs.ASKED),
    )
    return known or (Act.SIGN if act.startswith(("sign_", "certify_")) else Act.PREPARE), need


def check(person: UUID, item: WorkItem, step: Step, at: datetime, act: Act | None = None, hours: Hours | None = None) -> Verdict:
    """The gate's verdict on a person for a step now (`hours`: to be free then). A person whom the acting organization cannot see is not found."""
    wanted = act or (Act.REVIEW if step.kind == "review" else Act.PREPARE)
    try:
        return gate.check(person, wanted, replace(need_of(item, step), booking=hours), at)
    except gate.NoSuchPerson as unknown:
        raise NotFound(person) from unknown


def must_pass(person: UUID, item: WorkItem, step: Step, at: datetime, act: Act | None = None, hours: Hours | None = None) -> Verdict:
    """The same, but a refusal ends the action with all its reasons."""
    verdict = check(person, item, step, at, act, hours)
    if not verdict.allowed:
        raise Refuse(*verdict.reasons, about=item, **gate.evidence(verdict))
    return verdict


def candidates(item: WorkItem, step: Step, at: datetime) -> list[tuple[Person, Verdict]]:
    """Everyone of the acting organization with the gate's verdict for a step, those who pass first."""
    people = list(Person.objects.for_facts().order_by("name"))
    need, act = need_of(item, step), Act.REVIEW if step.kind == "review" else Act.PREPARE
    judged = [(person, judge(person.facts(), act, need, at, gate.rule_sets())) for person in people]
    return sorted(judged, key=lambda pair: (not pair[1].allowed, len(pair[1].reasons), pair[0].name))


def _responsible(engagement: Engagement) -> tuple[Responsible, ...]:
    key = engagement.agreement.needs.get("responsible")
    person = Person.objects.filter(id=key).with_proofs().first() if key else None
    return (Responsible(person=str(person.id), credentials=person.held(), experience=person.years()),) if person else ()


def _doers(item: WorkItem, step: Step) -> tuple[Doer, ...]:
    """Who is assigned to, or ever moved, what this step reviews."""
    return _as_doers(_hands_on(item, {step.of, *step.need.apart}))


def who_did(item: WorkItem, step: Step) -> set[UUID]:
    """The persons who are assigned to a step or ever moved it; an agent's operator with the agent."""
    persons = _hands_on(item, {step.code})
    return persons | set(Person.objects.filter(id__in=persons, operator__isnull=False).values_list("operator_id", flat=True))


def _hands_on(item: WorkItem, of: set[str]) -> set[UUID]:
    persons = set(Assignment.objects.filter(item=item, step__in=of, ended_at=None).values_list("person_id", flat=True))
    for state in StepState.objects.filter(item=item, step__in=of):
        persons |= {UUID(move["person"]) for move in state.journal if move.get("person")}
    return persons


def _reviewers(item: WorkItem, step: Step) -> tuple[Doer, ...]:
    reviews = [each.code for each in cases.line_of(item).steps if each.kind == "review" and each.of == step.code]
    return _as_doers(set(Assignment.objects.filter(item=item, step__in=reviews, ended_at=None).values_list("person_id", flat=True)))


def _as_doers(persons: set[UUID]) -> tuple[Doer, ...]:
    found = Person.objects.filter(id__in=persons)
    return tuple(Doer(person=str(person.id), interest=str(person.operator_id or person.id)) for person in found)
