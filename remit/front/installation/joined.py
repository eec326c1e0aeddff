"""A command that reads or writes data: inside an installation's running cluster, as the program and with Django ready."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from remit.front.installation.keeper import cluster
from remit.front.installation.layout import Installation, installation
from remit.front.installation.migration import migrate_if_needed
from remit.front.installation.serving import program_environment


class NoInstallation(Exception):
    """Nothing was begun in the folder; the message says how to begin."""


def served_at(found: Installation) -> dict[str, str]:
    """The address that a server of this installation printed, so that links in mails written here lead there."""
    try:
        return {"REMIT_ADDRESS": (found.data / "address").read_text(encoding="utf-8").strip()}
    except OSError:
        return {}


@contextlib.contextmanager
def joined(data: Path | None, demo: bool) -> Iterator[Installation]:
    """Joins the cluster or starts one, and leaves it at the end. Must come before anything imports the settings.

    Raises NoInstallation, InstallationUnusable, KeeperFailed, MigrationFailed.
    """
    found = installation(data, demo)
    if not (found.data / "origin").exists():
        raise NoInstallation(f"there is no installation in {found.data}: begin one with “remit {'run' if demo else 'start'}”, or name its folder with --data")
    found.prepare()
    with cluster(found.data) as urls:
        migrate_if_needed(found, urls)
        # One command is one thread: it needs no pool.
        os.environ.update(served_at(found) | program_environment(found, urls) | {"REMIT_POOL_SIZE": "0"})
        for name in ("REMIT_OWNER_URL", "REMIT_SEQUENCER_URL"):
            os.environ.pop(name, None)
        import django

        django.setup()
        from django.db import connections

        try:
            yield found
        finally:
            connections.close_all()
