"""One invoice for a group: the accepted work of a month of all its entities, on lines by entity, to the entity that the agreement names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from remit.apps.agreements import taking_over
from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.billing import drawing
from remit.apps.billing.actions import NOT_PROVIDER, issue, next_number
from remit.apps.organizations.acting import Done, NotFound, Refuse, action, own_audience
from remit.apps.organizations.models import Organization
from remit.apps.organizations.roles import Place, over_limit
from remit.apps.records.context import By
from remit.apps.work.models import Period
from remit.apps.work.periods import month_of
from remit.domain import invoicing
from remit.domain.calendars import zone
from remit.domain.reasons import N_, Sentence

PER_ENTITY = Sentence("billing.per_entity", N_("The agreement bills each entity: draw an invoice of each month."))


@action("invoice.drawn", roles=("biller",))
def draw_group_invoice(*, by: By, at: datetime, engagement: UUID, month: date) -> Done:
    """Draw a group's invoice of a month, where the agreement bills the group; what one of its entities accepted later goes on a further one."""
    running = Engagement.objects.select_related("agreement").filter(id=engagement).first()
    months = of_month(engagement, month, lock=True)
    if running is None or not months:
        raise NotFound(engagement if running is None else month)
    if by.organization != running.provider_id:
        raise Refuse(NOT_PROVIDER(), about=running)
    taking_over.must_be_confirmed(running.agreement, at)
    if not running.agreement.billing:
        raise Refuse(PER_ENTITY(), about=running)
    provider = Organization.objects.get(pk=running.provider_id)
    drawn = drawn_of(running, provider, at, next_number(provider, at), months)
    reasons = (*drawn.obstacles, *(reason for each in drawn.refused for reason in each.reasons))
    if reasons:
        raise Refuse(*reasons, about=months[0])
    assert drawn.invoice is not None
    if against := over_limit(by, at, draw_group_invoice.roles, drawn.invoice.net, Place(engagement=running.id, service=running.agreement.service)):
        raise Refuse(against, about=running, audience=own_audience(by, at))
    held = {line.detail for line in drawn.invoice.lines}
    return issue(by, at, drawn.invoice, [each for each in months if each.entity.name in held], period=None)


def of_month(engagement: UUID, month: date, *, lock: bool = False) -> list[Period]:
    """The month's periods of all entities, in the order of their names; locked in the order of their keys, so that two writers never wait for each other."""
    rows = Period.objects.filter(engagement=engagement, begins_on=month_of(month)[0]).select_related("engagement__agreement", "entity")
    found = list((rows.select_for_update(of=("self",)) if lock else rows).order_by("id"))
    return sorted(found, key=lambda period: period.entity.name)


def buyer_of(engagement: Engagement) -> AgreedEntity:
    """The entity that gets the group's invoices."""
    return AgreedEntity.objects.filter(agreement=engagement.agreement_id, entity_id=engagement.agreement.billing["buyer"]).order_by("joins_on")[0]


def drawn_of(running: Engagement, provider: Organization, at: datetime, number: str, months: Sequence[Period]) -> invoicing.Drawn:
    """What the invoice of these months would be; nothing is stored. Tax follows the entity that gets it, for it is the one that is supplied."""
    works = [replace(work, detail=period.entity.name) for period in months for work in drawing.works(period)]
    billed = drawing.billed({UUID(work.acceptance) for work in works})
    buyer = buyer_of(running)
    terms = replace(drawing.terms(running, buyer), entities=frozenset(str(period.entity.entity_id) for period in months))
    issued_on = at.astimezone(zone(drawing.provider_zone(provider))).date()
    left = [work for work in works if work.id not in billed] or works
    return invoicing.draw(number, issued_on, drawing.seller(provider), drawing.buyer(buyer), terms, left, billed)
