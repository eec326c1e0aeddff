"""The table role x action, walked: whoever holds none of an action's roles is refused, and that is in the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def holders(world: World) -> dict[str, str]:
    """One member of Halden for each role alone, by the role."""
    from remit.apps.organizations.models.access import ROLES
    from tests.world import _member

    for role in ROLES:
        _member(world, "halden", "petra", f"only-{role}", f"Only {role}", (role,))
    return {role: f"only-{role}" for role in ROLES}


def test_every_action_as_every_role(world: World, holders: dict[str, str]) -> None:
    from remit.apps.organizations.acting import ACTIONS, BadInput, Refused
    from remit.apps.records.models import Entry

    assert len(ACTIONS) > 40
    expected = []
    for action in ACTIONS.values():
        for role, seat in holders.items():
            may = not action.roles or role in action.roles
            try:
                # No input at all: the role is asked for before anything else, so that who lacks it learns nothing more.
                result = action(by=world.by(seat), at=world.now)
            except (TypeError, BadInput):
                assert may, f"{role} came past the role of {action.name}"
                continue
            is_missing = isinstance(result, Refused) and [reason.code for reason in result.reasons] == ["role.missing"]
            assert is_missing is not may, f"{action.name} as {role}"
            if isinstance(result, Refused) and is_missing:
                expected.append((result.entry, action.kind))
    assert len(expected) > 250
    with world.see("petra"):
        kinds = dict(Entry.objects.filter(outcome="refused").values_list("id", "kind"))
    assert {entry: kinds.get(entry) for entry, _kind in expected} == dict(expected)


def test_no_action_asks_for_a_role_that_cannot_be_granted() -> None:
    from remit.apps.organizations.acting import ACTIONS
    from remit.apps.organizations.models.access import ROLES

    assert {role for action in ACTIONS.values() for role in action.roles} <= set(ROLES)


def test_a_grant_counts_from_its_first_instant_until_before_its_last(world: World, holders: dict[str, str]) -> None:
    from datetime import timedelta

    from remit.apps.organizations.acting import Refused
    from remit.apps.organizations.actions import describe_organization
    from remit.apps.organizations.models import Membership

    rita = world.one("petra", Membership, user__email="rita@halden.example")
    until = world.now + timedelta(hours=1)
    world.do("petra", "grant_role", membership=str(rita.id), role="administrator", until=until.isoformat())
    since = world.now

    def may(at: object) -> bool:
        return not isinstance(describe_organization(by=world.by("rita"), at=at, city="München"), Refused)

    assert not may(since - timedelta(seconds=1))
    assert may(since)
    assert may(until - timedelta(microseconds=1))
    assert not may(until)
