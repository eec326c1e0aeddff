"""The form in which a company is stated under an agreement whose client has no members here: by its guest, or by the provider as the client told it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy

from remit.apps.agreements import terms
from remit.apps.agreements.models import Agreement
from remit.apps.organizations.views.forms import Day
from remit.apps.organizations.views.organization import EntityForm as Facts
from remit.formats.words import Words

ASKED = "q-"
"""Before the code of a question that the service line asks of an entity."""


class EntityForm(Facts):
    """Facts, the day it joins, and what the service line asks of an entity; filled with what was stated before."""

    subdivision = forms.CharField(
        label=gettext_lazy("Part of the country"), max_length=8, required=False, help_text=gettext_lazy("Such as BY or EAW, where holidays or law differ.")
    )
    joins_on = Day(label=gettext_lazy("Joins on"))
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, agreement: Agreement, post: QueryDict | None = None) -> None:
        stated = agreement.entities.order_by("name").first()
        initial: dict[str, Any] = {"country": agreement.client.country, "currency": agreement.client.currency, "joins_on": agreement.begins_on}
        initial |= {"name": agreement.client.name, "zone": agreement.needs.get("zone") or ""}
        if stated is not None:
            initial |= stated.facts | {"name": stated.name, "joins_on": stated.joins_on, "replaces": stated.id}
            initial["ibans"] = "\n".join(account["iban"] for account in stated.facts["accounts"])
            initial |= {f"{ASKED}{code}": value for code, value in stated.answers.items()}
        super().__init__(*([post] if post is not None else []), initial=initial)
        words = Words(get_language() or "en")
        for question in terms.entity_questions(agreement):
            options: dict[str, Any] = {"label": words.text(question.says), "required": question.required}
            if question.choices:
                chosen = [("", "–"), *((code, words.text(says)) for code, says in question.choices.items())]
                self.fields[f"{ASKED}{question.code}"] = forms.ChoiceField(choices=chosen, **options)
            else:
                self.fields[f"{ASKED}{question.code}"] = forms.CharField(max_length=200, **options)

    @staticmethod
    def values(agreement: Agreement, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was filled in as the action's input; how papers are read, which no form asks, stays."""
        stated = agreement.entities.filter(id=given["replaces"]).first() if "replaces" in given else None
        kept = {code: value for code, value in stated.answers.items() if code.endswith("_mapping")} if stated else {}
        answers = {name.removeprefix(ASKED): value for name, value in given.items() if name.startswith(ASKED)}
        plain = {name: value for name, value in given.items() if not name.startswith(ASKED)}
        return plain | {"agreement": str(agreement.id), "answers": kept | answers}
