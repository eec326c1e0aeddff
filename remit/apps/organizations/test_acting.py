"""What an action's input must be, said in sentences that can be translated."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from remit.apps.organizations.acting import ACTIONS, Action, BadInput, Done, Refuse, Refused, decide, own_audience
from remit.apps.organizations.roles import missing

if TYPE_CHECKING:
    from tests.world import World


@pytest.mark.parametrize(
    ("action", "given", "field", "code"),
    [
        ("sign_agreement", {}, "agreement", "input.missing"),
        ("sign_agreement", {"agreement": "x", "more": 1}, "more", "input.unknown"),
        ("sign_agreement", {"agreement": "AG-7K3F-9QXM"}, "agreement", "input.key"),
        ("add_site", {"name": ""}, "name", "input.short"),
        ("add_site", {"name": "x" * 81}, "name", "input.long"),
        ("add_site", {"country": "Germany"}, "country", "input.malformed"),
        ("add_entity", {"fiscal_year_start": 13}, "fiscal_year_start", "input.most"),
        ("add_entity", {"fiscal_year_start": 0}, "fiscal_year_start", "input.least"),
        ("add_entity", {"fiscal_year_start": "May"}, "fiscal_year_start", "input.number"),
        ("publish_card", {"valid_from": "soon"}, "valid_from", "input.day"),
        ("publish_card", {"lines": []}, "lines", "input.short"),
        ("grant_role", {"role": "king"}, "role", "input.choice"),
        ("grant_role", {"until": "soon"}, "until", "input.instant"),
        ("grant_role", {"limit_amount": "much"}, "limit_amount", "input.number"),
        ("add_site", {"name": "Sofia\x00"}, "name", "input.not_text"),
        ("add_site", {"name": "half a character \ud800"}, "name", "input.not_text"),
        ("answer_brief", {"answers": {"languages": ["de", "e\x00n"]}}, "answers", "input.not_text"),
        ("answer_brief", {"answers": {"a\x00": "de"}}, "answers", "input.not_text"),
    ],
)
def test_each_fault_names_its_field_in_a_sentence_of_ours(action: str, given: dict[str, object], field: str, code: str) -> None:
    with pytest.raises(BadInput) as bad:
        ACTIONS[action].parse(given)
    assert [reason.code for reason in bad.value.errors[field]] == [code]


def test_what_fits_is_typed() -> None:
    from decimal import Decimal

    from remit.apps.organizations.actions import LineIn

    line = {"service": "bookkeeping", "level": 2, "basis": "hour", "price": "34.50"}
    read = ACTIONS["publish_card"].parse({"series": "s", "currency": "EUR", "valid_from": "2026-01-01", "lines": [line]})
    assert read["lines"] == [LineIn(service="bookkeeping", level=2, basis="hour", price=Decimal("34.50"))]
    assert read["source"] == ""


def test_a_refusal_undoes_what_was_done_and_is_itself_recorded_once(world: World) -> None:
    from remit.apps.organizations.models import Site
    from remit.apps.records import log

    def perform(*, by: Any, at: Any) -> Done:
        Site.objects.create(organization_id=by.organization, name="Undone", country="DE", zone="Europe/Berlin", hours=[[]] * 7)
        raise Refuse(missing(by, ("approver",)))

    by = world.by("petra")
    action = Action("try_in_vain", "site.added", (), perform)
    refused = action(by=by, at=world.now, key="in-vain")
    assert isinstance(refused, Refused)
    again = action(by=by, at=world.now, key="in-vain")
    assert isinstance(again, Refused)
    assert again.entry == refused.entry
    with world.see("petra"):
        assert not Site.objects.filter(name="Undone").exists()
        assert log.read(refused.entry).outcome == "refused"


def test_a_second_click_between_undoing_and_recording_gives_both_one_result(world: World) -> None:
    """The second waits for the first's key, and acts once that is undone: whichever of the two stands first in the record stands for both."""
    from django.db import connection

    by, clicks = world.by("petra"), ThreadPoolExecutor(1)
    second: list[Any] = []

    def click() -> Done | Refused:
        try:
            return action(by=by, at=world.now, key="twice")
        finally:
            connection.close()

    def perform(*, by: Any, at: Any) -> Done:
        if not second:
            second.append(clicks.submit(click))
            raise Refuse(missing(by, ("approver",)))
        return decide(by, at, "organization.described", None, audiences=[own_audience(by, at)])

    action = Action("try_twice", "organization.described", (), perform)
    first = action(by=by, at=world.now, key="twice")
    (other,) = second
    assert (type(first), first.entry) == (type(other.result(30)), other.result(30).entry)
    clicks.shutdown()
