"""The page of one's own log-in: name, language, password, second factor, devices, and what happened to it."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_change import change_password, finalize_password_change, finalize_password_set
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations.models import SecurityEvent, User
from remit.front.accounts import devices, events
from remit.front.accounts.adapters import speak
from remit.front.accounts.forms import ChangePassword, Myself, NewPassword

EVENTS = 30
"""How many of the newest are shown."""


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Everything of one's own log-in."""
    user = _user(request)
    if request.method != "POST":
        return _page(request, user, Myself(initial={"name": user.name, "language": user.language or request.LANGUAGE_CODE}))
    form = Myself(request.POST)
    if not form.is_valid():
        return _page(request, user, form, status=422)
    user.name, user.language = form.cleaned_data["name"], form.cleaned_data["language"]
    user.save(update_fields=["name", "language"])
    messages.success(request, _("Stored."))
    answer = redirect("account")
    speak(answer, user.language)
    return answer


def _page(request: HttpRequest, user: User, form: Myself, status: int = 200) -> HttpResponse:
    held = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = next((row for row in held if row.type == "recovery_codes"), None)
    happened = [
        {
            "row": row,
            "words": events.WORDS.get(row.kind, row.kind),
            "detail": events.DETAILS.get(row.detail, row.detail),
            "device": devices.words(row.agent) if row.agent else "",
        }
        for row in SecurityEvent.objects.filter(user=user).order_by("-at")[:EVENTS]
    ]
    context = {
        "form": form,
        "app": next((row for row in held if row.type == "totp"), None),
        "passkeys": [row for row in held if row.type == "webauthn"],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "devices": devices.of(user),
        "events": happened,
    }
    return render(request, "accounts/account.html", context, status=status)


@never_cache
@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password, or set a first one; every other device is signed out by it."""
    user = _user(request)
    has_one = user.has_usable_password()
    if not has_one:
        raise_if_reauthentication_required(request, app="allauth.mfa")
    make = ChangePassword if has_one else NewPassword
    form = make(request.POST, user=user) if request.method == "POST" else make(user=user)
    if not form.is_bound:
        return render(request, "accounts/password.html", {"form": form, "has_one": has_one})
    if refused := ratelimit.consume_or_429(request, action="change_password", user=user):
        return refused
    if has_one and form.is_valid() and not get_adapter().reauthenticate(user, form.cleaned_data["current"]):
        form.add_error("current", _("This is not your password."))
    if not form.is_valid():
        return render(request, "accounts/password.html", {"form": form, "has_one": has_one}, status=422)
    change_password(user, form.cleaned_data["password"])
    (finalize_password_change if has_one else finalize_password_set)(request, user)
    return redirect("account")


@require_POST
@login_required
def end_device(request: HttpRequest, device: int) -> HttpResponse:
    """Sign out one other device."""
    found = UserSession.objects.filter(pk=device, user=_user(request)).first()
    if found is None or found.is_current():
        raise Http404
    found.end()
    events.note(request, _user(request).pk, "device_ended", devices.words(found.user_agent))
    messages.success(request, _("That device is signed out."))
    return redirect("account")


@require_POST
@login_required
def end_other_devices(request: HttpRequest) -> HttpResponse:
    """Sign out every device but this one."""
    user = _user(request)
    end_other_sessions(request, user)
    events.note(request, user.pk, "device_ended")
    messages.success(request, _("All other devices are signed out."))
    return redirect("account")


def _user(request: HttpRequest) -> Any:
    return request.user
