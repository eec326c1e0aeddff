"""Everybody who works here, and one person."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from remit.apps.organizations import door
from remit.apps.organizations.acting import Action
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Membership, Organization, User
from remit.apps.organizations.roles import role_for
from remit.apps.organizations.views.forms import Form, send
from remit.apps.organizations.views.organization import TABS, own_zone
from remit.apps.people import actions, gate
from remit.apps.people.models import Person, Persons
from remit.apps.people.views import forms
from remit.apps.people.views.showing import LEVELS, LOOKS, Shown, credentials, service_words, timeline, urgency
from remit.apps.records.context import reading
from remit.domain.gate import Proof
from remit.domain.money import Money

KEEPERS = ("administrator", "manager")
COST_READERS = ("manager",)
"""Who staffs for the whole organization; what people cost is closed to everybody else but themselves, administrators too."""


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page about people, under the organization's tabs."""
    tabs = [{"name": name, "text": text, "current": name == "people"} for name, text in TABS]
    return render(request, f"people/{template}.html", {"tabs": tabs, "zone": own_zone(request), **context})


def employed(request: HttpRequest) -> Persons:
    """Those who work for the acting organization now; a member's own person may be read, and work, elsewhere."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    here = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, person_id__isnull=False)
    return Person.objects.filter(id__in=here.values("person_id"))


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, organization: str) -> HttpResponse:
    """Everybody who works here, those first whose credentials run out; and the form for one more."""

    def make(data: Any = None) -> forms.PersonForm:
        return forms.PersonForm(data, organization=request.by.organization)  # type: ignore[attr-defined]

    if request.method == "POST":
        return send(
            request,
            make,
            actions.add_person,
            show=lambda form: _people(request, form),
            then=lambda done: door.at(request, "person", done.reference),
            values=lambda given: {"email": "", "services": [], "roles": []} | given,
            says=_("The person is added. What else is known of them is asked for when an act first needs it."),
        )
    return _people(request)


def _begun(request: HttpRequest, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What the form for one more person begins with: whoever is at it, until they are among the people; services as with the one placed last."""
    by, user = request.by, request.user  # type: ignore[attr-defined]
    placed = max((row["placed"] for row in rows if row["placed"]), key=lambda each: each.id, default=None)
    begun: dict[str, Any] = {"services": placed.services} if placed else {}
    if by.person is None and isinstance(user, User) and user.email.lower() not in {row["person"].email.lower() for row in rows}:
        begun |= {"name": by.name, "email": user.email, "level": 3}
    return begun


def _people(request: HttpRequest, form: Form | None = None) -> HttpResponse:
    at = request.at  # type: ignore[attr-defined]
    rows: list[dict[str, Any]] = []
    for person in employed(request).for_facts().order_by("name"):
        placed, shown = person.placed_on(at.date()), credentials(person, at)
        rows.append(
            {
                "person": person,
                "placed": placed,
                "level": LEVELS.get(placed.level) if placed else None,
                "services": service_words(placed.services) if placed else [],
                "credentials": shown,
                "languages": sorted(person.languages.all(), key=lambda each: each.language),
            }
        )
    rows.sort(key=lambda row: urgency(row["credentials"]))
    every: list[Shown] = [shown for row in rows for shown in row["credentials"]]
    expiring = sum(shown.proof is Proof.EXPIRING for shown in every)
    if form is None:
        form = forms.PersonForm(organization=request.by.organization, initial=_begun(request, rows))  # type: ignore[attr-defined]
    assert isinstance(form, forms.PersonForm)
    return page(request, "people", {"people": rows, "expiring": expiring, "form": form, "ready": bool(form.sites)})


def one(request: HttpRequest, reference: str) -> Person:
    """A person who works here, with all that is known of them; else 404."""
    found = employed(request).filter(reference=reference).for_facts().select_related("operator").first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD"])
