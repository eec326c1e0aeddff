"""The verbs of a period: open, close, reopen; seal it and give its pack, which the job does unasked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from annotated_types import Len

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide
from remit.apps.records import files, proofs
from remit.apps.records.context import By
from remit.apps.work import cases, periods, planned, sealing
from remit.apps.work.models import Closing, GivenPack, Period, Reopening, Sealing
from remit.apps.work.periods import CLOSED, REOPEN
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import due_on_workday
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import EvidenceFile
from remit.lines import lines

NOT_BUILT = Sentence("period.not_built", N_("The delivery of “{service}” is not built in this edition: it can be assessed, briefed, awarded and agreed."))
SEALERS = ("approver", "signatory", "manager", "administrator")
"""Who may seal and give packs by hand; by itself the program does it right after closing."""
NOT_CLIENT = Sentence("period.client", N_("Only the client closes a period and opens it again."))
NOT_A_PARTY = Sentence("period.party", N_("Only client and provider open a month."))
BLOCKED = Sentence("period.blocked", N_("{period} cannot be closed: {count} things block it."))
NOT_CLOSED = Sentence("period.not_closed", N_("{period} is not closed."))
NOT_SIGNED = Sentence("seal.not_signed", N_("The last entry is not under a signed checkpoint yet. Try again in a moment."))
SEALED = Sentence("seal.twice", N_("{period} is sealed already."))
NOT_SEALED = Sentence("seal.not_sealed", N_("{period} is not sealed yet."))
GIVEN = Sentence("pack.given", N_("The pack of {period} was given already."))
JOINED = Sentence("period.entity", N_("{entity} is not under the agreement in that month."))
TWICE = Sentence("period.twice", N_("This month of {entity} is open already."))


@action("period.opened", roles=("manager", "requester", "administrator"), unasked=True)
def open_period(*, by: By, at: datetime, engagement: UUID, entity: UUID, month: date) -> Done:
    """Open a month of an entity with its items; what the month before left open comes along. Planned months are opened by the program itself."""
    running = Engagement.objects.select_related("agreement").filter(id=engagement).first()
    agreed = AgreedEntity.objects.filter(id=entity, agreement__engagement=engagement).first()
    if running is None or agreed is None:
        raise NotFound(engagement if running is None else entity)
    if by.organization not in (running.client_id, running.provider_id):
        raise Refuse(NOT_A_PARTY(), about=running)
    line = lines()[running.agreement.service]
    if not cases.delivers(line):
        raise Refuse(NOT_BUILT(service=line.says), about=running)
    begins, ends = periods.month_of(month)
    if agreed.joins_on >= ends or (agreed.leaves_on and agreed.leaves_on <= begins):
        raise BadInput(month=JOINED(entity=agreed.name))
    if Period.objects.filter(engagement=running, entity=agreed, begins_on=begins).exists():
        raise BadInput(month=TWICE(entity=agreed.name))
    calendar = calendar_of(agreed.facts)
    period = Period(
        audience_id=running.audience_id,
        engagement=running,
        entity=agreed,
        begins_on=begins,
        ends_on=ends,
        close_due_at=due_on_workday(ends, running.agreement.close_workday, calendar, agreed.facts["zone"]),
        opened_at=at,
    )
    period.save()
    decide(by, at, "period.opened", period, within=period.within())
    due_at = due_on_workday(ends, max(running.agreement.close_workday - 2, 1), calendar, agreed.facts["zone"])
    item = planned.new_item(period, "", due_at, at)
    item.save()
    done = decide(by, at, "item.opened", item, within=period.within())
    for other in planned.coming_back(period, at):
        other.save()
        decide(by, at, "item.opened", other, within=period.within())
    return done


@action("period.closed", roles=("approver", "signatory"))
def close_period(*, by: By, at: datetime, period: UUID) -> Done:
    """Close a period once nothing blocks it; its items are locked from here on."""
    found = _locked(period)
    if by.organization != found.engagement.client_id:
        raise Refuse(NOT_CLIENT(), about=found)
    if periods.closing_of(found):
        raise Refuse(CLOSED(period=found.title(), cure=REOPEN()), about=found)
    blockers = periods.blockers(found)
    if blockers:
        raise Refuse(BLOCKED(period=found.title(), count=len(blockers)), *blockers, about=found)
    Closing.objects.create(audience_id=found.audience_id, period=found, closed_by=by.user, closed_by_name=by.name, closed_at=at)
    return decide(by, at, "period.closed", found, within=found.within())


@action("period.reopened", roles=("signatory",))
def reopen_period(*, by: By, at: datetime, period: UUID, reason: Annotated[str, Len(1, 4000)]) -> Done:
    """Open a closed period again; the reason and the person stand in the record, and both seals are kept."""
    found, closing = _closed(period)
    if by.organization != found.engagement.client_id:
        raise Refuse(NOT_CLIENT(), about=found)
    Reopening.objects.create(audience_id=found.audience_id, closing=closing, reason=reason, reopened_by=by.user, reopened_by_name=by.name, reopened_at=at)
    return decide(by, at, "period.reopened", found, within=found.within(), private={"reason": reason})


@action("period.sealed", roles=SEALERS, unasked=True)
def seal_period(*, by: By, at: datetime, period: UUID) -> Done:
    """Seal a closed period: name the signed head of the log that covers its closing."""
    found, closing = _closed(period)
    if hasattr(closing, "sealing"):
        raise Refuse(SEALED(period=found.title()), about=found)
    head = sealing.head(found)
    if head is None:
        raise BadInput(period=NOT_SIGNED())
    Sealing.objects.create(
        audience_id=found.audience_id,
        closing=closing,
        log_size=head.coverage.size,
        log_root=head.coverage.root,
        checkpoint=head.checkpoint,
        sealed_at=at,
    )
    return decide(by, at, "period.sealed", found, within=found.within(), covers=(head.coverage,))


@action("pack.given", roles=SEALERS, unasked=True)
def give_pack(*, by: By, at: datetime, period: UUID) -> Done:
    """Make the pack of a sealed period, once, and keep it for every party of the engagement."""
    found, closing = _closed(period)
    seal = Sealing.objects.filter(closing=closing).first()
    if seal is None:
        raise Refuse(NOT_SEALED(period=found.title()), about=found)
    if hasattr(seal, "given"):
        raise Refuse(GIVEN(period=found.title()), about=found)
    packed = sealing.pack(found, at)
    if packed is None:
        raise BadInput(period=NOT_SIGNED())
    stored = files.put(found.audience_id, packed.name, packed.content, at)
    given = GivenPack.objects.create(audience_id=found.audience_id, sealing=seal, pack=stored, name=packed.name, given_at=at)
    evidence = (EvidenceFile(name=packed.name, sha256=stored.sha256, media_type="application/zip"),)
    return decide(by, at, "pack.given", given, files=evidence)


@action("pack.exported", roles=("signatory", "administrator", "manager", "auditor"))
def export_pack(*, by: By, at: datetime, engagement: UUID) -> Done:
    """Take everything of an engagement away: its whole log and every file. The taking is in the record; `sealing.whole` then gives the bytes."""
    running = Engagement.objects.filter(id=engagement).first()
    if running is None:
        raise NotFound(engagement)
    if proofs.coverage(running.audience_id) is None:
        raise BadInput(engagement=NOT_SIGNED())
    return decide(by, at, "pack.exported", running)


def _locked(key: UUID) -> Period:
    found = Period.objects.select_for_update(of=("self",)).select_related("engagement__agreement", "entity").filter(id=key).first()
    if found is None:
        raise NotFound(key)
    return found


def _closed(key: UUID) -> tuple[Period, Closing]:
    found = _locked(key)
    closing = periods.closing_of(found)
    if closing is None:
        raise Refuse(NOT_CLOSED(period=found.title()), about=found)
    return found, closing
