"""Inviting a guest to a thing, reminding them, and ending their link; each leads back to the page of the thing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations import door, guests, invited, mail
from remit.apps.organizations.acting import NotFound
from remit.apps.organizations.guests import DEFAULT_DAYS, MOST_DAYS, THINGS, Thing
from remit.apps.organizations.models import GuestLink
from remit.apps.organizations.references import key_of
from remit.apps.organizations.views.forms import Form, send
from remit.apps.records.context import reading
from remit.formats.words import Words


class InviteForm(Form):
    """Who, for which organization, for what, how long."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Mail address"), help_text=gettext_lazy("The link goes there, and so does the code that opens it."))
    acts_for = forms.ChoiceField(label=gettext_lazy("They act for"))
    acts = forms.MultipleChoiceField(label=gettext_lazy("They may"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=gettext_lazy("Days that the link is good for"), min_value=1, max_value=MOST_DAYS, initial=DEFAULT_DAYS)
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail and the page"), choices=lambda: list(settings.LANGUAGES))
    note = forms.CharField(label=gettext_lazy("A word of yours in the mail"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, request: HttpRequest, kind: str, about: UUID, thing: Thing, post: QueryDict | None = None) -> None:
        by, at = request.by, request.at  # type: ignore[attr-defined]
        words = Words(get_language() or "en")
        parties = invited.whom(by, at, kind, about)
        able = invited.own_acts(by, at, kind, about, thing) if [each.pk for each in parties] == [by.organization] else thing.acts
        offered = [(act, words.text(says)) for act, says in invited.ACTS.items() if act in able]
        first = parties[0] if parties else None
        language = first.language if first and first.language in dict(settings.LANGUAGES) else "en"
        before = GuestLink.objects.filter(audience=thing.audience, invited_by_organization=by.organization).order_by("-since", "-id").first()
        begun: dict[str, Any] = {"language": language, "acts": [act for act, _says in offered if act in invited.OFFERED]}
        if before is not None:
            # Whoever took part in the engagement last is mostly who is asked next.
            begun |= {"name": before.name, "email": before.email, "acts_for": str(before.organization_id), "language": before.language}
        super().__init__(*([post] if post is not None else []), initial=begun)
        self.fields["acts_for"].choices = [(str(each.pk), each.name) for each in parties]  # type: ignore[attr-defined]
        self.fields["acts"].choices = offered  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        given = super().given()
        acts = given.get("acts", [])
        return given | {"acts": [each for act in acts for each in (act, *invited.ALONG.get(act, ()))]}


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, organization: str) -> HttpResponse:
    """The form, for the thing that the address names."""
    kind, reference = request.GET.get("kind", ""), request.GET.get("about", "")
    if request.method != "POST":
        about, thing = _thing(kind, reference)
        return _page(request, kind, reference, InviteForm(request, kind, about, thing))
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        about, thing = _thing(kind, reference)
    return send(
        request,
        lambda post: InviteForm(request, kind, about, thing, post),
        guests.invite_guest,
        show=lambda form: _page(request, kind, reference, form),
        then=door.at(request, kind, reference) + "#guests",
        values=lambda given: given | {"kind": kind, "about": str(about)},
        says=_("The mail with the link is on its way.") if mail.is_set_up() else _("No mail is set up: the link stands in the outbox."),
    )


@require_POST
def remind(request: HttpRequest, organization: str, link: UUID) -> HttpResponse:
    """Remind a guest of what waits."""
    return door.perform(request, guests.remind_guest, {"link": str(link)}, then=_back(request, link), says=_("A reminder is written."))


@require_POST
def end(request: HttpRequest, organization: str, link: UUID) -> HttpResponse:
    """End a guest's link now."""
    return door.perform(request, guests.end_guest, {"link": str(link)}, then=_back(request, link), says=_("The link is ended; what was done by it stays."))


def _thing(kind: str, reference: str) -> tuple[UUID, Thing]:
    key = key_of(reference)
    thing = THINGS[kind](key) if kind in THINGS else None
    if thing is None:
        raise NotFound(reference)
    return key, thing


def _page(request: HttpRequest, kind: str, reference: str, form: Form) -> HttpResponse:
    _key, thing = _thing(kind, reference)
    back = door.at(request, kind, reference)
    return render(request, "organizations/invite.html", {"form": form, "thing": thing, "kind": kind, "back": back, "no_mail": not mail.is_set_up()})


def _back(request: HttpRequest, key: UUID) -> str:
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        link = GuestLink.objects.filter(id=key).first()
    if link is None:
        raise NotFound(key)
    return door.at(request, link.about_kind, link.about_reference) + "#guests"
