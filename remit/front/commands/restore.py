"""`remit restore`: an installation from a backup."""

import json
import sys
from pathlib import Path

import click

from remit.front.commands.backup import backup_options, read_passphrase, refuse


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--checkpoint", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A later checkpoint, kept elsewhere, that the record must contain."
)
@backup_options
def command(file: Path, checkpoint: Path | None, data: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Make an installation of the backup FILE, in a new or empty folder, and compare its record with the last checkpoint.

    Ends with 1 when the record does not contain that checkpoint: then it is older, or was changed.
    """
    from remit.front.installation.backup import RestoreFailed, restore
    from remit.front.installation.keeper import KeeperFailed
    from remit.front.installation.layout import InstallationUnusable, installation
    from remit.front.installation.sealed import Unopenable

    folder = installation(data, False).data
    try:
        restored = restore(file, read_passphrase(passphrase_file, confirms=False), folder, checkpoint)
    except Unopenable as failure:
        refuse(f"{file}: {failure}")
    except (RestoreFailed, InstallationUnusable, KeeperFailed, OSError) as failure:
        refuse(str(failure))
    if as_json:
        click.echo(json.dumps({"data": str(folder), **restored.manifest.__dict__, "compared": restored.is_compared, "disagreement": restored.disagreement}))
    else:
        click.echo(f"{folder}: restored, as of {restored.manifest.made_at}")
        if restored.disagreement:
            click.echo(f"The record does not agree with the last checkpoint: {restored.disagreement}")
        else:
            click.echo("The record contains the last checkpoint." if restored.is_compared else "There is no checkpoint to compare the record with.")
    sys.exit(1 if restored.disagreement else 0)
