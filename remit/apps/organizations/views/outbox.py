"""The outbox: what was or would have been sent, how far each mail came, and what is to be copied where no mail is set up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door, mail
from remit.apps.organizations.mailing import actions, outbox
from remit.apps.organizations.models import Membership, Message
from remit.apps.organizations.views.organization import page

A_PAGE = 50


@never_cache
@require_safe
def mails(request: HttpRequest, organization: str) -> HttpResponse:
    """Mails that the member may see, newest first; `trouble` shows those that ask for attention."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    asked = request.GET.get("only", "")
    rows: QuerySet[Message] = outbox.readable(by, at).order_by("-made_at", "-id")
    if asked == "trouble":
        rows = rows.filter(id__in=outbox.in_trouble(by, at).values("id"))
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "sent": outbox.with_states(shown.object_list),
        "page": shown,
        "only": asked,
        "trouble_count": outbox.in_trouble(by, at).count(),
        "is_set_up": mail.is_set_up(),
        "is_administrator": outbox.is_administrator(by, at),
    }
    return page(request, "outbox", "outbox", context)


@never_cache
@require_safe
def message(request: HttpRequest, organization: str, message: UUID) -> HttpResponse:
    """One mail: its text, its way, and where nothing is sent what is to be copied."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    row = outbox.readable(by, at).filter(id=message).first()
    if row is None:
        raise Http404
    text, secret = outbox.whole_text(row)
    (sent,) = outbox.with_states([row])
    context: dict[str, Any] = {
        "it": sent,
        "text": text,
        "secret": secret,
        "is_link": secret.startswith(("http://", "https://", "/")),
        "writer": Membership.objects.filter(organization=by.organization, user__in=[row.written_by]).values_list("name", flat=True).first() or "",
        "is_set_up": mail.is_set_up(),
    }
    return page(request, "message", "outbox", context)


@require_POST
def send_now(request: HttpRequest, organization: str, message: UUID) -> HttpResponse:
    """Send a mail that was kept back or failed."""
    then = door.at(request, "message", message)
    return door.perform(request, actions.send_mail_now, {"message": message}, then=then, says=_("It goes out within seconds."))


@require_POST
def put_aside(request: HttpRequest, organization: str, message: UUID) -> HttpResponse:
    """A mail that failed or came back is dealt with."""
    then = door.at(request, "message", message)
    return door.perform(request, actions.put_mail_aside, {"message": message}, then=then, says=_("Put aside."))
