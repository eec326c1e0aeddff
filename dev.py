#!/usr/bin/env python3
"""Sets Remit up and runs it, with nothing but Python 3.11 and pip on the machine: `python3 dev.py help`.

The environment comes from requirements/*.txt, which pin every file by hash; it lies in `.venv`, the tool that fills it in `.tools`.
What is up to date is not done again.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
UV = TOOLS / "bin" / "uv"
STAMP = VENV / "remit-stamp.json"
REQUIREMENTS = ROOT / "requirements"
PYTHON = getattr(sys, "_base_executable", None) or sys.executable
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CLONE_NEWNET = 0x40000000

COMMANDS = {
    "run": "the demonstration: sets up, builds it once, serves it (options of `remit run`)",
    "start": "the real installation, empty at first (options of `remit start`)",
    "test": "all tests, without a network (options and paths of pytest)",
    "check": "lint, format, types, import contracts, catalogues",
    "bench": "the benchmarks of bench/ (or those named), one JSON object a line",
    "words": "compile the message catalogues",
    "lock": "write requirements/*.txt anew from pyproject.toml (--upgrade for newer versions)",
    "help": "this list",
}


class SetUpFailed(Exception):
    """What could not be set up, and what to do about it."""


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - to say so in words is the point
        print(f"Remit needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if command not in COMMANDS or command == "help":
        print("\n".join(f"python3 dev.py {name:6} {what}" for name, what in COMMANDS.items()))
        return 0 if command in ("help", "-h", "--help") else 2
    try:
        return int(globals()[command](rest) or 0)
    except (SetUpFailed, OSError) as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# Commands


def run(arguments: list[str]) -> int:
    set_up("run")
    return become("run", arguments)


def start(arguments: list[str]) -> int:
    set_up("run")
    return become("start", arguments)


def test(arguments: list[str]) -> int:
    set_up("dev")
    environment = {**os.environ, **browser()}
    options = [] if any(argument.startswith("-n") for argument in arguments) else ["-n", "2", "--dist", "loadfile"]
    if not leave_the_network():
        options += ["--disable-socket", "--allow-unix-socket", "--allow-hosts=127.0.0.1,::1,localhost"]
    return call([VENV / "bin" / "python", "-m", "pytest", *options, *arguments], env=environment)


def check(arguments: list[str]) -> int:
    set_up("dev")
    bin_folder = VENV / "bin"
    checks: dict[str, list[str | Path]] = {
        "lint": [bin_folder / "ruff", "check", "."],
        "format": [bin_folder / "ruff", "format", "--check", "."],
        "types": [bin_folder / "mypy"],
        "imports": [bin_folder / "lint-imports", "--no-logo"],
        "catalogues": [bin_folder / "python", "-m", "remit.front.installation.catalogues", "--check"],
    }
    failed = []
    for name, command in checks.items():
        print(f"== {name}", flush=True)
        if call(command):
            failed.append(name)
    print(f"check: failed: {', '.join(failed)}" if failed else "check: all hold")
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    set_up("dev")
    chosen = [Path(name) for name in arguments] or sorted((ROOT / "bench").glob("*.py"))
    status = 0
    for path in chosen:
        if path.name.startswith(("_", "test_")):
            continue
        print(f"# {path.name}", file=sys.stderr, flush=True)
        status |= call([VENV / "bin" / "python", path])
    return 1 if status else 0


def words(arguments: list[str]) -> int:
    set_up("run")
    return 0


def lock(arguments: list[str]) -> int:
    """The tool's own pin is kept unless --upgrade is given."""
    install_tool()
    written = REQUIREMENTS / "uv.txt"
    tool = "uv" if "--upgrade" in arguments else written.read_text(encoding="utf-8").split()[0]
    common: list[str | Path] = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11", "--quiet"]
    subprocess.run([str(UV), "pip", "compile", "-", *map(str, common), "-o", str(written)], input=tool, text=True, check=True, cwd=ROOT)
    for name, extra in (("run", []), ("dev", ["--group", "dev"])):
        if call([UV, "pip", "compile", "pyproject.toml", *extra, *common, *arguments, "-o", REQUIREMENTS / f"{name}.txt"]):
            return 1
    return 0


# The environment


