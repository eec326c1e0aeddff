"""The pages of an organization: read and filled in by its members, closed to everybody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from tests.world import World

PAGES = (
    "organization",
    "organization/sites",
    "organization/entities",
    "organization/members",
    "organization/cards",
    "organization/designations",
    "organization/units",
    "organization/tokens",
    "organization/outbox",
    "organization/mail",
)
SITE = {"name": "Varna", "country": "BG", "zone": "Europe/Sofia", "hours": "08:30-12:00, 13:00-17:30", "days": ["0", "1"]}


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_its_members_and_for_nobody_else(world: World, page: str) -> None:
    with world.clock():
        for seat in ("maya", "petra", "ivan"):
            assert world.browser(seat).get(world.path(seat, f"{page}/")).status_code == 200
        assert world.browser("petra").get(world.path("maya", f"{page}/")).status_code == 404
        assert world.browser("petra").post(world.path("maya", f"{page}/")).status_code == 404
        assert world.browser(None).get(world.path("maya", f"{page}/")).status_code == 302


def test_a_site_is_added_with_its_week_and_what_is_wrong_stands_at_its_field(world: World) -> None:
    from remit.apps.organizations.models import Site

    with world.clock():
        browser, page = world.browser("maya"), world.path("maya", "organization/sites/")
        wrong = browser.post(page, SITE | {"hours": "9 to 5"})
        assert wrong.status_code == 422
        assert "Write hours such as 09:00-18:00." in text_of(wrong)
        assert browser.post(page, SITE).status_code == 303
        assert "Mon – Tue 08:30–12:00, 13:00–17:30" in text_of(browser.get(page))
    week = world.one("maya", Site, name="Varna").hours
    assert week == [[[510, 720], [780, 1050]]] * 2 + [[]] * 5


def test_an_entity_needs_ibans_that_check(world: World) -> None:
    from remit.apps.organizations.models import Entity

    asked = {"name": "Werk Süd GmbH", "country": "DE", "currency": "EUR", "zone": "Europe/Berlin", "fiscal_year_start": "4"}
    with world.clock():
        browser, page = world.browser("petra"), world.path("petra", "organization/entities/")
        wrong = browser.post(page, asked | {"ibans": "DE89370400440532013001"})
        assert wrong.status_code == 422
        assert "DE89370400440532013001 is no IBAN" in text_of(wrong)
        assert browser.post(page, asked | {"ibans": "DE89 3704 0044 0532 0130 00"}).status_code == 303
        made = world.one("petra", Entity, name="Werk Süd GmbH")
        changed = browser.post(f"{page}{made.reference}/", {**asked, "name": "Werk Süd GmbH", "city": "Ulm", "ibans": "", "country": ""})
        assert changed.status_code == 303
        assert world.browser("maya").get(world.path("maya", f"organization/entities/{made.reference}/")).status_code == 404
    with world.see("petra"):
        made = Entity.objects.get(name="Werk Süd GmbH")
        assert (made.fiscal_year_start, made.city, made.accounts.count()) == (4, "Ulm", 0)
    with world.see("maya"):
        assert not Entity.objects.exists()


def test_a_member_is_written_to_once_and_again_on_wish(world: World) -> None:
    from remit.apps.organizations.models import Membership, Message

    asked = {"name": "Nina Kirova", "email": "nina@rila.example", "roles": ["reader", "biller"], "idempotency_key": "m1"}

    def written() -> int:
        with world.see("maya"):
            return Message.objects.filter(kind="member", to_email="nina@rila.example").count()

    with world.clock():
        browser, page = world.browser("maya"), world.path("maya", "organization/members/")
        assert browser.post(page, asked).status_code == 303
        assert browser.post(page, asked).status_code == 303
        assert written() == 1, "the second click writes no second mail"
        assert text_of(browser.get(page)).count("nina@rila.example") == 1
        twice = browser.post(page, asked | {"idempotency_key": "m2"})
        assert twice.status_code == 422
        assert "nina@rila.example is a member here already." in text_of(twice)
        member = world.one("maya", Membership, user__email="nina@rila.example").id
        assert browser.post(f"{page}{member}/invite/").status_code == 303
        assert written() == 2
        assert world.browser("petra").post(world.path("petra", f"organization/members/{member}/invite/")).status_code == 404


def test_nobody_learns_whether_a_mail_address_has_a_log_in_elsewhere(world: World) -> None:
    def said(mail: str, key: str) -> str:
        answer = world.browser("olga").post(
            world.path("olga", "organization/members/"), {"name": "Someone", "email": mail, "roles": ["reader"], "idempotency_key": key}, follow=True
        )
        notice = re.search(r'<div class="said".*?</div>', answer.content.decode(), re.S)
        assert notice, answer.status_code
        return notice[0].replace(mail, "…")

    with world.clock():
        assert said("jonas@halden.example", "k1") == said("unheard@nowhere.example", "k2")


def test_roles_are_granted_within_a_scope_and_ended(world: World) -> None:
    from remit.apps.organizations.models import Entity, Grant, Membership

    entity = world.one("petra", Entity, id=world.entities["gmbh"])
    rita = world.one("petra", Membership, user__email="rita@halden.example")
    petra = world.one("petra", Membership, user__email="petra@halden.example")
    with world.clock():
        browser, page = world.browser("petra"), world.path("petra", f"organization/members/{rita.id}/")
        assert "Choose which" in text_of(browser.post(page, {"role": "approver", "scope": "entity"}))
        asked = {"role": "approver", "scope": "entity", "entity": str(entity.id), "limit_amount": "500", "limit_currency": "EUR"}
        assert browser.post(page, asked).status_code == 303
        grant = world.one("petra", Grant, membership=rita, role="approver")
        assert (grant.scope_id, str(grant.limit_amount)) == (entity.id, "500.00")
        assert entity.name in text_of(browser.get(page))
        end = world.path("petra", f"organization/roles/{grant.id}/end/")
        assert world.browser("maya").post(world.path("maya", f"organization/roles/{grant.id}/end/")).status_code == 404
        assert browser.post(end).status_code == 303
        assert world.one("petra", Grant, id=grant.id).until == world.now
        assert world.browser("maya").get(world.path("maya", f"organization/members/{rita.id}/")).status_code == 404
        last = browser.post(world.path("petra", f"organization/members/{petra.id}/end/"))
        assert last.status_code == 422
        assert "Nobody would be left" in text_of(last)


def test_who_lacks_the_role_is_told_whom_to_ask_and_it_is_in_the_record(world: World) -> None:
    from remit.apps.organizations.models import Site
    from remit.apps.records.models import Entry

    with world.clock():
        browser, page = world.browser("rita"), world.path("rita", "organization/sites/")
        refused = browser.post(page, SITE, headers={"referer": page})
        assert refused.status_code == 303
        assert "This needs the role administrator, manager" in text_of(browser.get(refused["Location"]))
    entry = refused["Location"].partition("refused=")[2]
    with world.see("rita"):
        assert Entry.objects.get(id=entry).outcome == "refused"
        assert not Site.objects.filter(name="Varna", organization=world.halden.key).exists()


def test_a_card_is_pasted_and_each_fault_names_line_and_column(world: World) -> None:
    from remit.apps.organizations.models import RateCard

    first = {"series": "standard", "currency": "EUR", "valid_from": "2027-01-01"}
    with world.clock():
        browser, page = world.browser("maya"), world.path("maya", "organization/cards/")
        wrong = browser.post(page, first | {"lines": "service,level,basis,measure,price\nbookkeeping,2,hour,,34.50\nbookkeeping,7,hour,,free"})
        assert wrong.status_code == 422
        said = text_of(wrong)
        assert "<b>line 3, column 2</b> 7 is no level" in said
        assert "<b>line 3, column 5</b> free is no price" in said
        assert "bookkeeping,7,hour,,free" in said, "what was typed is still there"
        back = browser.post(page, first | {"valid_from": "2025-01-01", "lines": "bookkeeping,2,hour,,34.50"})
        assert "A later card begins on a later day." in text_of(back)
        made = browser.post(page, first | {"lines": "bookkeeping\t2\thour\t\t34,50\nbookkeeping\t2\tunit\tentry\t0,85"})
        assert made.status_code == 303
        assert "€34.50" in text_of(browser.get(made["Location"]))
        assert "from its day on" in text_of(browser.get(page))
        reference = world.one("maya", RateCard, valid_from="2027-01-01").reference
        assert world.browser("olga").get(world.path("olga", f"organization/cards/{reference}/")).status_code == 404


def test_a_service_is_designated_and_ended(world: World) -> None:
    from remit.apps.organizations.models import Designation, Site

    site = world.one("maya", Site, name="Sofia")
    asked = {"service": "bookkeeping", "country": "AT", "languages": "de, en", "site": str(site.id), "series": "standard"}
    with world.clock():
        browser, page = world.browser("maya"), world.path("maya", "organization/designations/")
        assert "qq: no language has this code." in text_of(browser.post(page, asked | {"languages": "qq"}))
        assert browser.post(page, asked).status_code == 303
        made = world.one("maya", Designation, country="AT")
        theirs = world.browser("olga").post(world.path("olga", f"organization/designations/{made.id}/end/"))
        assert theirs.status_code == 404
        assert browser.post(f"{page}{made.id}/end/").status_code == 303
        assert world.one("maya", Designation, id=made.id).until == world.now


def test_a_token_is_shown_once_and_revoked(world: World) -> None:
    from remit.apps.organizations.models import ApiToken

    asked = {"name": "export", "scopes": ["read"], "days": "30", "idempotency_key": "t1"}
    with world.clock():
        browser, page = world.browser("petra"), world.path("petra", "organization/tokens/")
        shown = browser.post(page, asked).content.decode()
        secret = re.search(r"rmt_[0-9a-f]{64}", shown)
        assert secret
        assert secret[0] in browser.post(page, asked).content.decode(), "the second click shows the same"
        assert "rmt_" not in browser.get(page).content.decode()
        token = ApiToken.objects.get(name="export")
        assert secret[0] not in repr(vars(token))
        assert world.browser("maya").post(world.path("maya", f"organization/tokens/{token.id}/revoke/")).status_code == 404
        assert browser.post(f"{page}{token.id}/revoke/").status_code == 303
        assert "revoked" in text_of(browser.get(page))
        assert browser.post(page, asked | {"days": "400", "idempotency_key": "t2"}).status_code == 422


def test_facts_are_changed_by_an_administrator(world: World) -> None:
    from remit.apps.organizations.models import Organization

    with world.clock():
        page = world.path("petra", "organization/")
        facts = {"name": "Halden Instruments AG", "kinds": ["client", "auditor"], "street": "Lindwurmstraße 88", "city": "München", "vat_id": ""}
        assert world.browser("petra").post(page, facts).status_code == 303
        assert world.browser("petra").post(page, facts | {"kinds": []}).status_code == 422
        assert "refused=" in world.browser("jonas").post(page, facts | {"name": "Mine"})["Location"]
    with world.see("petra"):
        mine = Organization.objects.get(pk=world.halden.key)
    assert (mine.name, mine.kinds, mine.street, mine.vat_id) == ("Halden Instruments AG", ["client", "auditor"], "Lindwurmstraße 88", "")
    with world.clock():
        world.browser("petra").post(page, facts | {"name": world.halden.name, "kinds": ["client"]})


def test_a_unit_of_ones_own_can_be_registered_and_is_entered_by_the_same_log_in(world: World) -> None:
    asked = {
        "name": "Halden Services",
        "kinds": ["provider"],
        "country": "BG",
        "currency": "EUR",
        "person_name": "Petra Vogel",
        "email": "petra@halden.example",
    }
    with world.clock():
        browser, page = world.browser("petra"), world.path("petra", "organization/units/")
        assert browser.post(page, asked | {"country": ""}).status_code == 422
        assert browser.post(page, asked).status_code == 303
        assert "Halden Services" in text_of(browser.get(page))
        choice = text_of(browser.get("/home/"))
        assert "Halden Services" in choice
        unit = re.search(r'href="(/o/OR-[^"]+/)"><i[^>]*>[^<]*</i><span><b>Halden Services', choice)
        assert unit
        assert browser.get(f"{unit[1]}organization/members/").status_code == 200
        assert world.browser("jonas").get(f"{unit[1]}organization/").status_code == 404


def test_lists_cost_the_same_however_long_they_are(world: World) -> None:
    def queries(page: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert browser.get(world.path("kavitha", page)).status_code == 200
        return len(made)

    pages = ("organization/members/", "organization/sites/", "organization/cards/", "organization/designations/")
    browser = world.browser("kavitha")
    with world.clock():
        before = [queries(page) for page in pages]
        for number in range(4):
            world.do("kavitha", "add_member", email=f"n{number}@kaveri.example", name=f"Number {number}", roles=["reader"])
            site = world.do("kavitha", "add_site", name=f"Site {number}", country="IN", zone="Asia/Kolkata", hours=[[(540, 1080)]] * 5 + [[], []])
            line = {"service": "bookkeeping", "level": 2, "basis": "hour", "price": "20"}
            world.do("kavitha", "publish_card", series=f"s{number}", currency="EUR", valid_from="2026-01-01", lines=[line])
            world.do("kavitha", "designate", service="bookkeeping", country="AT", languages=["en"], site=str(site.id), series=f"s{number}")
        assert [queries(page) for page in pages] == before
    assert max(before) <= 12
