"""`remit leave`: leave from a calendar or sheet."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from remit.front.commands.acting import acting_options, actor, fail, fail_input, inside, said, say_refused


@click.group()
def command() -> None:
    """Leave of the organization's people (docs/time.md)."""


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--person", default="", metavar="PE-…", help="All of it is theirs, as of a calendar of their own.")
@click.option("--preview", is_flag=True, help="Show what would be entered, and enter nothing.")
@acting_options
def import_(file: Path, person: str, preview: bool, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Take in leave from iCalendar (ICS), CSV or XLSX, all or nothing; what is here already is known again.

    Exit status: 0 taken in, or nothing would stop it; 1 refused, or nothing is new; 2 a line cannot be read: FILE:LINE: column: why.
    """
    try:
        content = file.read_bytes()
    except OSError as problem:
        fail(f"{file}: {problem.strerror}")
    with inside(data, demo) as installation:
        from remit.apps.organizations.acting import BadInput, Refused, Upload
        from remit.apps.organizations.references import key_of
        from remit.apps.people import leave, leave_actions
        from remit.apps.records import clock
        from remit.apps.records.context import reading

        by, at = actor(installation, email, organization), clock.now()
        result: Any = None
        try:
            upload = Upload.of(file.name, content)
            brought = leave.read_upload(upload, at)
            with reading(by, at):
                whose = key_of(person) if person else None
                plan = leave.plan(by, at, brought, whose)
            if plan.errors:
                _fail_plan(plan, file, as_json)
            if not preview and (plan.new or plan.gone):
                draft = leave_actions.bring_leave(by=by, at=at, file=upload)
                result = draft if isinstance(draft, Refused) else leave_actions.import_leave(by=by, at=at, draft=draft.id, person=whose)
        except BadInput as bad:
            fail_input(str(file), bad)
    if isinstance(result, Refused):
        click.echo(json.dumps({"refused": [said(reason) for reason in result.reasons]})) if as_json else say_refused(result)
        sys.exit(1)
    counts = {"new": len(plan.new), "known": len(plan.rows) - len(plan.new), "gone": len(plan.gone)}
    if as_json:
        click.echo(json.dumps(counts | {"problems": [_problem(each) for each in plan.problems]} | ({"entry": str(result.entry)} if result else {})))
    else:
        for each in plan.new:
            click.echo(f"new   {each.person.name}  {each.during.lower:%Y-%m-%d %H:%M %Z} – {each.during.upper:%Y-%m-%d %H:%M %Z}")
        for gone in plan.gone:
            click.echo(f"gone  {gone.person.name}  {gone.during.lower:%Y-%m-%d %H:%M %Z}")
        for left_out in plan.problems:
            click.echo(f"note  {_problem(left_out)['says']}")
        click.echo(f"{counts['new']} new, {counts['known']} here already, {counts['gone']} withdrawn")
    sys.exit(0 if plan.new or plan.gone else 1)


def _fail_plan(plan: Any, file: Path, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"problems": [_problem(each) for each in plan.problems]}))
    for each in plan.errors:
        where = ":".join(str(part) for part in (file, each.line) if part)
        click.echo(": ".join(part for part in (where, each.column, _problem(each)["says"]) if part), err=True)
    sys.exit(2)


def _problem(each: Any) -> dict[str, Any]:
    return {"line": each.line, "column": each.column, "is_error": each.is_error} | said(each.reason)
