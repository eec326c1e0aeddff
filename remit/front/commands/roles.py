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


INTRODUCTION = """\
## Scopes: what is read follows from what is granted

Whoever holds a role for the whole organization reads what the organization reads. Whoever holds only narrower ones reads what they reach:

| granted for | reads |
| --- | --- |
| an engagement | that engagement, its work, its invoices and its record |
| a service | the engagements, agreements, briefs, functions and shortlists of that service |
| an entity | the agreements that name it, and of them that entity's months, work, invoices, guests and entries alone |
| nothing | their own seat, and what every organization sees of the market |

It lasts as long as the grant, the membership and the organization's part in it all last, and the database enforces it: each member has reading rights
of their own, laid by triggers from grants, engagements and participations. Colleagues, sites and offered cards are seen by every member. What a
scoped member may do is what the table says, in places that their grants cover.

## Personal matters

Payroll, health and other personal data are closed to everybody who was not granted them, administrators too. What is personal is declared by the
service line (`holds` of its questions and slots). Once both have signed such an agreement, taking part opens nothing any more: the engagement, its
work, invoices, files, packs and its record are read by members with a grant of that engagement or of its service, and sealed by the organization's
own jobs. Whoever signs, and of the provider the person who answers for the work, is granted reading with the signature. From then on a signatory who
reads it lets others in on the engagement's page “Access”; an administrator can grant the service, not an engagement that they do not read. Every
grant that opens personal matters, and every end of one, stands in the engagement's own log, where both sides find it. What people cost is shown to
those who staff for the whole organization and to themselves.

## Limits

A limit has an amount and a currency, and counts wherever an amount is known: awarding, signing, new prices, accepting and invoicing. Amounts of
another currency exceed every limit: no rate is invented. The refusal names amount, limit, and who may.

## Deputies

A member names who acts for them while they are away, from and until a day, with all of their roles or some; an administrator can do it for somebody
else, but not name themselves, and hands on no personal matters that way. Meanwhile the deputy chooses “act for” in the menu, sends `X-Remit-For:
MAIL` over the API, or `remit act --for MAIL`. They may then do what those roles allow, up to the same limits, and read what those roles open; their
own roles do not count meanwhile. A form that was opened before is not taken. The record names both. Steps stay with the person to whom they are
assigned: a deputy who is to do one is assigned to it and passes the gate. A deputy judges neither their own work nor that of whoever they act for,
names no deputies and grants themselves nothing. Why somebody is away is seen by the two and by whoever named the deputy.

## Several organizations

One log-in may act for several organizations. The address says for which, so two tabs can be two organizations; roles, readings and deputies of one
are nothing in another.""".splitlines()


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
        *INTRODUCTION,
        "",
        "## The table",
        "",
        *(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]),
        "",
        "| Action | What it does |",
        "| --- | --- |",
        *(f"| `{name}` | {ACTIONS[name].says} |" for name in table),
    ]
    return "\n".join(lines) + "\n"
