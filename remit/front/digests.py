"""Each member's daily mail of what needs them: written into the outbox when its hour comes, in the member's language and on their clock."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils import translation
from django.utils.translation import ngettext

from remit.apps.organizations.models import Digest, DigestPlan, User
from remit.apps.records import clock
from remit.apps.records.context import writing
from remit.front.seats import Seat, seats
from remit.front.telling import Addressee, job_of, settle, theirs, waiting


def write_digests() -> int:
    """Write those that are due; how many mails. Each member's is their own: one that fails keeps none of the others."""
    now, done = clock.now(), 0
    with connection.cursor() as cursor:
        cursor.execute("select organization, membership, member_user, local_day, language from digests_due(%s)", [now])
        rows = cursor.fetchall()
    for organization, membership, user, day, language in rows:
        seat = next((each for each in seats(user, now) if each.membership == membership), None)
        if seat is not None:
            with translation.override(language):
                done += _written(organization, seat, user, day, now)
    return done


def _written(organization: UUID, seat: Seat, user: UUID, day: date, now: datetime) -> bool:
    events = waiting(seat, user, now)
    with writing(job_of(organization), now):
        if Digest.objects.filter(membership=seat.membership, day=day).exists():
            return False
        plan = DigestPlan.objects.select_for_update().get(membership=seat.membership)
        told = settle(seat.membership, events, now)
        mine = theirs(plan, events, "digest", now)
        message = None
        if mine:
            subject = ngettext("One thing needs you: %(name)s", "%(n)d things need you: %(name)s", len(mine)) % {"n": len(mine), "name": seat.name}
            to = User.objects.values_list("email", flat=True).get(id=user)
            message = Addressee(plan, seat, to).tell("digest", subject, mine, told, now)
        Digest.objects.create(organization_id=organization, membership_id=seat.membership, day=day, things=len(mine), message=message, written_at=now)
    return message is not None
