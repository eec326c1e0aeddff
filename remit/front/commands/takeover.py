"""`remit takeover`: running relations taken over from a folder with contracts and sheets."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from remit.front.commands.acting import acting_options, actor, fail, fail_input, inside, said, say_refused

if TYPE_CHECKING:
    from remit.apps.work.takeover.reading import Read
    from remit.domain.line import Finding
    from remit.domain.takeover import Plan

ENDINGS = (".csv", ".xlsx", ".pdf")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--preview", is_flag=True, help="Show what would be made, and make nothing.")
@acting_options
def command(folder: Path, preview: bool, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Take over running relations: the signed contracts (PDF) and the sheets people, prices and calendar (CSV or XLSX) of a folder (docs/takeover.md).

    Exit status: 0 taken over, or nothing would stop it; 1 refused, or all of it is here already; 2 a cell cannot be read: FILE:LINE: column: why.
    """
    if not folder.is_dir():
        fail(f"{folder}: there is no such folder")
    files = sorted(file for file in folder.iterdir() if file.is_file() and file.suffix.lower() in ENDINGS and not file.name.startswith("."))
    if not files:
        fail(f"{folder}: there is no sheet and no contract in it (CSV, XLSX, PDF)")
    run(files, "takeover", preview=preview, email=email, organization=organization, data=data, demo=demo, as_json=as_json)


def run(
    files: Sequence[Path],
    what: Literal["people", "takeover"],
    *,
    preview: bool,
    email: str,
    organization: str,
    data: Path | None,
    demo: bool,
    as_json: bool,
) -> None:
    """Read, plan, show; and without `preview` carry out. Ends with the exit status."""
    contents = {}
    for file in files:
        try:
            contents[file.name] = file.read_bytes()
        except OSError as problem:
            fail(f"{file}: {problem.strerror}")
    with inside(data, demo) as installation:
        from remit.apps.organizations.acting import BadInput, Refused, Upload
        from remit.apps.records import clock
        from remit.apps.records.context import reading
        from remit.apps.work.actions import bring_takeover, import_people, take_over
        from remit.apps.work.takeover.known import known
        from remit.apps.work.takeover.reading import planned, read_all

        by, at = actor(installation, email, organization), clock.now()
        uploads = [Upload.of(name, content) for name, content in contents.items()]
        try:
            read = read_all(uploads)
            with reading(by, at):
                plan = planned(read, known(by, at, read))
            if plan.errors:
                _fail_plan(plan, read, as_json)
            result: Any = None
            if not preview and what == "people":
                result = import_people(by=by, at=at, file=uploads[0])
            elif not preview and not plan.changes_nothing:
                brought = bring_takeover(by=by, at=at, files=uploads)
                result = brought if isinstance(brought, Refused) else take_over(by=by, at=at, takeover=brought.id)
        except BadInput as bad:
            fail_input(what, bad)
    if isinstance(result, Refused):
        click.echo(json.dumps({"refused": [said(reason) for reason in result.reasons], "entry": str(result.entry)})) if as_json else say_refused(result)
        sys.exit(1)
    done = {} if result is None else {"done": result.kind, "reference": result.reference, "entry": str(result.entry)}
    _show(plan, read, done, as_json)
    sys.exit(1 if result is None and plan.changes_nothing else 0)


def _fail_plan(plan: Plan, read: Read, as_json: bool) -> None:
    """Every fault on its line; status 2."""
    from remit.apps.work.takeover.telling import plan_json

    if as_json:
        click.echo(json.dumps(plan_json(plan, read)))
    for line in (_line(each, read) for each in plan.errors):
        click.echo(line, err=True)
    sys.exit(2)


def _line(finding: Finding, read: Read) -> str:
    from remit.apps.work.takeover.telling import finding_json

    row = finding_json(finding, read)
    where = ":".join(str(part) for part in (row["file"], row["line"]) if part)
    return ": ".join(part for part in (where, row["column"], row["says"]) if part)


def _show(plan: Plan, read: Read, done: dict[str, str], as_json: bool) -> None:
    from remit.apps.work.takeover.telling import plan_json

    if as_json:
        click.echo(json.dumps(plan_json(plan, read) | done))
        return
    for name, count in plan.counts().items():
        if count:
            kind, _, state = name.partition(".")
            click.echo(f"{state:9}  {count:5}  {kind.replace('_', ' ')}")
    for each in plan.people:
        if each.changes:
            click.echo(f"changed    {each.row.name}: {', '.join(each.changes)}")
    for finding in plan.findings:
        click.echo(f"note       {_line(finding, read)}")
    if done:
        click.echo(f"done: {done['done']} {done['reference']}\nentry {done['entry']}")
