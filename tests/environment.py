"""The environment of programs that tests start."""

from __future__ import annotations

import os


def bare() -> dict[str, str]:
    """Without Remit's settings, Django's and a named database; which PostgreSQL is run stays as it was chosen."""
    dropped = ("REMIT_", "DJANGO_", "DATABASE_URL")
    return {name: value for name, value in os.environ.items() if name == "REMIT_POSTGRES_BIN" or not name.startswith(dropped)}
