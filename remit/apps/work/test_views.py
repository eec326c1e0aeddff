"""The pages of staff, deliver and period: what each shows and to whom, what a file's fault looks like, stale pages, counts of queries."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remit.apps.records.models import Entry
from remit.apps.work.models import Deliverable, ItemFile, KeptFile, Period, StepState, WorkItem
from remit.lines import examples

if TYPE_CHECKING:
    from tests.world import World

CASE = "halden-2026-10"


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    """A month that is prepared and not handed in."""
    from tests import world as worlds

    return worlds.prepared(world)


@pytest.fixture
def month(world: World, item: WorkItem) -> Period:
    period: Period = world.one("maya", Period, id=item.period_id)
    return period


def files() -> dict[str, bytes]:
    return {paper.slot: paper.data for paper in examples.load("bookkeeping", CASE).papers}


def test_each_page_opens_for_the_parties_and_for_nobody_else(world: World, item: WorkItem, month: Period) -> None:
    engagement = world.one("maya", WorkItem.engagement.field.related_model, id=item.engagement_id).reference
    shared = ["work/", f"work/{item.reference}/", f"periods/{month.reference}/", f"engagements/{engagement}/", "staffing/"]
    with world.clock():
        for seat in ("maya", "elena", "arun", "petra", "jonas", "ivan"):
            for page in shared:
                answer = world.browser(seat).get(world.path(seat, page))
                assert answer.status_code == 200, (seat, page)
        for page in shared[1:4]:
            assert world.browser("kavitha").get(world.path("kavitha", page)).status_code == 404
        gate = f"staffing/{item.reference}/review/"
        assert world.browser("maya").get(world.path("maya", gate)).status_code == 200
        for seat in ("petra", "ivan", "kavitha"):
            assert world.browser(seat).get(world.path(seat, gate)).status_code == 404
        assert item.reference not in world.browser("kavitha").get(world.path("kavitha", "work/")).content.decode()


def test_the_gate_page_names_every_reason_of_everyone(world: World, item: WorkItem) -> None:
    with world.clock():
        said = world.browser("maya").get(world.path("maya", f"staffing/{item.reference}/review/")).content.decode()
    for person in world.rila.persons:
        assert person in said
    for code in ("gate.preparer_is_reviewer", "gate.level", "gate.unknown_language"):
        assert f"<code>{code}</code>" in said, code
    assert said.index("Georgi Stanev") < said.index("Teodora Vasileva")
    assert "viz strip" in said


def test_a_refused_assignment_comes_back_with_its_reasons(world: World, item: WorkItem) -> None:
    browser, path = world.browser("maya"), world.path("maya", f"staffing/{item.reference}/review/")
    with world.clock():
        answer = browser.post(f"{path}assign/", {"person": str(world.rila.persons["Teodora Vasileva"])}, follow=True, HTTP_REFERER=path)
    assert "refused=" in answer.redirect_chain[-1][0]
    assert "gate.level" in answer.content.decode().partition('id="others"')[0]
    with world.see("maya"):
        assert Entry.objects.filter(kind="step.assigned", outcome="refused", object_id=item.id).exists()


def test_the_item_shows_its_proof_and_why_it_matches(world: World, item: WorkItem) -> None:
    with world.clock():
        said = text_of(world.browser("elena").get(world.path("elena", f"work/{item.reference}/")))
    for words in ("Opening + entries = closing", "Reconciled", "Same amount and reference", "Elena Koleva", "Arun Iyer", "Hand to Arun Iyer"):
        assert words in said, words
    assert "CET" in said
    assert "EET" in said


@pytest.mark.parametrize("seat", ["maya", "arun", "petra", "jonas", "ivan"])
def test_only_the_preparer_has_buttons(world: World, item: WorkItem, seat: str) -> None:
    with world.clock():
        said = world.browser(seat).get(world.path(seat, f"work/{item.reference}/")).content.decode()
    assert f"work/{item.reference}/steps/" not in said
    assert ("bring/" in said) == (seat in ("petra", "jonas"))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.sta", b"", "paper.empty"),
        ("junk.bin", bytes(range(256)) * 20, ""),
        ("cut.xml", b"<?xml version='1.0'?><Document>", ""),
        ("entities.xml", b"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a 'b'>]><Document>&a;</Document>", ""),
        ("../../etc/passwd", b"root:x:0:0", ""),
        ("other.sta", b":20:X\n:25:DE02120300000000202051\n:28C:1\n:60F:C261001EUR0,00\n:62F:C261031EUR0,00\n-", "bank.wrong_account"),
    ],
)
def test_a_file_that_does_not_belong_is_refused_beside_its_slot(world: World, item: WorkItem, name: str, content: bytes, code: str) -> None:
    with world.see("elena"):
        before = ItemFile.objects.filter(item=item).count()
    with world.clock():
        path = world.path("elena", f"work/{item.reference}/bring/")
        answer = world.browser("elena").post(path, {"slot": "statement", "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "is not taken" in said
    faults = re.findall(r'<ol class="faults">(.*?)</ol>', said, re.S)
    assert faults, "the faults stand beside the slot"
    assert "<code>" in faults[0]
    assert code in faults[0]
    assert "etc/" not in faults[0]
    with world.see("elena"):
        assert ItemFile.objects.filter(item=item).count() == before


def test_a_line_at_fault_is_named(world: World, item: WorkItem) -> None:
    lines = files()["ledger"].split(b"\n")
    at = len(lines) - 4  # past the opening balances, which name no line
    broken = b"\n".join([*lines[:at], lines[at].replace(b",", b"9,", 1), *lines[at + 1 :]])
    with world.clock():
        answer = world.browser("elena").post(
            world.path("elena", f"work/{item.reference}/bring/"), {"slot": "ledger", "file": SimpleUploadedFile("ledger.csv", broken)}
        )
    assert answer.status_code == 422
    assert re.search(r"line \d+", text_of(answer))
    no_file = world.browser("elena").post(world.path("elena", f"work/{item.reference}/bring/"), {"slot": "ledger"})
    assert no_file.status_code == 422
    assert "Choose a file first" in text_of(no_file)


def test_moves_by_form_and_by_suggestion(world: World, item: WorkItem) -> None:
    """A group is split, matched again by its marks, and an old page is told so."""
    browser, path = world.browser("elena"), world.path("elena", f"work/{item.reference}/")
    with world.clock():
        page = browser.get(path).content.decode()
        groups = page.partition('id="groups"')[2]
        key = re.search(r'name="item" value="([^"]+)"', groups)
        version = re.search(r'name="version" value="(\d+)"', groups)
        assert key
        assert version
        split = {"command": "split", "item": key[1], "version": version[1], "part": "groups"}
        answer = browser.post(f"{path}steps/prepare/move/", split)
        assert (answer.status_code, answer["Location"]) == (303, f"{path}#groups")
        stale = browser.post(f"{path}steps/prepare/move/", split)
        assert stale.status_code == 409
        page = browser.get(path).content.decode()
        assert "sure" in page
        marks = dict.fromkeys(re.findall(r'form="match" name="(\w+)"', page))
        assert set(marks) == {"statement", "ledger"}
        wrong = browser.post(f"{path}steps/prepare/move/", {"command": "match", "statement": [key[1]], "ledger": [], "part": "open"})
        assert wrong.status_code == 422
        assert "both sides" in text_of(wrong)
        again = browser.post(f"{path}steps/prepare/suggestions/")
        assert again.status_code == 303
        none_left = browser.post(f"{path}steps/prepare/suggestions/", follow=True, HTTP_REFERER=path)
        assert "suggestions.none" in none_left.content.decode()
    state = world.one("elena", StepState, item=item.id)
    assert [move["name"] for move in state.journal] == ["Elena Koleva"] * len(state.journal)


@pytest.mark.parametrize("posted", [{"command": "nothing"}, {"command": "match", "suggested": "{"}, {"command": "match", "suggested": "[1]"}, {}])
def test_nonsense_for_a_move(world: World, item: WorkItem, posted: dict[str, str]) -> None:
    with world.clock():
        answer = world.browser("elena").post(world.path("elena", f"work/{item.reference}/steps/prepare/move/"), posted)
        assert answer.status_code == 422
        assert world.browser("elena").post(world.path("elena", f"work/{item.reference}/steps/nowhere/move/"), posted).status_code in (404, 422)


def test_through_to_the_closed_month(world: World, item: WorkItem, month: Period) -> None:
    """By pages alone: hand in, open a file, return nothing, pass, accept, close; each page says whose turn it is."""
    path, as_client = world.path("elena", f"work/{item.reference}/"), world.path("petra", f"work/{item.reference}/")
    with world.clock():
        assert world.browser("elena").post(f"{path}hand-in/").status_code == 303
        made = world.one("elena", Deliverable, item=item.id)
        arun = world.browser("arun")
        page = arun.get(path).content.decode()
        assert "Pass these bytes" in page
        file = re.search(r'action="(/o/[^"]+/files/[^"]+/open/)"', page)
        assert file
        opened = arun.post(file[1])
        assert opened.status_code == 200
        assert opened["Content-Disposition"].startswith("attachment")
        assert world.browser("kavitha").post(file[1].replace(world.rila.reference, world.kaveri.reference)).status_code == 404
        returned = arun.post(f"{path}review/", {"deliverable": str(made.id), "verdict": "returned"})
        assert returned.status_code == 422
        assert "says why" in text_of(returned)
        assert arun.post(f"{path}review/", {"deliverable": str(made.id), "verdict": "passed"}).status_code == 303
        assert "Accept or return" in world.browser("jonas").get(as_client).content.decode()
        assert world.browser("jonas").post(f"{as_client}accept/", {"deliverable": str(made.id), "verdict": "accepted"}).status_code == 303
        month_page = world.path("petra", f"periods/{month.reference}/")
        petra = world.browser("petra")
        assert "is ready to close" in text_of(petra.get(month_page))
        assert petra.post(f"{month_page}close/").status_code == 303
        waiting = petra.get(month_page).content.decode()
        assert 'hx-trigger="every 1s"' in waiting
        poll = petra.get(f"{month_page}sealing/")
        assert (poll.status_code, poll.headers.get("HX-Refresh")) == (200, None)
        assert petra.post(f"{month_page}reopen/", {"reason": " "}).status_code == 422
        assert petra.post(f"{month_page}reopen/", {"reason": "An invoice of the month came late."}).status_code == 303
        assert "An invoice of the month came late." in text_of(petra.get(month_page))


def test_a_mapping_is_kept_for_the_entity(world: World, item: WorkItem) -> None:
    with world.clock():
        browser, path = world.browser("elena"), world.path("elena", f"work/{item.reference}/")
        before = world.one("elena", WorkItem.period.field.related_model, id=item.period_id)
        with world.see("elena"):
            kept = Period.objects.select_related("entity").get(id=before.id).entity.answers["ledger_mapping"]
        columns = {f"column-{code}": title for code, title in kept["columns"].items()} | {"column-text": "Buchungstext "}
        assert browser.post(f"{path}columns/", {"slot": "ledger", **columns}).status_code == 303
        with world.see("elena"):
            again = Period.objects.select_related("entity").get(id=before.id).entity.answers["ledger_mapping"]
        assert again == kept | {"columns": kept["columns"] | {"text": "Buchungstext"}}
        assert browser.post(f"{path}columns/", {"slot": "ledger", "column-nonsense": "x"}).status_code == 404


def test_a_kept_file_is_a_first_item(world: World) -> None:
    from tests import world as worlds

    keep = world.path("petra", "work/keep/")
    petra = world.browser("petra")
    with world.clock():
        answer = petra.post(keep, {"kind": "statement", "file": SimpleUploadedFile("october.xml", files()["statement"])}, follow=True)
        assert answer.status_code == 200
        assert "CAMT053" in text_of(answer)
        bad = petra.post(keep, {"kind": "recipe", "file": SimpleUploadedFile("x", b"1")})
        assert bad.status_code == 422
        assert "<h1" in bad.content.decode()
        pack = io.BytesIO()
        with zipfile.ZipFile(pack, "w") as made:
            made.writestr("x", "y")
        assert "not a pack" in text_of(petra.post(keep, {"kind": "pack", "file": SimpleUploadedFile("p.zip", pack.getvalue())}, follow=True))
        kept = world.one("petra", KeptFile, name="october.xml")
        assert world.browser("maya").get(world.path("maya", f"work/kept/{kept.reference}/")).status_code == 404
        item = worlds.opened(world, worlds.signed(world))
        use = world.path("petra", f"work/kept/{kept.reference}/use/")
        wrong = petra.post(use, {"where": f"{item.reference}/ledger"})
        assert wrong.status_code == 422
        assert "It stays kept here" in text_of(wrong)
        assert petra.post(use, {"where": f"{item.reference}/statement"}).status_code == 303
        assert petra.post(use, {"where": f"{item.reference}/statement"}).status_code == 422
    assert world.one("petra", ItemFile, item=item.id).name == "october.xml"


def test_lists_ask_no_more_for_more_rows(world: World) -> None:
    from tests import world as worlds

    def queries(seat: str, page: str) -> int:
        with world.clock():
            browser = world.browser(seat)
            browser.get(world.path(seat, page))
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(world.path(seat, page)).status_code == 200
        return len(asked)

    item = worlds.opened(world, worlds.signed(world))
    month = world.one("maya", Period, id=item.period_id)
    pages = [
        ("maya", "work/"),
        ("petra", "work/"),
        ("maya", "staffing/"),
        ("maya", f"staffing/{item.reference}/prepare/"),
        ("petra", f"periods/{month.reference}/"),
    ]
    before = [queries(*page) for page in pages]
    first = queries("elena", f"work/{item.reference}/")
    for _ in range(2):
        worlds.opened(world, worlds.signed(world))
    assert [queries(*page) for page in pages] == before
    worlds.prepared(world, item)
    assert queries("elena", f"work/{item.reference}/") <= first + 2
    assert max(before) < 40, before
