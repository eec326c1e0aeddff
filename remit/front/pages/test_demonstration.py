"""How the first page follows the building of the demonstration."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from remit.front.pages import views
from remit.front.pages.demonstration import FILE, Demonstration, Login, tell, told


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DEMO, settings.REMIT_DATA = True, tmp_path
    return tmp_path


def test_what_is_told_is_read_back_and_nothing_half_written(folder: Path):
    logins = (Login("Petra Vogel", "petra@halden.example", "Client, CFO", "Halden"),)
    tell(folder, "Building the market", 40, logins=logins)
    assert told(folder) == Demonstration("Building the market", 40, False, logins)
    assert [path.name for path in folder.iterdir()] == [FILE]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"says": 1}', '{"says": "", "share": 0, "done": false, "logins": [{"x": 1}]}'])
def test_a_broken_file_is_as_none(folder: Path, text: str):
    (folder / FILE).write_text(text)
    assert told(folder) is None


def test_the_first_page_shows_progress_then_the_log_ins(folder: Path, client: Client):
    tell(folder, "Building the market", 40)
    building = client.get("/").content.decode()
    assert 'hx-get="/demo/progress/"' in building
    assert 'value="40"' in building
    assert "HX-Refresh" not in client.get("/demo/progress/")
    tell(folder, "Done", 100, done=True, logins=[Login("Petra Vogel", "petra@halden.example", "Client, CFO", "Halden")])
    assert client.get("/demo/progress/")["HX-Refresh"] == "true"
    ready = client.get("/").content.decode()
    assert "hx-get" not in ready
    assert 'value="petra@halden.example"' in ready
    assert "demo: not real" in ready


def test_an_installation_never_shows_demo_log_ins(folder: Path, settings: LazySettings, client: Client, monkeypatch: pytest.MonkeyPatch):
    tell(folder, "Done", 100, done=True, logins=[Login("Petra Vogel", "petra@halden.example", "Client, CFO", "Halden")])
    settings.DEMO = False
    monkeypatch.setattr(views, "is_awaited", lambda: False)
    page = client.get("/").content.decode()
    assert "petra" not in page
    assert "demo: not real" not in page
