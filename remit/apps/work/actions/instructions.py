"""The verbs of standing instructions: keep an answer as one, state one unasked, follow one instead of asking, withdraw one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Len, MaxLen

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide
from remit.apps.records.context import By
from remit.apps.work import instructions, requests
from remit.apps.work.actions.asking import WHY_NEEDED, Reason300
from remit.apps.work.actions.requests import may_ask
from remit.apps.work.loading import open_item
from remit.apps.work.models import Answer, InstructionUse, InstructionWithdrawal, RequestDraft, StandingInstruction, WorkItem
from remit.domain.reasons import N_, Sentence

NOT_ACCEPTED = Sentence("instruction.not_accepted", N_("Accept the answer first: what is not settled is no instruction."))
NO_WORDS = Sentence("instruction.no_words", N_("The answer is a file without words; a standing instruction is words."))
KEPT = Sentence("instruction.kept", N_("{reference} keeps this answer already."))
NOT_KEEPER = Sentence("instruction.keeper", N_("Whoever may ask the other side keeps and withdraws instructions: the role {roles}."))
ONLY_CLIENT = Sentence("instruction.client", N_("Only the client instructs without being asked."))
BACKWARDS = Sentence("instruction.backwards", N_("It would end before it begins."))
OVER = Sentence("instruction.over", N_("{name} has withdrawn {reference}."))
NOT_HERE = Sentence("instruction.not_here", N_("{reference} does not hold for this item: it is for another entity or for other months."))
FOLLOWED = Sentence("instruction.followed", N_("The item follows {reference} already."))

Scope = Literal["entity", "engagement"]


@action("instruction.kept", roles=())
def keep_instruction(
    *,
    by: By,
    at: datetime,
    answer: UUID,
    scope: Scope = "entity",
    from_on: date | None = None,
    until_on: date | None = None,
    step: Annotated[str, MaxLen(40)] = "",
) -> Done:
    """Keep an accepted answer as a standing instruction, in its own words: for its entity or the whole engagement, from its month on or a day that is named."""
    given = Answer.objects.select_related("request").filter(id=answer).first()
    if given is None:
        raise NotFound(answer)
    work = WorkItem.objects.select_related("engagement__agreement", "period__entity").get(id=given.request.item_id)
    _may_keep(by, at, work.engagement, work.period.entity.entity_id if scope == "entity" else None)
    verdict = requests.settlement_of(given)
    if verdict is None or verdict.verdict != "accepted":
        raise Refuse(NOT_ACCEPTED(), about=work)
    text = "\n".join(filter(None, (given.choice, given.text)))
    if not text:
        raise Refuse(NO_WORDS(), about=work)
    if there := StandingInstruction.objects.filter(answer=given, withdrawal=None).first():
        raise Refuse(KEPT(reference=there.reference), about=there)
    row = StandingInstruction(
        audience_id=work.audience_id,
        engagement=work.engagement,
        entity=work.period.entity if scope == "entity" else None,
        service=work.service,
        task=work.task,
        step=step,
        slot=given.request.slot,
        question=given.request.question,
        text=text,
        from_on=from_on or work.period.begins_on,
        until_on=until_on,
        answer=given,
        said_by_name=given.answered_by_name,
        said_at=given.answered_at,
    )
    return _kept(by, at, row)


@action("instruction.kept", roles=requests.CLIENT_ASKERS)
def state_instruction(
    *,
    by: By,
    at: datetime,
    engagement: UUID,
    question: Annotated[str, Len(1, 2000)],
    text: Annotated[str, Len(1, 4000)],
    entity: UUID | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
) -> Done:
    """Instruct the provider without being asked: what about, what holds, from when. `entity`: an agreed entity; none: the whole engagement."""
    running = Engagement.objects.select_related("agreement").filter(id=engagement).first()
    if running is None:
        raise NotFound(engagement)
    if by.organization != running.client_id:
        raise Refuse(ONLY_CLIENT(), about=running)
    agreed = None
    if entity is not None:
        agreed = AgreedEntity.objects.filter(id=entity, agreement=running.agreement_id).first()
        if agreed is None:
            raise NotFound(entity)
    faults = {name: (NO_TEXT(),) for name, said in (("question", question), ("text", text)) if not said.strip()}
    if faults:
        raise BadInput(faults)
    row = StandingInstruction(
        audience_id=running.audience_id,
        engagement=running,
        entity=agreed,
        service=running.agreement.service,
        question=question.strip(),
        text=text.strip(),
        from_on=from_on or at.date().replace(day=1),
        until_on=until_on,
        said_by_name=by.name,
        said_at=at,
    )
    return _kept(by, at, row)


@action("instruction.withdrawn", roles=())
def withdraw_instruction(*, by: By, at: datetime, instruction: UUID, reason: Reason300) -> Done:
    """A standing instruction holds no more, with the reason. What was done by it stays as it was done."""
    row = _found(instruction)
    _may_keep(by, at, row.engagement, row.entity.entity_id if row.entity else None)
    _still_holds(row)
    if not reason.strip():
        raise BadInput(reason=WHY_NEEDED())
    InstructionWithdrawal.objects.create(
        audience_id=row.audience_id, instruction=row, reason=reason.strip(), withdrawn_by=by.user, withdrawn_by_name=by.name, withdrawn_at=at
    )
    return decide(by, at, "instruction.withdrawn", row, private={"reason": reason.strip()})


@action("instruction.followed", roles=())
def follow_instruction(*, by: By, at: datetime, item: UUID, instruction: UUID, question: Annotated[str, MaxLen(2000)] = "", draft: UUID | None = None) -> Done:
    """Do an item by a standing instruction instead of asking: nothing is sent, and the item's record cites it. A draft of the question is thrown away."""
    work = open_item(item)
    may_ask(by, at, work, requests.side_of(by, work) or "provider")
    row = _found(instruction)
    _still_holds(row)
    if not any(each.id == row.id for each in instructions.for_item(work)):
        raise Refuse(NOT_HERE(reference=row.reference), about=work)
    if InstructionUse.objects.filter(item=work, instruction=row).exists():
        raise Refuse(FOLLOWED(reference=row.reference), about=work)
    instead = RequestDraft.objects.filter(id=draft, item=work).first() if draft is not None else None
    if draft is not None and instead is None:
        raise NotFound(draft)
    used = InstructionUse.objects.create(
        audience_id=work.audience_id,
        item=work,
        instruction=row,
        question=instead.question if instead else question.strip(),
        used_by=by.user,
        used_by_name=by.name,
        used_at=at,
    )
    if instead is not None:
        RequestDraft.objects.filter(id=instead.id).delete()
    return decide(by, at, "instruction.followed", used, within=work.period.within(), private={"instruction": row.reference, "question": used.question})


