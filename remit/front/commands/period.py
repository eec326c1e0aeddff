"""`remit period`: a month on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from remit.front.commands.acting import acting_options, actor, fail, inside


@click.group()
def command() -> None:
    """Months of an engagement: where they stand and what blocks them."""


@command.command()
@click.argument("reference", metavar="PERIOD")
@acting_options
def show(reference: str, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Show a month (PR-7K3F-9QXM): state, seal, invoices, and what blocks closing, in order.

    Exit status: 0 nothing blocks it; 1 something does; 2 it is not to be found.
    """
    with inside(data, demo) as installation:
        from remit.apps.records import clock
        from remit.apps.records.context import reading
        from remit.apps.work.models import Period
        from remit.front.api.work import period_rows

        by, at = actor(installation, email, organization), clock.now()
        with reading(by, at):
            found = period_rows(Period.objects.filter(reference=reference))
    if not found:
        fail(f"{reference}: there is nothing here by that name that you may see")
    period = found[0]
    if as_json:
        click.echo(json.dumps(period.dict(), default=str))
    else:
        click.echo(f"{period.reference}  {period.begins_on:%Y-%m}  {period.entity}  {period.state}")
        if period.sealed_at:
            click.echo(f"sealed {period.sealed_at:%Y-%m-%d %H:%M} UTC over {period.log_size} entries")
        for number in period.invoices:
            click.echo(f"invoice {number}")
        for wait in period.waits:
            click.echo(f"blocks: {wait.code}: {wait.says} needed {wait.needed_at:%Y-%m-%d %H:%M %Z}")
    sys.exit(1 if period.waits else 0)