def set_up(kind: str) -> None:
    """Fills `.venv` with requirements/<kind>.txt, unless that is what it holds. An environment with the development tools stays one."""
    with alone():
        former = read_stamp()
        if former.get("kind") == "dev":
            kind = "dev"
        wanted = {"kind": kind, "hash": fingerprint(kind)}
        if former != wanted or not (VENV / "bin" / "python").exists():
            began = time.monotonic()
            print("Setting up the environment in .venv ...", file=sys.stderr, flush=True)
            STAMP.unlink(missing_ok=True)
            fill(REQUIREMENTS / f"{kind}.txt")
            install_project()
            STAMP.write_text(json.dumps(wanted), encoding="utf-8")
            print(f"... done in {time.monotonic() - began:.0f} s.", file=sys.stderr, flush=True)
        compile_words()


def fill(requirements: Path) -> None:
    """By uv; where it cannot be had or fails, by pip, which installs the same files, only slower."""
    try:
        install_tool()
        if not (VENV / "bin" / "python").exists():
            quietly([UV, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", PYTHON, VENV])
        quietly([UV, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python", VENV / "bin" / "python", requirements])
    except (SetUpFailed, OSError) as failure:
        pip()
        print(f"uv did not do it, so pip does, which takes longer:\n{failure}", file=sys.stderr, flush=True)
        quietly([PYTHON, "-m", "venv", "--clear", "--without-pip", VENV])
        quietly([*pip(), "--python", VENV / "bin" / "python", "install", "--quiet", "--no-deps", "--require-hashes", "-r", requirements])


def install_tool() -> None:
    """uv at its pinned version and hash, into a folder of the project: Debian's Python refuses a plain `pip install`."""
    pinned = REQUIREMENTS / "uv.txt"
    stamp = TOOLS / "stamp"
    wanted = hashlib.sha256(pinned.read_bytes()).hexdigest()
    if UV.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    fresh = TOOLS / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    quietly([*pip(), "install", "--quiet", "--no-deps", "--require-hashes", "--target", fresh, "-r", pinned])
    stamp.unlink(missing_ok=True)
    for path in list(fresh.iterdir()):
        shutil.rmtree(TOOLS / path.name, ignore_errors=True)
        path.rename(TOOLS / path.name)
    fresh.rmdir()
    stamp.write_text(wanted, encoding="utf-8")


def install_project() -> None:
    """The checkout itself, editable: what a build tool would write, without fetching one. `.venv/bin` gets the commands of pyproject.toml."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version, scripts = project["name"], project["version"], project["scripts"]
    site = next((VENV / "lib").glob("python*/site-packages"))
    for old in site.glob(f"{name}-*.dist-info"):
        shutil.rmtree(old)
    info = site / f"{name}-{version}.dist-info"
    info.mkdir()
    entries = "".join(f"{script} = {target}\n" for script, target in scripts.items())
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[console_scripts]\n{entries}", encoding="utf-8")
    (info / "INSTALLER").write_text("dev.py\n", encoding="utf-8")
    (site / f"{name}.pth").write_bytes(os.fsencode(f"{ROOT}\n"))
    recorded = [f"{info.name}/{part}" for part in ("METADATA", "entry_points.txt", "INSTALLER", "RECORD")] + [f"{name}.pth"]
    for script, target in scripts.items():
        module, function = target.split(":")
        path = VENV / "bin" / script
        # Through sh, for the kernel cuts long first lines off, and a path may hold a space.
        start = f"#!/bin/sh\n'''exec' \"{VENV}/bin/python\" \"$0\" \"$@\"\n' '''\n"
        path.write_bytes(os.fsencode(f"{start}import sys\nfrom {module} import {function}\nsys.exit({function}())\n"))
        path.chmod(0o755)
        recorded.append(f"../../../bin/{script}")
    (info / "RECORD").write_text("".join(f"{path},,\n" for path in recorded), encoding="utf-8")


def compile_words() -> None:
    """Compiled catalogues are not kept in the repository; those older than their source are made anew."""
    catalogues = [*ROOT.glob("remit/locale/*/LC_MESSAGES/*.po"), *ROOT.glob("remit/*/*/locale/*/LC_MESSAGES/*.po")]
    compiled = ((path, path.with_suffix(".mo")) for path in catalogues)
    stale = [source for source, target in compiled if not target.exists() or target.stat().st_mtime < source.stat().st_mtime]
    if stale:
        quietly([VENV / "bin" / "python", "-m", "remit.front.installation.catalogues", *stale])


def fingerprint(kind: str) -> str:
    """Of everything that decides what the environment must hold, this interpreter and the checkout's place among it."""
    digest = hashlib.sha256(os.fsencode(f"{ROOT} {PYTHON} {sys.version}"))
    for path in (REQUIREMENTS / "uv.txt", REQUIREMENTS / f"{kind}.txt", ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Several commands may be started at once; one sets up, the others wait."""
    try:
        TOOLS.mkdir(exist_ok=True)
        file = open(TOOLS / "lock", "w", encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as failure:
        raise SetUpFailed(f"{ROOT} cannot be written to ({failure.strerror}): run this as its owner, or copy the project to a folder of yours.") from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# What tests need of the machine


def browser() -> dict[str, str]:
    """REMIT_BROWSER, where tests find their browser; root installs what is missing for it, and without it the browser's tests are skipped."""
    if lacking() and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' and '.join(lacking())} for the browser's tests ...", file=sys.stderr, flush=True)
        apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *lacking()]):
            subprocess.run(command, env=apt, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    if lacking():
        remedy = f"run `apt-get install {' '.join(lacking())}` as root (or name a Chromium in REMIT_BROWSER)"
        if os.environ.get("CI"):
            raise SetUpFailed(f"The browser's tests cannot run, which a check of the whole must not pass over: {remedy}")
        print(f"The browser's tests are skipped: {remedy}", file=sys.stderr, flush=True)
    found = find_browser()
    return {"REMIT_BROWSER": found} if found else {}


def lacking() -> list[str]:
    """The Debian packages that the browser's tests need and this machine has not: Playwright's driver is linked with libatomic."""
    packages = [] if find_browser() else ["chromium"]
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        packages += ["libatomic1"] if sys.platform == "linux" else []
    return packages


def find_browser() -> str | None:
    """The one named in REMIT_BROWSER, or one on the path."""
    return next(filter(None, map(shutil.which, (os.environ.get("REMIT_BROWSER", ""), *BROWSERS))), None)


def leave_the_network() -> bool:
    """As root, moves this process and its children into a network of their own that has the loopback alone."""
    if os.geteuid() != 0 or sys.platform != "linux":
        return False
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        return False
    bring_loopback_up()
    return True


def bring_loopback_up() -> None:
    """By ioctl, since the `ip` command is not on every machine. See netdevice(7): struct ifreq is a name of 16 bytes, then the flags."""
    import socket
    import struct

    get_flags, set_flags, is_up = 0x8913, 0x8914, 0x1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh22x", b"lo", 0)
        flags = struct.unpack("16sh22x", fcntl.ioctl(any_socket, get_flags, request))[1]
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh22x", b"lo", flags | is_up))


# Processes


def become(command: str, arguments: list[str]) -> int:
    """Ends this program: signals then reach Remit itself."""
    remit = VENV / "bin" / "remit"
    os.execv(remit, [str(remit), command, *arguments])


def call(command: list[str | Path], env: dict[str, str] | None = None) -> int:
    return subprocess.run([str(part) for part in command], env=env, stdin=subprocess.DEVNULL, cwd=ROOT, check=False).returncode


def quietly(command: list[str | Path]) -> None:
    """Shows what the command said only when it failed."""
    words = [str(part) for part in command]
    done = subprocess.run(words, env=tool_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise SetUpFailed(f"`{' '.join(words)}` failed:\n{done.stdout.strip()[-4000:]}")


def tool_environment() -> dict[str, str]:
    """uv does not read pip's settings, so an index that a machine has set for pip is passed on; and it trusts whom the system trusts, as Debian's pip does."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    environment.pop("VIRTUAL_ENV", None)
    if environment.get("PIP_INDEX_URL"):
        environment.setdefault("UV_DEFAULT_INDEX", environment["PIP_INDEX_URL"])
    if environment.get("PIP_CERT"):
        environment.setdefault("SSL_CERT_FILE", environment["PIP_CERT"])
    if system_certificates():
        environment.setdefault("UV_SYSTEM_CERTS", "true")
    if not has_home():
        environment.setdefault("UV_CACHE_DIR", str(TOOLS / "cache"))
    return environment


def has_home() -> bool:
    try:
        return os.access(Path.home(), os.W_OK)
    except RuntimeError:  # a user whom the machine does not know
        return False


def system_certificates() -> bool:
    """Whether the system keeps any: uv brings its own, which know no authority that a company or a proxy has added."""
    places = ssl.get_default_verify_paths()
    return bool(places.cafile) or (places.capath is not None and any(Path(places.capath).iterdir()))


def pip() -> list[str | Path]:
    done = subprocess.run([PYTHON, "-m", "pip", "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise SetUpFailed(f"Remit is set up with pip, which {PYTHON} lacks: run `apt-get install python3-pip` as root, or `python3 -m ensurepip --user`.")
    return [PYTHON, "-m", "pip"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
