"""The first steps of a new organization, shown on its first page until they are done: a provider's whole way to the first pack, with what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from remit.apps.agreements.models import Agreement
from remit.apps.billing.models import Invoice
from remit.apps.organizations.factors import NEEDED, holds_second
from remit.apps.organizations.models import Designation, Entity, Membership, Organization, RateCard, Site
from remit.apps.people.models import Profile
from remit.apps.sourcing.models import Brief
from remit.apps.work.models import Acceptance, Assignment, GivenPack, KeptFile, WorkItem
from remit.front.needs import Desk

TWO = 2
"""Whoever prepares does not review: with fewer people nothing is handed over."""


@dataclass(frozen=True)
class Step:
    """One step: what, why, where, and whether it is done. One that `may_wait` keeps nobody from the rest. Without `url` its turn has not come."""

    title: str
    says: str
    url: str
    done: bool
    may_wait: bool = False
    brings: str = ""
    """Of which kind of file, where one may be brought right here."""


def first_steps(desk: Desk) -> list[Step]:
    """What is left, in order; empty once all is done, once the organization is at home here, and for those who may not do it."""
    if not desk.holds("administrator"):
        return []
    it = _counted(desk.by.organization)
    is_provider = "provider" in it.kinds
    if it.agreements > 1 or (it.agreements and not is_provider):
        return []
    steps = []
    if not it.has_site:
        steps.append(Step(_("Add a site"), _("Where people work from, in which hours; shared hours come from it."), desk.address("sites"), False))
    if {"client", "provider"} & set(it.kinds):
        statement = _("It is read and checked in a second, and kept as your first item. By the link it is checked and not kept.")
        steps.append(Step(_("Bring a bank statement"), statement, f"{reverse('pages:front')}#h-check", it.has_statement, brings="statement"))
    if "client" in it.kinds:
        steps += _as_client(desk, it)
    if is_provider:
        steps += _as_provider(desk, it)
    else:
        steps.append(_secured(desk, it))
    if is_provider and not it.agreements:
        steps += _to_be_found(desk, it)
    return [] if all(step.done or (step.may_wait and it.agreements) for step in steps) else steps


def _secured(desk: Desk, it: Any) -> Step:
    """A second factor; it comes before whatever is signed, unless the organization asks for less."""
    is_needed, is_done = it.sign_factor == "second", holds_second(desk.by.user)
    needed = _("Nobody signs, reviews or accepts without one; everybody sets up their own. Two minutes with your phone or this device.")
    wanted = _("Two minutes with your phone or this device; until then you sign by your password alone.")
    to = f"{reverse('account')}#second-factor" if is_done else f"{reverse('confirm')}?{urlencode({'next': desk.address('today'), 'need': NEEDED.code})}"
    return Step(_("Set up a second factor"), needed if is_needed else wanted, to, is_done, may_wait=not is_needed)


def _as_client(desk: Desk, it: Any) -> list[Step]:
    return [
        Step(
            _("Bring an entity"),
            _("The legal person whose books are worked on, with its bank accounts."),
            desk.address("entities"),
            it.has_entity,
        ),
        Step(_("Say what you need"), _("Assess a function, or start with a brief or a procurement notice."), desk.address("functions"), it.has_brief),
    ]


def _as_provider(desk: Desk, it: Any) -> list[Step]:
    """From the second person to the pack; each step leads to the page where it is done."""
    agreement = _one(desk)
    engagement = getattr(agreement, "engagement", None)
    item = WorkItem.objects.filter(engagement=engagement).select_related("period").order_by("created_at").first() if engagement else None
    period = item.period if item else None
    on_it = Assignment.objects.filter(item=item, ended_at=None).count() if item else 0
    accepted = bool(item) and Acceptance.objects.filter(deliverable__item=item, verdict="accepted").exists()
    invoiced = bool(period) and Invoice.objects.filter(period=period).exists()
    given = bool(period) and GivenPack.objects.filter(sealing__closing__period=period).exists()
    work = desk.address("item", item.reference) if item else ""
    return [
        Step(
            _("Add yourself and a second person"),
            _("Whoever prepares does not review. Tick a role, and they are invited by mail."),
            desk.address("people"),
            it.people >= TWO,
        ),
        Step(
            _("Say who you are on invoices"),
            _("Address and VAT id or register number; an invoice needs them."),
            desk.address("organization"),
            bool(it.vat_id or it.register_number),
        ),
        Step(
            _("Draft the agreement with a client that you have"),
            _("One page; whoever signs for it gets a link by mail and needs no log-in."),
            desk.address("agreement", agreement.reference) if agreement else desk.address("new_client"),
            agreement is not None,
        ),
        _secured(desk, it),
        Step(
            _("Both sides sign"),
            _("You on the agreement's page, the client by the mail."),
            desk.address("agreement", agreement.reference) if agreement else "",
            engagement is not None,
        ),
        Step(
            _("Open the first month"),
            _("Its papers, its times and its log begin."),
            desk.address("engagement", engagement.reference) if engagement else "",
            item is not None,
        ),
        Step(
            _("Put one person on the work and another on its review"),
            _("The gate says who may, and why; then invite the client's guest to bring papers and accept."),
            work,
            on_it >= TWO,
        ),
        Step(_("Have it done, reviewed and accepted"), _("Papers in, differences explained; the other passes it, the client accepts."), work, accepted),
        Step(
            _("Draw the invoice"),
            _("From what was accepted, at the prices agreed."),
            desk.address("invoice_draw", period.reference) if period and accepted else "",
            invoiced,
        ),
        Step(
            _("Have the month closed and pass the pack on"),
            _("The client's guest closes it; it is sealed, and anybody verifies the pack without you."),
            desk.address("period", period.reference) if period else "",
            given,
        ),
    ]


def _to_be_found(desk: Desk, it: Any) -> list[Step]:
    """For clients who look for a provider here; a client that one has needs none of it."""
    steps = (
        (_("Publish a rate card"), _("What each level costs, from a day on."), "cards", it.has_card),
        (_("Designate a service"), _("For which client countries, in which languages."), "offers", it.has_offer),
        (_("Show the market what your people can do"), _("Levels and credentials, never names."), "profiles", it.has_profile),
    )
    return [Step(title, says, desk.address(name), done, may_wait=True) for title, says, name, done in steps]


def _one(desk: Desk) -> Agreement | None:
    """The first agreement under which the organization works."""
    return Agreement.objects.filter(provider=desk.by.organization).select_related("engagement").order_by("drafted_at").first()


def _counted(key: Any) -> Any:
    own = {"organization": OuterRef("pk")}
    it: Any = Organization.objects.annotate(
        has_site=Exists(Site.objects.filter(**own)),
        has_entity=Exists(Entity.objects.filter(**own)),
        has_brief=Exists(Brief.objects.filter(**own)),
        has_statement=Exists(KeptFile.objects.filter(**own, kind="statement")),
        has_card=Exists(RateCard.objects.filter(**own)),
        has_offer=Exists(Designation.objects.filter(**own)),
        has_profile=Exists(Profile.objects.filter(**own, until=None)),
    ).get(pk=key)
    it.people = Membership.objects.filter(organization=key, person_id__isnull=False).values("person_id").distinct().count()
    it.agreements = Agreement.objects.filter(Q(client=key) | Q(provider=key)).count()
    return it
