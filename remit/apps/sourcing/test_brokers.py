"""A broker reads the one brief that it was admitted to, and its shortlists, until its day, and changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refused
from remit.apps.records.models import Entry, Participation
from remit.apps.sourcing.models import Assessment, Brief, Choice, Shortlist
from tests import world as worlds

pytestmark = pytest.mark.usefixtures("database")
SEAT_ROLES = ("administrator", "signatory", "requester", "approver")


@pytest.fixture(scope="module")
def world(database: str) -> worlds.World:
    built = worlds.build()
    worlds._house(built, "brueckner", "Brückner Sourcing", "DE", ["broker"], "hanna", "Hanna Brückner", SEAT_ROLES)
    worlds._house(built, "other", "Other Brokers", "DE", ["broker"], "olaf", "Olaf Other", SEAT_ROLES)
    return built


@pytest.fixture(scope="module")
def brief(world: worlds.World) -> Done:
    """One with a shortlist, which Hanna's house may read for a month; beside it another that it may not."""
    worlds.shortlisted(world, worlds.briefed(world))
    made, _ = worlds.shortlisted(world, worlds.briefed(world, worlds.assessed(world)))
    until = (world.now + timedelta(days=30)).isoformat()
    world.do("petra", "admit_broker", brief=str(made.id), broker=str(world.brueckner.key), until=until)
    return made


def test_it_reads_that_brief_with_its_shortlist_and_nothing_beside(world: worlds.World, brief: Done) -> None:
    with world.see("hanna"):
        assert [row.id for row in Brief.objects.all()] == [brief.id]
        assert [row.brief_id for row in Shortlist.objects.all()] == [brief.id]
        assert not Assessment.objects.exists()
        assert not Choice.objects.exists()
        assert "broker.admitted" in set(Entry.objects.values_list("kind", flat=True))
    for seat in ("olaf", "maya"):
        with world.see(seat):
            assert not Brief.objects.exists()
            assert not Shortlist.objects.exists()


def test_its_pages_show_it_and_offer_nothing_to_change(world: worlds.World, brief: Done) -> None:
    with world.clock():
        hers, theirs, owner = world.browser("hanna"), world.browser("olaf"), world.browser("petra")
        pages = ("briefs/", f"briefs/{brief.reference}/", "shortlists/", f"briefs/{brief.reference}/shortlist/")
        shown = [hers.get(world.path("hanna", page)).content.decode() for page in pages]
        assert all("Monthly close" in page for page in shown)
        assert "Rila Ledger" in shown[3]
        for page in shown:
            assert not any(path in page for path in ("/award/", "/draw/", "/answers/", "/broker/"))
        assert [theirs.get(world.path("olaf", page)).status_code for page in pages] == [200, 404, 200, 404]
        assert "Monthly close" not in theirs.get(world.path("olaf", "briefs/")).content.decode()
        assert "Brückner Sourcing" in owner.get(world.path("petra", f"briefs/{brief.reference}/")).content.decode()
        assert hers.post(world.path("hanna", f"briefs/{brief.reference}/answers/"), {"q-level": "3"}).status_code == 404


def test_it_changes_nothing(world: worlds.World, brief: Done) -> None:
    key = str(brief.id)
    for action, values in (
        ("answer_brief", {"answers": {"level": "3"}}),
        ("draw_shortlist", {}),
        ("award_brief", {"provider": str(world.rila.key), "reason": "x"}),
        ("admit_broker", {"broker": str(world.other.key)}),
    ):
        with pytest.raises(NotFound):
            world.act("hanna", action, brief=key, **values)


def test_who_is_admitted_is_a_broker_once_and_by_the_client(world: worlds.World, brief: Done) -> None:
    key = str(brief.id)
    with pytest.raises(NotFound):
        world.act("petra", "admit_broker", brief=key, broker=str(world.rila.key))
    with pytest.raises(BadInput) as bad:
        world.act("petra", "admit_broker", brief=key, broker=str(world.brueckner.key))
    assert [reason.code for reason in bad.value.errors["broker"]] == ["broker.there"]
    with pytest.raises(BadInput) as bad:
        world.act("petra", "admit_broker", brief=key, broker=str(world.other.key), until=world.now.isoformat())
    assert [reason.code for reason in bad.value.errors["until"]] == ["broker.over"]
    assert isinstance(world.act("jonas", "admit_broker", brief=key, broker=str(world.other.key)), Refused)


def test_the_page_admits_until_the_end_of_a_day(world: worlds.World) -> None:
    made = worlds.briefed(world)
    with world.clock():
        path = world.path("petra", f"briefs/{made.reference}/broker/")
        world.browser("petra").post(path, {"broker": str(world.other.key), "until_on": "2026-12-31"})
        wrong = world.browser("petra").post(path, {"broker": str(world.brueckner.key), "until_on": "31.12."})
    assert wrong.status_code == 422, wrong.content.decode()[:400]
    with world.see("petra"):
        [row] = Participation.objects.filter(role="broker", audience=Brief.objects.get(id=made.id).audience_id)
    assert (row.tenant_id, row.until.isoformat()) == (world.other.key, "2026-12-31T23:59:59+00:00")


def test_after_its_day_it_reads_no_more(world: worlds.World, brief: Done) -> None:
    world.on(world.now + timedelta(days=31))
    with world.see("hanna"):
        assert not Brief.objects.exists()
        assert not Shortlist.objects.exists()
    with world.clock():
        assert world.browser("hanna").get(world.path("hanna", f"briefs/{brief.reference}/shortlist/")).status_code == 404
