"""Deputies: who acts for whom while they are away; naming and ending them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations import actions, door
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Deputy, Membership
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Day, Form, send
from remit.apps.organizations.views.organization import page
from remit.apps.organizations.views.scopes import midnight


class DeputyForm(Form):
    """Who is away, who acts, from and until when, why, and with which roles."""

    away = forms.ChoiceField(label=gettext_lazy("Who is away"))
    deputy = forms.ChoiceField(label=gettext_lazy("Who acts for them"))
    since = Day(label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Left empty: from now on."))
    until = Day(label=gettext_lazy("Back on"), help_text=gettext_lazy("From that day on nobody acts for them any more."))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, help_text=gettext_lazy("Such as leave. Only you two and who names them see it."))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles handed on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=choices.roles,
        help_text=gettext_lazy("None chosen: all that they hold."),
    )

    def __init__(self, *arguments: Any, away: list[tuple[str, str]], members: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["away"].choices = away  # type: ignore[attr-defined]
        self.fields["deputy"].choices = members  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest, organization: str) -> HttpResponse:
    """Who acts for whom, now and before."""
    if request.method == "POST":
        return send(
            request,
            lambda data: DeputyForm(data, away=_away(request), members=_members(request)),
            actions.name_deputy,
            show=lambda form: _page(request, form),
            then=door.at(request, "deputies"),
            values=lambda given: given | {name: midnight(request, given[name]) for name in ("since", "until") if name in given},
            says=_("The deputy is named."),
        )
    return _page(request, DeputyForm(away=_away(request), members=_members(request), initial={"away": str(request.by.membership)}))  # type: ignore[attr-defined]


@require_POST
def end_deputy(request: HttpRequest, organization: str, deputy: UUID) -> HttpResponse:
    """End a deputy's time now."""
    says = _("The deputy's time is ended.")
    return door.perform(request, actions.end_deputy, {"deputy": deputy}, then=door.at(request, "deputies"), says=says)


def _away(request: HttpRequest) -> list[tuple[str, str]]:
    """For whom a deputy may be named: oneself, and by an administrator everybody."""
    found = _members(request)
    return found if may(request).reaches(("administrator",)) else [each for each in found if each[0] == str(request.by.membership)]  # type: ignore[attr-defined]


def _members(request: HttpRequest) -> list[tuple[str, str]]:
    """Who may act for somebody."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    found = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, user__isnull=False, since__lte=at)
    return [(str(row.id), row.name) for row in found.order_by("name")]


def _page(request: HttpRequest, form: Form) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    administers = may(request).reaches(("administrator",))
    rows = Deputy.objects.filter(organization=by.organization).select_related("away", "deputy").order_by("-until", "-since")
    shown = [
        {
            "row": row,
            "reason": row.reason_for(by),
            "roles": [choices.role_word(role) for role in row.roles],
            "state": "ended" if row.ended_at or row.until <= at else "now" if row.since <= at else "later",
            "may_end": administers or by.membership in (row.away_id, row.deputy_id),
        }
        for row in rows
    ]
    return page(request, "deputies", "deputies", {"deputies": shown, "form": form, "may_name": by.on_behalf_of is None})
