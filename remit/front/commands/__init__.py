"""The command line: each command is one module here, imported when it is called."""

import importlib
from typing import cast

import click

COMMANDS = {
    "run": "Serve the demonstration.",
    "start": "Serve the real installation.",
    "stop": "Stop a server that runs elsewhere.",
    "backup": "Put a whole installation into one encrypted file.",
    "restore": "Make an installation from a backup.",
    "origin": "The name of an installation's logs, and a new one.",
    "login": "Sign in for the commands that work on data.",
    "token": "Make, list and revoke API tokens.",
    "mail": "Try the mail servers out.",
    "act": "Carry out any action.",
    "roles": "Which role may do what.",
    "notice": "Read procurement notices.",
    "statement": "Check bank statements.",
    "reconcile": "Reconcile a bank statement with a ledger.",
    "invoice": "Check e-invoices.",
    "memo": "Check the citations and quotations of a legal memo.",
    "gate": "Who may do what, and every reason why not.",
    "rules": "The law of a place as rule files.",
    "hours": "The hours that two places share.",
    "screenshots": "Pictures of pages, with an accessibility check.",
    "people": "People from a sheet.",
    "takeover": "Take over running relations.",
    "today": "What needs you now.",
    "period": "Months of an engagement.",
    "time": "Time: timer, entries, exports of time tools.",
    "leave": "Leave from a calendar or sheet.",
    "pack": "Export evidence packs.",
}
"""Module in this folder, to one line of help; the help page needs no import."""


class Commands(click.Group):
    """A group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"{__name__}.{cmd_name.replace('-', '_')}")
        return cast(click.Command, module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="remit")
def main() -> None:
    """Outsourced professional work on one record.

    Exit status: 0 read and holds; 1 read, and a check fails; 2 cannot be read as what it is given as.
    """
