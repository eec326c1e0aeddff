"""Which entry of the menu a page belongs to."""

from __future__ import annotations

import re

import pytest

from tests import world as worlds
from tests.world import World

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(scope="module")
def world(database: None) -> World:
    return worlds.build()


def test_the_shortlist_of_a_brief_belongs_to_select(world: World) -> None:
    brief = worlds.briefed(world)
    petra = world.browser("petra")
    for rest, entry in ((f"briefs/{brief.reference}/", "Briefs"), (f"briefs/{brief.reference}/shortlist/", "Select"), ("shortlists/", "Select"), ("", "Today")):
        page = petra.get(world.path("petra", rest)).content.decode()
        current = re.findall(r'<a href="[^"]*" aria-current="page">.*?<span>([^<]*)</span>', page)
        assert current[:1] == [entry], rest
