"""One's daily digest: when it comes, and what became of the last ones."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations import digests, door, mail
from remit.apps.organizations.mailing.outbox import STATES, state_of
from remit.apps.organizations.models import Digest, DigestPlan
from remit.apps.organizations.views.forms import Form, send
from remit.apps.organizations.views.organization import own_zone, page

SHOWN = 10


class DigestForm(Form):
    """When it comes."""

    hour = forms.IntegerField(label=gettext_lazy("Hour"), min_value=0, max_value=23, help_text=gettext_lazy("At other hours nothing is written."))
    zone_name = forms.CharField(label=gettext_lazy("Time zone"), max_length=64)
    workdays_only = forms.BooleanField(label=gettext_lazy("Monday to Friday only"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=lambda: settings.LANGUAGES)


@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: HttpRequest, organization: str) -> HttpResponse:
    """One's own; POST plans it."""
    if request.method != "POST":
        return _shown(request, None)
    return send(
        request,
        DigestForm,
        digests.plan_digest,
        show=lambda form: _shown(request, form),
        then=door.at(request, "digest"),
        values=lambda given: {"workdays_only": False} | given,
        says=_("It comes at that hour, whenever something needs you."),
    )


@require_POST
def end(request: HttpRequest, organization: str) -> HttpResponse:
    """No more of it."""
    return door.perform(request, digests.end_digest, {}, then=door.at(request, "digest"), says=_("It comes no more."))


def _shown(request: HttpRequest, form: Form | None) -> HttpResponse:
    membership = request.by.membership  # type: ignore[attr-defined]
    plan = DigestPlan.objects.filter(membership=membership, ended_at=None).first()
    initial = (
        {"hour": plan.hour, "zone_name": plan.zone, "workdays_only": plan.workdays_only, "language": plan.language}
        if plan
        else {"hour": 8, "zone_name": own_zone(request), "workdays_only": True, "language": get_language()}
    )
    rows = Digest.objects.filter(membership=membership).select_related("message").order_by("-day")[:SHOWN]
    listed = [{"row": row, "state": STATES[state_of(row.message)] if row.message else None} for row in rows]
    context = {"plan": plan, "form": form or DigestForm(initial=initial), "digests": listed, "mail_is_set_up": mail.is_set_up()}
    return page(request, "digest", "digest", context)
