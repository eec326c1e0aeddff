"""The first steps of a new organization, shown on its first page until they are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from remit.apps.agreements.models import Agreement
from remit.apps.organizations.factors import holds_second
from remit.apps.organizations.models import Designation, Entity, Membership, Organization, RateCard, Site
from remit.apps.people.models import Profile
from remit.apps.sourcing.models import Brief
from remit.apps.work.models import KeptFile
from remit.front.needs import Desk


@dataclass(frozen=True)
class Step:
    """One step: what, why, where, and whether it is done."""

    title: str
    says: str
    url: str
    done: bool


def first_steps(desk: Desk) -> list[Step]:
    """What is left, in order; empty once all is done, or once the organization is a side of an agreement, and for those who may not do it."""
    if not desk.holds("administrator"):
        return []
    it = _counted(desk.by.organization)
    steps = [Step(_("Add a site"), _("Where people work from, in which hours; shared hours come from it."), desk.address("sites"), it.has_site)]
    if "client" in it.kinds:
        steps += [
            Step(
                _("Bring an entity"),
                _("The legal person whose books are worked on, with its bank accounts."),
                desk.address("entities"),
                it.has_entity,
            ),
            Step(_("Say what you need"), _("Assess a function, or start with a brief or a procurement notice."), desk.address("functions"), it.has_brief),
        ]
    if {"client", "provider"} & set(it.kinds):
        statement = _("It is read and checked in a second, and kept as your first item if you say so.")
        steps.append(Step(_("Bring a bank statement"), statement, f"{reverse('pages:front')}#h-check", it.has_statement))
    if "provider" in it.kinds:
        steps += [
            Step(_("Add your people"), _("Five columns are enough to begin with."), desk.address("people"), it.has_people),
            Step(_("Publish a rate card"), _("What each level costs, from a day on."), desk.address("cards"), it.has_card),
            Step(_("Designate a service"), _("For which client countries, in which languages."), desk.address("offers"), it.has_offer),
            Step(_("Show the market what your people can do"), _("Levels and credentials, never names."), desk.address("profiles"), it.has_profile),
        ]
    secure = Step(
        _("Set up a second factor"),
        _("Two minutes with your phone or this device; until then you sign by your password alone."),
        f"{reverse('account')}#second-factor",
        holds_second(desk.by.user),
    )
    steps.append(secure)
    return [] if it.has_agreement or all(step.done for step in steps) else steps


def _counted(key: Any) -> Any:
    own = {"organization": OuterRef("pk")}
    return Organization.objects.annotate(
        has_site=Exists(Site.objects.filter(**own)),
        has_entity=Exists(Entity.objects.filter(**own)),
        has_brief=Exists(Brief.objects.filter(**own)),
        has_statement=Exists(KeptFile.objects.filter(**own, kind="statement")),
        has_people=Exists(Membership.objects.filter(**own, person_id__isnull=False)),
        has_card=Exists(RateCard.objects.filter(**own)),
        has_offer=Exists(Designation.objects.filter(**own)),
        has_profile=Exists(Profile.objects.filter(**own, until=None)),
        has_agreement=Exists(Agreement.objects.filter(client=OuterRef("pk"))) | Exists(Agreement.objects.filter(provider=OuterRef("pk"))),
    ).get(pk=key)
