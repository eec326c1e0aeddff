"""Whoever kept a checkpoint or a pack from before has a later pack of the engagement compared with it: the log by computing it again, the roll-up by proof."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from remit.apps.agreements.models import Engagement
from remit.apps.records import files
from remit.apps.records.models import Checkpoint
from remit.apps.work import sealing
from remit.apps.work.models import GivenPack, Sealing, WorkItem
from remit.formats.packs import verify

if TYPE_CHECKING:
    from uuid import UUID

    from tests.world import World

SEALED, GIVEN, EXPORTED = "the seal", "the pack given", "the pack exported"


def members(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def elsewhere(world: World, sequence: Callable[[], None], times: int) -> None:
    """Others decide meanwhile: the roll-up grows, a head each time."""
    for number in range(times):
        world.do("petra", "name_function", service="bookkeeping", name=f"Function {world.now:%H%M} {number}")
        sequence()


def exported(world: World, engagement: UUID) -> bytes:
    world.do("petra", "export_pack", engagement=str(engagement))
    with world.see("petra"):
        made = sealing.whole(Engagement.objects.get(id=engagement), world.now)
    assert made is not None
    return made.content


@pytest.fixture(scope="module")
def kept(world: World, sequence: Callable[[], None]) -> dict[str, dict[str, bytes]]:
    """By when it was got: members of the pack, or only its roll-up's checkpoint; and the last pack."""
    from tests import world as worlds

    item = worlds.opened(world)
    period, _invoice = worlds.closed(world, item)
    sequence()
    elsewhere(world, sequence, 3)
    world.do("petra", "seal_period", period=str(period))
    elsewhere(world, sequence, 2)
    world.do("petra", "give_pack", period=str(period))
    elsewhere(world, sequence, 2)
    engagement = world.one("petra", WorkItem, id=item.id).engagement_id
    first = exported(world, engagement)
    elsewhere(world, sequence, 5)
    with world.see("petra"):
        seal, given = Sealing.objects.get(), GivenPack.objects.select_related("pack").get()
        pack = files.read(given.pack)
    last = exported(world, engagement)
    return {
        SEALED: {"rollup/checkpoint": seal.checkpoint.encode()},
        GIVEN: members(pack),
        EXPORTED: members(first),
        "last": {"pack": last} | members(last),
    }


@pytest.mark.parametrize("when", [SEALED, GIVEN, EXPORTED])
def test_the_roll_up_that_a_party_got_is_compared(kept: dict[str, dict[str, bytes]], when: str) -> None:
    last, held = kept["last"]["pack"], kept[when]["rollup/checkpoint"]
    assert held != kept["last"]["rollup/checkpoint"]
    report = verify.check(last, held=[held])
    assert report.status == 0, report.failures
    assert "checked_held" in {checked["code"] for checked in report.checked}


@pytest.mark.parametrize("when", [GIVEN, EXPORTED])
def test_the_log_that_a_party_got_is_computed_again(kept: dict[str, dict[str, bytes]], when: str) -> None:
    held = [data for name, data in kept[when].items() if name.startswith("logs/") and name.endswith("/checkpoint")]
    assert len(held) == 1
    assert verify.check(kept["last"]["pack"], held=held).status == 0


def test_a_pack_that_is_older_than_what_was_kept_is_no_pass(kept: dict[str, dict[str, bytes]], world: World) -> None:
    with world.see("petra"):
        older = files.read(GivenPack.objects.select_related("pack").get().pack)
    newest = [data for name, data in kept["last"].items() if name == "rollup/checkpoint" or (name.startswith("logs/") and name.endswith("/checkpoint"))]
    for held in newest:
        assert {failure["code"] for failure in verify.check(older, held=[held]).failures} == {"shorter"}


def test_another_roll_up_has_no_proof_and_a_false_one_does_not_lead_there(kept: dict[str, dict[str, bytes]], world: World) -> None:
    proofs = {int(name.rpartition("/")[2]) for name in kept["last"] if name.startswith("rollup/consistency/")}
    assert 3 <= len(proofs) <= 12
    with world.see("petra"):
        others = [row.note.encode() for row in Checkpoint.objects.exclude(size__in=proofs).order_by("size")[:3]]
    assert others
    for held in others:
        assert {failure["code"] for failure in verify.check(kept["last"]["pack"], held=[held]).failures} == {"held"}
