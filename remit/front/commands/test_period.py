"""`remit period show` and `remit pack export` on the test's own database: what they say, and their exit status."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from remit.formats.packs import verify
from remit.front.commands import pack, period
from remit.front.installation.layout import Installation

if TYPE_CHECKING:
    from remit.front.installation.testing import TestCluster
    from tests.world import World


@pytest.fixture(scope="module")
def months(world: World, cluster: TestCluster, database: str) -> dict[str, str]:
    """References: a sealed month, its engagement, an open month."""
    from remit.apps.records import sequencer
    from remit.apps.work.models import Period
    from remit.formats.packs.keys import load_signer, new_key
    from remit.front import jobs
    from tests import world as worlds

    key, _invoice = worlds.closed(world)
    signer = load_signer(new_key())
    with psycopg.connect(cluster.sequencer_url(database)) as link, world.clock():
        sequencer.publish_key(link, signer, "test.example")
        for _ in range(3):
            while sequencer.sequence(link, signer, "test.example"):
                pass
            jobs.seal_what_is_closed()
    item = worlds.opened(world, worlds.signed(world))
    with world.see("petra"):
        sealed = Period.objects.select_related("engagement").get(id=key)
        return {"sealed": sealed.reference, "engagement": sealed.engagement.reference, "open": Period.objects.get(id=item.period_id).reference}


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    @contextlib.contextmanager
    def joined(data: Path | None, demo: bool) -> Iterator[Installation]:
        yield Installation(tmp_path / "data", is_demo=demo)

    monkeypatch.setattr("remit.front.installation.joined.joined", joined)

    def ran(module: Any, *words: str, mail: str = "petra@halden.example") -> Result:
        result = CliRunner().invoke(module.command, [*words, "--demo", "--as", mail])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    with world.clock():
        yield ran


def test_a_sealed_month_is_shown_and_its_pack_verifies(run: Any, months: dict[str, str], tmp_path: Path) -> None:
    shown = run(period, "show", months["sealed"])
    assert shown.exit_code == 0
    assert "sealed" in shown.stdout
    out = tmp_path / "pack.zip"
    for reference in (months["sealed"], months["engagement"]):
        written = run(pack, "export", reference, "-o", str(out), "--json")
        assert written.exit_code == 0, written.output
        assert json.loads(written.stdout)["size"] == out.stat().st_size
        report = verify.check(out.read_bytes())
        assert report.status == 0, report.failures
        assert report.covers["reference"] == reference


def test_an_open_month_has_no_pack_and_says_what_blocks_it(run: Any, months: dict[str, str], tmp_path: Path) -> None:
    shown = run(period, "show", months["open"], "--json")
    assert shown.exit_code == 1
    assert [wait["code"] for wait in json.loads(shown.stdout)["waits"]] == ["block.nothing_made"]
    exported = run(pack, "export", months["open"], "-o", str(tmp_path / "x.zip"))
    assert exported.exit_code == 1
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("reference", ["PR-0000-0000", "EG-0000-0000", "nonsense", "sealed", "engagement"])
def test_what_is_not_ones_own_is_not_found(run: Any, months: dict[str, str], tmp_path: Path, reference: str) -> None:
    asked = months.get(reference, reference)
    result = run(pack, "export", asked, "-o", str(tmp_path / "x.zip"), mail="kavitha@kaveri.example")
    assert result.exit_code == 2
    assert asked in result.stderr
    assert run(period, "show", asked, mail="kavitha@kaveri.example").exit_code == 2


def test_nowhere_to_write(run: Any, months: dict[str, str], tmp_path: Path) -> None:
    result = run(pack, "export", months["sealed"], "-o", str(tmp_path / "no" / "where.zip"))
    assert result.exit_code == 2


def test_a_month_is_closed_sealed_and_opened_again(run: Any, world: World) -> None:
    from remit.apps.work.models import Period
    from tests import world as worlds

    key, _invoice = worlds.invoiced(world)
    open_month = worlds.opened(world, worlds.signed(world))
    with world.see("petra"):
        ready, blocked = Period.objects.get(id=key).reference, Period.objects.get(id=open_month.period_id).reference
    refused = run(period, "close", blocked)
    assert refused.exit_code == 1
    assert "block.nothing_made" in refused.stdout
    assert run(period, "seal", ready).exit_code == 1, "not closed"
    assert run(period, "close", ready, mail="maya@rila.example").exit_code == 1, "only the client closes"
    assert run(period, "close", "PR-0000-0000").exit_code == 2
    closed = run(period, "close", ready, "--key", "once", "--json")
    assert closed.exit_code == 0, closed.output
    assert json.loads(closed.stdout)["reference"] == ready
    assert json.loads(run(period, "close", ready, "--key", "once", "--json").stdout) == json.loads(closed.stdout), "done once"
    early = run(period, "seal", ready)
    assert early.exit_code == 2
    assert "not under a signed checkpoint yet" in early.stderr
    assert run(period, "reopen", ready).exit_code == 2, "a reason is asked for"
    assert run(period, "reopen", ready, "--reason", "An invoice came late").exit_code == 0
