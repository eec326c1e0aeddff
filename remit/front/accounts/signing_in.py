"""Signing in and out: password, passkey, second step, the organization's own provider; and the links by which a password is set."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import EmailAddress, Login
from allauth.account.views import LoginView, PasswordResetFromKeyView, PasswordResetView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as oidc
from axes.decorators import axes_dispatch, axes_form_invalid
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LogoutView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from remit.apps.organizations import log_ins, mail
from remit.apps.organizations.models import User
from remit.front.accounts.events import note
from remit.front.accounts.forms import Address, NewPassword
from remit.front.pages import errors, limits

PROVIDER = "organization"
LINKS = limits.Buckets(burst=20, per_minute=10)
"""By address: how often the page of an invitation answers."""
ANSWERS_AFTER_S = 0.4
"""Asking for a new password takes at least so long, whether or not a mail was written."""


@method_decorator(axes_dispatch, name="post")
@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    """By mail address and password; what is tried too often is answered by `pages.views.locked_out`."""

    template_name = "pages/sign_in.html"
    form_invalid = axes_form_invalid(LoginView.form_invalid)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"next": self.get_next_url()}


@method_decorator(never_cache, name="dispatch")
class SecondStep(AuthenticateView):
    """After the password: code, recovery code or passkey of whoever set one up."""

    template_name = "accounts/second_step.html"


class ByPasskey(LoginWebAuthnView):
    """GET gives what the browser asks the passkey, POST takes its answer."""

    template_name = "pages/sign_in.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the organization's own provider. The way leads over a page of ours: a form may be sent to no other site, not even by a redirect."""
    if provider_id != PROVIDER or not settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        raise Http404
    if request.method != "POST":
        return redirect(settings.LOGIN_URL)
    try:
        answer: HttpResponse = oidc.login(request, PROVIDER)
    except RequestException:
        return provider_failed(request)
    if answer.status_code != HTTPStatus.FOUND:
        return answer
    page = render(request, "accounts/to_provider.html", {"to": answer["Location"], "name": settings.OIDC_NAME})
    page["Refresh"] = f"0; url={answer['Location']}"
    return page


@never_cache
@require_safe
def from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends the browser back to."""
    if provider_id != PROVIDER or not settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        raise Http404
    try:
        answer: HttpResponse = oidc.callback(request, PROVIDER)
    except RequestException:
        return provider_failed(request)
    return answer


def provider_failed(request: HttpRequest) -> HttpResponse:
    """Left, refused or broken at the provider."""
    return errors.page(request, HTTPStatus.FORBIDDEN, said=errors.PROVIDER_FAILED)


def nobody(request: HttpRequest) -> HttpResponse:
    """For a log-in that is closed, and where one would be made that is not made here."""
    return errors.page(request, HTTPStatus.FORBIDDEN, said=errors.PROVIDER_UNKNOWN)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class Forgotten(PasswordResetView):
    """Ask for a link by mail. The answer is the same for every address, and takes equally long."""

    template_name = "accounts/forgotten.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        started = time.monotonic()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        time.sleep(max(0.0, ANSWERS_AFTER_S - (time.monotonic() - started)))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        return found | {"form": Address(self.request.POST) if self.request.method == "POST" else Address()}


@never_cache
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """What every address is answered."""
    return render(request, "accounts/link_sent.html", {"mailed": mail.is_set_up()})


@method_decorator(never_cache, name="dispatch")
class ByLink(PasswordResetFromKeyView):
    """A password set anew by a mailed link, once."""

    template_name = "accounts/by_link.html"

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        prove_address(self.reset_user)
        return answer


@never_cache
@require_safe
def password_is_set(request: HttpRequest) -> HttpResponse:
    """After a link was used: to the sign-in, or on."""
    return redirect("home" if request.user.is_authenticated else "account_login")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """The first password of a new member's log-in. What is shown and answered does not tell whether the log-in is new."""
    if LINKS.wait_s(limits.address(request)):
        return errors.page(request, HTTPStatus.TOO_MANY_REQUESTS)
    key = log_ins.welcomed(token)
    if key is None:
        return render(request, "accounts/welcome_over.html", status=HTTPStatus.GONE)
    form = NewPassword(request.POST) if request.method == "POST" else NewPassword()
    if not form.is_bound or not form.is_valid():
        return render(request, "accounts/welcome.html", {"form": form}, status=422 if form.is_bound else 200)
    is_first = log_ins.choose_first_password(key, form.cleaned_data["password"])
    if is_first:
        note(request, key, "password_set")
        user = User.objects.get(pk=key)
        prove_address(user)
        # Only the mailbox's owner sees a mailed link: without mail an administrator copies it, and is not to learn whether it opens anything.
        if mail.is_set_up() and not request.user.is_authenticated:
            record_authentication(request, user, method="password", email=user.email)
            return perform_login(request, Login(user=user, email=user.email))
    messages.info(request, _("If your log-in is new, this is its password now. If you had one before, its own password stays. Sign in."))
    return HttpResponseRedirect(reverse("account_login"), status=303)


def prove_address(user: User) -> None:
    """Whoever came by a link that was mailed reads that mailbox. Without mail a link may have been copied by somebody else."""
    if mail.is_set_up():
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


sign_in, second_step, by_passkey = SignIn.as_view(), SecondStep.as_view(), ByPasskey.as_view()
forgotten, by_link = Forgotten.as_view(), ByLink.as_view()
sign_out = never_cache(LogoutView.as_view())
