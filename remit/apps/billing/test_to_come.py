"""Bills to come on the page of a month: what will be drawn, to the cent, for those who are shown prices, and nothing once it is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from remit.domain.money import Money

if TYPE_CHECKING:
    from tests.world import World


def page(world: World, seat: str, reference: str) -> str:
    with world.clock():
        answer = world.browser(seat).get(world.path(seat, f"periods/{reference}/"))
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def come(world: World, seat: str, periods: Sequence[Any]) -> dict[Any, Any]:
    from remit.apps.organizations.may import May
    from remit.apps.work.bills import bills_to_come

    with world.see(seat):
        return bills_to_come(May(world.by(seat), world.now), list(periods))


def test_what_is_to_come_is_what_is_drawn(world: World) -> None:
    from remit.apps.billing.models import Invoice
    from remit.apps.work.models import Period
    from tests import world as worlds

    item = worlds.opened(world)
    with world.see("maya"):
        month = Period.objects.select_related("engagement__agreement", "entity").get(id=item.period_id)
    assert come(world, "maya", [month])[month.id].amount is None
    assert "No bill to come yet" in page(world, "petra", month.reference)
    worlds.accepted(world, item)
    bill = come(world, "maya", [month])[month.id]
    assert bill.off_card == 0
    assert come(world, "petra", [month])[month.id] == bill
    # Who does the work is not shown what it is sold for.
    assert come(world, "elena", [month]) == {}
    assert "Bills to come" not in page(world, "elena", month.reference)
    said = page(world, "petra", month.reference)
    assert "Bills to come, so far:" in said
    assert f"by card {bill.card}." in said
    drawn = world.do("maya", "draw_invoice", period=str(month.id))
    invoice = world.one("maya", Invoice, id=drawn.id)
    assert bill.amount == Money(invoice.net, invoice.currency)
    assert come(world, "maya", [month])[month.id].amount is None
    assert "No bill to come yet" in page(world, "petra", month.reference)


def test_closing_says_what_it_locks_and_what_is_still_to_come(world: World) -> None:
    from remit.apps.work.models import Period
    from tests import world as worlds

    item = worlds.opened(world)
    month = world.one("maya", Period, id=item.period_id)
    said = page(world, "petra", month.reference)
    assert "Lock one item" in said
    assert "Still to come, not blocking" in said
    assert "Arun Iyer reviews" in said
    assert "Petra Vogel accepts" in said
    assert "Hand on to the next month" not in said
    worlds.accepted(world, item)
    said = page(world, "petra", month.reference)
    assert "Still to come" not in said
    assert "Hand on to the next month" in said
    assert "October 2026 is ready to close" in said
    assert "Close Halden Instruments GmbH" in said
    assert "Closing takes the role" not in said
    assert "Closing takes the role" in page(world, "rita", month.reference)


def test_months_of_one_agreement_are_priced_in_a_fixed_number_of_queries(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from remit.apps.organizations.may import May
    from remit.apps.work.bills import bills_to_come
    from remit.apps.work.models import Period
    from tests import world as worlds

    second = world.do("petra", "add_entity", name="Halden Services GmbH", country="DE", currency="EUR", zone="Europe/Berlin", vat_id="DE811569869").id
    engagement = worlds.signed(world, more=(second,))
    for entity in (world.entities["gmbh"], second):
        worlds.accepted(world, worlds.opened(world, engagement, entity))
    with world.see("maya"):
        rows = list(Period.objects.filter(engagement=engagement).select_related("engagement__agreement", "entity"))
        asked = []
        for months in (rows[:1], rows):
            here = May(world.by("maya"), world.now)
            with CaptureQueriesContext(connection) as queries:
                assert len([bill for bill in bills_to_come(here, months).values() if bill.amount]) == len(months)
            asked.append(len(queries))
    # The second asks no more than the first: the lines of the agreement are read already.
    assert asked[1] <= asked[0] <= 8, asked
