"""Roles granted for less than the organization hold there and nowhere else; a limit holds for what it limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import world as worlds

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def narrow(world: World) -> World:
    """Three members of Halden without any role yet, and a deliverable that waits for acceptance."""
    for name in ("anna", "bert", "cleo"):
        worlds._member(world, "halden", "petra", name, name.title(), ())
    worlds.reviewed(world)
    return world


def grant(world: World, seat: str, role: str, **scope: object) -> str:
    return str(world.do("petra", "grant_role", membership=str(world.by(seat).membership), role=role, **scope).id)


def test_an_approver_of_one_engagement_accepts_there_alone(narrow: World) -> None:
    from remit.apps.agreements.models import Engagement
    from remit.apps.organizations.roles import lacks
    from remit.apps.records.keys import uuid7
    from remit.apps.work.models import Deliverable

    deliverable = narrow.one("petra", Deliverable)
    engagement = narrow.one("petra", Engagement).id
    assert narrow.refused("anna", "accept", deliverable=str(deliverable.id)) == ("role.missing",)
    wrong = grant(narrow, "anna", "approver", scope="field", scope_field="payroll")
    assert narrow.refused("anna", "accept", deliverable=str(deliverable.id)) == ("role.narrower",)
    narrow.do("petra", "end_role", grant=wrong)
    grant(narrow, "anna", "approver", scope="engagement", scope_id=str(engagement))
    with narrow.see("anna"):
        assert lacks(narrow.by("anna"), narrow.now, ("approver",), engagement=engagement) is None
        assert lacks(narrow.by("anna"), narrow.now, ("approver",), engagement=uuid7()) is not None
    assert narrow.do("anna", "accept", deliverable=str(deliverable.id))


def test_an_administrator_of_one_entity_changes_it_and_nothing_else(narrow: World) -> None:
    mine = str(narrow.entities["gmbh"])
    other = str(narrow.do("petra", "add_entity", name="Halden Ltd", country="GB", currency="GBP", zone="Europe/London").id)
    grant(narrow, "bert", "administrator", scope="entity", scope_id=mine)
    assert narrow.do("bert", "change_entity", entity=mine, city="Ulm")
    assert narrow.refused("bert", "change_entity", entity=other, city="Ulm") == ("role.narrower",)
    assert narrow.refused("bert", "add_member", email="mole@halden.example", name="Mole", roles=["administrator"]) == ("role.narrower",)
    membership = str(narrow.by("bert").membership)
    assert narrow.refused("bert", "grant_role", membership=membership, role="administrator", scope="entity", scope_id=mine) == ("role.narrower",)
    assert narrow.refused("bert", "describe_organization", name="Bert's") == ("role.narrower",)


def test_a_limit_holds_for_an_award(narrow: World) -> None:
    held = grant(narrow, "cleo", "approver", limit_amount="1000", limit_currency="EUR")
    brief, _drawn = worlds.shortlisted(narrow)
    asked = {"brief": str(brief.id), "provider": str(narrow.vistula.key), "reason": "They know us."}
    assert narrow.refused("cleo", "award_brief", **asked) == ("role.over_limit",)
    narrow.do("petra", "end_role", grant=held)
    pounds = grant(narrow, "cleo", "approver", limit_amount="900000", limit_currency="GBP")
    assert narrow.refused("cleo", "award_brief", **asked) == ("role.over_limit",), "of another currency nothing is known"
    narrow.do("petra", "end_role", grant=pounds)
    grant(narrow, "cleo", "approver", limit_amount="900000", limit_currency="EUR")
    assert narrow.do("cleo", "award_brief", **asked)
