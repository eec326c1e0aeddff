"""`remit mail`: whether the mail servers that the settings name can be used."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import click

from remit.formats.mail.servers import ADDRESS, NotMailSettings, mail_settings
from remit.formats.words import Words
from remit.front.commands.acting import AS_JSON, fail

if TYPE_CHECKING:
    from remit.apps.organizations.mailing.trying import Tried


@click.group()
def command() -> None:
    """Mail: the servers named by REMIT_MAIL_URL and REMIT_MAILBOX_URL (docs/mail.md)."""


@command.command()
@click.option("--to", default="", metavar="ADDRESS", help="Whom the test mail goes to; by default the address that mails come from.")
@AS_JSON
def test(to: str, as_json: bool) -> None:
    """Send a test mail and look into the mailbox, with the settings of this shell; no installation is needed.

    Status 0: what is set up works; 1: something does not, and why; 2: nothing is set up, or the settings cannot be read.
    """
    from remit.apps.organizations.mailing import trying

    try:
        settings = mail_settings(os.environ)
    except NotMailSettings as faults:
        fail(str(faults))
    if settings.smtp is None:
        fail("REMIT_MAIL_URL: no mail is set up: what would be sent stands in the outbox")
    if to and ADDRESS.fullmatch(to) is None:
        fail(f"--to: {to!r} is no mail address")
    tried = {"sending": trying.try_sending(settings, to or settings.sender)}
    if settings.mailbox is not None:
        tried["receiving"] = trying.try_receiving(settings)
    words = Words("en")
    if as_json:
        click.echo(json.dumps({name: _plain(found, words) for name, found in tried.items()}))
    else:
        for name, found in tried.items():
            click.echo(f"{name}: {'works' if found.works else 'does not work'}: {words.reason(found.reason)}")
        if settings.mailbox is None:
            click.echo("receiving: not set up (REMIT_MAILBOX_URL)")
    sys.exit(0 if all(found.works for found in tried.values()) else 1)


def _plain(found: Tried, words: Words) -> dict[str, object]:
    return {"works": found.works, "code": found.reason.code, "says": words.reason(found.reason)}
