"""The page for a client that a firm has already: two questions, then one form with what follows from them filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from remit.apps.agreements.offering import card_for
from remit.apps.agreements.relation import begin_relation
from remit.apps.organizations import door, mail, places
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Organization, RateCard
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Day, Form, Zone, send, wrong
from remit.apps.people.gate import parts
from remit.apps.people.models import Person, Staff
from remit.apps.records.context import reading
from remit.domain.brief import CEFR, CONFIDENTIALITY, LEVELS
from remit.domain.line import Question, ServiceLine
from remit.domain.pricing import BASES
from remit.domain.taxation import CATEGORIES, usual
from remit.formats.words import Words
from remit.lines import lines

ASKED, PRICE, HOUR = "q-", "price-", "price-hour"
ACCOUNT = "bank_account"
"""Asked of a company by some services: it is the account given, so that nobody types it twice."""
ANSWERS_LEAST_LEVEL = 3
GROUPS = (
    (gettext_lazy("The client"), ("name", "vat_id", "street", "postcode", "city", "zone", "currency", "client_part", "account", ASKED)),
    (gettext_lazy("The work"), ("begins_on", "level", "language", "language_level", "confidentiality", "responsible")),
    (gettext_lazy("Prices and invoices"), (PRICE, "tax_category", "tax_rate", "tax_reason", "iban")),
    (gettext_lazy("Who signs for the client"), ("signer_name", "signer_email")),
)
"""The form's parts with their fields; a prefix stands for all fields that begin with it."""


class WhereForm(Form):
    """What the rest follows from."""

    country = forms.ChoiceField(label=gettext_lazy("Country of the client"), choices=lambda: [choices.NONE, *choices.countries()])
    service = forms.ChoiceField(label=gettext_lazy("Service"), choices=lambda: sorted(choices.services(), key=lambda pair: pair[1]))


class ClientForm(Form):
    """The whole relation; most of it is filled in from country and service."""

    name = forms.CharField(label=gettext_lazy("Registered name"), max_length=160)
    vat_id = forms.CharField(label=gettext_lazy("VAT id"), max_length=20, required=False)
    street = forms.CharField(label=gettext_lazy("Street"), max_length=120, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=16, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80, required=False)
    zone = Zone(label=gettext_lazy("Time zone"), choices=choices.zones)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=choices.currencies)
    client_part = forms.ChoiceField(label=gettext_lazy("The part of the country whose law holds"))
    account = forms.CharField(label=gettext_lazy("Bank account (IBAN)"), max_length=42, required=False)
    begins_on = Day(label=gettext_lazy("First day of the work"))
    level = forms.TypedChoiceField(label=gettext_lazy("Least level of who prepares the work"), coerce=int)
    language = forms.ChoiceField(label=gettext_lazy("Language of the work"))
    language_level = forms.ChoiceField(label=gettext_lazy("Least level in that language"), choices=list(CEFR.items()))
    confidentiality = forms.ChoiceField(label=gettext_lazy("The most sensitive data in it"))
    responsible = forms.ChoiceField(
        label=gettext_lazy("Who answers for the work"),
        required=False,
        help_text=gettext_lazy("Where the law of the place asks for a qualified person, others may work under this one."),
    )
    tax_category = forms.ChoiceField(label=gettext_lazy("Tax on the invoices"))
    tax_rate = forms.DecimalField(label=gettext_lazy("Rate in percent"), min_value=0, max_value=100, required=False)
    tax_reason = forms.CharField(label=gettext_lazy("Reason, where no tax is charged"), max_length=300, required=False)
    iban = forms.CharField(label=gettext_lazy("Account to be paid to (IBAN)"), max_length=42, required=False)
    signer_name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    signer_email = forms.EmailField(label=gettext_lazy("Mail address"), help_text=gettext_lazy("The link goes there, and so does the code that opens it."))

    def __init__(self, request: HttpRequest, country: str, line: ServiceLine, post: QueryDict | None = None) -> None:
        by, at = request.by, request.at  # type: ignore[attr-defined]
        self.country, self.line = country, line
        self.card: RateCard | None = card_for(by, at, line.code, country)
        people = list(Person.objects.filter(staff__level__gte=ANSWERS_LEAST_LEVEL).distinct().prefetch_related("credentials").order_by("name"))
        super().__init__(*([post] if post is not None else []), initial=self._begun(by.organization, at.date(), people))
        say = Words(get_language() or "en").text
        self._choices("level", ((code, f"{code} – {say(says)}") for code, says in LEVELS.items()))
        self._choices("confidentiality", ((code, say(says)) for code, says in CONFIDENTIALITY.items()))
        self._choices("tax_category", [choices.NONE, *((code, f"{code} – {say(says)}") for code, says in CATEGORIES.items())])
        self._choices("language", choices.languages())
        self._choices("responsible", [("", _("nobody named")), *((str(person.id), person.name) for person in people)])
        if divided := parts(country, get_language() or "en"):
            self._choices("client_part", [choices.NONE, *divided.items()])
        else:
            del self.fields["client_part"]
        for question in self.questions:
            self.fields[f"{ASKED}{question.code}"] = _field(question, say)
        self.fields["account"].required = any(question.code == ACCOUNT and question.required for question in line.questions)
        if self.card is None:
            self._prices(say)

    @property
    def questions(self) -> list[Question]:
        """What the service asks of the company, but for the account."""
        return [question for question in self.line.questions if question.at == "entity" and question.code != ACCOUNT]

    def _choices(self, name: str, found: Iterable[tuple[str, str]]) -> None:
        self.fields[name].choices = list(found)  # type: ignore[attr-defined]

    def _prices(self, say: Any) -> None:
        bases = [(HOUR, say(BASES["hour"]))] if "hour" in self.line.bases else []
        bases += [(f"{PRICE}{code}", say(says)) for code, says in self.line.measures.items()]
        for name, says in bases:
            label = _("Price: %(of)s") % {"of": says}
            self.fields[name] = forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=4, required=False)

    def _begun(self, me: Any, today: date, people: list[Person]) -> dict[str, Any]:
        """The first month to be closed is the one before; language, currency and zone are the country's; tax as both countries have it usually."""
        ours = Organization.objects.get(pk=me)
        zones = places.zones_of(self.country)
        tax = usual(ours.country, self.country)
        qualified = [person for person in people if person.credentials.all()] or people
        return {
            "begins_on": (today.replace(day=1) - timedelta(days=1)).replace(day=1),
            "zone": zones[0] if len(zones) == 1 else None,
            "currency": places.currency_of(self.country) or ours.currency,
            "language": places.language_of(self.country) or "en",
            "language_level": "B2",
            "level": 2,
            "confidentiality": "ordinary",
            "responsible": str(qualified[0].id) if len(qualified) == 1 else "",
            "tax_category": tax.category if tax else "S" if ours.country == self.country else "",
            "tax_reason": tax.exemption if tax else "",
        }

    def clean(self) -> dict[str, Any]:
        """Prices are needed where no card is in force."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        priced = [name for name in self.fields if name.startswith(PRICE)]
        if priced and not self.errors and all(given.get(name) is None for name in priced):
            self.add_error(priced[0], _("You have no rate card for this service: state at least one price."))
        return given

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields by parts, as the page shows them."""
        return [(title, [self[name] for start in names for name in self._named(start)]) for title, names in GROUPS]

    def _named(self, start: str) -> list[str]:
        return [name for name in self.fields if name == start or (start.endswith("-") and name.startswith(start))]

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """As the action's input."""
        plain = {name: value for name, value in given.items() if not name.startswith((ASKED, PRICE)) and name != "account"}
        answers = {name.removeprefix(ASKED): value for name, value in given.items() if name.startswith(ASKED)}
        account = given.get("account", "")
        if account and any(question.code == ACCOUNT for question in self.line.questions):
            answers[ACCOUNT] = account.replace(" ", "")
        prices = [self._price(name, value, given["level"]) for name, value in given.items() if name.startswith(PRICE)]
        plain |= {"country": self.country, "service": self.line.code, "answers": answers, "ibans": [account] if account else []}
        return plain | ({"prices": prices} if prices else {})

    def _price(self, name: str, value: Any, level: int) -> dict[str, Any]:
        line = {"service": self.line.code, "level": level, "price": value}
        return line | ({"basis": "hour"} if name == HOUR else {"basis": "unit", "measure": name.removeprefix(PRICE)})


