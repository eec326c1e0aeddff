"""An organization's facts, its sites and its entities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations import actions, door
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Entity, Organization, Site
from remit.apps.organizations.roles import Place
from remit.apps.organizations.views import choices, week
from remit.apps.organizations.views.choices import country_word
from remit.apps.organizations.views.forms import Form, Zone, send

TABS = (
    ("organization", gettext_lazy("Facts")),
    ("sites", gettext_lazy("Sites")),
    ("entities", gettext_lazy("Entities")),
    ("members", gettext_lazy("Members")),
    ("cards", gettext_lazy("Rate cards")),
    ("roles", gettext_lazy("Roles")),
    ("deputies", gettext_lazy("Deputies")),
    ("offers", gettext_lazy("Designations")),
    ("people", gettext_lazy("People")),
    ("units", gettext_lazy("Units")),
    ("digest", gettext_lazy("Notifications")),
    ("tokens", gettext_lazy("API tokens")),
    ("outbox", gettext_lazy("Outbox")),
)
KINDS = {
    "client": pgettext_lazy("kind of organization", "client"),
    "provider": pgettext_lazy("kind of organization", "provider"),
    "broker": pgettext_lazy("kind of organization", "broker"),
    "auditor": pgettext_lazy("kind of organization", "auditor"),
}


def page(request: HttpRequest, template: str, current: str, context: dict[str, Any]) -> HttpResponse:
    """A page under the organization's tabs."""
    tabs = [{"name": name, "text": text, "current": name == current} for name, text in TABS]
    return render(request, f"organizations/{template}.html", {"tabs": tabs, "zone": own_zone(request), **context})


def own_zone(request: HttpRequest) -> str:
    """The time zone of the organization's first site; UTC where it has none."""
    return Site.objects.filter(organization=request.by.organization).order_by("id").values_list("zone", flat=True).first() or "UTC"  # type: ignore[attr-defined]


class Facts(Form):
    """Name, kinds, address and numbers, as invoices name the organization."""

    name = forms.CharField(label=gettext_lazy("Registered name"), max_length=160)
    kinds = forms.MultipleChoiceField(label=gettext_lazy("What it is here"), choices=list(KINDS.items()), widget=forms.CheckboxSelectMultiple)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=120, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=16, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80, required=False)
    register_number = forms.CharField(label=gettext_lazy("Register number"), max_length=40, required=False)
    vat_id = forms.CharField(label=gettext_lazy("VAT number"), max_length=20, required=False)


