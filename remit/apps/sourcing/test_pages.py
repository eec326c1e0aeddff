"""The pages from the function to the award, over HTTP on the small market."""

from __future__ import annotations

import pytest

from tests import world as worlds
from tests.world import World


@pytest.fixture(autouse=True)
def now(world: World):
    with world.clock():
        yield


@pytest.fixture(scope="module")
def petra(world: World):
    return world.browser("petra")


def text(page) -> str:
    return page.content.decode()


def test_empty_pages(world: World, petra) -> None:
    for path in ("functions/", "briefs/", "briefs/new/", "shortlists/"):
        assert petra.get(world.path("petra", path)).status_code == 200, path


def test_all_pages(world: World, petra) -> None:
    function = worlds.assessed(world)
    brief = worlds.briefed(world, function)
    for path in (
        "functions/",
        f"functions/{function.reference}/",
        "briefs/",
        f"briefs/{brief.reference}/",
        f"briefs/{brief.reference}/shortlist/",
        "shortlists/",
    ):
        assert petra.get(world.path("petra", path)).status_code == 200, path
    drawn = petra.post(world.path("petra", f"briefs/{brief.reference}/shortlist/draw/"))
    assert drawn.status_code == 303
    page = petra.get(world.path("petra", f"briefs/{brief.reference}/shortlist/"))
    assert page.status_code == 200
    assert "Rila Ledger" in text(page)
