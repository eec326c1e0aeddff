"""Clients that have no members here: register one, write down what it needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations import actions as organization_actions
from remit.apps.organizations import door
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Organization
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Form, send
from remit.apps.records.models import Entry, Participation
from remit.apps.sourcing import recording
from remit.apps.sourcing.models import Brief


class ClientForm(Form):
    """A company that will not sign in."""

    name = forms.CharField(label=gettext_lazy("Registered name"), max_length=160)
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["country"].choices = [choices.NONE, *choices.countries()]  # type: ignore[attr-defined]
        self.fields["currency"].choices = choices.currencies()  # type: ignore[attr-defined]


class NeedForm(Form):
    """What one of them needs."""

    client = forms.ChoiceField(label=gettext_lazy("Client"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    service = forms.ChoiceField(label=gettext_lazy("Service"))

    def __init__(self, clients: list[Organization], post: QueryDict | None = None) -> None:
        super().__init__(*([post] if post is not None else []))
        self.fields["client"].choices = [(str(each.pk), each.name) for each in clients]  # type: ignore[attr-defined]
        self.fields["service"].choices = sorted(choices.services(), key=lambda pair: pair[1])  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def clients(request: HttpRequest, organization: str) -> HttpResponse:
    """Those that the organization registered or works for, and the two forms."""
    if request.method != "POST":
        return _page(request)
    return send(
        request,
        ClientForm,
        organization_actions.register_organization,
        show=lambda form: _page(request, client=form),
        then=door.at(request, "clients"),
        values=lambda given: given | {"kinds": ["client"]},
        says=_("The client is registered. It takes part by guests whom you invite."),
    )


@require_POST
def record(request: HttpRequest, organization: str) -> HttpResponse:
    """Write down what a client needs."""
    return send(
        request,
        lambda post: NeedForm(without_members(request), post),
        recording.record_brief,
        show=lambda form: _page(request, need=form),
        then=lambda done: door.at(request, "brief", done.reference),
        values=lambda given: {"client": given["client"], "title": given["title"], "answers": {"service": given["service"]}},
        says=_("The need is written down as the client told it. What it lacks is asked below."),
    )


def without_members(request: HttpRequest) -> list[Organization]:
    """Clients without anybody with a log-in that the organization registered or shares a thread with; two queries."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    registered = Entry.objects.filter(kind="organization.registered", outcome="allowed").values("object_id")
    near = Participation.objects.filter(role="client").values("tenant")
    known = Organization.objects.filter(Q(pk__in=registered) | Q(pk__in=near), kinds__contains=["client"]).exclude(pk=by.organization)
    return list(known.extra(where=["not is_enrolled(organizations_organization.tenant_id, %s)"], params=[at]).order_by("name"))


def _page(request: HttpRequest, client: Form | None = None, need: Form | None = None) -> HttpResponse:
    found = without_members(request)
    briefs: dict[Any, list[Brief]] = {}
    for brief in Brief.objects.filter(organization__in=[each.pk for each in found]).order_by("created_at"):
        briefs.setdefault(brief.organization_id, []).append(brief)
    context = {
        "rows": [{"client": each, "country": choices.country_word(each.country), "briefs": briefs.get(each.pk, [])} for each in found],
        "client_form": client or ClientForm(),
        "need_form": need or (NeedForm(found) if found else None),
        "may_register": may(request).allows(organization_actions.register_organization),
        "may_record": may(request).allows(recording.record_brief),
    }
    return render(request, "sourcing/clients.html", context)
