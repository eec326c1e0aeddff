"""A limit of amount holds wherever an amount is known: award, signature, price, acceptance, invoice; and the refusal says how much, the limit and who may."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from remit.apps.organizations.acting import Refused
from remit.apps.records.models import Entry
from remit.apps.work.models import WorkItem
from remit.domain.money import Money
from tests import world as worlds

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def limited(world: World) -> World:
    """Cleo signs and approves for Halden, Dora bills and signs for Rila, each up to one euro."""
    for house, chief, seat, roles in (("halden", "petra", "cleo", ("signatory", "approver")), ("rila", "maya", "dora", ("biller", "signatory"))):
        worlds._member(world, house, chief, seat, seat.title(), ())
        for role in roles:
            world.do(chief, "grant_role", membership=str(world.by(seat).membership), role=role, limit_amount="1", limit_currency="EUR")
    return world


def refused(world: World, seat: str, action: str, **values: Any) -> tuple[Money, Money, str]:
    """(amount, limit, who may) of the one reason."""
    result = world.act(seat, action, **values)
    assert isinstance(result, Refused)
    (reason,) = result.reasons
    assert reason.code == "role.over_limit"
    assert reason.cure is not None
    with world.see(seat):
        kept = Entry.objects.select_related("audience").get(id=result.entry)
        assert kept.audience.kind == "own", "limits and who holds them are the house's own business"
    return reason.values["amount"], reason.values["limit"], ", ".join(reason.cure.values.get("names", [reason.cure.code]))


def test_each_act_with_an_amount_asks_for_the_limit(limited: World) -> None:
    world = limited
    one = Money(Decimal(1), "EUR")
    brief, _drawn = worlds.shortlisted(world)
    award = {"brief": str(brief.id), "provider": str(world.rila.key), "reason": "They know us."}
    year = Money(Decimal("48960.00"), "EUR")
    assert refused(world, "cleo", "award_brief", **award) == (year, one, "Jonas Weber, Petra Vogel")
    draft = worlds.drawn_up(world, world.do("petra", "award_brief", **award))
    assert refused(world, "cleo", "sign_agreement", agreement=draft) == (year, one, "Petra Vogel")
    assert refused(world, "dora", "sign_agreement", agreement=draft) == (year, one, "Maya Dimitrova")
    engagement = worlds.both_signed(world, draft)
    raised = {"agreement": draft, "level": 2, "basis": "hour", "price": "40", "valid_from": "2027-06-01"}
    assert refused(world, "cleo", "agree_price", **raised)[0] == Money(Decimal("57600.00"), "EUR")
    made = worlds.reviewed(world, worlds.opened(world, engagement))
    amount, limit, who = refused(world, "cleo", "accept", deliverable=str(made.id))
    assert (limit, who) == (one, "Jonas Weber, Petra Vogel")
    assert world.do("cleo", "accept", deliverable=str(made.id), verdict="returned", note="Once more.")
    world.do("elena", "hand_in", item=str(made.item_id))
    again = world.one("elena", type(made), item=made.item_id, number=2)
    world.do("arun", "review", deliverable=str(again.id), verdict="passed")
    world.do("jonas", "accept", deliverable=str(again.id))
    period = str(world.one("maya", WorkItem, id=made.item_id).period_id)
    net, limit, who = refused(world, "dora", "draw_invoice", period=period)
    assert (net, limit, who) == (amount, one, "Maya Dimitrova"), "what was accepted is what is billed"
    assert world.do("maya", "draw_invoice", period=period)


def test_where_nobody_may_an_administrator_is_named(limited: World) -> None:
    from remit.apps.organizations.roles import RAISE, over_limit

    with limited.see("dora"):
        reason = over_limit(limited.by("dora"), limited.now, ("biller",), Money(Decimal(5), "GBP"))
        assert reason is not None
        assert reason.values["limit"] == Money(Decimal(1), "EUR"), "no rate is invented for another currency"
        assert over_limit(limited.by("dora"), limited.now, ("biller",), Money(Decimal(1), "EUR")) is None
        assert over_limit(limited.by("dora"), limited.now, ("biller",), None) is None
    limited.do("maya", "grant_role", membership=str(limited.by("maya").membership), role="biller", limit_amount="9", limit_currency="EUR")
    unlimited = [grant for grant in grants(limited) if grant.limit_amount is None]
    for grant in unlimited:
        limited.do("maya", "end_role", grant=str(grant.id))
    with limited.see("dora"):
        reason = over_limit(limited.by("dora"), limited.now, ("biller",), Money(Decimal(10), "EUR"))
    assert reason is not None
    assert reason.cure == RAISE()


def grants(world: World) -> list[Any]:
    from remit.apps.organizations.models import Grant

    with world.see("maya"):
        return list(Grant.objects.filter(membership=world.by("maya").membership, role="biller", until=None))
