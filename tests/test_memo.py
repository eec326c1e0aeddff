"""A memo for an attorney through the apps, which name no service: drafted, checked, reviewed, released to one person alone, redlined when it comes again."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client

from remit.apps.organizations.tokens import issue_token
from remit.apps.records import files
from remit.apps.records.models import Entry
from remit.apps.work import planned
from remit.apps.work.models import Deliverable, DeliverableFile, ItemFile, WorkItem
from remit.lines import lines
from tests import memo
from tests.world import World, build


@pytest.fixture(scope="module")
def world(database: object) -> World:
    made = build()
    memo.chambers(made)
    return made


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    item = memo.opened(world, memo.engaged(world))
    memo.written(world, item)
    return item


@pytest.fixture(scope="module")
def made(world: World, item: WorkItem) -> Deliverable:
    done = world.do("elka", "hand_in", item=str(item.id))
    found: Deliverable = world.one("elka", Deliverable, id=done.id)
    return found


def names_of(world: World, made: Deliverable) -> list[str]:
    with world.see("elka"):
        return sorted(DeliverableFile.objects.filter(deliverable=made.id).values_list("name", flat=True))


def keys_of(world: World, made: Deliverable) -> dict[str, str]:
    with world.see("elka"):
        return {row.name: str(row.id) for row in DeliverableFile.objects.filter(deliverable=made.id)}


def test_the_brief_tells_the_line_what_it_asked(world: World, item: WorkItem) -> None:
    with world.see("elka"):
        item = WorkItem.objects.select_related("engagement__agreement").get(id=item.id)
        assert item.engagement.agreement.needs["attorney"] == "Jonas Weber"
        assert item.engagement.agreement.needs["jurisdiction"] == "United States, Fourth Circuit"


def test_a_memo_goes_out_as_docx_beside_pdf(world: World, item: WorkItem, made: Deliverable) -> None:
    stem = item.reference
    assert names_of(world, made) == [f"{stem}-2026-10.docx", f"{stem}-2026-10.pdf"]
    assert made.readers == ["Jonas Weber"]
    assert [row["code"] for row in made.checks] == []
    assert {row["measure"]: row["count"] for row in made.quantities} == {"memo": "1", "page": "2", "citation": "7"}


def test_the_reviewer_is_another_and_passes_the_bytes(world: World, made: Deliverable) -> None:
    assert world.refused("elka", "review", deliverable=str(made.id), verdict="passed")
    world.do("boris", "review", deliverable=str(made.id), verdict="returned", note="Say what the parents asked for.")


def test_it_comes_again_with_a_redline(world: World, item: WorkItem, made: Deliverable) -> None:
    world.do(
        "elka",
        "move",
        item=str(item.id),
        step="draft",
        command="write",
        values={"item": "facts", "text": "Two parents asked. Cf. Plessy v. Ferguson, 163 U.S. 537 (1896)."},
    )
    again = world.one("elka", Deliverable, id=world.do("elka", "hand_in", item=str(item.id)).id)
    assert [name for name in names_of(world, again) if name.startswith("redline")] == ["redline-1-2.docx", "redline-1-2.pdf"]
    world.do("boris", "open_file", file=keys_of(world, again)["redline-1-2.docx"])
    with world.see("elka"):
        row = DeliverableFile.objects.select_related("file").get(deliverable=again.id, name="redline-1-2.docx")
        text = zipfile.ZipFile(io.BytesIO(files.read(row.file))).read("word/document.xml").decode()
    assert "<w:ins " in text
    assert "<w:del " in text
    world.do("boris", "review", deliverable=str(again.id), verdict="passed")


def newest(world: World, item: WorkItem) -> Deliverable:
    with world.see("elka"):
        found: Deliverable = Deliverable.objects.filter(item=item.id).order_by("-number")[0]
        return found


def test_only_the_responsible_attorney_opens_it_and_the_refusal_is_recorded(world: World, item: WorkItem) -> None:
    again = newest(world, item)
    for key in keys_of(world, again).values():
        world.do("jonas", "open_file", file=key)
        for other in ("petra", "rita", "kalina"):
            assert world.refused(other, "open_file", file=key) == ("reader.only",)
    with world.see("kalina"):
        refused = Entry.objects.filter(kind="file.opened", outcome="refused", object_id=item.id)
        assert refused.count() >= 6


def test_the_draft_that_was_brought_is_withheld_and_the_authorities_are_not(world: World, item: WorkItem) -> None:
    with world.see("elka"):
        papers = {row.slot: str(row.id) for row in ItemFile.objects.filter(item=item.id, superseded_at=None)}
    assert world.refused("petra", "open_file", file=papers["draft"]) == ("reader.only",)
    world.do("petra", "open_file", file=papers["authority"])


def test_who_may_not_read_it_may_not_accept_it(world: World, item: WorkItem) -> None:
    again = newest(world, item)
    assert world.refused("petra", "accept", deliverable=str(again.id)) == ("reader.only",)


def test_the_page_withholds_what_is_written(world: World, item: WorkItem) -> None:
    with world.clock():
        for seat, is_shown in (("jonas", True), ("elka", True), ("petra", False), ("rita", False)):
            page = world.browser(seat).get(world.path(seat, f"work/{item.reference}/")).content.decode()
            assert ("Separate classes by race deny" in page) is is_shown, seat
            assert ('id="withheld"' in page) is not is_shown, seat


def test_the_api_tells_its_checks_to_its_readers_alone(world: World, item: WorkItem) -> None:
    with world.clock():
        for seat, is_told in (("jonas", True), ("petra", False)):
            token = issue_token(by=world.by(seat), at=world.now, name="memo", scopes=["*"], days=30)[0]
            address = "/api/v1" + world.path(seat, f"items/{item.reference}/deliverables")
            told = Client().get(address, headers={"authorization": f"Bearer {token}"})
            assert told.status_code == 200, told.content
            assert bool(told.json()[0]["checks"]) is is_told


def test_a_pack_leaves_it_out(world: World, item: WorkItem) -> None:
    from remit.apps.work.sealing import files_of

    with world.see("petra"):
        period = WorkItem.objects.select_related("period__engagement__agreement").get(id=item.id).period
        held = {file.sha256 for file in files_of(period)}
        own = {row.file.sha256 for row in DeliverableFile.objects.filter(deliverable__item=item.id).select_related("file")}
        brought = {row.slot: row.file.sha256 for row in ItemFile.objects.filter(item=item.id).select_related("file")}
    assert not held & own
    assert brought["draft"] not in held
    assert brought["authority"] in held


def test_the_attorney_accepts(world: World, item: WorkItem) -> None:
    world.do("jonas", "accept", deliverable=str(newest(world, item).id))


def test_a_month_holds_as_many_memos_as_are_asked_for(world: World, item: WorkItem) -> None:
    second = world.do("petra", "add_item", period=str(item.period_id), task=planned.own_task(lines()["legal_memo"]), title="Notice in the lease of Plovdiv")
    for step, person in (("draft", "Elka Stoyanova"), ("review", "Boris Manev")):
        world.do("kalina", "assign", item=str(second.id), step=step, person=str(world.houses["chambers"].persons[person]))
    found: WorkItem = world.one("elka", WorkItem, id=second.id)
    memo.written(world, found)
    handed = world.do("elka", "hand_in", item=str(second.id))
    made: Deliverable = world.one("elka", Deliverable, id=handed.id)
    assert any(name.startswith(found.reference) for name in names_of(world, made))
    assert found.reference != item.reference
    client = world.browser("petra")
    page = client.get(world.path("petra", "work/"))
    assert "Notice in the lease of Plovdiv" in page.content.decode()
