"""How one is told of what needs one: the daily digest, the channel of each kind, quiet hours; and what one was told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations import digests, door, mail
from remit.apps.organizations.mailing.outbox import STATES, state_of
from remit.apps.organizations.models import Digest, DigestPlan, Notification
from remit.apps.organizations.views.forms import Form, send
from remit.apps.organizations.views.organization import own_zone, page
from remit.domain.notifying import CHANNELS, KINDS, channel_of
from remit.formats.words import Words

SHOWN = 10


class DigestForm(Form):
    """When it comes."""

    hour = forms.IntegerField(label=gettext_lazy("Hour"), min_value=0, max_value=23, help_text=gettext_lazy("At other hours nothing is written."))
    zone_name = forms.CharField(label=gettext_lazy("Time zone"), max_length=64)
    workdays_only = forms.BooleanField(label=gettext_lazy("Monday to Friday only"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=lambda: settings.LANGUAGES)


def _channels() -> list[tuple[str, str]]:
    words = Words(get_language() or "en")
    return [(code, words.text(says)) for code, says in CHANNELS.items()]


class ChannelsForm(Form):
    """The channel of each kind, and the hours in which nothing is mailed at once."""

    quiet_from = forms.IntegerField(label=gettext_lazy("Quiet from (hour)"), min_value=0, max_value=23, required=False)
    quiet_until = forms.IntegerField(
        label=gettext_lazy("Quiet until (hour)"),
        min_value=0,
        max_value=23,
        required=False,
        help_text=gettext_lazy("22 and 7: over night. What arises meanwhile is mailed as they end, if it still needs you then."),
    )
    quiet_weekends = forms.BooleanField(label=gettext_lazy("Saturday and Sunday are quiet, too"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        words, quiet = Words(get_language() or "en"), dict(self.fields)
        kinds = {name: forms.ChoiceField(label=_upper(words.text(says)), choices=_channels()) for name, says in KINDS.items()}
        self.fields = {**kinds, **quiet}


def by_channel(given: dict[str, Any]) -> dict[str, Any]:
    """What the form gives, as the action takes it."""
    named = {"at_once": "once", "only_today": "today"}
    lists = {name: [kind for kind in KINDS if given.get(kind) == channel] for name, channel in named.items()}
    return {name: value for name, value in given.items() if name not in KINDS} | lists


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


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
def channels(request: HttpRequest, organization: str) -> HttpResponse:
    """Choose the channel of each kind."""
    return send(
        request,
        ChannelsForm,
        digests.choose_channels,
        show=lambda form: _shown(request, None, form),
        then=door.at(request, "digest"),
        values=lambda given: {"quiet_weekends": False} | by_channel(given),
        says=_("Chosen: each kind by its one channel."),
    )


@require_POST
def end(request: HttpRequest, organization: str) -> HttpResponse:
    """No more of it."""
    return door.perform(request, digests.end_digest, {}, then=door.at(request, "digest"), says=_("It comes no more."))


def _shown(request: HttpRequest, form: Form | None, channels_form: Form | None = None) -> HttpResponse:
    membership = request.by.membership  # type: ignore[attr-defined]
    plan = DigestPlan.objects.filter(membership=membership, ended_at=None).first()
    initial = (
        {"hour": plan.hour, "zone_name": plan.zone, "workdays_only": plan.workdays_only, "language": plan.language}
        if plan
        else {"hour": 8, "zone_name": own_zone(request), "workdays_only": True, "language": get_language()}
    )
    rows = Digest.objects.filter(membership=membership).select_related("message").order_by("-day")[:SHOWN]
    listed = [{"row": row, "state": STATES[state_of(row.message)] if row.message else None} for row in rows]
    told = Notification.objects.filter(membership=membership).select_related("instead_of").order_by("-told_at", "-id")[:SHOWN]
    context = {
        "plan": plan,
        "form": form or DigestForm(initial=initial),
        "channels_form": channels_form or (ChannelsForm(initial=_chosen(plan)) if plan else None),
        "digests": listed,
        "notified": [{"row": row, "kind": KINDS[row.kind]} for row in told],
        "mail_is_set_up": mail.is_set_up(),
    }
    return page(request, "digest", "digest", context)


def _chosen(plan: DigestPlan) -> dict[str, Any]:
    quiet = {name: getattr(plan, name) for name in ("quiet_from", "quiet_until", "quiet_weekends")}
    return quiet | {kind: channel_of(kind, plan.at_once, plan.only_today) for kind in KINDS}
