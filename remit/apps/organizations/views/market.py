"""What a provider shows the market: dated rate cards, and the services it designates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from remit.apps.organizations import actions, door
from remit.apps.organizations.models import Designation, RateCard, Site
from remit.apps.organizations.views import card_lines, choices
from remit.apps.organizations.views.forms import Day, Form, send
from remit.apps.organizations.views.organization import page
from remit.domain.money import Money
from remit.domain.pricing import BASES
from remit.lines import lines


class CardForm(Form):
    """A card with its prices pasted as text."""

    series = forms.CharField(
        label=gettext_lazy("Series"), max_length=40, help_text=gettext_lazy("Cards of one series succeed each other: bookkeeping-standard.")
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=choices.currencies)
    valid_from = Day(label=gettext_lazy("First day"))
    source = forms.CharField(label=gettext_lazy("Where level and spread come from"), max_length=200, required=False)
    lines = forms.CharField(
        label=gettext_lazy("Prices"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "placeholder": "bookkeeping,2,hour,,34.50\nbookkeeping,2,unit,entry,0.85"}),
        help_text=gettext_lazy("One a line, as from a spreadsheet: service, level (1–5), basis (hour, unit, month, fixed), measure, price."),
    )

    def clean_lines(self) -> list[dict[str, object]]:
        rows, self.faults = card_lines.read(self.cleaned_data["lines"], lines())
        if self.faults:
            raise forms.ValidationError(_("Some lines cannot be taken; each is named above with line and column."))
        return rows


@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: HttpRequest, organization: str) -> HttpResponse:
    """The organization's rate cards, and the form to publish the next."""
    if request.method == "POST":
        return send(
            request,
            CardForm,
            actions.publish_card,
            show=lambda form: _cards(request, form),
            then=lambda done: door.at(request, "card", done.reference),
            says=_("The card is published."),
        )
    return _cards(request, CardForm())


def _cards(request: HttpRequest, form: Form) -> HttpResponse:
    found = RateCard.objects.filter(organization=request.by.organization).annotate(line_count=Count("lines")).order_by("series", "-valid_from")  # type: ignore[attr-defined]
    rows = list(dated(found, request.at.date()))  # type: ignore[attr-defined]
    return page(request, "cards", "cards", {"cards": rows, "form": form, "faults": getattr(form, "faults", ())})


def dated(found: Iterable[RateCard], on: date) -> Iterable[dict[str, Any]]:
    """Cards, newest first within a series, each with the day on which the next begins and its state on a day."""
    next_day: date | None = None
    series = None
    for card in found:
        if card.series != series:
            series, next_day = card.series, None
        state = "later" if card.valid_from > on else "succeeded" if next_day is not None and next_day <= on else "in_force"
        yield {"row": card, "until": next_day, "state": state}
        next_day = card.valid_from


@require_safe
def card(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """One card with its prices."""
    found = RateCard.objects.filter(reference=reference, organization=request.by.organization).prefetch_related("lines").first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    known = lines()
    rows = [
        {
            "row": row,
            "service": known[row.service].says if row.service in known else row.service,
            "basis": {str(code): says for code, says in BASES.items()}.get(row.basis, row.basis),
            "measure": _measure(row.service, row.measure),
            "price": Money(row.price, found.currency),
        }
        for row in sorted(found.lines.all(), key=lambda row: (row.service, row.basis, row.measure, row.level))
    ]
    return page(request, "card", "cards", {"card": found, "lines": rows})


def _measure(service: str, measure: str) -> str:
    line = lines().get(service)
    return line.measures.get(measure, measure) if line else measure


class OfferForm(Form):
    """A service, for whom, from where, at which cards."""

    service = forms.ChoiceField(label=gettext_lazy("Service"), choices=lambda: [choices.NONE, *choices.services()])
    country = forms.ChoiceField(label=gettext_lazy("For clients in"), choices=lambda: [choices.NONE, *choices.countries()])
    languages = forms.CharField(label=gettext_lazy("Languages"), help_text=gettext_lazy("Their codes with commas: de, en"), max_length=80)
    site = forms.ChoiceField(label=gettext_lazy("In the hours of the site"))
    series = forms.ChoiceField(label=gettext_lazy("At the cards of the series"))

    def __init__(self, *arguments: Any, organization: UUID, **options: Any) -> None:
        super().__init__(*arguments, **options)
        cards = RateCard.objects.filter(organization=organization).order_by("series")
        self.sites: list[tuple[str, str]] = [(str(site.id), site.name) for site in Site.objects.filter(organization=organization).order_by("name")]
        self.card_series: list[tuple[str, str]] = [(name, name) for name in cards.values_list("series", flat=True).distinct()]
        for name, found in (("site", self.sites), ("series", self.card_series)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(key, said) for key, said in found]

    def clean_languages(self) -> list[str]:
        codes = [code.strip().lower() for code in self.cleaned_data["languages"].split(",") if code.strip()]
        known = dict(choices.languages())
        if unknown := [code for code in codes if code not in known]:
            raise forms.ValidationError(_("%(codes)s: no language has this code.") % {"codes": ", ".join(unknown)})
        return codes


@require_http_methods(["GET", "HEAD", "POST"])
def offers(request: HttpRequest, organization: str) -> HttpResponse:
    """What the organization designates."""

    def make(data: Any = None) -> OfferForm:
        return OfferForm(data, organization=request.by.organization)  # type: ignore[attr-defined]

    if request.method == "POST":
        return send(
            request, make, actions.designate, show=lambda form: _offers(request, form), then=door.at(request, "offers"), says=_("The service is designated.")
        )
    return _offers(request, make())


def _offers(request: HttpRequest, form: Form) -> HttpResponse:
    assert isinstance(form, OfferForm)
    known = lines()
    rows = [
        {"row": row, "service": known[row.service].says if row.service in known else row.service, "country": choices.country_word(row.country)}
        for row in Designation.objects.filter(organization=request.by.organization).select_related("site").order_by("service", "country")  # type: ignore[attr-defined]
    ]
    return page(request, "offers", "offers", {"offers": rows, "form": form, "ready": form.sites and form.card_series})


@require_POST
def end_offer(request: HttpRequest, organization: str, offer: UUID) -> HttpResponse:
    """End a designation now."""
    return door.perform(request, actions.end_designation, {"designation": offer}, then=door.at(request, "offers"), says=_("The designation is ended."))
