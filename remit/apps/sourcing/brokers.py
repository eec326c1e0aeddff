"""Brokers: admitted by the client to one brief, they read it and its shortlists until a day, and change nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from remit.apps.organizations.acting import BadInput, Done, NotFound, action, decide
from remit.apps.organizations.models import Organization
from remit.apps.records.context import By
from remit.apps.records.models import Participation
from remit.apps.sourcing.actions import written_by
from remit.apps.sourcing.models import Brief
from remit.domain.reasons import N_, Sentence

OVER = Sentence("broker.over", N_("A broker reads until a later instant than now."))
THERE = Sentence("broker.there", N_("{broker} reads this brief already."))


@action("broker.admitted", roles=("signatory", "requester"))
def admit_broker(*, by: By, at: datetime, brief: UUID, broker: UUID, until: datetime | None = None) -> Done:
    """Let a broker read a brief and its shortlists, until an instant; it learns what no provider learns, such as the budget, and changes nothing."""
    found = Brief.objects.select_for_update(of=("self",)).filter(id=brief, organization=by.organization).first()
    house = Organization.objects.filter(pk=broker, kinds__contains=["broker"]).exclude(pk=by.organization).first()
    if found is None or house is None:
        raise NotFound(brief if found is None else broker)
    if until is not None and until <= at:
        raise BadInput(until=OVER())
    if admitted(found, at).filter(tenant=broker).exists():
        raise BadInput(broker=THERE(broker=house.name))
    Participation.objects.create(audience_id=found.audience_id, tenant_id=broker, role="broker", since=at, until=until)
    return decide(by, at, "broker.admitted", found)


def admitted(brief: Brief, at: datetime) -> QuerySet[Participation]:
    """The brokers that read a brief at that instant."""
    return Participation.objects.filter(Q(until=None) | Q(until__gt=at), audience=brief.audience_id, role="broker", since__lte=at)


def brokered(by: By, at: datetime) -> Q:
    """Briefs that the acting organization was admitted to as a broker."""
    here = Participation.objects.filter(Q(until=None) | Q(until__gt=at), audience=OuterRef("audience"), tenant=by.organization, role="broker", since__lte=at)
    return Q(Exists(here))


def read_by(by: By, at: datetime) -> Q:
    """Briefs that it reads: those it writes, and those that it was admitted to."""
    return written_by(by) | brokered(by, at)
