"""`remit period`: a month on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from remit.front.commands.acting import acting_options, actor, carry_out, fail, inside


@click.group()
def command() -> None:
    """Months of an engagement: where they stand, what blocks them, closing, opening again, sealing."""


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


KEY = click.option("--key", default="", help="Idempotency key: a repetition under the same key is done once.")


@command.command()
@click.argument("reference", metavar="PERIOD")
@KEY
@acting_options
def close(reference: str, key: str, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Close a month for the client: nothing more may be added. The program seals it then by itself.

    Exit status: 0 closed; 1 refused, with everything that blocks it; 2 it is not to be found.
    """
    _act("close_period", {"period": reference}, key, email, organization, data, demo, as_json)


@command.command()
@click.argument("reference", metavar="PERIOD")
@click.option("--reason", required=True, help="Why; every party sees it.")
@KEY
@acting_options
def reopen(reference: str, reason: str, key: str, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Open a closed month again, for the client; both seals are kept.

    Exit status: 0 open; 1 refused; 2 it is not to be found.
    """
    _act("reopen_period", {"period": reference, "reason": reason}, key, email, organization, data, demo, as_json)


@command.command()
@click.argument("reference", metavar="PERIOD")
@KEY
@acting_options
def seal(reference: str, key: str, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Seal a closed month at once and give its pack to every party, where the program did not do it yet.

    Exit status: 0 sealed; 1 refused: not closed, or sealed already; 2 it is not to be found, or not under a signed checkpoint yet.
    """
    _act("seal_period", {"period": reference}, key, email, organization, data, demo, as_json)
    _act("give_pack", {"period": reference}, f"{key}-pack" if key else "", email, organization, data, demo, as_json)


def _act(name: str, values: dict[str, str], key: str, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    with inside(data, demo) as installation:
        from remit.apps.organizations.acting import ACTIONS

        carry_out(ACTIONS[name], values, actor(installation, email, organization), key=key, as_json=as_json)
