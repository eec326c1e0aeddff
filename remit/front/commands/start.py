"""`remit start`: the real installation, empty at first, and what it shares with `remit run`."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

DATA = click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the installation.")


def serving_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--data, --host, --port, --browser and --json."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Say each step as one JSON object a line: its `event`, and what belongs to it."),
        click.option("--browser/--no-browser", default=True, help="Open a browser where there is a display."),
        click.option("--port", type=click.IntRange(1, 65535), help="8000 or, where that is taken, the next free one."),
        click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; the loopback alone by default."),
        DATA,
    ):
        command = option(command)
    return command


@click.command()
@serving_options
def command(data: Path | None, host: str, port: int | None, browser: bool, as_json: bool) -> None:
    """Serve the real installation; prints the first administrator's one-time code while it has no user."""
    open_installation(data, False, host, port, browser, as_json)


def open_installation(data: Path | None, is_demo: bool, host: str, port: int | None, opens_browser: bool, as_json: bool) -> None:
    """Serves until Ctrl-C. Ends with status 1 when Remit could not be opened, and says why on standard error."""
    from remit.formats import rules as rule_files
    from remit.formats.mail.servers import NotMailSettings, mail_settings
    from remit.front.commands.rules import faults_as_text
    from remit.front.installation.keeper import KeeperFailed
    from remit.front.installation.layout import InstallationUnusable, installation
    from remit.front.installation.migration import MigrationFailed
    from remit.front.installation.service_user import NoServiceUser
    from remit.front.installation.serving import NoPort, NotServing, ServesAlready, is_free, serve

    say = say_as_json if as_json else say_in_words
    if not is_free(host, 0):
        click.echo(f"This machine has no address {host}.", err=True)
        sys.exit(1)
    if port and not is_free(host, port):
        click.echo(f"Port {port} on {host} is taken, or this user may not open it.", err=True)
        sys.exit(1)
    try:
        mail_settings({} if is_demo else os.environ)
    except NotMailSettings as faults:
        click.echo(str(faults), err=True)
        sys.exit(2)
    place = installation(data, is_demo)
    try:
        rule_files.installed(place.data / "rules")
    except rule_files.Broken as broken:
        for line in faults_as_text(broken.file, broken.faults):
            click.echo(line, err=True)
        sys.exit(2)
    if is_demo and host not in ("127.0.0.1", "::1", "localhost"):
        click.echo("Mind: anyone who reaches this address can log in to the demonstration.", err=True)
    try:
        serve(place, port, host, opens_browser=opens_browser, say=say)
    except ServesAlready as already:
        say("serves_already", f"Remit already serves this installation at {already}", address=str(already))
    except (KeeperFailed, InstallationUnusable, MigrationFailed, NoPort, NotServing, NoServiceUser) as failure:
        click.echo(str(failure), err=True)
        sys.exit(1)


def say_in_words(event: str, words: str, **facts: object) -> None:
    if words:
        click.echo(words)


def say_as_json(event: str, words: str, **facts: object) -> None:
    click.echo(json.dumps({"event": event, **facts}))