NO_TEXT = Sentence("instruction.no_text", N_("Write it in words."))


def _kept(by: By, at: datetime, row: StandingInstruction) -> Done:
    if row.until_on is not None and row.until_on <= row.from_on:
        raise BadInput(until_on=BACKWARDS())
    row.kept_by, row.kept_by_name, row.kept_at = by.user, by.name, at
    row.save()
    return decide(by, at, "instruction.kept", row, private={"question": row.question, "answer": row.text, "person": row.said_by_name})


def _found(key: UUID) -> StandingInstruction:
    row = StandingInstruction.objects.select_related("engagement__agreement", "entity").filter(id=key).first()
    if row is None:
        raise NotFound(key)
    # Instructions are never changed, so that the program may not lock them: who withdraws and who follows meet at the engagement.
    Engagement.objects.select_for_update(no_key=True).filter(id=row.engagement_id).first()
    return row


def _still_holds(row: StandingInstruction) -> None:
    if (over := InstructionWithdrawal.objects.filter(instruction=row).first()) is not None:
        raise Refuse(OVER(name=over.withdrawn_by_name, reference=row.reference), about=row)


def _may_keep(by: By, at: datetime, engagement: Engagement, entity: UUID | None) -> None:
    if not instructions.may_keep(by, at, engagement, entity):
        roles = requests.CLIENT_ASKERS if by.organization == engagement.client_id else requests.ASKERS
        raise Refuse(NOT_KEEPER(roles=", ".join(roles)), about=engagement)
