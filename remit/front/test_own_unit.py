"""The first own work without another party: an organization orders from a unit of its own, and one log-in acts for both, each side by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.models import Organization
from remit.apps.records.context import By, writing
from remit.front.seats import seats
from tests import world as worlds

if TYPE_CHECKING:
    from tests.world import World


def test_an_organization_does_its_own_work_through_its_unit(world: World) -> None:
    petra = world.by("petra")
    about = {
        "name": "Halden Services",
        "kinds": ["provider"],
        "country": "DE",
        "currency": "EUR",
        "email": "petra@halden.example",
        "person_name": "Petra Vogel",
    }
    made = world.do(petra, "register_organization", **about, parent=str(world.halden.key))
    assert petra.user
    seat = next(seat for seat in seats(petra.user, world.now) if seat.organization == made.id)
    unit = By(organization=seat.organization, door="page", user=petra.user, membership=seat.membership, name=seat.member_name)
    # A new organization asks who signs for a fresh proof; that is tried elsewhere.
    with writing(unit, world.now):
        Organization.objects.filter(pk=made.id).update(sign_factor="none")
    site = str(world.do(unit, "add_site", name="Ulm", country="DE", zone="Europe/Berlin", hours=worlds.OFFICE).id)
    for name, level in (("Anton Maier", 4), ("Berta Huber", 3)):
        person = str(world.do(unit, "add_person", name=name, email="", site=site, level=level, services=["bookkeeping"], since="2024-01-01").id)
        spell = [{"service": "bookkeeping", "since": "2012-01-01"}]
        world.do(unit, "describe_person", person=person, languages={"de": "C2"}, software=["DATEV"], experience=spell)
        licence = {"kind": "Bilanzbuchhalter", "issuer": "IHK Ulm", "jurisdiction": "DE", "valid_from": "2014-01-01"}
        held = world.do(unit, "add_credential", person=person, **licence)
        world.do(unit, "verify_credential", credential=str(held.id), source="Register of the chamber", seen="Name and number agree")
    lines = [{"service": "bookkeeping", "level": level, "basis": "hour", "price": "30"} for level in (1, 2, 3, 4)]
    world.do(unit, "publish_card", series="own", currency="EUR", valid_from="2026-01-01", lines=lines)
    world.do(unit, "designate", service="bookkeeping", country="DE", languages=["de"], site=site, series="own")
    world.do(unit, "publish_profiles")

    brief = worlds.briefed(world)
    world.do("petra", "draw_shortlist", brief=str(brief.id))
    award = world.do("petra", "award_brief", brief=str(brief.id), provider=str(made.id), reason="Our own unit, at cost.")
    agreement = str(world.do("petra", "draft_agreement", award=str(award.id)).id)
    contacts = [{"side": side, "name": "Petra Vogel"} for side in ("client", "provider")]
    answers = worlds.examples.load("bookkeeping", worlds.MONTH).entity
    answers = {code: value for code, value in answers.items() if code not in ("name", "currency", "country")}
    joining = [{"entity": str(world.entities["gmbh"]), "joins_on": "2026-10-01", "answers": answers}]
    world.do("petra", "settle_terms", agreement=agreement, tax_category="S", tax_rate="19", contacts=contacts, entities=joining)
    world.do("petra", "sign_agreement", agreement=agreement)
    assert world.refused("petra", "sign_agreement", agreement=agreement) == ("agreement.signed_twice",), "one side is not two"
    world.do(unit, "sign_agreement", agreement=agreement)
    engagement = world.one(unit, Engagement, agreement=agreement)
    assert (engagement.client_id, engagement.provider_id) == (world.halden.key, made.id)
    with world.see("maya"):
        assert not Engagement.objects.exists()
        assert Organization.objects.get(pk=made.id).parent_id == world.halden.key
