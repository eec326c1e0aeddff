"""Entities that join a running engagement, leave it by date, or stay after all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from remit.apps.agreements.actions import Joining, join
from remit.apps.agreements.models import AgreedEntity, Agreement, Engagement
from remit.apps.agreements.terms import LEAVES_BEFORE, entity_questions
from remit.apps.organizations.acting import BadInput, Done, NotFound, action, decide
from remit.apps.records.context import By
from remit.apps.records.models import Entry
from remit.domain.reasons import N_, Sentence
from remit.domain.record import statement

TWICE = Sentence("entity.twice", N_("{entity} is under this agreement already in that time."))
BEFORE_TERM = Sentence("entity.before_term", N_("The agreement begins on {begins}; nobody joins before."))
UNANSWERED = Sentence("entity.unanswered", N_("{question} is asked of each entity."))
LEFT = Sentence("entity.left_already", N_("{entity} left on {day} already."))
LEAVES = Sentence("entity.leaves_already", N_("That {entity} leaves on {day} is said already: it is withdrawn before another day is said."))
STAYS = Sentence("entity.stays_already", N_("Nobody said that {entity} leaves."))
TOLD_BY_OTHER = Sentence("entity.leave_told_by_other", N_("The other side said that {entity} leaves on {day}; whoever said so withdraws it."))
AGREED_DAY = Sentence("entity.leave_agreed", N_("That {entity} leaves on {day} was agreed when it joined. It may join again from that day on."))


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
    agreed = _agreed(by, entity)
    if agreed.leaves_on is not None:
        said = LEFT if agreed.leaves_on <= at.date() else LEAVES
        raise BadInput(leaves_on=said(entity=agreed.name, day=agreed.leaves_on))
    if leaves_on <= agreed.joins_on:
        raise BadInput(leaves_on=LEAVES_BEFORE(entity=agreed.name))
    agreed.leaves_on = leaves_on
    agreed.save(update_fields=["leaves_on"])
    return decide(by, at, "entity.left", agreed)


@action("entity.stays", roles=("signatory",), second_factor=True)
def keep_entity(*, by: By, at: datetime, entity: UUID) -> Done:
    """Withdraw that an entity leaves, as long as that day has not come; only the side that said so may."""
    agreed = _agreed(by, entity)
    if agreed.leaves_on is None:
        raise BadInput(entity=STAYS(entity=agreed.name))
    if agreed.leaves_on <= at.date():
        raise BadInput(entity=LEFT(entity=agreed.name, day=agreed.leaves_on))
    told = told_by([agreed]).get(agreed.id)
    if told != by.organization:
        raise BadInput(entity=(TOLD_BY_OTHER if told else AGREED_DAY)(entity=agreed.name, day=agreed.leaves_on))
    if agreed.agreement.entities.filter(entity_id=agreed.entity_id, joins_on__gte=agreed.leaves_on).exists():
        raise BadInput(entity=TWICE(entity=agreed.name))
    agreed.leaves_on = None
    agreed.save(update_fields=["leaves_on"])
    return decide(by, at, "entity.stays", agreed)


def told_by(agreed: Iterable[AgreedEntity]) -> dict[UUID, UUID | None]:
    """Which organization said that an entity leaves, by the key of the entity under the agreement; without those whose day was agreed when they joined."""
    leaving = [each.id for each in agreed if each.leaves_on]
    entries = Entry.objects.filter(kind="entity.left", outcome="allowed", object_id__in=leaving).order_by("decided_at", "id")
    return {each.object_id: statement.decode(bytes(each.statement)).actor.organization for each in entries}


def _agreed(by: By, entity: UUID) -> AgreedEntity:
    """An entity under an agreement of the acting organization, locked."""
    agreed = AgreedEntity.objects.select_for_update(of=("self",)).select_related("agreement").filter(id=entity).first()
    if agreed is None or by.organization not in (agreed.agreement.client_id, agreed.agreement.provider_id):
        raise NotFound(entity)
    return agreed


def _signed(by: By, engagement: UUID) -> Agreement:
    """The agreement of a running engagement of the acting client, locked."""
    running = Engagement.objects.filter(id=engagement, client=by.organization).first()
    if running is None:
        raise NotFound(engagement)
    return Agreement.objects.select_for_update().get(id=running.agreement_id)
