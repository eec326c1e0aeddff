"""Within one organization: every address and operation, walked by whoever is granted one engagement or one entity, and by an administrator whom nobody granted
personal matters. Nothing of the rest shows: not in lists, counts, search, the record, invoices or names of packs."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from remit.apps.organizations.acting import NotFound
from remit.lines import lines
from tests import world as worlds
from tests.asking import ask
from tests.stage import Stage, staged
from tests.walking import Hidden, body, seen_by_owner, walk


@pytest.fixture(scope="module")
def stage(database: str) -> Stage:
    return staged(worlds.build())


@pytest.mark.parametrize("seat", ["emil", "rada"])
def test_a_member_of_one_engagement_sees_nothing_of_another(stage: Stage, seat: str) -> None:
    assert walk(stage.world, seat, stage.other) > 100
    if seat == "emil":
        ask(stage.world, seat, stage.other)


@pytest.mark.parametrize("seat", ["adam", "anna"])
def test_an_administrator_without_a_grant_sees_nothing_of_personal_matters(stage: Stage, seat: str) -> None:
    # What came before the engagement - need and shortlist - is no personal matter, and the client's administrator goes on reading it.
    sourcing = {"brief", "briefs", "shortlist", "shortlist_draw"}
    prefixes = ("BR-", "FN-", "TH-")
    hidden = Hidden(
        [each for each in stage.personal.references if not each.startswith(prefixes)],
        [key for key in stage.personal.keys if key not in _sourced(stage)],
        [each for each in stage.personal.words if not each.startswith(prefixes)],
    )
    assert walk(stage.world, seat, hidden, may_name=lambda name: name in sourcing) > 100
    if seat == "adam":
        ask(stage.world, seat, hidden)


def _sourced(stage: Stage) -> set[UUID]:
    tables = ("sourcing_brief", "sourcing_shortlist", "sourcing_choice", "sourcing_award", "records_entry")
    return {row[0] for table in tables for row in seen_by_owner(table, "id")}


def test_a_member_of_one_entity_sees_nothing_of_another_under_the_same_agreement(stage: Stage) -> None:
    assert walk(stage.world, "ella", stage.entity) > 100
    ask(stage.world, "ella", stage.entity)
    from remit.apps.agreements.models import AgreedEntity
    from remit.apps.billing.models import Invoice
    from remit.apps.work.models import Period, WorkItem

    with stage.world.see("ella"):
        assert [row.entity_id for row in AgreedEntity.objects.filter(agreement__engagement=stage.granted)] == [stage.world.entities["gmbh"]]
        assert Period.objects.filter(engagement=stage.granted).count() == WorkItem.objects.filter(engagement=stage.granted).count() == 1
        assert Invoice.objects.filter(engagement=stage.granted).count() == 1


def test_the_signed_paper_of_all_entities_opens_to_nobody_who_reads_one(stage: Stage) -> None:
    from remit.apps.agreements.models import Agreement

    world = stage.world
    agreement = world.one("petra", Agreement, engagement=stage.granted)
    with world.clock():
        opened = {seat: world.browser(seat).post(world.path(seat, f"agreements/{agreement.reference}/terms/")) for seat in ("ella", "emil", "jonas", "maya")}
        assert {seat: answer.status_code for seat, answer in opened.items()} == {"ella": 303, "emil": 200, "jonas": 200, "maya": 200}
        assert opened["emil"].content.startswith(b"%PDF-")
        told = body(world.browser("ella").get(opened["ella"].headers["Location"], follow=True))
    assert "The signed paper names every entity under the agreement" in told
    assert "Ask an administrator for a role for the whole engagement." in told
    assert world.refused("ella", "open_terms", agreement=str(agreement.id)) == ("terms.of_all",)


def test_what_is_granted_shows_whole(stage: Stage) -> None:
    """The walk above is not passed by showing nothing."""
    from remit.apps.agreements.models import Engagement
    from remit.apps.work.models import Period

    world = stage.world
    engagement = world.one("petra", Engagement, id=stage.granted)
    period = world.one("petra", Period, engagement=stage.granted, entity__entity_id=world.entities["gmbh"])
    with world.clock():
        for seat in ("emil", "rada", "ella"):
            browser = world.browser(seat)
            assert engagement.reference in body(browser.get(world.path(seat, f"engagements/{engagement.reference}/")))
            assert browser.get(world.path(seat, f"periods/{period.reference}/")).status_code == 200
            assert browser.get(world.path(seat, f"engagements/{engagement.reference}/access/")).status_code == 200
            found = browser.get(world.path(seat, "palette/"), {"q": period.reference[:7]})
            assert period.reference in body(found)
        for seat in ("jonas", "petra", "maya", "elena"):
            reference = next(each for each in stage.personal.references if each.startswith("EG-"))
            assert world.browser(seat).get(world.path(seat, f"engagements/{reference}/")).status_code == 200, seat


def test_jobs_seal_what_their_organization_s_members_do_not_read(stage: Stage, sequence: Callable[[], None]) -> None:
    from remit.apps.work.models import GivenPack
    from remit.front.jobs import seal_what_is_closed

    sequence()
    with stage.world.clock():
        for _each in range(8):
            seal_what_is_closed()
            sequence()
    period = next(each for each in stage.personal.references if each.startswith("PR-"))
    with stage.world.see("petra"):
        assert GivenPack.objects.filter(sealing__closing__period__reference=period).count() == 1
    with stage.world.see("adam"):
        assert not GivenPack.objects.filter(sealing__closing__period__reference=period).exists()
    assert walk(stage.world, "adam", Hidden([period], stage.personal.keys[:1], [period])) > 100


def test_grants_that_open_personal_matters_stand_in_their_record(stage: Stage) -> None:
    from remit.apps.organizations.models import Grant
    from remit.apps.records.models import Entry

    world = stage.world
    reference = next(each for each in stage.personal.references if each.startswith("EG-"))
    adam = str(world.by("adam").membership)

    def said(kind: str) -> int:
        with world.see("petra"):
            return Entry.objects.filter(audience__thread__engagements__reference=reference, audience__personal=True, kind=kind).count()

    # The administrator cannot name what they do not read; a service they can, and the log that it opens says so.
    engagement = str(next(row[0] for row in seen_by_owner("agreements_engagement", "id, reference") if row[1] == reference))
    with pytest.raises(NotFound):
        world.act("adam", "grant_role", membership=adam, role="reader", scope="engagement", scope_id=engagement)
    before = said("role.granted")
    assert before == 6, "two signatories, who answers for the work, two who do it, one who accepts"
    world.do("adam", "grant_role", membership=adam, role="reader", scope="field", scope_field="bookkeeping")
    assert said("role.granted") == before + 1
    with world.see("adam"):
        assert Entry.objects.filter(audience__personal=True).exists()
    grant = world.one("petra", Grant, membership=adam, scope="field")
    world.do("petra", "end_role", grant=str(grant.id))
    assert said("role.ended") == 1
    with world.see("adam"):
        assert not Entry.objects.filter(audience__personal=True).exists()
    # A signatory who reads it lets somebody in, and nowhere else.
    lena = str(world.by("rita").membership)
    assert world.refused("jonas", "grant_role", membership=lena, role="reader", scope="engagement", scope_id=engagement) == ("role.missing",)
    worlds._member(world, "halden", "petra", "sina", "Sina Signs", ("signatory",))
    assert world.refused("sina", "grant_role", membership=lena, role="reader") == ("role.only_personal",)
    assert world.refused("sina", "grant_role", membership=lena, role="reader", scope="engagement", scope_id=str(stage.granted)) == ("role.only_personal",)
    world.do("petra", "grant_role", membership=str(world.by("sina").membership), role="reader", scope="engagement", scope_id=engagement)
    world.do("sina", "grant_role", membership=lena, role="reader", scope="engagement", scope_id=engagement)
    assert said("role.granted") == before + 3


def test_a_deputy_whom_an_administrator_named_reads_no_personal_matters(stage: Stage) -> None:
    from dataclasses import replace
    from datetime import timedelta

    from remit.apps.records.context import Away
    from remit.apps.records.models import Entry

    world = stage.world
    until = (world.now + timedelta(days=9)).isoformat()
    jonas = world.by("jonas")
    rita = str(world.by("rita").membership)
    named = {"administrator": world.do("petra", "name_deputy", away=str(jonas.membership), deputy=rita, until=until, reason="Ill").id}
    named["themselves"] = world.do("jonas", "name_deputy", deputy=rita, until=until, reason="Leave").id
    assert jonas.membership is not None
    for who, reads in (("administrator", False), ("themselves", True)):
        acting = replace(world.by("rita"), on_behalf_of=Away(named[who], jonas.membership, jonas.user, None, jonas.name))
        with world.see(acting):
            assert Entry.objects.filter(audience__personal=True).exists() == reads, who


def test_a_deputy_judges_neither_their_own_work_nor_that_of_the_other(stage: Stage) -> None:
    world = stage.world
    item = worlds.opened(world, worlds.signed(world))
    made = worlds.handed_in(world, item)
    acting = worlds.deputy(world, "rila", "elena", "arun")
    assert world.refused(acting, "review", deliverable=str(made.id), verdict="passed") == ("deputy.work_of_away",)
    own = worlds.deputy(world, "rila", "arun", "elena")
    assert world.refused(own, "review", deliverable=str(made.id), verdict="passed") == ("deputy.own_work",)
    world.do("arun", "review", deliverable=str(made.id), verdict="passed")


def test_personal_matters_are_what_a_service_line_declares() -> None:
    known = lines()
    assert known["payroll"].is_personal({})
    assert not known["bookkeeping"].is_personal({})
    assert known["data_entry"].is_personal({"health_data": True})
    assert not known["data_entry"].is_personal({"health_data": False})
