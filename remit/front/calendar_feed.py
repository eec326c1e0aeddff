"""One's due dates as a private calendar: whoever holds the secret address reads titles, references and times, and nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from remit.apps.organizations.tokens import CALENDAR
from remit.apps.records import clock
from remit.apps.records.context import By, reading
from remit.formats.due_dates import Due, write
from remit.front.api.tokens import holder
from remit.front.needs import Desk
from remit.front.pages import limits

UNKNOWN = limits.Buckets(burst=20, per_minute=10)
"""Addresses that open nothing, from one address."""
DAY = "%Y-%m-%d"


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar; 404 for an address that is unknown, expired, revoked or of a token that may more than this."""
    found = holder(secret)
    if found is None or found[0].scopes != frozenset({CALENDAR}):
        wait_s = UNKNOWN.wait_s(limits.address(request))
        return HttpResponse(status=429, headers={"Retry-After": str(wait_s)}) if wait_s else HttpResponse(status=404)
    by, seat = found
    now = clock.now()
    with translation.override(translation.get_language_from_request(request)):
        content = _calendar(request, replace(by, door="page", scopes=None), seat.reference, now)
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    answer = get_conditional_response(request, etag=etag) or HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, max-age=600"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _calendar(request: HttpRequest, by: By, reference: str, now: datetime) -> bytes:
    """Each thing that needs them and has a day, also what they set aside; the stamp is that of its day, so that the same content has the same bytes."""
    request.resolver_match = resolve(f"/o/{reference}/")
    request.by, request.at = by, now  # type: ignore[attr-defined]
    with reading(by, now):
        desk = Desk(request)
        dues = [
            Due(f"{need.reference or need.title}:{need.url}", f"{need.title} ({need.reference})" if need.reference else need.title, need.due_at,
                request.build_absolute_uri(need.url))
            for need in desk.all_needs
            if need.due_at is not None
        ]  # fmt: skip
    stamp = datetime.fromisoformat(f"{now:{DAY}}T00:00:00+00:00")
    return write(dues, _("Due dates, %(name)s") % {"name": by.name}, stamp)
