"""Second factors: setting them up and taking them away, recovery codes, and proving anew who acts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCode
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from remit.apps.organizations import factors

own = method_decorator([never_cache, login_required], name="dispatch")


@never_cache
@login_required
@require_safe
def confirm(request: HttpRequest) -> HttpResponse:
    """Where a page sends whoever signs: to the proof that is asked for, and from there back to the form, whose draft the browser keeps."""
    then = request.GET.get("next", "")
    then = then if url_has_allowed_host_and_scheme(then, {request.get_host()}) else reverse("home")
    methods = get_adapter().get_reauthentication_methods(request.user)
    must_set_up = request.GET.get("need") == factors.NEEDED.code and not factors.holds_second(request.user.pk)
    if must_set_up or not methods:
        return render(request, "accounts/set_up_first.html", {"then": then, "way": urlencode({"next": then}), "must_set_up": must_set_up})
    return HttpResponseRedirect(f"{methods[0]['url']}?{urlencode({'next': then})}")


class Confirming:
    """What the three ways to prove oneself anew share: where it leads, and which other ways there are."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return found | {"next": self.get_next_url() or "", "others": found.get("reauthentication_alternatives") or self.get_reauthentication_alternatives()}  # type: ignore[attr-defined]


@own
class ByPassword(Confirming, ReauthenticateView):
    template_name = "accounts/confirm_password.html"


@own
class ByCode(Confirming, ReauthenticateByCode):
    template_name = "accounts/confirm_code.html"


@own
class ByPasskey(Confirming, ReauthenticateWebAuthnView):
    template_name = "accounts/confirm_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("The passkey was not taken. Try it once more."))
        return HttpResponseRedirect(self.request.get_full_path())


class SettingUp:
    """What both ways to set up a second factor share: they lead back to the form that asked for it, by way of the recovery codes where these are new."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return found | {"then": get_next_redirect_url(self.request)}  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        usual: str = super().get_success_url()  # type: ignore[misc]
        then = get_next_redirect_url(self.request)  # type: ignore[attr-defined]
        if not then:
            return usual
        if self.did_generate_recovery_codes:  # type: ignore[attr-defined]
            return f"{usual}?{urlencode({'next': then})}"
        messages.success(self.request, _("You may sign now."))  # type: ignore[attr-defined]
        return then


@own
class SetUpApp(SettingUp, ActivateTOTPView):
    template_name = "accounts/app.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Whoever presses twice, or comes back to the page, is not asked to take the app away again.
        if get_adapter().has_app(request.user):
            return HttpResponseRedirect(get_next_redirect_url(request) or reverse("account"))
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        held = self.request.user.authenticator_set.filter(type="totp").first()
        # The code just typed proves the holder, and counts as used.
        if held is not None and held.wrap().validate_code(form.cleaned_data["code"]):
            post_authentication(self.request, held, reauthenticated=True)
        return answer


@own
class RemoveApp(DeactivateTOTPView):
    template_name = "accounts/remove_app.html"


@own
class AddPasskey(SettingUp, AddWebAuthnView):
    template_name = "accounts/passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        host = self.request.get_host().partition(":")[0]
        return found | {"is_number": host.replace(".", "").isdigit() or host.startswith("["), "is_plain": not self.request.is_secure() and host != "localhost"}

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        made = self.request.user.authenticator_set.filter(type="webauthn").order_by("-created_at").first()
        if made is not None:
            post_authentication(self.request, made, reauthenticated=True)
        return answer


@own
class RenamePasskey(EditWebAuthnView):
    template_name = "accounts/rename_passkey.html"
    success_url = reverse_lazy("account")


@own
class RemovePasskey(RemoveWebAuthnView):
    template_name = "accounts/remove_passkey.html"
    success_url = reverse_lazy("account")


@own
class Codes(ViewRecoveryCodesView):
    template_name = "accounts/codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return found | {"then": get_next_redirect_url(self.request)}


@own
class MakeCodes(GenerateRecoveryCodesView):
    template_name = "accounts/make_codes.html"


@own
class DownloadCodes(DownloadRecoveryCodesView):
    template_name = "accounts/codes.txt"


by_password, by_code, by_passkey = ByPassword.as_view(), ByCode.as_view(), ByPasskey.as_view()
set_up_app, remove_app = SetUpApp.as_view(), RemoveApp.as_view()
add_passkey, rename_passkey, remove_passkey = AddPasskey.as_view(), RenamePasskey.as_view(), RemovePasskey.as_view()
codes, make_codes, download_codes = Codes.as_view(), MakeCodes.as_view(), DownloadCodes.as_view()
