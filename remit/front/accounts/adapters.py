"""Where allauth asks us: who may come in, how secrets are kept, what is said and mailed."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from remit.apps.organizations import factors, log_ins
from remit.apps.organizations.founding import new_user
from remit.apps.organizations.models import User
from remit.apps.records.secret import seal, unseal
from remit.front.accounts import devices, events
from remit.front.pages import errors

BACKEND = "django.contrib.auth.backends.ModelBackend"
SAID = {
    "account/messages/password_changed.txt": gettext_lazy("The password is changed. Other devices are signed out."),
    "account/messages/password_set.txt": gettext_lazy("The password is set."),
    "mfa/messages/totp_activated.txt": gettext_lazy("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The authenticator app is taken away."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey is taken away."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("There are new recovery codes. Keep them where your phone is not."),
}
NEWS = {
    "account/email/password_changed": gettext_lazy("the password was changed"),
    "account/email/password_set": gettext_lazy("a password was set"),
    "account/email/password_reset": gettext_lazy("the password was set anew by a mailed link"),
    "mfa/email/totp_activated": gettext_lazy("an authenticator app was set up"),
    "mfa/email/totp_deactivated": gettext_lazy("the authenticator app was taken away"),
    "mfa/email/webauthn_added": gettext_lazy("a passkey was added"),
    "mfa/email/webauthn_removed": gettext_lazy("a passkey was taken away"),
    "mfa/email/recovery_codes_generated": gettext_lazy("new recovery codes were made"),
}


def speak(answer: HttpResponse, language: str) -> None:
    """Let the browser remember a language, as the choice in the frame does."""
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


class Accounts(DefaultAccountAdapter):
    """Nobody gives themselves a log-in; mails go through the outbox of an organization."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("Mail address and password do not belong together."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "incorrect_code": gettext_lazy("This is not the code, or it was used before."),
        "too_many_login_attempts": gettext_lazy("Too many failures. In some minutes you may try again."),
        "rate_limited": gettext_lazy("Too many tries. In some minutes you may try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """A log-in is made by an administrator, by the printed code, or by the provider's setting."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """None of allauth's own: what is mailed is written below."""

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """To the address that the log-in has, however the one that was typed in is written."""
        log_ins.send_reset(user, f"/password/new/{context['uid']}-{context['key']}/")

    def send_notification_mail(self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None) -> None:
        """News of a change, to its holder."""
        news = NEWS.get(template_prefix)
        if news is not None:
            facts = {"address": events.address(self.request) or "–", "agent": devices.words(self.request.META.get("HTTP_USER_AGENT", ""))}
            log_ins.send_news(user, news, facts)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """In our words; what has none is not said."""
        says = message or SAID.get(message_template or "")
        if says:
            messages.add_message(request, level, says, extra_tags=extra_tags)

    def login(self, request: HttpRequest, user: User) -> None:
        """By the one backend that knows users."""
        user.backend = BACKEND
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse:
        """Pages then speak the language that the holder chose."""
        answer: HttpResponse = super().post_login(request, user, **hooks)
        if user.language:
            speak(answer, user.language)
        return answer

    def get_client_ip(self, request: HttpRequest) -> str:
        """The other end's address; allauth keeps one for each device."""
        return events.address(request) or "0.0.0.0"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not by a second factor that was proven just now, by signing in or since: allauth itself counts only what was proven after the sign-in."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        shown = factors.latest(get_authentication_records(context.request, context.request.user))
        return shown is None or not shown.is_second or not factors.is_fresh(shown)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor proves that one, not the password; first by an app, else by a passkey, and by a recovery code last."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        second = [method for method in methods if method["id"] != "reauthenticate"]
        if len(second) > 1 and not self.has_app(user):
            second.reverse()
        return second or methods

    def has_app(self, user: Any) -> bool:
        """Whether there is an authenticator app, whose code is typed."""
        return bool(user.authenticator_set.filter(type="totp").exists())


class Factors(DefaultMFAAdapter):
    """Keys of authenticator apps and recovery codes are sealed under the installation's key."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": Accounts.error_messages["incorrect_code"]}
    CONTEXT = b"remit.second-factor"

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, self.CONTEXT)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), self.CONTEXT)

    def _get_site_name(self) -> str:
        return "Remit"


class Providers(DefaultSocialAccountAdapter):
    """Sign-in at the organization's own provider: by a verified mail address of an allowed domain, to the log-in that has it."""

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return _is_trusted(login, email)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whoever comes without such an address, or without a log-in where none is made, is told so."""
        if not any(_is_trusted(sociallogin, address.email) for address in sociallogin.email_addresses):
            raise ImmediateHttpResponse(errors.page(request, 403, said=errors.PROVIDER_ADDRESS))
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise ImmediateHttpResponse(errors.page(request, 403, said=errors.PROVIDER_UNKNOWN))
        elif not settings.OIDC_CREATE or User.objects.filter(email__iexact=sociallogin.email_addresses[0].email).exists():
            raise ImmediateHttpResponse(errors.page(request, 403, said=errors.PROVIDER_UNKNOWN))

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None) -> None:
        """Whatever went wrong at the provider is said in our words; what it was stands in the log."""
        events.log.warning("provider_failed", error=str(error), exception=type(exception).__name__ if exception else "")
        raise ImmediateHttpResponse(errors.page(request, 403, said=errors.PROVIDER_FAILED))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return bool(settings.OIDC_CREATE)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """A new log-in without password, and nothing kept of the provider's account: next time the address decides again."""
        given = sociallogin.account.extra_data.get("userinfo") or sociallogin.account.extra_data.get("id_token") or {}
        email = sociallogin.email_addresses[0].email
        sociallogin.user = new_user(email, None, str(given.get("name") or email)[:120])
        return sociallogin.user


def _is_trusted(login: SocialLogin, email: str) -> bool:
    """Verified, said by the provider as a plain yes, and of a domain that the settings allow."""
    said = login.account.extra_data.get("userinfo") or login.account.extra_data.get("id_token") or {}
    allowed = settings.OIDC_DOMAINS
    return said.get("email_verified") is True and said.get("email") == email and (not allowed or email.rpartition("@")[2].lower() in allowed)
