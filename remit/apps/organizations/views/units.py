"""An organization's own units on this installation: organizations of their own, with a parent that sees nothing by that alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from remit.apps.organizations import actions, door
from remit.apps.organizations.models import Organization
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Form, send
from remit.apps.organizations.views.organization import KINDS, page


class UnitForm(Form):
    """A unit with its first administrator."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What it is here"), choices=lambda: list(KINDS.items()), initial=["provider"], widget=forms.CheckboxSelectMultiple
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=lambda: [choices.NONE, *choices.countries()])
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=choices.currencies)
    person_name = forms.CharField(label=gettext_lazy("Name of its first administrator"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Their mail address"), help_text=gettext_lazy("Your own lets you act for both, each under its own address."))


@require_http_methods(["GET", "HEAD", "POST"])
def units(request: HttpRequest, organization: str) -> HttpResponse:
    """The units, and the form that registers one."""
    by = request.by  # type: ignore[attr-defined]
    if request.method == "POST":
        return send(
            request,
            UnitForm,
            actions.register_organization,
            show=lambda form: _units(request, form),
            then=door.at(request, "units"),
            values=lambda given: given | {"parent": by.organization},
            says=_("The unit is registered. Whoever administers it finds it in the account menu."),
        )
    return _units(request, UnitForm(initial={"person_name": by.name, "email": getattr(request.user, "email", ""), "kinds": ["provider"]}))


def _units(request: HttpRequest, form: Form) -> HttpResponse:
    mine: Any = request.by.organization  # type: ignore[attr-defined]
    rows = [
        {"row": unit, "country": choices.country_word(unit.country), "kinds": [KINDS[kind] for kind in unit.kinds]}
        for unit in Organization.objects.filter(parent=mine).order_by("name")
    ]
    return page(request, "units", "units", {"units": rows, "form": form})
