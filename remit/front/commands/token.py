"""`remit token`: make, list and revoke one's own API tokens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from remit.front.commands.acting import acting_options, actor, fail, fail_input, inside, say_refused


@click.group()
def command() -> None:
    """API tokens: each acts as you, within its scopes, until it ends or is revoked."""


@command.command()
@click.option("--name", required=True, help="What it is for.")
@click.option("--scope", "scopes", multiple=True, default=("read",), show_default=True, help="read, * or an action's name; may be given several times.")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True)
@acting_options
def make(name: str, scopes: tuple[str, ...], days: int, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Make a token and print it, this once."""
    with inside(data, demo) as installation:
        from remit.apps.organizations.acting import BadInput
        from remit.apps.organizations.tokens import issue_token
        from remit.apps.records import clock

        try:
            secret, done = issue_token(by=actor(installation, email, organization), at=clock.now(), name=name, scopes=list(scopes), days=days)
        except BadInput as bad:
            fail_input("token", bad)
    click.echo(json.dumps({"token": secret, "id": str(done.id), "entry": str(done.entry)}) if as_json else secret)


@command.command("list")
@acting_options
def list_tokens(email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Your tokens for the organization, newest first; never the tokens themselves."""
    with inside(data, demo) as installation:
        from remit.apps.organizations.models import ApiToken

        by = actor(installation, email, organization)
        found = [_plain(token) for token in ApiToken.objects.filter(user=by.user, organization=by.organization).order_by("-created_at")]
    if as_json:
        click.echo(json.dumps({"tokens": found}))
        return
    for token in found:
        end = f"revoked {token['revoked_at'][:10]}" if token["revoked_at"] else f"until {token['expires_at'][:10]}"
        click.echo(f"{token['id']}  {end:18}  {' '.join(token['scopes'])}  {token['name']}")
    if not found:
        click.echo("No tokens.")


@command.command()
@click.argument("token", type=click.UUID)
@acting_options
def revoke(token: Any, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Revoke a token by its id; from then on it opens nothing."""
    with inside(data, demo) as installation:
        from remit.apps.organizations.acting import BadInput, Refused
        from remit.apps.organizations.tokens import revoke_token
        from remit.apps.records import clock

        try:
            result = revoke_token(by=actor(installation, email, organization), at=clock.now(), token=token)
        except BadInput:
            fail(f"token: {token}: there is no such token of yours, or it was revoked")
        if isinstance(result, Refused):
            say_refused(result)
            raise SystemExit(1)
    click.echo(json.dumps({"revoked": str(token), "entry": str(result.entry)}) if as_json else "Revoked.")


def _plain(token: Any) -> dict[str, Any]:
    return {
        "id": str(token.id),
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at.isoformat(),
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }
