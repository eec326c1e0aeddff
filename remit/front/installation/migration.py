"""Bringing a database to the program's version, as its owner, in a process of its own."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import remit
from remit.front.installation.layout import Installation, write_durably
from remit.front.installation.postgres import Urls
from remit.front.installation.processes import dies_with_parent, module_command


class MigrationFailed(Exception):
    """The message is what the migration said."""


def migrate(urls: Urls, environment: dict[str, str] | None = None) -> None:
    """Runs Django's migrations over the owner's connection. The caller's own Django, if it is set up, stays untouched."""
    variables = {**os.environ, **(environment or {}), **urls.environment(), "REMIT_PROCESS": "migrate"}
    command = module_command("remit.front.installation.migration")
    # It is not cut short by Ctrl-C, but ends with this process: the next start migrates, too.
    guard = dies_with_parent(signal.SIGKILL, and_leads=True)
    done = subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, preexec_fn=guard)
    if done.returncode:
        raise MigrationFailed((done.stderr or done.stdout).strip())


def migrate_if_needed(installation: Installation, urls: Urls) -> bool:
    """Whether there was anything to do. A start that changes nothing need not wait for Django to find that out."""
    marker = migrated_marker(installation.data)
    wanted = _fingerprint(installation.data, urls)
    if marker.exists() and marker.read_text(encoding="utf-8").strip() == wanted:
        return False
    migrate(urls, installation.environment())
    write_durably(marker, f"{wanted}\n".encode())
    return True


def migrated_marker(data: Path) -> Path:
    """Exists once the database was migrated; holds the fingerprint of what it was migrated to."""
    return data / "migrated"


def _fingerprint(data: Path, urls: Urls) -> str:
    """Of everything that decides what migrating would do: our migrations and settings, the packages' versions, and which database it is."""
    digest = hashlib.sha256(urls.owner.encode())
    version = data / "db" / "PG_VERSION"
    if version.exists():
        digest.update(str(version.stat().st_ctime_ns).encode())
    for path in filter(Path.is_file, _deciding_files()):
        digest.update(os.fsencode(path.name))
        digest.update(path.read_bytes())
    for folder in sys.path:
        if folder.endswith("site-packages") and os.path.isdir(folder):
            digest.update("\n".join(sorted(name for name in os.listdir(folder) if name.endswith(".dist-info"))).encode())
    return digest.hexdigest()


def _deciding_files() -> Iterator[Path]:
    """Row level security is laid from what the models declare, so every file of the apps counts."""
    package = Path(remit.__file__).parent
    yield from sorted((*package.glob("apps/**/*.py"), *package.glob("apps/**/*.sql"), package / "front" / "settings.py"))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.front.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    alias = "owner" if "owner" in settings.DATABASES else "default"
    # Before migrating, whose last step grants the program what it may do with each table.
    call_command("createcachetable", database=alias, verbosity=0)
    call_command("migrate", database=alias, interactive=False, verbosity=0)


if __name__ == "__main__":
    main()