def person(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """One person: placing, credentials, languages, programs, years, walls."""
    return show(request, one(request, reference))


def show(request: HttpRequest, who: Person, **again: Form) -> HttpResponse:
    """The page of a person; `again` are forms that came back with errors, by their names."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    # What someone costs and whom they may not serve is for those who staff them, and for themselves.
    may_keep = may(request).allows(actions.describe_person)
    may_see = by.person == who.id or role_for(by, at, KEEPERS, {}) in KEEPERS
    may_see_cost = by.person == who.id or role_for(by, at, COST_READERS, {}) in COST_READERS
    placed, shown = who.placed_on(at.date()), credentials(who, at)
    walls = sorted(who.walls.all(), key=lambda wall: (wall.until is not None, -wall.since.timestamp()))
    named = dict(Organization.objects.filter(pk__in={wall.against for wall in walls}).values_list("pk", "name"))
    languages = {each.language: each.level for each in who.languages.all()}
    experience = sorted(who.experiences.all(), key=lambda each: each.since)
    described = {
        "languages": ", ".join(f"{code} {level}" for code, level in sorted(languages.items())),
        "software": ", ".join(each.name for each in who.softwares.all()),
        "experience": "\n".join(f"{each.service}: {each.since}" + (f" – {each.until}" if each.until else "") for each in experience),
    }
    degrees = sorted(who.degrees.all(), key=lambda each: (-each.isced_level, each.year))
    trainings = sorted(who.trainings.all(), key=lambda each: (each.code, each.valid_from))
    known = sorted(each.jurisdiction for each in who.knownlaws.all())
    described |= {
        "degrees": "\n".join(f"{each.isced_level} {each.field}: {', '.join(filter(None, (each.title, each.institution, str(each.year))))}" for each in degrees),
        "trainings": "\n".join(
            f"{each.code}{f' v{each.version}' if each.version else ''}: {each.valid_from}" + (f" – {each.valid_until}" if each.valid_until else "")
            for each in trainings
        ),
        "knows": ", ".join(known),
    }
    context = {
        "timeline": timeline(who, shown, at),
        "degrees": degrees,
        "trainings": [
            {"row": each, "holds": each.valid_from <= at.date() and (each.valid_until is None or at.date() < each.valid_until)} for each in trainings
        ],
        "known": known,
        "person": who,
        "may_keep": may_keep,
        "may_see": may_see,
        "placed": placed,
        "level": LEVELS.get(placed.level) if placed else None,
        "services": service_words(placed.services) if placed else [],
        "cost": Money(placed.cost_rate_per_hour, placed.cost_currency) if may_see_cost and placed and placed.cost_rate_per_hour is not None else None,
        "staff": sorted(who.staff.all(), key=lambda row: row.since, reverse=True),
        "credentials": shown,
        "looks": sorted(
            ({"row": look, "word": LOOKS[look.outcome]} for each in shown for look in each.row.verifications.all()),
            key=lambda look: look["row"].verified_at,
            reverse=True,
        ),
        "languages": sorted(languages.items()),
        "software": list(who.softwares.all()),
        "experience": [{"row": each, "service": service_words([each.service])[0]} for each in experience],
        "walls": [
            {
                "row": wall,
                "kind": forms.wall_kinds().get(wall.kind, wall.kind),
                "against": named.get(wall.against, _("a matter")),
                "in_force": wall.until is None or wall.until > at,
            }
            for wall in walls
        ],
        "describe_form": again.get("describe") or forms.DescribeForm(initial=described),
        "titles": gate.titles() if may_keep else (),
        "credential_form": again.get("credential") or forms.CredentialForm(),
        "verify_form": again.get("verify") or (forms.VerifyForm(person=who) if shown else None),
        "wall_form": again.get("wall") or forms.WallForm(),
        "place_form": again.get("place") or _place_form(request, who),
    }
    return page(request, "person", context)


def _place_form(request: HttpRequest, who: Person, data: Any = None) -> forms.PlaceForm:
    placed = who.placed_on(request.at.date())  # type: ignore[attr-defined]
    initial = {"site": placed.site_id, "level": placed.level, "services": placed.services} if placed else {}
    return forms.PlaceForm(data, organization=request.by.organization, initial=initial)  # type: ignore[attr-defined]


def _send(request: HttpRequest, reference: str, name: str, action: Action, says: str, **defaults: Any) -> HttpResponse:
    """One of the forms on a person's page."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        who = one(request, reference)

    def make(data: Any) -> Form:
        match name:
            case "verify":
                return forms.VerifyForm(data, person=who)
            case "place":
                return _place_form(request, who, data)
        return {"describe": forms.DescribeForm, "credential": forms.CredentialForm, "wall": forms.WallForm}[name](data)

    def values(given: dict[str, Any]) -> dict[str, Any]:
        if name == "wall" and "until" in given:
            given["until"] = datetime.combine(given["until"], time(), UTC)
        return defaults | given | ({} if name == "verify" else {"person": who.id})

    return send(
        request,
        make,
        action,
        show=lambda form: show(request, one(request, reference), **{name: form}),
        then=door.at(request, "person", reference),
        values=values,
        says=says,
    )


NOTHING: dict[str, Any] = {"languages": {}, "software": [], "experience": [], "degrees": [], "trainings": [], "knows": []}
"""What fields that are left empty say: nothing is on file, so that it is not known."""


@require_POST
def describe(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Languages, programs and years, stated anew."""
    return _send(request, reference, "describe", actions.describe_person, _("Stored."), **NOTHING)


@require_POST
def place(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Site, level, services or cost from a day on."""
    return _send(request, reference, "place", actions.place_person, _("Stored; it counts from its day on."), services=[])


@require_POST
def add_credential(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """A licence or membership, self-declared until somebody looks."""
    return _send(request, reference, "credential", actions.add_credential, _("It is on file as self-declared. Verify it against its register."))


@require_POST
def verify(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """A look at a credential."""
    return _send(request, reference, "verify", actions.verify_credential, _("The look is on file."))


@require_POST
def raise_wall(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """A bar between the person and a client or matter."""
    return _send(request, reference, "wall", actions.raise_wall, _("The wall stands from now on."))


@require_POST
def lift_wall(request: HttpRequest, organization: str, reference: str, wall: str) -> HttpResponse:
    """End a wall now."""
    return door.perform(request, actions.lift_wall, {"wall": wall}, then=door.at(request, "person", reference), says=_("The wall is lifted."))


@require_POST
def leave(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """The person works here no longer."""
    return door.perform(request, actions.end_employment, {"person": reference}, then=door.at(request, "people"), says=_("They work here no longer."))
