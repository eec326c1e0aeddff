"""Who on our side reads an engagement and may do what there, and by which grant; who reads as guest; and opening it to a member."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.db.models import F, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations import actions, door
from remit.apps.organizations.acting import ACTIONS, NotFound
from remit.apps.organizations.models import Deputy, Grant, GuestLink, Membership
from remit.apps.organizations.roles import lacks
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Day, Form, send
from remit.apps.organizations.views.members import shown_members
from remit.apps.organizations.views.organization import own_zone
from remit.apps.organizations.views.scopes import Scopes, Shown, midnight, state_of
from remit.apps.records.context import reading
from remit.apps.records.models import Participation
from remit.domain.record.words import KINDS

HERE = {"engagement", "agreement", "period", "item", "deliverable", "paper", "request", "answer", "file"}
"""Parameters of actions by which they touch an engagement."""


@dataclass
class Reader:
    """A member who reads the engagement: by which grants, in which roles, and who acts for them meanwhile."""

    member: Membership
    grants: list[Shown]
    codes: list[str]
    """Of its roles here; `roles` are their words."""
    roles: list[str]
    acts: list[str]
    deputies: list[Deputy] = field(default_factory=list)

    @property
    def grouped(self) -> list[dict[str, Any]]:
        """Grants that differ by their role alone as one: its scope, the words of its roles, and one of them."""
        found: dict[Any, dict[str, Any]] = {}
        for grant in self.grants:
            alike = (grant.scope, grant.reference, grant.limit, grant.row.since, grant.row.until)
            found.setdefault(alike, {"scope": grant.scope, "words": [], "grant": grant})["words"].append(grant.word)
        return list(found.values())


def opens(grant: Grant, engagement: Engagement, entities: set[Any]) -> bool:
    """Whether a grant in force lets its holder read the engagement; personal matters are opened by one of the engagement or of its service alone."""
    match grant.scope:
        case "engagement":
            return grant.scope_id == engagement.id
        case "field":
            return grant.scope_field == engagement.agreement.service
        case "entity":
            return grant.scope_id in entities and not engagement.agreement.personal
    return not engagement.agreement.personal


def readers(request: HttpRequest, engagement: Engagement) -> tuple[list[Reader], int]:
    """Members of the acting organization who read it now, by name, and how many read nothing of it."""
    at = request.at  # type: ignore[attr-defined]
    entities = set(AgreedEntity.objects.filter(agreement=engagement.agreement_id).values_list("entity_id", flat=True))
    members = shown_members(request).filter(Q(until=None) | Q(until__gt=at), since__lte=at).order_by("name")
    now = Deputy.objects.filter(since__lte=at, until__gt=at, ended_at=None).select_related("deputy")
    scopes, found, others = Scopes(), [], 0
    for member in members.prefetch_related("grants", Prefetch("deputies", now)):
        held = [grant for grant in member.grants.all() if state_of(grant, at) == "in_force"]
        opening = [grant for grant in held if opens(grant, engagement, entities)]
        if not opening:
            others += 1
            continue
        # Whoever reads it may use a role for the whole organization here, too.
        counting = [grant for grant in held if grant in opening or grant.scope == "organization"]
        roles = list(dict.fromkeys(grant.role for grant in counting))
        words = [choices.role_word(role) for role in roles]
        found.append(Reader(member, scopes.shown(opening, at), roles, words, acts_of(roles), list(member.deputies.all())))
    return found, others


def acts_of(roles: Iterable[str]) -> list[str]:
    """What these roles let somebody do within an engagement, in the record's words."""
    held = set(roles)
    may = (each for each in ACTIONS.values() if each.roles and held & set(each.roles) and HERE & set(each.input.model_fields))
    return sorted({KINDS.get(each.kind, each.kind) for each in may})


class OpenForm(Form):
    """Who is let in, as what, and until when."""

    membership = forms.ChoiceField(label=gettext_lazy("Member"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=choices.roles, initial="reader")
    until = Day(label=gettext_lazy("Until (that day not included)"), required=False)

    def __init__(self, *arguments: Any, members: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["membership"].choices = members  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def access(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Who reads and does what here, and why; open it to a further member."""
    if request.method != "POST":
        return _page(request, reference, None)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        key = engagement_of(reference).id

    def values(given: dict[str, Any]) -> dict[str, Any]:
        until = {"until": midnight(request, given["until"])} if "until" in given else {}
        return given | until | {"scope": "engagement", "scope_id": key}

    return send(
        request,
        lambda data: OpenForm(data, members=_members(request)),
        actions.grant_role,
        show=lambda form: _page(request, reference, form),
        then=door.at(request, "access", reference),
        values=values,
        says=_("The role is granted."),
    )


def _members(request: HttpRequest) -> list[tuple[str, str]]:
    at = request.at  # type: ignore[attr-defined]
    found = shown_members(request).filter(Q(until=None) | Q(until__gt=at), since__lte=at)
    return [(str(row.id), row.name) for row in found.order_by("name")]


def engagement_of(reference: str) -> Engagement:
    """The engagement of that reference; NotFound where it is not to be seen."""
    found = Engagement.objects.select_related("agreement", "client", "provider").filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found


def _page(request: HttpRequest, reference: str, form: Form | None) -> HttpResponse:
    by, at = request.by, request.at  # type: ignore[attr-defined]
    found = engagement_of(reference)
    ours, others = readers(request, found)
    granting = ("administrator", "signatory") if found.agreement.personal else ("administrator",)
    context = {
        "engagement": found,
        "readers": ours,
        "others": others,
        "parties": _parties(found, at),
        "guests": GuestLink.objects.filter(audience=found.audience_id, revoked_at=None, expires_at__gt=datetime.now(UTC))
        .select_related("organization")
        .order_by("name"),
        "may_grant": lacks(by, at, granting, engagement=found.id, service=found.agreement.service) is None,
        "form": form or OpenForm(members=_members(request)),
        "zone": own_zone(request),
    }
    return render(request, "agreements/access.html", context)


def _parties(found: Engagement, at: datetime) -> list[Any]:
    rows = Participation.objects.filter(Q(until=None) | Q(until__gt=at), audience=found.audience_id, since__lte=at)
    return list(rows.order_by("since").values("role", "since", "until", name=F("tenant__organization__name")))
