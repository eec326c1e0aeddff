"""`remit time` and `remit leave` on the test's own database: what they say, and their exit status."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from remit.front.commands import leave, time
from remit.front.installation.layout import Installation

if TYPE_CHECKING:
    from remit.apps.work.models import WorkItem
    from tests.world import World


@pytest.fixture(scope="module")
def item(world: World) -> WorkItem:
    from tests import world as worlds

    found = worlds.opened(world)
    world.on(datetime(2026, 11, 4, 9, tzinfo=UTC))
    return found


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    @contextlib.contextmanager
    def joined(data: Path | None, demo: bool) -> Iterator[Installation]:
        yield Installation(tmp_path / "data", is_demo=demo)

    monkeypatch.setattr("remit.front.installation.joined.joined", joined)

    def ran(module: Any, *words: str, mail: str = "elena@rila.example") -> Result:
        result = CliRunner().invoke(module.command, [*words, "--demo", "--as", mail])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    with world.clock():
        yield ran


def test_the_timer_on_the_command_line(world: World, item: WorkItem, run: Any) -> None:
    assert run(time, "start", item.reference, "--note", "Entries").exit_code == 0
    again = run(time, "start", item.reference, "--json")
    assert again.exit_code == 1
    assert json.loads(again.stdout)["refused"][0]["code"] == "timer.runs"
    world.on(datetime(2026, 11, 4, 10, tzinfo=UTC))
    assert run(time, "stop").exit_code == 0
    assert run(time, "discard").exit_code == 1
    assert run(time, "start", "WI-0000-0000").exit_code == 2


def test_by_hand_and_the_week(world: World, item: WorkItem, run: Any) -> None:
    assert run(time, "add", item.reference, "soon").exit_code == 2
    assert run(time, "add", item.reference, "1:15", "--on", "2026-11-03", "--unbilled", "Training").exit_code == 0
    refused = run(time, "add", item.reference, "1:15", mail="maya@rila.example")
    assert refused.exit_code == 1
    assert "time.no_person" in refused.stdout
    shown = run(time, "show", "--json")
    assert shown.exit_code == 1
    week = json.loads(shown.stdout)
    assert sum(entry["minutes"] for entry in week["entries"]) == week["people"][0]["minutes"] >= 75 + 55
    assert "Training" in run(time, "show").stdout


def test_an_export_with_preview_and_faults(world: World, item: WorkItem, run: Any, tmp_path: Path) -> None:
    file = tmp_path / "time.csv"
    file.write_text(f"item,date,duration,note\n{item.reference},2026-11-02,0:30,Call\n,2026-11-02,0:20,Other\n")
    zone = ("--zone", "Europe/Sofia")
    faulty = run(time, "import", str(file), *zone)
    assert faulty.exit_code == 2
    assert f"{file}:3: item: Nobody has said which work" in faulty.stderr
    file.write_text(f"item,date,duration,note\n{item.reference},2026-11-02,0:30,Call\nclose,2026-11-02,0:20,Other\n")
    preview = run(time, "import", str(file), *zone, "--map", f"close={item.reference}", "--preview")
    assert preview.exit_code == 0
    assert "2 new (0:50)" in preview.stdout
    assert json.loads(run(time, "import", str(file), *zone, "--json").stdout)["new"] == 2
    again = run(time, "import", str(file), *zone)
    assert again.exit_code == 1
    assert "2 here already" in again.stdout
    assert run(time, "import", str(tmp_path / "none.csv"), *zone).exit_code == 2
    assert run(time, "import", str(file), "--zone", "Mars").exit_code == 2


def test_leave_with_preview_and_faults(world: World, item: WorkItem, run: Any, tmp_path: Path) -> None:
    file = tmp_path / "leave.csv"
    file.write_text("person,from,until,kind\nGeorgi Stanev,2026-12-01,2026-12-03,holiday\nNobody,2026-12-01,,sick\n")
    faulty = run(leave, "import", str(file), mail="maya@rila.example")
    assert faulty.exit_code == 2
    assert f"{file}:3: person: “Nobody” names nobody" in faulty.stderr
    file.write_text("person,from,until,kind\nGeorgi Stanev,2026-12-01,2026-12-03,holiday\n")
    assert run(leave, "import", str(file), "--preview", mail="maya@rila.example").exit_code == 0
    assert run(leave, "import", str(file)).exit_code == 1
    assert run(leave, "import", str(file), mail="maya@rila.example").exit_code == 0
    assert run(leave, "import", str(file), mail="maya@rila.example").exit_code == 1


def test_help() -> None:
    for module in (time, leave):
        assert "docs/time.md" in CliRunner().invoke(module.command, ["--help"]).stdout
