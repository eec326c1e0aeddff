"""Deputies and roles on pages, over the API and by command: who acts for whom, as whom it is recorded, and what a deputy cannot do."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from remit.apps.organizations.acting import ACTIONS, BadInput, Done
from remit.apps.organizations.test_views import SITE
from remit.apps.organizations.tokens import issue_token
from remit.apps.records.models import Entry
from tests.world import PASSWORD, build, deputy, scoped

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def world(database: str) -> World:
    return build()


def text_of(answer: Any) -> str:
    return str(re.sub(r"\s+", " ", answer.content.decode()))


def members(world: World) -> dict[str, str]:
    return {seat: str(by.membership) for seat, by in world.halden.seats.items()}


def test_a_deputy_acts_with_the_others_roles_and_the_record_names_both(world: World) -> None:
    from remit.apps.records import log

    assert world.refused("rita", "add_site", name="Lab", country="DE", zone="Europe/Berlin", hours=[]) == ("role.missing",)
    acting = deputy(world, "halden", "petra", "rita")
    done = world.do(acting, "add_site", name="Lab", country="DE", zone="Europe/Berlin", hours=[[[540, 1080]]] * 5 + [[], []])
    with world.see("petra"):
        said = log.read(done.entry)
    assert said.actor.user == world.by("rita").user
    assert said.actor.role == "administrator"
    assert said.on_behalf_of
    assert said.on_behalf_of.user == world.by("petra").user
    # Their own roles do not count meanwhile, nor does a role that was not handed on.
    limited = deputy(world, "halden", "petra", "jonas", roles=("requester",))
    assert world.refused(limited, "add_site", name="Lab 2", country="DE", zone="Europe/Berlin", hours=[]) == ("role.missing",)


def test_a_deputy_names_no_deputies_and_grants_themselves_nothing(world: World) -> None:
    acting = deputy(world, "halden", "petra", "rita")
    until = (world.now + timedelta(days=3)).isoformat()
    assert world.refused(acting, "name_deputy", deputy=members(world)["jonas"], until=until, reason="x") == ("deputy.names",)
    assert world.refused(acting, "grant_role", membership=members(world)["rita"], role="biller") == ("role.to_deputy",)
    assert isinstance(world.act(acting, "grant_role", membership=members(world)["jonas"], role="biller"), Done)


def test_who_is_named_and_by_whom(world: World) -> None:
    known, until = members(world), (world.now + timedelta(days=3)).isoformat()
    assert world.refused("rita", "name_deputy", away=known["petra"], deputy=known["jonas"], until=until, reason="x") == ("role.missing",)
    assert world.refused("petra", "name_deputy", away=known["rita"], deputy=known["petra"], until=until, reason="x") == ("deputy.administrator",)
    assert isinstance(world.act("petra", "name_deputy", away=known["rita"], deputy=known["jonas"], until=until, reason="Fell ill"), Done)
    for given, field in (
        ({"deputy": known["rita"], "until": until}, "deputy"),
        ({"deputy": known["jonas"], "until": world.now.isoformat()}, "until"),
        ({"deputy": known["jonas"], "until": until, "roles": ["biller"]}, "roles"),
        ({"deputy": str(world.by("maya").membership), "until": until}, "reference"),
    ):
        with pytest.raises(BadInput) as bad:
            world.act("rita", "name_deputy", reason="x", **given)
        assert list(bad.value.errors) == [field]


def test_on_the_page_a_deputy_chooses_for_whom_they_act_while_the_other_is_away(world: World) -> None:
    from remit.apps.organizations.models import Deputy

    scoped_deputy = scoped(world, "halden", "petra", "uwe")
    with world.clock():
        petra, uwe = world.browser("petra"), world.browser("uwe")
        page = world.path("petra", "organization/deputies/")
        asked = {"away": members(world)["petra"], "deputy": members(world)["uwe"], "until": "2026-12-01", "reason": "Parental leave"}
        assert petra.post(page, asked | {"until": ""}).status_code == 422
        assert petra.post(page, asked).status_code == 303
        assert "Parental leave" in text_of(petra.get(page))
        row = world.one("petra", Deputy, deputy=scoped_deputy.membership)
        home = world.path("uwe")
        assert "Act for Petra Vogel" in text_of(uwe.get(home))
        # A form opened before is not taken in another's name.
        stale = SITE | {"acting_for": "", "name": "Depot"}
        assert uwe.post(world.path("uwe", "act-for/"), {"deputy": str(row.id)}).status_code == 303
        shown = text_of(uwe.get(world.path("uwe", "organization/sites/")))
        assert "You act for <b>Petra Vogel</b>" in shown
        assert f'name="acting_for" value="{row.id}"' in shown
        assert uwe.post(world.path("uwe", "organization/sites/"), stale).status_code == 409
        assert uwe.post(world.path("uwe", "organization/sites/"), stale | {"acting_for": str(row.id)}).status_code == 303
        world.do("petra", "end_deputy", deputy=str(row.id))
        world.now += timedelta(seconds=1)
        assert "You act for" not in text_of(uwe.get(home))
        assert "Act for Petra" not in text_of(uwe.get(home))
        uwe.post(world.path("uwe", "act-for/"), {"deputy": str(row.id)})
        assert "You are not their deputy now" in text_of(uwe.get(home))


def test_over_the_api_a_header_names_who_is_away(world: World) -> None:
    scoped(world, "halden", "petra", "vera")
    deputy(world, "halden", "petra", "vera", days=1)
    with world.clock():
        secret, _done = issue_token(by=world.by("vera"), at=world.now, name="t", scopes=["*"], days=30)
        headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        path = f"/api/v1/o/{world.halden.reference}/actions/add-site"
        body = json.dumps({"name": "Store", "country": "DE", "zone": "Europe/Berlin", "hours": [[[540, 1080]]] * 5 + [[], []]})
        alone = Client().post(path, body, "application/json", **headers)
        assert alone.status_code == 403
        unknown = Client().post(path, body, "application/json", **headers, HTTP_X_REMIT_FOR="jonas@halden.example")
        assert unknown.status_code == 422
        assert unknown.json()["errors"]["X-Remit-For"][0]["code"] == "deputy.not"
        assert Client().post(path, body, "application/json", **headers, HTTP_X_REMIT_FOR="petra@halden.example").status_code == 200
        world.now += timedelta(days=2)
        assert Client().post(path, body, "application/json", **headers, HTTP_X_REMIT_FOR="petra@halden.example").status_code == 422


def test_the_roles_page_shows_every_grant_and_the_table_is_the_actions_own(world: World) -> None:
    from remit.apps.organizations.models import Grant

    known = members(world)
    with world.clock():
        petra = world.browser("petra")
        page = world.path("petra", f"organization/members/{known['rita']}/")
        entity = str(world.entities["gmbh"])
        asked = {"role": "approver", "scope": "entity", "entity": entity, "limit_amount": "500", "limit_currency": "EUR", "since": "2026-12-24"}
        assert "Choose which" in text_of(petra.post(page, asked | {"entity": ""}))
        assert petra.post(page, asked | {"until": "2026-12-24"}).status_code == 422
        assert petra.post(page, asked | {"limit_currency": ""}).status_code == 422
        assert petra.post(page, asked).status_code == 303
        grant = world.one("petra", Grant, membership=known["rita"], role="approver")
        assert grant.since.isoformat() == "2026-12-23T23:00:00+00:00", "midnight in Munich"
        roles = world.path("petra", "organization/roles/")
        assert "begins later" in text_of(petra.get(roles))
        petra.post(world.path("petra", f"organization/roles/{grant.id}/end/"))
        assert "One role that has ended" in text_of(petra.get(roles))
        shown = text_of(petra.get(roles))
    for name, action in ACTIONS.items():
        row = re.search(rf'<tr data-action="{name}">.*?</tr>', shown)
        assert row, name
        for role, said in re.findall(r'<td data-role="(\w+)">.*?<span class="vh">(\w+)</span></td>', row[0]):
            assert (said == "yes") == (not action.roles or role in action.roles), (name, role)


def test_somebody_of_two_organizations_keeps_them_apart_in_two_tabs(world: World) -> None:
    world.do("maya", "add_member", email="petra@halden.example", name="Petra as adviser", roles=["reader"], password=PASSWORD)
    deputy(world, "halden", "jonas", "petra")
    with world.clock():
        browser = world.browser("petra")
        here, there = world.path("petra"), f"/o/{world.rila.reference}/"
        for home, other in ((here, there), (there, here)):
            shown = text_of(browser.get(home))
            assert f'href="{other}"' in shown, "the switch"
            assert ("Petra Vogel" in shown) == (home == here)
        entities = text_of(browser.get(f"{there}organization/entities/"))
        assert "Halden Instruments GmbH" not in re.sub(r'<details class="account">.*?</details>', "", entities)
        assert "Act for Jonas" in text_of(browser.get(here))
        assert "Act for Jonas" not in text_of(browser.get(there))
        from remit.apps.organizations.models import Deputy

        row = world.one("petra", Deputy, away=members(world)["jonas"])
        browser.post(f"{here}act-for/", {"deputy": str(row.id)})
        assert "You act for" in text_of(browser.get(here))
        assert "You act for" not in text_of(browser.get(there)), "in the other tab they act for themselves"


def test_a_deputy_ends_their_own_time_while_acting(world: World) -> None:
    """What they read through it ends with it; the entry that says so is written all the same."""
    scoped(world, "halden", "petra", "nora", {"role": "reader", "scope": "field", "scope_field": "payroll"})
    acting = deputy(world, "halden", "nora", "petra")
    assert acting.on_behalf_of is not None
    done = world.do(acting, "end_deputy", deputy=str(acting.on_behalf_of.deputy))
    assert world.one("petra", Entry, id=done.entry).kind == "deputy.ended"
