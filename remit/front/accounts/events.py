"""What happens to a log-in's safety, kept as rows that its holder sees and as lines of the log."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, pgettext_lazy

from remit.apps.organizations.models import SecurityEvent, User
from remit.front.accounts import devices

log = structlog.get_logger("remit.security")

WORDS = {
    "signed_in": gettext_lazy("Signed in"),
    "sign_in_failed": gettext_lazy("A sign-in failed: wrong password"),
    "code_failed": gettext_lazy("A wrong code of a second factor was given"),
    "factor_added": gettext_lazy("Second factor added"),
    "factor_removed": gettext_lazy("Second factor removed"),
    "codes_made": gettext_lazy("New recovery codes made"),
    "password_set": gettext_lazy("Password set"),
    "password_changed": gettext_lazy("Password changed"),
    "password_reset": gettext_lazy("Password set anew by a mailed link"),
    "device_ended": gettext_lazy("Signed out on another device"),
}
DETAILS = {
    "password": pgettext_lazy("factor", "password"),
    "totp": pgettext_lazy("factor", "authenticator app"),
    "webauthn": pgettext_lazy("factor", "passkey"),
    "recovery_codes": pgettext_lazy("factor", "recovery codes"),
    "oidc": pgettext_lazy("factor", "the organization's own sign-in"),
    "api": pgettext_lazy("door", "through the API"),
    "command": pgettext_lazy("door", "from the command line"),
}


def note(request: HttpRequest | None, user: UUID | None, kind: str, detail: str = "") -> None:
    """Keep that something happened; `user` None for a try at an address that has no log-in."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:200] if request else ""
    SecurityEvent.objects.create(user_id=user, kind=kind, detail=detail[:120], address=address(request), agent=agent.replace("\x00", ""), at=datetime.now(UTC))
    log.info(kind, user=str(user) if user else None, detail=detail if detail in DETAILS else "")


def address(request: HttpRequest | None) -> str | None:
    """The other end's address; None where there is none, as on the command line and behind a socket."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))) if request else None
    except ValueError:
        return None


def tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """For axes: the mail address that somebody signs in with, in small letters, or each way to write it had failures of its own."""
    given = credentials or getattr(request, "POST", {})
    name = given.get("login") or given.get("email") or given.get("username")
    return str(name).strip().lower() if name else None


def listen() -> None:
    """Be told by Django and allauth."""
    from allauth.account import signals as account
    from allauth.mfa import signals as mfa
    from django.contrib.auth import signals as auth

    auth.user_logged_in.connect(_signed_in, dispatch_uid="remit.signed_in")
    auth.user_login_failed.connect(_failed, dispatch_uid="remit.failed")
    account.password_changed.connect(_password_changed, dispatch_uid="remit.password_changed")
    account.password_set.connect(_password_set, dispatch_uid="remit.password_set")
    account.password_reset.connect(_password_reset, dispatch_uid="remit.password_reset")
    mfa.authenticator_added.connect(_factor_added, dispatch_uid="remit.factor_added")
    mfa.authenticator_removed.connect(_factor_removed, dispatch_uid="remit.factor_removed")
    mfa.authenticator_reset.connect(_codes_made, dispatch_uid="remit.codes_made")
    mfa.authentication_failed.connect(_code_failed, dispatch_uid="remit.code_failed")


def _signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    devices.just_seen(request.session.session_key)
    records = request.session.get("account_authentication_methods") or []
    last = records[-1] if records else {}
    method = str(last.get("method", ""))
    how = {"mfa": str(last.get("type", "")), "socialaccount": "oidc"}.get(method, method)
    note(request, user.pk, "signed_in", how)


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    name = tried(request, credentials) if request is not None else None
    user = User.objects.filter(email__iexact=name).first() if name else None
    note(request, user.pk if user else None, "sign_in_failed")


def _password_changed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    note(request, user.pk, "password_changed")


def _password_set(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    note(request, user.pk, "password_set")


def _password_reset(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    note(request, user.pk, "password_reset")


def _factor_added(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    note(request, user.pk, "codes_made" if authenticator.type == "recovery_codes" else "factor_added", authenticator.type)


def _factor_removed(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    note(request, user.pk, "factor_removed", authenticator.type)


def _codes_made(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    note(request, user.pk, "codes_made", authenticator.type)


def _code_failed(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    note(request, user.pk, "code_failed", authenticator.type)
