"""The palette finds pages and one's own things, and never another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world as worlds

if TYPE_CHECKING:
    from tests.world import World


def asked(world: World, seat: str, words: str) -> list[dict[str, str]]:
    with world.clock():
        answer = world.browser(seat).get(world.path(seat, "palette/"), {"q": words})
    assert answer.status_code == 200
    return answer.json()


def test_pages_and_things_by_the_beginning_of_a_word(world: World) -> None:
    brief = worlds.briefed(world)
    assert [row["text"] for row in asked(world, "petra", "rate")] == ["Rate cards"]
    assert [row["text"] for row in asked(world, "petra", "market")][:1] == ["What the market sees"]
    assert [row["text"] for row in asked(world, "petra", "clos")] == ["Monthly close"]
    by_reference = asked(world, "petra", brief.reference.lower())
    assert [row["hint"] for row in by_reference] == [f"brief · {brief.reference}"]
    assert by_reference[0]["href"] == world.path("petra", f"briefs/{brief.reference}/")
    assert [row["text"] for row in asked(world, "maya", "iyer")] == ["Arun Iyer"]


def test_nothing_of_others_is_found(world: World) -> None:
    brief = worlds.briefed(world)
    assert asked(world, "olga", brief.reference) == []
    assert asked(world, "olga", "monthly") == []
    assert asked(world, "olga", "arun") == []
    assert asked(world, "olga", "bookkeeping-standard") == []
    card = next(row for row in asked(world, "maya", "standard") if row["hint"].startswith("rate card"))["hint"].rpartition(" ")[2]
    assert asked(world, "olga", card) == []
    assert world.browser("olga").get(world.path("petra", "palette/"), {"q": "m"}).status_code == 404


def test_it_asks_little_and_stands_anything(world: World) -> None:
    browser = world.browser("maya")
    with world.clock():
        for words in ("", " ", "%", "_", "\0", "a\0b", "BR-", "br-????", "'; --", "ß" * 200, "é" * 80):
            assert browser.get(world.path("maya", "palette/"), {"q": words}).status_code == 200, words
        with CaptureQueriesContext(connection) as made:
            browser.get(world.path("maya", "palette/"), {"q": "monthly"})
    assert len(made) <= 22


def test_files_and_answers_are_found_by_whoever_reads_them(world: World) -> None:
    item = worlds.opened(world)
    worlds.handed_in(world, item)
    asked_of = world.do("maya", "ask_client", item=str(item.id), question="Which invoice does the credit of Zeppelin pay?", blocks=False)
    world.do("jonas", "answer_request", request=str(asked_of.id), text="It pays RE-2026-0815 of the glassworks")
    page = world.path("maya", f"work/{item.reference}/")
    (paper,) = [row for row in asked(world, "maya", "ledger-") if row["hint"].startswith("paper")][:1] or [None]
    assert paper is not None
    assert paper["href"] == page + "#papers"
    made = asked(world, "maya", f"{item.reference.lower()}-2026")
    assert any(row["hint"].startswith("deliverable") and row["href"] == page + "#deliverables" for row in made)
    assert [row["hint"] for row in asked(world, "maya", "zeppelin")] == [f"question · {item.reference}"]
    (answer,) = asked(world, "jonas", "0815")
    assert answer["text"].startswith("It pays RE-2026-0815")
    assert answer["href"] == world.path("jonas", f"work/{item.reference}/") + "#requests"
    for seat in ("olga", "kavitha"):
        for words in ("ledger-", "zeppelin", "0815"):
            assert asked(world, seat, words) == [], (seat, words)
    scoped = worlds.scoped(world, "halden", "petra", "otto", {"role": "reader", "scope": "field", "scope_field": "payroll"})
    assert scoped.scoped
    assert asked(world, "otto", "zeppelin") == []
