"""`remit run`: the demonstration, built once and then kept."""

from pathlib import Path

import click

from remit.front.commands.start import open_installation, serving_options


@click.command()
@serving_options
def command(data: Path | None, host: str, port: int | None, browser: bool, as_json: bool) -> None:
    """Serve the demonstration market; the first time it is built while the front page is already open."""
    open_installation(data, True, host, port, browser, as_json)
