"""An installation's folder: what is made once, and what is refused."""

import os
import re
import stat
from pathlib import Path

import pytest

from remit.front.installation.layout import Installation, InstallationUnusable, default_folder, installation, write_durably


def test_keys_are_made_once_and_are_closed_to_others(data: Path) -> None:
    made = Installation(data, is_demo=False).prepare()
    keys = {path: path.read_bytes() for path in (made.secret_key, made.master_key, made.sequencer_key)}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in keys)
    assert all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in (made.files, made.keys, made.logs, made.checkpoints))
    assert len(bytes.fromhex(made.master_key.read_text())) == 32
    assert b"BEGIN PRIVATE KEY" in made.sequencer_key.read_bytes()
    assert {path: path.read_bytes() for path in keys} == keys
    made.prepare()
    assert {path: path.read_bytes() for path in keys} == keys


def test_origins_are_unique_in_the_world_and_the_demo_says_so(data: Path) -> None:
    origins = {Installation(data / str(number), is_demo=False).prepare().origin for number in range(3)}
    assert len(origins) == 3
    assert all(re.fullmatch("remit/[a-z2-7]{16}", origin) for origin in origins)
    assert Installation(data / "demo", is_demo=True).prepare().origin == "demo"


@pytest.mark.parametrize("is_demo", [True, False])
def test_demo_and_real_installation_never_share_a_folder(data: Path, is_demo: bool) -> None:
    Installation(data, is_demo).prepare()
    with pytest.raises(InstallationUnusable, match="another folder with --data"):
        Installation(data, not is_demo).prepare()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user's")
def test_a_folder_of_another_user_is_refused_by_name(data: Path) -> None:
    data.mkdir()
    os.chown(data, 65534, 65534)
    with pytest.raises(InstallationUnusable, match=r"belongs to the user nobody.*--data"):
        Installation(data, is_demo=False).prepare()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a service user")
def test_a_folder_that_the_service_user_cannot_enter_is_refused(data: Path) -> None:
    data.mkdir(mode=0o700)
    with pytest.raises(InstallationUnusable, match="may not enter"):
        Installation(data / "inside", is_demo=False).prepare()


def test_folder_is_chosen_by_option_then_environment_then_kind(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installation(data, False).data == data
    monkeypatch.setenv("REMIT_DATA", str(data / "named"))
    assert installation(None, False).data == data / "named"
    monkeypatch.delenv("REMIT_DATA")
    assert installation(None, True).data == default_folder(True)
    assert default_folder(True).name == "demo"
    assert default_folder(False).name == "main"


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "kept"
    write_durably(target, b"first")

    def fail(_descriptor: int) -> None:
        raise OSError("no space")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        write_durably(target, b"second")
    assert target.read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
