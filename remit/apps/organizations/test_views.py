"""The pages of an organization: read and filled in by its members, closed to everybody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world import World

PAGES = ("organization", "organization/sites", "organization/entities", "organization/members", "organization/cards", "organization/designations", "organization/tokens")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_its_members_and_for_nobody_else(world: World, page: str) -> None:
    with world.clock():
        for seat in ("maya", "petra", "ivan"):
            assert world.browser(seat).get(world.path(seat, f"{page}/")).status_code == 200
        assert world.browser("petra").get(world.path("maya", f"{page}/")).status_code == 404
        assert world.browser(None).get(world.path("maya", f"{page}/")).status_code == 302
