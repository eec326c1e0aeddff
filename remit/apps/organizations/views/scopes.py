"""Grants as people read them: where each holds, up to what, from and until when; and the form that makes one, with nothing to type but figures and days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from remit.apps.organizations.models import Entity, Grant
from remit.apps.organizations.roles import SCOPES
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Day, Form
from remit.apps.organizations.views.organization import own_zone
from remit.apps.records.context import reading
from remit.domain.calendars import zone
from remit.domain.money import Money


@dataclass(frozen=True)
class Shown:
    """A grant in words; `state`: in force, later, or ended."""

    row: Grant
    word: str
    scope: str
    reference: str
    limit: Money | None
    state: str


class Scopes:
    """What grants can be for, read once for a page: entities by name, engagements that the reader reads, services."""

    def __init__(self) -> None:
        self.entities = {row.id: (row.reference, row.name) for row in Entity.objects.order_by("name")}
        self.engagements = {key: (reference, words) for key, reference, words in SCOPES["engagement"]()} if "engagement" in SCOPES else {}
        self.services = dict(choices.services())

    def shown(self, grants: Iterable[Grant], at: datetime) -> list[Shown]:
        """Those in force first, then those that begin later, then what has ended, the newest first."""
        found = [self._shown(grant, at) for grant in sorted(grants, key=lambda grant: grant.since, reverse=True)]
        return sorted(found, key=lambda each: ("in_force", "later", "ended").index(each.state))

    def _shown(self, grant: Grant, at: datetime) -> Shown:
        reference, words = self.words(grant)
        limit = Money(grant.limit_amount, grant.limit_currency) if grant.limit_amount is not None else None
        return Shown(grant, choices.role_word(grant.role), words, reference, limit, state_of(grant, at))

    def words(self, grant: Grant) -> tuple[str, str]:
        """(reference, words) of where a grant holds; an engagement that the reader does not read is not named."""
        match grant.scope:
            case "entity":
                return self.entities.get(grant.scope_id, ("", pgettext("scope", "one entity")))  # type: ignore[arg-type]
            case "engagement":
                return self.engagements.get(grant.scope_id, ("", _("one engagement")))  # type: ignore[arg-type]
            case "field":
                return "", self.services.get(grant.scope_field, grant.scope_field)
        return "", _("the whole organization")


def state_of(grant: Grant, at: datetime) -> str:
    """Whether a grant counts at an instant: in_force, later or ended."""
    if grant.until is not None and grant.until <= max(at, grant.since):
        return "ended"
    return "in_force" if grant.since <= at else "later"


def _entities() -> list[tuple[str, str]]:
    return [choices.NONE, *((str(row.id), f"{row.name} ({row.reference})") for row in Entity.objects.order_by("name"))]


def _engagements() -> list[tuple[str, str]]:
    found = SCOPES["engagement"]() if "engagement" in SCOPES else []
    return [choices.NONE, *((str(key), f"{words} ({reference})") for key, reference, words in found)]


class GrantForm(Form):
    """A role, where it holds, how far, from and until when."""

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
    entity = forms.ChoiceField(label=gettext_lazy("Entity"), choices=_entities, required=False, help_text=gettext_lazy("Where the role holds for one entity."))
    engagement = forms.ChoiceField(
        label=gettext_lazy("Engagement"), choices=_engagements, required=False, help_text=gettext_lazy("Where the role holds for one engagement.")
    )
    scope_field = forms.ChoiceField(
        label=gettext_lazy("Service"),
        choices=lambda: [choices.NONE, *choices.services()],
        required=False,
        help_text=gettext_lazy("Where the role holds for one service."),
    )
    limit_amount = forms.DecimalField(label=gettext_lazy("Up to an amount of"), min_value=0, decimal_places=2, max_digits=14, required=False)
    limit_currency = forms.ChoiceField(label=gettext_lazy("in the currency"), choices=lambda: [choices.NONE, *choices.currencies()], required=False)
    since = Day(label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Left empty: from now on."))
    until = Day(label=gettext_lazy("Until (that day not included)"), required=False)

    def clean(self) -> dict[str, Any]:
        """What was chosen for another scope is no mistake."""
        cleaned = super().clean() or {}
        for scope, field in (("entity", "entity"), ("engagement", "engagement"), ("field", "scope_field")):
            if cleaned.get("scope") != scope:
                cleaned[field] = ""
            elif not cleaned.get(field) and field not in self.errors:
                self.add_error(field, _("Choose which."))
        return cleaned


def values(request: HttpRequest, given: dict[str, Any]) -> dict[str, Any]:
    """A filled form as the action's input: one key for the scope, and days as instants on the organization's clock."""
    key = given.pop("entity", "") or given.pop("engagement", "")
    given.pop("engagement", None)
    days = {name: midnight(request, given.pop(name)) for name in ("since", "until") if given.get(name)}
    return given | days | ({"scope_id": key} if key else {})


def midnight(request: HttpRequest, day: date) -> datetime:
    """When a day begins on the clock of the organization's first site."""
    return datetime.combine(day, time(), zone(request_zone(request)))


def request_zone(request: HttpRequest) -> str:
    """The organization's zone, read in a transaction of its own where none is open."""
    if connection.in_atomic_block:
        return own_zone(request)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        return own_zone(request)
