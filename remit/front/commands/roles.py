"""`remit roles`: which role may do which action, from the registry of actions; the text is docs/roles.md."""

from __future__ import annotations

import json
import os

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def command(as_json: bool) -> None:
    """Who may do what: every action with the roles of which one is needed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.front.settings")
    import django

    django.setup()
    table = roles_by_action()
    click.echo(json.dumps({"actions": table}) if as_json else markdown(table), nl=as_json)


def roles_by_action() -> dict[str, list[str]]:
    """Roles by action; an empty list: any member."""
    from remit.apps.organizations.acting import ACTIONS

    return {name: list(ACTIONS[name].roles) for name in sorted(ACTIONS)}


def markdown(table: dict[str, list[str]]) -> str:
    """The table of docs/roles.md."""
    from remit.apps.organizations.acting import ACTIONS
    from remit.apps.organizations.models.access import ROLES

    head = ["Action", *ROLES]
    rows = [[f"`{name}`", *("yes" if role in roles or not roles else "" for role in ROLES)] for name, roles in table.items()]
    lines = [
        "# Roles and actions",
        "",
        "Made by `remit roles > docs/roles.md` from the actions themselves; a test compares the two.",
        "",
        "A role is a dated grant with a scope (the organization, an entity, an engagement, a field) and, for money, a limit. An action needs one of",
        "the roles marked in its row, in a scope that covers what it touches; where every role is marked, any member may. Whoever lacks the role is",
        "refused with `role.missing`, and the refusal is an entry of the record. Above the table stand the gate, four eyes, limits and walls.",
        "",
        *(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]),
        "",
        "| Action | What it does |",
        "| --- | --- |",
        *(f"| `{name}` | {ACTIONS[name].says} |" for name in table),
    ]
    return "\n".join(lines) + "\n"
