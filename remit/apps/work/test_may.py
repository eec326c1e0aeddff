"""Pages show what the person may do here: a role for one entity or engagement brings its buttons there and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.acting import ACTIONS
from remit.apps.work.models import Period
from remit.lines import lines
from tests import world as worlds

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def made(world: World) -> World:
    """A deliverable that waits for acceptance; Anna, Bert and Cleo of Halden may only read yet."""
    for name in ("anna", "bert", "cleo"):
        worlds._member(world, "halden", "petra", name, name.title(), ("reader",))
    worlds.reviewed(world)
    return world


def page(world: World, seat: str, rest: str) -> str:
    answer = world.browser(seat).get(world.path(seat, rest))
    assert answer.status_code == 200, rest
    return answer.content.decode()


def grant(world: World, seat: str, role: str, **scope: object) -> str:
    return str(world.do("petra", "grant_role", membership=str(world.by(seat).membership), role=role, **scope).id)


def test_an_approver_elsewhere_sees_no_button_to_accept_and_one_of_this_engagement_does(made: World) -> None:
    engagement = made.one("petra", Engagement)
    item = made.one("petra", Period).items.model
    reference = made.one("petra", item).reference
    accept = f"work/{reference}/accept/"
    elsewhere = grant(made, "anna", "approver", scope="field", scope_field="payroll")
    assert accept not in page(made, "anna", f"work/{reference}/")
    assert "Judge" not in page(made, "anna", "")
    made.do("petra", "end_role", grant=elsewhere)
    here = grant(made, "anna", "approver", scope="engagement", scope_id=str(engagement.id))
    assert accept in page(made, "anna", f"work/{reference}/")
    assert "Judge" in page(made, "anna", "")
    made.do("petra", "end_role", grant=here)


def test_a_role_for_one_entity_shows_that_entity_alone(made: World) -> None:
    engagement = made.one("petra", Engagement)
    entity = made.one("petra", AgreedEntity)
    path = f"engagements/{engagement.reference}/"
    other = made.do("petra", "add_entity", name="Halden Ltd", country="GB", currency="GBP", zone="Europe/London")
    grant(made, "bert", "requester", scope="entity", scope_id=str(other.id))
    assert "Open a month" not in page(made, "bert", path)
    assert "/settle/" not in page(made, "bert", "agreements/")
    grant(made, "bert", "requester", scope="entity", scope_id=str(entity.entity_id))
    assert "Open a month" in page(made, "bert", path)
    assert "Let them read" not in page(made, "bert", path)


def test_who_may_only_read_sees_no_form_but_the_tokens_of_their_own(made: World) -> None:
    shown = (
        "", "organization/", "organization/sites/", "organization/entities/", "organization/members/", "organization/cards/", "organization/designations/",
        "organization/units/", "people/", "functions/", "briefs/", "briefs/new/", "staffing/", "invoices/", "agreements/",
    )  # fmt: skip
    frame = page(made, "cleo", "review/").count('method="post"')
    for rest in shown:
        assert page(made, "cleo", rest).count('method="post"') == frame, rest


def test_the_grants_are_read_once_a_page(made: World) -> None:
    reference = made.one("petra", Engagement).reference
    browser, path = made.browser("petra"), made.path("petra", f"engagements/{reference}/")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    assert sum("organizations_grant" in each["sql"] for each in asked) == 1


def test_sealing_by_hand_needs_a_role_and_the_job_none(made: World) -> None:
    period = str(made.one("petra", Period).id)
    assert made.refused("cleo", "seal_period", period=period) == ("role.missing",)
    assert made.refused("cleo", "give_pack", period=period) == ("role.missing",)
    assert made.refused("petra", "seal_period", period=period) == ("period.not_closed",), "whoever may close may seal, once it is closed"
    job = replace(made.by("petra"), door="job", user=None, membership=None, name="Remit")
    assert made.refused(job, "seal_period", period=period) == ("period.not_closed",)
    assert made.refused(replace(job, door="page"), "seal_period", period=period) == ("role.missing",), "no other door goes without a person"
    assert made.refused(job, "close_period", period=period) == ("role.missing",), "and no other action does"
    assert {action.name for action in ACTIONS.values() if action.unasked} == {"open_period", "remind_request", "seal_period", "give_pack", "release_access"}


def test_no_month_is_opened_for_a_service_whose_delivery_is_not_built(made: World) -> None:
    engagement, entity = made.one("petra", Engagement), made.one("petra", AgreedEntity)
    bare = dict(lines()) | {"bookkeeping": replace(lines()["bookkeeping"], steps=())}
    asked = {"engagement": str(engagement.id), "entity": str(entity.id), "month": "2026-12-01"}
    with mock.patch("remit.apps.work.actions.periods.lines", return_value=bare):
        assert made.refused("maya", "open_period", **asked) == ("period.not_built",)
    with mock.patch("remit.apps.work.views.engagement.lines", return_value=bare):
        shown = page(made, "maya", f"engagements/{engagement.reference}/")
    assert "Open a month" not in shown
    assert "is not built in this edition" in shown
