"""`remit people`: people from a sheet."""

from __future__ import annotations

from pathlib import Path

import click

from remit.front.commands.acting import acting_options
from remit.front.commands.takeover import run

PREVIEW = click.option("--preview", is_flag=True, help="Show what would change, and change nothing.")


@click.group()
def command() -> None:
    """People of the organization (docs/takeover.md)."""


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@PREVIEW
@acting_options
def import_(file: Path, preview: bool, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Add and change people as a sheet says (CSV or XLSX); what is the same stays, so that it may be imported again and again.

    Exit status: 0 done, or nothing would stop it; 1 refused, or nothing differs; 2 a cell cannot be read: FILE:LINE: column: why.
    """
    run([file], "people", preview=preview, email=email, organization=organization, data=data, demo=demo, as_json=as_json)
