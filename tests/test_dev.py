"""`dev.py` on machines that lack things: what it says, and what it does instead. Nothing is fetched here."""

from __future__ import annotations

import ctypes
import os
import re
from pathlib import Path

import pytest

import dev

NO_SUCH_PIP = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty environment beside the real requirements."""
    for name, path in (("VENV", ".venv"), ("TOOLS", ".tools"), ("UV", ".tools/bin/uv"), ("STAMP", ".venv/remit-stamp.json")):
        monkeypatch.setattr(dev, name, tmp_path / path)
    return tmp_path


def without_pip(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = folder / "python3"
    python.write_text(NO_SUCH_PIP)
    python.chmod(0o755)
    monkeypatch.setattr(dev, "PYTHON", str(python))


def test_make_knows_no_command_that_is_not_there() -> None:
    targets = re.search(r"^\.PHONY: (.+)$", (dev.ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets
    assert set(targets[1].split()) <= set(dev.COMMANDS)
    assert all(callable(getattr(dev, name)) for name in dev.COMMANDS if name != "help")


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["help"]) == 0
    said = capsys.readouterr().out
    assert all(f"dev.py {name}" in said for name in dev.COMMANDS)
    assert dev.main(["no-such-command"]) == 2


def test_without_pip_one_line_says_what_to_do(checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    without_pip(checkout, monkeypatch)
    assert dev.main(["run"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2, "that it sets up, and why it cannot"
    assert "apt-get install python3-pip" in said[1]
    assert not dev.STAMP.exists()


def test_what_uv_cannot_do_pip_does(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[list[str]] = []

    def quietly(command: list[str | Path]) -> None:
        done.append([str(part) for part in command])
        if command[0] == dev.UV:
            raise dev.SetUpFailed("no route to the index")

    monkeypatch.setattr(dev, "install_tool", lambda: None)
    monkeypatch.setattr(dev, "quietly", quietly)
    dev.fill(Path("run.txt"))
    assert done[-2][1:] == ["-m", "venv", "--clear", "--without-pip", str(dev.VENV)]
    assert "--require-hashes" in done[-1]
    assert done[-1][-2:] == ["-r", "run.txt"]


def test_what_is_up_to_date_is_not_done_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled: list[Path] = []

    def fill(requirements: Path) -> None:
        filled.append(requirements)
        (dev.VENV / "bin").mkdir(parents=True, exist_ok=True)
        (dev.VENV / "bin" / "python").touch()

    for name, instead in (("fill", fill), ("install_project", lambda: None), ("compile_words", lambda: None)):
        monkeypatch.setattr(dev, name, instead)
    for kind in ("run", "run", "dev", "run", "dev"):
        dev.set_up(kind)
    assert [path.name for path in filled] == ["run.txt", "dev.txt"], "an environment with the development tools stays one"


def test_a_folder_that_is_closed_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "file").touch()
    monkeypatch.setattr(dev, "TOOLS", checkout / "file" / ".tools")
    assert dev.main(["run"]) == 1
    assert "cannot be written to (Not a directory)" in capsys.readouterr().err


def test_what_pip_is_told_uv_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE", "UV_SYSTEM_CERTS", "UV_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_CERT", "/etc/mirror.pem")
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    monkeypatch.setattr(dev, "system_certificates", lambda: True)
    told = dev.tool_environment()
    assert (told["UV_DEFAULT_INDEX"], told["SSL_CERT_FILE"], told["UV_SYSTEM_CERTS"]) == ("https://mirror.example/simple", "/etc/mirror.pem", "true")
    assert "VIRTUAL_ENV" not in told


def test_who_has_no_home_has_a_cache_in_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "missing"))
    assert dev.tool_environment()["UV_CACHE_DIR"] == str(dev.TOOLS / "cache")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os, "getuid", lambda: 4_200_000)
    assert dev.tool_environment()["UV_CACHE_DIR"] == str(dev.TOOLS / "cache"), "nor has a user whom the machine does not know"


class TestBrowser:
    @pytest.fixture(autouse=True)
    def bare(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An ordinary user's machine without a browser, but with the library that its driver needs."""
        monkeypatch.setattr(ctypes, "CDLL", lambda name: None)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        for name in ("CI", "REMIT_BROWSER"):
            monkeypatch.delenv(name, raising=False)

    def test_where_none_can_be_installed_one_line_says_how(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert dev.browser() == {}
        (said,) = capsys.readouterr().err.splitlines()
        assert "`apt-get install chromium`" in said

    def test_a_check_of_the_whole_does_not_pass_over_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CI", "true")
        with pytest.raises(dev.SetUpFailed, match="apt-get install chromium"):
            dev.browser()

    def test_the_library_of_the_driver_is_needed_too(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        def missing(name: str) -> None:
            raise OSError(name)

        monkeypatch.setattr(ctypes, "CDLL", missing)
        dev.browser()
        assert "`apt-get install chromium libatomic1`" in capsys.readouterr().err

    def test_the_one_that_is_named_is_taken(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        named = tmp_path / "my-chromium"
        named.write_text("")
        named.chmod(0o755)
        monkeypatch.setenv("REMIT_BROWSER", str(named))
        assert dev.browser() == {"REMIT_BROWSER": str(named)}

    def test_root_installs_it_by_apt(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = tmp_path / "asked"
        apt = tmp_path / "apt-get"
        apt.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n: > {tmp_path}/chromium\n/bin/chmod 755 {tmp_path}/chromium\n')
        apt.chmod(0o755)
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        assert dev.browser() == {"REMIT_BROWSER": str(tmp_path / "chromium")}
        assert asked.read_text().splitlines()[-1].endswith("--no-install-recommends chromium")
