"""The empty installation's first page: the printed one-time code, the first organization, its first administrator. It is gone once there is a user."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from remit.apps.organizations import places
from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.founding import found_by_code
from remit.apps.organizations.models import User
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Form, Zone, wrong
from remit.apps.records import clock
from remit.front.pages import errors, limits

TRIES = limits.Buckets(burst=10, per_minute=4)
"""By address: the code has sixty random bits, and still nobody need try a thousand times."""


class FirstForm(Form):
    """Seven fields, and two that follow from the country; everything else is asked for when it is first needed."""

    code = forms.CharField(
        label=gettext_lazy("One-time code"),
        max_length=40,
        help_text=gettext_lazy("Printed where Remit was started."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=gettext_lazy("Name of your organization"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What it is here"),
        choices=lambda: [
            ("client", _("client: hands work over")),
            ("provider", _("provider: does work")),
            ("broker", _("broker: brings both together")),
            ("auditor", _("auditor: checks")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Several may hold."),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=lambda: [choices.NONE, *choices.countries()])
    person_name = forms.CharField(label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=gettext_lazy("Your mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=gettext_lazy("A password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Twelve characters or more."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False, choices=lambda: [("", _("that of the country")), *choices.currencies()])
    zone = Zone(
        label=gettext_lazy("Time zone of your first site"),
        required=False,
        choices=lambda: [("", _("that of the country")), *choices.zones()],
        help_text=gettext_lazy("Choose it where the country has several. Its hours can be changed later."),
    )

    def clean(self) -> dict[str, Any]:
        """Currency and zone follow from the country, where it has one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        country = given.get("country", "")
        if country and not given.get("currency") and "currency" not in self.errors:
            given["currency"] = places.currency_of(country)
            if not given["currency"]:
                self.add_error("currency", _("This country has no currency of its own: choose one."))
        if country and not given.get("zone") and "zone" not in self.errors:
            zones = places.zones_of(country)
            if len(zones) == 1:
                given["zone"] = zones[0]
            else:
                self.add_error("zone", _("This country has several time zones: choose one.") if zones else _("Choose a time zone."))
        return given


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """Found the first organization by the code and sign its administrator in."""
    if User.objects.exists():
        raise Http404
    if request.method != "POST":
        return _page(request, FirstForm())
    if TRIES.wait_s(limits.address(request)):
        return errors.page(request, HTTPStatus.TOO_MANY_REQUESTS)
    form = FirstForm(request.POST)
    if not form.is_valid():
        return wrong(_page(request, form))
    given: dict[str, Any] = form.cleaned_data
    try:
        user, organization = found_by_code(at=clock.now(), **given)
    except BadInput as bad:
        form.add_reasons(bad.errors)
        return wrong(_page(request, form))
    record_authentication(request, user, method="password", email=user.email)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    UserSession.objects.create_from_request(request)
    # Whoever holds the printed code owns the installation, and with it the say about addresses.
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return redirect(f"/o/{organization.reference}/")


def _page(request: HttpRequest, form: FirstForm) -> HttpResponse:
    return render(request, "first.html", {"form": form, "bare": True})
