"""`remit stop`: ends the server of an installation from elsewhere."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import click

from remit.front.commands.start import DATA

WAIT_S = 30.0


@click.command()
@DATA
@click.option("--demo", is_flag=True, help="The demonstration instead of the real installation.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def command(data: Path | None, demo: bool, as_json: bool) -> None:
    """Stop the server of an installation that runs in the background or in another terminal."""
    from remit.front.installation.layout import installation
    from remit.front.installation.serving import serving_process

    folder = installation(data, demo).data
    process = serving_process(folder)
    if process is not None:
        os.kill(process, signal.SIGTERM)
        deadline = time.monotonic() + WAIT_S
        while serving_process(folder) == process:
            if time.monotonic() > deadline:
                click.echo(f"The server (process {process}) has not ended after {WAIT_S:.0f} seconds.", err=True)
                sys.exit(1)
            time.sleep(0.1)
    if as_json:
        click.echo(json.dumps({"data": str(folder), "stopped": process is not None}))
    else:
        click.echo("Stopped." if process is not None else "Remit does not run there.")
