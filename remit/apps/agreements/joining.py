"""The page of a running agreement's entities: who joined when, who leaves, and the form by which a further one joins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.agreements import entities, terms
from remit.apps.agreements.entity_form import ASKED
from remit.apps.agreements.models import Agreement, Engagement
from remit.apps.agreements.places import of_agreement
from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Entity
from remit.apps.organizations.views.choices import NONE
from remit.apps.organizations.views.forms import Day, Form, send
from remit.apps.organizations.views.week import months
from remit.apps.records.context import reading
from remit.domain.taxation import CATEGORIES
from remit.formats.words import Words


class JoiningForm(Form):
    """One of the client's entities, from when, what the service line asks of it, and its own tax treatment where it has one."""

    entity = forms.ChoiceField(label=gettext_lazy("Entity"))
    joins_on = Day(label=gettext_lazy("Joins on"))
    leaves_on = Day(label=gettext_lazy("Leaves on (that day not included)"), required=False)

    def __init__(self, agreement: Agreement, post: QueryDict | None = None) -> None:
        super().__init__(*([post] if post is not None else []))
        words = Words(get_language() or "en")
        # Whoever is under the agreement without an end joins no second time.
        under = agreement.entities.filter(leaves_on=None).values("entity_id")
        mine = Entity.objects.filter(organization=agreement.client_id).exclude(id__in=under).order_by("name")
        self.fields["entity"].choices = [(str(each.id), f"{each.name} ({each.reference})") for each in mine]  # type: ignore[attr-defined]
        for question in terms.entity_questions(agreement):
            options: dict[str, Any] = {"label": words.text(question.says), "required": question.required}
            if question.choices:
                chosen = [NONE, *((code, words.text(says)) for code, says in question.choices.items())]
                self.fields[f"{ASKED}{question.code}"] = forms.ChoiceField(choices=chosen, **options)
            else:
                self.fields[f"{ASKED}{question.code}"] = forms.CharField(max_length=200, **options)
        taxed = [("", _("as the agreement says")), *((code, words.text(says)) for code, says in CATEGORIES.items())]
        self.fields["tax_category"] = forms.ChoiceField(label=_("Tax on its invoices"), choices=taxed, required=False)
        self.fields["tax_rate"] = forms.DecimalField(label=_("Rate in %"), min_value=0, max_value=100, required=False)
        self.fields["tax_reason"] = forms.CharField(label=_("Reason without tax"), max_length=300, required=False)

    @staticmethod
    def values(running: Engagement, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was filled in as the action's input."""
        answers = {name.removeprefix(ASKED): value for name, value in given.items() if name.startswith(ASKED)}
        plain = {name: value for name, value in given.items() if not name.startswith(ASKED)}
        return {"engagement": str(running.id), "joining": plain | {"answers": answers}}


@require_http_methods(["GET", "HEAD", "POST"])
def agreed_entities(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Who is under the agreement; a POST brings a further one."""
    if request.method != "POST":
        return _page(request, reference)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        running = _running(reference)
    return send(
        request,
        lambda post: JoiningForm(running.agreement, post),
        entities.join_entity,
        show=lambda form: _page(request, reference, form),
        then=door.at(request, "agreed_entities", reference),
        values=lambda given: JoiningForm.values(running, given),
        says=_("It is under the agreement from that day on."),
    )


@require_POST
def leave(request: HttpRequest, organization: str, reference: str, entity: UUID) -> HttpResponse:
    """Say when an entity leaves."""
    values = {"entity": str(entity), "leaves_on": request.POST.get("leaves_on", "")}
    then = door.at(request, "agreed_entities", reference)
    again = lambda errors: _page(request, reference, said=door.sentences(errors))  # noqa: E731
    return door.perform(request, entities.leave_entity, values, then=then, again=again, says=_("The day is kept; months that are open stay to be finished."))


@require_POST
def stay(request: HttpRequest, organization: str, reference: str, entity: UUID) -> HttpResponse:
    """Withdraw that an entity leaves."""
    then = door.at(request, "agreed_entities", reference)
    again = lambda errors: _page(request, reference, said=door.sentences(errors))  # noqa: E731
    return door.perform(request, entities.keep_entity, {"entity": str(entity)}, then=then, again=again, says=_("Withdrawn: it stays under the agreement."))


def _running(reference: str) -> Engagement:
    found = Engagement.objects.select_related("agreement__client", "agreement__provider").filter(agreement__reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def _page(request: HttpRequest, reference: str, form: Form | None = None, said: Mapping[str, list[str]] | None = None) -> HttpResponse:
    running = _running(reference)
    agreement, here = running.agreement, may(request)
    me, place = request.by.organization, of_agreement(running.agreement)  # type: ignore[attr-defined]
    joins = me == running.client_id and here.allows(entities.join_entity, place)
    today = request.at.date()  # type: ignore[attr-defined]
    under = list(agreement.entities.order_by("name", "joins_on"))
    told, years = entities.told_by(under), dict(months())
    rows = [
        {
            "row": row,
            "year": years[row.facts["fiscal_year_start"]],
            "is_in": row.joins_on <= today and (row.leaves_on is None or today < row.leaves_on),
            "left": row.leaves_on and row.leaves_on <= today,
            "is_ours": told.get(row.id) == me,
        }
        for row in under
    ]
    context = {
        "running": running,
        "agreement": agreement,
        "rows": rows,
        "buyer": terms.billed_to(agreement),
        "form": (form or JoiningForm(agreement)) if joins else None,
        "may_leave": me in (running.client_id, running.provider_id) and here.allows(entities.leave_entity, place),
        "said": [sentence for sentences in (said or {}).values() for sentence in sentences],
    }
    return render(request, "agreements/entities.html", context)
