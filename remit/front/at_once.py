"""What a member wants to know at once: looked for when something was decided in their organization, mailed outside their quiet hours, one mail a look."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import translation

from remit.apps.organizations.models import DigestPlan, User
from remit.apps.records import clock
from remit.apps.records.context import reading, writing
from remit.domain.calendars import zone
from remit.domain.notifying import is_quiet, quiet_ends
from remit.front.seats import Seat, seats
from remit.front.telling import Addressee, job_of, settle, theirs, waiting

MOST_LOOKS = 40
"""In one turn of the job, those first that were not looked at for the longest time; the rest in the next."""
AGAIN_AFTER = timedelta(hours=1)
"""Some things arise by the clock alone."""


def tell_at_once() -> int:
    """Look at the desks whose turn it is; how many mails were written."""
    now, done = clock.now(), 0
    with connection.cursor() as cursor:
        cursor.execute("select organization, membership, member_user from looks_due(%s, %s)", [now, MOST_LOOKS])
        rows = cursor.fetchall()
    for organization, membership, user in rows:
        seat = next((each for each in seats(user, now) if each.membership == membership), None)
        if seat is not None:
            done += _looked(organization, seat, user, now)
    return done


def _looked(organization: UUID, seat: Seat, user: UUID, now: datetime) -> bool:
    job = job_of(organization)
    with reading(job, now):
        language = DigestPlan.objects.values_list("language", flat=True).get(membership=seat.membership)
    with translation.override(language):
        events = waiting(seat, user, now)
        with writing(job, now):
            plan = DigestPlan.objects.select_for_update().get(membership=seat.membership)
            told = settle(seat.membership, events, now)
            wanted = [] if plan.ended_at else [event for event in theirs(plan, events, "once", now) if event.key not in told]
            held_until = _quiet_until(plan, now) if wanted else None
            plan.looked_at, plan.look_again_at = now, min(now + AGAIN_AFTER, held_until or now + AGAIN_AFTER)
            plan.save(update_fields=["looked_at", "look_again_at"])
            if not wanted or held_until is not None:
                return False
            addressee = Addressee(plan, seat, User.objects.values_list("email", flat=True).get(id=user))
            addressee.tell("once", addressee.subject(wanted), wanted, told, now)
    return True


def _quiet_until(plan: DigestPlan, now: datetime) -> datetime | None:
    """When the quiet in which the member is ends; None where they are in none."""
    local, hours = now.astimezone(zone(plan.zone)), (plan.quiet_from, plan.quiet_until)
    if not is_quiet(local, *hours, weekends=plan.quiet_weekends):
        return None
    return quiet_ends(local, *hours, weekends=plan.quiet_weekends)