class Signing(Form):
    """What whoever signs for the organization proves anew."""

    factor = forms.ChoiceField(
        label=gettext_lazy("Whoever signs, reviews or accepts proves anew"),
        choices=[
            ("second", gettext_lazy("a second factor: authenticator app or passkey")),
            ("password", gettext_lazy("a second factor; the password of those who have none")),
            ("none", gettext_lazy("nothing: being signed in is enough")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Within the quarter of an hour before. The record says what was proven."),
    )


@require_POST
def signing(request: HttpRequest, organization: str) -> HttpResponse:
    """Set what signing asks for."""
    return send(
        request,
        Signing,
        actions.require_factor,
        show=lambda form: _organization(request, None, form),
        then=door.at(request, "organization"),
        says=_("Stored."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def organization(request: HttpRequest, organization: str) -> HttpResponse:
    """What the organization is, and how much of everything it has."""
    if request.method == "POST":
        return send(
            request,
            Facts,
            actions.describe_organization,
            show=lambda form: _organization(request, form),
            then=door.at(request, "organization"),
            values=lambda given: {name: given.get(name, "") for name in Facts.base_fields},
            says=_("Stored."),
        )
    return _organization(request, None)


def _organization(request: HttpRequest, form: Form | None, signing: Form | None = None) -> HttpResponse:
    at = request.at  # type: ignore[attr-defined]
    in_force = Q(memberships__until=None) | Q(memberships__until__gt=at)
    it = (
        Organization.objects.select_related("parent")
        .annotate(
            site_count=Count("sites", distinct=True),
            entity_count=Count("entities", distinct=True),
            member_count=Count("memberships", filter=in_force & Q(memberships__user__isnull=False), distinct=True),
            card_count=Count("cards", distinct=True),
        )
        .get(pk=request.by.organization)  # type: ignore[attr-defined]
    )
    counts = [
        {"name": name, "text": text, "number": getattr(it, counted)}
        for (name, text), counted in zip(TABS[1:5], ("site_count", "entity_count", "member_count", "card_count"), strict=True)
    ]
    form = form or Facts(initial={name: getattr(it, name) for name in Facts.base_fields})
    kinds = [KINDS[kind] for kind in it.kinds]
    signing = signing or Signing(initial={"factor": it.sign_factor})
    context = {"it": it, "country": country_word(it.country), "kinds": kinds, "counts": counts, "form": form, "signing": signing}
    return page(request, "organization", "organization", context)


class SiteForm(Form):
    """A place with one pattern of hours on chosen days."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    subdivision = forms.CharField(
        label=gettext_lazy("Part of the country"), max_length=8, required=False, help_text=gettext_lazy("Where its holidays differ: BY for Bavaria.")
    )
    zone = Zone(label=gettext_lazy("Time zone"))
    hours = forms.CharField(
        label=gettext_lazy("Hours of a working day"),
        initial="09:00-18:00",
        help_text=gettext_lazy("Several with a comma: 08:30-12:00, 13:00-17:30. An end before its start lies on the next day."),
    )
    days = forms.MultipleChoiceField(label=gettext_lazy("Working days"), choices=week.days, initial=week.WEEKDAYS, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _choose(self, country=choices.countries(), zone=choices.zones())

    def clean_hours(self) -> list[tuple[int, int]]:
        windows = week.windows(self.cleaned_data["hours"])
        if not windows:
            raise forms.ValidationError(_("Write hours such as 09:00-18:00."))
        return windows


@require_http_methods(["GET", "HEAD", "POST"])
def sites(request: HttpRequest, organization: str) -> HttpResponse:
    """Where people work from, and in which hours."""
    if request.method == "POST":
        return send(
            request,
            SiteForm,
            actions.add_site,
            show=lambda form: _sites(request, form),
            then=door.at(request, "sites"),
            values=_weekly,
            says=_("The site is added."),
        )
    return _sites(request, SiteForm(initial={"country": "", "zone": ""}))


def _weekly(given: dict[str, Any]) -> dict[str, Any]:
    open_days = given.pop("days")
    return given | {"hours": [given["hours"] if str(day) in open_days else [] for day in range(7)]}


def _sites(request: HttpRequest, form: Form) -> HttpResponse:
    found = Site.objects.filter(organization=request.by.organization).order_by("name")  # type: ignore[attr-defined]
    rows = [{"row": site, "country": country_word(site.country), "week": week.said(site.hours)} for site in found]
    return page(request, "sites", "sites", {"sites": rows, "form": form})


EMPTIABLE = ("register_number", "vat_id", "street", "postcode", "city")


class EntityForm(Form):
    """A legal person, with its first bank accounts."""

    name = forms.CharField(label=gettext_lazy("Registered name"), max_length=160)
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency of its books"))
    zone = Zone(label=gettext_lazy("Time zone"))
    register_number = forms.CharField(label=gettext_lazy("Register number"), max_length=40, required=False)
    vat_id = forms.CharField(label=gettext_lazy("VAT number"), max_length=20, required=False)
    fiscal_year_start = forms.TypedChoiceField(label=gettext_lazy("Its fiscal year begins in"), choices=week.months, coerce=int, initial=1)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=120, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=16, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80, required=False)
    ibans = forms.CharField(
        label=gettext_lazy("Bank accounts"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("IBANs, one a line; their check digits are checked."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _choose(self, country=choices.countries(), currency=choices.currencies(), zone=choices.zones())

    def clean_ibans(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["ibans"].splitlines() if line.strip()]


@require_http_methods(["GET", "HEAD", "POST"])
def entities(request: HttpRequest, organization: str) -> HttpResponse:
    """The legal persons whose books, payroll or filings are worked on."""
    if request.method == "POST":
        return send(
            request,
            EntityForm,
            actions.add_entity,
            show=lambda form: _entities(request, form),
            then=door.at(request, "entities"),
            says=_("The entity is added."),
        )
    return _entities(request, EntityForm())


def _entities(request: HttpRequest, form: Form) -> HttpResponse:
    months = dict(week.months())
    rows = [
        {"row": entity, "country": country_word(entity.country), "year": months[entity.fiscal_year_start], "accounts": entity.accounts.all()}
        for entity in Entity.objects.prefetch_related("accounts").order_by("name")
    ]
    return page(request, "entities", "entities", {"entities": rows, "form": form})


class EntityChange(EntityForm):
    """The same of an entity that is there; its country stays."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        del self.fields["country"]


@require_http_methods(["GET", "HEAD", "POST"])
def entity(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """One entity: its facts and accounts, stated anew."""
    if request.method == "POST":
        return send(
            request,
            EntityChange,
            actions.change_entity,
            show=lambda form: _entity(request, reference, form),
            then=door.at(request, "entities"),
            values=lambda given: {name: given.get(name, "") for name in EMPTIABLE} | {"ibans": []} | given | {"entity": reference},
            says=_("Stored. Signed agreements keep what they froze."),
        )
    return _entity(request, reference, None)


def _entity(request: HttpRequest, reference: str, form: Form | None) -> HttpResponse:
    it = Entity.objects.filter(reference=reference, organization=request.by.organization).prefetch_related("accounts").first()  # type: ignore[attr-defined]
    if it is None:
        raise Http404
    if form is None:
        names = [name for name in EntityForm.base_fields if name not in ("country", "ibans")]
        form = EntityChange(initial={name: getattr(it, name) for name in names} | {"ibans": "\n".join(account.iban for account in it.accounts.all())})
    may_change = may(request).allows(actions.change_entity, Place(entity=it.id))
    return page(request, "entity", "entities", {"it": it, "country": country_word(it.country), "form": form, "may_change": may_change})


def _choose(form: Form, **lists: choices.Choices) -> None:
    for name, options in lists.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [choices.NONE, *options]
