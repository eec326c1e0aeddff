"""A month that was opened again is accepted again, and charged for once."""

from __future__ import annotations

import pytest

from remit.apps.billing import drawing
from remit.apps.work.models import Period
from tests import world as worlds

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(scope="module")
def world(database: str) -> worlds.World:
    return worlds.build()


def accept_again(world: worlds.World, item: str) -> None:
    world.do("petra", "reopen_item", item=item, says="Wrong", category="unclear", cause="preparation", found_by="client")
    made = world.do("elena", "hand_in", item=item)
    world.do("arun", "review", deliverable=str(made.id), verdict="passed")
    world.do("jonas", "accept", deliverable=str(made.id))


def unbilled(world: worlds.World) -> list[str]:
    with world.see("maya"):
        return [period.reference for period in drawing.unbilled(world.rila.key)]


def test_what_was_billed_stands_and_the_correction_is_not_charged_for(world: worlds.World) -> None:
    item = worlds.opened(world)
    period, _invoice = worlds.closed(world, item)
    world.do("petra", "reopen_period", period=str(period), reason="An explanation is to be corrected.")
    accept_again(world, str(item.id))
    assert unbilled(world) == []
    with world.see("maya"):
        found = Period.objects.select_related("engagement__agreement", "entity").get(id=period)
        works = drawing.works(found)
        assert {work.id for work in works} == drawing.billed({made for _, made in found_acceptances(period)})
    assert "billing.already_billed" in world.refused("maya", "draw_invoice", period=str(period))
    with world.clock():
        assert found.reference not in world.browser("maya").get(world.path("maya", "invoices/")).content.decode().split("<table")[0]


def test_accepted_twice_before_the_invoice_the_newest_is_billed(world: worlds.World) -> None:
    entity = world.do(
        "petra", "add_entity", name="Halden Optik GmbH", country="DE", currency="EUR", zone="Europe/Berlin", subdivision="BY", register_number="HRB 2",
        vat_id="DE136695976", street="Lindwurmstraße 88", city="München", postcode="80337", ibans=[],
    ).id  # fmt: skip
    item = worlds.opened(world, worlds.signed(world, more=(entity,)))
    first = worlds.accepted(world, item)
    world.do("petra", "close_period", period=str(item.period_id))
    world.do("petra", "reopen_period", period=str(item.period_id), reason="Before the invoice.")
    accept_again(world, str(item.id))
    assert len(unbilled(world)) == 1
    world.do("maya", "draw_invoice", period=str(item.period_id))
    assert unbilled(world) == []
    accepted = found_acceptances(item.period_id, world)
    billed = {acceptance for deliverable, acceptance in accepted if deliverable != first.id}
    with world.see("maya"):
        held = drawing.billed({acceptance for _, acceptance in accepted})
    assert held
    assert {work.split(":")[0] for work in held} == {str(acceptance) for acceptance in billed}


def found_acceptances(period, world=None):  # type: ignore[no-untyped-def]
    """(deliverable, acceptance) of a period's items."""
    from contextlib import nullcontext

    from remit.apps.work.models import Acceptance

    with world.see("maya") if world else nullcontext():
        return list(Acceptance.objects.filter(deliverable__item__period=period).values_list("deliverable_id", "id"))
