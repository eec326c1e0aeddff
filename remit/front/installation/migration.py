"""Bringing a database to the program's version, as its owner, in a process of its own."""

import os
import subprocess
import sys

from remit.front.installation.postgres import Urls
from remit.front.installation.processes import module_command


class MigrationFailed(Exception):
    """The message is what the migration said."""


def migrate(urls: Urls, environment: dict[str, str] | None = None) -> None:
    """Runs Django's migrations over the owner's connection. The caller's own Django, if it is set up, stays untouched."""
    variables = {**os.environ, **(environment or {}), **urls.environment(), "REMIT_PROCESS": "migrate"}
    done = subprocess.run(
        module_command("remit.front.installation.migration"), env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise MigrationFailed((done.stderr or done.stdout).strip())


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.front.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    call_command("migrate", database="owner" if "owner" in settings.DATABASES else "default", interactive=False, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
