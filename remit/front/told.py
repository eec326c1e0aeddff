"""The link in a mail of what needs a member: it leads there, and it is then known that they opened it. Only they can follow it, signed in."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from remit.apps.organizations.models import Notification
from remit.apps.records import clock
from remit.apps.records.context import writing
from remit.front.telling import job_of


@never_cache
@require_safe
def told(request: HttpRequest, notification: UUID) -> HttpResponse:
    """To its page. Whoever is not signed in is asked to; what a scanner of mails fetches opens nothing, and so does HEAD."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    with connection.cursor() as cursor:
        cursor.execute("select organization, member_user, address from notification_of(%s)", [notification])
        found = cursor.fetchone()
    if found is None or found[1] != request.user.pk:
        raise Http404
    organization, _user, address = found
    if request.method == "GET":
        now = clock.now()
        with writing(job_of(organization), now):
            Notification.objects.filter(id=notification, opened_at=None).update(opened_at=now)
    return HttpResponseRedirect(address)
