"""`remit login`: keep a token for an installation, so that later commands act by it."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from remit.front.commands.acting import ORGANIZATION, fail, fail_input, inside, installation_options, keep_token, said, seat_of

if TYPE_CHECKING:
    from uuid import UUID

    from remit.apps.records.context import By


@click.command()
@click.option("--token", default="", help="A token made on the page or by “remit token make”.")
@click.option("--mail", default="", help="Or: your mail address; the password is asked for, or read from REMIT_PASSWORD.")
@click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True, help="How long the token made for a mail address lives.")
@click.option("--scope", "scopes", multiple=True, default=("*",), show_default=True, help="What it may do: read, * or an action; may be given several times.")
@click.option("--code", default="", help="With --mail: what your authenticator app shows, if you have set one up; else it is asked for.")
@ORGANIZATION
@installation_options
def command(token: str, mail: str, code: str, days: int, scopes: tuple[str, ...], organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Sign in for the commands that work on data. The token is kept for this user alone (mode 0600), one an installation."""
    if bool(token) == bool(mail):
        fail("give either --token or --mail")
    with inside(data, demo) as installation:
        from remit.apps.organizations.acting import BadInput
        from remit.apps.organizations.tokens import issue_token
        from remit.apps.records import clock
        from remit.front.api.tokens import holder

        if mail:
            by = _signed_in(mail, organization, code)
            try:
                token, _done = issue_token(by=by, at=clock.now(), name=f"Command line on {socket.gethostname()}"[:80], scopes=list(scopes), days=days)
            except BadInput as bad:
                fail_input("login", bad)
        found = holder(token)
        if found is None:
            fail("the token is unknown, expired or revoked")
        kept = keep_token(installation, token)
        by, reference = found
    if as_json:
        click.echo(json.dumps({"name": by.name, "organization": reference, "file": str(kept)}))
    else:
        click.echo(f"Signed in as {by.name} for {reference}; the token is kept in {kept}")


def _signed_in(mail: str, organization: str, code: str) -> By:
    """By mail address and password, and the second factor of whoever has one, with the same limits on failures as on the page."""
    from axes.handlers.proxy import AxesProxyHandler
    from django.contrib.auth import authenticate
    from django.http import HttpRequest

    password = os.environ.get("REMIT_PASSWORD", "")
    if not password:
        if not sys.stdin.isatty():
            fail("no password: set REMIT_PASSWORD, or run this in a terminal")
        password = click.prompt("Password", hide_input=True)
    request = HttpRequest()
    request.method, request.path = "POST", "/remit/login"
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    credentials = {"login": mail}
    if not AxesProxyHandler.is_allowed(request, credentials):
        fail("too many failures to sign in: try again in a quarter of an hour")
    user = authenticate(request, email=mail, login=mail, password=password)
    if user is None:
        fail("mail address and password do not belong together")
    _second_step(user.pk, code)
    return seat_of(mail, organization)


def _second_step(user: UUID, code: str) -> None:
    from django.db import transaction

    from remit.apps.organizations import factors
    from remit.domain.reasons import Reason

    if not factors.holds_second(user):
        return
    if not code:
        if not sys.stdin.isatty():
            fail("this log-in has a second factor: give --code, or make a token on the page")
        code = click.prompt("Code of your authenticator app")
    with transaction.atomic():
        shown = factors.by_code(user, code, "command")
    if isinstance(shown, Reason):
        why = said(shown)
        fail(f"{why['says']} {why['cure']}".strip())
