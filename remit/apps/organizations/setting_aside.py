"""The verbs of one's own list: set things aside until an instant, bring them back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from annotated_types import Len

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.organizations.models import Membership, SetAside
from remit.apps.organizations.roles import missing
from remit.apps.records.context import By
from remit.domain.reasons import N_, Sentence

LONGEST = timedelta(days=31)
NOT_AHEAD = Sentence("aside.not_ahead", N_("Name a time that lies ahead, at most {days} days."))

Events = Annotated[list[Annotated[str, Len(1, 300)]], Len(1, 200)]


@action("today.set_aside", roles=())
def set_aside(*, by: By, at: datetime, events: Events, until: datetime) -> Done:
    """Have things off one's own Today until an instant, aware; nobody else's list changes.

    What is late by then, stops work or changes its state stands there before.
    """
    if by.membership is None:
        raise Refuse(missing(by, ("member",)))
    if until.tzinfo is None or not at < until <= at + LONGEST:
        raise BadInput(until=NOT_AHEAD(days=LONGEST.days))
    # One at a time: a second click waits here, and then moves what the first set aside.
    Membership.objects.select_for_update().get(pk=by.membership)
    rows = [SetAside(organization_id=by.organization, membership_id=by.membership, event=event, until_at=until, set_at=at) for event in dict.fromkeys(events)]
    SetAside.objects.filter(membership=by.membership, until_at__lte=at).delete()
    SetAside.objects.filter(membership=by.membership, event__in=events).delete()
    SetAside.objects.bulk_create(rows)
    return decide(by, at, "today.set_aside", rows[0], audiences=[own_audience(by, at)])


@action("today.brought_back", roles=())
def bring_back(*, by: By, at: datetime, events: Events) -> Done:
    """Have what was set aside on Today again."""
    rows = list(SetAside.objects.select_for_update().filter(membership=by.membership, event__in=events)) if by.membership else []
    if not rows:
        raise NotFound(events[0][:40])
    SetAside.objects.filter(id__in=[row.id for row in rows]).delete()
    return decide(by, at, "today.brought_back", rows[0], audiences=[own_audience(by, at)])
