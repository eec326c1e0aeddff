"""Entities that join a running engagement, or leave it, by date."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from remit.apps.agreements.actions import Joining, join
from remit.apps.agreements.models import AgreedEntity, Agreement, Engagement
from remit.apps.agreements.terms import LEAVES_BEFORE, entity_questions
from remit.apps.organizations.acting import BadInput, Done, NotFound, action, decide
from remit.apps.records.context import By
from remit.domain.reasons import N_, Sentence

TWICE = Sentence("entity.twice", N_("{entity} is under this agreement already in that time."))
BEFORE_TERM = Sentence("entity.before_term", N_("The agreement begins on {begins}; nobody joins before."))
UNANSWERED = Sentence("entity.unanswered", N_("{question} is asked of each entity."))
LEFT = Sentence("entity.left_already", N_("{entity} left on {day} already."))


@action("entity.joined", roles=("signatory",), second_factor=True)
def join_entity(*, by: By, at: datetime, engagement: UUID, joining: Joining) -> Done:
    """Bring a further entity of the client under a running agreement from a day on, at the agreed prices; its facts are frozen as they are now."""
    signed = _signed(by, engagement)
    if joining.joins_on < signed.begins_on:
        raise BadInput(joins_on=BEFORE_TERM(begins=signed.begins_on))
    for earlier in signed.entities.filter(entity_id=joining.entity):
        if (earlier.leaves_on is None or joining.joins_on < earlier.leaves_on) and (joining.leaves_on is None or earlier.joins_on < joining.leaves_on):
            raise BadInput(entity=TWICE(entity=earlier.name))
    for question in entity_questions(signed):
        if question.required and not joining.answers.get(question.code):
            raise BadInput({question.code: (UNANSWERED(question=question.says),)})
    return decide(by, at, "entity.joined", join(signed, joining))


@action("entity.left", roles=("signatory",), second_factor=True)
def leave_entity(*, by: By, at: datetime, entity: UUID, leaves_on: date) -> Done:
    """Say from which day on an entity is no longer under the agreement. Months that are open stay to be finished; none after that day is opened."""
    agreed = AgreedEntity.objects.select_for_update(of=("self",)).select_related("agreement").filter(id=entity).first()
    if agreed is None or by.organization not in (agreed.agreement.client_id, agreed.agreement.provider_id):
        raise NotFound(entity)
    if agreed.leaves_on is not None and agreed.leaves_on <= at.date():
        raise BadInput(leaves_on=LEFT(entity=agreed.name, day=agreed.leaves_on))
    if leaves_on <= agreed.joins_on:
        raise BadInput(leaves_on=LEAVES_BEFORE(entity=agreed.name))
    agreed.leaves_on = leaves_on
    agreed.save(update_fields=["leaves_on"])
    return decide(by, at, "entity.left", agreed)


def _signed(by: By, engagement: UUID) -> Agreement:
    """The agreement of a running engagement of the acting client, locked."""
    running = Engagement.objects.filter(id=engagement, client=by.organization).first()
    if running is None:
        raise NotFound(engagement)
    return Agreement.objects.select_for_update().get(id=running.agreement_id)
