"""`remit today`: what needs whoever asks, as the first page shows it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from remit.front.commands.acting import acting_options, actor, inside


@click.command()
@acting_options
def command(email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Show what needs you now, by due time, the client's clock first and then your own.

    Exit status: 0 nothing needs you; 1 something does; 2 the installation cannot be opened, or nobody acts.
    """
    with inside(data, demo) as installation:
        from django.http import HttpRequest
        from django.urls import resolve

        from remit.apps.organizations.models import Organization
        from remit.apps.records import clock
        from remit.apps.records.context import reading
        from remit.domain.calendars import zone
        from remit.front.api.today import need_out
        from remit.front.needs import Desk

        by, at = actor(installation, email, organization), clock.now()
        with reading(by, at):
            request = HttpRequest()
            request.by, request.at = by, at  # type: ignore[attr-defined]
            request.resolver_match = resolve(f"/o/{Organization.objects.get(pk=by.organization).reference}/")
            desk = Desk(request)
            found = [need_out(need, desk) for need in desk.needs()]
            own = desk.zone
    if as_json:
        click.echo(json.dumps([each.dict() for each in found], default=str))
    else:
        for each in found:
            clocks = "without a day"
            if each.due_at is not None:
                clocks = f"{each.due_at.astimezone(zone(each.zone)):%Y-%m-%d %H:%M} {each.zone}"
                clocks += "" if each.zone == own else f" ({each.due_at.astimezone(zone(own)):%H:%M} {own})"
            click.echo(f"{each.group:<6} {each.reference or '-':<14} {each.title}: {each.says}  [{clocks}]")
        click.echo(f"{len(found)} in all" if found else "Nothing needs you now.")
    sys.exit(1 if found else 0)
