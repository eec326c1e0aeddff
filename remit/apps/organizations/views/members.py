"""Members and their roles: each a dated grant with its scope and limit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import F, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations import actions, door, mail
from remit.apps.organizations.models import Entity, Grant, Membership
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Day, Form, send
from remit.apps.organizations.views.organization import page
from remit.apps.records.context import reading
from remit.domain.money import Money


class MemberForm(Form):
    """A log-in with its first roles."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Mail address"))
    roles = forms.MultipleChoiceField(label=gettext_lazy("Roles"), choices=choices.roles, widget=forms.CheckboxSelectMultiple)


class GrantForm(Form):
    """A role, where it holds, and how far."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=choices.roles)
    scope = forms.ChoiceField(
        label=gettext_lazy("Holds for"),
        choices=lambda: [
            ("organization", _("the whole organization")),
            ("entity", pgettext("scope", "one entity")),
            ("engagement", _("one engagement")),
            ("field", _("one service")),
        ],
    )
    scope_id = forms.CharField(
        label=gettext_lazy("Reference of the entity or engagement"), max_length=36, required=False, help_text=gettext_lazy("Such as EN-7K3F-9QXM.")
    )
    scope_field = forms.ChoiceField(label=gettext_lazy("Service"), choices=lambda: [choices.NONE, *choices.services()], required=False)
    limit_amount = forms.DecimalField(label=gettext_lazy("Up to an amount of"), min_value=0, decimal_places=2, max_digits=14, required=False)
    limit_currency = forms.ChoiceField(label=gettext_lazy("in the currency"), choices=lambda: [choices.NONE, *choices.currencies()], required=False)
    until = Day(label=gettext_lazy("Until (that day not included)"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, organization: str) -> HttpResponse:
    """Who may act, and in which roles."""
    if request.method != "POST":
        return _members(request, MemberForm())
    return send(
        request,
        MemberForm,
        actions.add_member,
        show=lambda form: _members(request, form),
        then=door.at(request, "members"),
        says=invited(),
    )


def invited() -> str:
    """Where the invitation went: by mail, or into the outbox, where its link stands to be copied."""
    if mail.is_set_up():
        return _("The member is added, and a mail with a link to choose a password is on its way.")
    return _("The member is added. This installation sends no mail: the link to choose a password stands in the outbox, to be copied.")


def _members(request: HttpRequest, form: Form) -> HttpResponse:
    at = request.at  # type: ignore[attr-defined]
    rows = (
        Membership.objects.filter(organization=request.by.organization, user__isnull=False)  # type: ignore[attr-defined]
        .select_related("user")
        .prefetch_related("grants")
        .order_by(F("until").asc(nulls_first=True), "name")
    )
    listed = [
        {
            "row": row,
            "roles": []
            if row.until and row.until <= at
            else list(dict.fromkeys(choices.role_word(grant.role) for grant in row.grants.all() if in_force(grant, at))),
        }
        for row in rows
    ]
    return page(request, "members", "members", {"members": listed, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, organization: str, membership: UUID) -> HttpResponse:
    """One member with every role that they hold or held."""
    if request.method == "POST":
        return send(
            request,
            GrantForm,
            actions.grant_role,
            show=lambda form: _member(request, membership, form),
            then=door.at(request, "member", membership),
            values=lambda given: given | {"membership": membership},
            says=_("The role is granted."),
        )
    return _member(request, membership, GrantForm())


def _member(request: HttpRequest, membership: UUID, form: Form) -> HttpResponse:
    at = request.at  # type: ignore[attr-defined]
    found = (
        Membership.objects.filter(id=membership, organization=request.by.organization, user__isnull=False)  # type: ignore[attr-defined]
        .select_related("user")
        .prefetch_related(Prefetch("grants", Grant.objects.order_by(F("until").asc(nulls_first=True), "-since")))
        .first()
    )
    if found is None:
        raise Http404
    entities = dict(Entity.objects.values_list("id", "name"))
    services = dict(choices.services())
    grants = [
        {
            "row": grant,
            "word": choices.role_word(grant.role),
            "scope": _scope(grant, entities, services),
            "limit": Money(grant.limit_amount, grant.limit_currency) if grant.limit_amount is not None else None,
            "in_force": in_force(grant, at),
        }
        for grant in found.grants.all()
    ]
    return page(request, "member", "members", {"member": found, "grants": grants, "form": form})


def in_force(grant: Grant, at: Any) -> bool:
    """Whether a grant counts at an instant."""
    return grant.since <= at and (grant.until is None or at < grant.until)


def _scope(grant: Grant, entities: dict[UUID, str], services: dict[str, str]) -> str:
    match grant.scope:
        case "entity":
            return entities.get(grant.scope_id, pgettext("scope", "one entity")) if grant.scope_id else ""
        case "engagement":
            return _("one engagement")
        case "field":
            return services.get(grant.scope_field, grant.scope_field)
    return _("the whole organization")


@require_POST
def end_role(request: HttpRequest, organization: str, grant: UUID) -> HttpResponse:
    """End a role now."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        held = Grant.objects.filter(id=grant).first()
    if held is None:
        raise Http404
    return door.perform(request, actions.end_role, {"grant": grant}, then=door.at(request, "member", held.membership_id), says=_("The role is ended."))


@require_POST
def invite_again(request: HttpRequest, organization: str, membership: UUID) -> HttpResponse:
    """Write the link for the first password once more."""
    says = _("The invitation is written once more.")
    return door.perform(request, actions.invite_member_again, {"membership": membership}, then=door.at(request, "member", membership), says=says)


@require_POST
def end_membership(request: HttpRequest, organization: str, membership: UUID) -> HttpResponse:
    """End a membership now."""
    return door.perform(request, actions.end_membership, {"membership": membership}, then=door.at(request, "members"), says=_("The membership is ended."))
