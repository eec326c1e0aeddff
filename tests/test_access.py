"""Within one organization: every address and operation, walked by whoever is granted one engagement or one entity, and by an administrator whom nobody granted
personal matters. Nothing of the rest shows: not in lists, counts, search, the record, invoices or names of packs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client

from remit.apps.organizations.acting import ACTIONS, NotFound
from remit.apps.records.keys import Referenced
from remit.lines import lines
from tests import world as worlds
from tests.test_isolation import body, filled, operations, pages, seen_by_owner, token, written
from tests.world import World

PUBLIC = {"OR", "RC"}


@dataclass(frozen=True)
class Hidden:
    """Of what a member must see nothing: references, keys, and words that stand in it alone."""

    references: list[str]
    keys: list[UUID]
    words: list[str]


@dataclass(frozen=True)
class Stage:
    """A thread that is granted, one in the same organizations that is not, and one of personal matters; all of them worked on to a sealed month."""

    world: World
    granted: UUID
    other: Hidden
    personal: Hidden
    entity: Hidden
    second: UUID


@pytest.fixture(scope="module")
def stage(database: str) -> Stage:
    world = worlds.build()
    second = world.do("petra", "add_entity", name="Halden Optik GmbH", country="DE", currency="EUR", zone="Europe/Berlin", ibans=["DE02120300000000202051"]).id
    granted = worlds.signed(world, more=(second,))
    worlds.closed(world, worlds.opened(world, granted))
    before = everything()
    item = worlds.opened(world, granted, second)
    world.do("petra", "invite_guest", kind="item", about=str(item.id), email="gast@optik.example", name="Gast Optik", acts=["bring_paper"])
    entity = new_since(before, ["Halden Optik GmbH", "Gast Optik", "gast@optik.example", "DE02120300000000202051"])
    before = everything()
    other = worlds.signed(world)
    worlds.closed(world, worlds.opened(world, other))
    hidden_other = new_since(before, [])
    before = everything()
    personal = worlds.signed(world, personal=True)
    for seat in ("elena", "arun"):
        member, reads = str(world.by(seat).membership), {"role": "reader", "scope": "engagement", "scope_id": str(personal)}
        world.do("maya", "grant_role", membership=member, **reads)
    world.do("petra", "grant_role", membership=str(world.by("jonas").membership), role="reader", scope="engagement", scope_id=str(personal))
    worlds.closed(world, worlds.opened(world, personal))
    hidden_personal = new_since(before, [])
    for house, chief, mail in (("halden", "petra", "adam"), ("rila", "maya", "anna")):
        roles = ("administrator", "manager", "approver", "signatory", "biller", "requester", "auditor", "reader")
        worlds._member(world, house, chief, mail, f"{mail.title()} Everything", roles)
    reads = {"role": "reader", "scope": "engagement", "scope_id": str(granted)}
    accepts = {"role": "approver", "scope": "engagement", "scope_id": str(granted)}
    worlds.scoped(world, "halden", "petra", "emil", reads, accepts)
    worlds.scoped(world, "rila", "maya", "rada", reads, {"role": "manager", "scope": "engagement", "scope_id": str(granted)})
    worlds.scoped(world, "halden", "petra", "ella", {"role": "manager", "scope": "entity", "scope_id": str(world.entities["gmbh"])})
    return Stage(world, granted, hidden_other, hidden_personal, entity, second)


def everything() -> dict[str, set[UUID]]:
    """Every key that stands in a table, as the owner of the database sees it."""
    return {table: {row[0] for row in seen_by_owner(table, "id")} for table in _tables()}


def _tables() -> dict[str, Any]:
    found = [model for model in apps.get_models() if model.__module__.startswith("remit.apps") and model._meta.pk.attname == "id"]
    skipped = ("records_reader", "records_frontier", "records_queued", "records_tile", "records_clock", "organizations_guestcode", "records_once")
    return {model._meta.db_table: model for model in found if model._meta.db_table not in skipped}


THREAD = re.compile(r"^(sourcing|agreements|work|billing)_|^organizations_(guestlink|message)$|^records_entry$")


def new_since(before: dict[str, set[UUID]], words: list[str]) -> Hidden:
    """What was made of threads since: references, keys and invoice numbers."""
    references, keys = [], []
    for table, model in _tables().items():
        if not THREAD.match(table):
            continue
        made = [row for row in seen_by_owner(table, "id, reference" if issubclass(model, Referenced) else "id") if row[0] not in before[table]]
        keys += [row[0] for row in made[:1]]
        if issubclass(model, Referenced) and model.PREFIX not in PUBLIC:
            references += [row[1] for row in made[:1]]
    numbers = [row[0] for row in seen_by_owner("billing_invoice", "number, id") if row[1] not in before["billing_invoice"]]
    return Hidden(references, keys, [*words, *numbers, *references])


KINDS = {
    "functions": "FN", "briefs": "BR", "shortlists": "BR", "agreements": "AG", "engagements": "EG", "periods": "PR", "work": "WI", "items": "WI",
    "people": "PE", "entities": "EN", "cards": "RC",
}  # fmt: skip
"""By the section of an address: what its references name. Any other section is tried with references of every kind."""


def of_kind(address: str, references: list[str]) -> list[str]:
    """Those that an address could show; all where it does not say."""
    before = address.partition("<str:reference>")[0].rstrip("/").rpartition("/")[2]
    return [each for each in references if each.startswith(KINDS.get(before, ""))] or references[:1]


def walk(stage: Stage, seat: str, hidden: Hidden, may_name: Callable[[str], bool] = lambda name: False) -> int:
    """Every page and reading operation of the seat's own organization, alone and with each hidden reference and key; how many were looked at."""
    world, looked_at = stage.world, 0
    house = next(house for house in world.houses.values() if seat in house.seats)
    before = written()
    with world.clock():
        browser = world.browser(seat)
        headers = {"HTTP_AUTHORIZATION": f"Bearer {token(world, seat)}"}
        for address, name in [*pages(), *((address, name) for address, name in operations() if "/actions/" not in address)]:
            is_operation = address.startswith("api/")
            for path in filled(address, house.reference, of_kind(address, hidden.references), hidden.keys):
                answer = Client().get(path, **headers) if is_operation else browser.get(path)
                looked_at += 1
                assert answer.status_code < 500, (name, path)
                shown = [word for word in hidden.words if word not in path and word in _told(answer)]
                assert not shown, (seat, name, path, shown)
                if "reference>" in address and not may_name(name):
                    assert answer.status_code in (404, 405), (seat, name, path, answer.status_code)
                if not is_operation:
                    assert browser.post(path, {"version": 1, "step": "prepare", "verdict": "accepted"}).status_code < 500, (name, path)
    # What was refused stands in the organization's own log; nothing of the hidden thread was touched.
    assert written() >= before
    return looked_at


