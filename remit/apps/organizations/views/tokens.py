"""API tokens of the one who looks: made (shown once), listed, revoked."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations import door, tokens
from remit.apps.organizations.acting import ACTIONS
from remit.apps.organizations.models import ApiToken
from remit.apps.organizations.tokens import CALENDAR, EVERYTHING, READ
from remit.apps.organizations.views.forms import Form, send
from remit.apps.organizations.views.organization import page
from remit.apps.records.context import reading

PREFIX = "rmt_"


def _scopes() -> list[tuple[str, str]]:
    named = sorted((name, f"{name.replace('_', ' ')}") for name in ACTIONS)
    mine = [(READ, _("read whatever I may read")), (EVERYTHING, _("everything that I may do")), (CALENDAR, _("my due dates as a calendar, alone"))]
    return [*mine, *named]


class TokenForm(Form):
    """What a token is called, may do, and how long it lives."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("What uses it: payroll export"))
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=_scopes,
        initial=[READ],
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=gettext_lazy("Several with Ctrl. Each action is named as in the API."),
    )
    days = forms.IntegerField(label=gettext_lazy("Days until it expires"), initial=90, min_value=1, max_value=tokens.MOST_DAYS)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_tokens(request: HttpRequest, organization: str) -> HttpResponse:
    """One's tokens for this organization."""
    if request.method != "POST":
        return _tokens(request, TokenForm(), "")
    secret = new_secret(request)
    answer = send(
        request,
        TokenForm,
        tokens.record_token,
        show=lambda form: _tokens(request, form, ""),
        then=door.at(request, "tokens"),
        values=lambda given: given | {"token_hash": tokens.digest(secret)},
    )
    if answer.status_code != 303 or "refused=" in answer["Location"]:
        return answer
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return _tokens(request, TokenForm(), secret)


@never_cache
@require_POST
def own_calendar(request: HttpRequest, organization: str) -> HttpResponse:
    """A secret address under which one's calendar program fetches one's due dates; shown once."""
    secret = new_secret(request)
    values = {"name": _("Calendar of my due dates"), "scopes": [CALENDAR], "days": tokens.MOST_DAYS, "token_hash": tokens.digest(secret)}
    answer = door.perform(request, tokens.record_token, values, then=door.at(request, "tokens"))
    if answer.status_code != 303 or "refused=" in answer["Location"]:
        return answer
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return _tokens(request, TokenForm(), "", request.build_absolute_uri(f"/calendar/{secret}.ics"))


def new_secret(request: HttpRequest) -> str:
    """A new token; the same for the second click of one form, so that the one that is shown is the one that is recorded."""
    key = request.POST.get("idempotency_key") or secrets.token_hex(16)
    return f"{PREFIX}{salted_hmac('remit.token', f'{request.user.pk}:{key}', algorithm='sha256').hexdigest()}"


def _tokens(request: HttpRequest, form: Form, secret: str, calendar: str = "") -> HttpResponse:
    named = dict(_scopes())
    rows = [
        {"row": row, "scopes": [named.get(scope, scope) for scope in row.scopes], "state": state_of(row)}
        for row in ApiToken.objects.filter(user=request.by.user, organization=request.by.organization).order_by("-created_at")  # type: ignore[attr-defined]
    ]
    return page(request, "tokens", "tokens", {"tokens": rows, "form": form, "secret": secret, "calendar": calendar})


def state_of(token: ApiToken) -> str:
    """valid, revoked or expired; by the real clock, as the door asks."""
    return "revoked" if token.revoked_at else "expired" if token.expires_at <= datetime.now(UTC) else "valid"


@require_POST
def revoke_token(request: HttpRequest, organization: str, token: UUID) -> HttpResponse:
    """Revoke one's own token now."""
    return door.perform(request, tokens.revoke_token, {"token": token}, then=door.at(request, "tokens"), says=_("The token is revoked."))
