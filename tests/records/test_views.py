"""The pages of the record: who reads which log, what an entry says, and that a changed byte is told."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remit.domain.record import words

if TYPE_CHECKING:
    from remit.front.installation.testing import TestCluster
    from tests.world import World


@pytest.fixture(scope="module")
def played(world: World, sequence: Callable[[], None]) -> World:
    """The thread up to a closed month, every entry under a signed head."""
    from tests.world import closed

    closed(world)
    world.refused("maya", "draw_invoice", period=str(_period(world)))
    sequence()
    return world


@pytest.fixture
def browsing(played: World) -> Iterator[World]:
    with played.clock():
        yield played


def _period(world: World) -> Any:
    from remit.apps.work.models import Period

    return world.one("maya", Period).id


def audience_of(world: World) -> Any:
    from remit.apps.agreements.models import Engagement

    return world.one("maya", Engagement).audience_id


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_every_action_s_decision_has_words() -> None:
    from remit.apps.organizations.acting import ACTIONS
    from remit.apps.organizations.models.access import ROLES

    assert len(ACTIONS) > 40
    assert {action.kind for action in ACTIONS.values()} <= set(words.KINDS)
    assert set(ROLES) <= set(words.ROLES)


def test_every_decision_that_was_written_has_words(browsing: World) -> None:
    from remit.apps.records.models import Entry
    from remit.domain.record import statement

    found = 0
    for seat in ("petra", "maya", "ivan"):
        with browsing.see(seat):
            for entry in Entry.objects.all():
                decision = statement.decode(bytes(entry.statement))
                assert decision.kind in words.KINDS
                assert decision.object.kind in words.OBJECTS
                assert set(decision.commitments) <= set(words.PRIVATE)
                found += 1
    assert found > 60


def test_both_sides_and_the_auditor_read_the_engagement_s_log_and_nobody_else(browsing: World) -> None:
    audience = audience_of(browsing)
    for seat in ("petra", "maya", "ivan"):
        page = browsing.browser(seat).get(browsing.path(seat, f"record/{audience}/"))
        assert page.status_code == 200
        assert "Deliverable judged by the client" in text_of(page)
        listed = browsing.browser(seat).get(browsing.path(seat, "record/"))
        assert str(audience) in listed.content.decode()
    outsider = browsing.browser("olga")
    assert outsider.get(browsing.path("olga", f"record/{audience}/")).status_code == 404
    assert str(audience) not in outsider.get(browsing.path("olga", "record/")).content.decode()
    assert browsing.browser(None).get(browsing.path("maya", "record/")).status_code == 302


def test_the_whole_log_is_checked_on_demand(browsing: World) -> None:
    page = text_of(browsing.browser("ivan").get(browsing.path("ivan", f"record/{audience_of(browsing)}/?check=1")))
    assert "Proof holds" in page
    assert "every hash recomputed from the bytes" in page
    assert "who sat at the keyboard" in page


def test_a_refusal_is_told_with_its_reason(browsing: World) -> None:
    page = text_of(browsing.browser("maya").get(browsing.path("maya", f"record/{audience_of(browsing)}/?outcome=refused&kind=invoice.drawn")))
    assert "refused" in page
    assert "billing.already_billed" in page or "billing.nothing" in page


def test_text_finds_bytes_and_kept_names(browsing: World) -> None:
    browser, page = browsing.browser("maya"), browsing.path("maya", f"record/{audience_of(browsing)}/")
    assert "Person assigned" in text_of(browser.get(page, {"text": "Elena Koleva"}))
    assert "No entry of this log is like that." in text_of(browser.get(page, {"text": "nobody by that name"}))
    assert browser.get(page, {"page": "junk", "kind": "none", "outcome": "\x00"}).status_code == 200


def test_an_entry_s_bytes_are_what_its_leaf_is_the_hash_of(browsing: World) -> None:
    from remit.apps.records.models import Entry

    entry = browsing.one("maya", Entry, kind="deliverable.accepted")
    browser = browsing.browser("maya")
    page = browser.get(browsing.path("maya", f"record/entry/{entry.id}/"))
    assert "It stands in the signed log" in text_of(page)
    assert "Jonas Weber" in text_of(page)
    raw = browser.get(browsing.path("maya", f"record/entry/{entry.id}/statement.json"))
    leaf = hashlib.sha256(b"\x00" + raw.content).hexdigest()
    assert leaf in page.content.decode()
    assert json.loads(raw.content)["predicateType"] == "urn:remit:decision:v1"
    for rest in ("", "statement.json"):
        assert browsing.browser("olga").get(browsing.path("olga", f"record/entry/{entry.id}/{rest}")).status_code == 404


def test_an_erased_name_is_gone_and_the_log_still_holds(browsing: World, cluster: TestCluster, database: str) -> None:
    from remit.apps.records import proving
    from remit.apps.records.context import writing
    from remit.apps.records.models import Opening

    audience = audience_of(browsing)
    with writing(browsing.by("maya"), browsing.now):
        assert Opening.objects.filter(audience=audience, value="Arun Iyer").delete()[0] == 1
    with browsing.see("petra"):
        assert proving.check_log(audience).holds


def test_pages_ask_a_fixed_number_of_queries(browsing: World) -> None:
    browser = browsing.browser("maya")

    def asked(rest: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(browsing.path("maya", rest)).status_code == 200
        return len(queries)

    page = f"record/{audience_of(browsing)}/"
    few = asked(f"{page}?kind=step.assigned")
    assert asked(page) <= few + 4
    assert asked("record/") <= 30


ENTRY = "update records_entry t set statement = k.statement, outcome = k.outcome from kept k where k.id = t.id"
CHANGES = {
    "a byte": (
        "records_entry", "set statement = set_byte(statement, length(statement) / 2, 33) where kind = 'deliverable.accepted'", ENTRY,
        "its bytes do not give the hash",
    ),
    "a column": ("records_entry", "set outcome = 'refused' where kind = 'deliverable.accepted'", ENTRY, "is not what they say"),
    "a leaf": (
        "records_leaf", "set index = 100000 where index = 3", "update records_leaf set index = 3 where index = 100000", "Entry 4 is missing",
    ),
    "a root": (
        "records_head", "set root = sha256('x') where true",
        "update records_head t set root = k.root from kept k where (k.audience_id, k.size) = (t.audience_id, t.size)", "do not give the root",
    ),
    "a kept value": (
        "records_opening", "set value = 'Somebody Else' where name = 'person'", "update records_opening t set value = k.value from kept k where k.id = t.id",
        "not the one that was committed to",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_behind_the_program_is_told(browsing: World, cluster: TestCluster, database: str, what: str) -> None:
    """The owner takes the triggers off, changes something and puts it back: the page says what does not hold meanwhile."""
    table, change, undo, says = CHANGES[what]
    audience = audience_of(browsing)
    browser, page = browsing.browser("maya"), browsing.path("maya", f"record/{audience}/?check=1")
    with psycopg.connect(cluster.owner_url(database), autocommit=True) as owner:
        owner.execute("drop table if exists kept")
        owner.execute(f"create table kept as select * from {table}")
        owner.execute(f"alter table {table} disable trigger user")
        changed = owner.execute(f"update {table} {change} and audience_id = %s", [audience]).rowcount
        try:
            told = browser.get(page)
        finally:
            owner.execute(undo)
            owner.execute(f"alter table {table} enable trigger user")
    assert changed
    assert told.status_code == 200
    assert "Proof does not hold" in text_of(told)
    assert says in text_of(told)
    assert "Proof holds" in text_of(browser.get(page))


def test_the_log_opens_what_its_entries_name_and_gives_the_pack_to_who_may(browsing: World) -> None:
    from remit.apps.work.models import Deliverable

    made = browsing.one("maya", Deliverable)
    with browsing.see("maya"):
        keys = [str(row.id) for row in made.files.all()]
    log = f"record/{audience_of(browsing)}/"
    pages = {seat: browsing.browser(seat).get(browsing.path(seat, log)).content.decode() for seat in ("petra", "maya", "ivan", "rita")}
    for seat, page in pages.items():
        assert all(f"/files/{key}/open/" in page for key in (*keys, str(made.id))), seat
    assert [seat for seat, page in pages.items() if "Evidence pack" in page] == ["petra", "maya", "ivan"], "a reader takes nothing away"
    reference = re.search(r"engagements/(EG-[^/]+)/export/", pages["ivan"])
    assert reference
    pack = browsing.browser("ivan").post(browsing.path("ivan", f"engagements/{reference[1]}/export/"))
    assert pack.status_code == 200
    assert pack.content[:2] == b"PK"
    opened = browsing.browser("petra").post(browsing.path("petra", f"files/{made.id}/open/"))
    assert hashlib.sha256(opened.content).hexdigest() == made.manifest_sha256
    own = browsing.browser("petra").get(browsing.path("petra", "record/")).content.decode()
    assert "/export/" not in own
