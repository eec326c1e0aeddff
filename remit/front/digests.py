"""Each member's daily mail of what needs them: written into the outbox when its hour comes, in the member's language and on their clock."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import structlog
from django.db import connection
from django.http import HttpRequest
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remit.apps.organizations import mail
from remit.apps.organizations.models import Digest, DigestPlan, User
from remit.apps.records import clock
from remit.apps.records.context import By, reading, writing
from remit.domain.calendars import zone
from remit.formats.words import Words
from remit.front.needs import Desk, Need
from remit.front.seats import Seat, seats

MOST = 40
"""Things that are named in one mail; the page has all."""
log = structlog.get_logger(__name__)


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
    by = seat.by("page", user)
    with reading(by, now):
        request = HttpRequest()
        request.by, request.at = by, now  # type: ignore[attr-defined]
        request.resolver_match = resolve(f"/o/{seat.reference}/")
        needs = Desk(request).needs()
        clock_name = DigestPlan.objects.values_list("zone", flat=True).get(membership=seat.membership)
        to = User.objects.values_list("email", flat=True).get(id=user)
    job = By(organization=organization, door="job", user=user, name="Remit")
    with writing(job, now):
        if Digest.objects.filter(membership=seat.membership, day=day).exists():
            return False
        message = None
        if needs:
            subject = ngettext("One thing needs you: %(name)s", "%(n)d things need you: %(name)s", len(needs)) % {"n": len(needs), "name": seat.name}
            language = translation.get_language() or "en"
            body = _body(needs, seat, clock_name, Words(language))
            message = mail.write(job, kind="digest", to_email=to, to_name=seat.member_name, language=language, subject=subject, body=body)
        Digest.objects.create(organization_id=organization, membership_id=seat.membership, day=day, things=len(needs), message=message, written_at=now)
    return message is not None


def _body(needs: list[Need], seat: Seat, clock_name: str, words: Words) -> str:
    lines = [_("%(name)s, this needs you:") % {"name": seat.member_name}, ""]
    for need in needs[:MOST]:
        due = ""
        if need.due_at is not None:
            first = need.zone or clock_name
            due = words.instant(need.due_at, first)
            due += "" if first == clock_name else f" ({words.instant(need.due_at.astimezone(zone(clock_name)), clock_name)})"
        lines += [f"- {need.title}{f' ({need.reference})' if need.reference else ''}" + (f": {due}" if due else ""), f"  {mail.address(need.url)}"]
    if len(needs) > MOST:
        lines.append(_("and %(n)d more") % {"n": len(needs) - MOST})
    page = mail.address(f"/o/{seat.reference}/")
    return "\n".join([*lines, "", page, "", _("You get this once a day, because you asked for it: %(page)s") % {"page": f"{page}organization/digest/"}])
