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
    assert len(made) <= 18
