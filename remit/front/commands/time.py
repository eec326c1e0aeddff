"""`remit time`: the timer, entries by hand, exports of time tools, and the week on the command line."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remit.front.commands.acting import acting_options, actor, fail, fail_fields, fail_input, inside, said, say_refused

if TYPE_CHECKING:
    from remit.apps.organizations.acting import Done
    from remit.apps.records.context import By
    from remit.apps.work.time_plan import Plan

NOTE = click.option("--note", default="", help="What was done.")


@click.group()
def command() -> None:
    """Time on work items: one timer a person, entries by hand, exports of Toggl, Clockify, Harvest, Kimai and Tempo (docs/time.md)."""


@command.command()
@click.argument("item", metavar="ITEM")
@NOTE
@click.option("--switch", is_flag=True, help="Stop the timer that runs, and keep its time.")
@acting_options
def start(item: str, note: str, switch: bool, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Start your timer on an item (WI-7K3F-9QXM). Exit status: 0 it runs; 1 refused; 2 bad input."""
    _act("start_timer", {"item": item, "note": note, "switch": switch}, email, organization, data, demo, as_json)


@command.command()
@NOTE
@click.option("--at", "ends_at", default="", metavar="TIME", help="When you stopped, as 2027-01-31T17:00:00+01:00; needed after 12 hours.")
@acting_options
def stop(note: str, ends_at: str, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Stop your timer and enter its time. Exit status: 0 entered; 1 refused; 2 bad input, or it ran too long to be believed."""
    _act("stop_timer", {"note": note} | ({"ends_at": ends_at} if ends_at else {}), email, organization, data, demo, as_json)


@command.command()
@acting_options
def discard(email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Let your timer go without entering its time."""
    _act("discard_timer", {}, email, organization, data, demo, as_json)


@command.command()
@click.argument("item", metavar="ITEM")
@click.argument("duration", metavar="DURATION")
@click.option("--on", "done_on", default="", metavar="DAY", help="The day, as 2027-01-31; today where it is left out.")
@NOTE
@click.option("--person", default="", metavar="PE-…", help="Whose time, for a manager; --why is needed then.")
@click.option("--why", default="", help="Why you enter it for them.")
@click.option("--unbilled", "unbilled_why", default="", metavar="WHY", help="It is not billed, and why.")
@acting_options
def add(
    item: str,
    duration: str,
    done_on: str,
    note: str,
    person: str,
    why: str,
    unbilled_why: str,
    email: str,
    organization: str,
    data: Path | None,
    demo: bool,
    as_json: bool,
) -> None:
    """Enter time by hand: DURATION is 1:30, 1.5 or 90min. Exit status: 0 entered; 1 refused; 2 bad input."""
    from remit.formats.durations import duration_min

    minutes = duration_min(duration)
    if not minutes:
        fail(f"{duration}: duration: write 1:30, 1.5 or 90min; a day at most")
    more = {"done_on": done_on, "note": note, "person": person, "why": why, "unbilled_why": unbilled_why}
    _act("enter_time", {"item": item, "minutes": minutes} | {name: value for name, value in more.items() if value}, email, organization, data, demo, as_json)


@command.command()
@click.option("--week", default="", metavar="DAY", help="The week of a day, as 2027-01-31; this one where it is left out.")
@click.option("--everyone", is_flag=True, help="Of everybody, for managers.")
@acting_options
def show(week: str, everyone: bool, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Show a week of time. Exit status: 0; 1 time of days that are over is missing; 2 nobody to show."""
    with inside(data, demo) as installation:
        from remit.apps.people.leave import sees_kinds
        from remit.apps.records import clock
        from remit.apps.records.context import reading
        from remit.apps.work import timesheets
        from remit.front.api.time import time_out

        by, at = actor(installation, email, organization), clock.now()
        begins = timesheets.monday(week, at.date())
        with reading(by, at):
            shown = [person for person in timesheets.people(by, at) if person.id == by.person or (everyone and sees_kinds(by, at))]
            entries = timesheets.of_week(begins, organization=by.organization, person__in=[person.id for person in shown])
            weeks = [timesheets.week_of(person, begins, entries, at) for person in shown]
            rows = [time_out(entry).model_dump(mode="json") for entry in entries]
    if not weeks:
        fail(f"{by.name} is nobody of the organization's people")
    if as_json:
        people = [{"person": each.person.name, "minutes": each.minutes, "expected": each.expected, "missing": each.missing} for each in weeks]
        click.echo(json.dumps({"week": begins.isoformat(), "people": people, "entries": rows}))
    else:
        from remit.formats.durations import clock as hours

        for row in rows:
            state = row["invoice"] or row["unbilled_why"]
            click.echo(f"{row['done_on']}  {hours(row['minutes']):>5}  {row['item']}  {row['person']}  {row['note']}" + (f"  [{state}]" if state else ""))
        for each in weeks:
            missing = f", {hours(each.missing)} missing" if each.missing else ""
            click.echo(f"{each.person.name}: {hours(each.minutes)} of {hours(each.expected)}{missing}")
    sys.exit(1 if any(each.missing for each in weeks) else 0)


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--zone", required=True, metavar="ZONE", help="On whose clock its times are, such as Europe/Sofia.")
@click.option("--dates", type=click.Choice(["day_first", "month_first"]), default=None, help="How dates are written, where the file does not tell.")
@click.option("--map", "mappings", multiple=True, metavar="NAME=ITEM", help="“Client / Project / Task” means the work of that item; kept.")
@click.option("--preview", is_flag=True, help="Show what would be entered, and enter nothing.")
@acting_options
def import_(
    file: Path,
    zone: str,
    dates: str | None,
    mappings: tuple[str, ...],
    preview: bool,
    email: str,
    organization: str,
    data: Path | None,
    demo: bool,
    as_json: bool,
) -> None:
    """Take in an export of a time tool, all of its new rows or none; rows taken in before are known again.

    Exit status: 0 taken in, or nothing would stop it; 1 refused, or nothing is new; 2 a row cannot be entered: FILE:LINE: column: why.
    """
    try:
        content = file.read_bytes()
    except OSError as problem:
        fail(f"{file}: {problem.strerror}")
    with inside(data, demo) as installation:
        from remit.apps.organizations.acting import BadInput, Refused, Upload
        from remit.apps.records import clock
        from remit.apps.records.context import reading
        from remit.apps.work import actions, time_plan
        from remit.domain.calendars import zone_names

        by, at = actor(installation, email, organization), clock.now()
        if zone not in zone_names():
            fail(f"{zone}: zone: it is no time zone")
        result: Any = None
        try:
            for pair in mappings:
                name, _, item = pair.rpartition("=")
                done = _done(by, at, "map_time", {"called": name, "item": item})
                if isinstance(done, Refused):
                    say_refused(done)
                    sys.exit(1)
            upload = Upload.of(file.name, content)
            brought = time_plan.read_upload(upload, dates or "")  # type: ignore[arg-type]
            with reading(by, at):
                plan = time_plan.plan(by, at, brought, zone)
            if plan.errors:
                _fail_plan(plan, file, as_json)
            if not preview and plan.new:
                draft = actions.bring_time(by=by, at=at, file=upload, zone=zone, dates=dates or "")
                result = draft if isinstance(draft, Refused) else actions.import_time(by=by, at=at, draft=draft.id)
        except BadInput as bad:
            fail_input(str(file), bad)
    if isinstance(result, Refused):
        _say(result, as_json)
        sys.exit(1)
    _show(plan, result, as_json)
    sys.exit(0 if plan.new else 1)


def _show(plan: Plan, result: Done | None, as_json: bool) -> None:
    from remit.formats.durations import clock as hours

    counts = plan.counts
    if as_json:
        done = {} if result is None else {"done": result.kind, "reference": result.reference, "entry": str(result.entry)}
        click.echo(json.dumps(counts | {"problems": [_problem(each) for each in plan.problems]} | done))
        return
    for each in plan.new:
        assert each.item is not None
        assert each.person is not None
        click.echo(f"new   {each.row.line:5}  {each.done_on}  {hours(each.row.minutes):>5}  {each.item.reference}  {each.person.name}  {each.row.note}")
    for problem in plan.problems:
        click.echo(f"note  {problem.line or '':5}  {_problem(problem)['says']}")
    click.echo(f"{counts['new']} new ({hours(counts['minutes'])}), {counts['known']} here already")
    if result is not None:
        click.echo(f"done: {result.reference}\nentry {result.entry}")


def _fail_plan(plan: Plan, file: Path, as_json: bool) -> None:
    """Every fault at its line and column; status 2."""
    if as_json:
        click.echo(json.dumps(plan.counts | {"problems": [_problem(each) for each in plan.problems]}))
    for each in plan.errors:
        where = ":".join(str(part) for part in (file, each.line) if part)
        click.echo(": ".join(part for part in (where, each.column, _problem(each)["says"]) if part), err=True)
    sys.exit(2)


def _problem(each: Any) -> dict[str, Any]:
    return {"line": each.line, "column": each.column, "is_error": each.is_error} | said(each.reason)


def _act(name: str, values: dict[str, Any], email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """One action by its name, and its result said; ends with the exit status."""
    with inside(data, demo) as installation:
        from remit.apps.organizations.acting import BadInput
        from remit.apps.records import clock

        by, at = actor(installation, email, organization), clock.now()
        try:
            result = _done(by, at, name, values)
        except BadInput as bad:
            fail_fields(name, {field: [said(reason)["says"] for reason in reasons] for field, reasons in bad.errors.items()})
    _say(result, as_json)


def _done(by: By, at: datetime, name: str, values: dict[str, Any]) -> Any:
    from remit.apps.organizations.acting import ACTIONS
    from remit.apps.organizations.references import resolved

    action = ACTIONS[name]
    return action(by=by, at=at, **action.parse(resolved(action, values, by, at)))


def _say(result: Any, as_json: bool) -> None:
    from remit.apps.organizations.acting import Refused

    if isinstance(result, Refused):
        click.echo(json.dumps({"refused": [said(reason) for reason in result.reasons], "entry": str(result.entry)})) if as_json else say_refused(result)
        sys.exit(1)
    click.echo(
        json.dumps({"done": result.kind, "id": str(result.id), "entry": str(result.entry)})
        if as_json
        else f"done: {result.kind} {result.id}\nentry {result.entry}"
    )