def _field(question: Question, say: Any) -> forms.Field:
    options: dict[str, Any] = {"label": say(question.says), "required": question.required}
    if question.choices:
        return forms.ChoiceField(choices=[choices.NONE, *((code, say(says)) for code, says in question.choices.items())], **options)
    return forms.CharField(max_length=200, **options)


@require_http_methods(["GET", "HEAD", "POST"])
def new_client(request: HttpRequest, organization: str) -> HttpResponse:
    """Country and service first, in the address; then the form."""
    country, line = request.GET.get("country", ""), lines().get(request.GET.get("service", ""))
    if line is None or country not in dict(choices.countries()):
        if request.method != "POST":
            return _where(request)
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            return wrong(_where(request))
    if request.method != "POST":
        return _page(request, ClientForm(request, country, line))
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        values = ClientForm(request, country, line).values
    return send(
        request,
        lambda post: ClientForm(request, country, line, post),
        begin_relation,
        show=lambda form: _page(request, form),
        then=lambda done: door.at(request, "agreement", done.reference),
        values=lambda given: values(given),
        says=_sent(),
    )


def _sent() -> str:
    if mail.is_set_up():
        return _("The client is registered, the agreement drafted, and the mail to who signs is on its way. Sign for your side.")
    return _("The client is registered and the agreement drafted. No mail is set up: the link for who signs stands in the outbox. Sign for your side.")


def _where(request: HttpRequest) -> HttpResponse:
    last = Staff.objects.filter(organization=request.by.organization).exclude(services=[]).order_by("-id").first()  # type: ignore[attr-defined]
    delivered = next(code for code, line in lines().items() if line.steps)
    begun = {"service": last.services[0] if last else delivered, "country": request.GET.get("country", "")}
    return render(request, "agreements/new_client.html", {"where": WhereForm(initial=begun), "allowed": may(request).allows(begin_relation)})


def _page(request: HttpRequest, form: Form) -> HttpResponse:
    assert isinstance(form, ClientForm)
    context = {"form": form, "line": form.line, "country": choices.country_word(form.country), "card": form.card, "no_mail": not mail.is_set_up()}
    return render(request, "agreements/new_client.html", context | {"allowed": may(request).allows(begin_relation)})
