"""What commands on data share: which installation, who acts, and how an action's result is said."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from remit.front.commands.start import DATA

if TYPE_CHECKING:
    from remit.apps.organizations.acting import Action, BadInput, Refused
    from remit.apps.records.context import By
    from remit.domain.reasons import Reason
    from remit.front.installation.layout import Installation
    from remit.front.seats import Seat

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
DEMO = click.option("--demo", is_flag=True, help="The demonstration instead of the real installation.")
ORGANIZATION = click.option("--organization", metavar="OR-…", default="", help="For which organization, where the log-in has several.")


def installation_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--data, --demo and --json."""
    return DATA(DEMO(AS_JSON(command)))


def acting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Those, and who acts."""
    email = click.option("--as", "email", metavar="MAIL", default="", help="In the demonstration only: act as this made-up user.")
    return installation_options(email(ORGANIZATION(command)))


@contextlib.contextmanager
def inside(data: Path | None, demo: bool) -> Iterator[Installation]:
    """Inside the installation; ends with status 2, and the reason on standard error, where it cannot be opened."""
    from remit.front.installation.joined import NoInstallation, joined
    from remit.front.installation.keeper import KeeperFailed
    from remit.front.installation.layout import InstallationUnusable
    from remit.front.installation.migration import MigrationFailed

    with contextlib.ExitStack() as stack:
        try:
            opened = stack.enter_context(joined(data, demo))
        except (NoInstallation, InstallationUnusable, KeeperFailed, MigrationFailed) as failure:
            fail(str(failure))
        yield opened


def actor(installation: Installation, email: str = "", organization: str = "", away: str = "") -> By:
    """Who acts: in the demonstration by --as, else by the token of `remit login` or REMIT_TOKEN; `away`: for whom as deputy.

    Ends with status 2 where nobody does.
    """
    from remit.front.api.tokens import holder

    if email:
        if not installation.is_demo:
            fail("--as exists in the demonstration only: sign in with “remit login”")
        return seat_of(email, organization, away)
    token = os.environ.get("REMIT_TOKEN") or kept_token(installation)
    if not token:
        fail("nobody is signed in: use “remit login”, or set REMIT_TOKEN")
    found = holder(token)
    if found is None:
        fail("the token is unknown, expired or revoked: sign in again with “remit login”")
    by, seat = found
    if organization and organization != seat.reference:
        fail(f"the token acts for {seat.reference}, not for {organization}")
    return replace(by, door="command", **instead_of(seat, away))


def carry_out(action: Action, values: Mapping[str, Any], by: By, *, key: str = "", as_json: bool = False) -> None:
    """Do it and say what came of it. Within an installation; ends with status 1 where it was refused, 2 where no action can take the input."""
    from remit.apps.organizations.acting import BadInput, Refused
    from remit.apps.organizations.references import resolved
    from remit.apps.records import clock

    at = clock.now()
    try:
        result = action(by=by, at=at, key=key, **action.parse(resolved(action, values, by, at)))
    except BadInput as bad:
        fail_input(action.name, bad)
    if isinstance(result, Refused):
        if as_json:
            click.echo(json.dumps({"refused": [said(reason) for reason in result.reasons], "entry": str(result.entry)}))
        else:
            say_refused(result)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps({"kind": result.kind, "id": str(result.id), "reference": result.reference, "entry": str(result.entry)}))
    else:
        click.echo(f"done: {result.kind} {result.reference or result.id}\nentry {result.entry}")


def instead_of(seat: Seat, away: str) -> dict[str, Any]:
    """What acting for a member who is away changes; ends with status 2 where the seat may not act for them now."""
    from remit.front.seats import standing_in

    if not away:
        return {}
    found = seat.instead(away)
    if found is None:
        fail(f"{seat.member_name} is not the deputy of {away} now: they are not away, or named somebody else")
    return standing_in(found)


def seat_of(email: str, organization: str = "", away: str = "") -> By:
    """The seat of a log-in; ends with status 2 where it has none, or several and none was named."""
    from remit.apps.organizations.models import User
    from remit.front.seats import seats

    user = User.objects.filter(email__iexact=email, is_active=True).first()
    found = [seat for seat in seats(user.id) if organization in ("", seat.reference)] if user else []
    if not found:
        fail(f"{email} acts for no such organization here")
    if len(found) > 1:
        fail("name one with --organization: " + ", ".join(f"{seat.reference} ({seat.name})" for seat in found))
    seat = found[0]
    assert user is not None
    return seat.by("command", user.id, **instead_of(seat, away))


def token_file(installation: Installation) -> Path:
    """Where the token for an installation is kept: in the user's own configuration, one file an installation."""
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "remit" / "tokens"
    return base / hashlib.sha256(os.fsencode(installation.data)).hexdigest()[:16]


def kept_token(installation: Installation) -> str:
    """The token kept by `remit login`, or nothing."""
    try:
        return token_file(installation).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def keep_token(installation: Installation, token: str) -> Path:
    """Readable by this user alone."""
    from remit.front.installation.layout import write_durably

    file = token_file(installation)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(file, f"{token}\n".encode())
    return file


def said(reason: Reason) -> dict[str, str]:
    """A reason as plain words for JSON."""
    from remit.formats.words import Words

    words = Words("en")
    cure = words.reason(reason.cure) if reason.cure else ""
    return {"code": reason.code, "says": words.reason(reason), "rule": reason.rule_id, "source": reason.rule_source, "cure": cure}


def say_refused(refused: Refused) -> None:
    """All reasons, on standard output."""
    for reason in map(said, refused.reasons):
        source = f" ({', '.join(filter(None, (reason['rule'], reason['source'])))})" if reason["rule"] or reason["source"] else ""
        click.echo(f"refused: {reason['code']}: {reason['says']}{source}" + (f" {reason['cure']}" if reason["cure"] else ""))
    click.echo(f"entry {refused.entry}")


def fail_input(what: str, bad: BadInput) -> NoReturn:
    """Every field at fault, on standard error."""
    fail_fields(what, {field: [said(reason)["says"] for reason in reasons] for field, reasons in bad.errors.items()})


def fail_fields(what: str, errors: Mapping[str, list[str]]) -> NoReturn:
    """`WHAT: field: message`, a line each; status 2."""
    for field, messages in errors.items():
        for message in messages:
            click.echo(f"{what}: {field}: {message.removeprefix(f'{field}: ')}", err=True)
    sys.exit(2)


def fail(message: str) -> NoReturn:
    """Status 2, and why on standard error."""
    click.echo(message, err=True)
    sys.exit(2)
