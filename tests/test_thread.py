"""The thread, whole: from the function named to the sealed month, whose pack a verifier confirms and a changed byte breaks."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg

from remit.apps.records import files, sequencer
from remit.apps.work.models import GivenPack, Sealing
from remit.domain.record.checkpoint import Signer
from remit.formats.packs import verify
from remit.formats.packs.keys import load_signer, new_key
from remit.front import jobs
from remit.front.installation.testing import TestCluster
from tests import world as worlds

ORIGIN = "remit.example"


def test_a_month_from_function_to_pack(world: worlds.World, cluster: TestCluster, database: str, tmp_path: Path) -> None:
    engagement = worlds.signed(world, worlds.awarded(world, worlds.assessed(world)))
    item = worlds.opened(world, engagement)
    assert world.refused("maya", "assign", item=str(item.id), step="review", person=str(world.rila.persons["Teodora Vasileva"]))
    deliverable = worlds.handed_in(world, item)
    assert world.refused("elena", "review", deliverable=str(deliverable.id), verdict="passed")
    world.do("arun", "review", deliverable=str(deliverable.id), verdict="passed")
    world.do("jonas", "accept", deliverable=str(deliverable.id))
    world.do("maya", "draw_invoice", period=str(item.period_id))
    assert world.refused("maya", "draw_invoice", period=str(item.period_id))
    world.do("petra", "close_period", period=str(item.period_id))
    assert world.refused("arun", "review", deliverable=str(deliverable.id), verdict="passed")

    with psycopg.connect(cluster.sequencer_url(database)) as connection, world.clock():
        signer = load_signer(new_key())
        sequencer.publish_key(connection, signer, ORIGIN)
        assert jobs.seal_what_is_closed() == 0
        for _ in ("sealed", "packed"):
            place_everything(connection, signer)
            assert jobs.seal_what_is_closed() == 1
        assert jobs.seal_what_is_closed() == 0
    with world.see("ivan"):
        pack = files.read(GivenPack.objects.get(sealing__closing__period=item.period_id).pack)
    with world.see("kavitha"):
        assert not Sealing.objects.exists()

    held = tmp_path / "pack.zip"
    held.write_bytes(pack)
    assert verified(held) == (0, "")
    with zipfile.ZipFile(held) as members:
        entry = max(members.infolist(), key=lambda member: member.file_size if "entries" in member.filename else 0)
    at = entry.header_offset + 30 + len(entry.filename.encode()) + entry.file_size // 2
    held.write_bytes(pack[:at] + bytes([pack[at] ^ 1]) + pack[at + 1 :])
    status, said = verified(held)
    assert status == 1
    assert "entry" in said


def verified(pack: Path) -> tuple[int, str]:
    """What the verifier alone says of a pack, in a process that knows nothing of the project; its words only where it fails."""
    done = subprocess.run([sys.executable, "-I", verify.__file__, str(pack)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout if done.returncode else ""


def place_everything(connection: psycopg.Connection, signer: Signer) -> None:
    while sequencer.sequence(connection, signer, ORIGIN):
        pass
