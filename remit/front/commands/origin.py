"""`remit origin`: the name by which an installation's logs are known, and another one after a restore that lacks what was signed."""

import json
from pathlib import Path

import click

from remit.front.commands.backup import refuse
from remit.front.commands.start import DATA

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")


@click.group()
def command() -> None:
    """The name by which an installation's logs are known in the world."""


@command.command()
@DATA
@AS_JSON
def show(data: Path | None, as_json: bool) -> None:
    """Say the name, and those before it."""
    from remit.front.installation.layout import installation

    folder = installation(data, False).data
    if not (folder / "origin").exists():
        refuse(f"there is no installation in {folder}")
    origin = (folder / "origin").read_text().strip()
    file = folder / "origins"
    before = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    if as_json:
        click.echo(json.dumps({"origin": origin, "before": before}))
        return
    click.echo(origin)
    for each in before:
        click.echo(f"until {each['until']}: {each['origin']}")


@command.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@DATA
@AS_JSON
def renew(yes: bool, data: Path | None, as_json: bool) -> None:
    """Go on under a new name after a restore that lacks what was signed.

    Whoever holds checkpoints or packs of the old name keeps them: they verify as before, up to where they reach, and nothing will ever be signed
    under that name again. Give everybody the new name and say why. Entries signed after the backup are lost here and stand only in the packs given.
    """
    from remit.front.installation.keeper import KeeperFailed
    from remit.front.installation.layout import InstallationUnusable, installation
    from remit.front.installation.migration import MigrationFailed
    from remit.front.installation.renewal import NotRenewed, renew

    held = installation(data, False)
    if not yes:
        click.confirm(f"Sign nothing more under the present name of {held.data}, and go on under a new one?", abort=True)
    try:
        renewed = renew(held)
    except (NotRenewed, InstallationUnusable, KeeperFailed, MigrationFailed) as failure:
        refuse(str(failure))
    if as_json:
        click.echo(json.dumps({"data": str(held.data), **renewed.__dict__}))
    else:
        click.echo(f"{renewed.new}: goes on from here, as {renewed.logs} logs say now. {renewed.old}: nothing more is signed under this name.")
