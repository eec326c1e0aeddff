"""Members and their roles: each a dated grant with its scope and limit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations import actions, door, mail
from remit.apps.organizations.models import Deputy, Grant, Membership
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Form, send
from remit.apps.organizations.views.organization import page
from remit.apps.organizations.views.scopes import GrantForm, Scopes, state_of, values
from remit.apps.records.context import reading


class MemberForm(Form):
    """A log-in with its first roles."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Mail address"))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles for the whole organization"),
        choices=choices.roles,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: they read only what you grant them next, for an entity, an engagement or a service."),
    )


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
        values=lambda given: {"roles": []} | given,
        says=invited(),
    )


def invited() -> str:
    """Where the invitation went: by mail, or into the outbox, where its link stands to be copied."""
    if mail.is_set_up():
        return _("The member is added, and a mail with a link to choose a password is on its way.")
    return _("The member is added. This installation sends no mail: the link to choose a password stands in the outbox, to be copied.")


def _members(request: HttpRequest, form: Form) -> HttpResponse:
    at = request.at  # type: ignore[attr-defined]
    rows = shown_members(request).select_related("user").prefetch_related("grants").order_by(F("until").asc(nulls_first=True), "name")
    listed = [
        {
            "row": row,
            "roles": []
            if row.until and row.until <= at
            else list(dict.fromkeys(choices.role_word(grant.role) for grant in row.grants.all() if state_of(grant, at) == "in_force")),
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
            values=lambda given: values(request, given) | {"membership": membership},
            says=_("The role is granted."),
        )
    return _member(request, membership, GrantForm())


def _member(request: HttpRequest, membership: UUID, form: Form) -> HttpResponse:
    at = request.at  # type: ignore[attr-defined]
    found = shown_members(request).filter(id=membership).select_related("user").prefetch_related("grants").first()
    if found is None:
        raise Http404
    shown = Scopes().shown(found.grants.all(), at)
    deputies = found.deputies.select_related("deputy").order_by("-since")
    return page(request, "member", "members", {"member": found, "grants": shown, "form": form, "deputies": [row for row in deputies if is_now(row, at)]})


def shown_members(request: HttpRequest) -> QuerySet[Membership]:
    """Everybody with a log-in; to whom nothing is granted for the whole organization sees themselves."""
    by = request.by  # type: ignore[attr-defined]
    found = Membership.objects.filter(organization=by.organization, user__isnull=False)
    return found.filter(id__in=filter(None, (by.membership, by.holder))) if by.scoped else found


def is_now(row: Deputy, at: datetime) -> bool:
    """Whether a deputy's time is not over."""
    return row.until > at and row.ended_at is None


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
