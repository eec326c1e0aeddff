"""The pages about people: what each shows, what it stores, and that nobody else reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world import World


@pytest.mark.parametrize("page", ["people", "people/profiles"])
def test_every_page_opens_for_its_members_and_for_nobody_else(world: World, page: str) -> None:
    with world.clock():
        for seat in ("maya", "petra", "ivan"):
            assert world.browser(seat).get(world.path(seat, f"{page}/")).status_code == 200
        assert world.browser("petra").get(world.path("maya", f"{page}/")).status_code == 404
        assert world.browser(None).get(world.path("maya", f"{page}/")).status_code == 302