def _told(answer: Any) -> str:
    return re.sub(r"<details class=\"account\">.*?</details>", "", body(answer), flags=re.S)


def act(stage: Stage, seat: str, hidden: Hidden) -> None:
    """Every action with hidden keys for all that it asks: none is done."""
    world = stage.world
    house = next(house for house in world.houses.values() if seat in house.seats)
    with world.clock():
        headers = {"HTTP_AUTHORIZATION": f"Bearer {token(world, seat)}"}
        for address, name in operations():
            if "/actions/" not in address:
                continue
            fields = ACTIONS[name].input.model_fields
            asked = [field for field in fields if "UUID" in str(fields[field].annotation)]
            for key in hidden.keys if asked else ():
                given: dict[str, Any] = {field: str(key) for field in asked}
                given |= {"reason": "x", "verdict": "accepted", "month": "2026-10-01", "step": "prepare", "slot": "ledger", "role": "reader"}
                path = f"/api/v1/o/{house.reference}/actions/{name.replace('_', '-')}"
                answer = Client().post(path, json.dumps({field: value for field, value in given.items() if field in fields}), "application/json", **headers)
                assert answer.status_code in (403, 404, 409, 422), (seat, name, key, answer.status_code, answer.content)
                assert not [word for word in hidden.words if word in body(answer)], (seat, name)


@pytest.mark.parametrize("seat", ["emil", "rada"])
def test_a_member_of_one_engagement_sees_nothing_of_another(stage: Stage, seat: str) -> None:
    assert walk(stage, seat, stage.other) > 100
    if seat == "emil":
        act(stage, seat, stage.other)


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
    assert walk(stage, seat, hidden, may_name=lambda name: name in sourcing) > 100
    if seat == "adam":
        act(stage, seat, hidden)


def _sourced(stage: Stage) -> set[UUID]:
    tables = ("sourcing_brief", "sourcing_shortlist", "sourcing_choice", "sourcing_award", "records_entry")
    return {row[0] for table in tables for row in seen_by_owner(table, "id")}


def test_a_member_of_one_entity_sees_nothing_of_another_under_the_same_agreement(stage: Stage) -> None:
    assert walk(stage, "ella", stage.entity) > 100
    act(stage, "ella", stage.entity)
    from remit.apps.agreements.models import AgreedEntity
    from remit.apps.billing.models import Invoice
    from remit.apps.work.models import Period, WorkItem

    with stage.world.see("ella"):
        assert [row.entity_id for row in AgreedEntity.objects.filter(agreement__engagement=stage.granted)] == [stage.world.entities["gmbh"]]
        assert Period.objects.filter(engagement=stage.granted).count() == WorkItem.objects.filter(engagement=stage.granted).count() == 1
        assert Invoice.objects.filter(engagement=stage.granted).count() == 1


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
    assert walk(stage, "adam", Hidden([period], stage.personal.keys[:1], [period])) > 100


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
