"""`remit backup`, and how backup and restore come by the passphrase."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from remit.front.commands.start import DATA

SHORTEST = 12
PASSPHRASE_FILE = click.option(
    "--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File whose first line is the passphrase; else REMIT_PASSPHRASE."
)


def backup_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object."), PASSPHRASE_FILE, DATA):
        command = option(command)
    return command


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--demo", is_flag=True, help="The demonstration instead of the real installation.")
@backup_options
def command(file: Path, demo: bool, data: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Put database, files and keys into one FILE, encrypted under a passphrase. Remit may run meanwhile.

    Whoever has the file and the passphrase has everything; without the passphrase nobody has anything.
    """
    from remit.front.installation.backup import BackupFailed, make
    from remit.front.installation.keeper import KeeperFailed
    from remit.front.installation.layout import InstallationUnusable, installation

    if file.exists():
        refuse(f"{file}: is there already; a backup overwrites nothing")
    try:
        manifest = make(installation(data, demo), file, read_passphrase(passphrase_file, confirms=True))
    except (BackupFailed, InstallationUnusable, KeeperFailed) as failure:
        refuse(str(failure))
    size = file.stat().st_size
    if as_json:
        click.echo(json.dumps({"file": str(file), "bytes": size, **manifest.__dict__}))
    else:
        click.echo(f"{file}: {size:,} bytes, made at {manifest.made_at}")


def read_passphrase(file: Path | None, confirms: bool) -> str:
    """From the file, REMIT_PASSPHRASE or the terminal; a new one has at least SHORTEST characters."""
    if file:
        passphrase = (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    else:
        passphrase = os.environ.get("REMIT_PASSPHRASE", "")
    if not passphrase:
        if not sys.stdin.isatty():
            refuse("no passphrase: set REMIT_PASSPHRASE or give --passphrase-file")
        passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirms)
    if confirms and len(passphrase) < SHORTEST:
        refuse(f"the passphrase is too short: at least {SHORTEST} characters")
    return passphrase


def refuse(what: str) -> NoReturn:
    click.echo(what, err=True)
    sys.exit(2)
