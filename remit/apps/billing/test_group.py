"""One invoice for a group: lines by entity, each work billed once whichever way, and entities that join and leave by date."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from remit.apps.billing.test_invoices import at_once, text_of
from remit.domain.money import Money

if TYPE_CHECKING:
    from tests.world import World

SECOND = "Halden Services GmbH"


@pytest.fixture(scope="module")
def group(world: World) -> World:
    """October of two entities, accepted; the agreement bills the group, to the German company."""
    from tests.world import accepted, both_signed, drawn_up, opened

    world.entities["second"] = world.do("petra", "add_entity", name=SECOND, country="DE", currency="EUR", zone="Europe/Berlin", vat_id="DE811569869").id
    agreement = drawn_up(world, more=(world.entities["second"],))
    world.do("petra", "settle_terms", agreement=agreement, billing="group", billed_to=str(world.entities["gmbh"]))
    engagement = both_signed(world, agreement)
    for name in ("gmbh", "second"):
        accepted(world, opened(world, engagement, world.entities[name]))
    return world


def running(world: World) -> UUID:
    from remit.apps.agreements.models import Engagement

    found: UUID = world.one("maya", Engagement).id
    return found


def month_of(world: World, entity: str) -> Any:
    from remit.apps.work.models import Period

    return world.one("maya", Period, entity__entity_id=world.entities[entity])


def draw(world: World, **more: Any) -> dict[str, Any]:
    return {"engagement": str(running(world)), "month": "2026-10-01"} | more


def test_only_an_entity_under_the_agreement_gets_the_group_s_invoices(world: World, group: World) -> None:
    from remit.apps.organizations.acting import BadInput
    from tests.world import awarded, drawn_up

    other = drawn_up(group, awarded(group))
    for buyer in (None, str(group.entities["second"])):
        with pytest.raises(BadInput) as said:
            group.act("petra", "settle_terms", agreement=other, billing="group", billed_to=buyer)
        assert said.value.errors["billed_to"][0].code == "agreement.buyer"


def test_no_month_of_a_group_is_billed_by_itself(group: World) -> None:
    assert group.refused("maya", "draw_invoice", period=str(month_of(group, "gmbh").id)) == ("billing.group",)


def test_nobody_but_the_provider_draws_it_and_only_for_a_month_that_is_open(group: World) -> None:
    from remit.apps.organizations.acting import NotFound

    assert group.refused("petra", "draw_group_invoice", **draw(group)) == ("billing.provider",)
    for given in (draw(group, month="2026-09-01"), draw(group, engagement=str(group.halden.key))):
        with pytest.raises(NotFound):
            group.act("maya", "draw_group_invoice", **given)


def test_the_page_shows_it_once_with_what_each_entity_comes_to(group: World) -> None:
    from remit.apps.agreements.models import Engagement

    reference = group.one("maya", Engagement).reference
    with group.clock():
        browser, page = group.browser("maya"), group.path("maya", f"invoices/draw/group/{reference}/2026-10/")
        assert browser.get(group.path("maya", "invoices/")).content.decode().count(page) == 1
        shown = text_of(browser.get(page))
        assert "By entity, without tax" in shown
        assert SECOND in shown
        for wrong in (f"{reference}/2026-13/", f"{reference}/2026-09/", "EG-0000-0000/2026-10/"):
            assert browser.get(group.path("maya", f"invoices/draw/group/{wrong}")).status_code == 404
        assert group.browser("petra").get(group.path("petra", f"invoices/draw/group/{reference}/2026-10/")).status_code == 404


def test_two_writers_draw_it_once_and_it_holds_what_two_invoices_would_have_held(group: World) -> None:
    from remit.apps.billing.models import Invoice, InvoiceLine
    from remit.apps.billing.tracing import whole
    from remit.apps.organizations.acting import Done, Refused
    from remit.apps.records.models import Entry
    from remit.domain.invoicing import subtotals
    from remit.domain.record import statement

    given = draw(group)
    results = at_once(*[lambda: group.act("maya", "draw_group_invoice", **given)] * 2)
    assert {type(result) for result in results} == {Done, Refused}
    with group.see("maya"):
        (invoice,) = Invoice.objects.all()
        assert invoice.period is None
        assert invoice.month.isoformat() == "2026-10-01"
        held = whole(invoice)
        parts = dict(subtotals(held))
        assert set(parts) == {"Halden Instruments GmbH", SECOND}
        assert len(set(parts.values())) == 1, "the same month twice costs the same"
        assert Money.total(parts.values(), "EUR") == held.net
        assert held.buyer.name == "Halden Instruments GmbH"
        works = list(InvoiceLine.objects.values_list("work", flat=True))
        assert len(works) == len(set(works)) > 2
        said = [statement.decode(bytes(entry.statement)) for entry in Entry.objects.filter(kind="invoice.drawn", outcome="allowed")]
        assert {each.within.id for each in said if each.within} == {month_of_seen(group, name) for name in ("gmbh", "second")}
    assert group.refused("maya", "draw_group_invoice", **given)[0] in ("billing.nothing", "billing.already_billed")


def month_of_seen(world: World, name: str) -> UUID:
    from remit.apps.work.models import Period

    found: UUID = Period.objects.get(entity__entity_id=world.entities[name]).id
    return found


def test_its_paper_and_its_page_show_both_entities(group: World) -> None:
    from remit.apps.billing.models import Invoice

    number = group.one("maya", Invoice).number
    with group.clock():
        for seat in ("maya", "petra"):
            shown = text_of(group.browser(seat).get(group.path(seat, f"invoices/{number}/")))
            assert "By entity, without tax" in shown
            assert "Invoice for October 2026" in shown
            assert "the group" in text_of(group.browser(seat).get(group.path(seat, "invoices/")))


def test_an_entity_joins_from_a_day_and_leaves_on_one(group: World) -> None:
    from remit.apps.agreements.models import AgreedEntity, Engagement
    from remit.apps.organizations.acting import BadInput, NotFound

    third = group.do("petra", "add_entity", name="Halden Software GmbH", country="DE", currency="EUR", zone="Europe/Berlin").id
    answers = group.one("maya", AgreedEntity, agreement__engagement=running(group), entity_id=group.entities["gmbh"]).answers
    joining = {"entity": str(third), "joins_on": "2026-12-01", "answers": answers}
    with pytest.raises(NotFound):
        group.act("maya", "join_entity", engagement=str(running(group)), joining=joining)
    assert group.refused("jonas", "join_entity", engagement=str(running(group)), joining=joining) == ("role.missing",)
    for wrong, code in (
        (joining | {"joins_on": "2026-01-01"}, "entity.before_term"),
        (joining | {"answers": {}}, "entity.unanswered"),
        (joining | {"entity": str(group.entities["gmbh"])}, "entity.twice"),
        (joining | {"leaves_on": "2026-11-01"}, "entity.leaves_before"),
    ):
        with pytest.raises(BadInput) as said:
            group.act("petra", "join_entity", engagement=str(running(group)), joining=wrong)
        assert [reason.code for reasons in said.value.errors.values() for reason in reasons] == [code]
    made = group.do("petra", "join_entity", engagement=str(running(group)), joining=joining | {"tax_category": "S", "tax_rate": "19"})
    with pytest.raises(BadInput) as said:
        group.act("maya", "open_period", engagement=str(running(group)), entity=str(made.id), month="2026-11-01")
    assert said.value.errors["month"][0].code == "period.entity"
    with pytest.raises(BadInput):
        group.act("petra", "leave_entity", entity=str(made.id), leaves_on="2026-12-01")
    group.do("maya", "leave_entity", entity=str(made.id), leaves_on="2027-01-01")
    group.do("maya", "open_period", engagement=str(running(group)), entity=str(made.id), month="2026-12-01")
    reference = group.one("maya", Engagement).reference
    with group.clock():
        pages = {month: group.path("maya", f"invoices/draw/group/{reference}/{month}/") for month in ("2026-10", "2026-12")}
        told = {month: text_of(group.browser("maya").get(page)) for month, page in pages.items()}
    assert "What was agreed for Halden Software GmbH holds for invoices of their own only." in told["2026-12"]
    assert "invoices of their own only" not in told["2026-10"]
    with pytest.raises(BadInput):
        group.act("maya", "open_period", engagement=str(running(group)), entity=str(made.id), month="2027-01-01")
    with pytest.raises(NotFound):
        group.act("olga", "leave_entity", entity=str(made.id), leaves_on="2027-02-01")


def test_that_an_entity_leaves_is_withdrawn_by_whoever_said_so_until_the_day_comes(group: World) -> None:
    from remit.apps.agreements.models import AgreedEntity
    from remit.apps.organizations.acting import BadInput, NotFound
    from remit.apps.records.models import Entry

    made = str(group.one("maya", AgreedEntity, agreement__engagement=running(group), name="Halden Software GmbH").id)

    def refused(seat: str, act: str, **given: str) -> str:
        with pytest.raises(BadInput) as said:
            group.act(seat, act, entity=made, **given)
        (reason,) = (reason for reasons in said.value.errors.values() for reason in reasons)
        return reason.code

    assert refused("petra", "keep_entity") == "entity.leave_told_by_other"
    assert refused("maya", "leave_entity", leaves_on="2027-03-01") == "entity.leaves_already"
    with pytest.raises(NotFound):
        group.act("olga", "keep_entity", entity=made)
    now, group.now = group.now, datetime(2027, 1, 1, 12, tzinfo=UTC)
    assert refused("maya", "keep_entity") == "entity.left_already"
    group.now = now
    group.do("maya", "keep_entity", entity=made)
    assert group.one("maya", AgreedEntity, id=made).leaves_on is None
    with group.see("petra"):
        assert Entry.objects.filter(kind="entity.stays", object_id=made).count() == 1
    assert refused("maya", "keep_entity") == "entity.stays_already"
    group.do("petra", "leave_entity", entity=made, leaves_on="2027-04-01")
    first = group.one("maya", AgreedEntity, id=made)
    again = {"entity": str(first.entity_id), "joins_on": "2027-05-01", "leaves_on": "2027-08-01", "answers": first.answers}
    joined = group.do("petra", "join_entity", engagement=str(running(group)), joining=again)
    assert refused("petra", "keep_entity") == "entity.twice"
    with pytest.raises(BadInput) as said:
        group.act("petra", "keep_entity", entity=str(joined.id))
    assert said.value.errors["entity"][0].code == "entity.leave_agreed"


def test_the_page_of_entities_says_who_is_in_and_takes_a_day(group: World) -> None:
    from remit.apps.agreements.models import AgreedEntity, Agreement, Engagement

    agreement = group.one("maya", Agreement, engagement=group.one("maya", Engagement).id)
    second = group.one("maya", AgreedEntity, agreement__engagement=running(group), entity_id=group.entities["second"])
    with group.clock():
        browser, page = group.browser("petra"), group.path("petra", f"agreements/{agreement.reference}/entities/")
        shown = text_of(browser.get(page))
        assert "The group is billed" in shown
        assert SECOND in shown
        spare = group.do("petra", "add_entity", name="Halden Spare GmbH", country="DE", currency="EUR", zone="Europe/Berlin").id
        offered = browser.get(page).context["form"].fields["entity"].choices
        assert str(spare) in dict(offered)
        assert str(second.entity_id) not in dict(offered)
        assert "Leaves then" not in text_of(group.browser("jonas").get(group.path("jonas", f"agreements/{agreement.reference}/entities/")))
        assert browser.post(f"{page}{second.id}/leave/", {"leaves_on": "2026-02-30"}).status_code == 422
        assert browser.post(page, {"entity": "", "joins_on": "x"}).status_code == 422
        assert browser.post(f"{page}{second.id}/leave/", {"leaves_on": "2027-06-01"}).status_code == 303
        assert group.one("maya", AgreedEntity, id=second.id).leaves_on.isoformat() == "2027-06-01"
        told = browser.get(page).content.decode()
        assert f"{page}{second.id}/stay/" in told
        assert ">January</td>" in told, "the month in which its year begins, by name"
        seen = group.browser("maya").get(group.path("maya", f"agreements/{agreement.reference}/entities/")).content.decode()
        assert f"{second.id}/stay/" not in seen, "only whoever said so withdraws it"
        assert group.browser("maya").post(group.path("maya", f"agreements/{agreement.reference}/entities/{second.id}/stay/")).status_code == 422
        assert browser.post(f"{page}{second.id}/stay/").status_code == 303
    assert group.one("maya", AgreedEntity, id=second.id).leaves_on is None
    assert group.browser("olga").get(group.path("olga", f"agreements/{agreement.reference}/entities/")).status_code == 404


def test_sums_of_parts_are_the_whole(group: World) -> None:
    from remit.apps.billing.models import Invoice
    from remit.apps.billing.tracing import whole

    held = whole(group.one("maya", Invoice))
    assert sum((line.net.amount for line in held.lines), Decimal(0)) == held.net.amount


def test_pages_narrow_to_an_entity_and_never_add_currencies(group: World) -> None:
    from remit.apps.agreements.models import AgreedEntity
    from remit.apps.organizations.models import Entity

    with group.clock():
        browser = group.browser("petra")
        for page in ("invoices/", "work/"):
            whole = text_of(browser.get(group.path("petra", page)))
            assert "the whole group" in whole
            unknown = browser.get(group.path("petra", f"{page}?entity=nonsense"))
            assert unknown.status_code == 200
            assert "none of yours" in text_of(unknown)
            assert "none of yours" not in whole
            one = browser.get(group.path("petra", f"{page}?entity={group.entities['second']}"))
            assert one.status_code == 200
            assert SECOND in text_of(one)
        answers = group.one("maya", AgreedEntity, agreement__engagement=running(group), entity_id=group.entities["second"]).answers
        spare = str(group.one("petra", Entity, name="Halden Spare GmbH").id)
        joining = {"entity": spare, "joins_on": "2027-03-01", "answers": answers}
        group.do("petra", "join_entity", engagement=str(running(group)), joining=joining)
        assert "No month of Halden Spare GmbH is open." in text_of(browser.get(group.path("petra", f"work/?entity={spare}")))
        assert "Halden Spare GmbH has no month yet." in text_of(browser.get(group.path("petra", f"work/?entity={spare}&show=all")))
        assert "No invoice holds work for Halden Spare GmbH yet." in text_of(browser.get(group.path("petra", f"invoices/?entity={spare}")))
        third = text_of(browser.get(group.path("petra", f"work/?entity={group.entities['second']}&show=all")))
        assert "Halden Instruments GmbH October" not in third
        assert "Together EUR" in text_of(browser.get(group.path("petra", "invoices/")))
