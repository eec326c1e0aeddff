"""The mail servers: what is set, buttons that try them out, and what came in and found no place. For administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import Done
from remit.apps.organizations.mailing import actions, outbox, setup, trying
from remit.apps.organizations.models import ReceivedMail
from remit.apps.organizations.views.organization import page
from remit.apps.records import log
from remit.apps.records.models import Entry
from remit.domain.reasons import Reason
from remit.formats.mail.servers import MailSettings, NotMailSettings, Server

SHOWN = 50
WORKS = frozenset({trying.SENT.code, trying.LOOKED.code})
SECURITY = {"tls": "TLS", "starttls": "STARTTLS", "none": ""}


@never_cache
@require_safe
def mail_servers(request: HttpRequest, organization: str) -> HttpResponse:
    """What is set (never a password), what a try found, and what came in."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    if not outbox.is_administrator(by, at):
        raise PermissionDenied
    faults: list[str] = []
    try:
        settings = setup.current()
    except NotMailSettings as fault:
        settings, faults = MailSettings(), str(fault).splitlines()
    tried = _tried(request)
    came = ReceivedMail.objects.filter(organization=by.organization).select_related("message").order_by("-received_at")[:SHOWN]
    waiting = list(outbox.unplaced(by).select_related("message")[:SHOWN])
    context: dict[str, Any] = {
        "settings": settings,
        "faults": faults,
        "smtp": _shown(settings.smtp),
        "box": _shown(settings.mailbox.server) if settings.mailbox else None,
        "tried": tried,
        "tried_works": bool(tried) and all(reason.code in WORKS for reason in tried),
        "unplaced": [_row(row) for row in waiting],
        "came": [_row(row) for row in came],
    }
    return page(request, "mail_servers", "outbox", context)


@require_POST
def try_mail(request: HttpRequest, organization: str) -> HttpResponse:
    """Try sending or receiving now; what was found is shown on the page."""
    return door.perform(request, actions.try_mail, door.given(request), then=lambda done: _back(request, done))


@require_POST
def put_received_aside(request: HttpRequest, organization: str, received: UUID) -> HttpResponse:
    """A mail that could not be placed is dealt with."""
    return door.perform(request, actions.put_mail_aside, {"received": received}, then=door.at(request, "mail_servers"), says=_("Put aside."))


def _back(request: HttpRequest, done: Done) -> str:
    return f"{reverse('mail_servers', args=[request.resolver_match.kwargs['organization']])}?tried={done.entry}"  # type: ignore[union-attr]


def _tried(request: HttpRequest) -> tuple[Reason, ...]:
    """What the last try found, read from the record."""
    try:
        entry = UUID(request.GET.get("tried", ""))
        return log.reasons(entry) if Entry.objects.filter(id=entry, kind="mail.tested").exists() else ()
    except ValueError:
        return ()


def _shown(server: Server | None) -> dict[str, Any] | None:
    if server is None:
        return None
    return {"host": server.host, "port": server.port, "security": SECURITY[server.security], "user": server.user}


def _row(row: ReceivedMail) -> dict[str, Any]:
    return {"row": row, "chip": outbox.OUTCOMES[row.outcome], "reasons": outbox.reasons_of(row)}
